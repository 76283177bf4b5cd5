"""十大重点任务: each task by its number, name and words (2.4.2), with its facet (3.3.2) beside it."""

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
from explainer.figures.figure import WIDTH, Figure, Mark, Shape
from explainer.project import current
from explainer.style import color


def figure() -> Figure:
    facets = current().source.unit("3.3.2.1")  # the clause that names all of them
    tasks = current().frame("tasks").assign(key=lambda t: [f"task-{n}" for n in t["number"]])
    return Figure(
        name="ten-tasks",
        title="十大重点任务和十个方面",
        conclusion="规划提出十项重点任务，每项都有一个名称和一句做法；后文又照同样的次序，说了十个方面。",
        alternative="图中从上到下排着十项重点任务，每项右边连着一个方面。"
        + "".join(f"{t.ordinal}，{t.name}，{t.content}，方面是{t.facet}；" for t in tasks.itertuples())[:-1]
        + "。",
        draw=lambda shape: _draw(tasks, facets.text, shape),
        table=tasks[["ordinal", "name", "content", "facet", "quote", "source"]].set_axis(
            ["次序", "名称", "内容", "方面", "引文", "出处"], axis=1
        ),
        marks=(
            *(
                Mark(
                    t.key,
                    f"{t.ordinal}，{t.name}",
                    t.quote,
                    t.source,
                    t.anchor,
                    group="重点任务",
                    note=f"原文后面（3.3.2）照同样的次序说各个方面，说到这里写的是“{t.facet}”。",
                )
                for t in tasks.itertuples()
            ),
            Mark("facets", "十个方面（整句）", facets.text, "3.3.2", facets.anchor, group="方面"),
        ),
        caption="任务与方面，是按原文里的先后次序一一对上的。",
    )


def _draw(tasks: pd.DataFrame, facets: str, shape: Shape) -> alt.LayerChart:
    wide = shape == "wide"
    width, head, gap = WIDTH[shape], 28, 8
    row_height = 46 if wide else 74
    # Where things stand in a row: x from the left of the chart, y from the top of the row.
    ordinal, name, content = ((16, 23), (68, 23), (160, 23)) if wide else ((14, 22), (60, 22), (60, 53))
    card_end, name_end = (420, 420) if wide else (339, 132)
    chip, chip_end, chip_top, chip_height = (540, 719, 5, 36) if wide else (214, 327, 8, 28)
    cards, chips, threads = [], [], []
    top = head + 1
    for task in tasks[["key", "quote", "ordinal", "name", "content", "facet"]].to_dict("records"):
        y = top + chip_top
        cards.append(task | {"x": 1, "x2": card_end, "y": top, "y2": top + row_height})
        chips.append(
            {"key": task["key"], "near": ["facets"], "quote": facets, "words": task["facet"]}
            | {"x": chip, "x2": chip_end, "y": y, "y2": y + chip_height}
        )
        threads.append({"key": task["key"], "x": name_end, "x2": chip, "y": y + chip_height / 2})
        top += row_height + gap
    height = cards[-1]["y2"] + 1

    def words(column: str, place: tuple[float, float]) -> list[dict]:
        return [card | {"x": place[0], "y": card["y"] + place[1], "lines": [card[column]]} for card in cards]

    heads = [{"x": 1, "y": 10, "words": "重点任务"}, {"x": chip, "y": 10, "words": "方面"}]
    left = {"align": "left"}
    return alt.layer(
        boxes(cards, width, height, fill=color("wash"), stroke=color("line")),
        alt.Chart(data(threads))
        .mark_rule(stroke=color("main"), strokeWidth=1.5, strokeDash=[2, 4])
        .encode(x=pixel_x("x", width), x2="x2:Q", y=pixel_y("y", height), opacity=stepping_back()),
        boxes(
            chips, width, height, others=UNRELATED,
            fill=color("main-wash"), stroke=color("main"), cornerRadius=chip_height / 2,
        ),
        labels(words("ordinal", ordinal), width, height, size=15, ink="main", **left),
        labels(words("name", name), width, height, size=17, fontWeight=600, **left),
        labels(words("content", content), width, height, size=15, **left),
        labels(in_boxes(chips, 8), width, height, others=UNRELATED, size=15 if wide else 14),
        captions(heads, width, height, align="left"),
    ).properties(width=width, height=height).add_params(PICKED)
