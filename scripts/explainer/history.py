"""When each file was last changed, as git remembers it."""

from __future__ import annotations

import subprocess
from datetime import datetime, timedelta, timezone
from pathlib import Path

CHINA = timezone(timedelta(hours=8))


def date(epoch: int) -> str:
    """The day in China, as in 2026-01-31."""
    return datetime.fromtimestamp(epoch, CHINA).strftime("%Y-%m-%d")


def last_changes(root: Path) -> dict[str, str]:
    """File below `root` -> day of the last commit that touched it; nothing without git or with part of its history."""
    if _git(root, "rev-parse", "--is-shallow-repository") != "false\n":
        return {}
    changes: dict[str, str] = {}
    day = ""
    for line in _git(root, "log", "--relative", "--name-only", "--format=>%ct").splitlines():
        if line.startswith(">"):
            day = date(int(line[1:]))
        elif line:
            changes.setdefault(line, day)
    return changes


def _git(root: Path, *arguments: str) -> str:
    command = ["git", "-C", str(root), "-c", "core.quotePath=false", *arguments]
    try:
        return subprocess.run(command, capture_output=True, text=True, encoding="utf-8").stdout
    except OSError:
        return ""
