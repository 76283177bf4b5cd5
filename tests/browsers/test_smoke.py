"""Every browser that is promised something: each page, each chart, search and settings, as a reader uses them.

What goes wrong is gathered page by page, so that one run tells all of it.
"""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from drivers import DRIVERS, Driver
from pypdf import PdfReader

from conftest import serving
from explainer import browsers
from explainer.browsers import BROWSERS, Browser
from explainer.project import current

PHONE, DESK = 390, 1280
WIDTHS = pytest.mark.parametrize("width", [PHONE, DESK])


@dataclass(frozen=True)
class Chart:
    page: str
    name: str
    marks: dict[str, dict]  # by key
    drawn: list[str]  # the keys that have a shape of their own, in the picture's order

    @property
    def figure(self) -> str:
        return f"#figure-{self.name}"


@dataclass(frozen=True)
class Watched:
    """A copy of the site in which each page tells what goes wrong (watch.js), over http and from disk."""

    address: str
    folder: Path

    @property
    def pages(self) -> list[str]:
        texts = {path.name: path.read_text("utf-8") for path in sorted(self.folder.glob("*.html"))}
        return [name for name, text in texts.items() if 'http-equiv="refresh"' not in text]

    @property
    def charts(self) -> list[Chart]:
        """Each once: the home page shows some again."""
        return list({chart.name: chart for chart in reversed(self.shown)}.values())

    @property
    def shown(self) -> list[Chart]:
        found = []
        for page in self.pages:
            soup = BeautifulSoup((self.folder / page).read_text("utf-8"), "html.parser")
            for payload in soup.select('figure.chart script[type="application/json"]'):
                data = json.loads(payload.string)
                links = payload.find_parent("figure").select(".chart-static a[data-key]")
                drawn = dict.fromkeys(link["data-key"] for link in links)
                found.append(Chart(page, data["name"], data["marks"], list(drawn)))
        return found


@pytest.fixture(scope="session")
def watched(site: Path, tmp_path_factory) -> Iterator[Watched]:
    folder = tmp_path_factory.mktemp("watched") / "html"
    shutil.copytree(site, folder)
    shutil.copy(Path(__file__).parent / "watch.js", folder)
    for page in folder.glob("*.html"):
        text = page.read_text("utf-8")
        page.write_text(
            text.replace("<title>", '<script src="watch.js"></script>\n<title>', 1), "utf-8"
        )
    with serving(folder) as address:
        yield Watched(address, folder)


@pytest.fixture(scope="session", params=BROWSERS, ids=lambda engine: engine.name.replace(" ", "-"))
def engine(request) -> Browser:
    return request.param


@pytest.fixture(scope="session")
def running(engine: Browser) -> Iterator[Driver]:
    program = engine.find()
    if not program:
        (pytest.fail if browsers.ALL in os.environ else pytest.skip)(engine.missing)
    driver = DRIVERS[engine.protocol](program)
    yield driver
    driver.close()


@pytest.fixture
def window(running: Driver, watched: Watched) -> Iterator[Driver]:
    """The browser's window, in which the reader has not chosen anything yet."""
    yield running
    running.open(f"{watched.address}/404.html", DESK)
    running.ask("() => localStorage.clear()")


@pytest.fixture
def whole(engine: Browser, window: Driver) -> Driver:
    """A window of a browser in which everything has to work."""
    if not engine.everything:
        pytest.skip("这一代浏览器只承诺文字、图、表格和链接")
    return window


def none(wrong: list[str]) -> None:
    """Fails with all of them, each once."""
    if wrong:
        pytest.fail("\n".join(dict.fromkeys(wrong)), pytrace=False)


# ---- every page

