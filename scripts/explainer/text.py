"""The source text: chapters, paragraphs, sentences, clauses; where words stand in it.

Ids count from one: chapter ``2``, paragraph ``2.3``, sentence ``2.3.1`` (ends with 。！？),
clause ``2.4.2.3`` (ends with ；; only in sentences that have several).
"""

from __future__ import annotations

import codecs
import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from pathlib import Path

from .errors import EditorError

# A heading stands alone in a line and is no sentence, though it may ask; a text without 一、 may have （一） instead.
_HEADINGS = (
    re.compile(r"(?P<mark>[一二三四五六七八九十]+、\s*)(?P<heading>[^。！？；]{1,60}？?)"),
    re.compile(r"(?P<mark>[（(][一二三四五六七八九十]+[）)]\s*)(?P<heading>[^。！？；]{1,60}？?)"),
)
OPENING = "开头"  # the editors' name for what stands before the first heading
# A closing quotation mark after the stop still belongs to the sentence.
_SENTENCE = re.compile(r"[^。！？]*[。！？]+[”’）》]*|[^。！？]+$")
_CLAUSE = re.compile(r"[^；]*；|[^；]+$")
_HAN = re.compile("[\u4e00-\u9fff]")
_SHA256 = re.compile(rb"[0-9a-fA-F]{64}")
_MARKS = "，。；：、！？"
_MEANT = 0.6  # words that are less like any of the source were not meant for these
_WORDS_AND_ID = re.compile(r"(?P<words>.+?)\s*<(?P<id>[\d.()]+)>", re.DOTALL)


@dataclass(frozen=True)
class Unit:
    """A paragraph, sentence or clause: its id, its words, where it starts in its paragraph."""

    id: str
    text: str
    start: int = 0
    parts: tuple[Unit, ...] = ()

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def anchor(self) -> str:
        """Its name wherever something links to it."""
        return f"s{self.id}"

    @property
    def shown(self) -> str:
        """Its id as readers see it: 2.4.2(3) is the third clause of 2.4.2."""
        return re.sub(r"^(\d+\.\d+\.\d+)\.(\d+)$", r"\1(\2)", self.id)


@dataclass(frozen=True)
class Chapter:
    """One of the source's chapters: number, how the source counts it (`一、`), heading, paragraphs.

    What stands before the first heading is chapter 0, which the source neither counts nor names.
    """

    number: int
    mark: str
    heading: str
    paragraphs: tuple[Unit, ...]

    @property
    def title(self) -> str:
        return self.mark + self.heading


@dataclass(frozen=True)
class Place:
    """Where quoted words stand: ``paragraph.text[start:end]``, and the smallest unit around them."""

    paragraph: Unit
    start: int
    end: int
    unit: Unit

    @property
    def sentences(self) -> tuple[str, ...]:
        """Ids of all sentences that the words touch, in order."""
        return tuple(
            s.id for s in self.paragraph.parts if s.start < self.end and self.start < s.end
        )

    @property
    def id(self) -> str:
        """Sentence id; the paragraph's where the words run over several sentences."""
        sentences = self.sentences
        return sentences[0] if len(sentences) == 1 else self.paragraph.id

    @property
    def shown(self) -> str:
        """The id of the smallest unit around the words, as readers see it."""
        return self.unit.shown


class QuotationError(EditorError):
    """Words that are not in the source, or stand in it several times without a given id."""


