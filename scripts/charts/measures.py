"""主要制度的单项措施: who does what, and for what; an empty place is what the source does not say."""

from __future__ import annotations

import pandas as pd

from explainer.figures.figure import Figure, Mark
from explainer.figures.kinds import matrix, picture
from explainer.project import current

from .numerals import han

MISSING, COUNTED = "〔原文未写明〕", "写明{}条"
ASKED = {"who": "谁来做", "does": "做什么", "purpose": "为了什么"}


def figure() -> Figure:
    measures = (
        current().frame("measures").assign(key=lambda t: [f"measure-{n}" for n in t["number"]])
    )
    institutions = current().frame("institutions")
    institutions["key"] = [f"institution-{n}" for n in institutions["number"]]
    measures["group"] = measures["institution"].map(institutions.set_index("number")["name"])
    groups = [
        matrix.Group(
            i.key,
            i.quote,
            i.name,
            tuple(
                matrix.Deed(m.key, m.quote, m.who, m.does, m.purpose)
                for m in measures[measures["institution"] == i.number].itertuples()
            ),
        )
        for i in institutions.itertuples()
    ]
    count, named, aimed = len(measures), sum(measures["who"] != ""), sum(measures["purpose"] != "")
    return Figure(
        name="measures",
        title="谁来做，做什么，为了什么",
        conclusion=f"把第四章的话拆成{han(count)}条来看，写明由谁来做的有{han(named)}条，写明为了什么的有{han(aimed)}条，"
        "其余的原文没有写明。",
        alternative=f"图中有{han(count)}条措施，分在三项主要制度下面：{_counts(measures['group'])}。"
        f"写明由谁来做的有{han(named)}条：{_counts(measures['who'])}。"
        f"写明为了什么的有{han(aimed)}条：{_counts(measures['purpose'])}。"
        "没有写明的地方，图里空着。",
        draw=lambda shape: picture(
            shape,
            matrix.matrix(
                shape,
                tuple(ASKED.values()),
                groups,
                counted=lambda count: COUNTED.format(han(count)),
                missing=MISSING,
            ),
        ),
        table=measures[["group", *ASKED, "quote", "source"]]
        .replace("", MISSING)
        .set_axis(["主要制度", *ASKED.values(), "引文", "出处"], axis=1),
        marks=tuple(
            mark
            for i in institutions.itertuples()
            for mark in (
                Mark(i.key, i.name, i.quote, i.source, i.anchor, group=i.name),
                *(
                    Mark(m.key, m.does, m.quote, m.source, m.anchor, group=m.group, note=_note(m))
                    for m in measures[measures["institution"] == i.number].itertuples()
                ),
            )
        ),
        caption="措施是编者从第四章的句子里拆出来的，字句都是原文；“谁来做”等标题和〔〕里的字是编者加的。",
        hint="点图中任意一行，看它的原文。",
    )


def _counts(column: pd.Series) -> str:
    """What a column says, each with how often, in order; what it leaves empty is not counted."""
    counts = column[column != ""].value_counts(sort=False)
    return "，".join(f"“{words}”{han(count)}条" for words, count in counts.items())


def _note(measure) -> str:
    missing = [label for column, label in ASKED.items() if not getattr(measure, column)]
    return f"{'、'.join(missing)}：原文没有写明。" if missing else ""