LAYOUT = """(wide) => {
  const { seen, name, box } = smoke, wrong = [], root = document.documentElement;
  const find = (selector) => document.querySelector(selector);
  const must = (what, so) => so || wrong.push(what);
  if (root.scrollWidth > innerWidth) {
    const far = [...document.querySelectorAll("body *")].filter((e) => seen(e) && box(e).right > innerWidth + 1);
    wrong.push(`要左右滚动（${root.scrollWidth} > ${innerWidth}）：${far.slice(0, 3).map(name).join("、")}`);
  }
  for (const heading of document.querySelectorAll("h1, h2, h3, .chart-title, .brand")) {
    const range = document.createRange();
    range.selectNodeContents(heading);
    const lines = seen(heading) ? [...range.getClientRects()] : [];
    must(`标题出了屏幕：${name(heading)}`, lines.every((line) => line.left >= -1 && line.right <= innerWidth + 1));
  }
  const [main, chapters] = [box(find("main")), box(find("nav.chapters"))];
  must("第一屏里没有页面的标题", seen(find("h1")) && box(find("h1")).bottom < innerHeight);
  must("页眉不在最上面", Math.abs(box(find(".site-header")).top) < 1 && box(find(".site-header")).height < 130);
  const [toc, small] = [find(".page-toc"), find(".page-toc-small")];
  if (wide) {
    must("全书目录不在左栏", seen(find("nav.chapters")) && chapters.right <= main.left && chapters.top < innerHeight / 2);
    must("本页内容不在右栏", !toc || (seen(toc) && box(toc).left >= main.right && box(toc).top < innerHeight / 2));
    must("右栏有本页内容，正文前又有一份", !small || !seen(small));
    must("正文太窄或太宽", main.width > 500 && main.width < 800);
  } else {
    must("全书目录不在正文下面", chapters.top >= main.bottom - 1);
    must("手机上有右栏", !toc || !seen(toc));
    must("没有可折叠的本页内容", !small || seen(small));
    must("正文没有占满屏幕", main.width > innerWidth * 0.8);
  }
  for (const figure of document.querySelectorAll("figure.chart")) {
    if (figure.querySelector(".chart-fold:not([open])")) continue; // folded at first
    const pictures = [...figure.querySelectorAll(".chart-canvas svg")].filter(seen);
    must(`图应当有一幅：${figure.id} 有 ${pictures.length} 幅`, pictures.length === 1);
    pictures.forEach((svg) => must(`图没有占满一栏：${figure.id}`, box(svg).width > 0.8 * figure.clientWidth || box(svg).width >= 690));
  }
  return wrong;
}"""


@WIDTHS
def test_every_page_stands_as_it_should(window: Driver, watched: Watched, width: int) -> None:
    wrong = {}
    for page in watched.pages:
        window.open(f"{watched.address}/{page}", width)
        faults = window.ask(LAYOUT, width == DESK)
        # What is fetched only when it comes near.
        for chart in window.ask(
            "() => [...document.querySelectorAll('figure.chart')].map((f) => f.id)"
        ):
            window.ask(
                "async (id) => { document.getElementById(id).scrollIntoView(); await smoke.still(); }",
                chart,
            )
        wrong[page] = faults + window.ask("() => smoke.troubles")
    none([f"{page} {fault}" for page, faults in wrong.items() for fault in faults])


def test_no_control_on_show_does_nothing(window: Driver, watched: Watched) -> None:
    wrong = {}
    for page in watched.pages:
        window.open(f"{watched.address}/{page}", PHONE)
        wrong[page] = window.ask("() => smoke.dead(15000)") + window.ask("() => smoke.troubles")
        window.ask("() => localStorage.clear()")
    none([f"{page} {fault}" for page, faults in wrong.items() for fault in faults])


def test_the_skip_link_comes_first_and_leads_to_the_text(window: Driver, watched: Watched) -> None:
    window.open(f"{watched.address}/source.html", DESK)
    window.type("Tab")
    assert window.ask("() => document.activeElement.className") == "skip-link"
    left = window.ask("() => smoke.box(document.activeElement).left")
    assert left >= 0
    window.type("Enter")
    assert window.until("() => location.hash") == "#main"


