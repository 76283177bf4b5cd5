"""Tables on a page, taken from data/: one table, the glossary, or the list of all that can be downloaded."""

from __future__ import annotations

import re
from collections.abc import Iterable

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

from .. import tables
from ..errors import EditorError
from ..project import of
from . import places
from .quotations import quoted_words, record_use, report

# Who explains a term, and from what: the words before its meaning.
MEANINGS = {
    "归纳原文": "编者归纳原文",
    "依据文件": "编者据文件解释",
    "字面": "编者照字面解释",
    "通行说法": "编者照通行说法解释",
}
# What a reader is told of documents that no official page was seen of.
COPIES = {"两处": "据转载", "一处": "只见到一处转载，不引原话"}


class glossary_entry(nodes.General, nodes.Element):
    """One term: `id`, `term`; its children are paragraphs, each with a label: quotation, meaning, authorities, record."""


class entry_label(nodes.Inline, nodes.TextElement):
    """What a paragraph of a glossary entry is."""


class authority_words(nodes.Inline, nodes.TextElement):
    """The words of another document than the source, to the letter."""


class labelled_entry(nodes.entry):
    """A cell that knows its column's name (`label`): on a phone each row is shown as a list, without blank cells."""


class DataTableDirective(SphinxDirective):
    """``{data-table} tasks`` shows a table; ``:columns:`` (Chinese headers) picks and orders its columns."""

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
        return [self._table(table, fields)]

    def _table(self, table: tables.Table, fields: tuple[tables.Field, ...]) -> nodes.table:
        body = nodes.tbody()
        for row in table.frame.to_dict("records"):
            body += nodes.row("", *(self._cell(field, row) for field in fields))
        head = nodes.row(
            "", *(nodes.entry("", nodes.paragraph(field.name, field.name)) for field in fields)
        )
        group = nodes.tgroup(
            "", *(nodes.colspec(colwidth=1) for _ in fields), nodes.thead("", head), body,
            cols=len(fields),
        )
        result = nodes.table("", nodes.title(table.title, table.title), group, classes=["data-table"])
        result["ids"] = [f"table-{self.env.new_serialno('data-table')}-{table.name}"]
        self.set_source_info(result)
        return result

    def _cell(self, field: tables.Field, row: dict) -> nodes.entry:
        value = row[field.alias]
        words = "" if value is None or str(value) == "<NA>" else str(value)
        paragraph = nodes.paragraph()
        if words and field.source not in (None, "authority"):
            here = field.source in ("quotation", "words")
            within = row["anchor"].removeprefix("s") if here else field.source
            place = of(self.env.app).source.find(words, within)[0]
            record_use(self.env, self.env.docname, place)
            paragraph += quoted_words(place, words)
        else:
            paragraph += nodes.Text(words)
        short = all(len(str(v)) <= 5 for v in [words, field.name])
        return labelled_entry("", paragraph, label=field.name, classes=["short"] if short else [])


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
                    report(EditorError(f"依据文件里没有编号“{id}”", glossary.path, remedy="照 data/authorities.csv 改正"), self.get_location())
            if row.record:
                entry += _labelled("查找记录", nodes.Text(row.record), classes=["record"])
            result.append(entry)
        return result


def _labelled(label: str, *parts: nodes.Node, classes: Iterable[str] = ()) -> nodes.paragraph:
    return nodes.paragraph("", "", entry_label("", f"{label}："), *parts, classes=list(classes))


def _authority(label: str, row) -> nodes.paragraph:
    """The document by its name, where in it, who issued it and when; its words where they may be quoted."""
    name = nodes.reference("", row.document, refuri=row.address, classes=["named"]) if row.address else nodes.Text(row.document)
    known = "，".join(filter(None, (row.issuer, row.number, row.date, row.later)))
    copies = COPIES.get(row.seen, "")
    about = f"{row.article}（{known}{'；' if copies else ''}{copies}）{'：' if row.words else '。'}"
    words = [authority_words(row.words, row.words)] if row.words else []
    return _labelled(label, name, nodes.Text(about), *words, classes=["authority"])


class DownloadListDirective(SphinxDirective):
    """``{download-list}``: the source, the tables' description, and each table with its columns and its CSV."""

    def run(self):
        book = of(self.env.app)
        result = [
            nodes.bullet_list(
                "",
                _item("原文全文（文本文件）", book.source_file.name),
                _item("全部表格的说明（Data Package 标准）", tables.PACKAGE),
            )
        ]
        for table in book.tables.values():
            self.env.note_dependency(str(table.path))
            if table.frame.empty:
                continue
            section = nodes.section(
                "", nodes.title(table.title, table.title), ids=[f"data-{table.name}"]
            )
            section += nodes.paragraph("", table.description)
            section += nodes.paragraph("", "下载：", _link(f"{table.path.name}（{len(table.frame)} 行）", table.path.name))
            section += nodes.bullet_list(
                "",
                *(
                    nodes.list_item("", nodes.paragraph("", f"{field.name}：{field.description}"))
                    for field in table.fields
                ),
                classes=["columns"],
            )
            result.append(section)
        return result


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
    self.body[-1] = re.sub("(?<=<t[dh])", f' data-label="{self.attval(node["label"])}"', self.body[-1], count=1)


def _depart_labelled_entry(self: HTML5Translator, node: labelled_entry) -> None:
    self.depart_entry(node)


def setup(app: Sphinx) -> None:
    app.add_node(labelled_entry, html=(_visit_labelled_entry, _depart_labelled_entry))
    app.add_node(glossary_entry, html=(_visit_glossary_entry, _depart_glossary_entry))
    app.add_node(entry_label, html=(_visit_entry_label, _depart_entry_label))
    app.add_node(authority_words, html=(_visit_authority_words, _depart_authority_words))
    app.add_directive("data-table", DataTableDirective)
    app.add_directive("glossary-list", GlossaryDirective)
    app.add_directive("download-list", DownloadListDirective)
