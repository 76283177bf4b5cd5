"""Who is speaking: whatever a chapter says outside the source's words is marked 编者说明.

Editors need no markup for it: on a page with block quotations or charts, every stretch of ordinary prose
becomes an `editors_note`, with a line beside all of it; a page without any carries one line under its title
instead. Whoever listens hears the label at the start of each stretch; it is seen once in a section (site.css).
"""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.writers.html5 import HTML5Translator

from .quotations import quotation, quoted, source_paragraph

LABEL = "编者说明"
# What is neither prose nor the editors': headings, the source's words, charts, and what does not show.
_NOT_PROSE = (
    nodes.section,
    nodes.title,
    nodes.Invisible,
    nodes.system_message,
    quotation,
    source_paragraph,
)


class editors_note(nodes.General, nodes.Element):
    """Words that are not the source's."""


class whole_page_note(nodes.General, nodes.Element):
    """The line that says that a page is the editors'; `quotes` when words of the source are among theirs."""


class EditorsVoice(SphinxTransform):
    default_priority = 880

    def apply(self) -> None:
        if any(True for _ in self.document.findall(_shows_source)):
            for section in list(self.document.findall(nodes.section)):
                _mark(section)
        else:
            for title in self.document.findall(nodes.title):
                quotes = any(True for _ in self.document.findall(quoted)) or _lists_source(
                    self.document
                )
                title.parent.insert(title.parent.index(title) + 1, whole_page_note(quotes=quotes))
                break


def _shows_source(node: nodes.Node) -> bool:
    return isinstance(node, (quotation, source_paragraph)) or (
        isinstance(node, nodes.Element) and "cell" in node.get("classes", ())
    )


def _lists_source(document: nodes.document) -> bool:
    """Whether a page will be filled with rows that quote the source (their placeholders have no words yet)."""
    return any(node.tagname == "coverage_list" for node in document.findall(nodes.Element))


def _is_prose(node: nodes.Node) -> bool:
    hidden = isinstance(node, _NOT_PROSE) or (isinstance(node, nodes.target) and not node.children)
    return not hidden and not {"cell", "toctree-wrapper"} & set(node.get("classes", ()))


def _mark(section: nodes.section) -> None:
    children, note = [], None
    for child in section.children:
        if isinstance(child, nodes.Element) and _is_prose(child):
            if note is None:
                note = editors_note()
                children.append(note)
            note += child
        else:
            note = None
            children.append(child)
    section.children = []
    section.extend(children)


def _visit_note(self: HTML5Translator, node: editors_note) -> None:
    if not node.children:  # all of it is for paper
        raise nodes.SkipNode
    self.body.append(
        f'<div class="editors-note"><div class="voice-label">{LABEL}<span class="heard">：</span></div>\n'
    )


def _depart_note(self: HTML5Translator, node: editors_note) -> None:
    self.body.append("</div>\n")


def _visit_whole_page(self: HTML5Translator, node: whole_page_note) -> None:
    words = (
        "除了画线的引文，本页文字是编者写的。"
        if node["quotes"]
        else "本页文字是编者写的，不是原文。"
    )
    self.body.append(f'<p class="editors-note whole-page">{LABEL}：{words}</p>\n')
    raise nodes.SkipNode


def setup(app: Sphinx) -> None:
    app.add_node(editors_note, html=(_visit_note, _depart_note))
    app.add_node(whole_page_note, html=(_visit_whole_page, None))
    app.add_transform(EditorsVoice)
