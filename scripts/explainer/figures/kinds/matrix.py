"""谁—做什么—为了什么: what is to be done, row by row in its own words, by whom and for what; an empty place is what is not said.

On a narrow shape a list: the deed in full, and under it, with its question, what else is said.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import altair as alt

from ...style import color
from ..canvas import UNRELATED, boxes, captions, data, labels, pixel_x, pixel_y, stepping_back
from ..figure import WIDTH, Shape
from . import Block, Size, lines_of

GAP, GROUP_GAP, PAD = 5, 12, 6
BAND, WHO, DOES, AIM = (1, 37), (46, 136), (146, 466), (476, 719)


@dataclass(frozen=True)
class Deed:
    """`who` and `aim` may be empty; all are the source's words."""

    key: str
    quote: str
    who: str
    does: str
    aim: str


@dataclass(frozen=True)
class Group:
    key: str
    quote: str
    name: str
    deeds: tuple[Deed, ...]


def matrix(
    shape: Shape,
    asked: tuple[str, str, str],
    groups: list[Group],
    *,
    counted: Callable[[int], str],
    missing: str,
) -> Block:
    """`asked` are the editors' questions; `counted` says how many rows answer one; `missing`
    explains the dash of an empty place."""
    return _wide(asked, groups, counted, missing) if shape == "wide" else _narrow(asked, groups)


def _wide(asked, groups: list[Group], counted: Callable[[int], str], missing: str) -> Block:
    size, small, line = 15.5, 15, 19.5
    head = 48
    rows, bands, top = [], [], float(head)
    for group in groups:
        begin = top
        for deed in group.deeds:
            cells = {
                name: lines_of(words, ends[1] - ends[0] - 2 * PAD, size) if words else []
                for name, words, ends in (
                    ("who", deed.who, WHO),
                    ("does", deed.does, DOES),
                    ("aim", deed.aim, AIM),
                )
            }
            height = max(map(len, cells.values())) * line + 2 * PAD
            rows.append(
                {
                    "key": deed.key,
                    "quote": deed.quote,
                    "near": [group.key],
                    "y": top,
                    "y2": top + height,
                }
                | cells
            )
            top += height + GAP
        bands.append(
            {
                "key": group.key,
                "quote": group.quote,
                "near": [deed.key for deed in group.deeds],
                "lines": list(group.name),
            }
            | {"x": BAND[0], "x2": BAND[1], "y": begin, "y2": top - GAP}
        )
        top += GROUP_GAP
    height = top + 12

    def layers(start: float, canvas: Size) -> list[alt.TopLevelMixin]:
        def moved(own: list[dict]) -> list[dict]:
            return [row | {"y": row["y"] + start, "y2": row["y2"] + start} for row in own]

        def column(name: str, ends: tuple[float, float]) -> tuple[list[dict], list[dict]]:
            own = [
                {k: row[k] for k in ("key", "quote", "near", "y", "y2")}
                | {"x": ends[0], "x2": ends[1]}
                for row in moved(rows)
                if row[name]
            ]
            words = [
                {k: box[k] for k in ("key", "quote", "near")}
                | {"x": ends[0] + PAD, "y": (box["y"] + box["y2"]) / 2, "lines": lines}
                for box, lines in zip(own, [row[name] for row in rows if row[name]], strict=True)
            ]
            return own, words

        (who, who_words), (does, does_words), (aim, aim_words) = (
            column(name, ends) for name, ends in (("who", WHO), ("does", DOES), ("aim", AIM))
        )
        dashes = [
            {
                "key": row["key"],
                "near": row["near"],
                "y": (row["y"] + row["y2"]) / 2,
                "x": sum(ends) / 2 - 8,
                "x2": sum(ends) / 2 + 8,
            }
            for row in moved(rows)
            for name, ends in (("who", WHO), ("aim", AIM))
            if not row[name]
        ]
        legend = [{"x": WHO[0], "x2": WHO[0] + 16, "y": start + height - 8}]
        heads = [
            {"x": ends[0], "y": start + 9, "words": words}
            for words, ends in zip(asked, (WHO, DOES, AIM), strict=True)
        ]
        counts = [
            {"x": ends[0], "y": start + 30, "words": counted(sum(bool(row[name]) for row in rows))}
            for name, ends in (("who", WHO), ("does", DOES), ("aim", AIM))
        ]
        bands_ = moved(bands)
        rule = {"x": pixel_x("x", canvas[0]), "x2": alt.X2("x2:Q"), "y": pixel_y("y", canvas[1])}
        look = {"others": UNRELATED}
        text = {"align": "left", "line_height": line} | look
        whole = [
            {k: row[k] for k in ("key", "quote", "near")}
            | {"x": WHO[0], "x2": AIM[1], "y": row["y"] - GAP / 2, "y2": row["y2"] + GAP / 2}
            for row in moved(rows)
        ]
        return [
            boxes(
                [{k: v for k, v in row.items() if k != "lines"} for row in bands_],
                *canvas,
                fill=color("wash"),
                stroke=color("edge"),
                **look,
            ),
            labels(
                [
                    {k: row[k] for k in ("key", "quote", "near", "lines")}
                    | {"x": sum(BAND) / 2, "y": (row["y"] + row["y2"]) / 2}
                    for row in bands_
                ],
                *canvas,
                size=16,
                line_height=21,
                fontWeight=600,
                **look,
            ),
            # A row as a whole, in their order, under its cells.
            boxes(whole, *canvas, fill="transparent", strokeWidth=0),
            alt.Chart(data(dashes))
            .mark_rule(stroke=color("edge"), strokeWidth=1.5)
            .encode(**rule, opacity=stepping_back(UNRELATED)),
            alt.Chart(data(legend)).mark_rule(stroke=color("edge"), strokeWidth=1.5).encode(**rule),
            boxes(who, *canvas, fill=color("paper"), stroke=color("second"), **look),
            boxes(does, *canvas, fill=color("second-wash"), stroke=color("second"), **look),
            boxes(aim, *canvas, fill=color("paper"), stroke=color("edge"), **look),
            labels(does_words, *canvas, size=size, **text),
            labels(who_words + aim_words, *canvas, size=small, **text),
            captions(heads, *canvas, size=15, align="left", fontWeight=600),
            captions(
                [*counts, {"x": WHO[0] + 22, "y": start + height - 8, "words": missing}],
                *canvas,
                size=14,
                align="left",
            ),
        ]

    return Block(height, layers)


