"""What Sphinx is taught: the source's words, the editors' voice, tables from data, downloads, theme, metadata, assets."""

from __future__ import annotations

from sphinx.application import Sphinx

from . import assets, by_hand, coverage, downloads, listings, markdown, media, metadata
from . import places, quotations, redirects, search, site, voice

MODULES = (
    by_hand, markdown, places, quotations, voice, media, listings, coverage, downloads, search, redirects, site, metadata, assets,
)


def setup(app: Sphinx) -> dict:
    for module in MODULES:
        module.setup(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
