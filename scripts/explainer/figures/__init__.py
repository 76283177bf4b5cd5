"""What a chart is and what charts share; a book's own charts are in its package `charts`, beside this one."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .figure import Figure

PACKAGE = "charts"


def of_book() -> dict[str, Callable[[], Figure]]:
    """Name -> what makes it: the charts that the book's package lists as FIGURES; none where it has no package."""
    try:
        return import_module(PACKAGE).FIGURES
    except ModuleNotFoundError as error:
        if error.name != PACKAGE:
            raise
        return {}
