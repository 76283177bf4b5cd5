"""Tables: what stands in data/, and what a chapter shows of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

from ..errors import EditorError
from ..tables import PACKAGE, read_rows
from .book import Book
from .chapters import Chapter
from .rule import Rules

RULES = Rules("表格", blocks=True)
TIDY = Rules("表格的写法", blocks=False)

_EXCEL = re.compile(r"#(?:REF!|N/A|NAME\?|VALUE!|DIV/0!|NULL!|NUM!)|#{4,}|\d(?:\.\d+)?E\+\d+")


@RULES.book
def tables(book: Book) -> Iterator[EditorError]:
    """`data/` 里的表格合乎 `datapackage.json`：列、编号、行数、表与表的对应；引文与原文一字不差。

    图和页面都从表格里取字句。
    """
    yield from book.table_errors


@RULES.chapter
def shown_tables(chapter: Chapter, book: Book) -> Iterator[EditorError]:
    """`{data-table}` 写的表格和列，`data/` 里都有。"""
    for directive in chapter.directives:
        if directive.name == "data-table" and book.tables is not None:
            name = directive.arguments
            if name not in book.tables:
                near = get_close_matches(name, book.tables, 1, 0.6)
                remedy = f"写成 {{data-table}} {near[0]}" if near else f"可用的有 {'、'.join(book.tables)}"
                yield EditorError(f"没有名叫“{name}”的表格", line=directive.line, remedy=remedy)
                continue
            try:
                book.tables[name].columns(directive.options.get("columns", ""))
            except EditorError as error:
                error.line = directive.line
                yield error


@RULES.book
def listed_tables(book: Book) -> Iterator[EditorError]:
    """`data/` 里的每个 CSV 都登记在 `datapackage.json` 里。

    没有登记的表格没有人核对，也没有地方用到它。
    """
    try:
        package = json.loads((book.root / "data" / PACKAGE).read_text("utf-8-sig"))
        listed = {resource["path"] for resource in package["resources"]}
    except (OSError, ValueError, KeyError, TypeError):
        return  # the rule on tables has a word on that
    for path in sorted((book.root / "data").glob("*.csv")):
        if path.name not in listed and not path.name.startswith(("~$", ".")):
            yield EditorError("这个表格没有登记", path, 1, f"照别的表格在 data/{PACKAGE} 里写明各列；不用它，就删去")


@RULES.book
def excel_traces(book: Book) -> Iterator[EditorError]:
    """单元格里没有 Excel 算错或显示不下时留下的 `#REF!`、`#####`、`1.2E+10`。"""
    for path in sorted((book.root / "data").glob("*.csv")):
        for line, row in _rows(path):
            for cell in row:
                if _EXCEL.fullmatch(cell.strip()):
                    yield EditorError(
                        f"单元格里是“{cell.strip()}”，不是内容", path, line, "在 Excel 里把这一列设为“文本”格式，重新填写这一格"
                    )


@TIDY.book
def full_width_numbers(book: Book) -> Iterator[EditorError]:
    """数字列用半角数字。

    全角数字看着一样，排序和查找时却是别的字。
    """
    for table in (book.tables or {}).values():
        columns = [n for n, field in enumerate(table.fields) if field.type == "integer"]
        for line, row in _rows(table.path):
            for cell in (row[n] for n in columns if n < len(row)):
                if re.search("[０-９]", cell):
                    narrow = cell.translate({ord("０") + n: str(n) for n in range(10)})
                    error = EditorError(f"数字列里用了全角数字“{cell}”", table.path, line, f"写成“{narrow}”")
                    error.fixable = True
                    yield error


def _rows(path: Path) -> list[tuple[int, list[str]]]:
    try:
        return read_rows(path)
    except (EditorError, OSError):
        return []  # the rule on tables has a word on that
