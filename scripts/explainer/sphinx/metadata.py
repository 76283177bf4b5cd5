"""What a page tells search engines, chats and the catalogues of government sites; and what a lost reader is told.

Whatever needs the site's address (`html_baseurl`) is left out while that is not known, and so is every empty field.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin, urlsplit
from xml.sax.saxutils import escape

from docutils import nodes
from markupsafe import Markup
from sphinx.application import Sphinx
from sphinx.util import logging

from .. import history
from ..errors import EditorError
from ..project import of
from .places import NOT_FOUND, SEARCH, VERDICTS

logger = logging.getLogger(__name__)

OWN_DESCRIPTIONS = {
    SEARCH: "在全书里找一个词、一句话、一个数：原文、解读、图和名词解释都能找到。",
    VERDICTS: "贴一句话或整篇文章，看每一句是一字不差、与原文不同，还是不在原文。",
    NOT_FOUND: "网址可能抄漏了，或者这一页已经改名。",
}
_LONGEST = 100  # characters of a description that are shown
_RELATIVE = re.compile(r'\b(href|src)="(?![a-z]+:|[#/])')
_SHEET = re.compile(r'<link rel="stylesheet" href="/(_static/[^"]+)">')
_UP = ("", "../", "../../", "../../../")  # from a lost address to the site's folder
_SENTENCE = re.compile(r"[^。！？]*[。！？]")


def description(given: str | None, doctree: nodes.document | None) -> str:
    """What the chapter says of itself in its first lines; else its first sentences."""
    if given or doctree is None:
        return given or ""
    words = "".join(paragraph.astext() for paragraph in doctree.findall(nodes.paragraph)).replace(
        "\n", ""
    )
    result = ""
    for sentence in _SENTENCE.findall(words):
        if result and len(result + sentence) > _LONGEST:
            break
        result += sentence
    return result or words[:_LONGEST]


def address(app: Sphinx, page: str = "") -> str:
    """Where the site, or one of its pages, will stand; empty while that is not known."""
    base = app.config.html_baseurl
    if not base:
        return ""
    home = page in ("", app.config.root_doc)
    return urljoin(base.rstrip("/") + "/", "" if home else app.builder.get_target_uri(page))


def date(app: Sphinx, page: str) -> str:
    """The day on which the page's chapter, or a file that it takes in, was last changed."""
    if not hasattr(app, "explainer_changes"):
        app.explainer_changes = _changes(of(app).root)
    if page not in app.env.found_docs:
        return ""
    files = [app.env.doc2path(page, base=False), *app.env.dependencies.get(page, ())]
    return max(app.explainer_changes.get(_below_root(app, file), "") for file in files)


def _changes(root: Path) -> dict[str, str]:
    try:
        return history.last_changes(root)
    except EditorError as error:
        logger.info("网页上没有更新日期：%s", error.words, type="explainer")
        return {}


def _below_root(app: Sphinx, file: str) -> str:
    return Path(os.path.relpath(Path(app.srcdir, file), of(app).root)).as_posix()


def _tags(app: Sphinx, page: str, context: dict) -> Iterator[tuple[str, str, str]]:
    """(attribute that names it, name, content) of each meta element."""
    site = app.config.html_title
    title = site if context["is_home"] else Markup(context["title"]).striptags()
    where = address(app, page)
    column = _columns(app).get(page)
    yield "name", "description", context["description"]
    if page == NOT_FOUND:
        return
    yield "property", "og:type", "article" if column else "website"
    yield "property", "og:locale", app.config.language
    yield "property", "og:site_name", site
    yield "property", "og:title", title
    yield "property", "og:description", context["description"]
    yield "property", "og:url", where
    card = context.get("card")
    if card:
        yield "property", "og:image", urljoin(address(app), card["file"])
        yield "property", "og:image:width", str(card["width"])
        yield "property", "og:image:height", str(card["height"])
        yield "property", "og:image:alt", card["words"]
    yield "name", "twitter:card", "summary_large_image" if card else "summary"
    # 国办发〔2017〕47号. The site's number is for its owners alone to state, so it is never among them.
    yield "name", "SiteName", site
    yield "name", "SiteDomain", urlsplit(where).hostname or ""
    if column:
        yield "name", "ColumnName", column
        yield "name", "ColumnType", "政策解读"
        yield "name", "ArticleTitle", title
        yield "name", "PubDate", context["publication"].get("发布日期", "")
        yield "name", "ContentSource", context["publication"].get("主办单位", "")


def _columns(app: Sphinx) -> dict[str, str]:
    """Page -> the part of `_toc.yml` that it stands in."""
    site_map = app.env.external_site_map

    def below(tree) -> Iterator[str]:
        for page in map(str, tree.items):
            yield page
            for deeper in site_map[page].subtrees:
                yield from below(deeper)

    return {
        page: tree.caption
        for tree in site_map[site_map.root.docname].subtrees
        for page in below(tree)
    }


def fill(app: Sphinx, page: str, context: dict, doctree: nodes.document | None) -> None:
    """What the head of a page says of it; after its frame and its card."""
    given = OWN_DESCRIPTIONS.get(page) or (context.get("meta") or {}).get("description")
    context["description"] = description(given, doctree)
    context["updated"] = date(app, page)
    context["canonical"] = "" if page == NOT_FOUND else address(app, page)
    context["metadata"] = [tag for tag in _tags(app, page, context) if tag[2]]


def _not_found(app: Sphinx) -> Iterator[tuple[str, dict, str]]:
    yield NOT_FOUND, {"title": "没有这个网页"}, "404.html"


def write(app: Sphinx) -> None:
    """Makes the page for lost readers work at any depth, and lists the pages for search engines."""
    page = Path(app.outdir) / "404.html"
    _root_links(page, urlsplit(address(app)).path or "/")
    if address(app):
        _write_sitemap(app)
    else:
        page.write_bytes(_SHEET.sub(_wherever, page.read_text("utf-8"), count=1).encode())


def _root_links(page: Path, root: str) -> None:
    """A lost reader's page is shown at any depth, so its links begin at the root: the site's, where the address says it."""
    page.write_bytes(
        _RELATIVE.sub(lambda found: f'{found[1]}="{root}', page.read_text("utf-8")).encode()
    )


def _wherever(sheet: re.Match[str]) -> str:
    """The style sheet of the host's root, and, asked for wherever the site may stand, the short script that leads there."""
    return "\n".join([sheet[0], *(f'<script src="{up}_static/lost.js"></script>' for up in _UP)])


def _write_sitemap(app: Sphinx) -> None:
    """The list of pages for search engines."""
    entries = "".join(
        f"<url><loc>{escape(address(app, page))}</loc>{f'<lastmod>{day}</lastmod>' if day else ''}</url>\n"
        for page in sorted(app.env.found_docs)
        for day in [date(app, page)]
    )
    (Path(app.outdir) / "sitemap.xml").write_bytes(
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{entries}</urlset>\n'.encode()
    )
    robots = f"User-agent: *\nAllow: /\nSitemap: {urljoin(address(app), 'sitemap.xml')}\n"
    (Path(app.outdir) / "robots.txt").write_bytes(robots.encode())


def setup(app: Sphinx) -> None:
    app.connect("html-collect-pages", _not_found)
