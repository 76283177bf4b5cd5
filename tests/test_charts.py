"""The charts as readers use them: by mouse, finger and keyboard, in every shape, over http and from disk."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from charts import FIGURES
from conftest import now, stop_clock


def page_of(site: Path, name: str) -> str:
    """The chapter that shows a chart; the home page shows some again."""
    pages = [
        p for p in sorted(site.glob("*.html")) if f'id="figure-{name}"' in p.read_text("utf-8")
    ]
    return next(p.name for p in pages if p.name != "index.html")


WHEEL, ZONES, SORTING, TASKS = (
    "#figure-dual-wheel",
    "#figure-zone-layout",
    "#figure-wheel-sorting",
    "#figure-ten-tasks",
)
# Both shapes, both schemes, both ways of opening the book; every browser does the same once more (tests/browsers).
PHONE, TABLET, DESK = (360, "light", "http"), (768, "dark", "http"), (1280, "dark", "file")


def opened(
    browser, address: str, site: Path, name: str, width=1280, scheme="light", by="http", **options
):
    """A page of the site in a context of its own, with what went wrong in `page.errors`."""
    context = browser.new_context(
        viewport={"width": width, "height": 1000},
        color_scheme=scheme,
        **({"reduced_motion": "reduce"} | options),
    )
    page = context.new_page()
    page.errors = []
    page.on(
        "console", lambda m: page.errors.append(m.text) if m.type in ("error", "warning") else None
    )
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    page.goto(f"{address if by == 'http' else site.as_uri()}/{now(name)}")
    return page


@pytest.fixture(params=[PHONE, DESK], ids=lambda s: "-".join(map(str, s)))
def open_page(request, browser, address: str, site: Path) -> Iterator:
    pages = []

    def open_(name: str, **options):
        width, scheme, by = request.param
        pages.append(opened(browser, address, site, name, width, scheme, by, **options))
        return pages[-1]

    yield open_
    for page in pages:
        assert page.errors == []
        page.context.close()


@pytest.fixture
def wide(browser, address: str, site: Path) -> Iterator:
    pages = []
    yield (
        lambda name, **options: (
            pages.append(opened(browser, address, site, name, **options)) or pages[-1]
        )
    )
    for page in pages:
        assert page.errors == []
        page.context.close()


def unfold(page, chart: str) -> None:
    """Opens what stands folded: a chart that is the editors' own, and what stands under any chart."""
    page.locator(chart).evaluate(
        "f => f.querySelectorAll('details').forEach((d) => (d.open = true))"
    )


def alive(page, chart: str) -> None:
    unfold(page, chart)
    page.locator(f"{chart} .chart-canvas").evaluate("e => e.scrollIntoView({block: 'center'})")
    page.locator(chart).dispatch_event("pointerenter")
    page.wait_for_selector(f"{chart}[data-alive]")


# Resolves after as many frames as a movement would have begun in.
SEVERAL_FRAMES = (
    "async () => { for (let i = 0; i < 30; i += 1) await new Promise(requestAnimationFrame); }"
)


def mark(page, chart: str, key: str):
    return page.locator(f'{chart} .chart-live [role="option"][data-key="{key}"]')


def choose(page, chart: str, key: str) -> None:
    """By a click on the mark, in the picture or alive."""
    unfold(page, chart)
    page.locator(f'{chart} .chart-canvas [role=option][data-key="{key}"]').first.dispatch_event(
        "click"
    )


def chosen(page, chart: str):
    return page.locator(f"{chart} .chart-chosen")


def middle(box: dict) -> tuple[float, float]:
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def word(page, chart: str, words: str):
    return page.locator(f"{chart} .chart-live text", has_text=words).first


@pytest.mark.parametrize("open_page", [PHONE, TABLET, DESK], indirect=True)
@pytest.mark.parametrize("name", FIGURES)
def test_a_chart_stands_before_any_script_and_comes_alive(open_page, site: Path, name: str) -> None:
    page, chart = open_page(page_of(site, name)), f"#figure-{name}"
    unfold(page, chart)
    static = page.locator(f"{chart} .chart-static:visible")
    assert static.count() == 1
    where = "e => { const b = e.getBoundingClientRect(); return [b.left, b.top + scrollY, b.width, b.height]; }"
    before = static.evaluate(where)
    assert not page.evaluate("'vegaEmbed' in window")
    alive(page, chart)
    after = page.locator(f"{chart} .chart-live svg").evaluate(where)
    assert after == pytest.approx(before, abs=2)  # nothing moves
    small = page.locator(f"{chart} .chart-live").evaluate(
        """(host) => [...host.querySelectorAll("text")].filter((t) => t.textContent &&
             Math.hypot(t.getCTM().a, t.getCTM().b) * parseFloat(getComputedStyle(t).fontSize) < 12
           ).map((t) => t.textContent)"""
    )
    assert small == []
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    sizes = page.locator(f'{chart} .chart-live [role="option"]').evaluate_all(
        "all => all.map((e) => [e.dataset.key, e.getBoundingClientRect()]).map(([k, b]) => [k, b.width, b.height])"
    )
    # A finger needs room; the list that comes with a choice does the same with 44 px a line.
    assert [key for key, width, height in sizes if min(width, height) < 24] == []
    keys = {m.key for m in FIGURES[name]().marks}
    buttons = page.locator(f'{chart} .chart-live [role="option"]')
    named = {b.get_attribute("data-key") for b in buttons.all() if b.get_attribute("aria-label")}
    assert named and named <= keys
    listed = {o.get_attribute("value") for o in page.locator(f"{chart} option").all()} - {""}
    assert listed == keys