def test_links_lead_on(window: Driver, watched: Watched) -> None:
    """From chapter to chapter, by the list of chapters and at the chapter's end."""
    for width, link in ((DESK, "nav.chapters li:last-child a"), (PHONE, ".turn-page .next")):
        window.open(f"{watched.address}/index.html", width)
        goal = press(window, link, "(link) => link.href")
        assert window.until(
            "(goal) => location.href === goal && document.querySelector('h1') !== null", goal
        ), (width, goal)


def press(window: Driver, selector: str, then: str = "() => null"):
    """Brings the first of these elements that can be hit into view, lets it come to rest, presses it, and answers what
    `then` says of it before."""
    found = window.until(
        f"""async (selector) => {{
             for (const node of [...document.querySelectorAll(selector)].filter(smoke.seen).slice(0, 5)) {{
               node.scrollIntoView({{ block: "center" }});
               await smoke.still(node);
               const spot = smoke.spot(node);
               if (spot) return [spot, ({then})(node)];
             }}
             return null;
           }}""",
        selector,
    )
    assert found, f"点不到 {selector}"
    window.press(*found[0])
    return found[1]


# ---- charts

# What a chart says of itself: what is chosen and whether the words of it are read.
STATE = """(figure, phone) => {
  const chart = document.querySelector(figure), words = chart.querySelector(".chart-chosen"), quote = words.querySelector("q");
  if (!quote) return null;
  const { top, bottom } = smoke.box(words);
  return { key: chart.querySelector("select").value, quote: quote.textContent,
           seen: smoke.seen(quote), inside: top >= 0 && bottom <= innerHeight + 1 };
}"""
# The mark with this key is on the screen, above the sheet with the words.
IN_VIEW = """async (figure, key) => {
  const chart = document.querySelector(figure), words = chart.querySelector(".chart-chosen");
  const mark = [...chart.querySelectorAll(`.chart-canvas [data-key="${key}"]`)].filter(smoke.seen)[0];
  if (!mark) return `没有 ${key} 这一块`;
  await smoke.still(mark);
  const { top, bottom } = smoke.box(mark);
  const foot = getComputedStyle(words).position === "fixed" ? smoke.box(words).top : innerHeight;
  return bottom > 56 && top < foot ? "" : `${key} 在 ${Math.round(top)} 到 ${Math.round(bottom)}，看得见的是 56 到 ${Math.round(foot)}`;
}"""


def visit(window: Driver, address: str, chart: Chart, width: int) -> None:
    """The chart's page, with the chart open if it stands folded."""
    window.open(f"{address}/{chart.page}", width)
    window.ask(
        "(figure) => document.querySelectorAll(figure + ' .chart-fold').forEach((fold) => (fold.open = true))",
        chart.figure,
    )


def out_of_view(window: Driver, chart: Chart, key: str) -> list[str]:
    if window.until(f"async (...all) => !(await ({IN_VIEW})(...all))", chart.figure, key):
        return []
    return [f"{chart.page} {chart.figure} {window.ask(IN_VIEW, chart.figure, key)}"]


def wrong_choice(window: Driver, chart: Chart, key: str | None) -> list[str]:
    """What is amiss after the mark `key` (or any, when None) has been chosen."""
    state = window.until(
        f"(figure, key) => {{ const state = ({STATE})(figure); return state && state.key && (!key || state.key === key) ? state : null; }}",
        chart.figure,
        key,
    )
    if not state:
        return [f"{chart.page} {chart.figure}：选了{key or '一块'}，没有出来它的话"]
    wrong = []
    if state["quote"] != chart.marks[state["key"]]["quote"]:
        wrong.append(f"{chart.page} {chart.figure} {key}：出来的是“{state['quote']}”")
    if not state["seen"]:
        wrong.append(f"{chart.page} {chart.figure} {key}：话在，却看不见")
    if window.width == PHONE:
        window.ask(
            "(figure) => smoke.still(document.querySelector(figure + ' .chart-chosen'))",
            chart.figure,
        )
        state = window.ask(STATE, chart.figure)
        if not state or not state["inside"]:
            wrong.append(f"{chart.page} {chart.figure} {key}：手机上话不在屏幕里")
    return wrong


