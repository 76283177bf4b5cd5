"""The tables: data/*.csv as typed pandas frames, each row tied to a sentence of the source.

`data/datapackage.json` (Data Package standard) says what each column means, its type and its
constraints; frictionless checks them. Some properties are this project's own: a field's `alias` (its
name in code; the header that staff see is Chinese), a field's `source` ("quotation": the words of the
source that the row rests on; "words": taken from that quotation; an id such as "3.3.2": taken from that
sentence; "citations": any number of quotations, in a table whose rows have no single one; "authority": another
document, in a table that does not quote the source), a resource's
`either` (the columns of which each row has to fill one or more), `rows` (how many the source gives), `ordered` (its numbers follow the source's order), `sequence` (the columns
whose words stand in this order in the quotation), a foreign key's `within` (the quotation is taken from that of the row
it names: "quotation", or from its "paragraph") and `same` (a column that has the same words in the row it names), and a
field's `stated` (what must stand in the quotation where the row says that it is the source's: 依据 is 原文).
"""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import pandas as pd

from .errors import EditorError, EditorErrors
from .text import Place, QuotationError, SourceText, encoding_of

PACKAGE = "datapackage.json"
# The tables that the program itself asks for; all others are the book's.
GLOSSARY, AUTHORITIES, ODDITIES, USAGE = "glossary", "authorities", "oddities", "usage"
CITATIONS = "citations"
SOURCES = "原文"  # what a row says where it is the source that says so
_SAVE_AS_UTF8 = "在 Excel 或 WPS 里选“另存为”，类型选“CSV UTF-8（逗号分隔）”；记事本则在“另存为”时把编码选为 UTF-8"
_SORT_WHOLE = "从仓库历史里恢复这个表格；排序时先选中整张表，不要只选一列"
BOM = "\ufeff"
_ID = re.compile(r"[\d.()]+")
_ONE_OF = re.compile("'([^']+)'")  # the values that frictionless says are allowed
# What Excel puts between columns in place of commas, and what it is called.
SEPARATORS = {";": "分号", "\t": "制表符", "|": "竖线", "；": "全角分号", "，": "全角逗号"}
MENDED = ";\t|"  # those that stand for a comma whatever the words are


@dataclass(frozen=True)
class Field:
    """A column: its Chinese header, its name in code, and its tie to the source."""

    name: str
    alias: str
    type: str
    description: str
    source: str | None
    optional: bool = False  # whether it may be left empty


@dataclass(frozen=True)
class Table:
    """A table as the book uses it.

    `frame` has one column per field under its alias (integers as Int64, text as str, empty = "") and
    two more where the table quotes the source: `source`, the id of the smallest unit around the row's quotation, as
    readers see it, and `anchor`, its name in links.
    """

    name: str
    title: str
    description: str
    path: Path
    fields: tuple[Field, ...]
    frame: pd.DataFrame
    lines: tuple[int, ...]  # on which each row begins

    def columns(self, headers: str = "") -> tuple[Field, ...]:
        """The fields with these Chinese headers (`编号、名称`), else all that readers need. Raises EditorError."""
        wanted = headers.replace("、", " ").split()
        known = {field.name: field for field in self.fields}
        for header in wanted:
            if header not in known:
                raise EditorError(
                    f"表格“{self.name}”没有“{header}”这一列", remedy=f"可用的有 {'、'.join(known)}"
                )
        if wanted:
            return tuple(known[header] for header in wanted)
        return tuple(field for field in self.fields if field.alias != "given")


@dataclass(frozen=True)
class _Raw:
    """A CSV file as read: header, rows of cells, and the line on which each row begins."""

    path: Path
    header: list[str]
    rows: list[list[str]]
    lines: list[int]


def load(data: Path, text: SourceText, *, well_formed: bool = False) -> dict[str, Table]:
    """All tables by name, checked; their form is not asked again when they are known to be `well_formed`.

    Raises EditorErrors with every finding (file, line, remedy), or EditorError when the description of
    the tables itself cannot be read.
    """
    descriptor = _descriptor(data)
    raws: dict[str, _Raw] = {}
    errors: list[EditorError] = []
    for resource in descriptor["resources"]:
        try:
            raws[resource["name"]] = _read_csv(data / resource["path"])
        except EditorError as error:
            errors.append(error)
    if errors:
        raise EditorErrors(errors)
    errors = [] if well_formed else _structure_errors(descriptor, raws)
    if errors:
        raise EditorErrors(errors)
    tables: dict[str, Table] = {}
    for resource in descriptor["resources"]:
        table, found = _table(resource, raws[resource["name"]], text)
        tables[table.name] = table
        errors.extend(found or _order_errors(resource, table, text))
    if not errors:
        errors = [
            error
            for resource in descriptor["resources"]
            for error in _origin_errors(resource, tables, text)
        ]
    if errors:
        raise EditorErrors(errors)
    return tables


