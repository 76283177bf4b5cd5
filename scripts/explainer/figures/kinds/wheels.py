"""双轮: one vehicle on two wheels that turn the same way on one road. Take one wheel away, and it stands no longer.

Two wheels bear a beam (what joins them) and on it a load (what comes of both). The param `away` goes from 0 to 1 as the
second wheel is taken away: the vehicle leans, its load goes out, the first wheel stands still and pale, and where the
second was there are words. The param `turn` (degrees) rolls both wheels, and the road under them, the same way.
"""

from __future__ import annotations

from dataclasses import dataclass

import altair as alt

from ...style import color, faintest
from ..canvas import OTHERS, data, line_rows, pixel_x, pixel_y
from ..figure import WIDTH, Shape
from . import Block, Size, lines_of, plain

FAINT = 0.35  # how far shapes step back
LEAN = 9  # degrees
TREAD = 12  # marks on a tyre
AWAY, TURN = "away", "turn"
# As one wheel's words go, before others come in their place.
GOING, COMING = f"max(0, 1 - 2 * {AWAY})", f"max(0, 2 * {AWAY} - 1)"
PARAMS = (alt.param(name=AWAY, value=0), alt.param(name=TURN, value=0))


@dataclass(frozen=True)
class Part:
    """A part of the picture: its name (a wheel's), and its words with soft breaks, which stand in the source."""

    key: str
    words: str
    name: str = ""


@dataclass(frozen=True)
class _Plan:
    """The measures of a shape, in pixels."""

    load: tuple[float, float, float]  # top, height, width
    beam: tuple[float, float]  # top, height
    first: float  # the middles of the wheels, from the left
    second: float
    middle: float  # and from the top
    radius: float
    hub: float
    size: float  # of words
    name: float
    line: float
    load_size: float
    beam_size: float
    away_size: float

    @property
    def road(self) -> float:
        return self.middle + self.radius + 2

    @property
    def height(self) -> float:
        return self.road + 16


_PLANS: dict[Shape, _Plan] = {
    "wide": _Plan((24, 60, 380), (84, 46), 206, 514, 270, 124, 108, 20, 27, 28, 25, 22, 25),
    "narrow": _Plan((22, 68, 214), (90, 40), 85, 255, 226, 84, 74, 17.5, 21, 21.5, 20, 19, 19.5),
}


def wheels(shape: Shape, first: Part, second: Part, beam: Part, load: Part, away: Part) -> Block:
    """`away`, whose key is empty, are the words where the second wheel was."""
    plan, width = _PLANS[shape], WIDTH[shape]

    def layers(top: float, size: Size) -> list[alt.TopLevelMixin]:
        assert top == 0, "the vehicle stands alone in its picture"
        return [
            *_road(plan, width, size),
            *_vehicle(plan, width, beam, load, size),
            *_wheel(plan, first, "main", plan.first, size),
            *_wheel(plan, second, "second", plan.second, size),
            _text(
                [_line_row(away, plan.second, plan.middle)],
                lines_of(away.words, 2 * plan.hub - 8, plan.away_size),
                size,
                plan.away_size,
                plan.away_size * 1.35,
                alt.value(alt.expr(COMING)),
                fontWeight=700,
            ),
        ]

    return Block(plan.height, layers)


def _line_row(part: Part, x: float, y: float) -> dict:
    row = {"x": x, "y": y}
    return row | {"key": part.key, "quote": plain(part.words)} if part.key else row


def _stepping(base: str, faint: float = FAINT) -> alt.Opacity:
    """Opacity where `base` (an expression) is full: others than the chosen step back."""
    return alt.condition(
        OTHERS, alt.value(alt.expr(f"({base}) * {faint}")), alt.value(alt.expr(base))
    )


def _text(
    rows: list[dict], lines: list[str], size: Size, font: float, line_height: float, opacity, **mark
) -> alt.Chart:
    rows = line_rows([row | {"lines": lines} for row in rows], line_height)
    return (
        alt.Chart(data(rows))
        .mark_text(
            align="center", baseline="middle", fontSize=font, **{"color": color("ink")} | mark
        )
        .encode(
            x=pixel_x("x", size[0]),
            y=pixel_y("y", size[1]),
            text=alt.Text("line:N"),
            opacity=opacity,
        )
    )


