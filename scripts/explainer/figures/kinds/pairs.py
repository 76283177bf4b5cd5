"""对照: two lists beside each other, and lines between what belongs together; where nothing answers, an empty place.

On a narrow shape the lists may stand below each other, with all their words: a choice then shows what belongs to it.
"""

from __future__ import annotations

from dataclasses import dataclass

import altair as alt

from ...style import color
from ..canvas import UNRELATED, boxes, captions, data, labels, pixel_x, pixel_y, stepping_back
from ..figure import WIDTH, Shape
from . import Block, Size, length, lines_of

HEAD = 30
ELSEWHERE = (
    "picked !== '' && picked !== datum.a && picked !== datum.b"  # of a line: neither end is chosen
)
ROOMY, TIGHT = (
    (8, 8),
    (4, 5),
)  # between cards, and around their words: in short lists, and in long ones
DASHED = [5, 4]


@dataclass(frozen=True)
class Card:
    """One of a list: `name` (bold) and `words`, either may be empty, both with soft breaks; `quote` stands in the source.

    `look` is a colour of the palette, or nothing for a card that is not filled. Lines name a card by its `id`, if two
    share a key.
    """

    key: str
    quote: str
    name: str = ""
    words: str = ""
    ordinal: str = ""
    look: str = ""
    near: tuple[str, ...] = ()
    id: str = ""


@dataclass(frozen=True)
class Column:
    """A list with its head (the editors' words), and where it stands: left and right end, as shares of the width.

    On a narrow shape the `words` of its cards may be left out (`brief`): what they are is shown when one is chosen.
    """

    groups: tuple[tuple[str, tuple[Card, ...]], ...]
    ends: dict[Shape, tuple[float, float]]
    brief: bool = False


@dataclass(frozen=True)
class Line:
    """Between two cards, one of each list. Many `faint` ones stand back until one of their ends is chosen."""

    a: str
    b: str
    color: str = "second"
    dashed: bool = False
    faint: bool = False


def pairs(
    shape: Shape,
    left: Column,
    right: Column,
    lines: list[Line],
    *,
    missing: str = "",
    stacked: bool = False,
    even: bool = False,
    size: float = 17,
) -> Block:
    """`missing` are the editors' words in the empty place beside a card of the first list that has no line.

    `stacked` lists stand below each other on a narrow shape; cards of `even` lists are of one height, row by row.
    """
    stack = stacked and shape == "narrow"
    gap, pad = TIGHT if stacked else ROOMY
    first, heads = _placed(
        shape, left, (0.0, 1.0) if stack else left.ends[shape], 0, size, gap, pad
    )
    start = first[-1]["y2"] + 2 * ROOMY[0] if stack else 0
    second, more = _placed(
        shape, right, (0.0, 1.0) if stack else right.ends[shape], start, size, gap, pad
    )
    if even:
        _evened(first, second, gap)
    elif not stack:
        _spread(first, heads, second, more)
    cards = {row["card"].id or row["key"]: row for row in first + second}
    joined = {key for line in lines for key in (line.a, line.b)}
    width = WIDTH[shape]
    x, x2 = (end * width for end in right.ends[shape])
    empty = [
        {
            "key": row["key"],
            "quote": row["quote"],
            "near": row["near"],
            "y": row["y"],
            "y2": row["y2"],
            "id": own,
        }
        | {"x": x + 1, "x2": x2 - 1}
        for own, row in cards.items()
        if missing and row in first and own not in joined
    ]
    ways = [] if stack else [(line, cards[line.a], cards[line.b]) for line in lines]
    ways += [(Line("", "", "edge", dashed=True), cards[row["id"]], row) for row in empty]
    height = max(row["y2"] for row in [*first, *second, *empty]) + 1

    def layers(top: float, canvas: Size) -> list[alt.TopLevelMixin]:
        def moved(rows: list[dict]) -> list[dict]:
            return [
                row | {name: row[name] + top for name in ("y", "y2") if name in row} for row in rows
            ]

        placed, gone = moved(first + second), moved(empty)
        return [
            *_curves([(line, *moved([a, b])) for line, a, b in ways], canvas),
            *_cards(placed, canvas, size),
            *(
                [
                    boxes(
                        [
                            {name: value for name, value in row.items() if name != "id"}
                            for row in gone
                        ],
                        *canvas,
                        others=UNRELATED,
                        fill="transparent",
                        stroke=color("edge"),
                        strokeDash=DASHED,
                    )
                ]
                if gone
                else []
            ),
            *(
                [
                    labels(
                        [
                            {name: row[name] for name in ("key", "quote", "near")}
                            | {
                                "x": (row["x"] + row["x2"]) / 2,
                                "y": (row["y"] + row["y2"]) / 2,
                                "lines": lines_of(missing, row["x2"] - row["x"] - 8, 15),
                            }
                            for row in gone
                        ],
                        *canvas,
                        size=15,
                        ink="ink-soft",
                        others=UNRELATED,
                    )
                ]
                if gone
                else []
            ),
            *(
                [captions(moved(heads + more), *canvas, size=15, align="left", fontWeight=600)]
                if heads + more
                else []
            ),
        ]

    return Block(height, layers)


