"""并列: names side by side, each on a plate of one size, in their order. Nothing sets one above another."""

from __future__ import annotations

from dataclasses import dataclass

import altair as alt

from ...style import color
from ..canvas import UNRELATED, boxes, labels
from ..figure import WIDTH, Shape
from . import Block, Size, lines_of, plain

GAP = 8


@dataclass(frozen=True)
class Plate:
    """A name (with soft breaks), which stands in the source; `near` are the keys of what stays in front with it."""

    key: str
    name: str
    near: tuple[str, ...] = ()


def plates(
    shape: Shape, rows: list[Plate], columns: int, *, solid: bool = False, size: float = 17.5
) -> Block:
    """So many in a line; the last line is as wide as the others. `solid` plates bear light words on a full ground."""
    width = (WIDTH[shape] - 2 - GAP * (columns - 1)) / columns
    lines = [lines_of(plate.name, width - 7, size) for plate in rows]
    height = max(len(own) for own in lines) * size * 1.25 + 12
    count = -(-len(rows) // columns)

    def layers(top: float, canvas: Size) -> list[alt.TopLevelMixin]:
        placed = []
        for at, (plate, own) in enumerate(zip(rows, lines, strict=True)):
            x, y = 1 + at % columns * (width + GAP), top + 1 + at // columns * (height + GAP)
            row = {
                "key": plate.key,
                "quote": plain(plate.name),
                "near": list(plate.near),
                "lines": own,
            }
            placed.append(row | {"x": x, "x2": x + width, "y": y, "y2": y + height})
        middles = [
            row | {"x": (row["x"] + row["x2"]) / 2, "y": (row["y"] + row["y2"]) / 2}
            for row in placed
        ]
        ground = (
            {"fill": color("main"), "strokeWidth": 0}
            if solid
            else {"fill": color("paper"), "stroke": color("main")}
        )
        # On the solid ground light words; where the ground has stepped back, dark ones.
        words = labels(
            middles,
            *canvas,
            size=size,
            line_height=size * 1.25,
            others="false" if solid else UNRELATED,
            fontWeight=700 if solid else 600,
        )
        if solid:
            words = words.encode(
                color=alt.condition(UNRELATED, alt.value(color("ink")), alt.value(color("paper")))
            )
        return [boxes(placed, *canvas, others=UNRELATED, **ground), words]

    return Block(count * (height + GAP) - GAP + 2, layers)
