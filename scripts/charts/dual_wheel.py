"""双轮驱动图: two wheels that mesh. Which task is on which wheel, and which measure is linked with which task.

The 科技创新 wheel carries its tasks; the 制度创新 wheel carries task nine and the safeguards, and around them
the single measures. Angles are degrees clockwise from the top; turning one wheel by `turn` turns the other
by as much the other way.
"""

from __future__ import annotations

from dataclasses import dataclass

import altair as alt
import pandas as pd

from explainer.figures.canvas import OTHERS, PICKED, data, line_rows, pixel_x, pixel_y
from explainer.figures.figure import (
    ORIGINAL,
    WIDTH,
    Choice,
    Figure,
    Link,
    Mark,
    Option,
    Shape,
    Turn,
)
from explainer.project import current
from explainer.style import color, faintest

TEETH = 30
FAINT = 0.35  # how far sectors step back
_NO_MEASURES = 2  # the width, in measures, of a sector that has none
NOT_ELABORATED = "原文未展开"
ALONE = ("没有制度创新，", "科技创新就", "无从依附。")  # the source's words (3.1.3)
NOT_TOLD = ("只有制度创新会怎样，", "原文没有讲。")  # the editors'
BOTH, TECH_ONLY, INST_ONLY = "both", "tech", "inst"
TECH, INST = "main", "second"  # the colour of each wheel


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
    elaborated: bool = True

    @property
    def middle(self) -> float:
        return (self.start + self.end) / 2


@dataclass(frozen=True)
class Stand:
    """Where the wheels stand in a shape: centres, pitch radius, and the angle at which the first meets the second."""

    height: int
    tech: tuple[float, float]
    inst: tuple[float, float]
    radius: float
    contact: float
    text: float


STANDS: dict[Shape, Stand] = {
    "wide": Stand(370, (184, 185), (536, 185), 176, 90, 14),
    "narrow": Stand(660, (170, 168), (170, 492), 162, 180, 14),
}


def figure() -> Figure:
    tasks, safeguards, measures = (current().frame(n) for n in ("tasks", "safeguards", "measures"))
    wheel, links = current().frame("task-wheel"), current().frame("measure-task")
    on_tech = set(wheel.loc[wheel["wheel"] == "科技创新", "task"])
    tech = _tech_sectors(tasks[tasks["number"].isin(on_tech)], links)
    inst = _inst_sectors(tasks[~tasks["number"].isin(on_tech)], safeguards, measures, links)
    return Figure(
        name="dual-wheel",
        title="双轮驱动图：两个轮子怎样配合",
        conclusion="两个轮子要配合着一起使劲；少了制度创新这个轮子，科技创新就没有依托。",
        alternative="图中有两个互相咬合的轮子。一个是科技创新轮，装着九项重点任务；另一个是制度创新轮，"
        "装着第九项任务“制度创新”和四项保障措施，外圈是落实它们的十五条措施。"
        "第四项保障“监督考核”原文没有展开，外圈空着。",
        motion="转动一个，另一个就跟着转。选“只有科技创新”，制度创新轮就消失，科技创新轮"
        "失去依托，这就是原文说的“没有制度创新，科技创新就无从依附”。选“只有制度创新”，科技创新轮就消失；"
        "这一种情形原文没有讲。",
        draw=lambda shape: _draw(tech, inst, STANDS[shape], WIDTH[shape]),
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
            {shape: ((*at.tech, 1), (*at.inst, -1)) for shape, at in STANDS.items()},
        ),
        caption="轮子的比喻和“制度创新”这项任务的名字出自原文；其余任务和保障措施归哪个轮子、怎样相连，都是编者梳理。没有连上，不等于没有关系。",
        hint="点轮子上的任何一块，或者从上面选一项，这里就显示它的原文，以及它与谁相连、为什么。",
    )


