"""This book's charts, one module each. A chapter shows one with a single line: ``charts.two_turns()``."""

from __future__ import annotations

from collections.abc import Callable

from explainer.figures.figure import Figure

from .dual_wheel import figure as dual_wheel
from .four_parts import figure as four_parts
from .measures import figure as measures
from .safeguards import figure as safeguards
from .ten_tasks import figure as ten_tasks
from .two_turns import figure as two_turns
from .wheel_sorting import figure as wheel_sorting
from .zone_layout import figure as zone_layout

# Name -> what makes it: everything that the site offers for download, in the order of the chapters.
FIGURES: dict[str, Callable[[], Figure]] = {
    "two-turns": two_turns,
    "four-parts": four_parts,
    "zone-layout": zone_layout,
    "ten-tasks": ten_tasks,
    "dual-wheel": dual_wheel,
    "wheel-sorting": wheel_sorting,
    "measures": measures,
    "safeguards": safeguards,
}
