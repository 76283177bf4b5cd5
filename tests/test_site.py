"""The built site, opened as readers open it: every page in a real browser, from disk and over http."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlparse

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from bs4 import BeautifulSoup
from playwright.sync_api import Page

from charts import FIGURES
from conftest import now
from explainer.checks import addresses
from explainer.checks.book import Book
from explainer.paths import ROOT
from explainer.project import Project, current
from explainer.sphinx.search import simplified
from marked import unmarked

BOOK = Book(Project(ROOT))
CHAPTERS = current().explaining
PAGES = (*BOOK.toc, "search", "verdicts")
# Latin words that the program may put on a page, each with its reason; of the editors' own, `check` is the judge.
LATIN = {
    "CSV",
    "SVG",
    "PNG",
    "PDF",
    "MB",
    "Excel",
    "WPS",
    "Data",
    "Package",  # what can be taken away, and how it is opened
    "CC",
    "BY",
    "MIT",  # names of licences
    "Jupyter",
    "Book",
    "Altair",
    "Markdown",  # what the book is made with
    "csv",
    "txt",
    "html",
    "index",  # names of files
    "WCAG",
    "Web",
    "AA",
    "axe",
    "core",  # what the site is checked by
    "Chromium",
    "Edge",
    "Safari",
    "WebKit",
    "Windows",
    "Linux",
    "NVDA",
    "Orca",
    "TalkBack",
    "VoiceOver",  # and with which
    "Tab",
    "Esc",  # keys, as they are printed on them
    "U",  # a memory stick
}
WRITTEN = [prose.raw for prose in BOOK.prose] + [
    (ROOT / name).read_text("utf-8-sig") for name in ("_config.yml", "_toc.yml")
]
WRITTEN += [path.read_text("utf-8-sig") for path in sorted((ROOT / "data").glob("*.*"))]
EDITORS = set(re.findall("[A-Za-z]+", " ".join(WRITTEN)))


@dataclass
class Visit:
    """A page after everything on it has been used: charts alive, passages and settings open."""

    name: str
    page: Page
    asked: list[str]
    errors: list[str]
    before: list[str]  # what axe found before any of that

    def resize(self, width: int) -> None:
        self.page.set_viewport_size({"width": width, "height": 800})
        self.page.wait_for_function(
            """() => [...document.querySelectorAll("figure.chart[data-alive]")].every((chart) =>
                 chart.dataset.alive === (chart.querySelector(".chart-canvas").clientWidth < 700 ? "narrow" : "wide"))"""
        )

    def read_as(self, **settings: str) -> None:
        self.page.evaluate(
            """(settings) => {
                 for (const name of ["size", "theme", "view"]) delete document.documentElement.dataset[name];
                 Object.assign(document.documentElement.dataset, settings);
               }""",
            settings,
        )

    def axe(self, *rules: str) -> list[str]:
        """What a scan finds; contrast inside charts and the sense of the words it cannot judge."""
        options = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
        if rules:
            options["runOnly"] = list(rules)
        return self.page.evaluate(
            "async (options) => (await axe.run(document, options)).violations.flatMap((v) =>"
            " v.nodes.map((node) => `${v.id}: ${node.target}`))",
            options,
        )


@pytest.fixture(scope="module", params=PAGES)
def visit(request, browser, address: str) -> Iterator[Visit]:
    context = browser.new_context(
        viewport={"width": 360, "height": 800}, reduced_motion="reduce", color_scheme="light"
    )
    page = context.new_page()
    visit = Visit(request.param, page, [], [], [])
    page.on("request", lambda request: visit.asked.append(request.url))
    page.on(
        "console",
        lambda message: (
            visit.errors.append(message.text) if message.type in ("error", "warning") else None
        ),
    )
    page.on("pageerror", lambda error: visit.errors.append(str(error)))
    page.goto(f"{address}/{request.param}.html")
    page.wait_for_load_state("networkidle")
    page.evaluate(AXE_SCRIPT)
    visit.before = visit.axe()
    bring_to_life(page)
    if request.param == "search":
        page.get_by_role("combobox").press_sequentially("创新")
    page.evaluate("document.querySelectorAll('details').forEach((d) => (d.open = true))")
    page.wait_for_load_state("networkidle")
    yield visit
    context.close()


def bring_to_life(page: Page) -> None:
    page.evaluate("document.querySelectorAll('.chart-fold').forEach((fold) => (fold.open = true))")
    for chart in page.query_selector_all("figure.chart"):
        chart.dispatch_event("pointerenter")
        page.wait_for_function("(chart) => chart.dataset.alive", arg=chart)


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, BeautifulSoup]:
    return {
        name: BeautifulSoup((site / f"{name}.html").read_text("utf-8"), "html.parser")
        for name in PAGES
    }


def words(node) -> str:
    return node.get_text().replace("\n", "")


def test_all_pages_are_there_and_no_others(site: Path) -> None:
    others = {"404", *addresses.redirects(ROOT)}  # tests/sphinx/test_metadata.py, test_redirects.py
    assert {path.stem for path in site.glob("*.html")} == {*PAGES, *others}


def test_every_quotation_is_the_sources_to_the_letter(pages) -> None:
    count = 0
    for name, page in pages.items():
        for element in page.select("[data-source]"):
            assert words(element) in current().source.unit(element["data-source"]).text, (
                name,
                element,
            )
            count += 1
    assert count > 200


def test_every_sentence_of_the_source_is_in_the_four_chapters(pages) -> None:
    shown = {
        words(element)
        for chapter in CHAPTERS
        for element in pages[chapter].select("blockquote [data-source]")
    }
    missing = [
        id for id, sentence in current().source.sentences.items() if sentence.text not in shown
    ]
    assert missing == []


def test_full_text_page_is_the_source_with_an_anchor_for_each_part(pages) -> None:
    page = pages["source"]
    for chapter in current().source.chapters:
        assert words(page.find(id=f"s{chapter.number}").h2) == chapter.title
    for id, paragraph in current().source.paragraphs.items():
        block = page.find(id=f"s{id}")
        assert "".join(words(s) for s in block.select(".sentence")) == paragraph.text
        assert block.select_one(f'.permalink[href="#s{id}"]')
    for id, unit in (current().source.sentences | current().source.clauses).items():
        assert words(page.find(id=f"s{id}")) == unit.text


def test_what_is_not_the_source_is_marked_as_the_editors(pages) -> None:
    for name in ("index", *CHAPTERS):
        assert unmarked(pages[name].article) == [], name
    for name in set(PAGES) - {"index", "source", "search", "verdicts", *CHAPTERS}:
        assert pages[name].select_one("article .editors-note"), name


def test_who_speaks_is_seen_once_in_a_section_and_beside_every_stretch(browser, site: Path) -> None:
    """A label at the start of a section's first stretch, in a line of its own; a line beside each, as long as it is."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    for name in ("index", *CHAPTERS):
        page.goto((site / f"{name}.html").as_uri())
        sections = page.locator("article section").evaluate_all(
            """all => all.map((section) => [...section.querySelectorAll(".voice-label")].filter((label) =>
                 label.closest("section") === section && !label.closest("details:not([open])") && label.getClientRects().length))
               .map((labels) => ({
                 heard: labels.length,
                 seen: labels.filter((label) => label.offsetHeight > 10).map((label) =>
                   labels.indexOf(label) === 0 && getComputedStyle(label).display === "block"),
               }))"""
        )
        assert any(section["heard"] > 1 for section in sections)
        assert all(section["seen"] == [True] * bool(section["heard"]) for section in sections), (
            name,
            sections,
        )
        notes = page.locator(".editors-note").evaluate_all(
            "all => all.map((e) => [parseFloat(getComputedStyle(e).borderLeftWidth), getComputedStyle(e).borderLeftStyle])"
        )
        assert all(width >= 2 and style != "none" for width, style in notes), name
    context.close()


