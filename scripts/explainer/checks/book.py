"""The book as the checks see it: read once, each part whether or not the others can be read."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cached_property, lru_cache
from pathlib import Path

import yaml

from .. import settings
from ..coverage import homes
from ..errors import EditorError, EditorErrors
from ..paths import CHARTS
from ..project import LOADER, Project
from ..tables import AUTHORITIES, GLOSSARY, USAGE, Table
from ..text import Place, QuotationError, SourceText
from . import prose
from .chapters import Chapter, Target, read
from .prose import Prose

CHANGELOG = "CHANGELOG.md"
PUBLISHED = "data/addresses.txt"  # addresses that were ever published, see addresses.py


class Book:
    """What lies under `root`: what can be read of it, and what cannot."""

    def __init__(self, project: Project) -> None:
        self.project, self.root = project, project.root
        self.source, self.source_error = _source(project)
        self.tables, self.table_errors = _tables(project)
        self.unreadable: list[EditorError] = []
        files = settings.chapter_files(project.root)
        found = [
            chapter
            for path in files
            if (chapter := self._read(path, settings.page_name(path, project.root)))
        ]
        self.copies = _copies(found, self.toc)
        self.chapters = [chapter for chapter in found if chapter.path not in self.copies]

    def _read(self, path: Path, name: str = "") -> Chapter | None:
        try:
            return read(path, name)
        except EditorError as error:
            self.unreadable.append(error)
        except OSError:
            self.unreadable.append(
                EditorError(
                    "读不了这个文件", path, remedy="看看它是不是被别的程序占用着，能不能打开"
                )
            )
        return None

    @property
    def toc(self) -> list[str] | None:
        """The pages that `_toc.yml` names; None when it cannot be read."""
        return self.project.pages

    @cached_property
    def absent(self) -> set[str]:
        """Pages that the contents name and that have no file: one fault, whatever else they are missed for."""
        names = {re.sub(r"\.(?:md|ipynb|rst)$", "", name) for name in self.toc or ()}
        return {
            name
            for name in names
            if not any(
                (self.root / "book" / f"{name}{suffix}").is_file()
                for suffix in settings.CHAPTER_SUFFIXES
            )
        }

    @cached_property
    def settings_errors(self) -> list[EditorError]:
        try:
            settings.check(self.root)
        except EditorError as error:
            return error.errors
        return []

    @cached_property
    def targets(self) -> dict[str, list[tuple[Chapter, int]]]:
        """Every ``(name)=`` of the book, and where it stands."""
        found: dict[str, list[tuple[Chapter, int]]] = {}
        for chapter in self.documents:
            for target in chapter.parts(Target):
                found.setdefault(target.name, []).append((chapter, target.line))
        return found

    @cached_property
    def uses(self) -> dict[str, list[Place]]:
        """What each chapter quotes of the source, as far as the quotations are right."""
        return {
            chapter.name: [
                place
                for _, _, place in (chapter.citations(self.source) if self.source else ())
                if not isinstance(place, QuotationError)
            ]
            for chapter in self.chapters
        }

    @cached_property
    def homes(self) -> dict[int, str]:
        """The page that explains each chapter of the source, by its number."""
        return homes(self.uses, self.source, self.project.explaining) if self.source else {}

    @cached_property
    def terms(self) -> list[str] | None:
        """The terms of the glossary; None when the tables cannot be read."""
        if not self.tables or GLOSSARY not in self.tables:
            return None
        return list(self.tables[GLOSSARY].frame["term"])

    @cached_property
    def usage(self) -> dict[str, tuple[str, str]]:
        """Words that editors do not use: what to write in their place, and why."""
        if not self.tables or USAGE not in self.tables:
            return {}
        frame = self.tables[USAGE].frame
        return {row.variant: (row.right, row.reason) for row in frame.itertuples()}

    @cached_property
    def config(self) -> dict:
        """What `_config.yml` passes on to Sphinx; empty when it cannot be read."""
        try:
            data = yaml.load((self.root / "_config.yml").read_text("utf-8-sig"), LOADER)
            found = data["sphinx"]["config"]
        except (OSError, UnicodeDecodeError, yaml.YAMLError, ValueError, KeyError, TypeError):
            return {}
        return found if isinstance(found, dict) else {}

    def listed(self, setting: str) -> list[str]:
        """A list that staff keep in `_config.yml`."""
        found = self.config.get(setting)
        return [str(item) for item in found] if isinstance(found, list) else []

    @cached_property
    def names(self) -> list[str] | None:
        """Latin names that a number may follow; None where the settings cannot be read."""
        return self.listed("explainer_names") if self.config else None

    @cached_property
    def phones(self) -> set[str]:
        """The office's own numbers, as its publication settings give them."""
        publication = self.config.get("explainer_publication")
        words = "；".join(map(str, publication.values())) if isinstance(publication, dict) else ""
        numbers = re.findall(r"\d[\d—–-]{5,}\d", words)
        return {re.sub(r"\D", "", number) for number in numbers} | {
            re.split(r"[-—–]", number)[-1] for number in numbers
        }

    @cached_property
    def places(self) -> list[str]:
        """The towns and districts that the source names often: short, so that only the character in the middle may slip."""
        text = "\n".join(paragraph.text for paragraph in self.source.paragraphs.values())
        before: dict[str, list[str]] = {}
        for match in re.finditer(f"(?=(.)([{prose.HAN}]{{2}}[市区县镇]))", text, re.DOTALL):
            before.setdefault(match[2], []).append(match[1])
        # After always the same character it is the end of a longer word.
        return [name for name, all in before.items() if len(all) > 2 and len(set(all)) > 1]

    @cached_property
    def long_names(self) -> list[str]:
        """The glossary's terms and the tables' names, where they are so long that one other character is a slip."""
        found = set(self.terms or ())
        for table in (self.tables or {}).values():
            found.update(
                cell
                for field in table.fields
                if field.alias == "name"
                for cell in table.frame["name"]
            )
        # Of a name with another in brackets, that other is one as well, and often used alone.
        alone = {name for cell in found for name in re.findall(f"（([{prose.HAN}]{{4,}})）", cell)}
        return sorted(
            alone
            | {name for name in found if len(name) > 4 and re.fullmatch(f"[{prose.HAN}]+", name)}
        )

    @cached_property
    def authority_titles(self) -> frozenset[str]:
        """The titles of the documents that the glossary rests on, in their marks."""
        table = (self.tables or {}).get(AUTHORITIES)
        return frozenset(table.frame["document"]) if table else frozenset()

    @cached_property
    def sizes(self) -> tuple[tuple[str, int], ...]:
        """The title of each table and how many rows it has."""
        return tuple((table.title, len(table.frame)) for table in (self.tables or {}).values())

    @cached_property
    def things(self) -> list[list[str]]:
        """The rows of each table, in one string each."""
        return [
            ["".join(map(str, row)) for row in table.frame.to_numpy()]
            for table in (self.tables or {}).values()
        ]

    @cached_property
    def figures(self) -> dict[str, ast.Call | None]:
        """The charts that a chapter may show, each with the call that makes it where that can be seen."""
        return figures(self.root / CHARTS)

    @cached_property
    def changelog(self) -> Chapter | None:
        """All of it but the mark from which on the site shows it, which is HTML."""
        path = self.root / CHANGELOG
        written = self._read(path) if path.is_file() else None
        return written and Chapter(
            path, re.sub(r"^<!--.*-->$", "", written.text, count=1, flags=re.M)
        )

    @property
    def documents(self) -> list[Chapter]:
        """All that is written in Markdown: the chapters, and the changes that one of them includes."""
        return [*self.chapters, *([self.changelog] if self.changelog else [])]

    @cached_property
    def prose(self) -> list[Prose]:
        """All that editors say in their own words: in chapters, in tables, in what stands beside a chart."""
        passages = [passage for chapter in self.documents for passage in chapter.prose]
        for table in (self.tables or {}).values():
            passages += _in_table(table)
        for name, call in self.figures.items():
            path = self.root / CHARTS / f"{name}.py"
            passages += _in_figure(path, call) if call else []
        passages += _in_settings(
            self.root / "_config.yml", ("title", "author", "copyright", "html_short_title")
        )
        passages += _in_settings(self.root / "_toc.yml", ("caption",))
        return passages


