"""规划的四大部分: what each part of the plan is about, in the order and the words of chapter two."""

from __future__ import annotations

import altair as alt
import pandas as pd

from explainer.figures.canvas import (
    PICKED,
    UNRELATED,
    boxes,
    data,
    in_boxes,
    labels,
    pixel_x,
    pixel_y,
    stepping_back,
)
from explainer.figures.figure import WIDTH, Figure, Mark, Shape
from explainer.project import current
from explainer.style import color


def figure() -> Figure:
    parts = current().frame("parts").assign(key=lambda t: [f"part-{n}" for n in t["number"]])
    points = current().frame("part-points").assign(key=lambda t: [f"point-{n}" for n in t["number"]])
    points["ordinal"] = points["part"].map(parts.set_index("number")["ordinal"])
    return Figure(
        name="four-parts",
        title="规划的四大部分",
        conclusion="规划先讲基础和形势，再讲方向、目标和布局，接着列出任务，最后讲政府定位和保障措施。",
        alternative="图从上往下有四站，就是规划的四大部分。“一是”讲发展基础、发展形势。"
        "“二是”讲指导思想、发展思路、战略发展目标、总体发展布局。“三是”讲十大重点任务。"
        "“四是”讲政府定位、保障措施。",
        draw=lambda shape: _draw(parts, points, shape),
        table=points[["ordinal", "label", "quote", "source"]].set_axis(
            ["部分", "要点", "引文", "出处"], axis=1
        ),
        marks=tuple(
            mark
            for part in parts.itertuples()
            for mark in _marks(part, points[points["part"] == part.number])
        ),
    )


def _marks(part, points: pd.DataFrame) -> list[Mark]:
    group = f"第{part.ordinal[0]}部分"
    return [
        Mark(part.key, f"{group}（整句）", part.quote, part.source, part.anchor, group),
        *(
            Mark(point.key, point.label, point.quote, point.source, point.anchor, group)
            for point in points.itertuples()
        ),
    ]


def _draw(parts: pd.DataFrame, points: pd.DataFrame, shape: Shape) -> alt.LayerChart:
    # The points of a part stand side by side where there is room, else one below the other.
    side_by_side = shape == "wide"
    stop, left, box_width, box_height = (60, 100, 146, 60) if side_by_side else (52, 80, 259, 48)
    width, gap, between = WIDTH[shape], 12, 28
    way = 1 + stop / 2
    stops, items, threads = [], [], []
    top = 1 + max(0, stop - box_height) / 2
    for part in parts.itertuples():
        own = points[points["part"] == part.number]
        middle = top + box_height / 2
        stops.append(
            {"key": part.key, "quote": part.quote, "near": list(own["key"]), "words": part.ordinal}
            | {"x": 1, "x2": 1 + stop, "y": middle - stop / 2, "y2": middle + stop / 2}
        )
        x, begin = left, 1 + stop
        for point in own.itertuples():
            common = {"key": point.key, "quote": point.quote, "near": [part.key]}
            items.append(
                common | {"x": x, "x2": x + box_width, "y": top, "y2": top + box_height, "words": point.label}
            )
            threads.append(common | {"x": begin, "x2": x, "y": top + box_height / 2})
            if side_by_side:
                x, begin = x + box_width + gap, x + box_width
            else:
                top, begin = top + box_height + gap, way
        top = items[-1]["y2"] + between
    height = max(items[-1]["y2"], stops[-1]["y2"]) + 1
    arrows = [{"x": way, "y": a["y2"], "y2": b["y"] - 7} for a, b in zip(stops, stops[1:], strict=False)]
    rest = [{"x": way, "y": stops[-1]["y2"], "y2": threads[-1]["y"]}][: not side_by_side]
    thread = alt.Chart(data(threads)).mark_rule(stroke=color("main"), strokeWidth=1.5)
    path = alt.Chart(data(arrows + rest)).mark_rule(stroke=color("main"), strokeWidth=3)
    head = alt.Chart(data(arrows)).mark_point(
        shape="triangle-down", size=160, filled=True, opacity=1, color=color("main")
    )
    x, y = pixel_x("x", width), pixel_y("y", height)
    return alt.layer(
        thread.encode(x=x, x2="x2:Q", y=y, opacity=stepping_back(UNRELATED)),
        path.encode(x=x, y=y, y2="y2:Q"),
        head.encode(x=x, y=pixel_y("y2", height)),
        boxes(
            stops, width, height, others=UNRELATED,
            fill=color("paper"), stroke=color("main"), strokeWidth=3, cornerRadius=stop / 2,
        ),
        labels(in_boxes(stops, 2), width, height, others=UNRELATED, ink="main", fontWeight=600),
        boxes(items, width, height, others=UNRELATED, fill=color("main-wash"), stroke=color("main")),
        labels(in_boxes(items, 8), width, height, others=UNRELATED, fontWeight=600),
    ).properties(width=width, height=height).add_params(PICKED)
