"""What a build depends on, as fingerprints: of the charts alone, and of all that can change a page or a PDF.

Whoever is not sure that nothing has changed builds: what is not known to be without influence counts.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from .. import history
from ..errors import EditorError

PRODUCTS = ("html", "pdf")
NOT_FOR_CHARTS = ("theme", "pdf")  # rooms of scripts/explainer/ that figures/ never uses
# Below a book's folder: what builds and tools leave there, and git's own, of which `_history` tells what is printed.
NOT_READ = (
    "_build",
    ".venv",
    ".git",
    "__pycache__",
    ".pytest_cache",
    ".hypothesis",
    ".ipynb_checkpoints",
    ".idea",
    ".vscode",
)
# Of the environment: who called from where, and how the window looks.
NOT_HEARD = (
    "_",
    "PWD",
    "OLDPWD",
    "SHLVL",
    "COLUMNS",
    "LINES",
    "TERM",
    "TERM_PROGRAM",
    "TERM_SESSION_ID",
    "WINDOWID",
)
FONTS = {
    "linux": ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts"),
    "darwin": ("/System/Library/Fonts", "/Library/Fonts", "~/Library/Fonts"),
    "win32": ("C:/Windows/Fonts", "~/AppData/Local/Microsoft/Windows/Fonts"),
}


def of_charts(root: Path) -> str:
    """Changes with everything that a chart may depend on, apart from its own code cell."""
    folders = (root / "data", root / "scripts")
    files = [
        path
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file() and _counts(path.relative_to(root))
    ]
    lock = root / "requirements.txt"
    return _digest(
        [platform.python_version(), *_fonts()],
        root,
        sorted(files) + ([lock] if lock.is_file() else []),
    )


def _counts(path: Path) -> bool:
    """Not what Python, Excel and editors leave beside the files; Excel's cannot even be read."""
    beside = {"__pycache__", *NOT_FOR_CHARTS} & set(path.parts)
    return not beside and not path.name.startswith(("~$", "."))


def inputs(root: Path) -> str | None:
    """Changes with everything that a page or a PDF may depend on; None when that cannot be told."""
    files = []
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if name not in NOT_READ]
        if any(Path(folder, name).is_symlink() for name in folders):
            return None  # it may lead anywhere
        files += [Path(folder, name) for name in names if not name.startswith("~$")]
    try:
        return _digest([*_machine(), *_fonts(), *_history(root, files)], root, sorted(files))
    except OSError:  # somebody is at work on them
        return None


class LastBuild:
    """What the last whole build was made from, and what it made."""

    def __init__(self, root: Path, output: Path) -> None:
        self.root = root
        self.output = output
        self.path = output / ".last-build.json"

    def pages_if_current(self) -> int | None:
        """How many pages the products have, if a build now would make the same."""
        try:
            last = json.loads(self.path.read_bytes())
        except (OSError, ValueError):
            return None
        current = last["inputs"] == inputs(self.root) and last["products"] == self._products()
        return last["pages"] if current else None

    def forget(self) -> None:
        self.path.unlink(missing_ok=True)

    def remember(self, made_from: str | None, pages: int) -> None:
        """`made_from` is the fingerprint of before the build: what was saved meanwhile is new to the next."""
        if made_from is not None:
            last = {"inputs": made_from, "products": self._products(), "pages": pages}
            self.path.write_text(json.dumps(last), "utf-8")

    def _products(self) -> str:
        files = [
            path for name in PRODUCTS for path in (self.output / name).rglob("*") if path.is_file()
        ]
        return _digest([], self.output, sorted(files))


def _digest(words: Iterable[str], root: Path, files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    parts = (
        part
        for path in files
        for part in (path.relative_to(root).as_posix().encode(), path.read_bytes())
    )
    for part in (*(word.encode("utf-8", "surrogateescape") for word in words), *parts):
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def _machine() -> Iterator[str]:
    """Python, its packages, and the environment, of which charts may use anything."""
    yield sys.version
    yield platform.platform()
    for folder in map(Path, sys.path):
        if folder.is_dir():
            yield from sorted(
                f"{path} {path.stat().st_mtime_ns}" for path in folder.glob("*.dist-info")
            )
    yield from sorted(
        f"{name}={value}" for name, value in os.environ.items() if name not in NOT_HEARD
    )


def _fonts() -> Iterator[str]:
    """The machine's fonts, by which words in charts are measured, and which the meeting edition may be told to use."""
    for folder in FONTS.get(sys.platform, ()):
        for place, _, names in os.walk(Path(folder).expanduser()):
            for name in names:
                stat = Path(place, name).stat()
                yield f"{place}/{name} {stat.st_size} {stat.st_mtime_ns}"


def _history(root: Path, files: Iterable[Path]) -> Iterator[str]:
    """The dates that pages and PDFs bear: git's, or else those of the files."""
    commit = history.last_commit(root)
    yield str(commit)
    if commit is None:
        yield from (str(path.stat().st_mtime_ns) for path in sorted(files))
    try:
        yield from map(str, sorted(history.last_changes(root).items()))
    except EditorError as error:
        yield error.words
