"""列出的四项保障，展开的三项制度: which safeguards of 2.5.2 are elaborated in chapter four, and which is not."""

from __future__ import annotations

import altair as alt
import pandas as pd

from explainer.figures.canvas import (
    PICKED,
    UNRELATED,
    boxes,
    captions,
    data,
    in_boxes,
    labels,
    pixel_x,
    pixel_y,
    stepping_back,
)
from explainer.figures.figure import ORIGINAL, WIDTH, Figure, Link, Mark, Shape
from explainer.project import current
from explainer.style import color

LISTED, ELABORATED = "第二章列出", "第四章展开"
MISSING = "〔原文未展开〕"


def figure() -> Figure:
    listed, elaborated = _rows()
    everything = pd.concat([listed, elaborated])
    return Figure(
        name="safeguards",
        title="列出四项保障，展开三项制度",
        conclusion="原文先列出四项保障措施，后面用一章展开了其中三项，次序也换了；监督考核没有展开。",
        alternative="图的左边是第二章列出的四项保障措施，依次是组织保障、资金保障、政策保障、监督考核。"
        "右边是第四章展开的三项主要制度，依次是组织保障、政策保障、资金保障。名称相同的用线连着，"
        "资金保障和政策保障在两边的次序相反，两条线因此交叉。监督考核连着一个虚线空框，表示原文没有展开。",
        draw=lambda shape: _draw(listed, elaborated, shape),
        table=everything[["group", "ordinal", "name", "where", "quote", "source"]].set_axis(
            ["在哪里", "次序", "名称", "另一处的次序", "引文", "出处"], axis=1
        ),
        marks=tuple(
            Mark(
                row.key,
                row.name,
                row.quote,
                row.source,
                row.anchor,
                group=row.group,
                note="" if row.near else "第四章“落实规划的主要制度”没有再讲这一项。",
                links=tuple(Link(to, f"两处的名称都是“{row.name}”。", ORIGINAL) for to in row.near),
            )
            for row in everything.itertuples()
        ),
        caption="虚线框里的字和两列的标题是编者加的，不是原文。",
    )


def _rows() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Both lists; each row has its partner's key in `near` and its partner's ordinal in `where`."""
    listed, elaborated = current().frame("safeguards"), current().frame("institutions")
    pairs = [(a, b) for a, b in zip(listed["number"], listed["institution"], strict=True) if pd.notna(b)]
    for frame, group, kind in ((listed, LISTED, "safeguard"), (elaborated, ELABORATED, "institution")):
        frame["group"] = group
        frame["key"] = [f"{kind}-{n}" for n in frame["number"]]
        frame["ordinal"] = frame["quote"].str[:2]
    for frame, other, to in ((listed, elaborated, dict(pairs)), (elaborated, listed, {b: a for a, b in pairs})):
        partner = other.set_index("number")
        frame["near"] = [[partner["key"][to[n]]] if n in to else [] for n in frame["number"]]
        frame["where"] = [partner["ordinal"][to[n]] if n in to else MISSING for n in frame["number"]]
    return listed, elaborated


def _draw(listed: pd.DataFrame, elaborated: pd.DataFrame, shape: Shape) -> alt.LayerChart:
    wide = shape == "wide"
    width, head, box_height, gap = WIDTH[shape], 28, 72, 18
    height = head + len(listed) * (box_height + gap) - gap + 2
    # The ends of the two columns; how far inside a box the ordinal and the name begin.
    left, right = ((1, 270), (450, 719)) if wide else ((1, 161), (224, 339))
    indent, name_indent = (20, 64) if wide else (10, 44)

    def placed(frame: pd.DataFrame, ends: tuple[float, float]) -> list[dict]:
        rows = frame.filter(["key", "quote", "near", "ordinal", "name", "content"]).to_dict("records")
        tops = [head + 1 + i * (box_height + gap) for i in range(len(rows))]
        return [
            row | {"x": ends[0], "x2": ends[1], "y": top, "y2": top + box_height}
            for row, top in zip(rows, tops, strict=True)
        ]

    def words(rows: list[dict], column: str, dx: float, dy: float = 0) -> list[dict]:
        return [
            row | {"x": row["x"] + dx, "y": (row["y"] + row["y2"]) / 2 + dy, "lines": [row[column]]}
            for row in rows
        ]

    here, there = placed(listed, left), placed(elaborated, right)
    empty = [row | {"x": right[0], "x2": right[1], "words": MISSING} for row in here if not row["near"]]
    ends = {row["key"]: row for row in there + empty}
    bend = (right[0] - left[1]) / 3
    curves = [
        {"key": a["key"], "near": a["near"], "quote": a["quote"], "order": i}
        | {"x": x, "y": row["y"] + box_height / 2}
        for a in here
        for b in [ends[(a["near"] or [a["key"]])[0]]]
        for i, (x, row) in enumerate([(left[1], a), (left[1] + bend, a), (right[0] - bend, b), (right[0], b)])
    ]

    def lines(rows: list[dict], **mark) -> alt.Chart:
        return (
            alt.Chart(data(rows))
            .mark_line(interpolate="basis", **mark)
            .encode(
                x=pixel_x("x", width),
                y=pixel_y("y", height),
                detail="key:N",
                order="order:Q",
                opacity=stepping_back(UNRELATED),
                tooltip="quote:N",
            )
        )

    heads = [{"x": left[0], "y": 10, "words": LISTED}, {"x": right[0], "y": 10, "words": ELABORATED}]
    ordinals = words(here, "ordinal", indent, -13) + words(there, "ordinal", indent)
    names = words(here, "name", name_indent, -13) + words(there, "name", name_indent)
    contents = words(here, "content", name_indent if wide else indent, 14)
    style = {"others": UNRELATED, "align": "left"}
    return alt.layer(
        lines([row for row in curves if row["near"]], stroke=color("second"), strokeWidth=2.5),
        lines([row for row in curves if not row["near"]], stroke=color("edge"), strokeWidth=2, strokeDash=[5, 4]),
        boxes(here + there, width, height, others=UNRELATED, fill=color("second-wash"), stroke=color("second")),
        boxes(empty, width, height, others=UNRELATED, fill="transparent", stroke=color("edge"), strokeDash=[5, 4]),
        labels(ordinals, width, height, size=14, ink="second", **style),
        labels(names, width, height, size=17 if wide else 16, fontWeight=600, **style),
        labels(contents, width, height, size=15 if wide else 14, **style),
        captions(heads, width, height, align="left"),
        labels(in_boxes(empty, 7), width, height, others=UNRELATED, size=13, ink="ink-soft"),
    ).properties(width=width, height=height).add_params(PICKED)