@pytest.mark.parametrize("open_page", [(360, "light", "http")], indirect=True)
def test_the_charts_of_the_first_page_are_read_on_the_smallest_phone(open_page) -> None:
    """Whole on one screen, and at arm's length: in no word less than 16 pixels."""
    page = open_page("index.html")
    pictures = page.locator(".chart-static:visible")
    assert pictures.count() > 1
    for picture in pictures.all():
        assert picture.bounding_box()["height"] <= 640
        small = picture.evaluate(
            """(svg) => [...svg.querySelectorAll("text")].filter((t) => t.textContent.trim() &&
                 Math.hypot(t.getScreenCTM().a, t.getScreenCTM().b) * parseFloat(getComputedStyle(t).fontSize) < 16
               ).map((t) => t.textContent)"""
        )
        assert small == []


def test_choosing_by_mouse(open_page) -> None:
    page = open_page("characteristics.html")
    alive(page, SORTING)
    word(page, SORTING, "开放共赢").scroll_into_view_if_needed()
    page.mouse.click(*middle(word(page, SORTING, "开放共赢").bounding_box()))
    words = chosen(page, SORTING)
    assert words.locator("q").inner_text() == "第一，开放共赢，合力打造环粤港澳大湾区创新节点"
    assert words.locator(".source-link").get_attribute("href") == "source.html#s2.4.2.1"
    first = next(m for m in FIGURES["wheel-sorting"]().marks if m.key == "task-1")
    assert "编者梳理" in words.inner_text() and all(
        link.reason in words.inner_text() for link in first.links
    )
    assert mark(page, SORTING, "task-1").get_attribute("aria-selected") == "true"
    assert page.url.endswith("#task-1")
    words.get_by_role("button", name="在环粤港澳大湾区协同发展这一大环境下").click()
    assert "争取到广东省、广州市、清远市" in words.locator("q").inner_text()
    page.mouse.move(2, 2)  # words on hover would be put away first
    page.locator(".chart-tip").wait_for(state="hidden")
    page.keyboard.press("Escape")
    assert words.locator("q").count() == 0 and "#" not in page.url


def test_choosing_by_keyboard(open_page) -> None:
    page = open_page("characteristics.html")
    alive(page, SORTING)
    mark(page, SORTING, "task-2").focus()
    page.keyboard.press("Enter")
    assert "产业主导" in chosen(page, SORTING).locator("q").inner_text()
    assert page.evaluate("document.activeElement.dataset.key") == "task-2"
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    assert "创新驱动" in chosen(page, SORTING).locator("q").inner_text()
    assert (
        page.locator(f'{SORTING} .chart-live [tabindex="0"]').count() == 1
    )  # one stop for the Tab key
    assert page.locator(f"{SORTING} .chart-ring").is_visible()
    page.keyboard.press("Space")  # again lets go
    assert chosen(page, SORTING).locator("q").count() == 0


def test_choosing_by_finger_even_before_vega_is_there(open_page) -> None:
    page = open_page("contents.html", has_touch=True)
    link = page.locator(f"{TASKS} .chart-static:visible a:not([aria-hidden])").nth(3)
    link.scroll_into_view_if_needed()
    page.touchscreen.tap(*middle(link.bounding_box()))
    page.wait_for_selector(f"{TASKS}[data-alive]")
    assert "科技孵化" in chosen(page, TASKS).locator("q").inner_text()
    assert mark(page, TASKS, "task-4").get_attribute("aria-selected") == "true"


def test_the_list_comes_with_a_choice_and_goes_with_it(open_page) -> None:
    page = open_page("contents.html")
    list_ = page.locator(f"{ZONES} select")
    assert list_.is_hidden()
    choose(page, ZONES, "zone-1")
    list_.select_option("zone-5")
    assert chosen(page, ZONES).locator("q").inner_text() == "农业科技园"
    assert (
        next(m.note for m in FIGURES["zone-layout"]().marks if m.key == "zone-5")
        in chosen(page, ZONES).inner_text()
    )
    list_.focus()
    list_.select_option("")
    assert (
        list_.is_hidden() and page.evaluate("document.activeElement.dataset.key") == "zone-5"
    )  # not lost


def opacity(page, words: str) -> float:
    """Of the words in the live vehicle."""
    node = page.locator(f"{WHEEL} .chart-live text", has_text=words).first
    return float(node.get_attribute("opacity") or 1)


def stands(page, away: int) -> None:
    """Waits until the vehicle has both wheels, or one."""
    page.wait_for_function(
        """([chart, away]) => [...document.querySelectorAll(`${chart} .chart-live text`)]
             .filter((t) => t.textContent.startsWith("没有制度创新")).every((t) => Number(t.getAttribute("opacity") ?? 1) === away)""",
        arg=[WHEEL, away],
    )


def test_one_action_tells_the_argument_and_is_the_way_back(open_page) -> None:
    page = open_page("characteristics.html")
    button, shown = (
        page.locator(f"{WHEEL} .chart-change button"),
        page.locator(f"{WHEEL} .chart-situation:visible"),
    )
    assert shown.count() == 1 and "才能最大限度释放创新活力" in shown.locator("q").inner_text()
    button.click()
    page.wait_for_selector(f"{WHEEL}[data-alive]")
    stands(page, 1)
    assert (
        shown.count() == 1
        and shown.locator("q").inner_text() == "没有制度创新，科技创新就无从依附。"
    )
    assert opacity(page, "释放创新活力") == 0
    assert page.locator(f"{WHEEL} [role=option][data-key=wheel-2]").count() == 0
    assert button.inner_text() == "把制度创新放回去"
    button.click()
    stands(page, 0)
    assert (
        opacity(page, "释放创新活力") == 1
        and "才能最大限度释放创新活力" in shown.locator("q").inner_text()
    )
    assert page.locator(f"{WHEEL} [role=option][data-key=wheel-2]").count() == 1


