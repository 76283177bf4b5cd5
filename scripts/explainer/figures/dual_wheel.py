"""双轮驱动图: two wheels that mesh. Which task is on which wheel, and which measure is linked with which task.

The 科技创新 wheel carries its tasks; the 制度创新 wheel carries task nine and the safeguards, and around them
the single measures. Angles are degrees clockwise from the top; turning one wheel by `turn` turns the other
by as much the other way.
"""

from __future__ import annotations

from dataclasses import dataclass

import altair as alt
import pandas as pd

from .. import tables
from ..style import color
from .canvas import OTHERS, PICKED, data, line_rows, pixel_x, pixel_y
from .figure import ORIGINAL, WIDTH, Choice, Figure, Link, Mark, Option, Shape, Turn

TEETH = 30
_NO_MEASURES = 2  # the width, in measures, of a sector that has none
NOT_ELABORATED = "原文未展开"
BOTH, TECH_ONLY, INST_ONLY = "both", "tech", "inst"


@dataclass(frozen=True)
class Sector:
    """A part of a wheel from `start` to `end` (degrees), on the ring from `inner` to `outer` (shares of the radius)."""

    key: str
    lines: tuple[str, ...]
    quote: str
    start: float
    end: float
    inner: float
    outer: float
    links: tuple[str, ...] = ()

    @property
    def middle(self) -> float:
        return (self.start + self.end) / 2


@dataclass(frozen=True)
class Place:
    """Where the wheels stand in a shape: centres, pitch radius, and the angle at which the first meets the second."""

    height: int
    tech: tuple[float, float]
    inst: tuple[float, float]
    radius: float
    contact: float
    text: float


PLACES: dict[Shape, Place] = {
    "wide": Place(370, (184, 185), (536, 185), 176, 90, 14),
    "narrow": Place(660, (170, 168), (170, 492), 162, 180, 13),
}


def figure() -> Figure:
    tasks, safeguards, measures = (tables.frame(n) for n in ("tasks", "safeguards", "measures"))
    wheel, links = tables.frame("task-wheel"), tables.frame("measure-task")
    on_tech = set(wheel.loc[wheel["wheel"] == "科技创新", "task"])
    tech = _tech_sectors(tasks[tasks["number"].isin(on_tech)], links)
    inst = _inst_sectors(tasks[~tasks["number"].isin(on_tech)], safeguards, measures, links)
    return Figure(
        name="dual-wheel",
        title="双轮驱动图：两个轮子怎样配合",
        conclusion="两个轮子要配合着一起使劲；少了制度创新这个轮子，科技创新就没有依托。",
        alternative="图中有两个互相咬合的轮子。左边是科技创新轮，装着九项重点任务；右边是制度创新轮，"
        "装着第九项任务“制度创新”和四项保障措施，外圈是落实它们的十五条措施。转动一个，另一个就跟着转。"
        "第四项保障“监督考核”原文没有展开，外圈空着。选“只有科技创新”，制度创新轮就消失，科技创新轮"
        "失去依托，这就是原文说的“没有制度创新，科技创新就无从依附”。选“只有制度创新”，科技创新轮就消失；"
        "这一种情形原文没有讲。",
        draw=lambda shape: _draw(tech, inst, links, PLACES[shape], WIDTH[shape]),
        table=_table(tasks, measures, wheel, links),
        marks=_marks(tasks, safeguards, measures, wheel, links, tech, inst),
        choice=Choice(
            "situation",
            "比一比",
            (
                Option(BOTH, "双轮协调", "科技创新和制度创新两个轮子相互协调、持续发力，才能最大限度释放创新活力。", "3.1.2"),
                Option(TECH_ONLY, "只有科技创新", "没有制度创新，科技创新就无从依附。", "3.1.3"),
                Option(
                    INST_ONLY,
                    "只有制度创新",
                    "另一方面，也积极推动制度创新，为科技创新发展提供全方位的制度保障。",
                    "3.1.4",
                    "原文没有讲只有制度创新会怎样，只说它为科技创新发展提供保障。编者的理解是：没有科技创新，保障就没有了对象。",
                ),
            ),
        ),
        turn=Turn(
            "turn",
            "转动轮子",
            {shape: ((*at.tech, 1), (*at.inst, -1)) for shape, at in PLACES.items()},
        ),
        caption="轮子的比喻和“制度创新”任务的归属出自原文；其余任务归哪个轮子、措施与任务怎样相连，是编者梳理。",
        hint="点轮子上的任何一块，或者从上面选一项，这里就显示它的原文，以及它与谁相连、为什么。",
    )