def test_a_press_on_a_picture_chooses_and_again_when_it_is_alive(
    whole: Driver, watched: Watched
) -> None:
    """By finger on a phone; at a desk the keys do the same below."""
    wrong = []
    for chart in watched.charts:
        visit(whole, watched.address, chart, PHONE)
        picture = f"{chart.figure} .chart-static a[data-key]:not([aria-hidden])"
        key = press(whole, picture, "(link) => link.dataset.key")
        wrong += wrong_choice(whole, chart, key)
        if not whole.until(
            "(figure) => document.querySelector(figure).dataset.alive", chart.figure
        ):
            wrong.append(f"{chart.page} {chart.figure}：图没有活起来")
            continue
        wrong += out_of_view(whole, chart, key)
        others = whole.ask(
            """(figure, key) => [...document.querySelectorAll(`${figure} .chart-live [data-key][tabindex]`)]
                 .map((node) => node.dataset.key).filter((other) => other !== key)""",
            chart.figure,
            key,
        )
        live = f"{chart.figure} .chart-live [data-key='{others[len(others) // 2]}'][tabindex]"
        press(whole, live)
        wrong += wrong_choice(whole, chart, others[len(others) // 2])
        wrong += whole.ask("() => smoke.troubles")
    none(wrong)


def test_marks_are_chosen_by_key(whole: Driver, watched: Watched) -> None:
    wrong = []
    for chart in watched.charts:
        visit(whole, watched.address, chart, DESK)
        whole.type("Tab")  # a reader by keyboard
        whole.ask(
            "(figure) => [...document.querySelectorAll(figure + ' .chart-canvas [data-key]')].find((node) => node.tabIndex === 0 && smoke.seen(node)).focus()",
            chart.figure,
        )
        focused = "(figure) => { const at = document.activeElement.closest(figure + ' .chart-live'); return at !== null; }"
        if not whole.until(focused, chart.figure):
            wrong.append(f"{chart.page} {chart.figure}：图没有活起来，或者焦点不在图里")
            continue
        whole.type("ArrowRight", "Enter")
        wrong += wrong_choice(whole, chart, None)
        whole.type("Escape")
        if not whole.until(f"(figure) => !({STATE})(figure)", chart.figure):
            wrong.append(f"{chart.page} {chart.figure}：按 Esc 没有放下")
        wrong += whole.ask("() => smoke.troubles")
    none(wrong)


def test_a_picture_that_stays_a_picture_leads_to_the_text(
    window: Driver, engine: Browser, watched: Watched
) -> None:
    """Where charts do not come alive, and in the simple view, which asks for pictures."""
    for chart in watched.charts:
        window.open(f"{watched.address}/{chart.page}", PHONE)
        if engine.everything:
            window.ask("() => localStorage.setItem('view', 'simple')")
        visit(window, watched.address, chart, PHONE)
        goal = press(
            window,
            f"{chart.figure} .chart-static a[data-key]:not([aria-hidden])",
            "(link) => link.href.animVal || link.href",
        )
        assert window.until("(goal) => location.href.endsWith(goal)", goal), (chart, goal)
        assert window.until("() => document.querySelector(':target') !== null")


# ---- addresses


@WIDTHS
def test_an_address_with_a_mark_shows_it(whole: Driver, watched: Watched, width: int) -> None:
    wrong = []
    first = {}  # the chart that a key of a page leads to
    for chart in watched.shown:
        for key in chart.marks:
            first.setdefault((chart.page, key), chart)
    for chart in watched.shown if width == PHONE else watched.charts[:2]:
        key = chart.drawn[-1 if width == PHONE else 0]
        if first[chart.page, key] == chart:
            whole.open(f"{watched.address}/{chart.page}#{key}", width)
            faults = wrong_choice(whole, chart, key)
            whole.until("(figure) => document.querySelector(figure).dataset.alive", chart.figure)
            wrong += [
                f"{chart.page}#{key} {fault}"
                for fault in [
                    *faults,
                    *out_of_view(whole, chart, key),
                    *whole.ask("() => smoke.troubles"),
                ]
            ]
    none(wrong)


@WIDTHS
def test_an_address_with_a_sentence_shows_it(window: Driver, watched: Watched, width: int) -> None:
    ids = list(current().source.paragraphs) + list(current().source.sentences)
    for id in ids[:: len(ids) // (6 if width == PHONE else 2)]:
        window.open(f"{watched.address}/source.html#s{id}", width)
        at = window.until(
            """async (id) => {
                 const node = document.getElementById(id);
                 await smoke.still(node);
                 const { top } = smoke.box(node);
                 return top >= smoke.box(document.querySelector(".site-header")).bottom - 1 && top < innerHeight - 20 ? "in view" : null;
               }""",
            f"s{id}",
        )
        assert at, f"source.html#s{id}"


# ---- search


def test_words_and_phrases_are_found_and_light_up(whole: Driver, watched: Watched) -> None:
    sentences = list(current().source.sentences.values())
    phrase = sentences[len(sentences) // 2].text[:14]
    for start in (watched.address, watched.folder.as_uri()):
        whole.open(f"{start}/search.html", PHONE)
        assert whole.until("() => Boolean(window.searchFor)"), "搜索没有准备好"
        press(whole, "#search-input")
        term = whole.ask(
            "() => searchData.phrases.find((words) => /^[\\u4e00-\\u9fff]{3,}$/.test(words))"
        )
        whole.type(*term[:2])
        assert whole.until(
            "() => [...document.querySelectorAll('[role=option]')].some(smoke.seen)"
        ), "没有建议"
        whole.type("ArrowDown")
        chosen = whole.until(
            "() => (document.querySelector('[role=option][aria-selected=true]') || {}).textContent"
        )
        whole.type("Enter")
        assert whole.until(
            "(words) => document.querySelector('#search-input').value === words", chosen
        )
        assert whole.until("() => document.querySelector('.search-results mark') !== null")
        whole.ask(
            "(words) => { const box = document.querySelector('#search-input'); box.value = ''; box.focus(); }",
            phrase,
        )
        whole.type(*phrase)
        assert whole.until(
            "(words) => document.querySelector('#search-input').value === words", phrase
        )
        assert whole.until(
            "() => document.querySelector('.search-results a[href^=\"source.html\"]') !== null"
        )
        assert whole.ask("() => smoke.troubles") == []
        press(whole, ".search-results a[href^='source.html']")
        lit = whole.until(
            """async () => {
                 const found = [...document.querySelectorAll("mark.found")];
                 if (!found.length) return null;
                 await smoke.still(found[0]);
                 const { top, bottom } = smoke.box(found[0]);
                 return { words: found.map((mark) => mark.textContent).join(""), seen: top > 50 && bottom < innerHeight };
               }"""
        )
        assert (
            lit and re.sub(r"\W", "", phrase) in re.sub(r"\W", "", lit["words"]) and lit["seen"]
        ), lit
        assert whole.ask("() => smoke.troubles") == []


# ---- settings

LOOK = """() => ({
  size: parseFloat(getComputedStyle(document.querySelector("article p")).fontSize),
  paper: getComputedStyle(document.body).backgroundColor,
  controls: [...document.querySelectorAll("article button, article select, article input")].filter(smoke.seen).length,
  chosen: Object.assign({}, document.documentElement.dataset),
})"""


def test_settings_are_chosen_by_finger_and_remembered(whole: Driver, watched: Watched) -> None:
    # A page with something to press beside its charts.
    for page in dict.fromkeys(f"{watched.address}/{chart.page}" for chart in watched.charts):
        whole.open(page, PHONE)
        before = whole.ask(LOOK)
        if before["controls"]:
            break
    press(whole, ".settings summary")
    for name, value in (("size", "larger"), ("theme", "dark"), ("view", "simple")):
        choice = f".settings input[name={name}][value={value}]"
        press(
            whole, f".settings label:nth-of-type({whole.ask(PLACE, choice)}) > input[name={name}]"
        )
        assert whole.until(
            "(name, value) => document.documentElement.dataset[name] === value", name, value
        ), name
    after = whole.ask(LOOK)
    assert (
        after["size"] > before["size"]
        and after["paper"] != before["paper"]
        and before["controls"]
        and not after["controls"]
    )
    whole.open(page, PHONE)
    assert whole.ask(LOOK) == after
    assert whole.ask(
        "() => [...document.querySelectorAll('.settings input:checked')].map((i) => i.value)"
    ) == ["larger", "dark", "simple"]
    assert whole.ask("() => smoke.troubles") == []


PLACE = "(choice) => [...document.querySelector(choice).closest('fieldset').querySelectorAll('label')].indexOf(document.querySelector(choice).closest('label')) + 1"


def test_settings_by_key_show_where_the_focus_is(whole: Driver, watched: Watched) -> None:
    whole.open(f"{watched.address}/index.html", DESK)
    whole.ask("() => document.querySelector('.settings summary').focus()")
    for key in ("Enter", "Tab", "ArrowRight"):
        whole.type(key)
    assert whole.until("() => document.documentElement.dataset.size") == "large"
    ring = """() => [...document.querySelectorAll("label, label *")].some((node) => {
      if (!node.closest("label").contains(document.activeElement)) return false;
      const { outlineStyle, outlineWidth } = getComputedStyle(node);
      return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
    })"""
    assert whole.ask(ring), "看不出焦点在哪里"
    whole.type("Escape")
    assert (
        whole.until(
            "() => !document.querySelector('.settings').open && document.activeElement.tagName"
        )
        == "SUMMARY"
    )


# ---- paper and disk


def test_folded_words_are_printed(window: Driver, watched: Watched) -> None:
    page = watched.charts[-1].page
    window.open(f"{watched.address}/{page}", DESK)
    folded = window.ask(
        "() => [...document.querySelectorAll('main details p:not(.script-only):not(.chart-downloads):not([hidden])')].map((words) => { const copy = words.cloneNode(true); copy.querySelectorAll('.voice-label').forEach((label) => label.remove()); return copy.textContent; }).filter((words) => words.trim())"
    )
    assert folded
    pdf = window.print()
    if pdf is None:
        closed = """() => { dispatchEvent(new Event("beforeprint"));
          return [...document.querySelectorAll(".chart-more")].filter((d) => !d.open).length; }"""
        assert (
            window.ask("() => CSS.supports('selector(::details-content)')")
            or window.ask(closed) == 0
        )
        return
    words = plain("".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(pdf)).pages))
    told = set(words)  # in Firefox's PDF not every character can be read back
    none(
        [
            f"没有印出：{said}"
            for said in folded
            if "".join(c for c in plain(said) if c in told)[:12] not in words
        ]
    )
    assert "阅读设置" not in words and "看哪一项" not in words


def plain(text: str) -> str:
    return re.sub(r"[\s\W]", "", unicodedata.normalize("NFKC", text))


def test_every_page_works_from_disk(window: Driver, watched: Watched) -> None:
    wrong = {}
    for page in set(watched.pages) - {
        "404.html"
    }:  # that one is the server's, its links begin at the root
        window.open(f"{watched.folder.as_uri()}/{page}", PHONE)
        wrong[page] = window.ask(LAYOUT, False) + window.ask("() => smoke.troubles")
    none([f"{page} {fault}" for page, faults in wrong.items() for fault in faults])


def test_charts_come_alive_from_disk(whole: Driver, watched: Watched) -> None:
    chart = watched.charts[0]
    visit(whole, watched.folder.as_uri(), chart, PHONE)
    key = press(
        whole,
        f"{chart.figure} .chart-static a[data-key]:not([aria-hidden])",
        "(link) => link.dataset.key",
    )
    assert wrong_choice(whole, chart, key) == []
    assert whole.until("(figure) => document.querySelector(figure).dataset.alive", chart.figure)
    assert whole.ask("() => smoke.troubles") == []
