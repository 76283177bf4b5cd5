"""提纲: what parts a text has, and what each speaks of; nothing but their own order is drawn."""

from __future__ import annotations

from dataclasses import dataclass

import altair as alt

from ...style import color
from ..canvas import UNRELATED, boxes, in_boxes, labels
from ..figure import WIDTH, Shape
from . import Block, Size, plain

GAP, BETWEEN = 8, 16


@dataclass(frozen=True)
class Item:
    key: str
    quote: str
    words: str


@dataclass(frozen=True)
class Part:
    """A part by its ordinal, with its points."""

    key: str
    quote: str
    ordinal: str
    points: tuple[Item, ...]


def outline(shape: Shape, parts: list[Part], *, size: float = 17) -> Block:
    """A part's points stand side by side, as many in a line as all shapes have room for."""
    per_line, number = (4, 64) if shape == "wide" else (2, 52)
    height = 46 if shape == "wide" else 42
    width = (WIDTH[shape] - 2 - number - GAP * per_line) / per_line
    stops, items, top = [], [], 1.0
    for part in parts:
        lines = -(-len(part.points) // per_line)
        bottom = top + lines * (height + GAP) - GAP
        near = [point.key for point in part.points]
        stops.append(
            {"key": part.key, "quote": part.quote, "near": near, "words": part.ordinal}
            | {"x": 1, "x2": 1 + number, "y": top, "y2": bottom}
        )
        for at, point in enumerate(part.points):
            x, y = (
                1 + number + GAP + at % per_line * (width + GAP),
                top + at // per_line * (height + GAP),
            )
            items.append(
                {
                    "key": point.key,
                    "quote": point.quote,
                    "near": [part.key],
                    "words": plain(point.words),
                }
                | {"x": x, "x2": x + width, "y": y, "y2": y + height}
            )
        top = bottom + BETWEEN

    def layers(begin: float, canvas: Size) -> list[alt.TopLevelMixin]:
        placed, points = (
            [row | {"y": row["y"] + begin, "y2": row["y2"] + begin} for row in rows]
            for rows in (stops, items)
        )
        look = {"others": UNRELATED, "fontWeight": 600, "size": size}
        return [
            boxes(
                placed,
                *canvas,
                others=UNRELATED,
                fill=color("paper"),
                stroke=color("main"),
                strokeWidth=2.5,
            ),
            labels(in_boxes(placed, 2), *canvas, ink="main", **look),
            boxes(points, *canvas, others=UNRELATED, fill=color("main-wash"), stroke=color("main")),
            labels(in_boxes(points, 8), *canvas, **look),
        ]

    return Block(top - BETWEEN + 1, layers)
