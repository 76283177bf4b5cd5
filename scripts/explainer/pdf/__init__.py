"""The meeting edition: the same chapters as a PDF for printing, set by Typst.

doctree ─► writer (Typst markup) ─► template ─► Typst ─► PDF. `pipeline` says when.
"""

from __future__ import annotations

from sphinx.application import Sphinx

from . import builder


def setup(app: Sphinx) -> dict:
    builder.setup(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
