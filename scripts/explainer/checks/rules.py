"""The rules: each takes a chapter and yields what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from .. import tables
from ..errors import EditorError
from ..text import QuotationError, source
from .chapters import Chapter


def inline_quotations(chapter: Chapter) -> Iterator[EditorError]:
    """Words in {quote}`…` stand in the source, to the letter."""
    for role in chapter.roles:
        if role.name == "quote":
            try:
                source().cited(role.text)
            except QuotationError as error:
                yield _at(error, chapter, role.line)


def block_quotations(chapter: Chapter) -> Iterator[EditorError]:
    """A {quote} block names an id of the source, and its words, if any, stand there."""
    for directive in chapter.directives:
        if directive.name == "quote":
            if not directive.arguments:
                yield EditorError(
                    "引文没有写编号", chapter.path, directive.line, "在花括号后面写上段落号或句号，例如 3.1"
                )
            for id in directive.arguments.split():
                try:
                    source().transcluded(id, directive.content)
                except QuotationError as error:
                    yield _at(error, chapter, directive.line)


def glossed_terms(chapter: Chapter) -> Iterator[EditorError]:
    """A term in {gloss}`…` is in the glossary."""
    for role in chapter.roles:
        if role.name == "gloss":
            try:
                tables.term_id(role.text)
            except EditorError as error:
                yield _at(error, chapter, role.line)


def shown_tables(chapter: Chapter) -> Iterator[EditorError]:
    """A {data-table} names a table of data/, and columns that it has."""
    for directive in chapter.directives:
        if directive.name == "data-table":
            try:
                tables.table(directive.arguments).columns(directive.options.get("columns", ""))
            except EditorError as error:
                yield _at(error, chapter, directive.line)


def _at(error: EditorError, chapter: Chapter, line: int) -> EditorError:
    error.file, error.line = chapter.path, line
    return error


RULES: tuple[Callable[[Chapter], Iterator[EditorError]], ...] = (
    inline_quotations,
    block_quotations,
    glossed_terms,
    shown_tables,
)