def test_a_tour_leads_through_the_sentence_in_its_own_order(open_page) -> None:
    page = open_page("contents.html")
    next_ = page.locator(f"{ZONES} .chart-tour button").last
    quotes = []
    next_.focus()
    steps = len(FIGURES["zone-layout"]().tour)
    for _ in range(steps):
        page.keyboard.press("Enter")
        quotes.append(chosen(page, ZONES).locator("q").inner_text())
    assert ["清远市" in quotes[4], "粤北地区" in quotes[5], "珠三角地区" in quotes[6]] == [True] * 3
    assert f"共{steps}步" in page.locator(f"{ZONES} .chart-tour").inner_text()
    assert next_.inner_text() == "从头再看"
    page.locator(f"{ZONES} .chart-tour button").first.click()
    assert chosen(page, ZONES).locator("q").inner_text() == quotes[-2]


def test_a_choice_is_shared_by_the_charts_of_a_page_and_can_be_sent(open_page) -> None:
    page = open_page("index.html#zone-3")
    assert chosen(page, ZONES).locator("q").inner_text() == "源潭物流园"
    page.wait_for_selector(f"{ZONES}[data-alive]")
    assert mark(page, ZONES, "zone-3").get_attribute("aria-selected") == "true"
    choose(page, WHEEL, "wheel-1")
    assert page.url.endswith("#wheel-1")
    assert chosen(page, ZONES).locator("q").count() == 0


def test_an_address_opens_what_stands_folded(open_page) -> None:
    page = open_page("characteristics.html#measure-11")
    assert "降低企业社保缴费负担" in chosen(page, SORTING).locator("q").inner_text()
    page.wait_for_selector(f"{SORTING}[data-alive]")
    assert page.locator(f"{SORTING} .chart-fold").evaluate("d => d.open")


def test_the_editors_sorting_is_off_at_first_and_its_control_says_whose_it_is(open_page) -> None:
    page = open_page("characteristics.html")
    control = page.locator(f"{SORTING} summary").first
    assert (
        control.inner_text().startswith("编者梳理：")
        and page.locator(f"{SORTING} .chart-canvas").is_hidden()
    )
    control.focus()
    page.keyboard.press("Enter")
    assert page.locator(f"{SORTING} .chart-static:visible").count() == 1
    assert page.locator(f"{SORTING} .chart-canvas [role=option][tabindex='0']").count() == 1


def test_what_is_chosen_in_one_chart_lights_up_in_another(wide) -> None:
    page = wide("contents.html")
    outline = "#figure-four-parts"
    for chart in (ZONES, outline):
        alive(page, chart)
    choose(page, ZONES, "point-5")
    assert "战略发展目标" in chosen(page, outline).locator("q").inner_text()
    assert mark(page, outline, "point-5").get_attribute("aria-selected") == "true"
    said = [page.locator(f"{c} .chart-status").inner_text() for c in (ZONES, outline)]
    assert "战略发展目标" in said[0] and said[1] == ""  # a screen reader hears it once


def test_a_sentence_lights_up_in_the_full_text(wide) -> None:
    page = wide("characteristics.html")
    choose(page, SORTING, "task-9")
    chosen(page, SORTING).locator(".source-link").click()
    assert page.url.endswith("source.html#s2.4.2.9")
    lit = page.locator(":target")
    assert lit.inner_text() == "第九，制度创新，全力营造科技创新发展新环境；"
    assert lit.evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(255, 240, 179)"


def test_words_on_hover_stay_and_can_be_put_away(wide) -> None:
    page = wide("characteristics.html")
    alive(page, SORTING)
    word(page, SORTING, "开放共赢").scroll_into_view_if_needed()
    page.mouse.move(*middle(word(page, SORTING, "开放共赢").bounding_box()))
    tip = page.locator(".chart-tip")
    tip.wait_for(state="visible")
    assert tip.inner_text() == "第一，开放共赢，合力打造环粤港澳大湾区创新节点"
    stop_clock(page)
    page.mouse.move(*middle(tip.bounding_box()), steps=4)
    page.clock.run_for(5000)
    assert tip.is_visible()
    page.keyboard.press("Escape")
    assert not tip.is_visible()


@pytest.mark.parametrize(("motion", "moves"), [("no-preference", True), ("reduce", False)])
def test_both_wheels_roll_the_same_way_at_the_first_touch_unless_motion_is_unwanted(
    wide, motion: str, moves: bool
) -> None:
    page = wide("characteristics.html", reduced_motion=motion)
    # The marks on the tyres, as they stand now: those of both wheels always look alike.
    page.evaluate(
        """(chart) => {
          window.seen = new Set();
          const look = () => {
            const tyres = [...document.querySelectorAll(`${chart} .chart-live .mark-arc`)].filter((g) => g.children.length === 12)
              .map((g) => [...g.children].map((path) => path.getAttribute("d")).join());
            if (tyres.length) seen.add(tyres.join() === [tyres[0], tyres[0]].join() ? tyres[0] : "not alike");
            requestAnimationFrame(look);
          };
          look();
        }""",
        WHEEL,
    )
    alive(page, WHEEL)
    if moves:
        page.wait_for_function("() => seen.size > 4")
        first = page.evaluate("[...seen][0]")
        page.wait_for_function(  # and they stand again as they stood
            """([chart, first]) => [...document.querySelectorAll(`${chart} .chart-live .mark-arc`)]
                 .filter((g) => g.children.length === 12).every((g) => [...g.children].map((p) => p.getAttribute("d")).join() === first)""",
            arg=[WHEEL, first],
        )
    else:
        page.evaluate(SEVERAL_FRAMES)
        assert page.evaluate("seen.size") == 1
    assert not page.evaluate("seen.has('not alike')")


