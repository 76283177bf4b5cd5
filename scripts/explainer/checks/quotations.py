"""Quotations and terms: the source's words to the letter, every sentence of it used."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches

from ..coverage import missing
from ..errors import EditorError
from ..text import QuotationError
from .book import Book
from .chapters import Chapter, Role
from .rule import Rules

RULES = Rules("引文和名词", blocks=True)


@RULES.chapter
def inline_quotations(chapter: Chapter, book: Book) -> Iterator[EditorError]:
    """`` {quote}`…` `` 里的字句与原文一字不差；同样的字句不止一处时，注明是哪一句。

    凡标“原文”的，读者都当作公布的原话。
    """
    yield from _wrong(chapter, book, Role)


@RULES.chapter
def block_quotations(chapter: Chapter, book: Book) -> Iterator[EditorError]:
    """`{quote}` 版块写了原文里有的编号；里面若有字句，也与原文一字不差。

    凡标“原文”的，读者都当作公布的原话。
    """
    for directive in chapter.directives:
        if directive.name == "quote" and not directive.arguments:
            yield EditorError("引文没有写编号", line=directive.line, remedy="在花括号后面空一格，写上段落号或句号，例如 :::{quote} 3.1")
    yield from _wrong(chapter, book, None)


def _wrong(chapter: Chapter, book: Book, kind: type | None) -> Iterator[EditorError]:
    if book.source is None:
        return
    for line, markup, place in chapter.citations(book.source):
        if isinstance(place, QuotationError) and isinstance(markup, Role) == (kind is Role):
            place.line = line
            if isinstance(markup, Role):
                _show_corrected(place, markup.text, book)
            yield place


def _show_corrected(error: QuotationError, citation: str, book: Book) -> None:
    """Adds to the remedy how the markup should read, where that is known."""
    words = re.sub(r"\s*<[\d.]+>$", "", citation)
    places = book.source.find(words)
    if places and citation != words:  # the id is wrong, the words are right
        error.remedy += f"，写成 {{quote}}`{words} <{places[0].id}>`"
    elif places:
        error.remedy = f"注明引的是哪一句，例如 {{quote}}`{words} <{places[0].id}>`"
    elif nearest := book.source.nearest(words):
        error.remedy += f"，写成 {{quote}}`{citation.replace(words, nearest)}`"


@RULES.chapter
def glossed_terms(chapter: Chapter, book: Book) -> Iterator[EditorError]:
    """`` {gloss}`…` `` 里的名词，名词解释里有。

    读者点了它，要看得到解释。
    """
    for role in chapter.roles:
        if role.name == "gloss" and book.terms is not None and role.text not in book.terms:
            near = [term for term in book.terms if term.strip("“”") == role.text.strip("“”")]
            near = near or get_close_matches(role.text, book.terms, 1, 0.5)
            remedy = "在 data/glossary.csv 里加一行，或去掉这个标记，只留字"
            if near:
                remedy = f"写成 {{gloss}}`{near[0]}`；真是新名词，就{remedy}"
            yield EditorError(f"名词解释里没有“{role.text}”", line=role.line, remedy=remedy)


@RULES.book
def coverage(book: Book) -> Iterator[EditorError]:
    """原文的每一句，都在正文的一章里完整出现。"""
    names = {chapter.name for chapter in book.chapters}
    chapters = book.project.explaining
    if book.source is None or not set(chapters) <= names:
        return
    uses = {
        chapter.name: [
            place for _, _, place in chapter.citations(book.source) if not isinstance(place, QuotationError)
        ]
        for chapter in book.chapters
    }
    for error in missing(uses, book.source, chapters):
        yield error
