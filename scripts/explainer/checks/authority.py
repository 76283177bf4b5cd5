"""Borrowed authority: words that look like the source's and are not, and the source's that are not marked as such."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..errors import EditorError
from ..text import SourceText
from .book import Book
from .chapters import Chapter, Directive
from .prose import CODE, HAN, Prose
from .rule import Flaw, Rules

RULES = Rules("借来的话", blocks=True)

_SPEAKER = r"(?:原文|规划|政策|解读|文件|《[^》\n]{2,30}》)"
_SAYS = r"(?:说|写|讲|称|提出|提到|指出|明确|要求|规定|强调|表示|认为|部署|原话)"
_SAID = re.compile(
    rf"{_SPEAKER}(?P<way>[^。！？；，“”\n]{{0,15}}?{_SAYS}(?:[了过着道明的是：:，,、这样里]{{0,4}}|得[^。，“”\n]{{0,5}}[，：]))“(?P<words>[^”\n]{{2,}})”"
)
_ATTRIBUTED = re.compile(
    rf"{_SPEAKER}[^。！？；]{{0,12}}?{_SAYS}|{_SPEAKER}[^。！？；]{{0,12}}?[：:]"
)
_NOT = re.compile("没有|不|未|别|所谓")
_SENTENCE = re.compile(r"[^。！？；\n\ue000-\ue002]+(?:[。！？；]|(?=\n|$))")
_COPIED = 18  # so many characters in a row, or a whole sentence, are not the source's by chance


@RULES.prose
def attributed_words(prose: Prose, book: Book) -> Iterator[Flaw]:
    """写“原文说”“规划提出”，后面引号里的话要在原文里；整段的引用用 `{quote}`，不用 `>`。

    读者会把它当作公布的原话。
    """
    if book.source is None:
        return
    for match in _SAID.finditer(prose.words):
        words = match["words"].strip("，。；：！？、…")
        if (
            not _NOT.search(match["way"])
            and not _is_masked(words)
            and not all(map(book.source.find, re.split("…+", words)))
        ):
            start, end = match.span("words")
            yield Flaw(
                start - 1,
                end + 1,
                f"原文里没有“{match['words']}”这句话",
                _own_words(words, book.source),
            )


@RULES.chapter
def quoted_blocks(chapter: Chapter, book: Book) -> Iterator[EditorError]:
    """`>` 开头的引用块里是编者的话，或是注明别处的话；原文用 `{quote}`。

    引用块看着像原文，程序却不拿它与原文核对。
    """
    if book.source is None:
        return
    for prose in chapter.prose:
        if (
            not re.match(r"[ \t]*>", chapter.lines[prose.line - 1])
            or prose.line > 1
            and re.match(r"[ \t]*>", chapter.lines[prose.line - 2])
        ):
            continue
        words = re.sub(r"^[ \t]*>[ \t]?", "", prose.raw, flags=re.M).replace("\n", "").strip("“”")
        before = next(
            (line for line in reversed(chapter.lines[: prose.line - 1]) if line.strip()), ""
        )
        introduced = re.search(r"[：:]$", before.strip()) and re.search(
            _SPEAKER, before.split("。")[-1]
        )
        place = (
            next(iter(book.source.find(words.rstrip("。；，"))), None) if len(words) > 5 else None
        )
        if place:
            remedy = (
                f"换成两行：“:::{{quote}} {place.id}”和“:::”"
                if words.strip("。；") == place.unit.text.strip("。；")
                else f"写成 {{quote}}`{words}`"
            )
            yield EditorError(
                "引用块里是原文的话，却没有标明是原文", line=prose.line, remedy=remedy
            )
        elif introduced or _ATTRIBUTED.match(words) or book.source.likeness(words) >= 0.7:
            yield EditorError(
                f"引用块里的话原文里没有：“{_short(words)}”",
                line=prose.line,
                remedy=_own_words(words, book.source),
            )


@RULES.prose
def retyped_source(prose: Prose, book: Book) -> Iterator[Flaw]:
    """整句照抄的原文标明是原文，写在 `{quote}` 里。

    没有标明的，网站会标成“编者说明”，程序也不与原文核对。
    """
    if book.source is None or prose.raw.lstrip().startswith(">"):
        return
    for match in _SENTENCE.finditer(prose.words):
        words = match[0].strip()
        places = book.source.find(words) or book.source.find(words.rstrip("。；"))
        whole = prose.path.suffix == ".md" and places and places[0].unit.text == words
        if places and (len(words) >= _COPIED or whole):
            start = match.start() + match[0].index(words)
            words = words if book.source.find(words) else words.rstrip("。；")
            given = f" <{places[0].id}>" if len(places) > 1 else ""
            yield Flaw(
                start,
                start + len(words),
                f"“{_short(words)}”是照抄的原文，没有标明",
                f"写成 {{quote}}`{words}{given}`",
            )
            return  # one sentence of a paragraph stands for all


@RULES.prose
def code_of_the_source(prose: Prose, book: Book) -> Iterator[Flaw]:
    """反引号里的原文和名词，前面写着 `{quote}` 或 `{gloss}`。

    漏了这几个字，它就成了一段代码，程序也不与原文核对。
    """
    for match in CODE.finditer(prose.raw):
        words = match[3].strip()
        if match[1] or not re.search(f"[{HAN}]{{2}}", words):
            continue
        mark = (
            "gloss"
            if words in (book.terms or ())
            else "quote"
            if len(words) > 3 and book.source and book.source.find(words)
            else ""
        )
        if mark:
            yield Flaw(
                match.start(),
                match.end(),
                f"“{match[0]}”前面少了 {{{mark}}}",
                f"写成 {{{mark}}}{match[0]}",
            )


@RULES.book
def order_of_the_source(book: Book) -> Iterator[EditorError]:
    """原文的段落放在讲它的那一章里，次序与原文相同。

    挪到别的标题下面，读者会以为原文是这样说的。
    """
    if book.source is None:
        return
    numbers = {
        paragraph.id: chapter.number
        for chapter in book.source.chapters
        for paragraph in chapter.paragraphs
    }
    shown: dict[str, list[tuple[Directive, str]]] = {}
    for chapter in _explaining(book):
        shown[chapter.name] = [
            (directive, book.source.unit(id).id)
            for directive in chapter.directives if directive.name == "quote" and not directive.content
            for id in directive.arguments.split() if book.source.has(id)
        ]  # fmt: skip
    homes = {name: _home(blocks, numbers) for name, blocks in shown.items()}
    for chapter in _explaining(book):
        last: tuple[tuple[int, ...], str] = ((), "")
        for directive, id in shown[chapter.name]:
            number = numbers[".".join(id.split(".")[:2])]
            home = next((name for name, found in homes.items() if found == number), None)
            if number != homes[chapter.name]:
                if home and not any(
                    id == other or other.startswith(f"{id}.") or id.startswith(f"{other}.")
                    for _, other in shown[home]
                ):
                    remedy = f"放回 book/{home}.md；这里也要提到它，就两处都引"
                    yield EditorError(
                        f"原文 {id} 不在讲它的那一章里", chapter.path, directive.line, remedy
                    )
                continue
            place = tuple(map(int, id.split(".")))
            if place < last[0] and sum(id == other for _, other in shown[chapter.name]) == 1:
                remedy = f"放到讲它的标题下面，排在 {last[1]} 前面"
                yield EditorError(
                    f"原文 {id} 排在 {last[1]} 后面，次序与原文不同",
                    chapter.path,
                    directive.line,
                    remedy,
                )
            last = max(last, (place, id))


def _explaining(book: Book) -> list[Chapter]:
    return [
        chapter
        for name in book.project.explaining
        for chapter in book.chapters
        if chapter.name == name
    ]


def _home(blocks: list[tuple[Directive, str]], numbers: dict[str, int]) -> int | None:
    """The chapter of the source that a chapter of the book explains: the one of most of its blocks."""
    found = [numbers[".".join(id.split(".")[:2])] for _, id in blocks]
    return max(set(found), key=lambda number: (found.count(number), -number)) if found else None


def _own_words(words: str, source: SourceText) -> str:
    own = "是编者的话，就不用引号，也不说是原文说的"
    sentence = source.nearest_sentence(words)
    return (
        f"原文最接近的一句是 {sentence.id}：“{_short(sentence.text, 60)}”，照它写成 {{quote}}`…`；{own}"
        if sentence
        else f"{own}；是原文，就从“原文全文”页复制"
    )


def _is_masked(words: str) -> bool:
    return not re.search(f"[{HAN}A-Za-z0-9]", words)


def _short(words: str, length: int = 24) -> str:
    return words if len(words) <= length else f"{words[:length]}……"