def authorities_of(row: Any) -> list[str]:
    """The ids of the documents that a row of the glossary rests on."""
    return row.authorities.split("、") if row.authorities else []


def citations(cell: str, text: SourceText) -> list[tuple[str, Place]]:
    """The quotations that a cell names, each with its place: `2.4.2(6)｜some words｜words <2.3.1>`. Raises QuotationError."""
    pieces = filter(None, map(str.strip, re.split(r"[｜|\n]", cell)))
    return [_cited(piece, text) for piece in pieces]


def _cited(piece: str, text: SourceText) -> tuple[str, Place]:
    if not _ID.fullmatch(piece):
        return text.cited(piece)
    place = text.transcluded(piece)
    return place.unit.text, place


def csv_bytes(frame: pd.DataFrame) -> bytes:
    """A frame as staff and readers download it: UTF-8 with BOM, CRLF, so that Excel opens it."""
    words: str = frame.to_csv(index=False, lineterminator="\r\n")
    return (BOM + words).encode("utf-8")


def to_csv(table: Table) -> bytes:
    """A table with its Chinese headers and, last, the sentence of the source that each row rests on (出处)."""
    headers = {field.alias: field.name for field in table.fields} | {"source": "出处"}
    return csv_bytes(table.frame.drop(columns="anchor", errors="ignore").rename(columns=headers))


def _descriptor(data: Path) -> dict[str, Any]:
    path = data / PACKAGE
    try:
        descriptor = json.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError:
        raise EditorError("缺少这个文件", file=path, remedy="从仓库历史里恢复它") from None
    except UnicodeDecodeError:
        raise EditorError(
            "文件不是 UTF-8 编码", file=path, remedy="在编辑器里另存为 UTF-8"
        ) from None
    except json.JSONDecodeError as error:
        raise EditorError(
            f"不是正确的 JSON（第 {error.colno} 列附近）",
            file=path,
            line=error.lineno,
            remedy="检查这一行和上一行的逗号、引号和括号",
        ) from None
    if fault := _descriptor_fault(descriptor):
        raise EditorError(fault, file=path, remedy="对照仓库历史里的上一版改正")
    found: dict[str, Any] = descriptor
    return found


def _descriptor_fault(descriptor: object) -> str | None:
    """What is missing for this project in a description that is proper JSON."""
    if not isinstance(descriptor, dict) or not isinstance(descriptor.get("resources"), list):
        return "缺少“resources”，也就是表格的清单"
    for resource in descriptor["resources"]:
        if not isinstance(resource, dict):
            return "“resources”里的每一项应是一个表格的说明"
        for key in ("name", "path", "title", "description", "schema"):
            if key not in resource:
                return f"有一个表格缺少“{key}”：{resource.get('name', '')}"
        fields = resource["schema"].get("fields") if isinstance(resource["schema"], dict) else None
        if not isinstance(resource["path"], str):
            return f"表格“{resource['name']}”的“path”应是文件名"
        if not isinstance(fields, list) or not all(isinstance(field, dict) for field in fields):
            return f"表格“{resource['name']}”缺少“fields”，也就是各列的说明"
        for field in fields:
            if not {"name", "alias", "type", "description"} <= set(field):
                return f"表格“{resource['name']}”的“{field.get('name', '')}”列缺少 name、alias、type 或 description"
            if field["type"] not in ("integer", "string"):
                return (
                    f"表格“{resource['name']}”的“{field['name']}”列的 type 只能是 integer 或 string"
                )
        sources = [field.get("source") for field in fields]
        if sources.count("quotation") != (not {"authority", CITATIONS} & {*sources}):
            return f"表格“{resource['name']}”应有一列、而且只有一列的 source 是“quotation”；引用别的文件的表没有这一列，一行引几处的表用“{CITATIONS}”"
    return None


