"""规划的四大部分: what each part of the plan is about, in the order and the words of chapter two."""

from __future__ import annotations

import pandas as pd

from explainer.figures.figure import Figure, Mark
from explainer.figures.kinds import outline, picture
from explainer.project import current


def figure() -> Figure:
    parts = current().frame("parts").assign(key=lambda t: [f"part-{n}" for n in t["number"]])
    points = (
        current().frame("part-points").assign(key=lambda t: [f"point-{n}" for n in t["number"]])
    )
    points["ordinal"] = points["part"].map(parts.set_index("number")["ordinal"])
    rows = [
        outline.Part(
            part.key,
            part.quote,
            part.ordinal,
            tuple(
                outline.Item(p.key, p.quote, p.label)
                for p in points[points["part"] == part.number].itertuples()
            ),
        )
        for part in parts.itertuples()
    ]
    return Figure(
        name="four-parts",
        title="规划的四大部分",
        conclusion="规划先讲基础和形势，再讲方向、目标和布局，接着列出任务，最后讲政府定位和保障措施。",
        alternative="图是一份提纲，从上往下列着规划的四大部分。“一是”讲发展基础、发展形势。"
        "“二是”讲指导思想、发展思路、战略发展目标、总体发展布局。“三是”讲十大重点任务。"
        "“四是”讲政府定位、保障措施。",
        draw=lambda shape: picture(shape, outline.outline(shape, rows)),
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
