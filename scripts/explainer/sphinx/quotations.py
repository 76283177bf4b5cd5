"""The source's words on a page: transcluded by id or checked to the letter, and linked to the full text.

- ``{quote} 3.1`` puts a paragraph (or sentence, or clause) on the page; with a body, only those words of it.
- ``{quote}`words``` and ``{quote}`words <3.1.2>``` are inline; words that the source does not have stop the build.
- ``{source-text}`` is the whole source, with an anchor and a permalink for each paragraph and sentence.
- ``{gloss}`term``` links a term to its explanation on the glossary page.

Which sentences a page uses is kept in ``env.explainer_uses``: for each page, the places it quotes.
"""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole
from sphinx.writers.html5 import HTML5Translator

from .. import tables
from ..errors import EditorError
from ..project import Project, of
from ..settings import REPORT
from ..text import Place, QuotationError, Unit
from . import places

logger = logging.getLogger(__name__)


class quotation(nodes.General, nodes.Element):
    """A block quotation; `source` and `anchor` say where it stands, `shown` tells readers, `remarks` are 〔原文如此〕."""


class quoted(nodes.Inline, nodes.TextElement):
    """Words of the source, to the letter, with `source`, `shown` and `anchor`; `marks` adds quotation marks."""


class source_paragraph(nodes.General, nodes.Element):
    """A paragraph on the full-text page, with its id."""


class source_words(nodes.Inline, nodes.TextElement):
    """A sentence or clause on the full-text page, with its id; `permalink` for sentences."""


def quoted_words(place: Place, words: str, *, marks: bool = False) -> quoted:
    """An inline quotation node of words that `place` says stand in the source.

    With `marks` in quotation marks, unless the words have their own at an end: the line under them shows how
    far they go, and “““ helps nobody.
    """
    marks = marks and not (words.startswith("“") or words.endswith("”"))
    return quoted(
        words, words, source=place.id, shown=place.shown, anchor=place.unit.anchor, marks=marks
    )


def record_use(env, docname: str, place: Place) -> None:
    """Remember that a page carries the words at `place`."""
    uses = getattr(env, "explainer_uses", None)
    if uses is None:
        uses = env.explainer_uses = {}
    uses.setdefault(docname, []).append(place)


def remarks_on(place: Place, book: Project) -> list[tuple[str, str]]:
    """〔原文如此〕: (words, remark) for each oddity of the source that lies within `place`."""
    found = []
    for row in book.frame(tables.ODDITIES).itertuples():
        odd = book.source.locate(row.quote, row.given or None)
        if odd.paragraph is place.paragraph and place.start <= odd.start and odd.end <= place.end:
            found.append((row.quote, row.remark))
    return found


class QuoteRole(SphinxRole):
    def run(self):
        try:
            words, place = of(self.env.app).source.cited(self.text)
        except QuotationError as error:
            report(error, self.get_location())
            return [nodes.Text(self.text)], []
        record_use(self.env, self.env.docname, place)
        return [quoted_words(place, words, marks=True)], []


class QuoteDirective(SphinxDirective):
    required_arguments = 1
    final_argument_whitespace = True
    has_content = True

    def run(self):
        result = []
        words = "".join(self.content)
        for id in self.arguments[0].split():
            try:
                place = of(self.env.app).source.transcluded(id, words)
            except QuotationError as error:
                report(error, self.get_location())
                self.env.explainer_faulty = True
                continue
            result.append(block_quotation(self, place, place.id if words else place.unit.id))
        return result


def block_quotation(directive: SphinxDirective, place: Place, id: str = "") -> quotation:
    """The words at `place` as a block of their own on the page where the directive stands."""
    env = directive.env
    record_use(env, env.docname, place)
    paragraph = nodes.paragraph()
    for sentence in place.paragraph.parts:
        start, end = max(sentence.start, place.start), min(sentence.end, place.end)
        if start < end:
            words = place.paragraph.text[start:end]
            paragraph += quoted(
                words, words, source=sentence.id, shown=sentence.shown, anchor=None, marks=False
            )
    node = quotation(
        "",
        paragraph,
        source=id or place.id,
        shown=place.shown,
        anchor=place.unit.anchor,
        remarks=remarks_on(place, of(env.app)),
    )
    directive.set_source_info(node)
    return node


class SourceTextDirective(SphinxDirective):
    """The whole source: one section a chapter."""

    def run(self):
        places.hold(self.env, places.FULL_TEXT)
        sections = []
        for chapter in of(self.env.app).source.chapters:
            section = nodes.section(
                "", nodes.title(chapter.title, chapter.title), ids=[f"s{chapter.number}"]
            )
            for paragraph in chapter.paragraphs:
                section += self._paragraph(paragraph)
            sections.append(section)
        return sections

    def _paragraph(self, paragraph: Unit) -> source_paragraph:
        text = nodes.paragraph()
        for sentence in paragraph.parts:
            parts = [
                source_words(clause.text, clause.text, ids=[clause.anchor])
                for clause in sentence.parts
            ] or [nodes.Text(sentence.text)]
            text += source_words(
                "",
                "",
                *parts,
                ids=[sentence.anchor],
                source=sentence.id,
                permalink=len(paragraph.parts) > 1,
            )
        book = of(self.env.app)
        return source_paragraph(
            "",
            text,
            ids=[paragraph.anchor],
            source=paragraph.id,
            remarks=remarks_on(book.source.place_of(paragraph.id), book),
        )


class GlossRole(SphinxRole):
    def run(self):
        try:
            id = of(self.env.app).term_id(self.text)
        except EditorError as error:
            report(error, self.get_location())
            return [nodes.Text(self.text)], []
        return [
            nodes.reference(
                "",
                self.text,
                classes=["gloss"],
                internal=True,
                gloss=id,
                refuri=f"place:{places.TERMS}#{id}",
            )
        ], []


