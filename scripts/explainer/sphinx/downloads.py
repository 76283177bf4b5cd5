"""What readers can take away: the tables as CSV, the charts as CSV and SVG, the source text."""

from __future__ import annotations

import shutil
from pathlib import Path

from sphinx.application import Sphinx

from .. import tables
from ..project import of
from .places import DOWNLOADS


def write(app: Sphinx) -> None:
    folder = Path(app.outdir) / DOWNLOADS
    shutil.rmtree(folder, ignore_errors=True)  # of an earlier run by hand
    folder.mkdir(parents=True)
    for drawing in app.explainer_drawings.all():
        (folder / f"figure-{drawing.name}.csv").write_bytes(drawing.csv.encode())
        (folder / f"figure-{drawing.name}.svg").write_bytes(drawing.svg["wide"].encode())
    for table in of(app).tables.values():
        (folder / table.path.name).write_bytes(tables.to_csv(table))
    shutil.copy(of(app).data / tables.PACKAGE, folder)
    shutil.copy(of(app).source_file, folder)