def read_rows(path: Path) -> list[tuple[int, list[str]]]:
    """The rows of a CSV file as they stand, each with the line on which it begins. Raises EditorError."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise EditorError("缺少这个表格", file=path, remedy="从仓库历史里恢复它") from None
    if other := _other_file(raw):
        raise EditorError(f"这其实是{other[0]}，只是名字写成了 .csv", file=path, remedy=other[1])
    encoding = encoding_of(raw)
    if encoding != "utf-8-sig":
        raise _wrongly_saved(path, raw, encoding)
    reader = csv.reader(io.StringIO(raw.decode(encoding), newline=""), strict=True)
    rows, begin = [], 1
    try:
        for row in reader:
            rows.append((begin, row))
            begin = reader.line_num + 1
    except csv.Error:
        raise EditorError(
            "引号没有配对，从这一行起读不下去",
            file=path,
            line=begin,
            remedy="单元格里的半角双引号要写成两个",
        ) from None
    return rows


def _other_file(raw: bytes) -> tuple[str, str] | None:
    """What a file is that only bears the name of a CSV, and how to make one of it."""
    open_it = "把后缀改回 {}，用 Excel 或 WPS 打开，" + _SAVE_AS_UTF8.partition("；")[0].replace(
        "在 Excel 或 WPS 里选", "选"
    )
    if raw.startswith(b"PK") and b"Index/" in raw[:4096]:
        return (
            " Numbers 的文件",
            "把后缀改回 .numbers，用 Numbers 打开，在“文件”里选“导出为、CSV”，编码选 UTF-8",
        )
    if raw.startswith(b"PK"):
        return " Excel 或 WPS 的文件", open_it.format(".xlsx")
    if raw.startswith(b"\xd0\xcf\x11\xe0"):
        return "老版本 Excel 的文件", open_it.format(".xls")
    if raw.startswith(b"%PDF"):
        return " PDF 文件", "从仓库历史里恢复这个表格，把要改的内容填进去"
    if re.match(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|table|\?xml)", raw, re.I):
        return "网页", open_it.format(".html")
    return None


def _wrongly_saved(path: Path, raw: bytes, encoding: str | None) -> EditorError:
    line = next(
        (n for n, row in enumerate(raw.split(b"\n"), 1) if encoding_of(row) != "utf-8-sig"), 1
    )
    if encoding is None:
        return EditorError(
            "这一行里有坏掉的字，读不出来",
            path,
            line,
            "重新输入这一行，存成 UTF-8；或从仓库历史里恢复这个文件",
        )
    if encoding == "utf-16":
        error = EditorError("这个表格存成了“Unicode 文本”（UTF-16）", path, 1, _SAVE_AS_UTF8)
    else:
        error = EditorError("这个表格存成了 GBK 编码", path, line, _SAVE_AS_UTF8)
    error.fixable = True
    return error


def _read_csv(path: Path) -> _Raw:
    # A Chinese input method gives full-width digits; as numbers they are the same.
    rows = [(line, [_half_width(cell.strip()) for cell in row]) for line, row in read_rows(path)]
    # Excel leaves empty rows and columns behind; they say nothing, so they may stay.
    rows = [(line, row) for line, row in rows if any(row)]
    if not rows:
        raise EditorError("这个表格是空的", file=path, line=1, remedy="从仓库历史里恢复它")
    width = len(rows[0][1])
    while not any(row[width - 1] for _, row in rows if len(row) >= width):
        width -= 1
    if width < len(rows[0][1]):
        rows = [(line, row[:width]) for line, row in rows]
    header = rows[0][1]
    if re.match("sep=", header[0]):
        raise EditorError(
            "第一行“sep=”是 Excel 用的记号，不是表头",
            path,
            rows[0][0],
            "删去这一行，让表头成为第一行",
        )
    for separator, name in SEPARATORS.items():
        if len(header) == 1 and separator in header[0]:
            error = EditorError(
                f"各列之间用的是{name}，应当用半角逗号", path, rows[0][0], _SAVE_AS_UTF8
            )
            error.fixable = separator in MENDED
            raise error
    return _Raw(path, header, [row for _, row in rows[1:]], [line for line, _ in rows])


def _half_width(cell: str) -> str:
    narrow = unicodedata.normalize("NFKC", cell)
    return narrow if narrow.isascii() and narrow.isdigit() else cell


def _structure_errors(descriptor: dict[str, Any], raws: dict[str, _Raw]) -> list[EditorError]:
    # A third of a second to import; `book.py --help` and the like need not pay for it.
    from frictionless import FrictionlessException, Package, Resource, Schema

    try:
        package = Package(
            resources=[
                Resource(
                    name=resource["name"],
                    data=[raws[resource["name"]].header, *raws[resource["name"]].rows],
                    schema=Schema.from_descriptor(resource["schema"]),
                )
                for resource in descriptor["resources"]
            ]
        )
        tasks = package.validate().tasks
    except (
        FrictionlessException,
        TypeError,
        ValueError,
        KeyError,
    ) as error:  # it trusts what a constraint holds
        path = next(iter(raws.values())).path.with_name(PACKAGE)
        words = str(error.error.message if isinstance(error, FrictionlessException) else error)
        field = next(
            (
                f["name"]
                for r in descriptor["resources"]
                for f in r["schema"]["fields"]
                if f"{f['name']}" in words
            ),
            "",
        )
        about = f"，在“{field}”那一列" if field else ""
        return [
            EditorError(
                f"表格的说明写得不对{about}",
                path,
                remedy="对照仓库历史里的上一版改正，看各列的 type 和 constraints",
            )
        ]
    errors = []
    # What refers to a table that has not its rows or their numbers finds none there: that is said of the table.
    lacking = {
        resource["name"]
        for resource, task in zip(descriptor["resources"], tasks)
        if _fewer_rows(resource, raws[resource["name"]])
        or any(fault.type != "foreign-key" for fault in task.errors)
    }
    for resource, task in zip(descriptor["resources"], tasks):
        raw = raws[task.name]
        # A wrong header makes every row wrong; it is enough to say it once.
        fields = resource["schema"]["fields"]
        short = _fewer_rows(resource, raw)
        of_header = _header_errors([field["name"] for field in fields], raw)
        if of_header:
            errors.extend(of_header)
            continue
        of_rows = _row_errors(fields, raw)
        spoilt = {error.line for error in of_rows}
        for fault in task.errors:
            found = _in_chinese(fault, raw)
            named = next(
                (
                    r["name"]
                    for r in descriptor["resources"]
                    if fault.type == "foreign-key" and r["name"] == fault.reference_name
                ),
                None,
            )
            if found.line not in spoilt and named not in lacking:
                errors.append(found)
                of_numbers = ("unique-error", "primary-key", "type-error")
                spoilt |= {found.line} if fault.type in of_numbers else set()
        errors.extend(of_rows)
        errors.extend(short)
    return errors


def _fewer_rows(resource: dict[str, Any], raw: _Raw) -> list[EditorError]:
    """Whether the table has as many rows as the source gives; a row that stands twice is another fault."""
    expected = resource.get("rows")
    if (
        expected is None
        or len(raw.rows) == expected
        or len(raw.rows) > len({tuple(row) for row in raw.rows}) == expected
    ):
        return []
    numbers = [row[0] for row in raw.rows]
    lacking = (
        [str(number) for number in range(1, expected + 1) if str(number) not in numbers]
        if all(map(str.isdecimal, numbers))
        else []
    )
    line = raw.lines[-1]
    remedy = f"按原文补足或删去；原文确有变动时，改 {PACKAGE} 里的“rows”"
    if len(lacking) == expected - len(raw.rows) > 0:
        line = raw.lines[
            next(
                (n for n, number in enumerate(numbers) if int(number) > int(lacking[0])),
                len(numbers) - 1,
            )
            + 1
        ]
        remedy = f"从仓库历史里恢复编号 {'、'.join(lacking)} 的那一行；原文确有变动时，改 {PACKAGE} 里的“rows”"
    return [EditorError(f"应有 {expected} 行，现有 {len(raw.rows)} 行", raw.path, line, remedy)]


def _row_errors(fields: list[dict[str, Any]], raw: _Raw) -> list[EditorError]:
    """Rows that stand twice or have not the cells of the header: whatever else is wrong with them comes from that."""
    errors: list[EditorError] = []
    seen: dict[tuple[str, ...], int] = {}
    for row, line in zip(raw.rows, raw.lines[1:]):
        if tuple(row) in seen:
            errors.append(
                EditorError(
                    f"这一行与第 {seen[tuple(row)]} 行一模一样", raw.path, line, "删去这一行"
                )
            )
        elif len(row) < len(fields):
            pieces = re.split("[，,]", ",".join(row))
            message = f"表头有 {len(fields)} 格，这一行只有 {len(row)} 格"
            remedy = "补上缺少的逗号和内容，或从仓库历史里恢复这一行"
            if "，" in "".join(row) and len(pieces) == len(fields):
                message, remedy = "这一行各格之间用的是全角逗号", f"写成“{','.join(pieces)}”"
            elif len(row) == len(fields) - 1 and (whole := _filled(fields, row)):
                remedy = f"写成“{','.join(whole)}”"
            errors.append(EditorError(message, raw.path, line, remedy))
        seen.setdefault(tuple(row), line)
    return errors


def _filled(fields: list[dict[str, Any]], row: list[str]) -> list[str] | None:
    """The row with an empty cell where one is missing; None where no place for it makes sense of the others."""
    for place, field in enumerate(fields):
        whole = [*row[:place], "", *row[place:]]
        quotation = next(
            (cell for cell, other in zip(whole, fields) if other.get("source") == "quotation"), ""
        )
        if not field.get("constraints", {}).get("required") and all(
            (cell or not other.get("constraints", {}).get("required"))
            and (other["type"] != "integer" or not cell or cell.isdecimal())
            and (other.get("source") != "words" or cell in quotation)
            for cell, other in zip(whole, fields)
        ):
            return whole
    return None


def _header_errors(names: list[str], raw: _Raw) -> list[EditorError]:
    """What is wrong with the header, by what is missing and what is there instead."""
    right = f"写成“{','.join(names)}”"
    missing = [name for name in names if name not in raw.header]
    extra = [label for label in raw.header if label not in names]
    faults = [f"表头里“{label}”出现了两次" for label in names if raw.header.count(label) > 1]
    if faults:
        pass
    elif len(missing) == len(extra) == sum(a != b for a, b in zip(names, raw.header)) and all(
        extra
    ):
        faults += [f"表头里的“{label}”应为“{name}”" for label, name in zip(extra, missing)]
    else:
        faults += [f"表头缺少一列“{name}”" for name in missing]
        faults += [f"表头多了一列“{label}”" if label else "表头有一格是空的" for label in extra]
    if not faults and raw.header != names:
        faults = ["表头各列的次序不对"]
    return (
        [EditorError("；".join(faults), raw.path, raw.lines[0], f"第一行{right}")] if faults else []
    )


def _in_chinese(error: Any, raw: _Raw) -> EditorError:
    """What frictionless found, as a finding for an editor (`error` is a frictionless Error)."""
    row_number = getattr(error, "row_number", None)
    line = raw.lines[row_number - 1] if row_number else 1
    column = getattr(error, "field_name", None) or ""
    cell = getattr(error, "cell", None)
    constraint = error.note.split('"')[1] if '"' in error.note else ""
    message, remedy = {
        "extra-cell": (
            "这一行的格子比表头多",
            "多半是字里用了半角逗号；改成全角“，”，或给整格加半角双引号",
        ),
        "missing-cell": (f"这一行缺少“{column}”这一格", "补上缺少的逗号和内容"),
        "type-error": (f"“{column}”列应是数字，这里写的是“{cell}”", "写半角数字，如 1、2、3"),
        "primary-key": ("这一行的编号与别的行重复", "每一行用不同的编号"),
        "unique-error": (f"“{column}”列的“{cell}”与别的行重复", "每一行各不相同"),
        "foreign-key": (
            f"{'、'.join(getattr(error, 'field_names', []))}写的“{'、'.join(map(str, getattr(error, 'field_cells', [])))}”，这个编号在所指的表里找不到",
            "改成那个表里有的编号",
        ),
        "constraint-error": {
            "required": (f"“{column}”是空的", "这一列必须填写"),
            "enum": (
                f"“{column}”列不能写“{cell}”",
                f"只能写“{'”或“'.join(_ONE_OF.findall(error.note))}”",
            ),
            "pattern": (
                f"“{column}”列的“{cell}”写法不对",
                "句子编号写成 2.3.1 的样子；Excel 会把它改成日期，先把这一列设为“文本”格式"
                if column == "句子编号"
                else "只用小写字母、数字和连字符，例如 chanye-lian",
            ),
            "unique": (f"“{column}”列的“{cell}”与别的行重复", "每一行各不相同"),
        }.get(
            constraint.split(" ")[0],
            (f"“{column}”列的“{cell}”不合规定", "规定见 datapackage.json 里这一列的 constraints"),
        ),
    }.get(error.type, ("这一行与表格的说明不符", "对照 datapackage.json 里的说明改正"))
    return EditorError(message, file=raw.path, line=line, remedy=remedy)


def _table(
    resource: dict[str, Any], raw: _Raw, text: SourceText
) -> tuple[Table, list[EditorError]]:
    fields = tuple(
        Field(
            f["name"],
            f["alias"],
            f["type"],
            f.get("description", ""),
            f.get("source"),
            not f.get("constraints", {}).get("required"),
        )
        for f in resource["schema"]["fields"]
    )
    frame = pd.DataFrame(raw.rows, columns=[field.alias for field in fields], dtype=str)
    for field in fields:
        if field.type == "integer":
            frame[field.alias] = pd.to_numeric(frame[field.alias].replace("", None)).astype("Int64")
    quotation = _quotation(fields)
    if quotation is None:
        table = Table(
            resource["name"],
            resource["title"],
            resource["description"],
            raw.path,
            fields,
            frame,
            tuple(raw.lines[1:]),
        )
        return table, list(_citation_errors(resource, table, text))
    sources, anchors, errors = [], [], []
    rows = frame.to_dict("records")
    moved = _moved_columns(fields, quotation, rows)
    if moved:  # one mistake, and every row is wrong
        first = next(
            n for n, row in enumerate(rows) if row[moved[0].alias] not in row[quotation.alias]
        )
        column = moved[0].name if len(moved) == 1 else quotation.name
        errors.append(
            EditorError(
                f"“{column}”这一列与别的列错开了，多半单独排过序",
                raw.path,
                raw.lines[1 + first],
                _SORT_WHOLE,
            )
        )
    for row, line in zip(rows, raw.lines[1:]):
        try:
            place = text.locate(row[quotation.alias], row.get("given") or None)
            for field in fields:
                if field not in moved:
                    _check_words(field, row, quotation, text)
            if not moved:
                _check_sequence(resource, fields, row, quotation)
                _check_stated(resource, row, row[quotation.alias])
        except QuotationError as error:
            _name_other_cells(error, fields, row, quotation, text)
            error.file, error.line = raw.path, line
            errors.append(error)
            place = None
        sources.append(place.shown if place else "")
        anchors.append(place.unit.anchor if place else "")
    frame = frame.assign(source=sources, anchor=anchors)
    table = Table(
        resource["name"],
        resource["title"],
        resource["description"],
        raw.path,
        fields,
        frame,
        tuple(raw.lines[1:]),
    )
    return table, errors


def _quotation(fields: tuple[Field, ...]) -> Field | None:
    """The column that quotes the source; None where a table quotes other documents."""
    return next((field for field in fields if field.source == "quotation"), None)


def _check_words(field: Field, row: dict[str, Any], quotation: Field, text: SourceText) -> None:
    words = row[field.alias]
    if not words or field.source in (None, "quotation"):
        return
    if field.source == "words":
        if words not in row[quotation.alias]:
            near = _nearest_in(row[quotation.alias], words)
            remedy = (
                f"写成“{near}”"
                if near
                else f"从引文里取要的那几个字，一字不差；引文是“{row[quotation.alias]}”"
            )
            remedy += "；原文没有写，就空着" if field.optional else ""
            raise QuotationError(f"“{field.name}”列的“{words}”不在同一行的引文里", remedy=remedy)
    else:
        text.locate(words, field.source)


def _nearest_in(quotation: str, words: str) -> str:
    """The piece of a quotation that these words were meant for; empty where none is like them."""
    blocks = [
        block
        for block in SequenceMatcher(None, quotation, words, autojunk=False).get_matching_blocks()
        if block.size
    ]
    if not blocks:
        return ""
    first, last = blocks[0], blocks[-1]
    near = quotation[max(0, first.a - first.b) : last.a + len(words) - last.b]
    return near if SequenceMatcher(None, near, words, autojunk=False).ratio() >= 0.7 else ""


def _citation_errors(
    resource: dict[str, Any], table: Table, text: SourceText
) -> Iterator[EditorError]:
    """What is wrong with rows that may quote the source several times, or say that it has nothing to quote."""
    columns = [field for field in table.fields if field.source == CITATIONS]
    aliases = {field.name: field.alias for field in table.fields}
    either = [name for name in resource.get("either", ()) if name in aliases]
    for row, line in zip(table.frame.to_dict("records"), table.lines):
        try:
            cited = [words for field in columns for words, _ in citations(row[field.alias], text)]
            _check_stated(resource, row, "\n".join(cited))
        except QuotationError as error:
            error.file, error.line = table.path, line
            yield error
            continue
        if either and not any(row[aliases[name]] for name in either):
            yield EditorError(
                f"{'、'.join(f'“{name}”' for name in either)}都是空的",
                table.path,
                line,
                "至少填一格：原文有的，引原文；原文没有的，写明没有什么",
            )


def _check_stated(resource: dict[str, Any], row: dict[str, Any], quotation: str) -> None:
    """Raises QuotationError where a row says that something is the source's and its quotation has no such words."""
    fields = {field["name"]: field for field in resource["schema"]["fields"]}
    for field in fields.values():
        basis = fields.get(field.get("stated", ""))
        if basis and row[basis["alias"]] == SOURCES and row[field["alias"]] not in quotation:
            others = [
                value for value in basis.get("constraints", {}).get("enum", ()) if value != SOURCES
            ]
            raise QuotationError(
                f"“{basis['name']}”写的是“{SOURCES}”，引文里却没有“{field['name']}”写的这些字",
                remedy=f"“{basis['name']}”写“{'”或“'.join(others)}”；真是原文说的，就引那一句",
            )


