"""A chart in a chapter: a node with its name, which each output fills with the drawing that it needs."""

from __future__ import annotations

from docutils import nodes
from myst_nb.core.render import MimeData, NbElementRenderer, load_mime_renders
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator

from ..drawings import MIME_TYPE, Drawing
from ..errors import EditorError
from . import places
from .quotations import report


class chart(nodes.General, nodes.Element):
    """The chart called `name`."""


class CellOutput:
    """Tells MyST-NB what to make of a cell that shows a chart."""

    mime_priority_overrides = [("*", MIME_TYPE, 0)]

    @staticmethod
    def handle_mime(
        renderer: NbElementRenderer, data: MimeData, inline: bool
    ) -> list[nodes.Element] | None:
        if data.mime_type != MIME_TYPE:
            return None
        return [chart(name=data.content["name"], classes=["output", "text_html"])]


def drawing(app: Sphinx, node: chart) -> Drawing | None:
    """What to show; None when it cannot be drawn, which is then said, with its place."""
    try:
        return app.explainer_drawings.of(node["name"])
    except EditorError as error:
        report(error, node)
    except Exception as error:
        words = f"图“{node['name']}”画不出来：{type(error).__name__}: {error}"
        report(EditorError(words, remedy="改正这张图的代码，或它用到的数据"), node)
    return None


def _visit(self: HTML5Translator, node: chart) -> None:
    drawn = drawing(self.builder.app, node)
    if drawn:
        self.body += [
            self.starttag(node, "div", suffix=""),
            places.resolved(drawn.html, self.builder),
            "</div>",
        ]
    raise nodes.SkipNode


def setup(app: Sphinx) -> None:
    app.add_node(chart, html=(_visit, None))
    # MyST-NB looks for such classes among installed packages; this one is not installed.
    if CellOutput not in load_mime_renders():
        load_mime_renders().append(CellOutput)
