"""The built site, opened as readers open it: every page in a real browser, from disk and over http."""

from __future__ import annotations

import re
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
    "about", "coverage", "changelog", "search",
)
# Latin words that may stand on a page, each with its reason.
LATIN = {
    "CSV", "SVG", "PNG", "PDF", "MB", "Excel", "WPS", "Data", "Package",  # what can be taken away, and how it is opened
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


def words(node) -> str:
    return node.get_text().replace("\n", "")


def test_all_pages_are_there_and_no_others(site: Path) -> None:
    assert {path.stem for path in site.glob("*.html")} == {*PAGES, "404"}  # that one: tests/sphinx/test_metadata.py


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
        assert words(heading) == chapter.title
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
    for name in set(PAGES) - {"index", "source", "search", *CHAPTERS}:
        assert pages[name].select_one("article .editors-note"), name


def test_every_editors_label_is_seen(browser, site: Path) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    for name in ("index", *CHAPTERS):
        page.goto((site / f"{name}.html").as_uri())
        boxes = page.locator(".editors-note > .voice-label").evaluate_all(
            "all => all.map((e) => [e.checkVisibility(), e.offsetHeight, getComputedStyle(e).clipPath])"
        )
        assert boxes and all(seen and height > 10 and clip == "none" for seen, height, clip in boxes), name
    context.close()


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


@pytest.mark.parametrize("size", SIZES)
def test_nothing_overflows(browser, site: Path, size) -> None:
    """From disk, as from a USB stick."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]})
    page = context.new_page()
    for name in PAGES:
        page.goto((site / f"{name}.html").as_uri())
        page.evaluate("document.querySelectorAll('details').forEach((d) => (d.open = true))")
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0], name
    context.close()


@pytest.mark.parametrize("theme", ["light", "dark", "contrast"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing(browser, address: str, theme: str, width: int) -> None:
    """What a scan can find; contrast inside charts and the sense of the words it cannot judge."""
    from axe_playwright_python.sync_playwright import Axe

    context = browser.new_context(
        viewport={"width": width, "height": 800}, bypass_csp=True, reduced_motion="reduce"
    )
    context.add_init_script(f"localStorage.setItem('theme', '{theme}')")
    page = context.new_page()
    found = {}
    for name in PAGES:
        page.goto(f"{address}/{name}.html")
        for state in ("static", "alive"):
            if state == "alive":
                bring_to_life(page)
                page.evaluate("document.querySelectorAll('details').forEach((d) => (d.open = true))")
            results = Axe().run(page)
            found |= {
                f"{name}, {state}, {v['id']}": [n["target"] for n in v["nodes"]]
                for v in results.response["violations"]
            }
    context.close()
    assert found == {}


def bring_to_life(page) -> None:
    for chart in page.query_selector_all("figure.chart"):
        chart.dispatch_event("pointerenter")
        page.wait_for_function("(chart) => chart.dataset.alive", arg=chart)


def test_with_scripts_off_everything_is_there(browser, site: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((site / "characteristics.html").as_uri())
    chart = page.locator("#figure-dual-wheel")
    assert chart.get_by_role("link", name="没有制度创新，科技创新就无从依附。").is_visible()
    assert chart.locator(".chart-static.wide text", has_text="开放共赢").is_visible()
    chart.locator(".chart-table summary").click()
    assert chart.locator("table").is_visible()
    assert not page.locator(".script-only").first.is_visible()
    chart.locator(".chart-static.wide a").first.click()
    assert "source.html#s2.4.2.1" in page.url
    context.close()


def test_each_charts_files_can_be_downloaded(site: Path, pages) -> None:
    linked = {a["href"] for page in pages.values() for a in page.select(".chart a[download]")}
    assert linked == {f"downloads/figure-{name}.{end}" for name in FIGURES for end in ("csv", "svg")}
    for name in FIGURES:
        assert (site / f"downloads/figure-{name}.csv").read_bytes().startswith(b"\xef\xbb\xbf")
        svg = (site / f"downloads/figure-{name}.svg").read_text("utf-8")
        assert svg.startswith("<svg") and "var(--" not in svg and "<title>" in svg


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