def _tech_sectors(tasks: pd.DataFrame, links: pd.DataFrame) -> list[Sector]:
    step = 360 / len(tasks)
    return [
        Sector(
            f"task-{row.number}",
            (str(row.number), row.name_),
            row.quote,
            (i - 0.5) * step,
            (i + 0.5) * step,
            0.3,
            0.9,
            tuple(f"measure-{n}" for n in links.loc[links["task"] == row.number, "measure"]),
        )
        for i, row in enumerate(tasks.rename(columns={"name": "name_"}).itertuples())
    ]


def _inst_sectors(tasks, safeguards, measures, links) -> list[Sector]:
    """Task nine, then the safeguards in the order of 2.5; each as wide as it has measures."""
    groups = {
        row.number: measures[measures["institution"] == row.institution]
        for row in safeguards.itertuples()
    }
    units = _NO_MEASURES * len(tasks) + sum(len(g) or _NO_MEASURES for g in groups.values())
    unit = 360 / units
    angle = 270 - _NO_MEASURES * len(tasks) * unit / 2  # task nine faces the other wheel
    sectors = []
    for row in tasks.itertuples():
        end = angle + _NO_MEASURES * unit
        sectors.append(
            Sector(f"task-{row.number}", (str(row.number), row[3][:2], row[3][2:]), row.quote, angle, end, 0.3, 0.9)
        )
        angle = end
    for row in safeguards.itertuples():
        group = groups[row.number]
        end = angle + (len(group) or _NO_MEASURES) * unit
        name = row[2]
        keys = tuple(f"measure-{n}" for n in group["number"])
        lines = (name,) if len(group) else (name[:2], name[2:])
        sectors.append(Sector(f"safeguard-{row.number}", lines, row.quote, angle, end, 0.3, 0.62, keys))
        if group.empty:
            words = (NOT_ELABORATED[:2], NOT_ELABORATED[2:])
            sectors.append(Sector(f"safeguard-{row.number}", words, row.quote, angle, end, 0.62, 0.9))
        for i, measure in enumerate(group.itertuples()):
            tasks_of = links.loc[links["measure"] == measure.number, "task"]
            sectors.append(
                Sector(
                    f"measure-{measure.number}",
                    (measure.short[:2], measure.short[2:]),
                    measure.quote,
                    angle + i * unit,
                    angle + (i + 1) * unit,
                    0.62,
                    0.9,
                    (f"safeguard-{row.number}", *(f"task-{n}" for n in tasks_of)),
                )
            )
        angle = end
    return sectors


def _draw(tech: list[Sector], inst: list[Sector], links: pd.DataFrame, at: Place, width: int) -> alt.LayerChart:
    turn = alt.param(name="turn", value=0)
    situation = alt.param(name="situation", value=BOTH)
    canvas = width, at.height
    return alt.layer(
        *_wheel(tech, "tech", at.tech, "turn", INST_ONLY, 0, at, canvas),
        *_wheel(inst, "inst", at.inst, "-turn", TECH_ONLY, 180 / TEETH, at, canvas),
        _links(tech, inst, links, at, canvas),
    ).properties(width=width, height=at.height).add_params(PICKED, turn, situation)


def _wheel(sectors, name, center, turn, gone_in, offset, at: Place, canvas) -> list[alt.Chart]:
    """One wheel: teeth and rim, sectors, words, hub. In the situation `gone_in` it is but a shadow that stands still."""
    gone = f"situation === '{gone_in}'"
    alone = f"situation !== '{BOTH}'"
    turn = f"({gone} ? 0 : {turn})"
    opacity = f"{gone} ? 0.12 : 1"
    body = at.radius * 0.955
    pitch = 360 / TEETH
    teeth = data([{"start": offset + (k - 0.24) * pitch, "end": offset + (k + 0.24) * pitch} for k in range(TEETH)])
    rim = f"{alone} ? '{color('edge')}' : '{color(name)}'"
    layers = [
        _arcs(teeth, center, turn, body - 4, at.radius * 1.045).mark_arc(color=alt.expr(rim), opacity=alt.expr(opacity)),
        _arcs(data([{"start": 0, "end": 360}]), center, "0", 0, body).mark_arc(color=alt.expr(rim), opacity=alt.expr(opacity)),
        _arcs(data([{"start": 0, "end": 360}]), center, "0", 0, body * 0.93).mark_arc(color=color("paper")),
    ]
    for inner, outer in sorted({(s.inner, s.outer) for s in sectors}):
        ring = [s for s in sectors if (s.inner, s.outer) == (inner, outer)]
        for known in (True, False):
            rows = [_row(s) for s in ring if (s.lines[0] != NOT_ELABORATED[:2]) == known]
            if not rows:
                continue
            fill = f"picked === datum.key ? '{color(name)}' : '{color(name + '-wash')}'" if known else "'transparent'"
            layers.append(
                _arcs(data(rows), center, turn, inner * at.radius, outer * at.radius * 0.985)
                .mark_arc(
                    cursor="pointer", stroke=color("paper" if known else "edge"), strokeWidth=2 if known else 1,
                    strokeDash=[] if known else [4, 3], padAngle=0 if known else 0.02,
                )
                .encode(
                    color=alt.value(alt.expr(fill)),
                    opacity=_opacity(opacity),
                    tooltip="quote:N",
                )
            )
    layers.append(_words(sectors, name, center, turn, opacity, at, canvas))
    layers.append(_hub(name, center, opacity, at, canvas))
    return layers