def _copies(chapters: list[Chapter], toc: list[str] | None) -> dict[Path, Chapter]:
    """Files beside the contents that were made by copying a chapter, each with that chapter."""
    copies = {}
    for chapter in chapters if toc is not None else []:
        if chapter.name not in toc:
            lines = _own_lines(chapter)
            original = next(
                (
                    other
                    for other in chapters
                    if other.name in toc and len(lines & _own_lines(other)) > len(lines) / 2
                ),
                None,
            )
            if original and len(lines) > 3:
                copies[chapter.path] = original
    return copies


def _own_lines(chapter: Chapter) -> set[str]:
    """What stands in a chapter below its settings, which are much the same in all."""
    first = chapter.front_matter.count("\n") + 3 if chapter.front_matter else 0
    return {line for line in chapter.lines[first:] if len(line) > 3}


def figures(folder: Path) -> dict[str, ast.Call | None]:
    """The names that ``charts/__init__.py`` offers, and the ``Figure(…)`` in the module of that name."""
    try:
        tree = ast.parse((folder / "__init__.py").read_bytes())
    except (OSError, SyntaxError, ValueError):
        return {}
    names = [
        name.asname
        for statement in tree.body
        if isinstance(statement, ast.ImportFrom) and statement.level
        for name in statement.names
        if name.name == "figure" and name.asname
    ]
    modules = {name: folder / f"{name}.py" for name in names}
    return {
        name: _figure_call(path.read_bytes()) if path.is_file() else None
        for name, path in modules.items()
    }


@lru_cache(maxsize=64)
def _figure_call(code: bytes) -> ast.Call | None:
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError):
        return None
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    return next(
        (call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "Figure"),
        None,
    )


def _in_figure(path: Path, call: ast.Call) -> Iterator[Prose]:
    for keyword in call.keywords:
        if keyword.arg in ("title", "conclusion", "alternative", "caption", "hint"):
            value = keyword.value
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                yield prose.plain(path, value.lineno, value.value, fixable=False)


def _in_settings(path: Path, keys: tuple[str, ...]) -> Iterator[Prose]:
    """The values of these settings, which readers see."""
    try:
        node = yaml.compose(path.read_text("utf-8-sig"), settings.LOADER)
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return
    for key, value in settings.pairs(node):
        if key.value in keys and isinstance(value, yaml.ScalarNode) and value.value:
            yield prose.plain(path, value.start_mark.line + 1, value.value, fixable=False)


def _in_table(table: Table) -> Iterator[Prose]:
    """The cells of the columns that are nobody's words but the editors'."""
    for field in table.fields:
        if prose.is_editors(field.source, field.type, field.alias):
            for line, cell in zip(table.lines, table.frame[field.alias]):
                if cell:
                    yield prose.plain(table.path, line, cell)


def _source(project: Project) -> tuple[SourceText | None, EditorError | None]:
    try:
        return project.source, None
    except EditorError as error:
        return None, error


def _tables(project: Project) -> tuple[dict[str, Table] | None, list[EditorError]]:
    try:
        return project.tables, []
    except EditorErrors as error:
        return None, error.errors
    except EditorError:
        return None, []  # of the source, which has its own finding
