"""Search in Chinese: all that a reader sees of the site as a plain script, which the page's own script looks through.

Sphinx never splits a Chinese query, and Pagefind is imprecise and dead from disk; a substring test over
normalised text finds all there is, shows the passage, and works from a USB stick. Good to about 300 000
characters; a larger book would want an index.

What is looked through is taken from the finished pages, words in charts and in the tables below them
included: so it is what stands there, in the order in which it stands there. The numbers between the sentences
of the full text come last, lest they part words that belong together; `numbered` has them in their places.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from bs4 import BeautifulSoup, NavigableString, Tag
from opencc import OpenCC
from sphinx.application import Sphinx

from .. import tables
from ..project import Project, of
from . import places
from .coverage import reading_order

_UNSEEN = ("script", "style")
_PARTS = {  # elements that stand on lines of their own
    "address",
    "blockquote",
    "button",
    "caption",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "label",
    "legend",
    "li",
    "ol",
    "option",
    "p",
    "pre",
    "section",
    "summary",
    "text",
    "tr",
    "ul",
}
_HEADINGS = {"h1": 1, "h2": 2, "h3": 2, "h4": 2, "h5": 2, "h6": 2}
_CHART_TITLE = 3


class Passages:
    """The passages of a page in order, each `[rank, heading, text, id, offset, id, …]`.

    `rank` is 1 for the page's title, 2 for a heading or the number of a sentence, 3 for a chart's title, 0 for
    anything else; `heading` is the index of the passage that is its heading; the ids are the nearest to jump to,
    from the start of the text and from each offset on.
    """

    def __init__(self, article: Tag) -> None:
        self.list: list[list] = []
        self.numbered = ""
        self._numbers: list[list] = []
        self._element: Tag | None = None
        self._cell: Tag | None = None
        self._walk(article, None, 0, "", [-1], None)
        for passage in self.list:
            passage[2] = passage[2].rstrip()
        self.list += self._numbers
        if not self._numbers:
            self.numbered = ""

    def _walk(
        self,
        node: Tag,
        element: Tag | None,
        rank: int,
        id: str,
        heading: list[int],
        cell: Tag | None,
    ) -> None:
        for child in node.children:
            if isinstance(child, Tag):
                classes = child.get("class", ())
                if child.name in _UNSEEN or "headerlink" in classes:
                    continue
                if "permalink" in classes:
                    self.numbered += child.get_text()
                    self._numbers.append(
                        [2, heading[0], child.get_text(), child["href"].removeprefix("#")]
                    )
                    continue
                own_rank = (
                    _CHART_TITLE if "chart-title" in classes else _HEADINGS.get(child.name, 0)
                )
                starts = own_rank or (
                    child.name in _PARTS and (element is None or element.name != "tr")
                )
                self._walk(
                    child,
                    child if starts else element,
                    own_rank or rank,
                    child.get("id") or id,
                    # One box for all that stands in a section or chart: its heading fills it.
                    heading.copy() if child.name == "section" or "chart" in classes else heading,
                    child if child.name in ("td", "th") else cell,
                )
            elif type(child) is NavigableString:
                self._add(re.sub(r"\s+", " ", child), element, rank, id, heading, cell)

    def _add(
        self,
        words: str,
        element: Tag | None,
        rank: int,
        id: str,
        heading: list[int],
        cell: Tag | None,
    ) -> None:
        self.numbered += words
        if element is self._element and self.list:
            passage = self.list[-1]
            if cell is not self._cell and not passage[2].endswith(" "):
                passage[2] += " "
        elif words.strip():
            passage = [rank, heading[0], "", id]
            if rank:
                heading[0] = len(self.list)
            self.list.append(passage)
        else:
            return
        if not passage[2]:
            words = words.lstrip()
        nearest = passage[3] if len(passage) == 4 else passage[-1]
        if words and id != nearest:
            if passage[2]:
                passage += [len(passage[2]), id]
            else:
                passage[3] = id
        passage[2] += words
        self._element, self._cell = element, cell


class Known:
    """The passages of pages, kept by what stands in the page: reading one takes longer than writing it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.before = json.loads(path.read_bytes()) if path.exists() else {}
        self.now: dict[str, list] = {}

    def of(self, page: str) -> list:
        """The passages, and the words with the numbers between them."""
        key = hashlib.sha256(page.encode()).hexdigest()
        if key not in self.now:
            self.now[key] = self.before.get(key) or _read(page)
        return self.now[key]

    def keep(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(json.dumps(self.now, ensure_ascii=False), "utf-8")


def _read(page: str) -> list:
    passages = Passages(BeautifulSoup(page, "html.parser").article)
    return [passages.list, passages.numbered]


@lru_cache(maxsize=1)
def simplified() -> dict[str, str]:
    """Every Traditional character and its simplified form, where that is another one."""
    convert = OpenCC("t2s").convert
    characters = [chr(code) for code in range(0x4E00, 0xA000)]
    pairs = zip(characters, convert("\n".join(characters)).split("\n"))
    return {traditional: simple for traditional, simple in pairs if traditional != simple}


def phrases(book: Project) -> list[str]:
    """What a reader may be about to type: the terms, and what the tables quote, the most frequent first."""
    quoted = {
        row[field.alias]
        for table in book.tables.values()
        for field in table.fields
        if field.source in ("quotation", "words")
        for row in table.frame.to_dict("records")
        if isinstance(row[field.alias], str)
        and 3 <= len(row[field.alias]) <= 12
        and not row[field.alias].endswith("。")
    }
    text = "\n".join(paragraph.text for paragraph in book.source.paragraphs.values())
    terms = list(book.frame(tables.GLOSSARY)["term"])
    return list(
        dict.fromkeys(terms + sorted(quoted, key=lambda words: (-text.count(words), words)))
    )


def _page(app: Sphinx) -> Iterator[tuple[str, dict, str]]:
    yield places.SEARCH, {"title": "搜索"}, "search.html"


def write(app: Sphinx) -> None:
    known, pages = Known(app.explainer_drawings.folder / "passages.json"), []
    for name in reading_order(app):
        title = "首页" if name == app.config.root_doc else app.env.titles[name].astext()
        passages = known.of(Path(app.builder.get_outfilename(name)).read_text("utf-8"))
        pages.append([app.builder.get_target_uri(name), title, *passages])
    known.keep()
    used = set(unicodedata.normalize("NFKC", json.dumps(pages, ensure_ascii=False)))
    source = of(app).source
    content = {
        "pages": pages,
        "source": [
            app.builder.get_target_uri(places.page_of(app.env, places.FULL_TEXT)),
            source.headings,
            [paragraph.text for paragraph in source.paragraphs.values()],
        ],
        "phrases": phrases(of(app)),
        "simplified": "".join(t + s for t, s in simplified().items() if s in used),
    }
    (Path(app.outdir) / "_static" / "search-data.js").write_bytes(
        f"window.searchData={json.dumps(content, ensure_ascii=False, separators=(',', ':'))};\n".encode()
    )


def setup(app: Sphinx) -> None:
    app.connect("html-collect-pages", _page)