def _narrow(asked, groups: list[Group]) -> Block:
    size, small, line, width = 17, 15.5, 22, WIDTH["narrow"]
    room = width - 2 - 2 * PAD - 4
    answer = PAD + 5 + (max(map(len, asked)) + 0.7) * small  # where answers begin
    heads, rows, top = [], [], 1.0
    for group in groups:
        near = [deed.key for deed in group.deeds]
        heads.append(
            {
                "key": group.key,
                "quote": group.quote,
                "near": near,
                "lines": [group.name],
                "y": top,
                "y2": top + 38,
            }
        )
        top += 38 + GAP
        for deed in group.deeds:
            does = lines_of(deed.does, room, size)
            said = [
                (question, lines_of(words, width - answer - PAD, small))
                for question, words in ((asked[0], deed.who), (asked[2], deed.aim))
                if words
            ]
            count = len(does) + sum(len(lines) for _, lines in said)
            rows.append(
                {
                    "key": deed.key,
                    "quote": deed.quote,
                    "near": [group.key],
                    "y": top,
                    "y2": top + count * line + 2 * PAD,
                }
                | {"does": does, "said": said}
            )
            top = rows[-1]["y2"] + GAP
        top += GROUP_GAP

    def layers(start: float, canvas: Size) -> list[alt.TopLevelMixin]:
        names = ("key", "quote", "near")
        deeds, answers, questions = [], [], []
        for row in rows:
            base, y = {k: row[k] for k in names}, start + row["y"] + PAD + line / 2
            deeds.append(
                base
                | {"x": PAD + 3, "y": y + (len(row["does"]) - 1) * line / 2, "lines": row["does"]}
            )
            y += len(row["does"]) * line
            for question, lines in row["said"]:
                questions.append(base | {"x": PAD + 3, "y": y, "lines": [question]})
                answers.append(
                    base | {"x": answer, "y": y + (len(lines) - 1) * line / 2, "lines": lines}
                )
                y += len(lines) * line
        ground = [
            {k: row[k] for k in names}
            | {"x": 1, "x2": width - 1, "y": start + row["y"], "y2": start + row["y2"]}
            for row in rows
        ]
        titles = [
            {k: row[k] for k in names}
            | {"x": 1, "x2": width - 1, "y": start + row["y"], "y2": start + row["y2"]}
            for row in heads
        ]
        look = {"others": UNRELATED}
        text = {"align": "left", "line_height": line} | look
        return [
            boxes(titles, *canvas, fill=color("wash"), stroke=color("edge"), **look),
            labels(
                [
                    {k: row[k] for k in (*names, "lines")}
                    | {"x": PAD + 3, "y": start + row["y"] + 19}
                    for row in heads
                ],
                *canvas,
                size=size,
                fontWeight=700,
                **text,
            ),
            boxes(ground, *canvas, fill=color("second-wash"), stroke=color("second"), **look),
            labels(deeds, *canvas, size=size, **text),
            labels(questions, *canvas, size=small, ink="ink-soft", **text),
            labels(answers, *canvas, size=small, **text),
        ]

    return Block(top - GROUP_GAP - GAP + 1, layers)
