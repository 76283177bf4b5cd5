"""When each file was last changed, as git remembers it."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path

from . import git
from .errors import EditorError

CHINA = timezone(timedelta(hours=8))


def date(epoch: int) -> str:
    """The day in China, as in 2026-01-31."""
    return datetime.fromtimestamp(epoch, CHINA).strftime("%Y-%m-%d")


def last_changes(root: Path) -> dict[str, str]:
    """File below `root` -> day of the last commit that touched it. Raises EditorError when git cannot say."""
    if git.run(root, "rev-parse", "--is-shallow-repository") != "false":
        raise EditorError("这份副本只有一部分历史", remedy="运行 git fetch --unshallow")
    changes: dict[str, str] = {}
    day = ""
    for line in git.run(root, "log", "--relative", "--name-only", "--format=>%ct").splitlines():
        if line.startswith(">"):
            day = date(int(line[1:]))
        elif line:
            changes.setdefault(line, day)
    return changes


def last_commit(root: Path) -> int | None:
    """When the book under `root` was last committed; None when git cannot say."""
    if not (
        root / ".git"
    ).exists():  # a folder in somebody else's repository has no edition of its own there
        return None
    try:
        return int(git.run(root, "log", "-1", "--format=%ct") or 0) or None
    except EditorError:
        return None