def _name_other_cells(
    error: QuotationError,
    fields: tuple[Field, ...],
    row: dict[str, Any],
    quotation: Field,
    text: SourceText,
) -> None:
    """Adds to the remedy for a misquotation the other cells of its row that have the same mistake."""
    right = text.nearest(row[quotation.alias]) if not text.find(row[quotation.alias]) else ""
    cells = [
        field.name
        for field in fields
        if field.source == "words" and row[field.alias] and row[field.alias] not in right
    ]
    if right and cells:
        error.remedy = f"{error.remedy}；“{'”“'.join(cells)}”里的同一处也照着改"


def _moved_columns(
    fields: tuple[Field, ...], quotation: Field, rows: list[dict[str, Any]]
) -> list[Field]:
    """The columns in which several cells fit not their own row's quotation but another's."""
    moved = []
    for field in fields:
        if field.source == "words":
            strangers = [
                row[field.alias] for row in rows if row[field.alias] not in row[quotation.alias]
            ]
            if len(strangers) > 1 and all(
                any(words in row[quotation.alias] for row in rows) for words in strangers
            ):
                moved.append(field)
    return moved


def _check_sequence(
    resource: dict[str, Any], fields: tuple[Field, ...], row: dict[str, Any], quotation: Field
) -> None:
    """Raises QuotationError where the words of some columns stand in another order than in the quotation."""
    known = {field.name: field for field in fields}
    columns = [
        known[name]
        for name in resource.get("sequence", ())
        if name in known and row[known[name].alias]
    ]
    words = [row[field.alias] for field in columns]
    if _in_sequence(words, row[quotation.alias]):
        return
    for a in range(len(words)):
        for b in range(a + 1, len(words)):
            swapped = list(words)
            swapped[a], swapped[b] = words[b], words[a]
            if _in_sequence(swapped, row[quotation.alias]):
                raise QuotationError(
                    f"“{columns[a].name}”和“{columns[b].name}”两格对调了，与引文里的次序不符",
                    remedy=f"“{columns[a].name}”写“{words[b]}”，“{columns[b].name}”写“{words[a]}”",
                )
    raise QuotationError(
        "各格的字在引文里的次序不对",
        remedy=f"按引文的次序填写{'、'.join(field.name for field in columns)}",
    )


