"""What Sphinx is taught: the source's words, the editors' voice, tables from data, downloads, the theme."""

from __future__ import annotations

from sphinx.application import Sphinx

from . import coverage, downloads, listings, quotations, redirects, search, site, voice


def setup(app: Sphinx) -> dict:
    for module in (quotations, voice, listings, coverage, downloads, search, redirects, site):
        module.setup(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