def report(error: EditorError, location) -> None:
    """Warns of an editor's mistake in its own Chinese words; a warning stops the build."""
    logger.warning("%s", error.words, location=location, type="explainer")


def _source_uri(self: HTML5Translator, anchor: str) -> str:
    return (
        f"{places.address(self.builder, self.builder.current_docname, places.FULL_TEXT)}#{anchor}"
    )


def _remarks_html(self: HTML5Translator, node: nodes.Element) -> str:
    return "".join(
        f'<p class="remark">〔原文如此〕“{self.encode(words)}”：{self.encode(remark)}</p>'
        for words, remark in node["remarks"]
    )


def _tools_html(self: HTML5Translator, node: nodes.Element, ids: list[str]) -> str:
    """What a reader may want to do with the node's sentences: send one to somebody, or report an error in it."""
    address = self.config.explainer_report
    if (
        not address
        and self.builder.tags.has("contact")
        and (given := places.given(self.builder.env, REPORT))
    ):
        address = f"{self.builder.get_relative_uri(self.builder.current_docname, given[0])}#{given[1]}".rstrip(
            "#"
        )
    report = f' <a href="{self.attval(address)}">报告 {{id}} 这一句有错</a>' if address else ""
    rows = "".join(
        f'<li><a class="copy-link" href="{_source_uri(self, f"s{id}")}">{id} 的链接</a>{report.replace("{id}", id)}</li>'
        for id in ids
    )
    use = "引用、报错" if address else "引用"
    label = f"{use}：原文 {node.get('shown', node['source'])}"
    return f'<details class="source-tools"><summary aria-label="{label}">{use}</summary><ul>{rows}</ul></details>'


def _visit_quotation(self: HTML5Translator, node: quotation) -> None:
    uri = _source_uri(self, node["anchor"])
    self.body.append(
        f'<div class="quotation"><p class="quotation-source"><a class="source-link" href="{uri}">'
        f"原文 {node['shown']}</a></p>"
        f'<blockquote data-source="{node["source"]}" cite="{uri}">'
    )


def _depart_quotation(self: HTML5Translator, node: quotation) -> None:
    tools = _tools_html(self, node, [words["source"] for words in node.findall(quoted)])
    self.body.append(f"</blockquote>{_remarks_html(self, node)}{tools}</div>\n")


def _visit_quoted(self: HTML5Translator, node: quoted) -> None:
    if node["anchor"] is None:
        self.body.append(f'<span data-source="{node["source"]}">')
        return
    # The line under the words is for the eye alone: who listens is told by the link's name.
    uri, name = _source_uri(self, node["anchor"]), self.attval(f"引文：{node.astext()}")
    self.body.append(
        f'{"“" if node["marks"] else ""}<q data-source="{node["source"]}">'
        f'<a class="source-link" href="{uri}" title="原文 {node["shown"]}" aria-label="{name}">'
    )


def _depart_quoted(self: HTML5Translator, node: quoted) -> None:
    if node["anchor"] is None:
        self.body.append("</span>")
    else:
        self.body.append(f"</a></q>{'”' if node['marks'] else ''}")


def _visit_source_paragraph(self: HTML5Translator, node: source_paragraph) -> None:
    anchor = node["ids"][0]
    self.body.append(
        f'<div class="source-paragraph" id="{anchor}">'
        f'<a class="permalink" href="#{anchor}" aria-label="段落 {node["source"]} 的链接">'
        f"{node['source']}</a>"
    )


def _depart_source_paragraph(self: HTML5Translator, node: source_paragraph) -> None:
    tools = _tools_html(
        self, node, [words["source"] for words in node.findall(source_words) if "source" in words]
    )
    self.body.append(f"{_remarks_html(self, node)}{tools}</div>\n")


def _visit_source_words(self: HTML5Translator, node: source_words) -> None:
    source_id = f' data-source="{node["source"]}"' if "source" in node else ""
    kind = "sentence" if source_id else "clause"
    self.body.append(f'<span class="{kind}" id="{node["ids"][0]}"{source_id}>')


def _depart_source_words(self: HTML5Translator, node: source_words) -> None:
    self.body.append("</span>")
    if node.get("permalink"):
        self.body.append(
            f'<a class="permalink" href="#{node["ids"][0]}" aria-label="句 {node["source"]} 的链接">'
            f"{node['source']}</a>"
        )


def _purge(app: Sphinx, env, docname: str) -> None:
    getattr(env, "explainer_uses", {}).pop(docname, None)


def _merge(app: Sphinx, env, docnames, other) -> None:
    for docname, uses in getattr(other, "explainer_uses", {}).items():
        if docname in docnames:
            env.explainer_uses = getattr(env, "explainer_uses", {}) | {docname: uses}


def setup(app: Sphinx) -> None:
    # Where “报告这一句有错” leads: mailto: or an address, with {id} for the sentence; empty for the page about it.
    app.add_config_value("explainer_report", "", "html")
    app.add_node(quotation, html=(_visit_quotation, _depart_quotation))
    app.add_node(quoted, html=(_visit_quoted, _depart_quoted))
    app.add_node(source_paragraph, html=(_visit_source_paragraph, _depart_source_paragraph))
    app.add_node(source_words, html=(_visit_source_words, _depart_source_words))
    app.add_role("quote", QuoteRole())
    app.add_role("gloss", GlossRole())
    app.add_directive("quote", QuoteDirective)
    app.add_directive("source-text", SourceTextDirective)
    app.connect("env-purge-doc", _purge)
    app.connect("env-merge-info", _merge)
