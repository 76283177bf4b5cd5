"""Every chart drawn once for all outputs, in a process of its own while the chapters are being read.

Run as a program it draws them all into the folder that it is given; what cannot be drawn is left out, for the build
to try again where it can say what is wrong. Altair and Vega are imported there alone.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import EditorError
from .paths import ROOT
from .project import HERE

if TYPE_CHECKING:
    from .figures.figure import Figure

# What a notebook's cell says of a chart to those that make pages: its name.
MIME_TYPE = "application/vnd.explainer.figure+json"
# Set in the kernel of a build, where nobody looks at what a cell shows.
NAME_ONLY = "EXPLAINER_FIGURES_BY_NAME"

_CHARTS = "charts.json"
_VEGA = "vega.js"
_SYNCHRONIZE = 0x100000  # Windows: the right to wait for a process


@dataclass(frozen=True)
class Drawing:
    """A chart as the outputs take it: its words, its place in a page, its files, what it shows row by row."""

    name: str
    title: str
    conclusion: str
    caption: str
    alternative: str
    cited: list[str]
    columns: list[str]
    rows: list[list[str]]
    csv: str
    html: str
    script: str
    svg: dict[str, str]

    @classmethod
    def of(cls, figure: Figure) -> Drawing:
        from . import tables
        from .figures.figure import WIDTH

        return cls(
            figure.name,
            figure.title,
            figure.conclusion,
            figure.caption,
            figure.alternative,
            list(figure.cited),
            columns=list(figure.table.columns),
            rows=figure.table.astype(str).to_numpy().tolist(),
            csv=tables.csv_bytes(figure.table).decode("utf-8"),
            html=figure.html(),
            script=figure.script,
            svg={shape: figure.svg_file(shape) for shape in WIDTH},
        )


class Drawings:
    """The drawings of a book's charts in a folder: those that are there, or else those that a process is putting there."""

    def __init__(self, folder: Path, root: Path) -> None:
        self.folder = folder
        self._process = None if (folder / _VEGA).exists() else _start(folder, root)

    def close(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()

    def all(self) -> list[Drawing]:
        """In the order of the chapters. Raises what is wrong with the first that cannot be drawn."""
        return [self.of(name) for name in self._all]

    def of(self, name: str) -> Drawing:
        """The chart of this name. Raises what is wrong with it."""
        if name not in self._all:
            raise EditorError(f"图“{name}”没有登记", remedy="在图的清单 FIGURES 里加上它")
        return self._all[name] or _draw(name)

    @property
    def vega(self) -> bytes:
        """What makes the charts move in a page."""
        path = self._awaited(_VEGA)
        return path.read_bytes() if path.exists() else _vega()

    @cached_property
    def _all(self) -> dict[str, Drawing | None]:
        path = self._awaited(_CHARTS)
        if not path.exists():  # not even the tables can be read, or somebody ended the process
            return dict.fromkeys(_names())
        return {
            name: Drawing(**drawn) if drawn else None
            for name, drawn in json.loads(path.read_bytes()).items()
        }

    def _awaited(self, file: str) -> Path:
        """The file, as soon as the process says that it is there, or ends."""
        path = self.folder / file
        if self._process and not path.exists():
            next((line for line in self._process.stdout if line.strip() == file.encode()), None)
        return path


def _start(folder: Path, root: Path) -> subprocess.Popen:
    # The code that asks is the code that draws, wherever else Python would look for it.
    env = {**os.environ, "PYTHONPATH": str(ROOT / "scripts"), "PYTHONUTF8": "1", HERE: str(root)}
    command = [sys.executable, "-P", "-m", "explainer.drawings", str(folder), str(os.getpid())]
    return subprocess.Popen(
        command,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


def _names() -> list[str]:
    from .figures import of_book

    return list(of_book())


def _draw(name: str) -> Drawing:
    from .figures import of_book

    return Drawing.of(of_book()[name]())


def _vega() -> bytes:
    from .sphinx.vega import bundle

    return bundle()


def _draw_all(folder: Path) -> None:
    charts: dict[str, dict | None] = {}
    for name in _names():
        try:
            charts[name] = asdict(_draw(name))
        except Exception:
            charts[name] = None
    _write(folder / _CHARTS, json.dumps(charts, ensure_ascii=False).encode())
    if None not in charts.values():  # or the next build shall draw anew
        _write(folder / _VEGA, _vega())


def _write(path: Path, content: bytes) -> None:
    """At no moment is there half a file; when there is one, its name is said."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}-{os.getpid()}")
    unfinished.write_bytes(content)
    unfinished.replace(path)
    print(path.name, flush=True)


def _end_with(build: int) -> None:
    """Nothing is drawn for a build that was killed: the next may already be at work in the same folder.

    Not by reading a pipe from it: on Windows nobody can load a library while another thread waits for input.
    """

    def wait() -> None:
        if sys.platform == "win32":
            import _winapi

            process = _winapi.OpenProcess(_SYNCHRONIZE, False, build)
            _winapi.WaitForSingleObject(process, _winapi.INFINITE)
        else:
            while os.getppid() == build:
                time.sleep(0.5)
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


if __name__ == "__main__":
    _end_with(int(sys.argv[2]))
    _draw_all(Path(sys.argv[1]))