def _in_sequence(words: list[str], quotation: str) -> bool:
    at = 0
    for word in words:
        begin = quotation.find(word, at)
        if begin < 0:
            return False
        at = begin + len(word)
    return True


def _order_errors(resource: dict[str, Any], table: Table, text: SourceText) -> list[EditorError]:
    """What in the order of the rows contradicts their numbers, or the order of the source: the first such row."""
    quotation = _quotation(table.fields)
    if quotation is None or not resource.get("ordered"):
        return []
    paragraphs = list(text.paragraphs)
    before: tuple[int, tuple[int, int]] | None = None
    for row, line in zip(table.frame.to_dict("records"), table.lines):
        number = row[table.fields[0].alias]
        place = text.locate(row[quotation.alias], row.get("given") or None)
        here = (paragraphs.index(place.paragraph.id), place.start)
        if before and number < before[0]:
            return [
                EditorError(
                    f"编号 {number} 排在编号 {before[0]} 后面",
                    table.path,
                    line,
                    "按编号从小到大排，排序时选中整张表",
                )
            ]
        if before and here < before[1]:
            remedy = f"原文先说这一行：按原文的次序排，编号跟着改；编号 {before[0]} 和 {number} 多半对调了"
            return [
                EditorError(
                    f"编号 {number} 的引文，原文里在编号 {before[0]} 的前面",
                    table.path,
                    line,
                    remedy,
                )
            ]
        before = (number, here)
    return list(_unordered_words(table, text))


