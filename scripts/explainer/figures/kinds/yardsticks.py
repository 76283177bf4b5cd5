"""标尺: statements that measure different things, one yardstick each, all of one length: what, with whom, how far.

Each has marks of its own spacing, for no two measure in the same unit; one that speaks of a part only is drawn broken.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import altair as alt

from ...style import color
from ..canvas import UNRELATED, boxes, captions, data, labels, pixel_x, pixel_y, stepping_back
from ..figure import WIDTH, Shape
from . import Block, Size, length, lines_of

GAP = 8
MARKS = (9, 13, 7)  # pixels from mark to mark
PIECE = 3, 2  # of a broken yardstick: so many marks, and so many left out


@dataclass(frozen=True)
class Yardstick:
    """A statement in its parts, with soft breaks: what is compared, a verb, with whom, and how far."""

    key: str
    quote: str
    what: str
    verb: str
    whom: str
    level: str
    partial: bool = False
    near: tuple[str, ...] = ()


def yardsticks(
    shape: Shape, heads: tuple[str, str, str], rows: list[Yardstick], *, size: float = 17.5
) -> Block:
    """`heads` are the editors' words above the three parts."""
    width, wide = WIDTH[shape], shape == "wide"
    # The middle of each part, and the room for it.
    parts = ((150, 280), (384, 150), (600, 220)) if wide else ((68, 128), (181, 92), (289, 92))
    head, ruler, line = 27, 12, size * 1.25
    whats = [lines_of(row.what, parts[0][1], size) for row in rows]
    heights = [max(len(what), 1 if wide else 2) * line + ruler + 16 for what in whats]

    def layers(top: float, canvas: Size) -> list[alt.TopLevelMixin]:
        placed, y = [], top + head
        for at, (row, what, height) in enumerate(zip(rows, whats, heights, strict=True)):
            placed.append(
                {"key": row.key, "quote": row.quote, "near": list(row.near), "partial": row.partial}
                | {
                    "x": 1,
                    "x2": width - 1,
                    "y": y,
                    "y2": y + height,
                    "path": _marks(width - 2, MARKS[at % len(MARKS)], ruler, row.partial),
                }
                | {
                    "what": what,
                    "whom": [row.verb + row.whom] if wide else [row.verb, row.whom],
                    "level": [row.level],
                }
            )
            y += height + GAP

        def words(part: str, column: int) -> list[dict]:
            # Of a yardstick the data hold what is drawn, no more.
            return [
                {name: row[name] for name in ("key", "quote", "near")}
                | {
                    "x": parts[column][0],
                    "y": (row["y"] + row["y2"] + ruler) / 2 - 1,
                    "lines": row[part],
                }
                for row in placed
            ]

        sticks = [
            {name: row[name] for name in ("key", "quote", "near", "partial", "x", "x2", "y", "y2")}
            for row in placed
        ]

        def outlined(partial: bool, **style) -> alt.Chart:
            own = [row for row in sticks if row["partial"] == partial]
            return boxes(
                own,
                *canvas,
                others=UNRELATED,
                fill="transparent",
                stroke=color("main"),
                cornerRadius=3,
                **style,
            )

        marks = [
            {name: row[name] for name in ("key", "quote", "near", "x", "y", "path")}
            for row in placed
        ]
        look = {"size": size, "line_height": line, "others": UNRELATED}
        titles = [
            {"x": x, "y": top + 13, "words": word}
            for (x, _), word in zip(parts, heads, strict=True)
        ]
        ends = [
            (
                title["x"] - length(title["words"]) * size / 2,
                title["x"] + length(title["words"]) * size / 2,
            )
            for title in titles
        ]
        arrows = [{"x": (a[1] + b[0]) / 2, "y": top + 13, "words": "→"} for a, b in pairwise(ends)]
        return [
            # All in one layer first: the keyboard goes through them in their order.
            boxes(sticks, *canvas, others=UNRELATED, strokeWidth=0, cornerRadius=3).encode(
                fill=alt.condition(
                    "datum.partial", alt.value(color("paper")), alt.value(color("main-wash"))
                )
            ),
            outlined(False),
            *([outlined(True, strokeDash=[6, 5])] if any(row["partial"] for row in sticks) else []),
            _paths(marks, canvas),
            labels(words("what", 0), *canvas, fontWeight=700, **look),
            labels(words("whom", 1), *canvas, **look),
            labels(
                words("level", 2), *canvas, fontWeight=700, ink="main", **look | {"size": size + 2}
            ),
            captions(titles + arrows, *canvas, size=size, align="center"),
        ]

    return Block(head + sum(heights) + GAP * (len(rows) - 1) + 1, layers)


def _marks(whole: float, spacing: float, long: float, partial: bool) -> str:
    """The marks along a yardstick's upper edge, as a path: all, or those of some pieces; every fifth is longer."""
    on, off = PIECE
    return "".join(
        f"M{x:.0f},0V{long if k % 5 == 0 else long * 0.55:.1f}"
        for k in range(1, int(whole / spacing) + 1)
        if not partial or k % (on + off) < on
        for x in [k * spacing]
        if x < whole - 4
    )


def _paths(rows: list[dict], canvas: Size) -> alt.Chart:
    return (
        alt.Chart(data(rows))
        # A symbol's path is drawn at half the root of its size: at 4, in pixels.
        .mark_point(size=4, stroke=color("main"), strokeWidth=1.3, cursor="pointer")
        .encode(
            x=pixel_x("x", canvas[0]),
            y=pixel_y("y", canvas[1]),
            shape=alt.Shape("path:N").scale(None),
            opacity=stepping_back(UNRELATED),
            tooltip=alt.Tooltip("quote:N"),
        )
    )
