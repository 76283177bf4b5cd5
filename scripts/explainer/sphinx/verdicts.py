"""The page on which a reader finds out whether a sentence is the source's, and the source as its script reads it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from sphinx.application import Sphinx

from ..project import of
from ..text import Unit
from . import places


def _page(app: Sphinx) -> Iterator[tuple[str, dict, str]]:
    yield places.VERDICTS, {"title": "核一核"}, "verdicts.html"


def _unit(unit: Unit) -> list:
    return [unit.id, unit.text, unit.start, [_unit(part) for part in unit.parts]]


def write(app: Sphinx) -> None:
    source = of(app).source
    content = {
        "headings": source.headings,
        "paragraphs": [_unit(paragraph) for paragraph in source.paragraphs.values()],
    }
    (Path(app.outdir) / "_static" / "verdicts-data.js").write_bytes(
        f"window.verdictsData={json.dumps(content, ensure_ascii=False, separators=(',', ':'))};\n".encode()
    )


def setup(app: Sphinx) -> None:
    app.connect("html-collect-pages", _page)