class SourceText:
    """The parsed source text, from `file`. Raises EditorError when there is no chapter to be found in it."""

    def __init__(self, raw: str, file: Path | None = None) -> None:
        lines = [line.strip() for line in raw.lstrip("\ufeff").splitlines()]
        lines = [line for line in lines if line]
        self.title = lines[0] if lines else ""
        heading = next((form for form in _HEADINGS if any(map(form.fullmatch, lines))), None)
        if heading is None:
            raise EditorError(
                "原文里没有找到章标题",
                file=file,
                remedy="章标题单独一行，写作“一、……”或“（一）……”，末尾没有句号",
            )
        if heading.fullmatch(self.title):
            raise EditorError(
                "原文缺少标题",
                file=file,
                line=1,
                remedy="第一行写全文的标题，从第二行起是章标题和正文",
            )
        opening: list[str] = []
        chapters: list[tuple[str, str, list[str]]] = []
        for line in lines[1:]:
            if match := heading.fullmatch(line):
                chapters.append((match["mark"], match["heading"], []))
            else:
                (chapters[-1][2] if chapters else opening).append(line)
        if opening:
            chapters.insert(0, ("", OPENING, opening))
        self.chapters = tuple(
            Chapter(
                n,
                mark,
                heading,
                tuple(_paragraph(f"{n}.{i}", text) for i, text in enumerate(paragraphs, 1)),
            )
            for n, (mark, heading, paragraphs) in enumerate(chapters, 0 if opening else 1)
        )
        self.headings = (self.title, *(c.title for c in self.chapters if c.mark))
        self.paragraphs = {p.id: p for c in self.chapters for p in c.paragraphs}
        self.sentences = {s.id: s for p in self.paragraphs.values() for s in p.parts}
        self.clauses = {c.id: c for s in self.sentences.values() for c in s.parts}
        shown = {
            clause.shown: clause for clause in self.clauses.values()
        }  # what readers see, editors may write
        self._units = self.paragraphs | self.sentences | self.clauses | shown

    def has(self, id: str) -> bool:
        """Whether a paragraph, sentence or clause has this id."""
        return id in self._units

    def unit(self, id: str) -> Unit:
        """The paragraph, sentence or clause with this id; KeyError when there is none."""
        return self._units[id]

    def place_of(self, id: str) -> Place:
        """The whole unit with this id, as a place; KeyError when there is none."""
        unit = self._units[id]
        paragraph = self.paragraphs[".".join(id.split(".")[:2])]
        return Place(paragraph, unit.start, unit.end, unit)

    def find(self, words: str, within: str | None = None) -> list[Place]:
        """Every place where exactly these words stand, in reading order; `within` is an id."""
        if not words:
            return []
        if within is None:
            scopes = [self.place_of(p) for p in self.paragraphs]
        else:
            scopes = [self.place_of(within)]
        found = []
        for scope in scopes:
            start = scope.paragraph.text.find(words, scope.start, scope.end)
            while start != -1:
                end = start + len(words)
                found.append(
                    Place(scope.paragraph, start, end, smallest(scope.paragraph, start, end))
                )
                start = scope.paragraph.text.find(words, start + 1, scope.end)
        return found

    def locate(self, words: str, within: str | None = None) -> Place:
        """The one place where these words stand.

        Raises QuotationError when the source has no such words (with the nearest ones), when the id
        is unknown, or when they stand in several sentences and no id says which is meant.
        """
        if within is not None and within not in self._units:
            raise self._unknown(within)
        places = self.find(words, within)
        if not places:
            if within is not None and (elsewhere := self.find(words)):
                others = list(dict.fromkeys(p.id for p in elsewhere))
                raise QuotationError(
                    f"引文“{words}”不在 {within}，而在 {'、'.join(others)}",
                    remedy=f"把编号 {within} 改成 {' 或 '.join(others)}",
                )
            shown = words if len(words) <= 60 else f"{words[:50]}……"
            raise QuotationError(f"原文里没有这些字：“{shown}”", remedy=self._remedy(words, within))
        ids = tuple(dict.fromkeys(p.id for p in places))
        if len(ids) > 1:
            raise QuotationError(
                f"“{words}”在原文里不止一处（{'、'.join(ids)}）",
                remedy=f"注明引的是哪一句，例如 {ids[0]}",
            )
        return places[0]

    def cited(self, citation: str) -> tuple[str, Place]:
        """The words of an inline citation, `words` or `words <3.1.2>`, and their place.

        Raises QuotationError as `locate` does.
        """
        match = _WORDS_AND_ID.fullmatch(citation)
        words, within = (match["words"], match["id"]) if match else (citation, None)
        return words, self.locate(words, within)

    def transcluded(self, id: str, words: str = "") -> Place:
        """The unit with this id, or only these words of it. Raises QuotationError."""
        if words:
            return self.locate(words, id)
        if id not in self._units:
            raise self._unknown(id)
        return self.place_of(id)

    def _unknown(self, id: str) -> QuotationError:
        meant = unicodedata.normalize("NFKC", id).replace("。", ".").strip(".")
        return QuotationError(
            f"原文没有编号 {id}",
            remedy=f"写成半角的 {meant}"
            if self.has(meant)
            else f"段落号如 {next(iter(self.paragraphs))}，句号如 {next(iter(self.sentences))}",
        )

    def nearest(self, words: str, within: str | None = None) -> str:
        """The stretch of the source (or of the unit `within`) that these words were meant for; empty when none is."""
        units = [self._units[within]] if within else self.paragraphs.values()
        if turned := next((found for unit in units if (found := _turned(unit.text, words))), ""):
            return turned
        best, ratio = self._nearest(words, within)
        return best if ratio >= _MEANT else ""

    def likeness(self, words: str) -> float:
        """How like these words are to any stretch of the source, from 0 to 1."""
        return self._nearest(words, None)[1]

    def _nearest(self, words: str, within: str | None) -> tuple[str, float]:
        best, best_ratio = "", 0.0
        for unit in [self._units[within]] if within else self.paragraphs.values():
            for found in _alignments(unit.text, words):
                # A stop at either end that the words do not have belongs to what stands beside.
                candidate = found.lstrip(_MARKS) if words[0] not in _MARKS else found
                candidate = candidate.rstrip(_MARKS) if words[-1] not in _MARKS else candidate
                ratio = SequenceMatcher(None, candidate, words, autojunk=False).ratio()
                if ratio > best_ratio:
                    best, best_ratio = candidate, ratio
        return best, best_ratio

    def nearest_sentence(self, words: str) -> Unit | None:
        """The sentence (or the clause, where it has several) that shares most with these words; None when none does."""
        shared: dict[str, int] = {}
        leaves = [
            part for sentence in self.sentences.values() for part in sentence.parts or (sentence,)
        ]
        for unit in leaves:
            blocks = SequenceMatcher(None, unit.text, words, autojunk=False).get_matching_blocks()
            shared[unit.id] = sum(block.size for block in blocks if block.size > 1)
        best = max(leaves, key=lambda unit: (shared[unit.id], -len(unit.text)), default=None)
        return best if best and shared[best.id] >= max(2, len(words) * 0.5) else None

    def _remedy(self, words: str, within: str | None) -> str:
        nearest = self.nearest(words, within)
        if not nearest:
            own = "如果是自己的话，就不要写成引文"
            sentence = self.nearest_sentence(words)
            if sentence is None:
                return f"从原文里复制原句；{own}"
            return f"原文最接近的一句是 {sentence.id}：“{sentence.text}”，从里面复制；{own}"
        return f"原文最接近的是“{nearest}”（{difference(words, nearest)}）"


