"""Tables: what stands in data/, and what a chapter shows of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

from ..errors import EditorError
from ..settings import own_files
from ..tables import PACKAGE, read_rows
from .book import Book
from .chapters import Chapter
from .rule import Rules

RULES = Rules("表格", blocks=True)
TIDY = Rules("表格的写法", blocks=False)

# What Excel makes of 2021-12, 3-5, 2021-2025 or 1.10, in a column of words.
_MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_EXCEL_DATE = re.compile(
    rf"{_MONTH}-\d\d|\d{{1,2}}-{_MONTH}(?:-\d\d)?|\d{{1,2}}月\d{{1,2}}日|\d{{4}}年\d{{1,2}}月|\d{{4}}[/-]\d{{1,2}}[/-]\d{{1,2}}(?: \d\d?:\d\d(?::\d\d)?)?|-\d+|\d+\.\d+|[34]\d{{4}}|TRUE|FALSE"
)
_EXCEL = re.compile(r"#(?:REF!|N/A|NAME\?|VALUE!|DIV/0!|NULL!|NUM!)|#{4,}|\d(?:\.\d+)?E\+\d+")


@RULES.book
def tables(book: Book) -> Iterator[EditorError]:
    """`data/` 里的表格合乎 `datapackage.json`：列、编号、行数、表与表的对应；引文与原文一字不差。

    图和页面都从表格里取字句。
    """
    for error in book.table_errors:
        if error.file and Path(error.file).stem == "oddities" and "没有这些字" in error.message:
            error.message += "：底本换过以后，这条注就不对了"
            error.remedy = (
                f"底本已经改正的，删去这一行；没有改正，就照底本写（{error.remedy}）"
                if "这一行" not in (error.remedy or "")
                else error.remedy
            )
        yield error


@RULES.chapter
def shown_tables(chapter: Chapter, book: Book) -> Iterator[EditorError]:
    """`{data-table}`、`{tile}`、`{answers}` 写的表格和列，`data/` 里都有。"""
    for directive in chapter.directives:
        if directive.name in ("data-table", "tile", "answers") and book.tables is not None:
            name = directive.arguments
            if name not in book.tables:
                near = get_close_matches(name, book.tables, 1, 0.6)
                remedy = (
                    f"写成 {{{directive.name}}} {near[0]}"
                    if near
                    else f"可用的有 {'、'.join(book.tables)}"
                )
                yield EditorError(f"没有名叫“{name}”的表格", line=directive.line, remedy=remedy)
                continue
            try:
                for option in ("columns", "by"):
                    book.tables[name].columns(directive.options.get(option, ""))
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
    for path in own_files(book.root / "data", "*.csv"):
        if path.name not in listed:
            yield EditorError(
                "这个表格没有登记",
                path,
                1,
                f"照别的表格在 data/{PACKAGE} 里写明各列；不用它，就删去",
            )


@RULES.book
def excel_traces(book: Book) -> Iterator[EditorError]:
    """单元格里没有 Excel 算错、显示不下、自己改成日期时留下的 `#REF!`、`#####`、`1.2E+10`、`Dec-21`、`3月5日`。"""
    remedy = "在 Excel 里把这一列设为“文本”格式，重新填写这一格"
    for path in own_files(book.root / "data", "*.csv"):
        words = _columns_of_words(book, path)
        for line, row in _rows(path):
            for number, cell in enumerate(map(str.strip, row)):
                if _EXCEL.fullmatch(cell):
                    yield EditorError(f"单元格里是“{cell}”，不是内容", path, line, remedy)
                elif (
                    number in words
                    and _EXCEL_DATE.fullmatch(cell)
                    and not (book.source and book.source.find(cell))
                ):
                    yield EditorError(
                        f"单元格里是“{cell}”，多半是 Excel 自己改的", path, line, remedy
                    )


def _columns_of_words(book: Book, path: Path) -> set[int]:
    """The columns that hold words, whatever else is wrong with the table; ids have a form of their own."""
    for resource in _resources(book):
        if resource.get("path") == path.name:
            fields = resource["schema"]["fields"]
            return {
                n
                for n, field in enumerate(fields)
                if field["type"] == "string" and "pattern" not in field.get("constraints", {})
            }
    return set()


def _resources(book: Book) -> list[dict]:
    try:
        resources = json.loads((book.root / "data" / PACKAGE).read_text("utf-8-sig"))["resources"]
        return [
            resource
            for resource in resources
            if all(field["type"] for field in resource["schema"]["fields"])
        ]
    except (OSError, ValueError, KeyError, TypeError):
        return []  # the rule on tables has a word on that


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
                    error = EditorError(
                        f"数字列里用了全角数字“{cell}”", table.path, line, f"写成“{narrow}”"
                    )
                    error.fixable = True
                    yield error


def _rows(path: Path) -> list[tuple[int, list[str]]]:
    try:
        return read_rows(path)
    except (EditorError, OSError):
        return []  # the rule on tables has a word on that