def _row(sector: Sector) -> dict:
    return {
        "key": sector.key, "quote": sector.quote, "start": sector.start, "end": sector.end,
        "links": list(sector.links),
    }


def _linked() -> str:
    return f"{OTHERS} && indexof(datum.links, picked) < 0"


def _opacity(base: str) -> alt.Opacity:
    return alt.condition(_linked(), alt.value(alt.expr(f"({base}) * 0.35")), alt.value(alt.expr(base)))


def _arcs(rows: alt.Data, center, turn: str, inner: float, outer: float) -> alt.Chart:
    radians = "(datum.{} + {}) * PI / 180"
    return (
        alt.Chart(rows)
        .transform_calculate(a0=radians.format("start", turn), a1=radians.format("end", turn))
        .encode(
            theta=alt.Theta("a0:Q", scale=None, stack=None),
            theta2="a1",
            radius=alt.value(outer),
            radius2=alt.value(inner),
            x=alt.value(center[0]),
            y=alt.value(center[1]),
        )
    )


def _at(center, turn: str, angle: str, radius: str) -> tuple[str, str]:
    """Vega expressions for x and y of a point on a turning wheel."""
    radians = f"({angle} + {turn}) * PI / 180"
    return f"{center[0]} + {radius} * sin({radians})", f"{center[1]} - {radius} * cos({radians})"


def _words(sectors, name, center, turn, opacity, at: Place, canvas) -> alt.Chart:
    rows = line_rows(
        [
            _row(s) | {"lines": list(s.lines), "middle": s.middle, "y": 0, "r": _label_radius(s) * at.radius}
            for s in sectors
        ],
        at.text + 3,
    )
    x, y = _at(center, turn, "datum.middle", "datum.r")
    ink = f"picked === datum.key && datum.line !== '{NOT_ELABORATED[:2]}' && datum.line !== '{NOT_ELABORATED[2:]}' ? '{color('paper')}' : '{color('ink')}'"
    return (
        alt.Chart(data(rows))
        .transform_calculate(tx=x, ty=f"{y} + datum.y")
        .mark_text(fontSize=at.text, baseline="middle", align="center", cursor="pointer")
        .encode(
            x=pixel_x("tx", canvas[0]), y=pixel_y("ty", canvas[1]), text="line:N", tooltip="quote:N",
            color=alt.value(alt.expr(ink)), opacity=_opacity(opacity),
        )
    )


def _label_radius(sector: Sector) -> float:
    full = sector.outer - sector.inner > 0.5
    return 0.66 if full else (sector.inner + sector.outer) / 2


def _hub(name: str, center, opacity: str, at: Place, canvas) -> alt.Chart:
    words = {"tech": ["科技", "创新"], "inst": ["制度", "创新"]}[name]
    rows = line_rows([{"x": center[0], "y": center[1], "lines": words}], at.text + 6)
    return (
        alt.Chart(data(rows))
        .mark_text(fontSize=at.text + 4, fontWeight=700, baseline="middle", align="center", color=color(name), opacity=alt.expr(opacity))
        .encode(x=pixel_x("x", canvas[0]), y=pixel_y("y", canvas[1]), text="line:N")
    )


def _links(tech, inst, links, at: Place, canvas) -> alt.LayerChart:
    middle = {s.key: s.middle for s in [*inst, *tech]}
    rows = [
        {"task": f"task-{row.task}", "measure": f"measure-{row.measure}",
         "m1": middle[f"task-{row.task}"], "m2": middle[f"measure-{row.measure}"]}
        for row in links.itertuples()
    ]
    x1, y1 = _at(at.tech, "turn", "datum.m1", _end("datum.m1 + turn", at.contact, 0.42, at))
    x2, y2 = _at(at.inst, "-turn", "datum.m2", _end("datum.m2 - turn", at.contact + 180, 0.62, at))
    chosen = f"situation === '{BOTH}' && (picked === datum.task || picked === datum.measure)"
    lines = (
        alt.Chart(data(rows))
        .transform_filter(chosen)
        .transform_calculate(x1=x1, y1=y1, x2=x2, y2=y2)
        .encode(color=alt.value(color("ink")))
    )
    ends = [
        lines.mark_point(size=36, filled=True, opacity=1).encode(
            x=pixel_x(f"x{n}", canvas[0]), y=pixel_y(f"y{n}", canvas[1])
        )
        for n in (1, 2)
    ]
    return alt.layer(
        lines.mark_rule(strokeWidth=1.75).encode(
            x=pixel_x("x1", canvas[0]), y=pixel_y("y1", canvas[1]), x2="x2:Q", y2="y2:Q"
        ),
        *ends,
    )


