"""What a chart is and what charts share; a book's own charts are in its package `charts`, beside this one."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from ..paths import CHARTS
from ..project import current

if TYPE_CHECKING:
    from .figure import Figure

PACKAGE = Path(CHARTS).name


def of_book() -> dict[str, Callable[[], Figure]]:
    """Name -> what makes it: the charts that the book's package lists as FIGURES; none where it has no package."""
    root = current().root
    if not (root / CHARTS / "__init__.py").is_file():
        return {}
    place = str(root / Path(CHARTS).parent)
    if place not in sys.path:  # the book lies elsewhere than this program
        sys.path.insert(0, place)
    return import_module(PACKAGE).FIGURES
