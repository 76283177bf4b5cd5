"""The Figure: one object with several faces. A chart's module gives data, marks and words, no more."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

import altair as alt
import pandas as pd
from altair.utils import schemapi
from jinja2 import Environment, FileSystemLoader

from .. import style
from ..drawings import MIME_TYPE, NAME_ONLY
from ..project import current
from . import static

Shape = Literal["wide", "narrow"]
WIDTH: dict[Shape, int] = {"wide": 720, "narrow": 340}

ORIGINAL = "原文"
EDITORS = "编者梳理"
FULL_TEXT = "place:full-text"  # whoever puts the chart on a page knows the address

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
)


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True)
class Link:
    """From one mark to another: why, and on whose word (`basis` is 原文 or 编者梳理)."""

    to: str
    reason: str
    basis: str


@dataclass(frozen=True)
class Mark:
    """Something in a chart that a reader can choose.

    `key` is also the value of the `key` field in the chart's data. `quote` stands in the source at
    sentence `source`; `anchor` is the id on the full-text page. `note` is the editors'.
    """

    key: str
    name: str
    quote: str
    source: str
    anchor: str
    group: str = ""
    note: str = ""
    links: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Situation:
    """How things are: its name, the words on the button that leads to it, and its sentence of the source."""

    label: str
    action: str
    quote: str
    source: str


@dataclass(frozen=True)
class Change:
    """One action that changes the picture, and back: the param goes from 0 (the first situation) to 1 (the second).

    The param `rolls` goes round once, from 0 to 360, when the reader turns to the chart and when all is as it was.
    """

    param: str
    situations: tuple[Situation, Situation]
    rolls: str = ""


@dataclass(frozen=True)
class Figure:
    """A chart with all that a reader needs beside it.

    `draw(shape)` gives the Altair chart for a column 720 or 340 px wide; colours come from `style.color`.
    A chart that lets the reader choose has a param `picked` (the key of the chosen mark, "" for none).
    `table` holds what the chart shows, with Chinese headers; its columns 引文 and 出处 are the quotation and
    its sentence id. `conclusion` and `alternative` (the story, for who cannot see the chart) are the editors';
    `motion` is the story of what happens when it is operated, which paper leaves out.
    `tour` are the keys of the marks that a reader is led through, step by step. A chart that is no more than the
    editors' own sorting is `folded`: its title, which says so, opens it.
    """

    name: str
    title: str
    conclusion: str
    alternative: str
    draw: Callable[[Shape], alt.TopLevelMixin]
    table: pd.DataFrame
    marks: tuple[Mark, ...] = ()
    change: Change | None = None
    tour: tuple[str, ...] = ()
    caption: str = ""
    motion: str = ""
    hint: str = "点图中任意一块，看它的原文。"
    folded: bool = False

    def __post_init__(self) -> None:
        """Raises QuotationError when a chart puts words into the source's mouth."""
        quotations = [(row["引文"], row["出处"]) for row in self.table.to_dict("records")]
        quotations += [(mark.quote, mark.source) for mark in self.marks]
        quotations += [(situation.quote, situation.source) for situation in self.situations]
        for words, id in quotations:
            current().source.locate(words, id)

    @cached_property
    def specs(self) -> dict[Shape, dict]:
        """The Vega-Lite specification of each shape, colours as CSS variables."""
        # The tests hold each chart to Altair's schema; in a build that takes longer than all the drawing.
        with schemapi.debug_mode(False):
            return {shape: self._spec(shape) for shape in WIDTH}

    def _spec(self, shape: Shape) -> dict:
        chart = self.draw(shape).configure(
            background="transparent",
            font=style.FONTS,
            padding=0,
            view=alt.ViewConfig(stroke=None),
            text=alt.MarkConfig(color=style.color("ink"), fontSize=14),
        )
        spec = chart.to_dict(validate=False)
        del spec[
            "$schema"
        ]  # a foreign address that nobody needs: what is drawn here is always Vega-Lite
        return static.with_keys(spec)

    @cached_property
    def _drawn(self) -> dict[Shape, str]:
        """Each shape as Vega draws it."""
        return {shape: static.drawn(spec) for shape, spec in self.specs.items()}

    @property
    def cited(self) -> tuple[str, ...]:
        """Sentence ids for the chart's source line, in reading order."""
        ids = {*self.table["出处"], *(mark.source for mark in self.marks)}
        ids |= {situation.source for situation in self.situations}
        return tuple(
            sorted(
                {id.partition("(")[0] for id in ids},
                key=lambda id: [int(part) for part in id.split(".")],
            )
        )

    @property
    def situations(self) -> tuple[Situation, ...]:
        return self.change.situations if self.change else ()

    @property
    def groups(self) -> dict[str, list[Mark]]:
        """The marks by group, in order."""
        result: dict[str, list[Mark]] = {}
        for mark in self.marks:
            result.setdefault(mark.group, []).append(mark)
        return result

    @property
    def payload(self) -> str:
        """What the page's script needs before the reader does anything, as JSON inside a script element.

        The names of the marks it has from the list to choose from.
        """
        content = {
            "name": self.name,
            "marks": {
                mark.key: {"quote": mark.quote, "source": mark.source, "anchor": mark.anchor}
                for mark in self.marks
            },
            "change": self.change and asdict(self.change),
            "tour": self.tour,
        }
        return _json(content).replace("<", "\\u003c")

    @property
    def script(self) -> str:
        """What Vega draws it from, and the editors' words on what is chosen; for who turns to the chart.

        A script: from disk a page may load one, but may fetch no data.
        """
        remarks = {
            mark.key: {"note": mark.note, "links": [asdict(link) for link in mark.links]}
            for mark in self.marks
            if mark.note or mark.links
        }
        content = _json({"specs": self.specs, "remarks": remarks})
        return f"(window.figures=window.figures||{{}})[{_json(self.name)}]={content};\n"

    def svg(self, shape: Shape) -> str:
        """The chart as it stands in a page before any script: each mark links to its sentence."""
        links = {mark.key: (f"{FULL_TEXT}#{mark.anchor}", mark.name) for mark in self.marks}
        return static.for_page(self._drawn[shape], f"chart-static {shape}", links)

    def svg_file(self, shape: Shape = "wide") -> str:
        """The chart as a file of its own, in the light theme."""
        return static.for_file(self._drawn[shape], self.title)

    def html(self) -> str:
        """The chart as it stands in a page of the site."""
        return _TEMPLATES.get_template("figure.html").render(
            figure=self, rows=self.table.to_dict("records"), unit=current().source.unit
        )

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        bundle = {
            MIME_TYPE: {"name": self.name},
            "text/plain": f"{self.title}\n{self.alternative}{self.motion}",
        }
        if os.environ.get(NAME_ONLY):
            return bundle
        spec = json.loads(style.resolved(json.dumps(self.specs["wide"])))
        return bundle | {
            "text/html": self.html(),
            # JupyterLab draws this one.
            f"application/vnd.vegalite.v{alt.SCHEMA_VERSION[1]}+json": spec,
        }
