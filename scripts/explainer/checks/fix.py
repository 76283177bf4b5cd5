"""`check --fix`: mends what needs no judgement, never in quotations, code, addresses or front matter."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from ..project import Project
from ..settings import chapter_files, own_files
from ..tables import MENDED, PACKAGE, SEPARATORS
from ..text import encoding_of
from . import prose
from .book import CHANGELOG, Book
from .chapters import Chapter
from .prose import Prose
from .rule import Rule, relative

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)?")
_PASSES = 5  # one mend may make room for another; three have always been enough


def fix(project: Project, rules: Collection[Rule], chosen: Callable[[str], bool]) -> list[str]:
    """Mends the chosen files in place and says in Chinese what was changed, a sentence a file."""
    rules = [rule for rule in rules if rule.of_prose]
    book, root = Book(project), project.root
    said: list[str] = []
    for path in [*chapter_files(root), root / CHANGELOG]:
        if path.is_file() and chosen(relative(path, root)):
            said += _say(path, root, _mend_chapter(path, rules, book))
    columns = _columns(root / "data")
    for path in own_files(root / "data", "*.csv"):
        if chosen(relative(path, root)):
            said += _say(path, root, _mend_table(path, columns.get(path.name, {}), rules, book))
    return said


def _say(path: Path, root: Path, changes: Counter[str]) -> Iterator[str]:
    if changes:
        what = "；".join(
            name if number == 1 else f"{name}（{number} 处）" for name, number in changes.items()
        )
        yield f"{relative(path, root)}: 已改：{what}"


def _mend_chapter(path: Path, rules: list[Rule], book: Book) -> Counter[str]:
    raw = path.read_bytes()
    encoding = encoding_of(raw)
    if encoding is None:
        return Counter()
    text = raw.decode(encoding)
    changes: Counter[str] = Counter() if encoding == "utf-8-sig" else Counter({"存成了 UTF-8": 1})
    for _ in range(_PASSES):
        # Each line keeps its own ending: the checks see the same lines with \n alone.
        lines = _LINE.findall(text)[:-1]
        chapter = Chapter(path, re.sub(r"\r\n|\r", "\n", text))
        edits = sorted(_edits(chapter.prose, rules, book), reverse=True)
        if not edits:
            break
        before = None
        for line, column, length, better in edits:
            if before and before[0] == line and column + length > before[1]:
                continue  # they overlap: the other one next time
            before = (line, column)
            old = lines[line - 1]
            changes[_change(old[column : column + length], better)] += 1
            lines[line - 1] = old[:column] + better + old[column + length :]
        text = "".join(lines)
    if changes:
        bom = raw.startswith(b"\xef\xbb\xbf")
        _replace(path, text.encode("utf-8-sig" if bom else "utf-8"))
    return changes


def _edits(
    passages: list[Prose], rules: list[Rule], book: Book
) -> Iterator[tuple[int, int, int, str]]:
    """(line, 0-based column, length, replacement) of all that may be mended."""
    for passage in passages:
        if passage.fixable:
            for rule in rules:
                for flaw in rule.of_prose(passage, book):
                    if flaw.better is not None and flaw.end > flaw.start:
                        line, column = passage.place(flaw.start)
                        yield line, column - 1, flaw.end - flaw.start, flaw.better


def _mend_table(path: Path, columns: dict[str, str], rules: list[Rule], book: Book) -> Counter[str]:
    raw = path.read_bytes()
    encoding = encoding_of(raw)
    if encoding is None:
        return Counter()
    text = raw.decode(encoding).removeprefix("\ufeff")
    changes: Counter[str] = Counter()
    if encoding != "utf-8-sig" or raw.startswith(b"\xef\xbb\xbf"):
        changes["存成了 UTF-8"] += 1
    if "\r" in text:
        changes["换行改成了 LF"] += 1
    header = text.split("\n", 1)[0]
    separator = next(
        (s for s in SEPARATORS if s in MENDED and s in header and "," not in header), ","
    )
    if separator != ",":
        changes[f"各列之间的{SEPARATORS[separator]}改成了半角逗号"] += 1
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error:
        return Counter()
    names = [name.strip() for name in rows[0]] if rows else []
    for row in rows[1:]:
        for number, cell in enumerate(row[: len(names)]):
            better = _mended_cell(path, cell, columns.get(names[number], ""), rules, book)
            if better != cell:
                changes[_change(cell, better)] += 1
                row[number] = better
    if changes:
        output = io.StringIO(newline="")
        csv.writer(output, lineterminator="\n").writerows(rows)
        _replace(path, output.getvalue().encode("utf-8"))
    return changes


def _mended_cell(path: Path, cell: str, kind: str, rules: list[Rule], book: Book) -> str:
    if kind == "number":
        return cell.translate({ord("０") + n: str(n) for n in range(10)})
    for _ in range(_PASSES if kind == "prose" else 0):
        edits = sorted(_edits([prose.plain(path, 1, cell)], rules, book), reverse=True)
        edits = [
            edit for edit in edits if edit[0] == 1
        ]  # a cell of several lines is left to people
        if not edits:
            break
        _, column, length, better = edits[0]
        cell = cell[:column] + better + cell[column + length :]
    return cell


def _columns(data: Path) -> dict[str, dict[str, str]]:
    """For each table, its columns that may be mended: "number", or "prose" where the words are the editors'."""
    try:
        resources = json.loads((data / PACKAGE).read_text("utf-8-sig"))["resources"]
        return {
            resource["path"]: {
                field["name"]: "number" if field["type"] == "integer" else "prose"
                for field in resource["schema"]["fields"]
                if field["type"] == "integer"
                or prose.is_editors(field.get("source"), field["type"], field["alias"])
            }
            for resource in resources
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _change(old: str, new: str) -> str:
    if not old.strip():
        return "删去了多余的空格"
    return f"“{old}”改成“{new}”" if len(old) <= 12 else f"“{old[:12]}……”改了标点或字"


def _replace(path: Path, content: bytes) -> None:
    """Puts the content in the file's place at once: whoever reads it sees the old or the new, never a half."""
    new = path.with_name(f".{path.name}.new")
    try:
        new.write_bytes(content)
        shutil.copymode(path, new)
        os.replace(new, path)
    finally:
        new.unlink(missing_ok=True)