def test_a_phone_shows_who_speaks_and_answers_without_scrolling(browser, site: Path) -> None:
    """At 390 x 844: the site's own name, that it is no office's, the first tiles; all names within two screens."""
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.goto((site / "index.html").as_uri())
    assert page.locator("h1").inner_text().replace("\n", "") == page.title()
    bottom = "e => e.getBoundingClientRect().bottom + scrollY"
    assert page.get_by_text("不是政府网站").first.evaluate(bottom) < 844
    tiles = page.locator(".tile")
    assert sum(tile.evaluate(bottom) < 844 for tile in tiles.all()) >= 2
    assert tiles.last.evaluate(bottom) < 2 * 844
    shown = page.locator(".tile q").all_inner_texts()
    for table in ("positionings", "zones", "tasks"):
        assert set(current().frame(table)["name"]) <= {*shown}
    page.close()


@pytest.mark.parametrize("width", [390, 1280])
def test_what_a_link_leads_to_is_not_under_the_bar(browser, site: Path, width: int) -> None:
    """Its ring neither; and on a phone the bar that stays takes no more than a tenth of the screen."""
    context = browser.new_context(viewport={"width": width, "height": 844}, reduced_motion="reduce")
    page = context.new_page()
    for name in PAGES:
        page.goto((site / f"{name}.html").as_uri())
        bar = page.locator(".site-header")
        assert bar.evaluate("e => getComputedStyle(e).position") == "sticky"
        height = bar.evaluate("e => e.getBoundingClientRect().height")
        assert height <= 84.4, name
        hidden = page.evaluate(
            """async ([ring, bar]) => {
              const hidden = [];
              for (const { id } of document.querySelectorAll("main [id]")) {
                location.hash = id;
                await new Promise(requestAnimationFrame);
                const target = document.getElementById(id);
                const [box] = target ? target.getClientRects() : [];
                if (box && box.height && box.top - ring < bar) hidden.push(id);
              }
              return hidden;
            }""",
            [3, height],
        )
        assert hidden == [], name
    context.close()