def test_a_shape_of_several_picks_the_mark_it_belongs_to(wide) -> None:
    """Marks that share a sentence, and second shapes of a mark, before Vega is there."""
    page = wide("institutions.html")
    page.route("**/vega.*.js", lambda route: None)  # it never comes
    for key in ("measure-11", "measure-13"):
        link = page.locator(f'#figure-measures .chart-static.wide a[data-key="{key}"]').last
        link.dispatch_event("click")
        name = page.locator("#figure-measures .chosen-name").inner_text()
        assert name == next(m.name for m in FIGURES["measures"]().marks if m.key == key)


def test_a_chart_stays_usable_when_vega_does_not_come(wide) -> None:
    page = wide("characteristics.html")
    page.route("**/vega.*.js", lambda route: route.abort())
    page.locator(f"{WHEEL} .chart-canvas").evaluate("e => e.scrollIntoView({block: 'center'})")
    choose(page, WHEEL, "wheel-1")
    page.locator(f"{WHEEL} .chart-failure").wait_for(state="visible")
    assert page.locator(f"{WHEEL} .chart-status").inner_text().startswith("互动的部分没有载入")
    assert "激发科技创新发展的活力" in chosen(page, WHEEL).locator("q").inner_text()
    page.get_by_role("button", name="拿走制度创新").click()
    assert "无从依附" in page.locator(f"{WHEEL} .chart-situation:visible q").inner_text()
    page.unroute("**/vega.*.js")
    page.get_by_role("button", name="再试一次").click()
    page.wait_for_selector(f"{WHEEL}[data-alive]")
    assert page.locator(f"{WHEEL} .chart-failure").is_hidden()
    stands(page, 1)
    assert page.locator(f"{WHEEL} [data-png]").is_visible()
    page.errors[:] = [
        e for e in page.errors if "ERR_FAILED" not in e
    ]  # what the browser says of the abort


def stay_links(page, chart: str) -> None:
    """Nothing but a picture: its marks lead to their sentences, and no control is there that does nothing."""
    assert page.locator(f"{chart} [role=option]").count() == 0
    unfold(page, chart)
    assert page.locator(f"{chart} [data-png]").is_hidden()
    page.locator(f"{chart} .chart-static:visible a").first.click()
    page.wait_for_url("**/source.html#s*")


@pytest.mark.parametrize(
    "broken",
    [
        "const x = ;",
        "throw new TypeError('structuredClone');",
        "window.vegaEmbed = () => Promise.reject(1);",
    ],
)
def test_a_chart_that_cannot_come_alive_is_a_picture_with_links(wide, broken: str) -> None:
    """The bundle cannot be parsed, throws when it is loaded, or when it draws."""
    page = wide("characteristics.html")
    page.route(
        "**/vega.*.js", lambda route: route.fulfill(body=broken, content_type="text/javascript")
    )
    page.locator(WHEEL).dispatch_event("pointerenter")
    page.locator(f"{WHEEL} .chart-failure").wait_for(state="visible")
    stay_links(page, WHEEL)
    page.errors.clear()


def test_an_engine_that_cannot_choose_leaves_the_links_alone(wide) -> None:
    page = wide("characteristics.html")
    page.add_init_script("delete Element.prototype.replaceChildren")
    page.reload()
    assert page.locator(f"{WHEEL}.ready").count() == 0
    assert page.locator(f"{WHEEL} .script-only:visible").count() == 0
    assert page.locator(f"{WHEEL} .chart-situation:visible").count() == 2
    stay_links(page, WHEEL)


def test_vega_runs_in_engines_without_what_it_takes_for_granted(wide) -> None:
    page = wide("characteristics.html")
    page.add_init_script("delete window.structuredClone; delete Object.hasOwn")
    page.reload()
    alive(page, WHEEL)
    choose(page, WHEEL, "wheel-2")
    page.wait_for_selector(f'{WHEEL} .chart-live [data-key="wheel-2"][aria-selected="true"]')


def test_a_press_is_not_lost_when_the_chart_is_drawn_before_the_release(wide) -> None:
    page = wide("contents.html")
    page.route("**/vega.*.js", lambda route: None)  # not yet
    page.locator(f"{ZONES} .chart-canvas").evaluate("e => e.scrollIntoView({block: 'center'})")
    link = page.locator(f'{ZONES} .chart-static.wide a[data-key="zone-3"]:not([aria-hidden])')
    page.mouse.move(*middle(link.bounding_box()))
    page.mouse.down()
    page.unroute("**/vega.*.js")  # lets go what has been asked for
    page.wait_for_function("() => 'vegaEmbed' in window")
    # As long as two other charts take to be drawn.
    for chart in ("#figure-four-parts", "#figure-ten-tasks"):
        page.locator(chart).dispatch_event("pointerenter")
        page.wait_for_selector(f"{chart}[data-alive]")
    assert page.locator(f"{ZONES} .chart-static:visible").count() == 1
    page.mouse.up()
    page.wait_for_selector(f"{ZONES}[data-alive]")
    assert chosen(page, ZONES).locator("q").inner_text() == "源潭物流园"


