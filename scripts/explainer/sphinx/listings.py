"""Tables on a page, taken from data/: one table, tiles with their names, the glossary, or the list of all that can be
downloaded or printed."""

from __future__ import annotations

import re
from collections.abc import Iterable

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

from .. import tables
from ..errors import EditorError
from ..project import of
from . import places
from .quotations import block_quotation, quoted_words, record_use, report

# Who explains a term, and from what: the words before its meaning.
MEANINGS = {
    "归纳原文": "编者归纳原文",
    "依据文件": "编者据文件解释",
    "字面": "编者照字面解释",
    "通行说法": "编者照通行说法解释",
}
_KEYS = ("id", "given")  # columns that only the program and the editors need
# What a reader is told of documents that no official page was seen of.
COPIES = {"两处": "据转载", "一处": "只见到一处转载，不引原话"}


class glossary_entry(nodes.General, nodes.Element):
    """One term: `id`, `term`; its children are paragraphs, each with a label: quotation, meaning, authorities, record."""


class entry_label(nodes.Inline, nodes.TextElement):
    """What a paragraph of a glossary entry is."""


class authority_words(nodes.Inline, nodes.TextElement):
    """The words of another document than the source, to the letter."""


class folded(nodes.container):
    """What few readers need, folded away behind its `summary`; open on paper."""


class labelled_entry(nodes.entry):
    """A cell that knows its column's name (`label`): on a phone each row is shown as a list, without blank cells."""


class OfTable(SphinxDirective):
    """Of one table, whose name comes first; ``:columns:`` (Chinese headers) picks and orders its columns."""

    required_arguments = 1
    option_spec = {"columns": directives.unchanged}

    def run(self):
        try:
            table = of(self.env.app).table(self.arguments[0])
            fields = table.columns(self.options.get("columns", ""))
        except EditorError as error:
            report(error, self.get_location())
            return []
        self.env.note_dependency(str(table.path))
        return [self.made(table, fields)]

    def made(self, table: tables.Table, fields: tuple[tables.Field, ...]) -> nodes.Element:
        """What the page shows of it."""
        raise NotImplementedError


class DataTableDirective(OfTable):
    """``{data-table} tasks`` shows a table."""

    def made(self, table: tables.Table, fields: tuple[tables.Field, ...]) -> nodes.table:
        body = nodes.tbody()
        for row in table.frame.to_dict("records"):
            body += nodes.row("", *(_cell(self.env, field, row) for field in fields))
        head = nodes.row(
            "", *(nodes.entry("", nodes.paragraph(field.name, field.name)) for field in fields)
        )
        group = nodes.tgroup(
            "",
            *(nodes.colspec(colwidth=1) for _ in fields),
            nodes.thead("", head),
            body,
            cols=len(fields),
        )
        result = nodes.table(
            "", nodes.title(table.title, table.title), group, classes=["data-table"]
        )
        result["ids"] = [f"table-{self.env.new_serialno('data-table')}-{table.name}"]
        self.set_source_info(result)
        return result


def _cell(env: BuildEnvironment, field: tables.Field, row: dict) -> nodes.entry:
    words = _words(env, field, row)
    short = all(len(word) <= 5 for word in [words.astext(), field.name])
    return labelled_entry(
        "", nodes.paragraph("", "", words), label=field.name, classes=["short"] if short else []
    )


def _words(env: BuildEnvironment, field: tables.Field, row: dict) -> nodes.Node:
    """What a row has in a column; where it is the source's, as a quotation."""
    value = row[field.alias]
    words = "" if value is None or str(value) == "<NA>" else str(value)
    if not words or field.source in (None, "authority"):
        return nodes.Text(words)
    if field.source == tables.CITATIONS:
        quotations = nodes.inline()
        for cited, place in tables.citations(words, of(env.app).source):
            record_use(env, env.docname, place)
            quotation = quoted_words(place, cited)
            quotation["cited"] = True  # where to look, so that a number does where there is no room
            quotations += [nodes.Text("；")] * bool(quotations.children) + [quotation]
        return quotations
    here = field.source in ("quotation", "words")
    within = row["anchor"].removeprefix("s") if here else field.source
    place = of(env.app).source.find(words, within)[0]
    record_use(env, env.docname, place)
    return quoted_words(place, words)


class TilesDirective(SphinxDirective):
    """``{tiles}`` stands around several ``{tile}``: side by side where there is room."""

    has_content = True

    def run(self):
        return [nodes.container("", *self.parse_content_to_nodes(), classes=["tiles"])]


class TileDirective(OfTable):
    """``{tile} name`` answers a question with names: what the editors write in it, then all rows of a table."""

    has_content = True

    def made(self, table: tables.Table, fields: tuple[tables.Field, ...]) -> nodes.Element:
        names = nodes.bullet_list()
        for row in table.frame.to_dict("records"):
            parts = [
                part for field in fields for part in (nodes.Text(" "), _words(self.env, field, row))
            ][1:]
            names += nodes.list_item("", nodes.paragraph("", "", *parts))
        return nodes.container("", *self.parse_content_to_nodes(), names, classes=["tile"])


