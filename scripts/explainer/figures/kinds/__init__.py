"""Kinds of charts, a module each: drawn once, for any table that has such rows. None knows a word of a book.

A kind makes a block: a piece of a picture as wide as its shape. A chart is one block, or several below each other.
Words may hold soft breaks, `|`, where a line may end: no name is torn then.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

import altair as alt

from ..canvas import PICKED, UNRELATED, boxes, broken, labels
from ..figure import WIDTH, Shape

SOFT = "|"
Size = tuple[float, float]


@dataclass(frozen=True)
class Block:
    """How high a piece of a picture is, and its layers when it begins at `top` in a picture of a size."""

    height: float
    layers: Callable[[float, Size], list[alt.TopLevelMixin]]


def picture(shape: Shape, *blocks: Block, gap: float = 12, params: tuple = ()) -> alt.LayerChart:
    """The blocks below each other."""
    size = WIDTH[shape], ceil(sum(block.height for block in blocks) + gap * (len(blocks) - 1))
    layers, top = [], 0.0
    for block in blocks:
        layers += block.layers(top, size)
        top += block.height + gap
    return alt.layer(*layers).properties(width=size[0], height=size[1]).add_params(PICKED, *params)


def heading(
    shape: Shape,
    key: str,
    quote: str,
    words: str,
    aside: str = "",
    *,
    near: tuple[str, ...] = (),
    size: float = 17.5,
) -> Block:
    """A line of the source's words above what they lead to, which can be chosen; `aside` stands at its right."""
    width, height = WIDTH[shape], 27

    def layers(top: float, size_: Size) -> list[alt.TopLevelMixin]:
        row = {"key": key, "quote": quote, "near": list(near), "y": top + height / 2}
        left = [row | {"x": 2, "lines": [words]}]
        right = [row | {"x": width - 2, "lines": [aside]}] if aside else []
        look = {"size": size, "others": UNRELATED}
        return [
            boxes(
                [row | {"x": 0, "x2": width, "y": top, "y2": top + height}],
                *size_,
                others=UNRELATED,
                fill="transparent",
                strokeWidth=0,
            ),
            labels(left, *size_, align="left", ink="ink-soft", **look),
            *([labels(right, *size_, align="right", fontWeight=700, **look)] if right else []),
        ]

    return Block(height, layers)


def plain(words: str) -> str:
    """The words without their soft breaks."""
    return words.replace(SOFT, "")


def length(words: str) -> float:
    """How many Han characters wide the words are."""
    return sum(1 if ord(character) > 0x2000 else 0.6 for character in words)


def lines_of(words: str, room: float, size: float) -> list[str]:
    """The words in as few lines as go into `room` pixels at this size: broken at their soft breaks, else anywhere
    that the rules of punctuation allow, into lines of about one length."""
    most = room / size
    if SOFT not in words:
        return broken(words, int(most)) if length(words) > most else [words]
    lines = [""]
    for piece in words.split(SOFT):
        if lines[-1] and length(lines[-1] + piece) > most:
            lines.append("")
        lines[-1] += piece
    return lines
