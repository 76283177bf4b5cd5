"""Puts a new folder in an old one's place so that at every moment one of them is there, whole."""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
import time
from pathlib import Path

_AT_FDCWD, _RENAME_EXCHANGE = -100, 2  # Linux
_RENAME_SWAP = 2  # macOS


def replace(new: Path, old: Path, aside: Path) -> None:
    """`new` becomes `old`; what was there goes to `aside`, which must not exist.

    Linux and macOS exchange the two in one step. Elsewhere there are two steps, and `restore` undoes the first
    when the second was never made.
    """
    if not old.exists():
        _rename(new, old)
    elif _exchange(new, old):
        _rename(new, aside)
    else:
        _rename(old, aside)
        _rename(new, old)


def restore(old: Path, aside: Path) -> None:
    """After a kill between the two steps: what was there comes back."""
    if aside.exists() and not old.exists():
        _rename(aside, old)


def remove(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)


def _exchange(one: Path, other: Path) -> bool:
    """Whether the system exchanged the two; some file systems cannot."""
    paths = os.fsencode(one), os.fsencode(other)
    try:
        if sys.platform == "linux":
            return (
                ctypes.CDLL(None).renameat2(
                    _AT_FDCWD, paths[0], _AT_FDCWD, paths[1], _RENAME_EXCHANGE
                )
                == 0
            )
        if sys.platform == "darwin":
            return ctypes.CDLL(None).renamex_np(paths[0], paths[1], _RENAME_SWAP) == 0
    except (OSError, AttributeError):
        pass  # a C library that has no such function
    return False


def _rename(old: Path, new: Path) -> None:
    """On Windows a virus scanner may hold a folder for a moment; a second later it lets go."""
    for _ in range(5):
        try:
            old.rename(new)
            return
        except PermissionError:
            time.sleep(0.5)
    old.rename(new)
