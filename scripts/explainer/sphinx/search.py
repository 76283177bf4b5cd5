"""Search in Chinese: every passage of the site as a plain script, which the page's own script looks through.

Sphinx never splits a Chinese query, and Pagefind is imprecise and dead from disk; a substring test over
normalised text finds all there is, shows the passage, and works from a USB stick. Good to about 300 000
characters; a larger book would want an index.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from bs4 import BeautifulSoup
from docutils import nodes
from opencc import OpenCC
from sphinx.application import Sphinx

from .coverage import reading_order
from .listings import glossary_entry
from .quotations import source_words
from .voice import LABEL

PAGE = "search"
_BLOCKS = (nodes.paragraph, nodes.row, nodes.term, nodes.caption)


def passages(doctree: nodes.document, docname: str) -> Iterator[tuple[str, str, str]]:
    """(id to jump to, heading above, words) for each passage of a page, in order; a heading has no words."""
    for section in doctree.findall(nodes.section):
        id, heading = section["ids"][0], section.next_node(nodes.title).astext()
        yield id, heading, ""
        for child in section.children:
            if not isinstance(child, (nodes.section, nodes.title)):
                yield from _of_block(child, id, heading)


def _of_block(node: nodes.Node, id: str, heading: str) -> Iterator[tuple[str, str, str]]:
    if isinstance(node, nodes.raw):
        yield from _of_chart(node, heading)
    elif isinstance(node, glossary_entry):
        yield node["id"], node["term"], ""
        yield node["id"], node["term"], node.astext()
    elif isinstance(node, source_words) and "source" in node:
        yield node["ids"][0], heading, node.astext()
    elif isinstance(node, _BLOCKS) and not any(True for _ in node.findall(source_words)):
        if words := node.astext().strip():
            yield id, heading, words
    else:
        for child in node.children:
            yield from _of_block(child, id, heading)


def _of_chart(node: nodes.raw, heading: str) -> Iterator[tuple[str, str, str]]:
    figure = BeautifulSoup(node.astext(), "html.parser").find("figure", class_="chart")
    if figure is None:
        return
    title = figure.find(class_="chart-title").get_text()
    yield figure["id"], title, ""
    for part in figure.select(".chart-conclusion, .chart-situation, .chart-caption, .chart-more > p, tbody tr"):
        cells = [cell.get_text() for cell in part.find_all("td")] or [part.get_text()]
        yield figure["id"], title, " ".join(cells).replace(LABEL, "").strip()


@lru_cache(maxsize=1)
def simplified() -> dict[str, str]:
    """Every Traditional character and its simplified form, where that is another one."""
    convert = OpenCC("t2s").convert
    characters = [chr(code) for code in range(0x4E00, 0xA000)]
    pairs = zip(characters, convert("\n".join(characters)).split("\n"))
    return {traditional: simple for traditional, simple in pairs if traditional != simple}


def _collect(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    app.explainer_passages[docname] = list(passages(doctree, docname))


def _page(app: Sphinx) -> Iterator[tuple[str, dict, str]]:
    yield PAGE, {"title": "搜索"}, "search.html"


def _write(app: Sphinx, exception: Exception | None) -> None:
    if exception or app.builder.format != "html":
        return
    root = app.config.root_doc
    pages = [
        [
            app.builder.get_target_uri(name),
            "首页" if name == root else app.env.titles[name].astext(),
            app.explainer_passages[name],
        ]
        for name in reading_order(app)
        if name in app.explainer_passages
    ]
    used = set(unicodedata.normalize("NFKC", json.dumps(pages, ensure_ascii=False)))
    pairs = "".join(t + s for t, s in simplified().items() if s in used)
    content = json.dumps({"pages": pages, "simplified": pairs}, ensure_ascii=False, separators=(",", ":"))
    (Path(app.outdir) / "_static" / "search-data.js").write_bytes(
        f"window.searchData={content};\n".encode()
    )


def setup(app: Sphinx) -> None:
    app.explainer_passages = {}
    # After the other extensions have put in what stands for them on the page.
    app.connect("doctree-resolved", _collect, priority=900)
    app.connect("html-collect-pages", _page)
    app.connect("build-finished", _write)
