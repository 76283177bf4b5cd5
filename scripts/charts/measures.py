"""主要制度的单项措施: who does what, and for what; an empty place is what the source does not say."""

from __future__ import annotations

from dataclasses import dataclass

import altair as alt
import pandas as pd

from explainer.figures.canvas import (
    PICKED,
    UNRELATED,
    boxes,
    broken,
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

MISSING = "〔原文未写明〕"
ASKED = {"who": "谁来做", "does": "做什么", "purpose": "为了什么"}

# What is too long for one line, shortened as one shortens a quotation: …… stands for what is left out.
SHORTENED = {
    3: "科学制定……有关政策文件",
    5: "研究制定……相关配套政策",
    8: "财政预算……合理安排支出",
    9: "积极保障……等要素需求",
    12: "加大……财政资金支持力度",
    15: "争取到……资金投入与支持",
}


@dataclass(frozen=True)
class Layout:
    """The columns of a shape: left and right ends, and how many characters of a purpose fit a line."""

    band: tuple[float, float]
    who: tuple[float, float]
    does: tuple[float, float]
    purpose: tuple[float, float]
    purpose_most: int
    row: float


LAYOUTS: dict[Shape, Layout] = {
    "wide": Layout((1, 37), (48, 130), (158, 446), (474, 719), 17, 30),
    "narrow": Layout((1, 27), (34, 98), (112, 182), (198, 339), 9, 42),
}
GAP, GROUP_GAP, HEAD, LINE = 6, 10, 44, 18


def figure() -> Figure:
    measures = current().frame("measures").assign(key=lambda t: [f"measure-{n}" for n in t["number"]])
    institutions = current().frame("institutions")
    institutions["key"] = [f"institution-{n}" for n in institutions["number"]]
    measures["group"] = measures["institution"].map(institutions.set_index("number")["name"])
    count, named, aimed = len(measures), sum(measures["who"] != ""), sum(measures["purpose"] != "")
    return Figure(
        name="measures",
        title="谁来做，做什么，为了什么",
        conclusion=f"把第四章的话拆成{count}条来看，写明由谁来做的有{named}条，写明为了什么的有{aimed}条，"
        "其余的原文没有写明。",
        alternative=f"图中有{count}条措施，分在三项主要制度下面：{_counts(measures['group'])}。"
        f"写明由谁来做的有{named}条：{_counts(measures['who'])}。"
        f"写明为了什么的有{aimed}条：{_counts(measures['purpose'])}。"
        "没有写明的地方，图里空着，只画一条短横。",
        draw=lambda shape: _draw(institutions, measures, shape),
        table=measures[["group", *ASKED, "quote", "source"]]
        .replace("", MISSING)
        .set_axis(["主要制度", *ASKED.values(), "引文", "出处"], axis=1),
        marks=tuple(
            mark
            for i in institutions.itertuples()
            for mark in (
                Mark(i.key, i.name, i.quote, i.source, i.anchor, group=i.name),
                *(
                    Mark(m.key, m.short, m.quote, m.source, m.anchor, group=m.group, note=_note(m))
                    for m in measures[measures["institution"] == i.number].itertuples()
                ),
            )
        ),
        caption="措施是编者从第四章的句子里拆出来的，字句都是原文，“……”表示有省略。"
        "各列的标题和〔〕里的字是编者加的。",
        hint="点图中任意一行，或者从上面选一项，这里就显示它的原文。",
    )


def _counts(column: pd.Series) -> str:
    """What a column says, each with how often, in order; what it leaves empty is not counted."""
    counts = column[column != ""].value_counts(sort=False)
    return "，".join(f"“{words}”{count}条" for words, count in counts.items())


def _note(measure) -> str:
    missing = [label for column, label in ASKED.items() if not getattr(measure, column)]
    return f"{'、'.join(missing)}：原文没有写明。" if missing else ""


def _draw(institutions: pd.DataFrame, measures: pd.DataFrame, shape: Shape) -> alt.LayerChart:
    layout, width = LAYOUTS[shape], WIDTH[shape]
    rows, bands, top = [], [], HEAD
    for i in institutions.itertuples():
        begin = top
        for m in measures[measures["institution"] == i.number].to_dict("records"):
            lines = len(broken(m["purpose"], layout.purpose_most)) if m["purpose"] else 1
            row = {column: m[column] for column in ("key", "quote", "who", "purpose")} | {"near": [i.key]}
            row["does"] = SHORTENED.get(m["number"], m["does"]) if shape == "wide" else m["short"]
            rows.append(row | {"y": top, "y2": top + max(layout.row, lines * LINE + 8)})
            top = rows[-1]["y2"] + GAP
        own = [row["key"] for row in rows if row["near"] == [i.key]]
        bands.append(
            {"key": i.key, "quote": i.quote, "near": own, "words": i.name}
            | {"x": layout.band[0], "x2": layout.band[1], "y": begin, "y2": top - GAP}
        )
        top += GROUP_GAP
    height = top + 14
    who, purposes = _joined(rows, "who", layout.who), _joined(rows, "purpose", layout.purpose)
    does = [row | {"x": layout.does[0], "x2": layout.does[1], "words": row["does"]} for row in rows]
    middles = [
        {"key": row["key"], "near": row["near"], "y": (row["y"] + row["y2"]) / 2} for row in rows
    ]
    arrows = [
        middle | {"x": begin + 4, "x2": end - 6}
        for row, middle in zip(rows, middles, strict=True)
        for column, begin, end in (
            ("who", layout.who[1], layout.does[0]),
            ("purpose", layout.does[1], layout.purpose[0]),
        )
        if row[column]
    ]
    dashes = [
        middle | {"x": sum(ends) / 2 - 8, "x2": sum(ends) / 2 + 8}
        for row, middle in zip(rows, middles, strict=True)
        for column, ends in (("who", layout.who), ("purpose", layout.purpose))
        if not row[column]
    ]
    rule = {"x": pixel_x("x", width), "x2": "x2:Q", "y": pixel_y("y", height)}
    fade = {"opacity": stepping_back(UNRELATED)}
    legend = [{"x": layout.who[0], "x2": layout.who[0] + 16, "y": height - 8}]
    heads = [{"x": getattr(layout, c)[0], "y": 9, "words": label} for c, label in ASKED.items()]
    notes = [
        {"x": getattr(layout, c)[0], "y": 28, "words": f"写明{sum(row[c] != '' for row in rows)}条"} for c in ASKED
    ] + [{"x": layout.who[0] + 18, "y": height - 8, "words": MISSING}]
    whole = [
        row
        | {"x": layout.who[0], "x2": layout.purpose[1]}
        | {"y": row["y"] - GAP / 2, "y2": row["y2"] + GAP / 2}
        for row in rows
    ]
    size = 15 if shape == "wide" else 14
    style = {"others": UNRELATED}
    return alt.layer(
        boxes(bands, width, height, fill=color("wash"), stroke=color("line"), **style),
        labels(
            [row | {"lines": list(row["words"])} for row in in_boxes(bands, 9)],
            width, height, size=15, line_height=20, fontWeight=600, **style,
        ),
        alt.Chart(data(dashes)).mark_rule(stroke=color("edge"), strokeWidth=1.5).encode(**rule, **fade),
        alt.Chart(data(legend)).mark_rule(stroke=color("edge"), strokeWidth=1.5).encode(**rule),
        alt.Chart(data(arrows)).mark_rule(stroke=color("second"), strokeWidth=1.5).encode(**rule, **fade),
        alt.Chart(data(arrows))
        .mark_point(shape="triangle-right", size=50, filled=True, opacity=1, color=color("second"))
        .encode(x=pixel_x("x2", width), y=pixel_y("y", height), **fade),
        boxes(who, width, height, fill=color("paper"), stroke=color("second"), cornerRadius=14, **style),
        labels(in_boxes(who, 4), width, height, size=size - 1, **style),
        boxes(does, width, height, fill=color("second-wash"), stroke=color("second"), **style),
        labels(in_boxes(does, 18), width, height, size=size, **style),
        boxes(purposes, width, height, fill=color("paper"), stroke=color("edge"), **style),
        labels(in_boxes(purposes, layout.purpose_most), width, height, size=13, line_height=LINE, **style),
        captions(heads, width, height, size=14, align="left", fontWeight=600),
        captions(notes, width, height, align="left"),
        boxes(whole, width, height, fill="transparent", strokeWidth=0),
    ).properties(width=width, height=height).add_params(PICKED)


def _joined(rows: list[dict], column: str, ends: tuple[float, float]) -> list[dict]:
    """Boxes for a column: rows of an institution that share their words share a box, empty ones have none."""
    result: list[dict] = []
    before = None
    for row in rows:
        words = (row["near"], row[column])
        if row[column] and words == before:
            result[-1]["near"].append(row["key"])
            result[-1]["y2"] = row["y2"]
        elif row[column]:
            box = {"near": [*row["near"], row["key"]], "quote": row["quote"], "words": row[column]}
            result.append(box | {"x": ends[0], "x2": ends[1], "y": row["y"], "y2": row["y2"]})
        before = words
    return result
