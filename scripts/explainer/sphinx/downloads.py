"""What readers can take away: the tables and the charts' data as CSV, the tables' description, the source text."""

from __future__ import annotations

import shutil
from pathlib import Path

from sphinx.application import Sphinx

from .. import tables
from ..figures import FIGURES
from ..paths import DATA, SOURCE_TEXT

DOWNLOADS = "downloads"


def _write(app: Sphinx, exception: Exception | None) -> None:
    if exception or app.builder.format != "html":
        return
    folder = Path(app.outdir) / DOWNLOADS
    folder.mkdir(exist_ok=True)
    for table in tables.tables().values():
        (folder / table.path.name).write_bytes(tables.to_csv(table))
    for name, figure in FIGURES.items():
        (folder / f"figure-{name}.csv").write_bytes(tables.csv_bytes(figure().table))
    shutil.copy(DATA / tables.PACKAGE, folder)
    shutil.copy(SOURCE_TEXT, folder)


def setup(app: Sphinx) -> None:
    app.connect("build-finished", _write)