def difference(written: str, source: str) -> str:
    """In Chinese, what would have to change in `written` to become `source`."""
    if Counter(written) == Counter(source):
        return "次序不同"
    changes = []
    for op, a0, a1, b0, b1 in SequenceMatcher(None, written, source, autojunk=False).get_opcodes():
        if op == "replace":
            changes.append(f"“{_seen(written[a0:a1])}”应为“{source[b0:b1]}”")
        elif op == "delete":
            changes.append(f"多了“{_seen(written[a0:a1])}”")
        elif op == "insert":
            changes.append(f"少了“{source[b0:b1]}”")
    return "，".join(changes)


def _seen(words: str) -> str:
    """Words with the names of what cannot be seen in them."""
    return "".join(
        "〔空格〕" if c.isspace() else c if c.isprintable() else "〔看不见的字符〕" for c in words
    )


def _turned(text: str, words: str) -> str:
    """A stretch of `text` with exactly the characters of `words`, in another order."""
    wanted, have = Counter(words), Counter(text[: len(words)])
    for start in range(len(text) - len(words) + 1):
        if have == wanted:
            return text[start : start + len(words)]
        if start + len(words) < len(text):
            have[text[start + len(words)]] += 1
            have[text[start]] -= 1
    return ""


def _alignments(text: str, words: str) -> Iterator[str]:
    """Stretches of `text` that `words` may have been meant for: laid against each place of their longest common part."""
    block = SequenceMatcher(None, text, words, autojunk=False).find_longest_match()
    if not block.size:
        return
    for found in re.finditer(re.escape(words[block.b : block.b + block.size]), text):
        # The words may have lost or gained some: look a little further to both sides, then trim; what is left
        # over at either end of the words stands for as much of the text, for a wrong character is likelier
        # than one too many.
        begin = found.start() - block.b
        window = text[max(0, begin - 4) : begin + len(words) + 4]
        blocks = SequenceMatcher(None, window, words, autojunk=False).get_matching_blocks()[:-1]
        first, last = blocks[0], blocks[-1]
        rest = len(words) - last.b - last.size
        yield window[max(0, first.a - first.b) : last.a + last.size + rest]
        if first.b > 2 or rest > 2:  # so many were added, not mistaken
            yield window[
                first.a if first.b > 2 else max(0, first.a - first.b) : last.a
                + last.size
                + (0 if rest > 2 else rest)
            ]


