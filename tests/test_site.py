"""The built site, opened as readers open it: every page in a real browser, from disk and over http."""

from __future__ import annotations

import functools
import http.server
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlparse

import pytest
from bs4 import BeautifulSoup

from explainer.coverage import CHAPTERS
from explainer.figures import FIGURES
from explainer.text import source

PAGES = (
    "index", "purpose", "contents", "characteristics", "institutions", "source", "glossary", "data",
    "about", "coverage", "changelog",
)
# Latin words that may stand on a page, each with its reason.
LATIN = {
    "CSV", "Excel", "WPS", "Data", "Package",  # how the tables can be opened
    "CC", "BY", "MIT",  # names of licences
    "Jupyter", "Book", "Altair", "Markdown",  # what the book is made with
    "csv", "txt",  # endings of files
}
SIZES = [(360, 740), (390, 844), (768, 1024), (1280, 900)]


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, BeautifulSoup]:
    return {
        name: BeautifulSoup((site / f"{name}.html").read_text("utf-8"), "html.parser")
        for name in PAGES
    }


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    """The site over http on this machine."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *args) -> None:
            pass

    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Quiet, directory=site)
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def words(node) -> str:
    return node.get_text().replace("\n", "")


def test_all_pages_are_there_and_no_others(site: Path) -> None:
    assert {path.stem for path in site.glob("*.html")} == set(PAGES)


def test_every_quotation_is_the_sources_to_the_letter(pages) -> None:
    count = 0
    for name, page in pages.items():
        for element in page.select("[data-source]"):
            assert words(element) in source().unit(element["data-source"]).text, (name, element)
            count += 1
    assert count > 200


def test_every_sentence_of_the_source_is_in_the_four_chapters(pages) -> None:
    shown = {
        words(element)
        for chapter in CHAPTERS
        for element in pages[chapter].select("blockquote [data-source]")
    }
    missing = [id for id, sentence in source().sentences.items() if sentence.text not in shown]
    assert missing == []


def test_full_text_page_is_the_source_with_an_anchor_for_each_part(pages) -> None:
    page = pages["source"]
    for chapter in source().chapters:
        heading = page.find(id=f"s{chapter.number}").h2
        heading.find(class_="headerlink").extract()
        assert words(heading) == f"{chapter.ordinal}、{chapter.heading}"
    for id, paragraph in source().paragraphs.items():
        block = page.find(id=f"s{id}")
        assert "".join(words(s) for s in block.select(".sentence")) == paragraph.text
        assert block.select_one(f'.permalink[href="#s{id}"]')
    for id, unit in (source().sentences | source().clauses).items():
        assert words(page.find(id=f"s{id}")) == unit.text


def test_what_is_not_the_source_is_marked_as_the_editors(pages) -> None:
    for name in CHAPTERS:
        for paragraph in pages[name].select("article p, article li"):
            inside = paragraph.find_parent(class_=["editors-note", "quotation", "chart"])
            assert inside is not None, (name, words(paragraph))
    for name in set(PAGES) - {"index", "source", *CHAPTERS}:
        assert pages[name].select_one("article .editors-note"), name


def test_every_link_lands(site: Path, pages) -> None:
    ids = {name: {e["id"] for e in page.find_all(id=True)} for name, page in pages.items()}
    for name, page in pages.items():
        for element in page.find_all(href=True):
            address, fragment = urldefrag(urljoin(f"{name}.html", element["href"]))
            assert not urlparse(address).scheme, (name, element)
            assert (site / unquote(urlparse(address).path)).is_file(), (name, element)
            if fragment:
                assert fragment in ids[Path(address).stem], (name, element)


def test_one_heading_of_the_first_level_and_no_level_skipped(pages) -> None:
    for name, page in pages.items():
        levels = [int(h.name[1]) for h in page.find_all(re.compile("h[1-6]"))]
        assert levels.count(1) == 1 and levels[0] == 1, name
        assert all(b - a <= 1 for a, b in zip(levels, levels[1:])), (name, levels)
        assert len(page.find_all(id=True)) == len({e["id"] for e in page.find_all(id=True)}), name


def test_no_english_label(pages) -> None:
    for name, page in pages.items():
        assert page.html["lang"] == "zh-CN"
        for script in page(["script", "style"]):
            script.extract()
        labels = [page.get_text(" ")]
        for attribute in ("title", "aria-label", "alt", "placeholder"):
            labels += [e[attribute] for e in page.find_all(attrs={attribute: True})]
        latin = set(re.findall(r"[A-Za-z]{2,}", re.sub(r"[\w-]+\.(csv|md|txt|json)", "", " ".join(labels))))
        assert latin <= LATIN, (name, latin - LATIN)


def test_every_page_says_which_document_counts(pages) -> None:
    assert all("以正式公布的文件为准" in page.footer.get_text() for page in pages.values())


def test_numbers_are_those_of_the_source_or_counts(pages) -> None:
    """No share, sum or amount: the source has none."""
    for name in ("index", *CHAPTERS):
        article = pages[name].article.get_text()
        assert not re.search(r"\d\s*[%％]|百分之|[\d一二三四五六七八九十百]+[万亿]元|\d+家", article), name


@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_no_other_host(browser, address: str, name: str) -> None:
    page = browser.new_page()
    asked, errors = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{address}/{name}.html")
    bring_to_life(page)
    page.wait_for_load_state("networkidle")
    assert errors == []
    assert len(asked) > 2
    assert all(url.startswith((address, "data:", "blob:")) for url in asked), asked
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_nothing_overflows_and_every_chart_lives(browser, site: Path, size, scheme: str) -> None:
    """From disk, as from a USB stick."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, color_scheme=scheme)
    for name in PAGES:
        page = context.new_page()
        page.goto((site / f"{name}.html").as_uri())
        bring_to_life(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0], name
        small = page.evaluate(
            """() => [...document.querySelectorAll(".chart-live text")].filter(
                 (t) => t.textContent && Math.hypot(t.getCTM().a, t.getCTM().b) * parseFloat(getComputedStyle(t).fontSize) < 12
               ).map((t) => t.textContent)"""
        )
        assert small == [], name
        page.close()
    context.close()


