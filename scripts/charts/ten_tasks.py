"""十大重点任务: the names of 2.4.2 beside the words of 3.3.2, in the same order: which stay, and which are put otherwise."""

from __future__ import annotations

import pandas as pd

from explainer.figures.figure import Figure, Mark, Shape
from explainer.figures.kinds import pairs, picture
from explainer.project import current

from .numerals import han

NAMES, FACETS = "2.4.2 里的名称", "3.3.2 里的说法"  # the editors'


def figure() -> Figure:
    facets = current().source.unit("3.3.2.1")  # the clause that names all of them
    tasks = current().frame("tasks").assign(key=lambda t: [f"task-{n}" for n in t["number"]])
    same = tasks[tasks["name"] == tasks["facet"]]
    other = tasks[tasks["name"] != tasks["facet"]]
    last = other.iloc[-1]
    return Figure(
        name="ten-tasks",
        title="十大重点任务：前后两处的说法",
        conclusion=f"第二章给十项任务起了名称，第三章照同样的次序再说一遍：{han(len(same))}个照写，"
        f"{han(len(other))}个换了说法，比如“{last['name']}”写成“{last['facet']}”。",
        alternative="图的左边从上到下是第二章的十项重点任务，右边是第三章照同样次序写的十个词。"
        f"照写的用实线连着：{'、'.join(same['name'])}。换了说法的用虚线连着："
        + "，".join(f"“{t.name}”写成“{t.facet}”" for t in other.itertuples())
        + "。",
        draw=lambda shape: _draw(tasks, shape),
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
                    note=_note(t),
                )
                for t in tasks.itertuples()
            ),
            Mark("facets", "十个方面（整句）", facets.text, "3.3.2", facets.anchor, group="方面"),
        ),
        caption="实线：照写；虚线：换了说法。两处是按原文里的先后次序一一对上的。",
    )


def _note(task) -> str:
    later = f"原文后面（3.3.2）照同样的次序说到这里，写的是“{task.facet}”"
    if task.facet == task.name:
        return f"{later}，与名称相同。"
    return f"{later}，是从这一句做法里取的词。" if task.facet in task.content else f"{later}。"


def _draw(tasks: pd.DataFrame, shape: Shape):
    left, right, lines = [], [], []
    for task in tasks.itertuples(index=False):
        same = task.name == task.facet
        card = {
            "key": task.key,
            "quote": task.quote,
            "near": ("facets",),
            "look": "main" if same else "second",
        }
        left.append(
            pairs.Card(
                **card | {"look": "main" if same else ""},
                name=task.name,
                words=task.content,
                ordinal=task.ordinal,
            )
        )
        right.append(pairs.Card(**card, name=task.facet, id=f"facet-{task.number}"))
        lines.append(
            pairs.Line(
                task.key, f"facet-{task.number}", "main" if same else "second", dashed=not same
            )
        )
    return picture(
        shape,
        pairs.pairs(
            shape,
            pairs.Column(
                ((NAMES, tuple(left)),), {"wide": (0, 0.56), "narrow": (0, 0.475)}, brief=True
            ),
            pairs.Column(((FACETS, tuple(right)),), {"wide": (0.7, 1), "narrow": (0.59, 1)}),
            lines,
            even=True,
        ),
    )
