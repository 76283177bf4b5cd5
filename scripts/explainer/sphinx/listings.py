"""Tables on a page, taken from data/: one table, the glossary, or the list of all that can be downloaded."""

from __future__ import annotations

import re

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


class glossary_entry(nodes.General, nodes.Element):
    """One term: `id`, `term`, `basis`, `reference`; its children are the quotation and the explanation."""


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
        if words and field.source:
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
    """``{glossary-list}``: every term, where the source uses it, and what it means."""

    def run(self):
        places.hold(self.env, places.TERMS)
        result = []
        book = of(self.env.app)
        glossary = book.table(tables.GLOSSARY)
        self.env.note_dependency(str(glossary.path))
        if glossary.frame.empty:
            return [nodes.paragraph("", "这一版没有解释名词。")]
        for row in glossary.frame.itertuples():
            place = book.source.locate(row.quote, row.given or None)
            record_use(self.env, self.env.docname, place)
            result.append(
                glossary_entry(
                    "",
                    nodes.paragraph("", "", quoted_words(place, row.quote, marks=True)),
                    nodes.paragraph(row.explanation, row.explanation),
                    id=row.id, term=row.term, basis=row.basis, reference=row.reference,
                )
            )
        return result


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
    basis = node["basis"] if not node["reference"] else f"{node['basis']}（{node['reference']}）"
    self.body.append(f'<p class="basis">解释的依据：{self.encode(basis)}</p></section>\n')


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
    app.add_directive("data-table", DataTableDirective)
    app.add_directive("glossary-list", GlossaryDirective)
    app.add_directive("download-list", DownloadListDirective)
