"""Which page carries which sentence of the source; none may be missing from the chapters that explain it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import yaml
from sphinx_external_toc.parsing import MalformedError, parse_toc_data

from .errors import EditorError
from .paths import ROOT
from .text import Place, SourceText, source


def first_part(root: Path = ROOT) -> tuple[str, ...]:
    """The pages of the first part of `_toc.yml`; none where that cannot be read, which `settings` reports."""
    try:
        site_map = parse_toc_data(yaml.safe_load((root / "_toc.yml").read_text("utf-8-sig")))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, MalformedError):
        return ()
    return tuple(str(item) for item in (site_map.root.subtrees[0].items if site_map.root.subtrees else ()))


CHAPTERS = first_part()


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


def missing(
    uses: Mapping[str, Iterable[Place]], text: SourceText | None = None, chapters: tuple[str, ...] = CHAPTERS
) -> list[EditorError]:
    """One finding for each sentence that stands whole in none of the chapters."""
    if not chapters:
        return []
    text = text or source()
    order = [str(chapter.number) for chapter in text.chapters]
    return [
        EditorError(
            f"原文 {id} 在正文各章里没有完整出现：“{text.sentences[id].text}”",
            file=f"book/{chapters[min(order.index(id.split('.')[0]), len(chapters) - 1)]}.md",
            remedy=f"在合适的一章里加上这一句的引文，写两行：“:::{{quote}} {id}”和“:::”",
        )
        for id, pages in covered(uses, text).items()
        if not any(pages.get(chapter) for chapter in chapters)
    ]
