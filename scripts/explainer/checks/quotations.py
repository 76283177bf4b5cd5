"""Quotations and terms: the source's words to the letter, every sentence of it used."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

from ..coverage import missing
from ..errors import EditorError
from ..text import QuotationError
from .book import Book
from .chapters import Chapter, Heading, Role
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
            yield EditorError(
                "引文没有写编号",
                line=directive.line,
                remedy="在花括号后面空一格，写上段落号或句号，例如 :::{quote} 3.1",
            )
    yield from _wrong(chapter, book, None)


def _wrong(chapter: Chapter, book: Book, kind: type | None) -> Iterator[EditorError]:
    if book.source is None:
        return
    for line, markup, place in chapter.citations(book.source):
        if isinstance(place, QuotationError) and isinstance(markup, Role) == (kind is Role):
            place.line = line
            if isinstance(markup, Role):
                _show_corrected(place, markup.text, book)
            elif "没有编号" in place.message and (meant := _meant(markup.arguments, chapter, book)):
                place.remedy = f"写成“:::{{quote}} {meant}”"
            yield place


def _meant(id: str, chapter: Chapter, book: Book) -> str:
    """The paragraph that an unknown id was meant for: the one of its chapter that is shown nowhere; empty when that is not one."""
    shown = {
        ".".join(cited.split(".")[:2])
        for d in chapter.directives
        if d.name == "quote"
        for cited in d.arguments.split()
    }
    left = [
        paragraph
        for paragraph in book.source.paragraphs
        if paragraph.split(".")[0] == id.split(".")[0] and paragraph not in shown
    ]
    return left[0] if len(left) == 1 else ""


def _show_corrected(error: QuotationError, citation: str, book: Book) -> None:
    """Adds to the remedy how the markup should read, where that is known."""
    words = re.sub(r"\s*<[\d.()]+>$", "", citation)
    places = book.source.find(words)
    if places and citation != words:  # the id is wrong, the words are right
        error.remedy += f"，写成 {{quote}}`{words} <{places[0].id}>`"
    elif places:
        error.remedy = f"注明引的是哪一句，例如 {{quote}}`{words} <{places[0].id}>`"
    elif nearest := book.source.nearest(words):
        error.remedy += (
            f"，写成 {{quote}}`{citation.replace(words, nearest)}`；是自己的话，就去掉这个标记"
        )


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
    homes = {
        error.message.split()[1]: error.file for error in missing(book.uses, book.source, chapters)
    }
    for id, paragraph in book.source.paragraphs.items():
        sentences = [sentence.id for sentence in paragraph.parts if sentence.id in homes]
        if sentences:
            explaining = [
                chapter for name in chapters for chapter in book.chapters if chapter.name == name
            ]
            yield _missing(id, sentences, explaining, book.root / homes[sentences[0]], book)


def _missing(
    id: str, sentences: list[str], chapters: list[Chapter], home: Path, book: Book
) -> EditorError:
    """What of a paragraph stands nowhere, and beside which line it is to be put: where the rest of it is, or after what precedes it."""
    whole = len(sentences) == len(book.source.paragraphs[id].parts)
    message = f"原文 {id if whole else '、'.join(sentences)} 在正文各章里没有完整出现：“{book.source.unit(sentences[0]).text}”"
    shown = [
        (tuple(map(int, cited.split("."))), cited, directive.line, chapter)
        for chapter in chapters for directive in chapter.directives if directive.name == "quote"
        for cited in directive.arguments.split() if book.source.has(cited)
    ]  # fmt: skip
    for _, cited, line, chapter in shown:
        if cited.startswith(f"{id}."):
            return EditorError(message, chapter.path, line, f"把这里的 {cited} 写成 {id}，整段引来")
    for (before, _, _, chapter), (_, cited, line, here), (after, *_) in zip(
        shown, shown[1:], [*shown[2:], ((99,), "")]
    ):
        missing_place = tuple(map(int, id.split(".")))
        if (
            whole
            and chapter is here
            and before < missing_place < after
            and sum(cited == other for _, other, _, _ in shown) > 1
        ):
            message = f"原文 {cited} 引了不止一次，{id} 却没有完整出现：“{book.source.unit(sentences[0]).text}”"
            return EditorError(message, here.path, line, f"这里写成“:::{{quote}} {id}”")
    two = f"加上引文，写两行：“:::{{quote}} {id if whole else ' '.join(sentences)}”和“:::”"
    place = tuple(map(int, id.split(".")))
    before = [found for found in shown if found[0][0] == place[0] and found[0] < place]
    if before:
        _, _, line, chapter = max(before, key=lambda found: found[0])
        return EditorError(
            message, chapter.path, line, f"在第 {line} 行的引文后面，讲它的标题下面{two}"
        )
    first = next(
        (
            heading.line
            for chapter in chapters
            if chapter.path == home
            for heading in chapter.parts(Heading)
        ),
        1,
    )
    return EditorError(message, home, first, f"在讲它的标题下面{two}")
