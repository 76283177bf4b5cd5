"""编者梳理: how the ten tasks and the fifteen measures may be put on the two wheels. The source does not say it."""

from __future__ import annotations

import pandas as pd

from explainer.figures.figure import ORIGINAL, Figure, Link, Mark, Shape
from explainer.figures.kinds import pairs, picture
from explainer.project import current

TECH, INST = "科技创新轮", "制度创新轮"
SECURED = "制度创新轮：保障措施和落实它的措施"  # the editors'


def figure() -> Figure:
    tasks, safeguards, measures = (current().frame(n) for n in ("tasks", "safeguards", "measures"))
    wheel, links = current().frame("task-wheel"), current().frame("measure-task")
    wheels = wheel.set_index("task")
    tasks["wheel"] = [wheels.loc[n, "wheel"] + "轮" for n in tasks["number"]]
    return Figure(
        name="wheel-sorting",
        title="编者梳理：十项任务和十五条措施可以怎样放",
        conclusion="原文只有一处写明：第九项任务叫“制度创新”。其余的任务和措施归哪个轮子、哪条措施和哪项任务相连，"
        "都是编者的理解，每一条都写了理由。",
        alternative=f"一边是十项重点任务：{_sentence(tasks, TECH)}；{_sentence(tasks, INST)}。"
        "另一边是四项保障措施，每一项下面是落实它的措施，共十五条；第四项“监督考核”原文没有展开，下面没有措施。"
        "编者认为有关系的措施和任务用线连着。",
        draw=lambda shape: _draw(tasks, safeguards, measures, links, shape),
        table=_table(tasks, measures, wheel, links),
        marks=_marks(tasks, safeguards, measures, wheels, links),
        caption="连线和归类都是编者梳理，不是原文；没有连上，不等于没有关系。",
        hint="点任何一项，看它的原文、它与谁相连、为什么。",
        folded=True,
    )


def _sentence(tasks: pd.DataFrame, wheel: str) -> str:
    return f"编者放在{wheel}的有{'、'.join(tasks.loc[tasks['wheel'] == wheel, 'name'])}"


def _draw(tasks, safeguards, measures, links, shape: Shape):
    def near(rows: pd.DataFrame, own: str, number: int, other: str) -> tuple[str, ...]:
        return tuple(f"{other}-{n}" for n in rows.loc[rows[own] == number, other])

    left = [
        (
            wheel,
            tuple(
                pairs.Card(
                    f"task-{t.number}",
                    t.quote,
                    t.name,
                    t.content,
                    t.ordinal,
                    "main" if wheel == TECH else "second",
                    near=near(links, "task", t.number, "measure"),
                )
                for t in tasks[tasks["wheel"] == wheel].itertuples()
            ),
        )
        for wheel in (TECH, INST)
    ]
    right = []
    for s in safeguards.itertuples():
        own = measures[measures["institution"] == s.institution]
        keys = tuple(f"measure-{n}" for n in own["number"])
        right.append(pairs.Card(f"safeguard-{s.number}", s.quote, s.name, look="second", near=keys))
        right += [
            pairs.Card(
                f"measure-{m.number}",
                m.quote,
                words=m.does,
                near=(f"safeguard-{s.number}", *near(links, "measure", m.number, "task")),
            )
            for m in own.itertuples()
        ]
    return picture(
        shape,
        pairs.pairs(
            shape,
            pairs.Column(tuple(left), {"wide": (0, 0.38), "narrow": (0, 1)}),
            pairs.Column(((SECURED, tuple(right)),), {"wide": (0.5, 1), "narrow": (0, 1)}),
            [
                pairs.Line(f"task-{link.task}", f"measure-{link.measure}", faint=True)
                for link in links.itertuples()
            ],
            stacked=True,
        ),
    )


def _table(tasks, measures, wheel, links) -> pd.DataFrame:
    """First each task's wheel, then each link from a measure to a task."""
    names = tasks.set_index("number")["name"]
    does = measures.set_index("number")["does"]
    on_wheels = pd.DataFrame(
        {
            "重点任务": [f"{n} {names[n]}" for n in wheel["task"]],
            "归哪个轮子、与哪条措施相连": wheel["wheel"] + "轮",
            "引文": wheel["quote"],
            "出处": wheel["source"],
            "依据": wheel["basis"],
            "理由": wheel["reason"],
        }
    )
    linked = pd.DataFrame(
        {
            "重点任务": [f"{n} {names[n]}" for n in links["task"]],
            "归哪个轮子、与哪条措施相连": [f"措施：{does[n]}" for n in links["measure"]],
            "引文": links["quote"],
            "出处": links["source"],
            "依据": links["basis"],
            "理由": links["reason"],
        }
    )
    return pd.concat([on_wheels, linked], ignore_index=True)


def _marks(tasks, safeguards, measures, wheels, links) -> tuple[Mark, ...]:
    marks = []
    for task in tasks.sort_values(
        "wheel", key=lambda names: names != TECH, kind="stable"
    ).itertuples():
        own = wheels.loc[task.number]
        marks.append(
            Mark(
                f"task-{task.number}",
                f"{task.ordinal}，{task.name}",
                task.quote,
                task.source,
                task.anchor,
                group=f"{task.wheel}：重点任务",
                note=f"{own['reason']}（依据：{own['basis']}）",
                links=tuple(
                    Link(f"measure-{link.measure}", link.reason, link.basis)
                    for link in links[links["task"] == task.number].itertuples()
                ),
            )
        )
    for safeguard in safeguards.itertuples(index=False):
        own = measures[measures["institution"] == safeguard.institution]
        marks.append(
            Mark(
                f"safeguard-{safeguard.number}",
                safeguard.name,
                safeguard.quote,
                safeguard.source,
                safeguard.anchor,
                group=f"{INST}：{safeguard.name}",
                note="" if len(own) else "原文第四章没有再提这一项，所以下面没有措施。",
                links=tuple(
                    Link(
                        f"measure-{n}",
                        f"原文第四章“{safeguard.name}”一段里写了这条措施。",
                        ORIGINAL,
                    )
                    for n in own["number"]
                ),
            )
        )
        marks += [
            Mark(
                f"measure-{measure.number}",
                measure.does,
                measure.quote,
                measure.source,
                measure.anchor,
                group=f"{INST}：{safeguard.name}",
                links=(
                    *(
                        Link(f"task-{link.task}", link.reason, link.basis)
                        for link in links[links["measure"] == measure.number].itertuples()
                    ),
                    Link(
                        f"safeguard-{safeguard.number}",
                        f"原文把这条措施写在第四章“{safeguard.name}”一段里。",
                        ORIGINAL,
                    ),
                ),
            )
            for measure in own.itertuples()
        ]
    return tuple(marks)
