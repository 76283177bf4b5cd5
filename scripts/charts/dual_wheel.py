"""双轮驱动图: one vehicle on two wheels, in the source's own words (3.1.2 to 3.1.4)."""

from __future__ import annotations

import pandas as pd

from explainer.figures.figure import ORIGINAL, Change, Figure, Link, Mark, Situation
from explainer.figures.kinds import picture, plain, wheels
from explainer.project import current

BOTH = "坚持科技创新和制度创新两个轮子相互协调、持续发力，才能最大限度释放创新活力"
ALONE = "没有制度创新，|科技创新就|无从依附。"

TECH = wheels.Part("wheel-1", "激发科技创新|发展的活力，|发掘科技创新|发展的潜力", "科技创新")
INST = wheels.Part("wheel-2", "为科技创新|发展提供|全方位的|制度保障", "制度创新")
TOGETHER = wheels.Part("together", "相互协调、持续发力")
RELEASE = wheels.Part("release", "才能最大限度|释放创新活力")

# What of the sentence is read out with each part, and where it stands.
SENTENCES = {
    TECH.key: ("一方面坚持科技创新发展，激发科技创新发展的活力，发掘科技创新发展的潜力", "3.1.4"),
    INST.key: ("另一方面，也积极推动制度创新，为科技创新发展提供全方位的制度保障", "3.1.4"),
    TOGETHER.key: ("科技创新和制度创新两个轮子相互协调、持续发力", "3.1.2"),
    RELEASE.key: (BOTH, "3.1.2"),
}


def figure() -> Figure:
    marks = _marks()
    return Figure(
        name="dual-wheel",
        title="双轮驱动图：两个轮子怎样配合",
        conclusion="原文说，两个轮子要相互协调、持续发力；没有制度创新，科技创新就无从依附。",
        alternative="图中有一辆车，两个同样大小的轮子立在同一条路上，朝同一个方向转。"
        f"一个轮子写着“科技创新”：{plain(TECH.words)}。另一个轮子写着“制度创新”：{plain(INST.words)}。"
        f"架在两个轮子上的横梁写着“{plain(TOGETHER.words)}”，横梁托着的是“{plain(RELEASE.words)}”。",
        motion="拿走制度创新，车就歪倒，托着的东西没有了，科技创新的轮子停住不转，"
        f"制度创新原来的地方写着：“{plain(ALONE)}”放回去，两个轮子又一起转。",
        draw=lambda shape: picture(
            shape,
            wheels.wheels(shape, TECH, INST, TOGETHER, RELEASE, wheels.Part("", ALONE)),
            params=wheels.PARAMS,
        ),
        table=pd.DataFrame(
            [
                (part, mark.name, mark.quote, mark.source)
                for part, mark in zip(("轮子", "轮子", "横梁", "横梁托着的"), marks, strict=True)
            ]
            + [("拿走制度创新", "制度创新原来的地方", plain(ALONE), "3.1.3")],
            columns=["在图里", "名称", "引文", "出处"],
        ),
        marks=marks,
        change=Change(
            wheels.AWAY,
            (
                Situation("两个轮子都在", "把制度创新放回去", f"{BOTH}。", "3.1.2"),
                Situation("拿走制度创新", "拿走制度创新，会怎样？", plain(ALONE), "3.1.3"),
            ),
            rolls=wheels.TURN,
        ),
        caption="轮子、横梁和牌子上的字是原文；车、路和光线是编者画的，原文只说“两个轮子”。颜色只用来区分。",
        hint="点轮子、横梁或者它托着的那一块，看它的原文。",
    )


def _marks() -> tuple[Mark, ...]:
    names = {
        TECH.key: TECH.name,
        INST.key: INST.name,
        TOGETHER.key: plain(TOGETHER.words),
        RELEASE.key: plain(RELEASE.words),
    }
    joined = "原文说，“科技创新和制度创新两个轮子相互协调、持续发力”。"
    released = "原文说，两个轮子“相互协调、持续发力，才能最大限度释放创新活力”。"
    secured = "原文说，制度创新“为科技创新发展提供全方位的制度保障”。"
    pairs = [
        (TECH.key, INST.key, secured),
        (TECH.key, TOGETHER.key, joined),
        (INST.key, TOGETHER.key, joined),
        (TOGETHER.key, RELEASE.key, released),
    ]
    notes = {
        TECH.key: "原文没有给“科技创新”下定义，只说规划怎样坚持它。",
        INST.key: "原文没有给“制度创新”下定义，只说它为科技创新发展提供什么。",
    }
    return tuple(
        Mark(
            key,
            names[key],
            quote,
            at,
            current().source.locate(quote, at).unit.anchor,
            note=notes.get(key, ""),
            links=tuple(
                Link(b if key == a else a, why, ORIGINAL) for a, b, why in pairs if key in (a, b)
            ),
        )
        for key, (quote, at) in SENTENCES.items()
    )
