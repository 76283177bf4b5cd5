"""两个转变: from what to what, in the words of the source (1.2.2)."""

from __future__ import annotations

import altair as alt
import pandas as pd

from explainer.figures.canvas import (
    PICKED,
    boxes,
    broken,
    data,
    labels,
    pixel_x,
    pixel_y,
    stepping_back,
)
from explainer.figures.figure import WIDTH, Figure, Mark, Shape
from explainer.project import current
from explainer.style import color


def figure() -> Figure:
    turns = current().frame("turns").assign(key=lambda t: [f"turn-{n}" for n in t["number"]])
    return Figure(
        name="two-turns",
        title="两个转变：从哪里来，到哪里去",
        conclusion="原文说，编制实施规划有利于推动清城区转变：少靠资源和外来的技术，多靠创新和自己。",
        alternative="图中有两个箭头。第一个从“资源依赖型”指向“创新驱动型”；"
        "第二个从“对外部技术的依赖型”指向“自主创新”。",
        draw=lambda shape: _draw(turns, shape),
        table=turns[["origin", "goal", "quote", "source"]].set_axis(
            ["从", "向", "引文", "出处"], axis=1
        ),
        marks=tuple(
            Mark(row.key, f"从{row.origin}向{row.goal}", row.quote, row.source, row.anchor)
            for row in turns.itertuples()
        ),
    )


def _draw(turns: pd.DataFrame, shape: Shape) -> alt.LayerChart:
    width = WIDTH[shape]
    box_width, box_height, gap = (250, 60, 28) if shape == "wide" else (130, 68, 22)
    height = 2 * box_height + gap + 2
    origins, goals, arrows = [], [], []
    for turn in turns.itertuples():
        top = 1 + (turn.number - 1) * (box_height + gap)
        common = {"key": turn.key, "quote": turn.quote, "y": top, "y2": top + box_height}
        origins.append(common | {"x": 1, "x2": box_width, "words": turn.origin})
        goals.append(common | {"x": width - box_width, "x2": width - 1, "words": turn.goal})
        arrows.append(
            common | {"x": box_width + 10, "x2": width - box_width - 14, "y": top + box_height / 2}
        )
    words = [
        row
        | {
            "x": (row["x"] + row["x2"]) / 2,
            "y": (row["y"] + row["y2"]) / 2,
            "lines": broken(row["words"], 10 if shape == "wide" else 6),
        }
        for row in origins + goals
    ]
    arrow = alt.Chart(data(arrows)).encode(y=pixel_y("y", height), opacity=stepping_back())
    return alt.layer(
        arrow.mark_rule(stroke=color("main"), strokeWidth=3).encode(x=pixel_x("x", width), x2="x2:Q"),
        arrow.mark_point(shape="triangle-right", size=200, filled=True, color=color("main")).encode(
            x=pixel_x("x2", width)
        ),
        boxes(origins, width, height, fill=color("wash"), stroke=color("edge"), strokeDash=[5, 4]),
        boxes(goals, width, height, fill=color("main-wash"), stroke=color("main")),
        labels(words, width, height, fontWeight=600),
    ).properties(width=width, height=height).add_params(PICKED)
