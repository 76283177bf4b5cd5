"""Old addresses that still work: a small page for each, which leads to the new one without scripts, from disk as well."""

from __future__ import annotations

from collections.abc import Iterator

from sphinx.application import Sphinx

from ..project import of
from ..settings import line_of_text, redirect_fault
from .quotations import report

CONFIG = "_config.yml"


def _pages(app: Sphinx) -> Iterator[tuple[str, dict, str]]:
    """`explainer_redirects` as {old page: new page, or new page#place}."""
    for old, new in (app.config.explainer_redirects or {}).items():
        page, _, place = str(new).partition("#")
        if error := redirect_fault(str(old), page, app.env.found_docs):
            config = of(app).root / CONFIG
            report(error, f"{config}:{line_of_text(config, f'{old}:')}")
            continue
        address = app.builder.get_relative_uri(str(old), page) + (f"#{place}" if place else "")
        yield (
            str(old),
            {"address": address, "title": app.env.titles[page].astext()},
            "redirect.html",
        )


def setup(app: Sphinx) -> None:
    app.add_config_value("explainer_redirects", {}, "html", (dict, type(None)))
    app.connect("html-collect-pages", _pages)
