"""The way through the house, in order; the one place that says what comes after what.

The source text and the tables are read when they are first asked for. Then:

    figures    drawn by a process of their own, which starts first and is waited for last   (`drawings`)
    chapters   read by Sphinx into doctrees, once for all outputs
    paper      written from the doctrees and set by Typst; whatever goes wrong there, the site is made
    site       pages written by Sphinx from the doctrees; then what is made from finished pages, and the PDFs put in

Sphinx, run by `engine` or by hand, calls the functions below at the end of its own steps.
"""

from __future__ import annotations

from pathlib import Path

from sphinx.application import Sphinx

from .drawings import Drawings
from .pdf import builder as paper
from .pdf import card
from .project import of
from .sphinx import assets, coverage, downloads, metadata, search, site, verdicts


def _settings_are_read(app: Sphinx) -> None:
    app.explainer_card = None
    app.explainer_printed = []  # the PDFs
    if _site(app):
        if not getattr(app, "explainer_drawings", None):  # by hand; `engine` has begun with them
            app.explainer_drawings = Drawings(_beside_the_notebooks(app) / "drawings", of(app).root)
        site.prepare(app)


def _chapters_are_read(app: Sphinx, env) -> None:
    coverage.check(app)
    if _site(app):
        card.make(app)
        paper.make(app)


def _page_is_to_be_written(app: Sphinx, page: str, template: str, context: dict, doctree) -> None:
    site.fill(app, page, context, doctree)
    card.fill(app, context)
    metadata.fill(app, page, context, doctree)  # describes the page, its frame and card filled in


def _pages_are_written(app: Sphinx, exception: Exception | None) -> None:
    if exception is None and _site(app):
        site.add_vega(app)
        downloads.write(app)
        metadata.write(app)
        search.write(app)
        verdicts.write(app)
        paper.put(app)
        assets.finish(Path(app.outdir), site.scripts())  # gives every file its lasting name


def _beside_the_notebooks(app: Sphinx) -> Path:
    """Where their outputs are kept, if they are kept; else among Sphinx's own working files."""
    kept = app.config.nb_execution_mode == "cache" and app.config.nb_execution_cache_path
    return Path(kept or app.doctreedir)


def _site(app: Sphinx) -> bool:
    return app.builder.format == "html"


def setup(app: Sphinx) -> None:
    app.connect("builder-inited", _settings_are_read)
    app.connect("env-check-consistency", _chapters_are_read)
    app.connect("html-page-context", _page_is_to_be_written)
    app.connect("build-finished", _pages_are_written)