def _end(angle: str, contact: float, far: float, at: Place) -> str:
    """Vega expression for the radius at which a link ends: before the label, from whichever side it comes."""
    near = f"cos(({angle} - {contact}) * PI / 180) > 0.5"
    return f"({near} ? {at.radius * 0.88} : {at.radius * far})"


def _table(tasks, measures, wheel, links) -> pd.DataFrame:
    """What the wheels show: first each task's wheel, then each link from a measure to a task."""
    names = tasks.set_index("number")["name"]
    shorts = measures.set_index("number")["short"]
    on_wheels = pd.DataFrame(
        {
            "重点任务": [f"{n} {names[n]}" for n in wheel["task"]],
            "归哪个轮子、与哪条措施相连": wheel["wheel"] + "轮",
            "引文": wheel["quote"], "出处": wheel["source"], "依据": wheel["basis"], "理由": wheel["reason"],
        }
    )
    linked = pd.DataFrame(
        {
            "重点任务": [f"{n} {names[n]}" for n in links["task"]],
            "归哪个轮子、与哪条措施相连": [f"措施：{shorts[n]}" for n in links["measure"]],
            "引文": links["quote"], "出处": links["source"], "依据": links["basis"], "理由": links["reason"],
        }
    )
    return pd.concat([on_wheels, linked], ignore_index=True)


def _marks(tasks, safeguards, measures, wheel, links, tech, inst) -> tuple[Mark, ...]:
    wheels = wheel.set_index("task")
    turns = _turns(tech, inst)
    marks = []
    for task in tasks.itertuples():
        own = wheels.loc[task.number]
        marks.append(
            Mark(
                f"task-{task.number}", f"任务{task.number}：{task[3]}", task.quote, task.source, task.anchor,
                group=f"{own['wheel']}轮：重点任务", note=f"{own['reason']}（依据：{own['basis']}）",
                links=tuple(
                    Link(f"measure-{link.measure}", link.reason, link.basis)
                    for link in links[links["task"] == task.number].itertuples()
                ),
                turn=turns[f"task-{task.number}"],
            )
        )
    marks.sort(key=lambda mark: mark.group.startswith("制度"))
    for safeguard in safeguards.itertuples():
        own = measures[measures["institution"] == safeguard.institution]
        marks.append(
            Mark(
                f"safeguard-{safeguard.number}", safeguard[2], safeguard.quote, safeguard.source, safeguard.anchor,
                group="制度创新轮：保障措施",
                note="" if len(own) else "原文第四章没有再提这一项，所以外圈空着。",
                links=tuple(
                    Link(f"measure-{n}", f"原文第四章“{safeguard[2]}”一段里写了这条措施。", ORIGINAL)
                    for n in own["number"]
                ),
                turn=turns[f"safeguard-{safeguard.number}"],
            )
        )
    of = safeguards.dropna(subset="institution").set_index("institution")
    for measure in measures.itertuples():
        safeguard = of.loc[measure.institution]
        marks.append(
            Mark(
                f"measure-{measure.number}", f"措施：{measure.short}", measure.quote, measure.source, measure.anchor,
                group=f"制度创新轮：{safeguard['name']}的措施",
                links=(
                    *(
                        Link(f"task-{link.task}", link.reason, link.basis)
                        for link in links[links["measure"] == measure.number].itertuples()
                    ),
                    Link(f"safeguard-{safeguard['number']}", f"原文把这条措施写在第四章“{safeguard['name']}”一段里。", ORIGINAL),
                ),
                turn=turns[f"measure-{measure.number}"],
            )
        )
    return tuple(marks)


def _turns(tech: list[Sector], inst: list[Sector]) -> dict[str, dict[Shape, float]]:
    """By key and shape: the turn (-180 to 180 degrees) that brings a sector to where the wheels meet."""

    def wrapped(angle: float) -> float:
        return (angle + 180) % 360 - 180

    return {
        **{s.key: {shape: wrapped(s.middle - (at.contact + 180)) for shape, at in PLACES.items()} for s in reversed(inst)},
        **{s.key: {shape: wrapped(at.contact - s.middle) for shape, at in PLACES.items()} for s in tech},
    }