def _unordered_words(table: Table, text: SourceText) -> Iterator[EditorError]:
    """The first cell that stands before the one above it, where a column takes its words from one sentence in order."""
    for field in table.fields:
        if field.source is None or not text.has(field.source):
            continue
        sentence = text.unit(field.source).text
        cells = list(table.frame[field.alias])
        right = sorted(cells, key=sentence.find)
        for cell, meant, line in zip(cells, right, table.lines):
            if cell and cell != meant:
                remedy = f"“{field.name}”写“{meant}”；这一列从上到下照原文 {field.source} 的次序：{'、'.join(right)}"
                yield EditorError(
                    f"“{field.name}”列的“{cell}”不合原文的次序", table.path, line, remedy
                )
                return


def _origin_errors(
    resource: dict[str, Any], tables: dict[str, Table], text: SourceText
) -> Iterator[EditorError]:
    """Rows whose quotation is not taken from that of the row they name, as `within` asks."""
    table = tables[resource["name"]]
    for key in resource["schema"].get("foreignKeys", ()):
        if "same" in key:
            yield from _unlike_rows(key, table, tables[key["reference"]["resource"]])
        other = tables[key["reference"]["resource"]]
        own, others = _quotation(table.fields), _quotation(other.fields)
        if "within" not in key or own is None or others is None:
            continue
        quotation, theirs = own.alias, others.alias
        alias = {field.name: field.alias for field in table.fields}[key["fields"][0]]
        number = {field.name: field.alias for field in other.fields}[key["reference"]["fields"][0]]
        quoted = dict(zip(other.frame[number], other.frame[theirs]))
        wrong = []
        for row, line in zip(table.frame.to_dict("records"), table.lines):
            whole = quoted[row[alias]]
            if key["within"] == "paragraph":
                whole = text.locate(whole).paragraph.text
            if row[quotation] not in whole:
                right = next((n for n, words in quoted.items() if row[quotation] in words), None)
                wrong.append((line, row[alias], right))
        if len(wrong) == 1:
            line, written, right = wrong[0]
            remedy = (
                f"“{key['fields'][0]}”写 {right}，或换一句引文"
                if right
                else "换一句引文，或改正编号"
            )
            yield EditorError(
                f"这一行的引文不是编号 {written} 那一项里的话", table.path, line, remedy
            )
        elif wrong:
            columns = f"“{key['fields'][0]}”这一列与引文错开了，多半单独排过序"
            yield EditorError(columns, table.path, wrong[0][0], _SORT_WHOLE)


def _unlike_rows(key: dict[str, Any], table: Table, other: Table) -> Iterator[EditorError]:
    """Rows whose column `same` has other words than in the row they name."""
    here = {field.name: field.alias for field in table.fields}
    there = {field.name: field.alias for field in other.fields}
    number, name = there[key["reference"]["fields"][0]], there[key["same"]]
    names = dict(zip(other.frame[number], other.frame[name]))
    wrong = []
    for row, line in zip(table.frame.to_dict("records"), table.lines):
        given, words = row[here[key["fields"][0]]], row[here[key["same"]]]
        if not pd.isna(given) and names.get(given) != words:
            right = next((n for n, meant in names.items() if meant == words), None)
            wrong.append(
                (
                    line,
                    f"这一行是“{words}”，“{key['fields'][0]}”写的 {given} 却是“{names.get(given)}”",
                    f"写 {right}" if right else "空着",
                )
            )
    if wrong:
        remedy = "；".join(
            f"第 {line} 行的“{key['fields'][0]}”{remedy}" for line, _, remedy in wrong
        )
        yield EditorError(wrong[0][1], table.path, wrong[0][0], remedy)