# ---- for ears and keys


def heard(page, selector: str) -> list[tuple[str, str, dict]]:
    """Role, name and states of all that an assistive technology finds in an element."""
    session = page.context.new_cdp_session(page)
    root = session.send("DOM.getDocument", {"depth": 0})["root"]["nodeId"]
    node = session.send("DOM.querySelector", {"nodeId": root, "selector": selector})["nodeId"]
    return [
        (
            item["role"]["value"],
            item.get("name", {}).get("value", ""),
            {p["name"]: p["value"].get("value") for p in item["properties"]},
        )
        for item in session.send("Accessibility.queryAXTree", {"nodeId": node})["nodes"]
        if not item["ignored"] and item["role"]["value"] != "InlineTextBox"
    ]


@pytest.mark.parametrize("name", FIGURES)
def test_a_chart_is_a_list_to_choose_from_alive_or_not(wide, site: Path, name: str) -> None:
    """Not buttons in a group: with those a screen reader keeps the arrow keys to itself."""
    page, chart, figure = wide(page_of(site, name)), f"#figure-{name}", FIGURES[name]()
    unfold(page, chart)
    names = {m.name for m in figure.marks}
    shown = {}
    for state in ("still", "alive"):
        if state == "alive":
            alive(page, chart)
        (role, title, _), *others = heard(page, f"{chart} .chart-canvas")
        assert (role, title) == ("listbox", "图中各项")
        options = [(words, states) for kind, words, states in others if kind == "option"]
        assert {kind for kind, *_ in others} <= {"option", "generic"}
        assert [states["selected"] for _, states in options] == [False] * len(options)
        shown[state] = sorted(words for words, _ in options)
    assert shown["still"] == shown["alive"] and shown["alive"] and set(shown["alive"]) <= names


@pytest.mark.parametrize("name", FIGURES)
def test_a_chart_s_title_is_heard_once(wide, site: Path, name: str) -> None:
    """Where it stands; not again as the name of the chart, of its picture and of its table."""
    page, chart, title = wide(page_of(site, name)), f"#figure-{name}", FIGURES[name]().title
    unfold(page, chart)
    for _ in ("still", "alive"):
        titled = [role for role, words, _ in heard(page, chart) if words.startswith(title)]
        assert [role for role in titled if role != "DisclosureTriangle"] == ["StaticText"]
        alive(page, chart)


def test_only_marks_that_are_seen_are_stops(wide) -> None:
    page = wide("characteristics.html")
    options = page.locator(f"{WHEEL} .chart-live [role=option]")
    for away, count in ((1, 3), (0, 4)):
        page.locator(f"{WHEEL} .chart-change button").click()
        page.wait_for_selector(f"{WHEEL}[data-alive]")
        stands(page, away)
        assert (
            options.count() == count
            and page.locator(f'{WHEEL} [role=option][tabindex="0"]').count() == 1
        )
        assert [o for o in options.all() if o.get_attribute("opacity") == "0"] == []


def test_arrows_home_and_end_go_through_the_list_as_it_is_counted(wide) -> None:
    page = wide("contents.html")
    alive(page, ZONES)
    options = page.locator(f"{ZONES} .chart-live [role=option]")
    order = options.evaluate_all(
        "all => all.map((e) => e.dataset.key)"
    )  # browsers count in the document's order
    assert set(order) == {m.key for m in FIGURES["zone-layout"]().marks}
    assert page.locator(f"{ZONES} [aria-posinset]").count() == 0
    page.locator(f"{ZONES} [role=option]").first.focus()
    for key, at in (
        ("Home", 0),
        ("ArrowDown", 1),
        ("ArrowLeft", 0),
        ("ArrowUp", -1),
        ("ArrowRight", 0),
        ("End", -1),
    ):
        page.keyboard.press(key)
        assert page.evaluate("document.activeElement.dataset.key") == order[at]


def test_nothing_in_a_chart_speaks_unasked_and_a_choice_is_said_once(wide) -> None:
    page = wide("contents.html")
    live = "[aria-live], [role=status], [role=alert], [role=log], output"
    assert (
        page.locator(f".chart :is({live})").all_inner_texts()
        == [""] * page.locator(".chart").count()
    )
    page.locator(f"{ZONES} .chart-status").evaluate(
        "e => new MutationObserver((all) => all.forEach(() => (window.said ??= []).push(e.textContent)))"
        ".observe(e, { childList: true, subtree: true, characterData: true })"
    )
    alive(page, ZONES)
    page.evaluate(
        """(chart) => {
          window.unseen = [];
          const note = ({ target }) => target.matches("select, [role=listbox][aria-hidden]") && unseen.push(target.tagName);
          new MutationObserver((all) => all.filter(({ oldValue }) => oldValue === null).forEach(note))
            .observe(document.querySelector(chart), { attributeFilter: ["aria-hidden"], attributeOldValue: true, subtree: true });
        }""",
        ZONES,
    )
    page.locator(f"{ZONES} .chart-tour [data-step='1']").click()
    name = chosen(page, ZONES).locator(".chosen-name span").inner_text().split("\n")[-1]
    quote = chosen(page, ZONES).locator("q").inner_text()
    # A screen reader would take the lists whose choice changes for where the reader is.
    assert page.evaluate("window.unseen") == ["SELECT", "DIV"]
    assert page.evaluate("window.said") == [
        f"第1步，共{len(FIGURES['zone-layout']().tour)}步：{name}。原文：“{quote}”"
    ]


