"""Which chapter uses which sentence of the source: for reviewers, and for the proof that none is missing."""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from ..coverage import covered, missing
from ..project import of
from . import places
from .listings import labelled_entry
from .quotations import quoted_words

logger = logging.getLogger(__name__)

COLUMNS = ("句子编号", "原文", "全句见于", "部分见于")


class coverage_list(nodes.General, nodes.Element):
    """Stands for the list until all pages have been read."""


class CoverageDirective(SphinxDirective):
    def run(self):
        places.hold(self.env, places.COVERAGE)
        return [coverage_list()]


def check(app: Sphinx) -> None:
    """Warns of each sentence of the source that no chapter has in full."""
    env = app.env
    # A wrong block quotation has been reported; that its sentence is missing follows from it.
    if set(of(app).explaining) <= set(env.found_docs) and not getattr(
        env, "explainer_faulty", False
    ):
        for error in missing(
            getattr(env, "explainer_uses", {}), of(app).source, of(app).explaining
        ):
            logger.warning("%s", error.words, type="explainer", subtype="coverage")


def _resolve(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    for placeholder in list(doctree.findall(coverage_list)):
        placeholder.replace_self(_table(app, docname))


def reading_order(app: Sphinx, page: str | None = None) -> list[str]:
    """The pages in the order of `_toc.yml`, those below a chapter after it."""
    page = page or app.config.root_doc
    below = app.env.toctree_includes.get(page, [])
    return [page, *(name for child in below for name in reading_order(app, child))]


def _table(app: Sphinx, docname: str) -> nodes.table:
    order = [
        page for page in reading_order(app) if page != places.page_of(app.env, places.FULL_TEXT)
    ]
    body = nodes.tbody()
    for sentence_id, uses in covered(
        getattr(app.env, "explainer_uses", {}), of(app).source
    ).items():
        whole, part = nodes.paragraph(), nodes.paragraph()
        for page in (page for page in order if page in uses):
            target = whole if uses[page] else part
            title = "首页" if page == app.config.root_doc else app.env.titles[page].astext()
            if target.children:
                target += nodes.Text("、")
            target += nodes.reference(
                "", title, internal=True, refuri=app.builder.get_relative_uri(docname, page)
            )
        place = of(app).source.place_of(sentence_id)
        body += nodes.row(
            "",
            *(
                labelled_entry("", cell, label=label)
                for label, cell in zip(
                    COLUMNS,
                    (
                        nodes.paragraph("", sentence_id),
                        nodes.paragraph("", "", quoted_words(place, place.unit.text)),
                        whole,
                        part,
                    ),
                )
            ),
        )
    head = nodes.row("", *(nodes.entry("", nodes.paragraph("", label)) for label in COLUMNS))
    group = nodes.tgroup(
        "", *(nodes.colspec(colwidth=w) for w in (1, 4, 2, 2)), nodes.thead("", head), body, cols=4
    )
    return nodes.table(
        "",
        nodes.title("", "每一句原文用在哪里"),
        group,
        classes=["data-table"],
        ids=["coverage-table"],
    )


def setup(app: Sphinx) -> None:
    app.add_node(coverage_list)
    app.add_directive("coverage-list", CoverageDirective)
    app.connect("doctree-resolved", _resolve)