def test_the_contents_of_the_book_are_folded_on_a_phone_until_somebody_goes_there(
    browser, site: Path
) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto((site / now("purpose.html")).as_uri())
    chapters = page.get_by_role("navigation", name="全书目录").locator(".all-chapters")
    assert not chapters.is_visible()
    page.get_by_role("link", name="打开全书目录").click()
    assert chapters.is_visible() and not page.get_by_role("link", name="打开全书目录").is_visible()
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto((site / now("purpose.html")).as_uri())
    assert chapters.is_visible() and not page.get_by_role("link", name="打开全书目录").is_visible()
    context.close()


def test_readers_contents_have_all_pages_but_the_reviewers(pages) -> None:
    """Which is built all the same, and linked from a page."""
    for name in BOOK.toc:
        links = {link["href"].partition("#")[0] for link in pages["search"].select("#chapters a")}
        reviewers = pages[name].select_one("#coverage-table") is not None
        assert (f"{name}.html" in links) != reviewers, name
        if reviewers:
            assert any(page.select_one(f'article a[href="{name}.html"]') for page in pages.values())
            assert not any(
                page.select_one(f'.turn-page a[href="{name}.html"]') for page in pages.values()
            )


def test_every_link_lands(site: Path, pages) -> None:
    ids = {name: {e["id"] for e in page.find_all(id=True)} for name, page in pages.items()}
    hosts = BOOK.listed("explainer_hosts")
    for name, page in pages.items():
        for element in page.find_all(href=True):
            address, fragment = urldefrag(urljoin(f"{name}.html", element["href"]))
            if element.name == "a" and urlparse(address).scheme:
                host = urlparse(address).hostname or ""
                assert any(f".{host}".endswith(f".{known}") for known in hosts), (name, element)
                continue
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


