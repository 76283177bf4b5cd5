"""列出的四项保障，展开的三项制度: which safeguards of 2.5.2 are elaborated in chapter four, and which is not."""

from __future__ import annotations

import re

import pandas as pd

from explainer.figures.figure import ORIGINAL, Figure, Link, Mark, Shape
from explainer.figures.kinds import pairs, picture
from explainer.project import current

LISTED, ELABORATED = "第二章列出", "第四章展开"
MISSING = "〔原文未展开〕"
LINE_STARTS = re.compile(
    "(?=政策体系|资金体系|支持力度|管理体制)"
)  # where what a safeguard does may break


def figure() -> Figure:
    listed, elaborated = _rows()
    everything = pd.concat([listed, elaborated])
    return Figure(
        name="safeguards",
        title="列出四项保障，展开三项制度",
        conclusion="原文先列出四项保障措施，后面用一章展开了其中三项，次序也换了；监督考核没有展开。",
        alternative="图的左边是第二章列出的四项保障措施，依次是组织保障、资金保障、政策保障、监督考核。"
        "右边是第四章展开的三项主要制度，依次是组织保障、政策保障、资金保障。名称相同的用线连着，"
        "资金保障和政策保障在两边的次序相反，两条线因此交叉。监督考核连着一个虚线空框，表示原文没有展开。",
        draw=lambda shape: _draw(listed, elaborated, shape),
        table=everything[["group", "ordinal", "name", "where", "quote", "source"]].set_axis(
            ["在哪里", "次序", "名称", "另一处的次序", "引文", "出处"], axis=1
        ),
        marks=tuple(
            Mark(
                row.key,
                row.name,
                row.quote,
                row.source,
                row.anchor,
                group=row.group,
                note="" if row.near else "第四章“落实规划的主要制度”没有再讲这一项。",
                links=tuple(Link(to, f"两处的名称都是“{row.name}”。", ORIGINAL) for to in row.near),
            )
            for row in everything.itertuples()
        ),
        caption="虚线框里的字和两列的标题是编者加的，不是原文。",
    )


def _rows() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Both lists; each row has its partner's key in `near` and its partner's ordinal in `where`."""
    listed, elaborated = current().frame("safeguards"), current().frame("institutions")
    pairs_ = [
        (a, b) for a, b in zip(listed["number"], listed["institution"], strict=True) if pd.notna(b)
    ]
    for frame, group, kind in (
        (listed, LISTED, "safeguard"),
        (elaborated, ELABORATED, "institution"),
    ):
        frame["group"] = group
        frame["key"] = [f"{kind}-{n}" for n in frame["number"]]
        frame["ordinal"] = frame["quote"].str[:2]
    for frame, other, to in (
        (listed, elaborated, dict(pairs_)),
        (elaborated, listed, {b: a for a, b in pairs_}),
    ):
        partner = other.set_index("number")
        frame["near"] = [[partner["key"][to[n]]] if n in to else [] for n in frame["number"]]
        frame["where"] = [
            partner["ordinal"][to[n]] if n in to else MISSING for n in frame["number"]
        ]
    return listed, elaborated


def _draw(listed: pd.DataFrame, elaborated: pd.DataFrame, shape: Shape):
    def cards(rows: pd.DataFrame) -> tuple[pairs.Card, ...]:
        return tuple(
            pairs.Card(
                row.key,
                row.quote,
                row.name,
                LINE_STARTS.sub("|", getattr(row, "content", "")),
                row.ordinal,
                "second",
                near=tuple(row.near),
            )
            for row in rows.itertuples()
        )

    return picture(
        shape,
        pairs.pairs(
            shape,
            pairs.Column(((LISTED, cards(listed)),), {"wide": (0, 0.4), "narrow": (0, 0.49)}),
            pairs.Column(
                ((ELABORATED, cards(elaborated)),), {"wide": (0.62, 1), "narrow": (0.6, 1)}
            ),
            [pairs.Line(row.key, row.near[0]) for row in listed.itertuples() if row.near],
            missing=MISSING,
            even=True,
        ),
    )
