"""One side of a comparison: a book as its readers have it, read back from what was built."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bs4 import BeautifulSoup, NavigableString, PageElement, Tag
from bs4.element import PreformattedString

from ..pdf import edition
from ..sphinx.places import DOWNLOADS
from ..tables import PACKAGE

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_BLOCKS = (
    *HEADINGS,
    "p",
    "li",
    "tr",
    "dt",
    "dd",
    "figcaption",
    "caption",
    "summary",
    "legend",
    "pre",
    "blockquote",
)
# What a reader does not read as the page's words: controls, drawings, and what the program adds by itself.
_UNREAD = (
    "script, style, svg, select, button, input, .headerlink, .permalink, .voice-label, .chart-hint, "
    ".updated, .source-tools"
)
# What stands round every page.
FRAME_TITLE = "每一页的页头、目录和页脚"
_FRAME = "body > header, nav.chapters, body > footer"
_REDIRECT = 'http-equiv="refresh"'
# Pages that show every sentence of the source whatever the chapters do.
_WHOLE_SOURCE = ".source-paragraph, #coverage-table"
# Scripts that come and go with what is written: the search's data, what leads on from an old address.
_BY_CONTENT = ("search-data.", "moved.", "figure-")
_DIGEST = re.compile(rb"\.[0-9a-f]{10}\.")
_ID = re.compile(r"\d+(\.\d+)*")


@dataclass(frozen=True)
class Block:
    """A paragraph, heading, item or row as it is read; `kind` is 标题, 原文, 表格行 or nothing."""

    kind: str
    text: str


@dataclass(frozen=True)
class Chart:
    name: str
    title: str
    words: list[str]
    rows: list[str]
    drawing: str  # SVG as offered for download
    live: str  # what the page's script makes of it

    @property
    def key(self) -> tuple:
        return (self.words, self.rows, self.drawing, self.live)


@dataclass(frozen=True)
class Page:
    name: str
    title: str
    blocks: list[Block]
    charts: list[Chart]
    uses: frozenset[str]  # ids of sentences of the source

    @property
    def text(self) -> str:
        return "\n".join(block.text for block in self.blocks)


@dataclass(frozen=True)
class Rows:
    """A table of data/: its rows by key."""

    title: str
    header: list[str]
    rows: dict[tuple[str, ...], dict[str, str]]


@dataclass(frozen=True)
class Product:
    """`pages` is empty and `html`, `pdf` are None where a book did not build; `fault` says why."""

    tables: dict[str, Rows]
    findings: list[str]
    html: Path | None = None
    pdf: Path | None = None
    pages: dict[str, Page] = field(default_factory=dict)
    redirects: set[str] = field(default_factory=set)  # names of pages that lead to another
    look: str = ""  # changes with the style sheets and scripts
    fault: str = ""


def read(root: Path, findings: list[str], fault: str = "") -> Product:
    """The book under `root` as it was last built there; without its pages when `fault` says that it was not."""
    tables = dict(_tables(root / "data"))
    if fault:
        return Product(tables, findings, fault=fault)
    html = root / "_build" / "html"
    folder = root / "_build" / "pdf"  # the form that holds most; the others have the same words
    printed = edition.printed(folder, edition.FULL) or edition.printed(folder)
    files = {
        path.relative_to(html).with_suffix("").as_posix(): path
        for path in sorted(html.rglob("*.html"))
    }
    redirects = {name for name, path in files.items() if _REDIRECT in path.read_text("utf-8")}
    pages = {
        name: page(path, name, html / DOWNLOADS)
        for name, path in files.items()
        if name not in redirects
    }
    pages[FRAME_TITLE] = _frame(html / "index.html")
    return Product(
        tables, findings, html, next(iter(printed), None), pages, redirects, _look(html / "_static")
    )


def _look(static: Path) -> str:
    files = [
        path
        for kind in ("*.css", "*.js")
        for path in static.glob(kind)
        if not path.name.startswith(_BY_CONTENT)
    ]
    # By contents, apart from the names that follow other files' contents.
    contents = [_DIGEST.sub(b".", path.read_bytes()) for path in files]
    return "".join(sorted(hashlib.sha256(content).hexdigest() for content in contents))


def page(path: Path, name: str, downloads: Path) -> Page:
    soup = BeautifulSoup(path.read_text("utf-8"), "html.parser")
    article = soup.find("article") or soup
    everywhere = article.select_one(_WHOLE_SOURCE)
    uses = frozenset() if everywhere else frozenset(_uses(article))
    payloads = [figure.find("script") for figure in article.select("figure.chart")]
    live = [
        (script.get_text() if script else "") + figure.get("data-drawn-from", "")
        for script, figure in zip(payloads, article.select("figure.chart"))
    ]
    for unread in article.select(_UNREAD):
        unread.extract()
    charts = [
        _chart(figure.extract(), spec, downloads)
        for figure, spec in zip(article.select("figure.chart"), live)
    ]
    heading = article.find("h1")
    return Page(name, _words(heading) if heading else name, list(_blocks(article)), charts, uses)


def _frame(home: Path) -> Page:
    soup = BeautifulSoup(home.read_text("utf-8") if home.is_file() else "", "html.parser")
    for unread in soup.select(_UNREAD):
        unread.extract()
    blocks = [block for part in soup.select(_FRAME) for block in _blocks(part)]
    return Page(home.stem, FRAME_TITLE, blocks, [], frozenset())


def _uses(article: Tag) -> Iterator[str]:
    for element in article.select("[data-source]"):
        if not element.select("[data-source]") and _ID.fullmatch(element["data-source"]):
            yield ".".join(element["data-source"].split(".")[:3])


def _chart(figure: Tag, live: str, downloads: Path) -> Chart:
    name = figure["id"].removeprefix("figure-")
    blocks = list(_blocks(figure))
    drawing = downloads / f"figure-{name}.svg"
    return Chart(
        name,
        _words(figure.find(class_="chart-title")),
        [block.text for block in blocks if block.kind != "表格行"],
        [block.text for block in blocks if block.kind == "表格行"],
        drawing.read_text("utf-8") if drawing.is_file() else "",
        live,
    )


def _blocks(node: Tag) -> Iterator[Block]:
    loose: list[str] = []
    for child in node.children:
        if isinstance(child, Tag) and (child.name in _BLOCKS or child.find(_BLOCKS)):
            yield from _block(node, "".join(loose))
            loose.clear()
            if child.name == "tr":
                cells = [_words(cell) for cell in child.find_all(["td", "th"])]
                yield from _block(child, " ｜ ".join(cells))
            else:
                yield from _blocks(child)
        else:
            loose.append(_text(child))
    yield from _block(node, "".join(loose))


def _block(element: Tag, text: str) -> Iterator[Block]:
    if text := " ".join(text.split()):
        yield Block(_kind(element), text)


def _kind(element: Tag) -> str:
    if element.name in HEADINGS:
        return "标题"
    if element.name == "tr":
        return "表格行"
    return "原文" if element.find_parent("blockquote") else ""


def _text(node: PageElement) -> str:
    if isinstance(node, Tag):
        return node.get_text()
    return (
        str(node)
        if isinstance(node, NavigableString) and not isinstance(node, PreformattedString)
        else ""
    )


def _words(node: PageElement) -> str:
    return " ".join(_text(node).split())


def _tables(data: Path) -> Iterator[tuple[str, Rows]]:
    """As they lie in the files: a table that a side could not build from is compared all the same."""
    package = data / PACKAGE
    if not package.is_file():
        return
    try:
        resources = json.loads(package.read_text("utf-8-sig"))["resources"]
        tables = [
            (data / resource["path"], resource["title"], resource["schema"])
            for resource in resources
        ]
    except (ValueError, KeyError, TypeError):
        return  # `check` says what is wrong with it
    for path, title, schema in tables:
        if path.is_file():
            text = path.read_bytes().decode("utf-8-sig", errors="replace")
            header, *rows = [row for row in csv.reader(text.splitlines()) if any(row)] or [[]]
            keys = schema.get("primaryKey") or header[:1]
            keys = [keys] if isinstance(keys, str) else keys
            records = [dict(zip(header, row)) for row in rows]
            yield (
                path.name,
                Rows(
                    title, header, {tuple(row.get(key, "") for key in keys): row for row in records}
                ),
            )