def test_who_listens_hears_names_and_parts(browser, site: Path) -> None:
    """As the browser tells a screen reader: headings by their words alone, tables with a name and named rows,
    quotations as quotations, labels parted from what they label."""
    page = browser.new_page()
    for name in PAGES:
        page.goto((site / f"{name}.html").as_uri())
        page.evaluate(
            "document.querySelectorAll('figure.chart').forEach((chart) => chart.remove())"
        )  # test_charts.py
        page.evaluate("document.querySelectorAll('details').forEach((d) => (d.open = true))")
        tree = page.locator("main").aria_snapshot()
        headings = re.findall(r'- heading "(.*)" \[level=\d\]', tree)
        assert headings and not any("链接" in words for words in headings), name
        assert "- figure" not in tree, name
        assert tree.count("- blockquote") == page.locator("blockquote").count(), name
        tables = re.findall(r"^ *- table(.*)$", tree, re.MULTILINE)
        assert len(tables) == page.locator("main table").count() and all(
            words.startswith(' "') for words in tables
        ), name
        rows = page.locator("main tbody tr:visible")
        named = rows.evaluate_all("all => all.filter((row) => row.cells[0].textContent.trim())")
        assert tree.count("- rowheader") == len(named), name
        quoted = page.locator("main q a.source-link")
        assert len(re.findall('link "引文：', tree)) == quoted.count(), name
        labels = page.locator(".voice-label, .turn-page a > span").all_text_contents()
        assert all(words.endswith("：") for words in labels), name
        assert page.get_by_role("status").count() == 0, (
            name
        )  # named by screen readers even while it says nothing
    page.close()


# Which part of the policy allows what a link makes a browser fetch; nothing is fetched for the others.
FETCHES = {
    "stylesheet": "style-src",
    "icon": "img-src",
    "apple-touch-icon": "img-src",
    "manifest": "manifest-src",
    "canonical": None,
    "license": None,
    "alternate": None,
    "author": None,
}


def test_no_hint_is_against_the_pages_own_policy(site: Path) -> None:
    """`next`, `prefetch` and the like are fetched by some browsers, and no policy of ours allows that."""
    count = 0
    for path in site.rglob("*.html"):
        page = BeautifulSoup(path.read_text("utf-8"), "html.parser")
        policy = page.select_one('meta[http-equiv="Content-Security-Policy"]')["content"]
        allowed = {words[0]: words[1:] for words in map(str.split, policy.split(";")) if words}
        assert allowed["default-src"] == ["'none'"], path
        for link in page.find_all("link"):
            count += 1
            for kind in link["rel"]:
                assert kind in FETCHES, (path, link)
                assert FETCHES[kind] is None or "'self'" in allowed[FETCHES[kind]], (path, link)
    assert count > 20