class GlossaryDirective(SphinxDirective):
    """``{glossary-list}``: every term, where the source uses it, what it means, and on whose authority."""

    def run(self):
        places.hold(self.env, places.TERMS)
        result = []
        book = of(self.env.app)
        glossary, authorities = book.table(tables.GLOSSARY), book.table(tables.AUTHORITIES)
        self.env.note_dependency(str(glossary.path))
        self.env.note_dependency(str(authorities.path))
        if glossary.frame.empty:
            return [nodes.paragraph("", "这一版没有解释名词。")]
        by_id = {row.id: row for row in authorities.frame.itertuples()}
        for row in glossary.frame.itertuples():
            place = book.source.locate(row.quote, row.given or None)
            record_use(self.env, self.env.docname, place)
            entry = glossary_entry("", id=row.id, term=row.term)
            entry += _labelled("原文", quoted_words(place, row.quote, marks=True))
            entry += _labelled(MEANINGS[row.basis], nodes.Text(row.explanation))
            for id in tables.authorities_of(row):
                if id in by_id:
                    entry += _authority("依据" if row.basis == "依据文件" else "参见", by_id[id])
                else:
                    report(
                        EditorError(
                            f"依据文件里没有编号“{id}”",
                            glossary.path,
                            remedy="照 data/authorities.csv 改正",
                        ),
                        self.get_location(),
                    )
            if row.record:
                entry += _labelled("查找记录", nodes.Text(row.record), classes=["record"])
            result.append(entry)
        return result


def _labelled(label: str, *parts: nodes.Node, classes: Iterable[str] = ()) -> nodes.paragraph:
    return nodes.paragraph("", "", entry_label("", f"{label}："), *parts, classes=list(classes))


def _authority(label: str, row) -> nodes.paragraph:
    """The document by its name, where in it, who issued it and when; its words where they may be quoted."""
    name = (
        nodes.reference("", row.document, refuri=row.address, classes=["named"])
        if row.address
        else nodes.Text(row.document)
    )
    known = "，".join(filter(None, (row.issuer, row.number, row.date, row.later)))
    copies = COPIES.get(row.seen, "")
    about = f"{row.article}（{known}{'；' if copies else ''}{copies}）{'：' if row.words else '。'}"
    words = [authority_words(row.words, row.words)] if row.words else []
    return _labelled(label, name, nodes.Text(about), *words, classes=["authority"])


class AnswersDirective(OfTable):
    """``{answers} name`` with ``:by: 问题``: a section for each word of that column, in it all rows that have it.

    A row shows what it quotes as blocks, what the editors answer, then its other columns, each with its name before it.
    With ``:index:`` the words come first, each a link to its section.
    """

    option_spec = {
        **OfTable.option_spec,
        "by": directives.unchanged_required,
        "index": directives.flag,
    }

    def run(self):
        made = super().run()
        return made[0].children if made else []

    def made(self, table: tables.Table, fields: tuple[tables.Field, ...]) -> nodes.Element:
        by = self.options.get("by", "")
        title = next((field for field in table.fields if field.name == by), None)
        result = nodes.container()
        if title is None:
            named = "、".join(field.name for field in table.fields)
            report(
                EditorError(f"“by”写的“{by}”不是一列", remedy=f"可用的有 {named}"),
                self.get_location(),
            )
            return result
        shown = [field for field in fields if field is not title and field.alias not in _KEYS]
        index = nodes.bullet_list(classes=["choices"])
        if "index" in self.options:
            result += index
        for words, rows in table.frame.groupby(title.alias, sort=False):
            link = nodes.reference("", words, internal=True, refid=rows.iloc[0]["id"])
            index += nodes.list_item("", nodes.paragraph("", "", link))
            section = nodes.section("", nodes.title(words, words), ids=[rows.iloc[0]["id"]])
            for row in rows.to_dict("records"):
                for field in shown:
                    section += self._shown(field, row)
            result += section
        return result

    def _shown(self, field: tables.Field, row: dict) -> list[nodes.Element]:
        words = row[field.alias]
        if field.source == tables.CITATIONS:
            cited = tables.citations(words, of(self.env.app).source)
            return [block_quotation(self, place) for _, place in cited]
        if not words:
            return []
        if field.alias == "answer":
            return [nodes.paragraph(words, words)]
        return [_labelled(field.name, nodes.Text(words))]


