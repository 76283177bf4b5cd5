"""区域布局图: two positionings, three goals that measure different things, five zones (2.3.1).

A concept diagram, in the order of the sentence and in its own linking words: no place, no direction, no size and no
boundary is meant, and the caption says so.
"""

from __future__ import annotations

import re

import pandas as pd

from explainer.figures.figure import ORIGINAL, Figure, Link, Mark, Shape
from explainer.figures.kinds import heading, picture, plates, yardsticks
from explainer.project import current

CAPTION = "概念关系示意，不表示地理位置、方位、面积和界线"
YEAR = "到2025年"
HEADS = ("比什么", "和谁比", "到什么水平")  # the editors' words
VERBS = ("位居", "达到")
# How the sentence goes from one to the next; each leads to a row of part_points.csv.
BECOMING, BASED, AROUND = "将清城区建设成为", "基于这一定位，提出", "重点围绕"
LEADS = {BECOMING: "发展思路", BASED: "战略发展目标", AROUND: "总体发展布局"}
# Long names may break in front of these, so that no word is torn.
LINE_STARTS = re.compile(
    "(?<=.)(?=（华南声谷）|创新产业园|集聚区|物流园|商务园|科技园|“入珠融湾”|创新发展先行区|发展水平|发展指标)"
)


def figure() -> Figure:
    zones, levels, positionings = (
        current()
        .frame(f"{name}s")
        .assign(key=lambda t, name=name: [f"{name}-{n}" for n in t["number"]])
        for name in ("zone", "level", "positioning")
    )
    levels["target"] = levels["scope"] + levels["name"]
    points = (
        current()
        .frame("part-points")
        .assign(key=lambda t: [f"point-{n}" for n in t["number"]])
        .set_index("label")
    )
    leads = {
        words: points.loc[label].to_dict() | {"label": label} for words, label in LEADS.items()
    }
    marks = _marks(zones, levels, positionings, leads)
    return Figure(
        name="zone-layout",
        title="区域布局图：定位、目标和区域",
        conclusion="三句目标比的不是同一样东西：只有第一句说的是科技创新发展水平本身，"
        "第二句只说部分发展指标，第三句说的是综合发展水平。",
        alternative="图照原文的次序，从上往下有三部分。先是两个定位，写在两块同样大的牌子上："
        f"{'、'.join(positionings['name'])}。接着是{YEAR}的三句目标，画成三把一样长、刻度各不相同的尺，每一把都写着比什么、和谁比、到什么水平："
        + "；".join(f"{row.subject}，和{row.scope}比，到{row.name}" for row in levels.itertuples())
        + f"。第二把尺断断续续，因为它只说部分发展指标。最后是五个区域，写在五块同样大的牌子上：{'、'.join(zones['name'])}。",
        draw=lambda shape: _draw(shape, zones, levels, positionings, leads),
        table=_table(marks, levels),
        marks=marks,
        tour=tuple(mark.key for mark in marks if mark.key not in set(zones["key"])),
        caption=f"{CAPTION}。框里的字是原文；“比什么”“和谁比”“到什么水平”、箭头和尺子是编者加的，不表示先后和高低，虚线表示只说“部分”指标。",
        hint="点图中任意一块，看它的原文，以及原文没有说什么。",
    )


def _draw(shape: Shape, zones, levels, positionings, leads):
    wide = shape == "wide"

    def lead(words: str, near, aside: str = ""):
        return heading(
            shape, leads[words]["key"], leads[words]["quote"], words, aside, near=tuple(near)
        )

    def names(rows, key: str) -> list[plates.Plate]:
        return [
            plates.Plate(row.key, LINE_STARTS.sub("|", row.name), (key,))
            for row in rows.itertuples()
        ]

    becoming, based, around = (leads[words]["key"] for words in LEADS)
    sticks = [
        yardsticks.Yardstick(
            row.key,
            row.quote,
            LINE_STARTS.sub("|", row.subject),
            _verb(row),
            row.scope,
            row.name,
            partial=row.subject.startswith("部分"),
            near=(based,),
        )
        for row in levels.itertuples()
    ]
    return picture(
        shape,
        lead(BECOMING, positionings["key"]),
        plates.plates(
            shape, names(positionings, becoming), 2, solid=True, size=19 if wide else 17.5
        ),
        lead(BASED, levels["key"], YEAR),
        yardsticks.yardsticks(shape, HEADS, sticks),
        lead(AROUND, zones["key"]),
        plates.plates(shape, names(zones, around), 5 if wide else 2, size=16 if wide else 17.5),
        gap=4,
    )


def _verb(level) -> str:
    """The verb between what a goal speaks of and with whom it compares."""
    return next(verb for verb in VERBS if f"{level.subject}{verb}{level.target}" == level.quote)


def _marks(zones, levels, positionings, leads) -> tuple[Mark, ...]:
    same = "三句目标各比各的，不能放在一起比高低。"
    notes = {
        "level-1": f"三句里只有这一句说的是科技创新发展水平本身。{same}",
        "level-2": f"原文说的是“部分发展指标”，不是全部；是哪些指标，原文没有说。{same}",
        "level-3": f"原文说的是“综合发展水平”，没有说是科技创新发展水平；怎样衡量，原文也没有说。{same}",
    }
    reasons = {
        BECOMING: "原文说，规划“提出将清城区建设成为”这样的地方，这是它的“发展思路”。",
        BASED: "原文先说两个定位，接着说“并基于这一定位，提出”这三句目标，合称“战略发展目标”。",
        AROUND: "原文说，“重点围绕”五个区域“进行科技创新发展的总体发展布局”。",
    }
    groups = (
        (BECOMING, "两个定位", positionings, "name", "原文没有解释这个名称的意思。"),
        (BASED, f"三句目标（{YEAR}）", levels, "target", ""),
        (AROUND, "五个区域", zones, "name", "原文只给出名称，没有说明它在哪里、做什么。"),
    )
    result = []
    for words, group, rows, name, note in groups:
        lead = leads[words]
        links = [Link(key, reasons[words], ORIGINAL) for key in rows["key"]]
        if words == BASED:
            links += [Link(leads[BECOMING]["key"], reasons[BASED], ORIGINAL)]
        if words == BECOMING:
            links += [Link(leads[BASED]["key"], reasons[BASED], ORIGINAL)]
        result.append(
            Mark(
                lead["key"],
                lead["label"],
                lead["quote"],
                lead["source"],
                lead["anchor"],
                group,
                links=tuple(links),
            )
        )
        result += [
            Mark(
                row.key,
                getattr(row, name),
                row.quote,
                row.source,
                row.anchor,
                group,
                notes.get(row.key, note),
                (Link(lead["key"], reasons[words], ORIGINAL),),
            )
            for row in rows.itertuples()
        ]
    return tuple(result)


def _table(marks: tuple[Mark, ...], levels: pd.DataFrame) -> pd.DataFrame:
    compared = {
        row.key: (row.subject, row.scope, row.name) for row in levels.itertuples(index=False)
    }
    rows = [
        (mark.group, mark.name, *compared.get(mark.key, ("—",) * 3), mark.quote, mark.source)
        for mark in marks
    ]
    return pd.DataFrame(rows, columns=["类别", "名称", *HEADS, "引文", "出处"])
