"""What Sphinx is taught: the source's words, the editors' voice, tables from data, downloads, theme, metadata, assets."""

from __future__ import annotations

from sphinx.application import Sphinx


def setup(app: Sphinx) -> dict:
    # Not before: what draws Vega for the pages asks for one module here, and needs no Sphinx for it.
    from .. import pipeline
    from . import (
        by_hand,
        charts,
        coverage,
        listings,
        markdown,
        media,
        metadata,
        places,
        quotations,
        redirects,
        search,
        site,
        verdicts,
        voice,
    )

    for module in (
        by_hand,
        markdown,
        places,
        quotations,
        voice,
        media,
        charts,
        listings,
        coverage,
        search,
        verdicts,
        redirects,
        site,
        metadata,
        pipeline,
    ):
        module.setup(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
