"""The chart's node: what each output makes of it, and what is said when there is nothing to show."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from docutils import nodes
from myst_nb.core.render import MimeData, get_mime_priority
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import docutils_namespace
from sphinx.util.tags import Tags

from charts import FIGURES
from explainer.drawings import MIME_TYPE
from explainer.errors import EditorError
from explainer.figures.figure import WIDTH
from explainer.pdf import builder as paper
from explainer.sphinx import charts


@pytest.mark.parametrize("shape", WIDTH)
@pytest.mark.parametrize("name", FIGURES)
def test_charts_are_as_altair_s_schema_wants_them(name: str, shape: str):
    """A build does not ask; here Altair asks of each piece, and of the whole."""
    FIGURES[name]().draw(shape).to_dict()


def test_a_cell_s_chart_is_a_node_before_anything_else():
    output = charts.CellOutput
    (node,) = output.handle_mime(None, MimeData(MIME_TYPE, {"name": "wheel"}), False)
    assert isinstance(node, charts.chart) and node["name"] == "wheel"
    assert output.handle_mime(None, MimeData("text/html", "<p>"), False) is None
    for builder in ("html", "meeting"):
        assert get_mime_priority(builder, output.mime_priority_overrides)[0] == MIME_TYPE


def test_in_a_build_a_cell_says_no_more_than_the_name(monkeypatch: pytest.MonkeyPatch):
    figure = next(iter(FIGURES.values()))()
    assert {MIME_TYPE, "text/html", "text/plain"} < set(figure._repr_mimebundle_())
    monkeypatch.setenv("EXPLAINER_FIGURES_BY_NAME", "1")
    assert figure._repr_mimebundle_()[MIME_TYPE] == {"name": figure.name}
    assert set(figure._repr_mimebundle_()) == {MIME_TYPE, "text/plain"}


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (EditorError("图“x”没有登记", remedy="加上它"), "图“x”没有登记。改法：加上它。"),
        (ValueError("坏了"), "图“wheel”画不出来：ValueError: 坏了"),
    ],
)
def test_what_cannot_be_drawn_is_said_with_its_place(
    monkeypatch: pytest.MonkeyPatch, error: Exception, words: str
):
    said = []
    monkeypatch.setattr(charts, "report", lambda error, place: said.append((error.words, place)))

    def of(name: str):
        raise error

    node = charts.chart(name="wheel")
    assert charts.drawing(SimpleNamespace(explainer_drawings=SimpleNamespace(of=of)), node) is None
    assert said[0][0].startswith(words) and said[0][1] is node


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Sphinx]:
    (tmp_path / "index.md").write_text(
        "# 题\n\n:::{only} html\n网上。\n:::\n\n:::{only} meeting\n纸上。\n:::\n\n[链接](#more)\n\n(more)=\n## 节\n\n话。\n",
        "utf-8",
    )
    settings = {
        "extensions": ["myst_nb"],
        "nb_execution_mode": "off",
        "myst_enable_extensions": ["colon_fence"],
    }
    with docutils_namespace():
        app = Sphinx(
            tmp_path,
            None,
            tmp_path / "out",
            tmp_path / "trees",
            "html",
            settings,
            status=None,
            tags=["contact"],
        )
        app.add_builder(paper.MeetingBuilder)
        app.build()
        yield app


def test_paper_sees_the_chapters_in_its_own_way_and_leaves_the_site_s(app: Sphinx):
    heard = []
    app.connect("doctree-resolved", lambda app, doctree, name: heard.append(app.builder.name))
    before = (
        app.builder,
        app.tags,
        app.env,
        app.events,
        app.env.app,
        app.env.events,
        app.events.app,
    )
    tags = set(app.tags)
    builder = paper._on_paper(app)
    doctree = builder._resolved("index")
    assert "纸上" in doctree.astext() and "网上" not in doctree.astext()
    assert next(doctree.findall(nodes.reference))["refid"] == "more"
    assert heard == ["meeting"]
    assert before == (
        app.builder,
        app.tags,
        app.env,
        app.events,
        app.env.app,
        app.env.events,
        app.events.app,
    )
    assert set(app.tags) == tags and "meeting" not in tags and isinstance(app.tags, Tags)
    assert isinstance(builder.env, BuildEnvironment) and builder.env.app.builder is builder
    site = app.env.get_and_resolve_doctree("index", app.builder)
    assert "网上" in site.astext() and "纸上" not in site.astext() and heard == ["meeting", "html"]