def test_a_situation_is_said_once_with_whose_words_it_has(wide) -> None:
    page = wide("characteristics.html")
    page.locator(f"{WHEEL} .chart-change button").click()
    situation = FIGURES["dual-wheel"]().situations[1]
    assert (
        page.locator(f"{WHEEL} .chart-status").inner_text()
        == f"{situation.label}。原文：“{situation.quote}”"
    )


def test_the_words_of_a_choice_name_their_voices(wide) -> None:
    page = wide("contents.html")
    note = next(m.note for m in FIGURES["zone-layout"]().marks if m.key == "level-2")
    choose(page, ZONES, "level-2")
    words = [(role, name) for role, name, _ in heard(page, f"{ZONES} .chart-chosen") if name]
    at = words.index(("StaticText", "原文："))
    assert words[at + 1][1].startswith("部分发展指标") and ("blockquote", "") in [
        (r, n) for r, n, _ in heard(page, f"{ZONES} .chart-chosen")
    ]
    assert (
        chosen(page, ZONES)
        .locator(".chosen-note")
        .evaluate("e => e.textContent")
        .startswith(f"编者说明：{note}")
    )


@pytest.mark.parametrize("name", FIGURES)
def test_a_charts_table_has_a_caption_and_named_rows(site: Path, name: str) -> None:
    page = BeautifulSoup((site / page_of(site, name)).read_text("utf-8"), "html.parser")
    table = page.select_one(f"#figure-{name} .chart-table table")
    assert table.caption.get_text() == "图中的数据"
    for row in table.tbody.find_all("tr"):
        assert [cell.name for cell in row.find_all(["th", "td"])] == ["th"] + ["td"] * (
            len(row.find_all(["th", "td"])) - 1
        )
        assert row.th["scope"] == "row"
    labels = page.select(f"#figure-{name} .voice-label")
    assert labels and all(
        label.get_text() == "编者说明：" and label.select_one(".heard").get_text() == "："
        for label in labels
    )


# ---- where the focus is, and what lies over it


# Resolves when nothing moves any more; then how much of the focused thing can be seen above the words.
SEEN = """async () => {
  const frame = () => new Promise(requestAnimationFrame);
  for (let [last, same] = [NaN, 0]; same < 6; await frame()) [last, same] = [scrollY, scrollY === last ? same + 1 : 0];
  const [node, words] = [document.activeElement, document.querySelector(".asked .chart-chosen")];
  if (words.contains(node)) return "";
  const over = getComputedStyle(words).position === "fixed";
  const [box, foot] = [node.getBoundingClientRect(), over ? words.getBoundingClientRect().top : innerHeight];
  return box.bottom > 0 && box.top < foot && (box.bottom < foot + 1 || box.height > foot / 2) ? ""
    : `${node.tagName} ${node.getAttribute("aria-label") || node.textContent.slice(0, 20)}: ${box.top}-${box.bottom} of ${foot}`;
}"""


@pytest.mark.parametrize(
    ("size", "motion"),
    [((360, 640), "no-preference"), ((640, 360), "reduce"), ((320, 256), "reduce")],
    ids=["360x640-gliding", "640x360", "320x256"],
)
def test_what_has_the_focus_is_not_under_the_words(wide, size, motion) -> None:
    page = wide("index.html", reduced_motion=motion)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    choose(page, ZONES, "zone-3")
    page.wait_for_selector(f"{ZONES}[data-alive=narrow]")
    page.locator(f"{ZONES} select").focus()
    position = chosen(page, ZONES).evaluate("e => getComputedStyle(e).position")
    assert position == (
        "static" if size[1] < 320 else "fixed"
    )  # on a very low screen it would leave nothing
    assert page.evaluate(SEEN) == ""  # the list itself
    hidden = []
    for key in ["Shift+Tab"] * 25 + ["Tab"] * 50:
        page.keyboard.press(key)
        hidden += [page.evaluate(SEEN)]
    assert [what for what in hidden if what] == []


@pytest.mark.parametrize("leave", ["关闭", "Escape"])
def test_closing_the_words_gives_the_focus_back(wide, leave: str) -> None:
    page = wide("index.html")
    page.set_viewport_size({"width": 390, "height": 844})
    alive(page, ZONES)

    def close() -> None:
        button = chosen(page, ZONES).get_by_role("button", name="关闭")
        button.focus()
        page.keyboard.press("Enter" if leave == "关闭" else "Escape")
        assert chosen(page, ZONES).locator("q").count() == 0

    page.locator(f"{ZONES} [role=option][tabindex='0']").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    key = page.evaluate("document.activeElement.dataset.key")
    close()
    assert page.evaluate("document.activeElement.dataset.key") == key
    choose(page, ZONES, "zone-1")
    page.locator(f"{ZONES} select").focus()
    page.locator(f"{ZONES} select").select_option("zone-2")
    close()
    assert page.evaluate("document.activeElement.dataset.key") == "zone-2"  # the list is gone
    page.evaluate("document.activeElement.blur()")
    page.evaluate("location.hash = '#zone-4'")
    page.wait_for_selector(f"{ZONES}.asked")
    close()
    assert page.evaluate("document.activeElement.dataset.key") == "zone-4"