def _placed(
    shape: Shape,
    column: Column,
    ends: tuple[float, float],
    top: float,
    size: float,
    gap: float,
    pad: float,
) -> tuple[list[dict], list[dict]]:
    """The cards of a list as rows, and its heads."""
    width, line = WIDTH[shape], size * 1.3
    x, x2 = ends[0] * width + 1, ends[1] * width - 1
    rows, heads = [], []
    every = [card for _, cards in column.groups for card in cards]
    ordinals = max(len(card.ordinal) for card in every)
    left = x + ROOMY[1] + (size * (ordinals + 0.7) if ordinals else 0)
    # Where there is room for it, words stand behind their name.
    names = (max(length(card.name) for card in every) + 1) * size
    beside = all(
        card.name and card.words and left + names + length(card.words) * (size - 1) <= x2 - ROOMY[1]
        for card in every
    )
    for head, cards in column.groups:
        if head:
            heads.append({"x": x, "y": top + 11, "words": head})
            top += HEAD
        for card in cards:
            room = x2 - left - ROOMY[1]
            name = lines_of(card.name, room, size) if card.name else []
            words = (
                []
                if (column.brief and shape == "narrow") or not card.words
                else lines_of(card.words, room, size - 1)
            )
            height = (len(name) + (0 if beside else len(words))) * line + 2 * pad
            rows.append(
                {
                    "key": card.key,
                    "quote": card.quote,
                    "near": list(card.near),
                    "x": x,
                    "x2": x2,
                    "y": top,
                    "y2": top + height,
                }
                | {
                    "card": card,
                    "left": left,
                    "aside": names if beside else 0,
                    "name": name,
                    "words": words,
                }
            )
            top += height + gap
        top += ROOMY[0]
    return rows, heads


def _evened(first: list[dict], second: list[dict], gap: float) -> None:
    """Row by row one height, and the other list beside it."""
    top = first[0]["y"]
    for at in range(max(len(first), len(second))):
        row = [rows[at] for rows in (first, second) if at < len(rows)]
        height = max(card["y2"] - card["y"] for card in row)
        for card in row:
            card |= {"y": top, "y2": top + height}
        top += height + gap


def _spread(first: list[dict], heads: list[dict], second: list[dict], more: list[dict]) -> None:
    """The shorter list stretches to the length of the other: its cards stand farther apart."""
    ends = [rows[-1]["y2"] for rows in (first, second)]
    rows, own = (first, heads) if ends[0] < ends[1] else (second, more)
    step = abs(ends[0] - ends[1]) / max(1, len(rows) - 1)
    starts = [row["y"] for row in rows]
    for head in own:
        head["y"] += step * sum(start < head["y"] for start in starts)
    for at, row in enumerate(rows):
        row |= {"y": row["y"] + at * step, "y2": row["y2"] + at * step}


def _cards(rows: list[dict], canvas: Size, size: float) -> list[alt.TopLevelMixin]:
    line = size * 1.3
    ground, ordinals, names, words = [], [], [], []
    for row in rows:
        card: Card = row["card"]
        base = {name: row[name] for name in ("key", "quote", "near")}
        fill = color(f"{card.look}-wash" if card.look else "paper")
        look = {"fill": fill, "stroke": color(card.look or "edge")}
        ground.append(base | look | {name: row[name] for name in ("x", "x2", "y", "y2")})
        count = len(row["name"]) + (0 if row["aside"] else len(row["words"]))
        y = (row["y"] + row["y2"]) / 2 - (count - 1) / 2 * line
        if card.ordinal:
            ordinals.append(base | {"x": row["x"] + ROOMY[1], "y": y, "lines": [card.ordinal]})
        below = 0 if row["aside"] else len(row["name"])
        for rows_, lines, begin, aside in (
            (names, row["name"], 0, 0),
            (words, row["words"], below, row["aside"]),
        ):
            if lines:
                rows_.append(
                    base
                    | {
                        "x": row["left"] + aside,
                        "y": y + (begin + (len(lines) - 1) / 2) * line,
                        "lines": lines,
                    }
                )
    style = {"others": UNRELATED, "align": "left", "line_height": line}
    return [
        # One layer, whatever they look like: the keyboard goes through them in their order.
        boxes(ground, *canvas, others=UNRELATED).encode(
            fill=alt.Fill("fill:N").scale(None), stroke=alt.Stroke("stroke:N").scale(None)
        ),
        *([labels(ordinals, *canvas, size=size - 1, ink="ink-soft", **style)] if ordinals else []),
        *([labels(names, *canvas, size=size, fontWeight=600, **style)] if names else []),
        *([labels(words, *canvas, size=size - 1, **style)] if words else []),
    ]


def _curves(ways: list[tuple[Line, dict, dict]], canvas: Size) -> list[alt.TopLevelMixin]:
    kinds: dict[tuple, list[dict]] = {}
    for number, (line, a, b) in enumerate(ways):
        x, x2 = a["x2"], b["x"]
        y, y2 = (a["y"] + a["y2"]) / 2, (b["y"] + b["y2"]) / 2
        bend = (x2 - x) / 3
        # No key: what is chosen are the cards at its ends.
        common = {"a": a["key"], "b": b["key"], "line": number}
        kinds.setdefault((line.color, line.dashed, line.faint), []).extend(
            common | {"order": order, "x": px, "y": py}
            for order, (px, py) in enumerate([(x, y), (x + bend, y), (x2 - bend, y2), (x2, y2)])
        )
    return [
        *(
            alt.Chart(data(rows))
            .mark_line(
                interpolate="basis",
                stroke=color(ink),
                strokeWidth=1.5 if faint else 2.5,
                **({"strokeDash": DASHED} if dashed else {}),
            )
            .encode(
                x=pixel_x("x", canvas[0]),
                y=pixel_y("y", canvas[1]),
                detail=alt.Detail("line:N"),
                order=alt.Order("order:Q"),
                opacity=_faint() if faint else stepping_back(ELSEWHERE),
            )
            for (ink, dashed, faint), rows in kinds.items()
        )
    ]


def _faint() -> alt.Opacity:
    """Many lines that cross stand back until one of their ends is chosen."""
    return alt.condition(
        f"picked === '' || {ELSEWHERE}",
        alt.value(alt.expr("picked === '' ? 0.4 : 0.08")),
        alt.value(1),
    )