class DownloadListDirective(SphinxDirective):
    """``{download-list}``: the source, and each table with its CSV and its columns; last, for programs, all columns' description."""

    def run(self):
        book = of(self.env.app)
        result = [nodes.bullet_list("", _item("原文全文（文本文件）", book.source_file.name))]
        for table in book.tables.values():
            self.env.note_dependency(str(table.path))
            if table.frame.empty:
                continue
            section = nodes.section(
                "", nodes.title(table.title, table.title), ids=[f"data-{table.name}"]
            )
            section += nodes.paragraph("", table.description)
            section += nodes.paragraph(
                "", "下载：", _link(f"{table.path.name}（{len(table.frame)} 行）", table.path.name)
            )
            columns = (
                nodes.list_item("", nodes.paragraph("", f"{field.name}：{field.description}"))
                for field in table.fields
            )
            section += folded("", nodes.bullet_list("", *columns), summary="各列的意思")
            result.append(section)
        section = nodes.section("", nodes.title("", "给程序用的说明"), ids=["data-package"])
        section += nodes.paragraph(
            "",
            "各列的名称、类型和要求，按 Data Package 标准写成一个文件：",
            _link(tables.PACKAGE, tables.PACKAGE),
        )
        return [*result, section]


class printed_list(nodes.General, nodes.Element):
    """Stands for the list of the PDFs until they have names."""


class PrintedListDirective(SphinxDirective):
    """``{printed-list}``: the PDFs, each by what it is used for; on paper, and where none are made, nothing."""

    def run(self):
        return [printed_list()]


def _visit_printed_list(self: HTML5Translator, node: printed_list) -> None:
    folder = places.address(
        self.builder, self.builder.current_docname, places.DOWNLOADS
    ).rpartition(places.DOWNLOADS)[0]
    items = "".join(
        f'<li><a href="{folder}{places.DOWNLOADS}/{pdf.file}">{pdf.use}：{pdf.title}</a>（PDF，{pdf.size}）</li>'
        for pdf in self.builder.app.explainer_printed
    )
    if items:
        self.body.append(f'<ul class="printed">{items}</ul>\n')
    raise nodes.SkipNode


def _visit_folded(self: HTML5Translator, node: folded) -> None:
    self.body.append(f'<details class="folded"><summary>{self.encode(node["summary"])}</summary>\n')


def _depart_folded(self: HTML5Translator, node: folded) -> None:
    self.body.append("</details>\n")


def _link(words: str, file: str) -> nodes.reference:
    return nodes.reference("", words, refuri=f"place:{places.DOWNLOADS}/{file}")


def _item(words: str, file: str) -> nodes.list_item:
    return nodes.list_item("", nodes.paragraph("", "", _link(words, file)))


def _visit_glossary_entry(self: HTML5Translator, node: glossary_entry) -> None:
    self.body.append(
        f'<section class="glossary-entry" id="{node["id"]}"><h2>{self.encode(node["term"])}</h2>'
        f'<a class="headerlink" href="#{node["id"]}" title="本条链接" aria-label="本条链接">#</a>\n'
    )


def _depart_glossary_entry(self: HTML5Translator, node: glossary_entry) -> None:
    self.body.append("</section>\n")


def _visit_entry_label(self: HTML5Translator, node: entry_label) -> None:
    self.body.append('<span class="entry-label">')


def _depart_entry_label(self: HTML5Translator, node: entry_label) -> None:
    self.body.append("</span>")


def _visit_authority_words(self: HTML5Translator, node: authority_words) -> None:
    self.body.append('<q class="authority-words">')


def _depart_authority_words(self: HTML5Translator, node: authority_words) -> None:
    self.body.append("</q>")


def _visit_labelled_entry(self: HTML5Translator, node: labelled_entry) -> None:
    if not node.astext():
        node["classes"].append("blank")
    self.visit_entry(node)
    self.body[-1] = re.sub(
        "(?<=<t[dh])", f' data-label="{self.attval(node["label"])}"', self.body[-1], count=1
    )


def _depart_labelled_entry(self: HTML5Translator, node: labelled_entry) -> None:
    self.depart_entry(node)


def setup(app: Sphinx) -> None:
    app.add_node(labelled_entry, html=(_visit_labelled_entry, _depart_labelled_entry))
    app.add_node(glossary_entry, html=(_visit_glossary_entry, _depart_glossary_entry))
    app.add_node(entry_label, html=(_visit_entry_label, _depart_entry_label))
    app.add_node(authority_words, html=(_visit_authority_words, _depart_authority_words))
    app.add_node(folded, html=(_visit_folded, _depart_folded))
    app.add_node(printed_list, html=(_visit_printed_list, None))
    app.add_directive("data-table", DataTableDirective)
    app.add_directive("glossary-list", GlossaryDirective)
    app.add_directive("answers", AnswersDirective)
    app.add_directive("download-list", DownloadListDirective)
    app.add_directive("printed-list", PrintedListDirective)
    app.add_directive("tiles", TilesDirective)
    app.add_directive("tile", TileDirective)
