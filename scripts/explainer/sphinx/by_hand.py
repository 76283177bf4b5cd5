"""What makes `jupyter-book build .` give the same pages as `book.py build`, however often it is run.

Jupyter Book takes the folder of the settings for that of the chapters, looks for the contents from wherever the
user stands, and keeps what it has read, though charts and quotations change with files of which Sphinx knows nothing.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from sphinx.application import ENV_PICKLE_FILENAME, Sphinx

CONTENTS = "_toc.yml"
CHAPTERS = "book"


def _find_contents(app: Sphinx, config) -> None:
    """A relative path is meant as the user typed it, or else from the folder of the settings."""
    given = Path(config.external_toc_path)
    places = (Path.cwd() / given, Path(app.srcdir).parent / given)
    config.external_toc_path = next(
        (place for place in places if place.is_file()), given
    ).as_posix()


def setup(app: Sphinx) -> None:
    below = Path(app.srcdir) / CHAPTERS
    if (Path(app.srcdir) / CONTENTS).is_file() and below.is_dir():
        app.srcdir = type(app.srcdir)(below)
    Path(app.doctreedir, ENV_PICKLE_FILENAME).unlink(missing_ok=True)
    shutil.rmtree(Path(app.doctreedir, "drawings"), ignore_errors=True)
    # Before Sphinx-External-ToC reads them.
    app.connect("config-inited", _find_contents, priority=100)
