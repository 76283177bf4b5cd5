"""区域布局图: from the five zones outwards, ring by ring, to the two positionings (2.3.1).

A drawing of words. A ring says whom 清城区 is compared with, not what lies inside what: no place, no
direction, no size and no boundary is meant, and the caption says so.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

import altair as alt
import pandas as pd

from explainer.figures.canvas import (
    OTHERS,
    PICKED,
    captions,
    data,
    labels,
    pixel_x,
    pixel_y,
    stepping_back,
)
from explainer.figures.figure import ORIGINAL, WIDTH, Figure, Link, Mark, Shape
from explainer.project import current
from explainer.style import color

CAPTION = "概念关系示意，不表示地理位置、方位、面积和界线"
DISTRICT = "清城区"
YEAR = "到2025年"
# What the drawing says in the editors' own words; all others are the source's.
COMPARED = "参照{}"
DASHED, FRAMED, FRAMED_SAMPLE = "只是部分指标", "编者加的话", "参照谁"

PILL = 24  # the height of the frame around the editors' words
FRAME = {"fill": color("paper"), "stroke": color("edge"), "strokeWidth": 1}
WHOLE = {"stroke": color("main"), "strokeWidth": 1.3}
PART = WHOLE | {"strokeDash": [6, 4]}  # only some of the indicators

# Long names break in front of these, so that no word is torn.
LINE_STARTS = re.compile("(?=创新产业园|（华南声谷）|集聚区|物流园|商务园|科技园|“入珠融湾”|创新发展先行区)")


def figure() -> Figure:
    zones, levels, positionings = (
        current().frame(f"{name}s").assign(key=lambda t, name=name: [f"{name}-{n}" for n in t["number"]])
        for name in ("zone", "level", "positioning")
    )
    levels["target"] = levels["scope"] + levels["name"]
    # How each quotation leads up to its target: 部分发展指标达到 · 粤北地区前列.
    levels["lead"] = [row.quote.removesuffix(row.target) for row in levels.itertuples()]
    marks = _marks(zones, levels, positionings)
    quotes = {mark.key: mark.quote for mark in marks}
    return Figure(
        name="zone-layout",
        title="区域布局图：五个区域，三句目标，两个定位",
        conclusion="规划围绕五个区域来布局，目标是到2025年，清城区的科技创新发展水平在清远市排在前头，"
        "部分发展指标在粤北地区排到前面，综合发展水平达到珠三角地区的平均水平。",
        alternative="图的中心写着清城区，它的周围有五个同样大小的圆，就是五个区域："
        f"{'、'.join(zones['name'])}。"
        "从中心往外有三圈，像水面的波纹，每一圈说的是到2025年参照谁、要达到什么水平。"
        "第一圈参照清远市，清城区科技创新发展水平位居头部水平；"
        "第二圈参照粤北地区，达到前列的只是部分发展指标，所以画成虚线；"
        "第三圈参照珠三角地区，综合发展水平达到平均水平。"
        f"最外面是两个定位：{'、'.join(positionings['name'])}。"
        "原文的次序正好反过来：先说定位，“基于这一定位”提出目标，再说围绕哪些区域布局。",
        draw=lambda shape: _draw(zones, levels, positionings, quotes, shape),
        table=_table(marks, levels),
        marks=marks,
        # In the order of the source: the positionings, the goals that rest on them, the layout.
        tour=("positioning-1", "positioning-2", "level-1", "level-2", "level-3", "district"),
        caption=f"{CAPTION}。圈的里外也不表示先后和高低：原文先说定位，再说目标，最后说布局。五个区域在哪里，原文没有说。",
    )


def _marks(zones: pd.DataFrame, levels: pd.DataFrame, positionings: pd.DataFrame) -> tuple[Mark, ...]:
    idea = current().frame("part-points").set_index("label").loc["发展思路"]
    layout = "原文说，“重点围绕”五个区域“进行科技创新发展的总体发展布局”。"
    ambition = "原文说，规划“提出将清城区建设成为”这样的地方，这是它的“发展思路”。"
    goal = "原文先说两个定位，接着说“并基于这一定位，提出”这三句目标，合称“战略发展目标”。"
    ring = "这一圈说的是参照谁，不表示谁在谁里面。"
    notes = {
        "level-1": ring,
        "level-2": "原文说的是“部分发展指标”，不是全部；是哪些指标，原文没有说。" + ring,
        "level-3": "原文说的是“综合发展水平”；怎样衡量，原文没有说。" + ring,
    }

    def mark(row, name: str, group: str, note: str, *links: Link) -> Mark:
        return Mark(row.key, name, row.quote, row.source, row.anchor, group, note, links)

    def links(reason: str, *keys: str) -> tuple[Link, ...]:
        return tuple(Link(key, reason, ORIGINAL) for key in keys)

    nothing_more = "原文只给出名称，没有说明它在哪里、做什么。"
    unexplained = "原文没有解释这个名称的意思。"
    return (
        *(
            mark(zone, zone.name, "五个区域", nothing_more, *links(layout, "district"))
            for zone in zones.itertuples(index=False)
        ),
        Mark(
            "district",
            DISTRICT,
            idea["quote"],
            idea["source"],
            idea["anchor"],
            "中心",
            links=links(layout, *zones["key"]) + links(ambition, *positionings["key"]),
        ),
        *(
            mark(level, level.target, f"三句目标（{YEAR}）", notes[level.key], *links(goal, *positionings["key"]))
            for level in levels.itertuples(index=False)
        ),
        *(
            mark(
                positioning,
                positioning.name,
                "两个定位",
                unexplained,
                *links(ambition, "district"),
                *links(goal, *levels["key"]),
            )
            for positioning in positionings.itertuples(index=False)
        ),
    )


def _table(marks: tuple[Mark, ...], levels: pd.DataFrame) -> pd.DataFrame:
    compared = {row.key: (row.scope, row.subject) for row in levels.itertuples()}
    rows = [
        (mark.group, mark.name, *compared.get(mark.key, ("—", "—")), mark.quote, mark.source)
        for mark in marks
    ]
    return pd.DataFrame(rows, columns=["类别", "名称", "参照谁", "比什么", "引文", "出处"])


@dataclass(frozen=True)
class _Ring:
    """A ring around the centre: pixels, and degrees from the upright."""

    inner: float
    outer: float
    half: float  # how far it reaches to each side


@dataclass(frozen=True)
class _Plan:
    """The measures of one shape, in pixels."""

    height: int
    centre: tuple[float, float]
    core: float  # radius of the dome in the middle
    base: float  # how far it reaches down below its centre
    zone: float  # radius of a zone
    zones: tuple[tuple[float, float], ...]  # their middles, from the centre
    rings: tuple[_Ring, ...]
    rim: _Ring  # the two positionings
    goal: float  # degrees to each side at which their words stand
    lead: float  # what leads up to a target, from the ring's inner radius
    target: float
    side: float  # 到2025年 and 参照谁
    shoulder: float  # degrees to the left and right at which they stand; 0: side by side
    samples: tuple[tuple[float, float], ...]  # dashes and frame: the middles of what explains them
    beside: bool  # their words beside them, not below
    sizes: tuple[float, float, float]  # of a target, of a positioning, of the rest

    def at(self, radius: float, angle: float) -> dict:
        """The point at this distance from the centre."""
        turn = math.radians(angle)
        return {
            "x": self.centre[0] + radius * math.sin(turn),
            "y": self.centre[1] - radius * math.cos(turn),
            "angle": angle,
        }

    def sides(self, ring: _Ring, left: float, right: float) -> tuple[dict, dict]:
        """Where two labels of these widths stand in a ring: on its shoulders, or side by side."""
        radius = ring.inner + self.side
        if self.shoulder:
            return self.at(radius, -self.shoulder), self.at(radius, self.shoulder)
        middle, gap = self.at(radius, 0), 10
        return (
            middle | {"x": middle["x"] - (right + gap) / 2},
            middle | {"x": middle["x"] + (left + gap) / 2},
        )

    def arc(self, inner: float, outer: float, start: float, end: float) -> dict:
        return {
            "x": self.centre[0],
            "y": self.centre[1],
            "inner": inner,
            "outer": outer,
            "start": math.radians(start),
            "end": math.radians(end),
        }


_PLANS: dict[Shape, _Plan] = {
    "wide": _Plan(
        height=558,
        centre=(360, 552),
        core=217,
        base=6,
        zone=46,
        zones=((-151, -59), (-93, -139), (0, -169), (93, -139), (151, -59)),
        rings=(_Ring(225, 291, 77), _Ring(299, 365, 67), _Ring(373, 439, 53.5)),
        rim=_Ring(447, 548, 40),
        goal=19.5,
        lead=41,
        target=19,
        side=33,
        shoulder=33,
        samples=((58, 524), (662, 524)),
        beside=False,
        sizes=(19, 17, 13.5),
    ),
    "narrow": _Plan(
        height=690,
        centre=(170, 586),
        core=166,
        base=68,
        zone=43,
        zones=((-118, 18), (-88, -75), (0, -115), (88, -75), (118, 18)),
        rings=(_Ring(174, 268, 38.4), _Ring(276, 370, 26.8), _Ring(378, 472, 20.6)),
        rim=_Ring(480, 578, 16.7),
        goal=9,
        lead=67,
        target=44,
        side=17,
        shoulder=0,
        samples=((56, 674), (226, 674)),
        beside=True,
        sizes=(18, 14.5, 13),
    ),
}


def _draw(
    zones: pd.DataFrame,
    levels: pd.DataFrame,
    positionings: pd.DataFrame,
    quotes: dict[str, str],
    shape: Shape,
) -> alt.LayerChart:
    plan, width = _PLANS[shape], WIDTH[shape]
    size = (width, plan.height)
    x, y = plan.centre
    target_size, positioning_size, small = plan.sizes

    def row(key: str, place: dict, words: str = "") -> dict:
        lines = LINE_STARTS.sub("\n", words).split("\n")
        return {"key": key, "quote": quotes[key], "lines": lines} | place

    tokens = [
        row(zone.key, {"x": x + dx, "y": y + dy}, zone.name)
        for zone, (dx, dy) in zip(zones.itertuples(index=False), plan.zones)
    ]
    name = {"x": x, "y": y - 30 + plan.base / 2}
    dome = row("district", plan.at(0, 0)) | {"path": _dome(plan.core, plan.base)}
    rings, outlines, pills, targets, leads, sides = [], [], [], [], [], []
    for level, ring in zip(levels.itertuples(index=False), plan.rings):
        compared = COMPARED.format(level.scope)
        pill = len(compared) * small + 20
        year_at, compared_at = plan.sides(ring, 4.4 * small, pill)
        rings.append(row(level.key, plan.arc(ring.inner, ring.outer, -ring.half, ring.half)))
        outlines.append(PART if level.subject.startswith("部分") else WHOLE)
        targets.append(row(level.key, plan.at(ring.inner + plan.target, 0), level.target))
        leads.append(row(level.key, plan.at(ring.inner + plan.lead, 0), level.lead))
        sides += [row(level.key, year_at, YEAR), row(level.key, compared_at, compared)]
        pills.append(row(level.key, compared_at) | {"path": _pill(pill)})
    rim, goals = [], []
    for positioning, side in zip(positionings.itertuples(index=False), (-1, 1)):
        ends = sorted((side * 0.55, side * plan.rim.half))
        middle = (plan.rim.inner + plan.rim.outer) / 2
        rim.append(row(positioning.key, plan.arc(plan.rim.inner, plan.rim.outer, *ends)))
        goals.append(row(positioning.key, plan.at(middle - 3, side * plan.goal), positioning.name))
    return alt.layer(
        _outlines([dome], *size, fill=color("main-wash"), strokeWidth=0),
        *(
            _arcs([ring], *size, fill=color("main-wash"), fillOpacity=fading, cornerRadius=12, **outline)
            for ring, outline, fading in zip(rings, outlines, (0.75, 0.5, 0.25))
        ),
        _arcs(rim, *size, fill=color("main"), cornerRadius=14),
        _outlines(pills, *size, **FRAME),
        _circles(tokens, plan.zone, *size),
        labels(tokens, *size, size=13, line_height=17),
        labels([row("district", name, DISTRICT)], *size, size=25, fontWeight=700),
        labels(targets, *size, size=target_size, fontWeight=700),
        labels(leads, *size, size=small),
        labels(sides, *size, size=small, ink="ink-soft").encode(angle=alt.Angle("angle:Q").scale(None)),
        # On the solid ground light words; where the ground has stepped back, dark ones.
        labels(goals, *size, size=positioning_size, line_height=24, others="false", fontWeight=700).encode(
            color=alt.condition(OTHERS, alt.value(color("ink")), alt.value(color("paper")))
        ),
        *_samples(plan, *size),
    ).properties(width=width, height=plan.height).add_params(PICKED)


def _arcs(rows: list[dict], width: float, height: float, **mark) -> alt.Chart:
    """Pieces of rings around `x`, `y`; clicks go to `key`, the tooltip is `quote`."""
    return (
        alt.Chart(data(rows))
        .mark_arc(cursor="pointer", **mark)
        .encode(
            x=pixel_x("x", width),
            y=pixel_y("y", height),
            theta=alt.Theta("start:Q").scale(None),
            theta2="end:Q",
            radius=alt.Radius("outer:Q").scale(None),
            radius2="inner:Q",
            opacity=stepping_back(),
            tooltip="quote:N",
        )
    )


def _pill(length: float) -> str:
    """The outline of a frame with round ends, as the path of a symbol."""
    half, end = (length - PILL) / 2, PILL / 2
    return f"M{-half},{-end}H{half}A{end},{end},0,0,1,{half},{end}H{-half}A{end},{end},0,0,1,{-half},{-end}Z"


def _dome(radius: float, base: float) -> str:
    """The outline of half a disc on a base with rounded corners, as the path of a symbol."""
    corner = min(base, 16)
    return (
        f"M{-radius},0A{radius},{radius},0,0,1,{radius},0V{base - corner}"
        f"A{corner},{corner},0,0,1,{radius - corner},{base}H{corner - radius}"
        f"A{corner},{corner},0,0,1,{-radius},{base - corner}Z"
    )


def _outlines(rows: list[dict], width: float, height: float, **mark) -> alt.Chart:
    """Shapes at `x`, `y` by their `path`, turned by `angle`, which a rectangle cannot be."""
    return (
        alt.Chart(data(rows))
        # A symbol's path is drawn at half the root of its size: at 4, in pixels.
        .mark_point(size=4, cursor="pointer", **mark)
        .encode(
            x=pixel_x("x", width),
            y=pixel_y("y", height),
            angle=alt.Angle("angle:Q").scale(None),
            shape=alt.Shape("path:N").scale(None),
            opacity=stepping_back(),
            tooltip="quote:N",
        )
    )


def _circles(rows: list[dict], radius: float, width: float, height: float) -> alt.Chart:
    """The zones: all of one size, because the source sets none above another."""
    return (
        alt.Chart(data(rows))
        .mark_point(
            size=math.pi * radius**2,
            filled=True,
            fill=color("paper"),
            stroke=color("main"),
            strokeWidth=1.5,
            cursor="pointer",
        )
        .encode(x=pixel_x("x", width), y=pixel_y("y", height), opacity=stepping_back(), tooltip="quote:N")
    )


def _samples(plan: _Plan, width: float, height: float) -> list[alt.TopLevelMixin]:
    """What the dashed line and the frame mean, below the drawing."""
    (x, y), (framed_x, framed_y) = plan.samples
    words = [
        {"x": middle + 36, "y": y, "words": text} if plan.beside else {"x": middle, "y": y + 22, "words": text}
        for middle, text in ((x, DASHED), (framed_x, FRAMED))
    ]
    dashes = alt.Chart(data([{"x": x - 28, "x2": x + 28, "y": y - 11, "y2": y + 11}]))
    frame = {"x": framed_x, "y": framed_y, "angle": 0, "path": _pill(60)}
    return [
        dashes.mark_rect(fill=color("main-wash"), fillOpacity=0.5, cornerRadius=8, **PART).encode(
            x=pixel_x("x", width), x2="x2:Q", y=pixel_y("y", height), y2="y2:Q"
        ),
        _outlines([frame], width, height, **FRAME).encode(opacity=alt.value(1), tooltip=alt.value(None)),
        captions([{"x": framed_x, "y": framed_y, "words": FRAMED_SAMPLE}], width, height, align="center"),
        captions(words, width, height, align="left" if plan.beside else "center"),
    ]
