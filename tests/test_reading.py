"""How a reader wants to read: large print, colours, the simple view, aloud, on paper, by keyboard; what can be passed on."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Page
from pypdf import PdfReader

from charts import FIGURES
from conftest import now, stop_clock
from explainer import settings
from explainer.project import current

_SETTINGS = settings.read(current().settings)["sphinx"]["config"]
REPORTED = bool(
    _SETTINGS["explainer_report"] or _SETTINGS["explainer_publication"]["联系方式"]
)  # else there is nowhere to go

# A browser that can speak: what it is told to say is kept, and said when the test says so.
VOICES = """
  window.said = [];
  Object.defineProperty(window, "speechSynthesis", { value: {
    getVoices: () => [
      { lang: "en-US", name: "A", localService: true },
      { lang: "zh-CN", name: "远", localService: false },
      { lang: "zh-CN", name: "近", localService: true },
    ],
    speak: (utterance) => said.push(utterance),
    cancel() {},
    addEventListener() {},
  } });
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
"""
NO_VOICES = 'Object.defineProperty(window, "speechSynthesis", { value: { getVoices: () => [], addEventListener() {} } });'


@pytest.fixture
def open_page(browser, address: str) -> Iterator:
    pages = []

    def open_(name: str, width: int = 360, script: str = "", **options) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 740}, reduced_motion="reduce", **options
        )
        context.add_init_script(script)
        page = context.new_page()
        page.errors = []
        page.on(
            "console",
            lambda m: page.errors.append(m.text) if m.type in ("error", "warning") else None,
        )
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.goto(f"{address}/{now(name)}.html")
        pages.append(page)
        return page

    yield open_
    for page in pages:
        assert page.errors == []
        page.context.close()


# Two frames: what needs nothing from outside is done by then.
FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def choose(page: Page, *labels: str) -> None:
    settings = page.locator(".settings")
    if settings.get_attribute("open") is None:
        settings.locator("summary").click()
    for label in labels:
        settings.get_by_role("radio", name=label, exact=True).check()


FORBIDDEN = 'Object.defineProperty(window, "localStorage", { get() { throw new DOMException("no", "SecurityError"); } });'


def test_choices_last_and_hold_before_the_first_paint(open_page) -> None:
    page = open_page("index", color_scheme="light")
    background = "() => getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(background) == "rgb(255, 255, 255)"
    choose(page, "特大", "深色", "简洁版")
    dark = page.evaluate(background)
    assert dark != "rgb(255, 255, 255)"
    # Set before the body is there, not when the page has been seen as it should not be.
    page.add_init_script(
        "new MutationObserver(() => document.body && (window.early ??= { ...document.documentElement.dataset }))"
        ".observe(document, { childList: true, subtree: true });"
    )
    page.goto(page.url.replace("index", now("purpose")))
    assert page.evaluate("window.early") == {"size": "larger", "theme": "dark", "view": "simple"}
    assert page.evaluate(background) == dark
    choose(page)
    assert page.get_by_role("radio", name="特大").is_checked()
    choose(page, "标准", "自动", "完整版")
    assert page.evaluate("Object.keys(document.documentElement.dataset)") == []


def test_where_storage_is_forbidden_a_choice_holds_for_the_page(open_page) -> None:
    page = open_page("purpose", script=FORBIDDEN)
    choose(page, "大")
    assert page.evaluate("document.documentElement.dataset.size") == "large"


@pytest.mark.parametrize("name", ["index", "characteristics", "source", "glossary", "search"])
def test_large_print_on_a_phone_is_at_least_18_px_everywhere(open_page, name: str) -> None:
    page = open_page(name)
    sizes = """() => [...document.querySelectorAll("body *:not(script, svg *)")].filter((e) => e.checkVisibility() &&
        [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim())).map((e) => [parseFloat(getComputedStyle(e).fontSize), e.outerHTML.slice(0, 60)])"""
    body = "parseFloat(getComputedStyle(document.querySelector('article p')).fontSize)"
    standard = page.evaluate(body)
    page.evaluate("document.querySelectorAll('details').forEach((d) => (d.open = true))")
    choose(page, "大")
    assert [found for found in page.evaluate(sizes) if found[0] < 18] == []
    large = page.evaluate(body)
    choose(page, "特大")
    assert standard < large < page.evaluate(body)


def test_the_simple_view_has_one_column_and_no_controls(open_page) -> None:
    page = open_page("characteristics", width=1280)
    chart = page.locator("#figure-dual-wheel")
    chart.locator("[role=option]").first.dispatch_event("click")
    page.wait_for_selector("#figure-dual-wheel[data-alive]")
    choose(page, "简洁版")
    page.keyboard.press("Escape")
    assert page.locator("main :is(button, input, select):visible").count() == 0
    assert chart.locator(".chart-static:visible").count() == 1 and not chart.get_attribute(
        "data-alive"
    )
    assert chart.locator(".chart-situation:visible").count() == 2
    chapters, main = (
        page.locator("nav.chapters").bounding_box(),
        page.locator("main").bounding_box(),
    )
    assert chapters["y"] >= main["y"] + main["height"]
    assert not page.locator("nav.page-toc").is_visible()
    assert (
        page.locator("article p").first.evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
        > 20
    )
    page.evaluate("() => { window.vegaEmbed = () => (window.drawn = true); }")
    chart.hover()
    page.evaluate(FRAMES)
    assert page.evaluate("window.drawn") is None  # stays a picture
    chart.locator(".chart-static:visible a").first.click()
    assert "source.html#s3.1.2" in page.url  # whose marks lead to their sentences


def last_said(page: Page) -> str:
    return page.evaluate("said.at(-1).text")


def go_on(page: Page) -> str:
    page.evaluate("said.at(-1).onend()")
    return last_said(page)


def read_aloud(page: Page) -> None:
    choose(page)
    page.get_by_role("button", name="从看到的地方读起").click()


def test_a_page_is_read_aloud_to_its_end(open_page) -> None:
    page = open_page("characteristics", script=VOICES)
    read_aloud(page)
    assert not page.locator(".panel").is_visible()
    assert last_said(page) == "规划主要特点"
    assert page.evaluate("[said[0].lang, said[0].voice.name, said[0].rate]") == ["zh-CN", "近", 1]
    for _ in range(500):
        if not page.locator(".aloud-bar").count():
            break
        box = page.locator(".spoken").evaluate(
            "(e) => { const b = e.getBoundingClientRect(); return [b.top, b.bottom]; }"
        )
        assert 0 <= box[0] < 740 - 60, page.locator(".spoken").inner_text()  # in sight
        page.evaluate("said.at(-1).onend()")
    assert page.locator(".spoken").count() == 0
    said = page.evaluate("said.map((u) => u.text)")
    whole = "".join(said)
    assert current().source.sentences["3.1.3"].text in said
    assert "原文。一是突出体现科技创新和制度创新的“双轮”驱动的创新发展理念。" in said
    figure = FIGURES["dual-wheel"]()
    theirs = [
        p.inner_text() for p in page.locator("article > section > .editors-note > p").all()[:1]
    ] + [figure.conclusion]
    for words in theirs:
        assert any(breath.startswith(f"编者说明。{words[:10]}") for breath in said), words
    assert any(words.startswith("编号：1，方面：创新节点，") for words in said)  # a row of a table
    folded = FIGURES["wheel-sorting"]().conclusion[:10]
    for silent in (
        figure.hint,
        figure.situations[1].action,
        folded,
        "下载：",
        "引用、报错",
        "的链接",
        "编者说明编者说明",
    ):
        assert silent not in whole


def test_reading_aloud_is_paused_moved_and_stopped(aloud: Page) -> None:
    page = aloud
    bar = page.get_by_role("region", name="朗读")
    for _ in range(2):
        go_on(page)
    first = go_on(page)
    bar.get_by_role("button", name="暂停").click()
    count = page.evaluate("said.length")
    page.evaluate("said.at(-1).onend()")  # browsers say that what was cut off has ended
    assert page.evaluate("said.length") == count
    bar.get_by_role("button", name="继续").click()
    assert last_said(page) == first
    bar.get_by_role("button", name="上一段").click()
    assert "再说" in last_said(page)
    bar.get_by_label("语速").select_option("慢速")
    assert page.evaluate("said.at(-1).rate") == 0.75 and "再说" in last_said(page)
    page.get_by_text("年的事").click()
    assert last_said(page).endswith("年的事")
    bar.get_by_role("button", name="停止").click()
    assert bar.count() == 0 and page.locator(".spoken").count() == 0
    assert page.evaluate("document.activeElement.textContent") == "阅读设置"
    count = page.evaluate("said.length")
    page.get_by_text("年的事").click()
    assert page.evaluate("said.length") == count


def test_reading_aloud_begins_where_the_reader_is(open_page) -> None:
    page = open_page("source", script=VOICES)
    page.locator("[id='s3.1']").evaluate(
        "e => scrollTo(0, e.getBoundingClientRect().top + scrollY - 70)"
    )
    read_aloud(page)
    assert last_said(page) == "原文。" + current().source.sentences["3.1.1"].text
    second = current().source.sentences["3.1.2"].text
    assert (
        go_on(page) == second[: second.index("，才能") + 1]
    )  # a breath, without the number between the sentences


def test_where_the_browser_has_no_chinese_voice_reading_aloud_is_not_offered(open_page) -> None:
    page = open_page("purpose", script=NO_VOICES)
    with page.expect_request_finished(lambda request: "/aloud." in request.url):
        choose(page)
    assert page.locator(".panel").is_visible() and not page.locator(".aloud").is_visible()


def test_links_and_citation_are_copied(open_page, address: str) -> None:
    here = now("characteristics")
    page = open_page(here, permissions=["clipboard-read", "clipboard-write"])
    clipboard = "navigator.clipboard.readText()"
    tools = page.locator(".quotation .source-tools").first
    tools.locator("summary").click()
    tools.get_by_role("link", name="3.1.3 的链接").click()
    page.locator("[aria-live=polite]").filter(has_text="已复制链接").wait_for()
    assert page.evaluate(clipboard) == f"{address}/source.html#s3.1.3" and here in page.url
    assert (tools.get_by_role("link", name="这一句有错").count() > 0) == REPORTED
    notice = page.locator(".notice")
    page.wait_for_function("() => !document.querySelector('.notice').textContent")
    page.locator("h2 + .headerlink").first.focus()
    page.keyboard.press("Enter")
    notice.filter(has_text="已复制链接").wait_for()  # after the browser has gone there
    assert page.evaluate(clipboard) == page.url and "#" in page.url
    page.locator("#figure-dual-wheel .chart-more summary").click()
    page.locator("#figure-dual-wheel .copy-link").click()
    page.wait_for_function(
        f"async () => (await {clipboard}).endsWith('{here}.html#figure-dual-wheel')"
    )
    page.get_by_text("引用本页").click()
    page.get_by_role("button", name="复制").click()
    page.locator("[aria-live=polite]").filter(has_text="已复制引用").wait_for()
    assert re.fullmatch(
        "《规划主要特点》，载《清城区科技创新发展“十四五”规划解读》网站"
        rf"(，\d{{4}}-\d\d-\d\d改动)?，{re.escape(address)}/{here}\.html",
        page.evaluate(clipboard),
    )


def test_from_disk_links_are_plain_and_no_address_is_cited(browser, site: Path) -> None:
    page = browser.new_page()
    page.goto((site / now("characteristics.html")).as_uri())
    assert "file:" not in page.locator("[data-cite]").text_content()
    tools = page.locator(".quotation .source-tools").first
    tools.locator("summary").click()
    tools.get_by_role("link", name="3.1.3 的链接").click()
    assert page.url.endswith("source.html#s3.1.3")
    page.close()


FIXTURE = """<h1>题</h1><div class="editors-note"><span class="voice-label">编者说明<span class="heard">：</span></span>
  <p id="one">规划说“<q><a class="source-link" href="#">没有制度创新</a></q>”，再说“<q>无从依附</q>”。见原文 3.1。</p>
  <ol start="2"><li>甲</li><li><p>乙</p><p>还是乙</p></li></ol><ul><li>2021-2025年的事</li></ul>
  <p id="quoted">“<q>只有引文的一段</q>”</p>
  <p id="long">{long}</p></div>
  <figure class="chart"><p class="chart-title">图</p><details class="chart-more"><summary>文字</summary><p id="figure-x-story">左边一个轮子。</p></details>
  <details class="chart-more"><summary>表</summary><p>收着的</p></details></figure>
  <table><tbody><tr><th data-label="编号">3.1.2</th><td data-label="版本">2026.1</td><td data-label="引文"><q>依附</q></td></tr></tbody></table>
  <p>完</p>""".replace("{long}", "这一句很长，" * 12 + "没有停顿的一段" * 12 + "。")


@pytest.fixture
def aloud(open_page) -> Page:
    """A page of a few words, read from its first; no time goes by but what the test lets."""
    page = open_page("purpose", script=VOICES)
    stop_clock(page)
    page.evaluate(
        "html => { document.querySelector('article').innerHTML = html; scrollTo(0, 0); }", FIXTURE
    )
    read_aloud(page)
    return page


def all_said(page: Page) -> list[str]:
    while page.locator(".aloud-bar").count():
        page.evaluate("said.at(-1).onend()")
    return page.evaluate("said.map((u) => u.text)")


def test_what_only_the_eye_sees_is_said_in_words(aloud: Page) -> None:
    """Lines under quotations, numbers of lists and sentences, spans of years, and what a chart shows."""
    said = all_said(aloud)
    assert said[:8] == [
        "题",
        "编者说明。规划说“引文：没有制度创新，引文完”，再说“引文：无从依附”。",
        "见原文 第3章第1段。",
        "第2，甲",
        "第3，乙",
        "还是乙",
        "2021至2025年的事",
        "原文。“只有引文的一段”",
    ]
    assert said[-4:] == [
        "图",
        "编者说明。左边一个轮子。",
        "编号：第3章第1段第2句，版本：2026.1，引文：依附",
        "编者说明。完",
    ]
    assert "收着的" not in "".join(said)


def test_a_breath_is_short_and_none_of_the_words_is_lost(aloud: Page) -> None:
    said = all_said(aloud)
    assert max(map(len, said)) <= 60
    assert ("这一句很长，" * 12 + "没有停顿的一段" * 12 + "。") in "".join(said).replace(
        "编者说明。", ""
    )


def test_a_voice_that_breaks_off_is_started_again_and_then_given_up_in_words(aloud: Page) -> None:
    go_on(aloud)
    words = go_on(aloud)
    bar = aloud.get_by_role("region", name="朗读")
    count = aloud.evaluate("said.length")
    for _ in range(10):  # a slow voice is no broken one
        aloud.clock.run_for(4000)
        aloud.evaluate("said.at(-1).onboundary()")
    assert aloud.evaluate("said.length") == count
    aloud.evaluate("scrollTo(0, 1000)")  # a reader who has gone on is not brought back
    for again in (1, 2):
        aloud.clock.run_for(60_000 / 3)
        assert last_said(aloud) == words and aloud.evaluate("said.length") == count + again
    assert aloud.evaluate("scrollY") == 1000
    aloud.clock.run_for(60_000)
    assert aloud.evaluate("said.length") == count + 2
    assert "念不出来" in bar.locator("[aria-live=polite]").inner_text()
    bar.get_by_role("button", name="继续").click()
    assert last_said(aloud) == words and bar.locator("[aria-live=polite]").inner_text() == ""
    aloud.evaluate("said.at(-1).onerror({ error: 'network' })")
    assert "念不出来" in bar.locator("[aria-live=polite]").inner_text()
    bar.get_by_role("button", name="继续").click()
    assert last_said(aloud) == words


def test_reading_aloud_is_led_by_keys(aloud: Page) -> None:
    bar = aloud.get_by_role("region", name="朗读")
    aloud.locator("#one a").focus()
    aloud.keyboard.press("Shift+Tab")
    assert aloud.evaluate("document.activeElement.id") == "one"
    for _ in range(20):
        aloud.keyboard.press("Tab")
        if aloud.evaluate("document.activeElement.id") == "quoted":
            break
    aloud.keyboard.press("Enter")
    assert last_said(aloud) == "原文。“只有引文的一段”" and bar.is_visible()
    aloud.keyboard.press("Escape")
    assert bar.count() == 0 and aloud.evaluate("document.activeElement.id") == "quoted"
    assert aloud.locator("article [tabindex='0']").count() == 0
    choose(aloud)
    aloud.keyboard.press("Escape")  # closes the settings, and they are what it is for then
    read_aloud(aloud)
    choose(aloud)
    aloud.keyboard.press("Escape")
    assert bar.is_visible() and not aloud.locator(".panel").is_visible()


def test_where_nothing_can_speak_nothing_is_offered(open_page) -> None:
    page = open_page(
        "purpose", script="delete window.SpeechSynthesisUtterance; delete window.speechSynthesis;"
    )
    choose(page)
    assert page.locator("script[src*='/aloud.']").count() == 0
    assert (
        page.get_by_role("radio", name="特大").is_visible()
        and not page.locator(".aloud").is_visible()
    )


def test_what_is_folded_is_printed_and_folded_again(open_page) -> None:
    page = open_page("characteristics")
    closed = page.locator("main details:not([open]), .cite:not([open])")
    folded = closed.count()
    assert folded > 3
    page.locator(".source-tools summary").first.click()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert closed.count() == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert closed.count() == folded - 1


def test_colours_that_the_system_chooses_hide_nothing(open_page) -> None:
    """Where fills are taken away, lines say what is chosen, linked to, spoken, or the page that one is on."""
    drawn = "e => { const s = getComputedStyle(e); return s.outlineStyle !== 'none' || s.borderTopStyle === 'double'; }"
    page = open_page("source", script=VOICES, width=1280, forced_colors="active")
    page.evaluate("location.hash = 's3.1.3'")
    assert page.locator(":target").evaluate(drawn)
    assert page.locator(".chapters [aria-current]").evaluate(drawn)
    assert not page.locator(".chapters a:not([aria-current])").first.evaluate(drawn)
    choose(page, "大")
    assert page.locator("input:checked + span").first.evaluate(drawn)
    assert not page.locator("input:not(:checked) + span").first.evaluate(drawn)
    read_aloud(page)
    assert page.locator(".spoken").evaluate(drawn)
    page = open_page("search", forced_colors="active")
    page.get_by_role("combobox").press_sequentially("创新")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("ArrowDown")
    assert page.locator("[aria-selected=true]").evaluate(drawn)
    assert not page.locator("[aria-selected=false]").first.evaluate(drawn)
    # Behind words the system paints its paper: words of that colour would be gone, unless they are left as they are.
    gone = """() => [...document.querySelectorAll("body *:not(svg *)")].filter((e) => e.getClientRects().length &&
        [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()) &&
        getComputedStyle(e).color === getComputedStyle(document.body).backgroundColor &&
        getComputedStyle(e).forcedColorAdjust === "auto").map((e) => e.outerHTML.slice(0, 80))"""
    assert page.evaluate(gone) == []
    page.goto(page.url.split("search")[0] + now("purpose.html"))
    assert page.evaluate(gone) == []


HIDDEN = """() => {
    const node = document.activeElement;
    if (node === document.body) return "";
    const seen = [...(node.closest("label") ?? node).getClientRects()].some((box) => {
      const [top, bottom] = [Math.max(box.top, 0), Math.min(box.bottom, innerHeight)];
      const at = top < bottom && document.elementFromPoint(box.left + box.width / 2, (top + bottom) / 2);
      const over = at && at.closest(".site-header, .panel, .aloud-bar, .asked .chart-chosen");
      return at && (!over || over.contains(node));
    });
    return seen ? "" : node.outerHTML.slice(0, 120);
}"""


@pytest.mark.parametrize("width", [360, 1280])
def test_by_keyboard_the_focus_is_always_seen(open_page, width: int) -> None:
    """Through the whole page and back: nothing that has the focus lies under the top bar or out of sight."""
    page = open_page("characteristics", width=width)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "跳到正文"
    stops = []
    for key in ("Tab", "Shift+Tab"):
        for _ in range(200):
            page.keyboard.press(key)
            assert page.evaluate(HIDDEN) == "", key
            stops.append(page.evaluate("document.activeElement.textContent.slice(0, 12)"))
            if stops[-1] == ("更新记录" if key == "Tab" else "跳到正文") and page.evaluate(
                "document.activeElement.closest('footer, .skip-link') !== null"
            ):
                break
        else:
            raise AssertionError(stops)
    contents, tools = (
        "规划作用和意义" if width > 1000 else "打开全书目录",
        "引用、报错" if REPORTED else "引用",
    )
    assert {"搜索", "阅读设置", contents, tools, "引用本页"} <= set(stops)


@pytest.mark.parametrize(("width", "height"), [(360, 640), (640, 360), (320, 256)])
@pytest.mark.parametrize("size", ["", "larger"])
def test_nothing_that_stays_on_a_small_screen_covers_the_focus(
    open_page, width: int, height: int, size: str
) -> None:
    """In large print, with the bar for reading aloud at its highest, when it says what is wrong, down the page and up again."""
    page = open_page("purpose", width=width, script=VOICES)
    page.set_viewport_size({"width": width, "height": height})
    page.evaluate("size => size && (document.documentElement.dataset.size = size)", size)
    read_aloud(page)
    page.evaluate("said.at(-1).onerror({ error: 'network' })")
    page.evaluate("document.querySelector('.skip-link').focus()")
    stops = 0
    for key, end in (("Tab", "停止"), ("Shift+Tab", "跳到正文")):
        for _ in range(200):
            page.keyboard.press(key)
            assert page.evaluate(HIDDEN) == "", key
            stops += 1
            if page.evaluate("document.activeElement.textContent") == end:
                break
        else:
            raise AssertionError(end)
    assert stops > 80
    assert page.evaluate("getComputedStyle(document.querySelector('.site-header')).position") == (
        "relative" if height < 480 or size else "sticky"
    )


def test_settings_by_keyboard(open_page) -> None:
    page = open_page("purpose", width=1280)
    summary = page.locator(".settings summary")
    summary.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.documentElement.dataset.size") == "large"
    page.keyboard.press("Escape")
    assert not page.locator(".panel").is_visible()
    assert page.evaluate("document.activeElement.textContent") == "阅读设置"
    page.keyboard.press("Enter")
    for _ in range(5):
        page.keyboard.press("Tab")
    assert not page.locator(".panel").is_visible()  # it does not lie over what has the focus now


@pytest.mark.parametrize("name", ["characteristics", "source"])
def test_on_paper_there_is_the_text_and_no_controls(open_page, name: str) -> None:
    page = open_page(name, width=1280, color_scheme="dark")
    choose(page, "高对比", "特大")
    if name == "characteristics":
        page.locator("#figure-dual-wheel").dispatch_event("pointerenter")
        page.wait_for_selector("#figure-dual-wheel[data-alive]")
    pdf = PdfReader(io.BytesIO(page.pdf(format="A4")))
    words = unicodedata.normalize("NFKC", "".join(sheet.extract_text() for sheet in pdf.pages))
    words = re.sub(r"\s", "", words)
    article = BeautifulSoup(page.content(), "html.parser").article
    for element in article.select("blockquote [data-source], .sentence"):
        assert unicodedata.normalize("NFKC", re.sub(r"\s", "", element.get_text()))[:30] in words
    for control in ("阅读设置", "目录", "引用、报错", "引用本页", "下载:", "看哪一项", "上一章"):
        assert control not in words
    assert re.search("规划解读》网站,.*http", words)  # where it was printed from
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.locator("details tbody tr:not(:visible)").count() == 0
    torn = page.locator(".quotation, .chart-canvas").evaluate_all(
        "all => all.filter((e) => getComputedStyle(e).breakInside !== 'avoid').length"
    )
    assert torn == 0
