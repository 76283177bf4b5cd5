"""The edition's fonts: the shipped ones and no others, so that every machine prints the same."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from fontTools.ttLib import TTFont

FOLDER = Path(__file__).parent / "fonts"
CHARTS = "FandolHei"
FALLBACK = "ExplainerFallback-Regular.otf"


@lru_cache(maxsize=1)
def covered() -> frozenset[str]:
    """The characters that every font of the edition can show, alone or with the fallback."""
    maps = {path.name: _characters(path) for path in sorted(FOLDER.glob("*.otf"))}
    fallback = maps.pop(FALLBACK)
    return frozenset(frozenset.intersection(*maps.values()) | fallback)


def _characters(path: Path) -> frozenset[str]:
    with TTFont(path, lazy=True) as font:
        return frozenset(map(chr, font.getBestCmap()))