@pytest.mark.parametrize("missing", ["reading", "search", "figures"])
def test_no_control_is_shown_before_its_script_is_at_work(
    browser, address: str, missing: str
) -> None:
    """As in a browser that is too old for a script: what it would serve does not stand there dead."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    served = {
        "reading": [".settings", ".cite .script-only"],
        "search": [".search-page"],
        "figures": [
            ".chart .script-only:not([hidden])"
        ],  # what waits for a choice is hidden until then
    }
    seen = "e => getComputedStyle(e).visibility === 'visible' && e.getClientRects().length > 0"
    places = []
    for blocked in (False, True):  # its room is kept, or what is read would jump when it comes
        if blocked:
            page.route(
                f"**/_static/{missing}.*",
                lambda route: route.fulfill(body="?.", content_type="text/javascript"),
            )
        page.goto(f"{address}/{now('purpose')}.html")
        places.append(
            page.locator(".tools a").evaluate_all(
                "all => all.map((e) => e.getBoundingClientRect().x)"
            )
        )
    assert places[0] == places[1]
    for name in (now("characteristics"), "search"):
        page.goto(f"{address}/{name}.html")
        page.evaluate(
            "document.querySelectorAll('details:not(.settings)').forEach((d) => (d.open = true))"
        )
        for script, selectors in served.items():
            for node in page.locator(", ".join(selectors)).all():
                assert node.evaluate(seen) == (script != missing), (name, node)
        for words in page.locator(".search-page ~ .without-script").all():
            page.wait_for_function(
                f"([node, wanted]) => ({seen})(node) === wanted",
                arg=[words.element_handle(), missing == "search"],
            )
    context.close()


def test_the_search_box_has_its_room_before_its_script_comes(browser, address: str) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    tops = []
    for missing in (True, False):
        if missing:
            page.route("**/_static/search.*", lambda route: route.abort())
        page.goto(f"{address}/search.html")
        # What is told at last, where it does not come, has not been told yet.
        page.evaluate(
            "document.getAnimations().forEach((one) => { one.pause(); one.currentTime = 0; })"
        )
        tops.append(page.locator("#chapters").evaluate("e => e.getBoundingClientRect().top"))
        page.unroute("**/_static/search.*")
    assert tops[0] == pytest.approx(tops[1], abs=10)
    page.close()


def test_every_page_says_which_document_counts(pages) -> None:
    assert all("以正式公布的文件为准" in page.footer.get_text() for page in pages.values())


def test_a_page_asks_no_other_host(visit: Visit, address: str) -> None:
    assert visit.errors == []
    assert len(visit.asked) > 2
    assert all(url.startswith((address, "data:", "blob:")) for url in visit.asked), visit.asked


def test_every_label_is_chinese(visit: Visit) -> None:
    """All that is seen or read out: words, words in charts, labels for screen readers, and what style sheets add."""
    labels = visit.page.evaluate(
        """() => {
             const labels = [document.title];
             const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
             while (walker.nextNode()) {
               const node = walker.currentNode;
               if (!node.parentElement.closest("script, style")) labels.push(node.data);
             }
             for (const node of document.querySelectorAll("*")) {
               for (const { name, value } of node.attributes) {
                 if (/^(aria-(label|description|roledescription|valuetext|placeholder)|title|alt|placeholder|label|data-label)$/.test(name)) labels.push(value);
               }
               for (const where of ["::before", "::after"]) {
                 const { content } = getComputedStyle(node, where);
                 if (content.startsWith('"')) labels.push(content);
               }
             }
             return labels;
           }"""
    )
    words = re.sub(r"[\w-]+\.(csv|md|txt|json)", "", " ".join(labels))
    words = re.sub(r"http\S+", "", words)  # the page's own address, in “引用本页”
    assert set(re.findall("[A-Za-z]+", words)) <= LATIN | EDITORS
    assert set(words) & simplified().keys() == set()
    assert visit.page.locator("html").get_attribute("lang") == "zh-CN"


@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing(visit: Visit, width: int) -> None:
    """On a phone also before anything is used, and in large print; at a desk, where more stands on the page, in all colours."""
    visit.resize(width)
    visit.read_as(theme="light")
    found = {"light": visit.axe()}
    if width == 360:
        visit.read_as(size="larger", view="simple")
        found |= {"before": visit.before, "large and simple": visit.axe()}
    else:
        for theme in ("dark", "contrast"):
            visit.read_as(theme=theme)
            found[theme] = visit.axe("color-contrast", "link-in-text-block")
    visit.read_as()
    assert {mode: nodes for mode, nodes in found.items() if nodes} == {}


# WCAG 1.4.12: whoever needs it sets these, and loses nothing.
SPACED = "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; } p { margin-bottom: 2em !important; }"


def test_nothing_overflows(visit: Visit) -> None:
    """From 320 px, where 1280 px zoomed to 400 % ends; in large print; with the reader's own spacing."""
    page = visit.page
    for width in (320, 360, 390, 768, 1280):
        visit.resize(width)
        for settings in ({}, {"size": "large"}, {"size": "larger"}, {"view": "simple"}):
            visit.read_as(**settings)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (width, settings)
        visit.read_as()
    page.evaluate(
        "css => { const sheet = new CSSStyleSheet(); sheet.replaceSync(css); document.adoptedStyleSheets = [sheet]; }",
        SPACED,
    )
    for width in (320, 1280):
        visit.resize(width)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        cut = page.evaluate(
            """() => [...document.querySelectorAll("body *:not(svg *)")].filter((e) => e.clientHeight > 1 &&  // of what is only heard, one pixel
                 getComputedStyle(e).overflowY !== "visible" && !/auto|scroll/.test(getComputedStyle(e).overflowY) &&
                 e.scrollHeight > e.clientHeight + 1).map((e) => e.outerHTML.slice(0, 80))"""
        )
        assert cut == []
    page.evaluate("document.adoptedStyleSheets = []")


