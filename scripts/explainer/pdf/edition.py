"""Which edition this is: its date and its fingerprints. Taken from the inputs, never from the clock."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from .. import history


@dataclass(frozen=True)
class Form:
    """One of the forms in which an edition is printed; `use` says what readers take it for.

    The `brief` ones hold what the settings choose for a meeting (all, where they choose nothing); the other holds all.
    """

    name: str
    title: str
    use: str
    scale: float
    brief: bool = True


FORMS = (
    Form("meeting-edition", "会议版", "开会发的", 1),
    Form("meeting-edition-large", "会议版", "大字的", 1.25),
)
FULL = Form("full-edition", "详本", "准备用的", 1, brief=False)


@dataclass(frozen=True)
class Edition:
    """A release: its number if it has one, `epoch` in seconds, the text's fingerprint, and that of all that is printed."""

    number: str
    epoch: int
    source: str
    content: str

    @property
    def date(self) -> str:
        return history.date(self.epoch)

    def file(self, form: Form) -> str:
        return f"{form.name}-{self.number or self.date}.pdf"


def printed(folder: Path, form: Form = FORMS[0]) -> list[Path]:
    """The editions in this form among a folder's files."""
    return sorted(folder.glob(f"{form.name}-[0-9]*.pdf"))


def epoch(root: Path) -> int:
    """SOURCE_DATE_EPOCH; else the last commit's time; else that of the newest input."""
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    if given.isdecimal():
        return int(given)
    return history.last_commit(root) or _newest_input(root)


def digest(*parts: bytes) -> str:
    """Sixteen hexadecimal digits, in groups of four so that two printouts can be compared by eye."""
    total = hashlib.sha256()
    for part in parts:
        total.update(len(part).to_bytes(8, "big") + part)
    return grouped(total.hexdigest())


def grouped(hexadecimal: str) -> str:
    return " ".join(hexadecimal[start : start + 4] for start in range(0, 16, 4))


def _newest_input(root: Path) -> int:
    folders = (root / "book", root / "data")
    times = [
        path.stat().st_mtime for folder in folders for path in folder.rglob("*") if path.is_file()
    ]
    return int(max(times, default=0))
