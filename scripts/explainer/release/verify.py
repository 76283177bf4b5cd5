"""What is about to be published, judged by itself: not how it was built, but whether it is whole.

One rule, one function. Each gives findings whose place is a file of the product.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlparse

import pypdfium2
from bs4 import BeautifulSoup, Tag

from .. import settings
from ..errors import EditorError
from ..paths import COMMAND
from ..pdf.edition import grouped, printed
from ..project import Project
from ..sphinx.places import DOWNLOADS

AGAIN = f"重新生成：{COMMAND} build；仍不对，请告诉维护人员"
# Attributes by which a page makes the browser fetch something, without the reader's asking.
_FETCHING = ("src", "srcset", "data", "poster", "background")
_FETCHING_LINKS = {
    "stylesheet",
    "icon",
    "preload",
    "prefetch",
    "modulepreload",
    "manifest",
    "preconnect",
    "dns-prefetch",
}
# The same in files of other kinds.
_FETCHED_IN = {
    "*.css": r"(?:url\(|@import)\s*['\"]?((?:https?:)?//[^'\")\s]+)",
    "*.svg": r"(?:href|src)=\"((?:https?:)?//[^\"]+)",
}
MM = 72 / 25.4


@dataclass(frozen=True)
class Product:
    """A built site with the PDFs that it offers, and what the settings say of both."""

    html: Path
    book: Project
    settings: dict

    @cached_property
    def pages(self) -> dict[str, BeautifulSoup]:
        """By their addresses below the site's own."""
        return {
            path.relative_to(self.html).as_posix(): BeautifulSoup(
                path.read_text("utf-8"), "html.parser"
            )
            for path in sorted(self.html.rglob("*.html"))
        }

    @property
    def address(self) -> str:
        return (self.settings.get("html") or {}).get("baseurl") or ""

    @property
    def edition(self) -> str:
        return self.settings["sphinx"]["config"].get("explainer_edition") or ""

    @cached_property
    def printed(self) -> dict[str, list[str]]:
        """The words in the text block of each page, and of the whole page, of the edition in standard size."""
        (path,) = printed(self.html / DOWNLOADS)
        whole, block = [], []
        with pypdfium2.PdfDocument(path) as pdf:
            for number, page in enumerate(pdf, 1):
                text = page.get_textpage()
                left = (28 if number % 2 else 26) * MM - 1  # GB/T 9704, as the template has it
                block.append(
                    _plain(text.get_text_bounded(left, 34 * MM, left + 158 * MM, 261 * MM))
                )
                whole.append(_plain(text.get_text_range()))
        return {"whole": whole, "block": block}


def product(html: Path, book: Project) -> Product:
    return Product(html, book, settings.read(book.settings))


def verify(product: Product) -> list[EditorError]:
    """Everything that is wrong; the later rules are not asked when there is no site at all."""
    if not (product.html / "index.html").is_file():
        return [
            EditorError(
                "这个文件夹里没有网站",
                product.html,
                remedy="给出网站所在的文件夹，例如 _build/html",
            )
        ]
    return [finding for rule in RULES for finding in rule(product)]


def all_chapters_are_there(product: Product) -> Iterator[EditorError]:
    """Every chapter of _toc.yml is a page with a title and words."""
    for name in product.book.pages:
        page = product.pages.get(f"{name}.html")
        if page is None:
            yield EditorError("目录里有这一章，网站里没有", f"{name}.html", remedy=AGAIN)
        elif not page.h1 or len(page.find("main").get_text(strip=True)) < 20:
            yield EditorError("这一页没有标题，或者是空的", f"{name}.html", remedy=AGAIN)


def links_land(product: Product) -> Iterator[EditorError]:
    """Whatever a page points to within the site is there, down to the place in the page."""
    ids = {
        name: {element["id"] for element in page.find_all(id=True)}
        for name, page in product.pages.items()
    }
    for name, page in product.pages.items():
        for target in sorted(set(_targets(page))):
            address, fragment = urldefrag(urljoin(f"/{name}", _own(target, product.address)))
            if urlparse(address).scheme or urlparse(address).netloc:
                continue  # another host is the next rule's business
            path = unquote(urlparse(address).path).removeprefix("/")
            path = path + "index.html" if not path or path.endswith("/") else path
            if not (product.html / path).is_file():
                yield EditorError(f"链接落空：{target}", name, remedy="改正章节里的这个链接")
            elif fragment and path in ids and unquote(fragment) not in ids[path]:
                yield EditorError(
                    f"链接到了那一页，却没有那一处：{target}", name, remedy="改正章节里的这个链接"
                )


def no_foreign_host(product: Product) -> Iterator[EditorError]:
    """Nothing is fetched from anywhere else: pages, style sheets and pictures."""
    for name, page in product.pages.items():
        for element in page.find_all(True):
            for address in _fetched(element):
                if urlparse(_own(address, product.address)).netloc:
                    yield EditorError(
                        f"向别的网站要东西：{address}", name, remedy="删去它，或把文件放进 book/"
                    )
    for pattern, words in _FETCHED_IN.items():
        for path in sorted(product.html.rglob(pattern)):
            for address in re.findall(words, path.read_text("utf-8")):
                yield EditorError(
                    f"向别的网站要东西：{address}", _within(path, product), remedy="删去它"
                )


