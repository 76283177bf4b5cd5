"""The address book: where things are in the site, asked for by what they are and never by the name of a page.

A page is known by the directive that stands on it; what only the editors can tell, they write into `explainer_places`.
A link that is made before pages have addresses (by a chart, by a list of downloads) says `place:` and what it means,
as in `place:full-text#s1.2`, and gets its address when its page is made.
"""

from __future__ import annotations

import re

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.osutil import relative_uri

logger = logging.getLogger(__name__)

# What stands on a page of the book.
FULL_TEXT, TERMS, COVERAGE = "full-text", "terms", "coverage"
# The site's own pages, and its folder of files to take away.
SEARCH, VERDICTS, NOT_FOUND = "search", "verdicts", "404"
DOWNLOADS = "downloads"
_FOLDERS = {DOWNLOADS: DOWNLOADS, "scripts": "_static"}

_HELD = "explainer_holds"
_PLACE = re.compile(r"^place:([a-z-]+)")
_LINK = re.compile(r'(?<==")place:([a-z-]+)')


def hold(env: BuildEnvironment, what: str) -> None:
    """Remembers that the page that is being read is the one with this on it."""
    env.metadata[env.docname].setdefault(_HELD, []).append(what)


def page_of(env: BuildEnvironment, what: str) -> str:
    """The page with this on it; the home page where there is none."""
    return min(
        (page for page, known in env.metadata.items() if what in known.get(_HELD, ())),
        default=env.config.root_doc,
    )


def for_reviewers(env: BuildEnvironment, page: str) -> bool:
    """Whether a page is for those who review the book: readers' contents leave it out."""
    return COVERAGE in env.metadata[page].get(_HELD, ())


def title_of(env: BuildEnvironment, what: str) -> str:
    return env.titles[page_of(env, what)].astext()


def given(env: BuildEnvironment, use: str) -> tuple[str, str] | None:
    """The page, and the id on it if any, that the editors name for a use; None where they name none that there is."""
    name = (env.config.explainer_places or {}).get(use) or ""
    if name in env.found_docs:
        return name, ""
    page, id, *_ = env.get_domain("std").anonlabels.get(name, ("", ""))
    return (page, id) if page else None


def address(builder: Builder, page: str, what: str) -> str:
    """Where this is, as seen from a page."""
    if what in _FOLDERS:
        return relative_uri(builder.get_target_uri(page), _FOLDERS[what])
    return builder.get_relative_uri(page, page_of(builder.env, what))


def _check(app: Sphinx, env: BuildEnvironment) -> None:
    if getattr(env, "explainer_uses", None) and not any(
        FULL_TEXT in known.get(_HELD, ()) for known in env.metadata.values()
    ):
        logger.warning(
            "引文都链接到原文全文，书里没有放原文全文的一页。改法：在一页里写上 {source-text} 版块",
            type="explainer",
        )


def _resolve(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    def found(match: re.Match) -> str:
        return address(app.builder, docname, match[1])

    for reference in doctree.findall(nodes.reference):
        if _PLACE.match(reference.get("refuri", "")):
            reference["refuri"] = _PLACE.sub(found, reference["refuri"])


def resolved(html: str, builder: Builder) -> str:
    """HTML for the page that is being written, with the addresses that its links mean."""
    return _LINK.sub(lambda match: address(builder, builder.current_docname, match[1]), html)


def setup(app: Sphinx) -> None:
    app.add_config_value("explainer_places", {}, "html", (dict, type(None)))
    app.connect("env-check-consistency", _check)
    app.connect("doctree-resolved", _resolve)
