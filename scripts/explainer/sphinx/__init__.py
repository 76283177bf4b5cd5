"""What Sphinx is taught: the source's words, the editors' voice, tables from data, downloads, theme, metadata, assets."""

from __future__ import annotations

from sphinx.application import Sphinx

from . import assets, coverage, downloads, listings, media, metadata, quotations, redirects, search, site, voice


def setup(app: Sphinx) -> dict:
    for module in (quotations, voice, media, listings, coverage, downloads, search, redirects, site, metadata, assets):
        module.setup(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
