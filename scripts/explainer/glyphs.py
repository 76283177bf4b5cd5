"""Which characters the shipped fonts of the meeting edition can show: read without starting Typst, for the checks."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).parent / "pdf" / "fonts"
FALLBACK = "ExplainerFallback-Regular.otf"


@lru_cache(maxsize=1)
def covered() -> frozenset[str]:
    """The characters that every font of the edition can show, alone or with the fallback."""
    maps = {path.name: _characters(path) for path in sorted(FOLDER.glob("*.otf"))}
    fallback = maps.pop(FALLBACK)
    return frozenset(frozenset.intersection(*maps.values()) | fallback)


@lru_cache(maxsize=4096)
def is_shown(character: str) -> bool:
    """Whether the edition can print a character; the fonts are only opened for one that is not common."""
    try:
        character.encode("gb2312")  # all of which the fonts have
    except UnicodeEncodeError:
        return unicodedata.category(character) in ("Cc", "Cf") or character in covered()
    return True


def _characters(path: Path) -> frozenset[str]:
    from fontTools.ttLib import TTFont

    with TTFont(path, lazy=True) as font:
        return frozenset(map(chr, font.getBestCmap()))