def search_answers(product: Product) -> Iterator[EditorError]:
    """The search's data holds every sentence of the source, and the title of every chapter."""
    try:
        (path,) = (product.html / "_static").glob("search-data*.js")
        data = json.loads(
            path.read_text("utf-8").strip().removeprefix("window.searchData=").removesuffix(";")
        )
        pages = {page[0] for page in data["pages"]}
        found = _searchable("".join(_strings(data["pages"])))
    except (ValueError, KeyError, TypeError, IndexError):
        yield EditorError("搜索要用的资料缺少或读不懂", "_static/search-data.js", remedy=AGAIN)
        return
    for name in product.book.pages:
        if f"{name}.html" not in pages:
            yield EditorError("搜索里没有这一页", f"{name}.html", remedy=AGAIN)
    for id, sentence in product.book.source.sentences.items():
        if _searchable(sentence.text) not in found:
            yield EditorError(
                f"搜不到原文 {id}：{sentence.text}", _within(path, product), remedy=AGAIN
            )


def source_is_the_registered_one(product: Product) -> Iterator[EditorError]:
    """The source text that readers download is, byte by byte, the one whose fingerprint is registered."""
    registered = product.book.source_register.read_text("ascii").split()[0]
    name = product.book.source_file.name
    offered = product.html / DOWNLOADS / name
    if not offered.is_file() or hashlib.sha256(offered.read_bytes()).hexdigest() != registered:
        yield EditorError(
            "供下载的原文缺少，或与登记的指纹不符", f"{DOWNLOADS}/{name}", remedy=AGAIN
        )


def printed_words_are_the_sources(product: Product) -> Iterator[EditorError]:
    """The meeting edition has every sentence of the source to the letter, its fingerprint, and the edition's number."""
    try:
        printed = "".join(product.printed["block"])
    except ValueError:
        yield EditorError("供下载的会议版 PDF 缺少，或不止一份", DOWNLOADS, remedy=AGAIN)
        return
    for id, sentence in product.book.source.sentences.items():
        if _plain(sentence.text) not in printed:
            yield EditorError(
                f"会议版里没有原文 {id}：{sentence.text}",
                DOWNLOADS,
                remedy="看看那一章是否没有放进会议版",
            )
    fingerprint = grouped(hashlib.sha256(product.book.source_file.read_bytes()).hexdigest())
    # On the cover and its back: the change log, at the end, names every edition.
    front = "".join(product.printed["whole"][:4])
    for what, words in (("底本指纹", _plain(fingerprint)), ("版本号", product.edition)):
        if words not in front:
            yield EditorError(f"会议版上没有印{what}“{words}”", DOWNLOADS, remedy=AGAIN)


def edition_is_shown(product: Product) -> Iterator[EditorError]:
    """Every chapter says in its footer which edition it belongs to."""
    for name in product.book.pages if product.edition else ():
        page = product.pages.get(f"{name}.html")
        if page and product.edition not in page.footer.get_text():
            yield EditorError(f"页脚没有写版本“{product.edition}”", f"{name}.html", remedy=AGAIN)


def no_leftovers(product: Product) -> Iterator[EditorError]:
    """No draft's traces: merge marks, tracebacks, the programs' own working files."""
    for name, page in product.pages.items():
        text = page.get_text()
        for trace in ("<<<<<<<", ">>>>>>>", "Traceback (most recent call last)"):
            if trace in text:
                yield EditorError(f"页面上有不该有的字：{trace}", name, remedy="改正章节里的这一处")
    for path in sorted(product.html.rglob("*")):
        if path.name in (".buildinfo", ".doctrees") or path.suffix == ".ipynb":
            yield EditorError("工作文件混进了网站", _within(path, product), remedy=AGAIN)


RULES: tuple[Callable[[Product], Iterator[EditorError]], ...] = (
    all_chapters_are_there,
    links_land,
    no_foreign_host,
    search_answers,
    source_is_the_registered_one,
    printed_words_are_the_sources,
    edition_is_shown,
    no_leftovers,
)


def _targets(page: BeautifulSoup) -> Iterator[str]:
    for element in page.find_all(True):
        for attribute in ("href", "src", "xlink:href"):
            target = element.get(attribute)
            if target and urlparse(target).scheme not in ("data", "mailto", "tel"):
                yield target


def _fetched(element: Tag) -> Iterator[str]:
    for attribute in _FETCHING:
        if element.get(attribute):
            yield element[attribute].split()[0]
    if element.name == "link" and _FETCHING_LINKS & set(element.get("rel", [])):
        yield element.get("href", "")


def _own(address: str, site: str) -> str:
    """An address that spells out the site's own, as one within the site."""
    return (
        "/" + address.removeprefix(site).removeprefix("/")
        if site and address.startswith(site)
        else address
    )


def _within(path: Path, product: Product) -> str:
    return path.relative_to(product.html).as_posix()


def _strings(data: object) -> Iterator[str]:
    """Every string in a piece of JSON, in order."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, list):
        for part in data:
            yield from _strings(part)


def _plain(text: str) -> str:
    return "".join(text.split())


def _searchable(text: str) -> str:
    """As the search itself sees words: no width, case, punctuation or space."""
    return "".join(
        letter for letter in unicodedata.normalize("NFKC", text).lower() if letter.isalnum()
    )
