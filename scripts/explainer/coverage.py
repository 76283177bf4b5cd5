"""Which page carries which sentence of the source; none may be missing from the chapters that explain it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from .errors import EditorError
from .text import Place, SourceText


def covered(uses: Mapping[str, Iterable[Place]], text: SourceText) -> dict[str, dict[str, bool]]:
    """For each sentence id: page -> whether the page carries it whole (else in part)."""
    shown: dict[tuple[str, str], set[int]] = {}
    for page, places in uses.items():
        for place in places:
            characters = shown.setdefault((page, place.paragraph.id), set())
            characters.update(range(place.start, place.end))
    result: dict[str, dict[str, bool]] = {}
    for paragraph in text.paragraphs.values():
        for sentence in paragraph.parts:
            own = set(range(sentence.start, sentence.end))
            result[sentence.id] = {
                page: own <= shown[page, paragraph.id]
                for page in uses
                if own & shown.get((page, paragraph.id), set())
            }
    return result


def homes(
    uses: Mapping[str, Iterable[Place]], text: SourceText, chapters: tuple[str, ...]
) -> dict[int, str]:
    """For each chapter of the source, by number, the page that carries most of it.

    Not the page at the same place in the contents: staff put chapters of their own between them.
    """
    found = {}
    for chapter in text.chapters:
        ids = {paragraph.id for paragraph in chapter.paragraphs}
        carried = {
            page: sum(
                place.end - place.start for place in uses.get(page, ()) if place.paragraph.id in ids
            )
            for page in chapters
        }
        if any(carried.values()):
            found[chapter.number] = max(chapters, key=lambda page: carried[page])
    return found


def missing(
    uses: Mapping[str, Iterable[Place]], text: SourceText, chapters: tuple[str, ...]
) -> list[EditorError]:
    """One finding for each sentence that stands whole in none of the chapters."""
    if not chapters:
        return []
    found = homes(uses, text, chapters)
    pages = {  # of a chapter that stands nowhere: the page at its place in the contents
        str(chapter.number): found.get(chapter.number, chapters[min(index, len(chapters) - 1)])
        for index, chapter in enumerate(text.chapters)
    }
    return [
        EditorError(
            f"原文 {id} 在正文各章里没有完整出现：“{text.sentences[id].text}”",
            file=f"book/{pages[id.split('.')[0]]}.md",
            remedy=f"在合适的一章里加上这一句的引文，写两行：“:::{{quote}} {id}”和“:::”",
        )
        for id, carriers in covered(uses, text).items()
        if not any(carriers.get(chapter) for chapter in chapters)
    ]