def _road(plan: _Plan, width: float, size: Size) -> list[alt.TopLevelMixin]:
    """A line to roll on, with marks that go back as the wheels go on."""
    step = 36
    way = f"{TURN} * PI / 180 * {plan.radius}"
    marks = alt.Chart(data([{"k": k} for k in range(width // step)])).transform_calculate(
        x=f"((datum.k * {step} - {way}) % {width} + {width}) % {width}",
        x2=f"min(datum.x + {step / 2}, {width})",
    )
    y = plan.road + 10
    return [
        alt.Chart(data([{"x": 0, "x2": width, "y": plan.road}]))
        .mark_rule(stroke=color("ink"), strokeWidth=3)
        .encode(x=pixel_x("x", size[0]), x2=alt.X2("x2:Q"), y=pixel_y("y", size[1])),
        marks.mark_rule(stroke=color("edge"), strokeWidth=3).encode(
            x=pixel_x("x", size[0]), x2=alt.X2("x2:Q"), y=alt.value(y)
        ),
    ]


def _vehicle(
    plan: _Plan, width: float, beam: Part, load: Part, size: Size
) -> list[alt.TopLevelMixin]:
    """Beam with its two legs, and load: they lean over the first wheel, round the point where its leg stands."""
    pivot = plan.first, plan.beam[0] + plan.beam[1]
    centre = (plan.first + plan.second) / 2
    left, right = plan.first - plan.radius * 0.62, plan.second + plan.radius * 0.62
    leg, foot = plan.radius * 0.09, plan.middle - plan.hub - pivot[1]
    body = "".join(
        [
            _rect(left - pivot[0], -plan.beam[1], right - pivot[0], 0, 8),
            *(
                _rect(x - pivot[0] - leg, 0, x - pivot[0] + leg, foot, 0)
                for x in (plan.first, plan.second)
            ),
        ]
    )
    y, height, long = plan.load
    box = _rect(
        centre - long / 2 - pivot[0],
        y - pivot[1],
        centre + long / 2 - pivot[0],
        y + height - pivot[1],
        10,
    )
    rays = "".join(
        f"M{x - pivot[0]:.1f},{y - 7 - pivot[1]:.1f}L{x + slope * 5 - pivot[0]:.1f},{y - 19 - pivot[1]:.1f}"
        for slope in (-2, -1, 0, 1, 2)
        for x in [centre + slope * long / 5]
    )

    def shape(part: Part | None, path: str, stepping, **mark) -> alt.Chart:
        row = {"x": pivot[0], "y": pivot[1], "path": path}
        if part:
            row |= {"key": part.key, "quote": plain(part.words)}
        return (
            alt.Chart(data([row]))
            # A symbol's path is drawn at half the root of its size: at 4, in pixels.
            .mark_point(size=4, **({"cursor": "pointer"} if part else {}), **mark)
            .encode(
                x=pixel_x("x", size[0]),
                y=pixel_y("y", size[1]),
                shape=alt.Shape("path:N").scale(None),
                angle=alt.value(alt.expr(f"{AWAY} * {LEAN}")),
                opacity=stepping,
                **({"tooltip": alt.Tooltip("quote:N")} if part else {}),
            )
        )

    def words(part: Part, y: float, room: float, font: float, **ink) -> alt.Chart:
        rows = [_line_row(part, centre, y)]
        chart = _text(
            rows,
            lines_of(part.words, room, font),
            size,
            font,
            font * 1.3,
            _stepping(GOING, faintest("ink", FAINT)),
            fontWeight=700,
        )
        return chart.encode(**ink)

    pale = f"{AWAY} > 0.5"
    light = alt.condition(
        OTHERS, alt.value(color("ink")), alt.value(color("paper"))
    )  # on the beam's solid ground
    return [
        shape(
            None,
            rays,
            alt.value(alt.expr(GOING)),
            stroke=color("ink"),
            strokeWidth=2.5,
            strokeCap="round",
        ),
        shape(
            load,
            box,
            _stepping("1"),
            stroke=alt.expr(f"{pale} ? '{color('edge')}' : '{color('ink')}'"),
            strokeWidth=2,
            strokeDash=alt.expr(f"{pale} ? [5, 4] : [1, 0]"),
            fill=alt.expr(f"{pale} ? 'transparent' : '{color('mark')}'"),
        ),
        shape(
            beam,
            body,
            _stepping("1"),
            stroke=alt.expr(f"{pale} ? '{color('edge')}' : '{color('ink')}'"),
            strokeWidth=2,
            fill=alt.expr(f"{pale} ? '{color('wash')}' : '{color('ink')}'"),
        ),
        words(load, y + height / 2, long - 16, plan.load_size),
        words(
            beam, plan.beam[0] + plan.beam[1] / 2, right - left - 16, plan.beam_size, color=light
        ).encode(opacity=alt.value(alt.expr(GOING))),
    ]


def _rect(x: float, y: float, x2: float, y2: float, corner: float) -> str:
    """The outline of a box with rounded corners, as a path."""
    r = f"A{corner},{corner},0,0,1,"
    if not corner:
        return f"M{x:.1f},{y:.1f}H{x2:.1f}V{y2:.1f}H{x:.1f}Z"
    return (
        f"M{x + corner:.1f},{y:.1f}H{x2 - corner:.1f}{r}{x2:.1f},{y + corner:.1f}V{y2 - corner:.1f}{r}{x2 - corner:.1f},{y2:.1f}"
        f"H{x + corner:.1f}{r}{x:.1f},{y2 - corner:.1f}V{y + corner:.1f}{r}{x + corner:.1f},{y:.1f}Z"
    )


def _wheel(plan: _Plan, part: Part, ink: str, x: float, size: Size) -> list[alt.TopLevelMixin]:
    """Tyre with its marks, hub, name and words. The first is full and the second in outline: in black and white too
    they are two kinds of wheel. When the second is taken away its outline stays, dashed, and the first is pale."""
    goes = ink == "second"
    there = f"1 - {AWAY}" if goes else "1"
    pale = f"{AWAY} > 0.5"
    line = alt.expr(f"{pale} ? '{color('edge')}' : '{color(ink)}'")
    ring = alt.expr(f"{pale} ? '{color('wash')}' : '{color('second-wash' if goes else 'main')}'")
    tread = alt.expr(f"{pale} ? '{color('edge')}' : '{color('second' if goes else 'paper')}'")
    full = [_line_row(part, x, plan.middle) | {"a": 0, "b": 360}]
    marks = [{"a": k * 360 / TREAD - 3.5, "b": k * 360 / TREAD + 3.5} for k in range(TREAD)]
    step = _stepping(there)
    # Name and phrase as one block in the middle of the hub.
    name_y = plan.middle - plan.line * len(_phrase(plan, part)) / 2 - plan.line * 0.1
    words_y = plan.middle + plan.name * 0.65
    seen = GOING if goes else "1"
    return [
        *(
            [
                _arcs(
                    [{"a": 0, "b": 360}],
                    x,
                    plan,
                    0,
                    plan.radius,
                    fill="transparent",
                    stroke=color("edge"),
                    strokeDash=[6, 5],
                    strokeWidth=1.5,
                ).encode(opacity=alt.value(alt.expr(AWAY)))
            ]
            if goes
            else []
        ),
        _arcs(full, x, plan, plan.hub, plan.radius, fill=ring, stroke=line, strokeWidth=2).encode(
            opacity=step
        ),
        _arcs(marks, x, plan, plan.hub + 3, plan.radius - 3, fill=tread, rolling=True).encode(
            opacity=_whole(part, there)
        ),
        _arcs(
            full,
            x,
            plan,
            0,
            plan.hub,
            fill=color("paper"),
            stroke=line,
            strokeWidth=1.5,
            cursor="pointer",
        ).encode(opacity=step, tooltip=alt.Tooltip("quote:N")),
        _text(
            [_line_row(part, x, name_y)],
            [part.name],
            size,
            plan.name,
            0,
            _stepping(seen, faintest(ink, FAINT)),
            fontWeight=700,
            color=color(ink),
        ),
        _text(
            [_line_row(part, x, words_y)],
            _phrase(plan, part),
            size,
            plan.size,
            plan.line,
            _stepping(seen, faintest("ink", FAINT)),
        ),
    ]


def _whole(part: Part, there: str) -> alt.Opacity:
    """Marks on a tyre, which have no key of their own, step back with their wheel."""
    others = f"picked !== '' && picked !== '{part.key}'"
    return alt.condition(
        others, alt.value(alt.expr(f"({there}) * {FAINT}")), alt.value(alt.expr(there))
    )


def _phrase(plan: _Plan, part: Part) -> list[str]:
    return lines_of(part.words, plan.hub * 1.5, plan.size)


def _arcs(
    rows: list[dict],
    x: float,
    plan: _Plan,
    inner: float,
    outer: float,
    *,
    rolling: bool = False,
    **mark,
) -> alt.Chart:
    """Pieces of a ring; with `rolling` they go round as the wheel rolls, unless it stands alone."""
    turned = f" + ({AWAY} > 0 ? 0 : {TURN})" if rolling else ""
    return (
        alt.Chart(data(rows))
        .transform_calculate(a0=f"(datum.a{turned}) * PI / 180", a1=f"(datum.b{turned}) * PI / 180")
        .mark_arc(**mark)
        .encode(
            theta=alt.Theta("a0:Q", scale=None, stack=None),
            theta2=alt.Theta2("a1"),
            radius=alt.value(outer),
            radius2=alt.value(inner),
            x=alt.value(x),
            y=alt.value(plan.middle),
        )
    )