def _paragraph(id: str, text: str) -> Unit:
    sentences = []
    for i, match in enumerate(_SENTENCE.finditer(text), 1):
        pieces = list(_CLAUSE.finditer(match[0]))
        clauses = tuple(
            Unit(f"{id}.{i}.{k}", piece[0], match.start() + piece.start())
            for k, piece in enumerate(pieces, 1)
        )
        sentences.append(
            Unit(f"{id}.{i}", match[0], match.start(), clauses if len(clauses) > 1 else ())
        )
    return Unit(id, text, 0, tuple(sentences))


def smallest(unit: Unit, start: int, end: int) -> Unit:
    """The smallest part of the unit that holds this stretch of its paragraph."""
    for part in unit.parts:
        if part.start <= start and end <= part.end:
            return smallest(part, start, end)
    return unit


def encoding_of(raw: bytes) -> str | None:
    """How a text file was saved, by the name that `decode` takes; None when that cannot be told."""
    if raw[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        candidates: tuple[str, ...] = ("utf-16",)
    else:
        # UTF-8 with a damaged byte also reads as GBK, as nonsense; what is GBK hardly reads as UTF-8 at all.
        seen = raw.decode("utf-8", "replace")
        damaged = seen.count("\ufffd") < len(_HAN.findall(seen))
        candidates = ("utf-8-sig",) if damaged else ("utf-8-sig", "gb18030")
    for encoding in candidates:
        try:
            raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    return None


def read(path: Path) -> SourceText:
    """The source text at `path`, after checking it against the sha256 beside it.

    Raises EditorError when either file is missing or the text is not the one that was published.
    """
    register = path.with_name(path.name + ".sha256")
    try:
        raw = path.read_bytes()
        # PowerShell writes UTF-16 and upper case.
        expected = _SHA256.search(register.read_bytes().replace(b"\0", b""))
    except FileNotFoundError as error:
        raise EditorError(
            "缺少这个文件", file=Path(error.filename), remedy="从仓库历史里恢复它"
        ) from None
    if expected is None:
        raise EditorError(
            "里面没有指纹（64 位的 sha256）", file=register, remedy="从仓库历史里恢复它"
        )
    if (encoding := encoding_of(raw)) != "utf-8-sig":
        saved = {"gb18030": " GBK 编码", "utf-16": "“Unicode”（UTF-16）编码"}.get(
            encoding or "", "读不出来的编码"
        )
        raise EditorError(
            f"原文存成了{saved}，要用 UTF-8",
            file=path,
            remedy="用记事本打开，选“另存为”，编码选 UTF-8；再照 CONTRIBUTING.md 重新登记指纹",
        )
    if hashlib.sha256(raw).hexdigest() != expected[0].decode().lower():
        raise EditorError(
            "原文被改动了，与登记的指纹（sha256）不符",
            file=path,
            remedy="恢复这个文件；原文一个字也不能改，连换行和空格都不能改",
        )
    return _parsed(raw.decode("utf-8-sig"), path)


@lru_cache(maxsize=4)
def _parsed(raw: str, path: Path) -> SourceText:
    return SourceText(raw, path)
