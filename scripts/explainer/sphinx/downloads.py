"""What readers can take away: the tables as CSV, the charts as CSV and SVG, the source text."""

from __future__ import annotations

import shutil
from pathlib import Path

from sphinx.application import Sphinx

from .. import figures, tables
from ..project import of
from .places import DOWNLOADS

NARROW = "narrow"  # beside the charts for readers, those for large print


def _write(app: Sphinx, exception: Exception | None) -> None:
    if exception or app.builder.format != "html":
        return
    folder = Path(app.outdir) / DOWNLOADS
    shutil.rmtree(folder, ignore_errors=True)  # of an earlier run by hand
    shutil.copytree(charts(app), folder, ignore=shutil.ignore_patterns(NARROW))
    for table in of(app).tables.values():
        (folder / table.path.name).write_bytes(tables.to_csv(table))
    shutil.copy(of(app).data / tables.PACKAGE, folder)
    shutil.copy(of(app).source_file, folder)


def charts(app: Sphinx) -> Path:
    """A folder with the charts' files; drawn anew only where the notebooks' outputs are, since it takes seconds."""
    cached = app.config.nb_execution_mode == "cache"
    folder = Path(app.config.nb_execution_cache_path if cached else app.doctreedir) / "charts"
    if folder.exists():
        return folder
    unfinished = folder.with_name("charts-unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    (unfinished / NARROW).mkdir(parents=True)
    for name, make in figures.of_book().items():
        figure = make()
        (unfinished / f"figure-{name}.csv").write_bytes(tables.csv_bytes(figure.table))
        (unfinished / f"figure-{name}.svg").write_bytes(figure.svg_file().encode())
        (unfinished / NARROW / f"figure-{name}.svg").write_bytes(figure.svg_file("narrow").encode())
    return unfinished.rename(folder)


def setup(app: Sphinx) -> None:
    app.connect("build-finished", _write)
