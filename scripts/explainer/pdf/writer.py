"""One chapter's doctree as Typst markup.

`Writer.render(node)` calls `on_<class>` for the node's class or the nearest of its base classes: to change how
a kind of node is printed, change that one method; to teach a new kind, add one. Methods return markup; what a
node looks like on paper is the template's business. A node without a method is a finding with file and line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
from docutils import nodes
from sphinx.locale import admonitionlabels
from sphinx.util import logging

from ..drawings import Drawing
from ..glyphs import is_shown
from ..sphinx.charts import chart
from ..sphinx.listings import authority_words
from ..sphinx.quotations import quoted
from .markup import (
    GAP,
    array,
    call,
    dictionary,
    label,
    printable,
    string,
    text,
    verbatim,
    without_runt,
)
from .tables import Cell, fitting, grid, of_chart, words_by_column

logger = logging.getLogger(__name__)


def say(message: str, *values: object) -> None:
    """To whoever builds; no warning, for those stop the site."""
    logger.info(message, *values, type="explainer")


CHART_DATA = "chart-data"  # the labels of the tables at the end of the book
LONG = 40  # characters: in the brief form, what is longer is not quoted again where its number says where to look
ORDINALS = "〇一二三四五六七八九十"
_NUMBERED = re.compile(r"[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）")
_BLOCKS = (nodes.Body, nodes.topic, nodes.sidebar, nodes.transition)


def ordinal(number: int) -> str:
    """1 to 999 in Chinese."""
    hundreds, rest = divmod(number, 100)
    if hundreds:
        tail = (
            ""
            if not rest
            else f"〇{ordinal(rest)}"
            if rest < 10
            else f"{'一' if rest < 20 else ''}{ordinal(rest)}"
        )
        return f"{ORDINALS[hundreds]}百{tail}"
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{ORDINALS[tens]}十"
    return head + (ORDINALS[ones] if ones or not tens else "")


@dataclass
class Book:
    """What the chapters share while they are written."""

    source_folder: Path
    drawing: Callable[[chart], Drawing | None]
    full_text: str
    address: str = ""
    left_out: frozenset[str] = frozenset()
    brief: bool = False  # holds a choice; what is not in it is named, not linked
    terms: frozenset[str] = frozenset()  # in the brief form, those that are explained
    charts_after: dict[str, chart] = field(default_factory=dict)  # by paragraph of the source
    qr_codes: dict[str, str] = field(default_factory=dict)
    chart_data: list[str] = field(default_factory=list)
    tables: int = 0
    chapters: set[str] = field(default_factory=set)
    charts: dict[str, Drawing] = field(default_factory=dict)
    chart_places: dict[str, str] = field(default_factory=dict)
    images: dict[str, Path] = field(default_factory=dict)
    places: set[str] = field(default_factory=set)
    references: list[tuple[str, nodes.Node, str]] = field(default_factory=list)
    faulty: bool = False

    def warn(self, message: str, *values: object, node: nodes.Node | None, docname: str) -> None:
        """A finding; there will be no PDF."""
        self.faulty = True
        self.remark(message, *values, node=node, docname=docname)

    def remark(self, message: str, *values: object, node: nodes.Node | None, docname: str) -> None:
        """Something that whoever wrote the chapter should know."""
        while node is not None and not getattr(node, "line", None):
            node = node.parent
        line = f":{node.line}" if node is not None else ""
        say(f"{self.source_folder.name}/{docname}.md{line}: {message}", *values)

    def check_references(self) -> None:
        """Each link inside the book has somewhere to go."""
        for target, node, docname in self.references:
            if target not in self.places:
                self.warn(
                    "会议版里没有链接的目标“%s”。改法：核对标签；只在网页上有的内容，会议版不能链接。",
                    target,
                    node=node,
                    docname=docname,
                )


class Writer:
    """Writes one chapter; `number` is its place among the numbered chapters, None for an unnumbered one."""

    def __init__(self, book: Book, docname: str, number: int | None = None) -> None:
        self.book = book
        self.docname = docname
        self.number = number
        self.level = 0
        self.sections = 0
        self.in_table = 0
        self.in_box = 0
        self.footnotes: dict[str, nodes.footnote] = {}
        self.noted: set[str] = set()

    def chapter(self, doctree: nodes.document) -> str:
        self.learn_footnotes(doctree)
        return self.children(doctree)

    def learn_footnotes(self, doctree: nodes.document) -> None:
        """On paper a note stands at the foot of the page of its first reference, wherever it was written."""
        self.footnotes = {
            id: note for note in doctree.findall(nodes.footnote) for id in note["ids"]
        }

    # ---- the walk

    def render(self, node: nodes.Node) -> str:
        for kind in type(node).__mro__:
            method = getattr(self, f"on_{kind.__name__}", None)
            if method:
                # A label before any block is the block's.
                labelled = isinstance(node, _BLOCKS) and not isinstance(
                    node, (nodes.footnote, nodes.target)
                )
                return (self.anchors(node) if labelled else "") + method(node)
        return self.unknown(node)

    def unknown(self, node: nodes.Node) -> str:
        self.book.warn(
            "会议版不会排“%s”这种内容。改法：换一种写法，或请维护人员在 pdf/writer.py 里教会它。",
            type(node).__name__,
            node=node,
            docname=self.docname,
        )
        return ""

    def all(self, several: Iterable[nodes.Node]) -> str:
        return "".join(self.render(node) for node in several)

    def children(self, node: nodes.Element) -> str:
        return self.anchors(node) + self.all(node.children)

    def anchors(self, node: nodes.Element) -> str:
        """Places where links may land."""
        return "".join(self.anchor(id) for id in node.get("ids", ()))

    def anchor(self, id: str) -> str:
        """A place for this id; "" is the page itself. Each has one place, the first."""
        if (f"{self.docname}#{id}" if id else self.docname) in self.book.places:
            return ""
        return call("anchor", self.place(id))

    def place(self, id: str) -> str:
        """The label of an id on this page, from now on known."""
        self.book.places.add(f"{self.docname}#{id}" if id else self.docname)
        return label(self.docname, id)

    def refer(self, node: nodes.Node, target: str) -> str:
        self.book.references.append((target, node, self.docname))
        return string(target)

    # ---- text

    def on_Text(self, node: nodes.Text) -> str:
        words = node.astext()
        self.check_glyphs(node, words)
        return text(words)

    def check_glyphs(self, node: nodes.Node, words: str) -> None:
        for letter in dict.fromkeys(words):
            if not is_shown(letter):
                self.book.remark(
                    "会议版的字体里没有“%s”（U+%04X）这个字，印成〓，注明是哪个字。改法：换一个字；非用不可的，请维护人员在 pdf/fonts/ 里补上。",
                    letter,
                    ord(letter),
                    node=node,
                    docname=self.docname,
                )

    def on_paragraph(self, node: nodes.paragraph) -> str:
        inline = without_runt(self.children(node))
        if self.in_table:
            return call("plain", body=inline)
        kind = "lead-in" if node.astext().endswith("：") else "para"
        return "\n" + call(kind, body=inline) + "\n"

    def on_inline(self, node: nodes.inline) -> str:
        if "year" in node.get(
            "classes", ()
        ):  # cut out of its sentence, so nothing else sees what is before it
            return GAP + self.children(node)
        return self.children(node)

    on_PassthroughTextElement = on_abbreviation = on_inline

    def on_strong(self, node: nodes.strong) -> str:
        return call("strong", body=self.children(node))

    def on_emphasis(self, node: nodes.emphasis) -> str:
        return call("emph", body=self.children(node))

    on_title_reference = on_emphasis

    def on_hard_break(self, node: nodes.Element) -> str:
        return "#linebreak();"

    def on_literal(self, node: nodes.literal) -> str:
        self.check_glyphs(node, node.astext())
        return call("code", string(printable(node.astext())))

    def on_subscript(self, node: nodes.subscript) -> str:
        return call("sub", body=self.children(node))

    def on_superscript(self, node: nodes.superscript) -> str:
        return call("super", body=self.children(node))

    # ---- sections

    def on_section(self, node: nodes.section) -> str:
        if self.book.left_out & set(node["ids"]):
            return ""
        self.level += 1
        inside = self.all(node.children)
        self.level -= 1
        return inside

    def on_title(self, node: nodes.title) -> str:
        if not isinstance(node.parent, nodes.section):
            return ""  # its box prints it
        return f"\n{self.heading(node)}\n"

    def heading(self, node: nodes.title) -> str:
        words = self.heading_number(node) + self.children(node)
        anchors = "".join(self.anchor(id) for id in node.parent["ids"])
        if self.level == 1:
            return call("chapter", body=words) + self.anchor("") + anchors
        return call("heading", f"level: {min(self.level, 4)}", body=words) + anchors

    def heading_number(self, node: nodes.title) -> str:
        if self.number is None or _NUMBERED.match(node.astext()):
            return ""
        if self.level == 1:
            return verbatim(f"{ordinal(self.number)}、")
        if self.level == 2:
            self.sections += 1
            return verbatim(f"（{ordinal(self.sections)}）")
        return ""

    def on_subtitle(self, node: nodes.subtitle) -> str:
        return call("plain", body=self.children(node))

    def on_rubric(self, node: nodes.rubric) -> str:
        return "\n" + call("plain", body=call("strong", body=self.children(node))) + "\n"

    on_caption = on_rubric

    # ---- lists

    def on_bullet_list(self, node: nodes.bullet_list) -> str:
        return self.list("bullets", node)

    def on_enumerated_list(self, node: nodes.enumerated_list) -> str:
        return self.list("numbers", node, str(node.get("start", 1)))

    def list(self, function: str, node: nodes.Element, *arguments: str) -> str:
        items = [
            f"[{self.children(item)}]"
            for item in node.children
            if isinstance(item, nodes.list_item)
        ]
        return "\n" + call(function, *arguments, *items) + "\n"

    def on_definition_list(self, node: nodes.definition_list) -> str:
        pairs = []
        for item in node.children:
            terms = [self.children(part) for part in item.children if isinstance(part, nodes.term)]
            rest = self.all(part for part in item.children if not isinstance(part, nodes.term))
            pairs.append(f"([{verbatim('、').join(terms)}], [{rest}])")
        return "\n" + call("definitions", *pairs) + "\n"

    def on_glossary(self, node: nodes.Element) -> str:
        return self.children(node)

    on_definition = on_glossary

    def on_classifier(self, node: nodes.classifier) -> str:
        return call("emph", body=self.children(node))

    def on_field_list(self, node: nodes.field_list) -> str:
        pairs = [
            f"([{self.children(name)}], [{self.children(body)}])"
            for name, body in (item.children for item in node.children)
        ]
        return "\n" + call("definitions", *pairs) + "\n"

    def on_option_list(self, node: nodes.option_list) -> str:
        pairs = [
            f"([{text(names.astext())}], [{self.children(body)}])"
            for names, body in (item.children for item in node.children)
        ]
        return "\n" + call("definitions", *pairs) + "\n"

    # ---- the source's words and the editors'

    def on_quotation(self, node: nodes.Element) -> str:
        target = self.refer(node, f"{self.book.full_text}#{node['anchor']}")
        quotation = call("quotation", string(node["shown"]), target, body=self.children(node))
        return f"\n{quotation}\n{self.remarks(node)}"

    def remarks(self, node: nodes.Element) -> str:
        return "".join(
            call("remark", f"[{text(words)}]", f"[{text(remark)}]") + "\n"
            for words, remark in node["remarks"]
        )

    def on_quoted(self, node: nodes.Element) -> str:
        if node["anchor"] is None:
            return self.children(node)
        id = "" if self.in_table and not self.book.brief else node["shown"]
        target = self.refer(node, f"{self.book.full_text}#{node['anchor']}")
        # Type and number show where the words begin and end: none but their own marks, rather than the same ones twice.
        marks = "true" if node["marks"] and "“" not in node.astext() else "false"
        if self.book.brief and node.get("cited") and len(node.astext()) > LONG:
            return call("look-up", string(node["shown"]), target)
        words = self.children(node)
        return call(
            "quoted",
            string(id),
            target,
            f"marks: {marks}",
            body=without_runt(words) if _ends(node) else words,
        )

    def on_source_paragraph(self, node: nodes.Element) -> str:
        paragraph = call("source-paragraph", string(node["source"]), body=self.children(node))
        figure = self.book.charts_after.get(node["source"])
        drawn = self.on_chart(figure) if figure else ""
        return f"\n{paragraph}\n{self.remarks(node)}{drawn}"

    def on_source_words(self, node: nodes.Element) -> str:
        return self.children(node)

    def on_editors_note(self, node: nodes.Element) -> str:
        """No label of its own on paper: the foot of each page says whose words are whose."""
        return self.children(node)

    def on_whole_page_note(self, node: nodes.Element) -> str:
        return (
            "\n"
            + call("whole-page-note", "quotes: true" if node["quotes"] else "quotes: false")
            + "\n"
        )

    def on_glossary_entry(self, node: nodes.Element) -> str:
        if self.book.brief and node["id"] not in self.book.terms:
            return ""
        # A term in two parts breaks between them, for its column is narrow.
        parts = re.findall("[^、]+、?", node["term"])
        term = (
            "".join(f"#box[{text(part)}]" for part in parts)
            if len(parts) > 1
            else text(node["term"])
        )
        return (
            "\n"
            + call(
                "glossary-entry",
                self.place(node["id"]),
                f"[{term}]",
                body="".join(
                    self.entry_paragraph(child)
                    for child in node.children
                    if not (self.book.brief and "record" in child["classes"])
                ),
            )
            + "\n"
        )

    def entry_paragraph(self, node: nodes.Element) -> str:
        """A paragraph of an entry; the words of another document, which end it, stand apart."""
        words = [child for child in node.children if isinstance(child, authority_words)]
        about = without_runt(self.all(child for child in node.children if child not in words))
        return call("entry-aside" if node["classes"] else "plain", body=about) + self.all(words)

    def on_entry_label(self, node: nodes.Element) -> str:
        return call("entry-label", body=self.children(node))

    def on_authority_words(self, node: nodes.Element) -> str:
        return call("authority-words", body=without_runt(self.children(node)))

    # ---- boxes

    def on_Admonition(self, node: nodes.Element) -> str:
        title = next((child for child in node.children if isinstance(child, nodes.title)), None)
        kind = type(node).__name__
        words = self.children(title) if title else verbatim(str(admonitionlabels.get(kind, "")))
        return self.framed(words, (child for child in node.children if child is not title))

    def framed(self, title: str, inside: Iterable[nodes.Node]) -> str:
        self.in_box += 1  # from where nothing can float to another page
        body = self.all(inside)
        self.in_box -= 1
        return "\n" + call("framed", f"[{title}]", body=body) + "\n"

    def on_desc(self, node: nodes.Element) -> str:
        """The description of a program's parts, which Sphinx makes an admonition."""
        return self.unknown(node)

    def on_topic(self, node: nodes.topic) -> str:
        return self.on_Admonition(node)

    on_sidebar = on_topic

    def on_container(self, node: nodes.container) -> str:
        """sphinx-design and MyST-NB make their own nodes of it; each says what it is."""
        component = node.get("design_component", "")
        if component in ("card", "dropdown", "tab-item"):
            return self.anchors(node) + self.opened(node)
        if "tile" in node["classes"] and node.children:
            title, *names = node.children
            return call("tile", f"[{self.all(title.children)}]", body=self.all(names))
        return self.children(node)

    def opened(self, node: nodes.container) -> str:
        """Card, tab, dropdown: a box with a title, and all that is in it."""
        title = next((child for child in node.findall() if _is_box_title(child)), None)
        words = "" if title is None else self.children(title)
        if title is not None:
            title.parent.remove(title)
        return self.framed(words, node.children)

    def on_block_quote(self, node: nodes.block_quote) -> str:
        return "\n" + call("block-quote", body=self.children(node)) + "\n"

    def on_attribution(self, node: nodes.attribution) -> str:
        return call("align", "right", body=verbatim("——") + self.children(node))

    def on_line_block(self, node: nodes.line_block) -> str:
        lines = [f"[{self.children(line)}]" for line in node.findall(nodes.line)]
        return "\n" + call("verse", *lines) + "\n"

    def on_centered(self, node: nodes.Element) -> str:
        return "\n" + call("align", "center", body=call("strong", body=self.children(node))) + "\n"

    def on_literal_block(self, node: nodes.literal_block) -> str:
        self.check_glyphs(node, node.astext().replace("\n", ""))
        return "\n" + call("code-block", string(printable(node.astext()))) + "\n"

    on_doctest_block = on_literal_block

    def on_transition(self, node: nodes.transition) -> str:
        if "footnotes" in node["classes"]:
            return ""  # MyST's, above the notes that stand at the foot of the page here
        return "\n#align(center)[＊　＊　＊]\n"

    def on_compound(self, node: nodes.Element) -> str:
        return self.children(node)

    on_hlist = on_hlistcol = on_compact_paragraph = on_only = on_versionmodified = on_document = (
        on_compound
    )

    # ---- tables

    def on_table(self, node: nodes.table) -> str:
        title = next((child for child in node.children if isinstance(child, nodes.title)), None)
        group = next(child for child in node.children if isinstance(child, nodes.tgroup))
        # In the brief form the heading above says what it is.
        caption = self.children(title) if title and not self.book.brief else ""
        head, body = grid(group)
        self.in_table += 1
        header = array(self.cell(cell) for cell in head)
        cells = [self.cell(cell) for cell in body]
        self.in_table -= 1
        # A head with links stands once: what is repeated on each page is no place for them.
        heads = [part for part in group.children if isinstance(part, nodes.thead)]
        rows = sum(len(head.children) for head in heads)
        once = any(
            head.next_node(kind)
            for head in heads
            for kind in (nodes.reference, nodes.footnote_reference, quoted)
        )
        arguments = [
            # In the brief form a quotation's number stands beside it, or in its place where it is long.
            fitting(words_by_column(group), beside=3, most=LONG)
            if self.book.brief
            else fitting(words_by_column(group)),
            f"[{caption}]",
            str(rows),
            header,
            *(["repeats: false"] if once else []),
        ]
        markup = call("data-table", *arguments, *cells)
        if (
            not self.in_box and not self.book.brief
        ):  # where paper is short, tables break between rows
            self.book.tables += 1
            markup = call(
                "kept-whole",
                string(f"table-{self.book.tables}"),
                f"[{text(f'表“{title.astext()}”' if title else '表')}]",
                body=markup,
            )
        return f"\n{self.anchors(node)}{markup}\n"

    def cell(self, cell: Cell) -> str:
        spans = "".join(
            f"{name}: {span}, "
            for name, span in (("colspan", cell.columns), ("rowspan", cell.rows))
            if span > 1
        )
        return f"table.cell({spans})[{self.children(cell.entry)}]"

    # ---- links and notes

    def on_reference(self, node: nodes.reference) -> str:
        inside = self.children(node)
        uri = node.get("refuri", "")
        if "gloss" in node:
            return self.gloss(node, self.refer(node, uri.removeprefix("%")))
        if uri.startswith("%") or "refid" in node:
            target = uri.removeprefix("%") if uri else f"{self.docname}#{node['refid']}"
            if target.partition("#")[0] not in self.book.chapters:
                return self.on_site(inside, target)
            return call("see", self.refer(node, target), body=inside)
        if re.match(r"https?://|mailto:|tel:", uri):
            shown = re.sub("^(mailto|tel):", "", uri)
            # A document with its number and date is found by them.
            if node.astext().strip() == shown or "named" in node["classes"]:
                return call("address", string(uri), body=inside)
            return call("printed-address", string(uri), string(shown), body=inside)
        return inside  # a file that only the site has

    def gloss(self, node: nodes.reference, target: str) -> str:
        """A term; its outer marks stand outside, where those beside them can squeeze them."""
        term = node.astext()
        before, after = "“" * term.startswith("“"), "”" * term.endswith("”")
        words = text(term.removeprefix("“").removesuffix("”"))
        return verbatim(before) + call("gloss", target, body=words) + verbatim(after)

    def on_site(self, inside: str, target: str) -> str:
        """A link to a chapter that only the site has."""
        page, _, id = target.partition("#")
        address = (
            f"{self.book.address}{page}.html{f'#{id}' if id else ''}" if self.book.address else ""
        )
        return call("on-site", string(address), body=inside)

    on_number_reference = on_reference

    def on_download_reference(self, node: nodes.Element) -> str:
        return self.children(node)

    def on_footnote_reference(self, node: nodes.footnote_reference) -> str:
        id = node["refid"]
        if id in self.noted:
            return call("footnote", f"label({label(self.docname, id)})")
        self.noted.add(id)
        note = self.footnotes[id]
        inside = "#parbreak();".join(
            self.all(child.children) if isinstance(child, nodes.paragraph) else self.render(child)
            for child in note.children
            if not isinstance(child, nodes.label)
        )
        return (
            f"#[{call('footnote', body=inside).removesuffix(';')}#label({label(self.docname, id)})]"
        )

    # ---- pictures

    def on_figure(self, node: nodes.figure) -> str:
        image = next(node.findall(nodes.image))
        caption = next(
            (self.children(child) for child in node.children if isinstance(child, nodes.caption)),
            "",
        )
        rest = self.all(child for child in node.children if isinstance(child, nodes.legend))
        return self.anchors(node) + self.picture(image, caption) + rest

    def on_image(self, node: nodes.image) -> str:
        return self.picture(node, "")

    def on_legend(self, node: nodes.legend) -> str:
        return self.children(node)

    def picture(self, node: nodes.image, caption: str) -> str:
        uri = node["uri"]
        path = self.book.source_folder / uri.lstrip("/")
        if path.suffix.lower() not in (".svg", ".png", ".jpg", ".jpeg", ".gif", ".webp"):
            self.book.warn(
                "会议版放不进图片“%s”。改法：换成 svg、png 或 jpg。",
                uri,
                node=node,
                docname=self.docname,
            )
            return ""
        if not node.get("alt"):
            self.book.warn(
                "图片“%s”没有替代文字。改法：在方括号里写一句话，说明图上有什么。",
                uri,
                node=node,
                docname=self.docname,
            )
        name = f"images/{len(self.book.images)}{path.suffix.lower()}"
        self.book.images[name] = path
        percent = re.fullmatch(r"(\d+)%", node.get("width", ""))
        width = f"(width: {percent[1]}%)" if percent else "(:)"
        return (
            "\n"
            + call(
                "picture",
                string(name),
                string(node.get("alt", "")),
                width,
                f"[{caption}]",
                *self.boxed(),
            )
            + "\n"
        )

    def on_raw(self, node: nodes.raw) -> str:
        if "html" in node.get("format", "") and node.astext().strip():
            self.book.warn(
                "会议版排不了 HTML 代码。改法：改用 MyST 的写法。", node=node, docname=self.docname
            )
        return ""

    def on_chart(self, node: chart) -> str:
        """Printed once, with its conclusion; what it shows stands in a table at the end of the book."""
        figure = self.book.drawing(node)
        if figure is None:
            self.book.faulty = True
            return ""
        known = self.book.chart_places.get(figure.name)
        if known is not None:
            return "\n" + call("chart-elsewhere", string(known), f"[{text(figure.title)}]") + "\n"
        words = [
            figure.title,
            figure.conclusion,
            figure.caption,
            *(cell for row in figure.rows for cell in row),
        ]
        self.check_glyphs(node, "".join(words))
        place, data = self.place(f"figure-{figure.name}"), label(CHART_DATA, figure.name)
        if self.book.brief:
            data = "none"
        self.book.charts[figure.name] = figure
        self.book.chart_places[figure.name] = f"{self.docname}#figure-{figure.name}"
        title = f"[{text(figure.title)}]"
        if not self.book.brief:
            self.chart_data(figure, data, place)
        return (
            "\n"
            + call(
                "chart",
                place,
                title,
                f"[{without_runt(text(figure.conclusion))}]",
                string(f"{figure.name}.svg"),
                string(figure.alternative),
                f"[{text(figure.caption)}]",
                f"[{verbatim('、'.join(figure.cited))}]",
                data,
                self.twin(figure),
                *self.boxed(),
            )
            + "\n"
        )

    def chart_data(self, figure: Drawing, data: str, place: str) -> None:
        """What a chart shows, for the end of the book."""
        remark, table = of_chart(pd.DataFrame(figure.rows, columns=figure.columns))
        title_of_data = (
            f"[{text(figure.title)}]" if remark else f"[{without_runt(text(figure.title))}]"
        )
        remark = without_runt(text(f"（{remark}）")) if remark else ""
        self.book.chart_data.append(
            call("chart-data", data, place, title_of_data, f"[{remark}]", *table)
        )

    def boxed(self) -> list[str]:
        """From a box and from a table's cell nothing can go to another page."""
        return ["boxed: true"] if self.in_box or self.in_table else []

    def twin(self, figure: Drawing) -> str:
        """The way from paper to the chart that moves, once the site has an address."""
        if not self.book.address:
            return "none"
        address = f"{self.book.address}{self.docname}.html#figure-{figure.name}"
        file = f"{figure.name}-qr.svg"
        self.book.qr_codes[file] = address
        return dictionary(
            address=string(address),
            file=string(file),
            alt=string(f"二维码：{figure.title}，在网站上的互动图"),
        )

    # ---- what is not printed

    def on_target(self, node: nodes.target) -> str:
        return self.anchors(node)

    def on_comment(self, node: nodes.Node) -> str:
        """Nothing of these: what other writers are told, and what is printed where it is referred to."""
        return ""

    on_substitution_definition = on_pending = on_toctree = on_index = on_meta = (
        on_system_message
    ) = on_comment
    on_footnote = on_citation = on_printed_list = on_decoration = on_tabular_col_spec = on_comment


def _ends(node: nodes.Node) -> bool:
    """Whether no word of the paragraph follows."""
    siblings = node.parent.children
    return not any(
        re.search(r"\w", sibling.astext()) for sibling in siblings[siblings.index(node) + 1 :]
    )


def _is_box_title(node: nodes.Node) -> bool:
    if not isinstance(node, nodes.Element):
        return False
    classes = node.get("classes", ())
    return (
        "sd-card-title" in classes
        or node.get("design_component") == "tab-label"
        or isinstance(node, nodes.rubric)
    )