def bring_to_life(page) -> None:
    for chart in page.query_selector_all("figure.chart"):
        chart.scroll_into_view_if_needed()
        page.wait_for_function("(chart) => chart.dataset.alive", arg=chart)


@pytest.fixture
def wheel(browser, site: Path) -> Iterator:
    page = browser.new_page(viewport={"width": 1280, "height": 1000}, reduced_motion="reduce")
    page.goto((site / "characteristics.html").as_uri())
    bring_to_life(page)
    yield page
    page.close()


def text_x(page, words: str) -> float:
    return page.locator("#figure-dual-wheel .chart-live text", has_text=words).first.bounding_box()["x"]


def test_choosing_a_task_shows_its_words_and_why_it_is_linked(wheel) -> None:
    wheel.locator("#figure-dual-wheel .chart-live text", has_text="开放共赢").first.click()
    chosen = wheel.locator("#figure-dual-wheel .chart-chosen")
    assert chosen.locator("q").inner_text() == "第一，开放共赢，合力打造环粤港澳大湾区创新节点"
    assert chosen.locator(".source-link").get_attribute("href") == "source.html#s2.4.2.1"
    assert "编者梳理" in chosen.inner_text() and "环粤港澳大湾区协同发展" in chosen.inner_text()
    chosen.get_by_role("button", name="措施：资金投入").click()
    assert "争取到广东省、广州市、清远市" in chosen.locator("q").inner_text()
    wheel.keyboard.press("Escape")
    assert chosen.locator("q").count() == 0


def test_a_sentence_lights_up_in_the_full_text(wheel) -> None:
    wheel.locator("#figure-dual-wheel select").select_option("task-9")
    wheel.locator("#figure-dual-wheel .chart-chosen .source-link").click()
    assert wheel.url.endswith("source.html#s2.4.2.9")
    lit = wheel.locator(":target")
    assert lit.inner_text() == "第九，制度创新，全力营造科技创新发展新环境；"
    assert lit.evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(255, 240, 179)"


def test_one_wheel_turns_the_other(wheel) -> None:
    before = text_x(wheel, "开放共赢"), text_x(wheel, "领导")
    slider = wheel.locator("#figure-dual-wheel input[type=range]")
    slider.focus()
    for _ in range(20):
        wheel.keyboard.press("ArrowRight")
    after = text_x(wheel, "开放共赢"), text_x(wheel, "领导")
    assert after[0] > before[0] + 10  # at the top, clockwise is to the right
    assert after[1] < before[1] - 1  # and counter-clockwise to the left


def test_wheels_can_be_dragged(wheel) -> None:
    before = text_x(wheel, "开放共赢")
    box = wheel.locator("#figure-dual-wheel .chart-canvas").bounding_box()
    x, y = box["x"] + box["width"] / 4, box["y"] + box["height"] / 3
    wheel.mouse.move(x, y)
    wheel.mouse.down()
    wheel.mouse.move(x + 60, y, steps=6)
    wheel.mouse.up()
    assert text_x(wheel, "开放共赢") > before + 10


def test_one_wheel_alone_says_what_hangs_in_the_air(wheel) -> None:
    wheel.get_by_role("radio", name="只有科技创新").check()
    shown = wheel.locator("#figure-dual-wheel .chart-situation:visible")
    assert shown.locator("q").inner_text() == "没有制度创新，科技创新就无从依附。"
    hub = wheel.locator("#figure-dual-wheel .chart-live text", has_text="制度").last
    assert float(hub.evaluate("e => getComputedStyle(e).opacity")) < 0.3


def test_with_scripts_off_all_words_are_there(browser, site: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((site / "characteristics.html").as_uri())
    assert page.locator(".chart-alternative").first.is_visible()
    page.locator(".chart-table summary").first.click()
    assert page.locator(".chart-table table").first.is_visible()
    assert not page.locator(".script-only").first.is_visible()
    context.close()


def test_each_charts_data_can_be_downloaded(site: Path, pages) -> None:
    linked = {a["href"] for page in pages.values() for a in page.select(".chart-table a[download]")}
    assert linked == {f"downloads/figure-{name}.csv" for name in FIGURES}
    for href in linked:
        assert (site / href).read_bytes().startswith(b"\xef\xbb\xbf")


def test_the_readers_choice_of_colours_lasts(browser, address: str) -> None:
    context = browser.new_context(color_scheme="light")
    page = context.new_page()
    page.goto(f"{address}/index.html")
    background = "() => getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(background) == "rgb(255, 255, 255)"
    switch = page.locator("[data-theme-switch]")
    switch.click()
    switch.click()
    assert switch.text_content() == "配色：深色"
    dark = page.evaluate(background)
    assert dark != "rgb(255, 255, 255)"
    page.goto(f"{address}/purpose.html")
    assert page.evaluate(background) == dark
    context.close()
