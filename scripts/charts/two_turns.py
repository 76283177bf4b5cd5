"""两个转变: from what to what, in the words of the source (1.2.2)."""

from __future__ import annotations

from explainer.figures.figure import Figure, Mark
from explainer.figures.kinds import picture, turns
from explainer.project import current


def figure() -> Figure:
    rows = current().frame("turns").assign(key=lambda t: [f"turn-{n}" for n in t["number"]])
    pairs = [
        turns.Turn(row.key, row.quote, row.origin.replace("的依赖型", "|的依赖型"), row.goal)
        for row in rows.itertuples()
    ]
    return Figure(
        name="two-turns",
        title="两个转变：从什么，向什么",
        conclusion="原文说，编制实施规划有利于推动清城区转变：从资源依赖型转向创新驱动型，从依赖外部技术转向自主创新。",
        alternative="图中有两个箭头。第一个从“资源依赖型”指向“创新驱动型”；"
        "第二个从“对外部技术的依赖型”指向“自主创新”。",
        draw=lambda shape: picture(shape, turns.turns(shape, pairs)),
        table=rows[["origin", "goal", "quote", "source"]].set_axis(
            ["从", "向", "引文", "出处"], axis=1
        ),
        marks=tuple(
            Mark(row.key, f"从{row.origin}向{row.goal}", row.quote, row.source, row.anchor)
            for row in rows.itertuples()
        ),
    )