@pytest.mark.parametrize("width", [390, 1280])
def test_a_step_back_to_the_first_keeps_the_focus(wide, width: int) -> None:
    page = wide("contents.html")
    page.set_viewport_size({"width": width, "height": 844})
    page.locator(f"{ZONES} .chart-tour [data-step='1']").focus()
    for key in ("Enter", "Enter", "Shift+Tab", "Enter"):
        page.keyboard.press(key)
    focused = page.locator("button:focus")
    assert focused.inner_text() == "上一步" and focused.get_attribute("aria-disabled") == "true"
    page.keyboard.press("Enter")  # does nothing
    assert page.locator(f"{ZONES} .chart-tour span").inner_text().startswith("第1步")


def test_choosing_from_the_list_leaves_the_list_in_sight(wide) -> None:
    page = wide("contents.html", reduced_motion="no-preference")
    page.set_viewport_size({"width": 390, "height": 844})
    choose(page, ZONES, "zone-1")
    page.locator(f"{ZONES} select").focus()
    assert page.evaluate(SEEN) == ""
    page.evaluate(
        "() => { const own = scrollTo; window.moves = 0; window.scrollTo = (...to) => (moves += 1, own(...to)); }"
    )
    for _ in range(2):
        page.keyboard.press("ArrowDown")
        assert page.evaluate(SEEN) == "" and page.evaluate("window.moves") == 0
    assert page.locator(f"{ZONES} select").input_value() == "zone-3"


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_an_address_of_a_mark_leads_to_it_with_one_scroll(wide, motion: str) -> None:
    page = wide("about.html", reduced_motion=motion)
    page.set_viewport_size({"width": 390, "height": 844})
    page.add_init_script(
        """window.scrolls = [];
           for (const name of ["scrollTo", "scrollBy", "scroll"]) {
             const own = window[name];
             window[name] = function (...words) { scrolls.push(name); return own.apply(window, words); };
           }
           const own = Element.prototype.scrollIntoView;
           Element.prototype.scrollIntoView = function (...words) { scrolls.push("into view"); return own.apply(this, words); };"""
    )
    page.goto(page.url.replace("about.html", now("contents.html#task-9")))
    page.wait_for_selector("#figure-ten-tasks[data-alive]")
    page.locator("body").evaluate(SEEN)
    box = mark(page, "#figure-ten-tasks", "task-9").bounding_box()
    assert (
        box["y"] > 56
        and box["y"] + box["height"] < chosen(page, "#figure-ten-tasks").bounding_box()["y"]
    )
    assert page.evaluate("window.scrolls") == ["scrollTo"]


# ---- for eyes


@pytest.mark.parametrize("name", FIGURES)
def test_words_in_charts_grow_with_the_text_and_are_never_small(
    wide, site: Path, name: str
) -> None:
    page, chart = wide(page_of(site, name)), f"#figure-{name}"
    unfold(page, chart)
    smallest = f"""() => Math.min(...[...document.querySelectorAll("{chart} .chart-static text")]
      .filter((t) => t.textContent && t.getClientRects().length)
      .map((t) => Math.hypot(t.getCTM().a, t.getCTM().b) * parseFloat(getComputedStyle(t).fontSize)))"""
    for width in (320, 360, 390, 640, 768, 1024, 1280, 1440, 1720):
        page.set_viewport_size({"width": width, "height": 800})
        sizes = []
        for size in ("", "large", "larger"):
            page.evaluate(
                "(size) => size ? (document.documentElement.dataset.size = size) : delete document.documentElement.dataset.size",
                size,
            )
            sizes.append(page.evaluate(smallest))
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert sizes[0] >= 12 and sizes[0] * 1.05 < sizes[1] and sizes[1] * 1.05 < sizes[2], (
            width,
            sizes,
        )


def test_a_chosen_mark_and_the_ring_are_seen_in_forced_colours(wide) -> None:
    page = wide("characteristics.html", forced_colors="active")
    alive(page, WHEEL)
    page.locator(f"{WHEEL} [role=option][tabindex='0']").focus()
    page.keyboard.press("Enter")
    selected = page.locator(f'{WHEEL} [aria-selected="true"]').first
    selected.wait_for()
    others = page.locator(f'{WHEEL} .chart-live [role=option][aria-selected="false"]')
    opacity_of = "e => Number(e.getAttribute('opacity') ?? 1)"
    assert selected.evaluate(opacity_of) == 1 and {
        o.evaluate(opacity_of) for o in others.all()
    } == {0.35}
    ground = page.evaluate(
        "() => { document.body.style.color = 'Canvas'; return getComputedStyle(document.body).color; }"
    )
    ring = page.locator(f"{WHEEL} .chart-ring")
    assert ring.is_visible() and ring.evaluate("e => getComputedStyle(e).borderTopColor") != ground
    # The words on the beam's full ground are of the page's ground colour, all others are not.
    fills = set(
        page.locator(f"{WHEEL} .chart-live text").evaluate_all(
            "all => all.map((e) => getComputedStyle(e).fill)"
        )
    )
    assert len(fills) >= 2


