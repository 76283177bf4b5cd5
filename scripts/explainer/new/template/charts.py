"""The charts, one module each, like ``charts/NAME.py`` with a function `figure`. A chapter shows one with a single line."""

from __future__ import annotations

from collections.abc import Callable

from explainer.figures.figure import Figure

# Name -> what makes it: everything that the site offers for download, in the order of the chapters.
FIGURES: dict[str, Callable[[], Figure]] = {}
