"""Which page carries which sentence of the source; none may be missing from the four chapters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from .errors import EditorError
from .text import Place, SourceText, source

CHAPTERS = ("purpose", "contents", "characteristics", "institutions")


def covered(uses: Mapping[str, Iterable[Place]], text: SourceText | None = None) -> dict[str, dict[str, bool]]:
    """For each sentence id: page -> whether the page carries it whole (else in part)."""
    shown: dict[tuple[str, str], set[int]] = {}
    for page, places in uses.items():
        for place in places:
            characters = shown.setdefault((page, place.paragraph.id), set())
            characters.update(range(place.start, place.end))
    result: dict[str, dict[str, bool]] = {}
    for paragraph in (text or source()).paragraphs.values():
        for sentence in paragraph.parts:
            own = set(range(sentence.start, sentence.end))
            result[sentence.id] = {
                page: own <= shown[page, paragraph.id]
                for page in uses
                if own & shown.get((page, paragraph.id), set())
            }
    return result


def missing(uses: Mapping[str, Iterable[Place]], text: SourceText | None = None) -> list[EditorError]:
    """One finding for each sentence that stands whole in none of the four chapters."""
    text = text or source()
    return [
        EditorError(
            f"原文 {id} 在四章里没有完整出现：“{text.sentences[id].text}”",
            file=f"book/{CHAPTERS[min(int(id.split('.')[0]), len(CHAPTERS)) - 1]}.md",
            remedy=f"在合适的一章里加上这一句的引文，写两行：“:::{{quote}} {id}”和“:::”",
        )
        for id, pages in covered(uses, text).items()
        if not any(pages.get(chapter) for chapter in CHAPTERS)
    ]