@pytest.mark.parametrize(
    ("scheme", "paper"), [("light", "rgb(255, 255, 255)"), ("dark", "rgb(0, 0, 0)")]
)
def test_who_wants_more_contrast_keeps_light_or_dark(wide, scheme: str, paper: str) -> None:
    page = wide("characteristics.html", contrast="more", scheme=scheme)
    ground, ink = page.evaluate(
        "() => [getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]"
    )
    assert (ground, ink) == (paper, "rgb(0, 0, 0)" if scheme == "light" else "rgb(255, 255, 255)")
    page.evaluate(
        "() => (document.documentElement.dataset.theme = 'contrast')"
    )  # the reader's own choice comes first
    assert page.evaluate("() => getComputedStyle(document.body).backgroundColor") == "rgb(0, 0, 0)"


@pytest.mark.parametrize("hash", ["#%", "#constructor", "#nothing"])
def test_an_address_with_an_unknown_key_harms_nothing(wide, hash: str) -> None:
    page = wide(f"index.html{hash}")
    assert chosen(page, WHEEL).locator("q").count() == 0


def test_charts_follow_the_theme_at_once(wide) -> None:
    page = wide("contents.html")
    alive(page, ZONES)
    ink = f"() => getComputedStyle(document.querySelector('{ZONES} .chart-live text')).fill"
    colours = [page.evaluate(ink)]
    page.locator(".settings summary").click()
    for theme in ("浅色", "深色", "高对比"):
        page.get_by_role("radio", name=theme).check()
        colours.append(page.evaluate(ink))
    assert colours[0] == colours[1] and len(set(colours)) == 3


def test_a_chart_changes_shape_with_its_column(wide) -> None:
    page = wide("contents.html")
    alive(page, ZONES)
    assert page.locator(ZONES).get_attribute("data-alive") == "wide"
    choose(page, ZONES, "zone-1")
    page.set_viewport_size({"width": 400, "height": 800})
    page.wait_for_selector(f"{ZONES}[data-alive=narrow]")
    assert mark(page, ZONES, "zone-1").get_attribute("aria-selected") == "true"


def test_a_png_is_made_of_what_is_seen(wide, tmp_path) -> None:
    page = wide("contents.html")
    unfold(page, ZONES)
    with page.expect_download() as download:
        page.locator(f"{ZONES} [data-png]").click()
    assert download.value.suggested_filename == "figure-zone-layout.png"
    download.value.save_as(tmp_path / "figure.png")
    raw = (tmp_path / "figure.png").read_bytes()
    assert raw.startswith(b"\x89PNG") and len(raw) > 30_000


def test_vega_is_fetched_only_when_a_chart_is_near(wide) -> None:
    page = wide("changelog.html")
    page.set_viewport_size({"width": 1280, "height": 120})  # or the first chart may be near at once
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(page.url.replace("changelog", now("characteristics")))
    page.wait_for_load_state("networkidle")
    assert not any("/vega." in url for url in asked)
    with page.expect_request("**/vega.*.js") as early:
        page.locator(f"{WHEEL} .chart-canvas").evaluate("e => e.scrollIntoView()")
    # Not as a hint: the policy forbids `prefetch` in some engines, and others complain of one that is not used.
    assert early.value.resource_type == "fetch" and not page.evaluate("'vegaEmbed' in window")


def test_vega_runs_once_for_all_charts_of_a_page(wide) -> None:
    page = wide("contents.html")
    for chart in ("#figure-four-parts", ZONES, "#figure-ten-tasks"):
        alive(page, chart)
    assert page.evaluate("document.querySelectorAll('script[src*=\"/vega.\"]').length") == 1


@pytest.mark.parametrize("name", FIGURES)
def test_a_chart_adds_little_to_its_page(site: Path, name: str) -> None:
    """Static picture in both shapes and table: at most 10 kB compressed, 50 kB where nothing compresses."""
    page = (site / page_of(site, name)).read_text("utf-8")
    chart = re.search(
        rf'<figure class="chart" id="figure-{name}".*?</script>\s*</figure>', page, re.DOTALL
    )[0]
    assert len(gzip.compress(chart.encode())) <= 10_000 and len(chart.encode()) <= 50_000


def test_a_page_is_light_also_where_nothing_compresses(wide, site: Path) -> None:
    """What stands between a reader on a slow line and the words; the rest waits for a sign of the reader."""
    sheet, *others = (site / "_static").glob("site.*.css")
    assert not others
    for path in site.glob("*.html"):
        assert path.stat().st_size + sheet.stat().st_size <= 128_000, path.name
    page = wide("changelog.html")
    asked = []
    page.on("request", lambda request: asked.append(request.url.rpartition("/")[2].split(".")[0]))
    for name in (now("characteristics"), "index"):
        asked.clear()
        page.goto(re.sub(r"[\w-]+\.html", f"{name}.html", page.url))
        page.wait_for_load_state("networkidle")
        assert {*asked} - {"favicon"} == {name, "site", "reading", "figures"}


def test_two_fingers_make_a_chart_larger(wide) -> None:
    page = wide("index.html")
    assert "pinch-zoom" in page.locator(f"{WHEEL} .chart-canvas").evaluate(
        "e => getComputedStyle(e).touchAction"
    )


def test_on_a_phone_turned_round_the_words_are_seen_and_their_step_is_said(
    browser, site: Path
) -> None:
    page = opened(browser, "", site, "index.html", width=740, by="file", has_touch=True)
    page.set_viewport_size({"width": 740, "height": 360})
    page.locator(f"{ZONES} [data-step='1']").first.tap()
    words = page.locator(f"{ZONES} .chart-chosen")
    page.wait_for_selector(f"{ZONES}.asked")
    assert words.evaluate("e => e.getBoundingClientRect().bottom") <= 360
    assert "第1步" in words.inner_text()
    assert page.errors == []
    page.context.close()
