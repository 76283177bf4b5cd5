"""转变: from what to what, an arrow each."""

from __future__ import annotations

from dataclasses import dataclass

import altair as alt

from ...style import color
from ..canvas import boxes, data, labels, pixel_x, pixel_y, stepping_back
from ..figure import WIDTH, Shape
from . import Block, Size, lines_of

GAP = 12


@dataclass(frozen=True)
class Turn:
    """The words of both ends have soft breaks."""

    key: str
    quote: str
    origin: str
    goal: str


def turns(shape: Shape, rows: list[Turn], *, size: float = 17) -> Block:
    box, height = (270, 54) if shape == "wide" else (142, 58)
    width = WIDTH[shape]

    def layers(top: float, canvas: Size) -> list[alt.TopLevelMixin]:
        origins, goals, arrows = [], [], []
        for at, row in enumerate(rows):
            y = top + 1 + at * (height + GAP)
            common = {"key": row.key, "quote": row.quote, "y": y, "y2": y + height}
            origins.append(
                common | {"x": 1, "x2": box, "lines": lines_of(row.origin, box - 16, size)}
            )
            goals.append(
                common
                | {"x": width - box, "x2": width - 1, "lines": lines_of(row.goal, box - 16, size)}
            )
            arrows.append(
                {
                    "key": row.key,
                    "quote": row.quote,
                    "x": box + 8,
                    "x2": width - box - 12,
                    "y": y + height / 2,
                }
            )
        words = [
            row | {"x": (row["x"] + row["x2"]) / 2, "y": (row["y"] + row["y2"]) / 2}
            for row in origins + goals
        ]
        origins, goals = (
            [{k: v for k, v in row.items() if k != "lines"} for row in own]
            for own in (origins, goals)
        )
        arrow = alt.Chart(data(arrows)).encode(y=pixel_y("y", canvas[1]), opacity=stepping_back())
        return [
            arrow.mark_rule(stroke=color("main"), strokeWidth=3).encode(
                x=pixel_x("x", canvas[0]), x2=alt.X2("x2:Q")
            ),
            arrow.mark_point(
                shape="triangle-right", size=170, filled=True, color=color("main")
            ).encode(x=pixel_x("x2", canvas[0])),
            boxes(origins, *canvas, fill=color("wash"), stroke=color("edge"), strokeDash=[5, 4]),
            boxes(goals, *canvas, fill=color("main-wash"), stroke=color("main")),
            labels(words, *canvas, size=size, fontWeight=600),
        ]

    return Block(len(rows) * (height + GAP) - GAP + 2, layers)
