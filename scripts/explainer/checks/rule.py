"""What a rule is: a function that yields what is wrong, its doc line what it asks for, its doc's rest why."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from inspect import getdoc
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import EditorError

if TYPE_CHECKING:
    from .book import Book
    from .chapters import Chapter
    from .prose import Prose


@dataclass(frozen=True)
class Flaw:
    """What a rule finds in `prose.raw[start:end]`; `better` is what may stand there instead without asking anybody."""

    start: int
    end: int
    message: str
    remedy: str = ""
    better: str | None = None


class Finding(EditorError):
    """An editor's mistake as `check` reports it: with its rule, and why the rule is there."""

    def __init__(
        self, error: EditorError, rule: Rule, column: int | None = None, fixable: bool = False
    ) -> None:
        super().__init__(error.message, error.file, error.line, error.remedy)
        self.rule = rule
        self.column = column
        self.fixable = fixable

    @property
    def why(self) -> str:
        return self.rule.why

    @property
    def words(self) -> str:
        what, mark, remedy = super().words.partition("改法：")
        return f"{what}{self.why}{mark}{remedy}"

    @property
    def short(self) -> str:
        """Without the reason, for whoever has just been told it."""
        return f"{self.where}: {super().words}"


@dataclass(frozen=True)
class Rule:
    """A function over the book, found by name in the module of its subject."""

    name: str
    asks: str
    why: str
    blocks: bool
    find: Callable[[Book], Iterator[Finding]]
    of_prose: Callable[[Prose, Book], Iterator[Flaw]] | None = None


@dataclass(frozen=True)
class Rules:
    """The rules of one subject. Where it `blocks`, a mistake also stops the build."""

    subject: str
    blocks: bool
    rules: list[Rule] = field(default_factory=list)

    def book(self, find: Callable[[Book], Iterator[EditorError]]):
        """Makes a rule of a function over the whole book; its errors know their files."""
        self._add(
            find,
            lambda rule, book: (
                Finding(error, rule, fixable=error.fixable) for error in find(book)
            ),
        )
        return find

    def chapter(self, find: Callable[[Chapter, Book], Iterator[EditorError]]):
        """Makes a rule of a function over one chapter, or what chapters include; its errors know their lines."""

        def in_all(rule: Rule, book: Book) -> Iterator[Finding]:
            for chapter in book.documents:
                for error in find(chapter, book):
                    error.file = chapter.path
                    yield Finding(error, rule)

        self._add(find, in_all)
        return find

    def prose(self, find: Callable[[Prose, Book], Iterator[Flaw]]):
        """Makes a rule of a function over a passage in the editors' own words."""

        def in_all(rule: Rule, book: Book) -> Iterator[Finding]:
            for prose in book.prose:
                lines: dict[int, list[Flaw]] = {}
                for flaw in find(prose, book):
                    lines.setdefault(prose.place(flaw.start)[0], []).append(flaw)
                for line, flaws in lines.items():
                    yield _finding(rule, prose, line, flaws)

        self._add(find, in_all, find)
        return find

    def _add(self, function: Callable, find: Callable, of_prose: Callable | None = None) -> None:
        asks, _, why = getdoc(function).partition("\n")
        why = "".join(why.split("\n")).strip()
        rule = Rule(
            function.__name__.replace("_", "-"),
            asks,
            why,
            self.blocks,
            lambda book: find(rule, book),
            of_prose,
        )
        self.rules.append(rule)


def _finding(rule: Rule, prose: Prose, line: int, flaws: list[Flaw]) -> Finding:
    """All that one rule finds on one line: whoever mends it mends the line."""
    flaws = sorted(flaws, key=lambda flaw: (flaw.start, flaw.end))
    message = "；".join(dict.fromkeys(flaw.message for flaw in flaws))
    if any(flaw.remedy for flaw in flaws) or any(flaw.better is None for flaw in flaws):
        remedy = "；".join(
            dict.fromkeys(flaw.remedy or f"写成“{prose.mended(flaw)}”" for flaw in flaws)
        )
    else:
        remedy = f"写成“{prose.mended(*flaws)}”"
    column = prose.place(flaws[0].start)[1]
    return Finding(
        EditorError(message, prose.path, line, remedy),
        rule,
        column,
        prose.fixable and all(flaw.better is not None for flaw in flaws),
    )


def relative(path: Path | str | None, root: Path) -> str | None:
    """A finding's file as the report names it: below `root`, with forward slashes."""
    if path is None:
        return None
    path = Path(path)
    return (
        path.relative_to(root) if path.is_absolute() and path.is_relative_to(root) else path
    ).as_posix()
