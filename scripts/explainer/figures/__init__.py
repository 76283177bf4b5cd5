"""The charts, one module each. A chapter shows one with a single line: ``figures.two_turns()``."""

from __future__ import annotations

from collections.abc import Callable

from . import dual_wheel as _dual_wheel
from . import four_parts as _four_parts
from . import measures as _measures
from . import safeguards as _safeguards
from . import ten_tasks as _ten_tasks
from . import two_turns as _two_turns
from . import zone_layout as _zone_layout
from .figure import Figure

dual_wheel = _dual_wheel.figure
four_parts = _four_parts.figure
measures = _measures.figure
safeguards = _safeguards.figure
ten_tasks = _ten_tasks.figure
two_turns = _two_turns.figure
zone_layout = _zone_layout.figure

# Name -> what makes it: everything that the site offers for download, in the order of the chapters.
FIGURES: dict[str, Callable[[], Figure]] = {
    "two-turns": two_turns,
    "four-parts": four_parts,
    "zone-layout": zone_layout,
    "ten-tasks": ten_tasks,
    "dual-wheel": dual_wheel,
    "measures": measures,
    "safeguards": safeguards,
}
