"""What changed between two texts, and which parts of two lists belong together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

from diff_match_patch import diff_match_patch
from rapidfuzz import fuzz

ALIKE = 0.5  # two passages at least so alike are one that was edited

Kind = Literal["same", "gone", "new"]
_KINDS: dict[int, Kind] = {0: "same", -1: "gone", 1: "new"}


class Piece(NamedTuple):
    kind: Kind
    text: str


def pieces(old: str, new: str) -> list[Piece]:
    """The new text with what went and what came; single characters that happen to match are not kept apart."""
    engine = diff_match_patch()
    engine.Diff_Timeout = 0  # the same answer on a slow computer
    found = engine.diff_main(old, new)
    engine.diff_cleanupSemantic(found)
    return [Piece(_KINDS[kind], text) for kind, text in found]


def likeness(old: str, new: str) -> float:
    """From 0 to 1."""
    return fuzz.ratio(old, new) / 100


def align(
    old: Sequence[str], new: Sequence[str], likeness: Callable[[str, str], float] = likeness
) -> list[tuple[int | None, int | None]]:
    """Pairs of positions in both lists, in order; None where a part has no counterpart."""
    pairs: list[tuple[int | None, int | None]] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            pairs += zip(range(a, b), range(c, d))
        else:
            matched = _best(old[a:b], new[c:d], likeness)
            pairs += [(i if i is None else a + i, j if j is None else c + j) for i, j in matched]
    return pairs


def _best(
    old: Sequence[str], new: Sequence[str], likeness: Callable[[str, str], float]
) -> list[tuple[int | None, int | None]]:
    """The pairing, in order, of parts that differ: the one with the greatest likeness in all."""
    alike = [[likeness(a, b) for b in new] for a in old]
    # total[i][j]: the best for old[i:] and new[j:].
    total = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in reversed(range(len(old))):
        for j in reversed(range(len(new))):
            paired = alike[i][j] + total[i + 1][j + 1] if alike[i][j] >= ALIKE else 0.0
            total[i][j] = max(paired, total[i + 1][j], total[i][j + 1])
    pairs: list[tuple[int | None, int | None]] = []
    i = j = 0
    while i < len(old) or j < len(new):
        if (
            i < len(old)
            and j < len(new)
            and alike[i][j] >= ALIKE
            and total[i][j] == alike[i][j] + total[i + 1][j + 1]
        ):
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif j == len(new) or (i < len(old) and total[i][j] == total[i + 1][j]):
            pairs.append((i, None))
            i += 1
        else:
            pairs.append((None, j))
            j += 1
    return pairs