def _tech_sectors(tasks: pd.DataFrame, links: pd.DataFrame) -> list[Sector]:
    step = 360 / len(tasks)
    return [
        Sector(
            f"task-{row.number}",
            (str(row.number), row.name),
            row.quote,
            (i - 0.5) * step,
            (i + 0.5) * step,
            0.3,
            0.9,
            tuple(f"measure-{n}" for n in links.loc[links["task"] == row.number, "measure"]),
        )
        for i, row in enumerate(tasks.itertuples(index=False))
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
    for row in tasks.itertuples(index=False):
        end = angle + _NO_MEASURES * unit
        sectors.append(
            Sector(f"task-{row.number}", (str(row.number), row.name[:2], row.name[2:]), row.quote, angle, end, 0.3, 0.9)
        )
        angle = end
    for row in safeguards.itertuples(index=False):
        group = groups[row.number]
        end = angle + (len(group) or _NO_MEASURES) * unit
        keys = tuple(f"measure-{n}" for n in group["number"])
        lines = (row.name,) if len(group) else (row.name[:2], row.name[2:])
        sectors.append(Sector(f"safeguard-{row.number}", lines, row.quote, angle, end, 0.3, 0.62, keys))
        if group.empty:
            words = (NOT_ELABORATED[:2], NOT_ELABORATED[2:])
            sectors.append(Sector(f"safeguard-{row.number}", words, row.quote, angle, end, 0.62, 0.9, elaborated=False))
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


def _draw(tech: list[Sector], inst: list[Sector], at: Stand, width: int) -> alt.LayerChart:
    turn = alt.param(name="turn", value=0)
    situation = alt.param(name="situation", value=BOTH)
    canvas = width, at.height
    return alt.layer(
        *_wheel(tech, TECH, at.tech, "turn", INST_ONLY, 0, at, canvas),
        *_wheel(inst, INST, at.inst, "-turn", TECH_ONLY, 180 / TEETH, at, canvas),
        _in_its_place(TECH_ONLY, ALONE, at.inst, "ink", at, canvas),
        _in_its_place(INST_ONLY, NOT_TOLD, at.tech, "ink-soft", at, canvas),
    ).properties(width=width, height=at.height).add_params(PICKED, turn, situation)


def _wheel(sectors, ink, center, turn, gone_in, offset, at: Stand, canvas) -> list[alt.Chart]:
    """One wheel: teeth and rim, sectors, words, hub.

    In the situation `gone_in` no more than its outline is left; alone, it stands still, pale and dashed.
    """
    gone, alone = f"situation === '{gone_in}'", f"situation !== '{BOTH}'"
    turn = f"({alone} ? 0 : {turn})"
    opacity, words = f"{gone} ? 0.12 : 1", f"{gone} ? 0 : 1"
    body, pitch = at.radius * 0.955, 360 / TEETH
    teeth = [{"start": offset + (k - 0.24) * pitch, "end": offset + (k + 0.24) * pitch} for k in range(TEETH)]
    full = data([{"start": 0, "end": 360}])
    line = alt.expr(f"{alone} ? '{color('edge')}' : '{color(ink)}'")
    # One rim is full and the other drawn in outline: in black and white too they are two kinds of wheel.
    rim = {"color": line} if ink == TECH else {"color": color(f"{ink}-wash"), "stroke": line, "strokeWidth": 1.5}
    rim["opacity"] = alt.expr(opacity)
    layers = [
        _arcs(data(teeth), center, turn, body - 4, at.radius * 1.045).mark_arc(**rim),
        _arcs(full, center, "0", 0, body).mark_arc(**rim),
        _arcs(full, center, "0", 0, body * 0.93).mark_arc(**rim | {"color": color("paper")}),
    ]
    for kind in sorted({(s.inner, s.outer, s.elaborated) for s in sectors}):
        inner, outer, elaborated = kind
        rows = data([_row(s) for s in sectors if (s.inner, s.outer, s.elaborated) == kind])
        layers.append(
            _arcs(rows, center, turn, inner * at.radius, outer * at.radius * 0.985)
            .mark_arc(cursor="pointer", **_sector_style(ink, alone, elaborated))
            .encode(
                color=alt.value(alt.expr(_fill(ink, alone) if elaborated else "'transparent'")),
                opacity=_opacity(words, FAINT),
                tooltip="quote:N",
            )
        )
    return [
        *layers,
        _words(sectors, center, turn, words, at, canvas),
        _hub(ink, center, words, at, canvas),
    ]


def _fill(ink: str, alone: str) -> str:
    return (
        f"picked === datum.key ? '{color(ink)}' : {alone} ? '{color('wash')}' : '{color(f'{ink}-wash')}'"
    )


def _sector_style(ink: str, alone: str, elaborated: bool) -> dict:
    if not elaborated:
        return {"stroke": color("edge"), "strokeWidth": 1, "strokeDash": [4, 3], "padAngle": 0.02}
    linked = "picked !== '' && indexof(datum.links, picked) >= 0"
    return {
        "stroke": alt.expr(
            f"{linked} ? '{color(ink)}' : {alone} ? '{color('edge')}' : '{color('paper')}'"
        ),
        "strokeWidth": alt.expr(f"{linked} ? 3 : {alone} ? 1 : 2"),
        "strokeDash": alt.expr(f"{alone} ? [5, 4] : [1, 0]"),
    }


def _row(sector: Sector) -> dict:
    return {
        "key": sector.key, "quote": sector.quote, "start": sector.start, "end": sector.end,
        "links": list(sector.links), "elaborated": sector.elaborated,
    }


def _opacity(base: str, faint: float) -> alt.Opacity:
    """What is neither chosen nor linked with the chosen steps back."""
    others = f"{OTHERS} && indexof(datum.links, picked) < 0"
    return alt.condition(others, alt.value(alt.expr(f"({base}) * {faint}")), alt.value(alt.expr(base)))


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


def _words(sectors, center, turn, opacity, at: Stand, canvas) -> alt.Chart:
    rows = line_rows(
        [
            _row(s) | {"lines": list(s.lines), "middle": s.middle, "y": 0, "r": _label_radius(s) * at.radius}
            for s in sectors
        ],
        at.text + 3,
    )
    angle = f"(datum.middle + {turn}) * PI / 180"
    ink = f"picked === datum.key && datum.elaborated ? '{color('paper')}' : '{color('ink')}'"
    return (
        alt.Chart(data(rows))
        .transform_calculate(
            tx=f"{center[0]} + datum.r * sin({angle})",
            ty=f"{center[1]} - datum.r * cos({angle}) + datum.y",
        )
        .mark_text(fontSize=at.text, baseline="middle", align="center", cursor="pointer")
        .encode(
            x=pixel_x("tx", canvas[0]),
            y=pixel_y("ty", canvas[1]),
            text="line:N",
            tooltip="quote:N",
            color=alt.value(alt.expr(ink)),
            opacity=_opacity(opacity, faintest("ink", FAINT)),
        )
    )


def _label_radius(sector: Sector) -> float:
    full = sector.outer - sector.inner > 0.5
    return 0.66 if full else (sector.inner + sector.outer) / 2


def _hub(ink: str, center, opacity: str, at: Stand, canvas) -> alt.Chart:
    words = {TECH: ["科技", "创新"], INST: ["制度", "创新"]}[ink]
    style = {"fontSize": at.text + 4, "fontWeight": 700, "color": color(ink), "opacity": alt.expr(opacity)}
    return _lines(words, center, at, canvas, style)


def _in_its_place(situation: str, words: tuple[str, ...], center, ink: str, at: Stand, canvas) -> alt.Chart:
    """Where a wheel is gone: what follows, in the words of the source, or that the source does not say."""
    style = {
        "fontSize": at.text + 4, "fontWeight": 600, "color": color(ink),
        "opacity": alt.expr(f"situation === '{situation}' ? 1 : 0"),
    }
    return _lines(list(words), center, at, canvas, style)


def _lines(words: list[str], center, at: Stand, canvas, style: dict) -> alt.Chart:
    rows = line_rows([{"x": center[0], "y": center[1], "lines": words}], at.text + 10)
    return (
        alt.Chart(data(rows))
        .mark_text(baseline="middle", align="center", **style)
        .encode(x=pixel_x("x", canvas[0]), y=pixel_y("y", canvas[1]), text="line:N")
    )


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
    for task in tasks.itertuples(index=False):
        own = wheels.loc[task.number]
        marks.append(
            Mark(
                f"task-{task.number}", f"任务{task.number}：{task.name}", task.quote, task.source, task.anchor,
                group=f"{own['wheel']}轮：重点任务", note=f"{own['reason']}（依据：{own['basis']}）",
                links=tuple(
                    Link(f"measure-{link.measure}", link.reason, link.basis)
                    for link in links[links["task"] == task.number].itertuples()
                ),
                turn=turns[f"task-{task.number}"],
            )
        )
    marks.sort(key=lambda mark: mark.group.startswith("制度"))
    for safeguard in safeguards.itertuples(index=False):
        own = measures[measures["institution"] == safeguard.institution]
        marks.append(
            Mark(
                f"safeguard-{safeguard.number}", safeguard.name, safeguard.quote, safeguard.source, safeguard.anchor,
                group="制度创新轮：保障措施",
                note="" if len(own) else "原文第四章没有再提这一项，所以外圈空着。",
                links=tuple(
                    Link(f"measure-{n}", f"原文第四章“{safeguard.name}”一段里写了这条措施。", ORIGINAL)
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
        **{s.key: {shape: wrapped(s.middle - (at.contact + 180)) for shape, at in STANDS.items()} for s in reversed(inst)},
        **{s.key: {shape: wrapped(at.contact - s.middle) for shape, at in STANDS.items()} for s in tech},
    }

