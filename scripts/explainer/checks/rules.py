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
            for id in directive.arguments.split():
                try:
                    source().transcluded(id, directive.content)
                except QuotationError as error:
                    yield _at(error, chapter, directive.line)


def glossed_terms(chapter: Chapter) -> Iterator[EditorError]:
    """A term in {gloss}`…` is in the glossary."""
    terms = set(tables.frame("glossary")["term"])
    for role in chapter.roles:
        if role.name == "gloss" and role.text not in terms:
            yield EditorError(
                f"名词解释里没有“{role.text}”",
                file=chapter.path,
                line=role.line,
                remedy="在 data/glossary.csv 里加一行，或去掉这个标记",
            )


def shown_tables(chapter: Chapter) -> Iterator[EditorError]:
    """A {data-table} names a table of data/."""
    for directive in chapter.directives:
        if directive.name == "data-table" and directive.arguments not in tables.tables():
            yield EditorError(
                f"没有名叫“{directive.arguments}”的表格",
                file=chapter.path,
                line=directive.line,
                remedy=f"可用的有 {'、'.join(tables.tables())}",
            )


def _at(error: EditorError, chapter: Chapter, line: int) -> EditorError:
    error.file, error.line = chapter.path, line
    return error


RULES: tuple[Callable[[Chapter], Iterator[EditorError]], ...] = (
    inline_quotations,
    block_quotations,
    glossed_terms,
    shown_tables,
)