def test_lines_are_set_as_a_chinese_book(visit: Visit) -> None:
    """At most 40 characters a line, 1.5 to 2.0 lines high, the system's Chinese fonts."""
    for width in (360, 768, 1024, 1280, 1920):
        visit.resize(width)
        wrong = visit.page.evaluate(
            """() => [...document.querySelectorAll("main :is(p, li, td, dd), .site-footer p")].flatMap((node) => {
                 const style = getComputedStyle(node);
                 const size = parseFloat(style.fontSize);
                 const inner = node.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
                 const own = [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim());
                 const height = parseFloat(style.lineHeight) / size;
                 const bad = own && (inner > 40.1 * size || height < 1.5 || height > 2.01);
                 return bad ? [[node.outerHTML.slice(0, 60), inner / size, height]] : [];
               })"""
        )
        assert wrong == [], width
    fonts = visit.page.evaluate("getComputedStyle(document.body).fontFamily")
    assert fonts.startswith('"PingFang SC", "Microsoft YaHei"') and fonts.endswith("sans-serif")


def test_with_scripts_off_everything_is_there(browser, site: Path, pages) -> None:
    """From disk: each sentence, each chart's picture, each table, and nothing that does not work."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    for name in PAGES:
        page.goto((site / f"{name}.html").as_uri())
        closed = page.locator("main details:not([open]) > summary:visible")
        while closed.count():  # one may stand inside another
            closed.first.click()
        seen = page.evaluate(
            """() => {
                 const shown = (e) => e.checkVisibility() && e.getBoundingClientRect().height > 0;
                 const all = (selector) => [...document.querySelectorAll(selector)];
                 return {
                   sentences: all("[data-source]").filter(shown).length,
                   pictures: all("svg.chart-static").filter(shown).length,
                   rows: all("tbody tr").filter(shown).length,
                   dead: all(".script-only, button, select, input").filter(shown).length,
                 };
               }"""
        )
        soup = pages[name]
        assert seen == {
            "sentences": len(soup.select("[data-source]")),
            "pictures": len(soup.select("figure.chart")),
            "rows": len(soup.select("tbody tr")),
            "dead": 0,
        }, name
    page.goto((site / now("characteristics.html")).as_uri())
    page.locator("#figure-dual-wheel .chart-static.narrow a").first.click()
    assert "source.html#s3.1.2" in page.url
    context.close()


def test_each_charts_files_can_be_downloaded(site: Path, pages) -> None:
    linked = {a["href"] for page in pages.values() for a in page.select(".chart a[download]")}
    assert linked == {
        f"downloads/figure-{name}.{end}" for name in FIGURES for end in ("csv", "svg")
    }
    for name in FIGURES:
        assert (site / f"downloads/figure-{name}.csv").read_bytes().startswith(b"\xef\xbb\xbf")
        svg = (site / f"downloads/figure-{name}.svg").read_text("utf-8")
        assert svg.startswith("<svg") and "var(--" not in svg and "<title>" in svg
