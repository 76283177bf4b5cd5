"""Whether the sentences of a text are the source's: to the letter, changed, or not at all.

The page that judges in the reader's browser (`theme/static/verdicts.js`) goes the same way step by step;
`tests/test_verdicts.py` holds the two together. Forgiven is what chat programs and keyboards change: width, blanks, line
ends, quotation marks, and the numbers that this site puts to sentences.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from .text import SourceText, Unit, difference, smallest

VERBATIM, CHANGED, FOREIGN = "一字不差", "与原文不同", "不在原文"

_QUOTES = frozenset("“”„‟\"‘’‚‛'「」『』〝〞〟«»‹›")
_WIDE = str.maketrans(",;:?!()", "，；：？！（）")
_LINE = re.compile("[^\r\n\u2028\u2029]+")
_SENTENCE = re.compile("[^。！？!?｡]*[。！？!?｡]+[”’」』）)》\"']*|[^。！？!?｡]+")
_NUMBER = re.compile(r"\s*[（(]?\d+\.\d+\.\d+(?:[（(]\d+[）)])?[）)]?\s*(?![\d.])")
_WORD = re.compile(r"[^\W_]")
_CANDIDATES = 3  # paragraphs that are looked into closely
_SHARED = 0.75  # of its pairs of characters a sentence shares with the one that it was made of
_LONG = 12  # characters; fewer pairs say little


@dataclass(frozen=True)
class Verdict:
    """What one sentence is: `source` and `unit` are the source's words for it and where they stand.

    Those of a foreign sentence are the nearest sentence's, if there is one; a heading's words have no unit. `whole`:
    they are all of the unit. `elsewhere`: how often they stand in the source besides. `forgiven`: something was.
    """

    words: str
    kind: str
    source: str = ""
    unit: Unit | None = None
    whole: bool = False
    elsewhere: int = 0
    forgiven: bool = False

    @property
    def difference(self) -> str:
        """In Chinese, what would have to change in the words to become the source's; what is forgiven left out."""
        if self.kind != CHANGED:
            return ""
        return difference(folded(unnumbered(self.words))[0], folded(self.source)[0])


def folded(text: str) -> tuple[str, list[int]]:
    """The text without what is forgiven, and where each of its characters stands in the text."""
    plain, at = [], []
    for place, character in enumerate(text):
        for c in unicodedata.normalize("NFKC", character):
            if not (c.isspace() or c in _QUOTES or unicodedata.category(c)[0] == "C"):
                plain.append(c)
                at.append(place)
    return "".join(plain).translate(_WIDE), at


def unnumbered(words: str) -> str:
    return _NUMBER.sub("", words, count=1) if _NUMBER.match(words) else words


class Judge:
    """Judges texts by one source."""

    def __init__(self, source: SourceText) -> None:
        texts: list[tuple[Unit | None, str]] = [(p, p.text) for p in source.paragraphs.values()]
        texts += [(None, heading) for heading in source.headings]
        self._texts = [(unit, text, *folded(text)) for unit, text in texts]
        self._pairs = [_pairs(plain) for _, _, plain, _ in self._texts]
        self._sentences = [(s, _pairs(folded(s.text)[0])) for s in source.sentences.values()]
        self._leaves = [
            (leaf, _pairs(folded(leaf.text)[0]))
            for sentence in source.sentences.values()
            for leaf in sentence.parts or (sentence,)
        ]

    def judge(self, text: str) -> list[Verdict]:
        """A verdict for each sentence, in order; what has neither letter nor digit gets none."""
        return [
            self._verdict(match[0].strip())
            for block in self._blocks(text)
            for match in _SENTENCE.finditer(block)
            if _WORD.search(match[0])
        ]

    def _blocks(self, text: str) -> Iterator[str]:
        """The lines of the text; one that the source goes on with where another line begins is no end."""
        block = ""
        for line in _LINE.findall(text):
            before, after = folded(block[-8:])[0][-2:], folded(line[:8])[0][:2]
            if len(before + after) == 4 and self._has(before + after):
                block += "\n" + line
            else:
                yield block
                block = line
        yield block

    def _has(self, plain: str) -> bool:
        return any(plain in text for _, _, text, _ in self._texts)

    def _verdict(self, words: str) -> Verdict:
        plain, _ = folded(unnumbered(words))
        found = [
            (number, match.start())
            for number, (_, _, text, _) in enumerate(self._texts)
            for match in re.finditer(f"(?={re.escape(plain)})", text)
        ]
        if found:
            number, start = found[0]
            unit, source = self._stretch(number, start, start + len(plain))
            return Verdict(
                words,
                VERBATIM,
                source,
                unit,
                whole=plain == folded(unit.text if unit else self._texts[number][1])[0],
                elsewhere=len(found) - 1,
                forgiven=words != source,
            )
        pairs = _pairs(plain)
        likely = sorted(range(len(self._texts)), key=lambda n: -len(pairs & self._pairs[n]))
        best = min(
            ((*nearest(plain, self._texts[n][2]), n) for n in likely[:_CANDIDATES]),
            key=lambda found: found[0],
        )
        distance, start, end, number = best
        if distance <= max(1, len(plain) // 3) and start < end:
            unit, source = self._stretch(number, start, end)
            return Verdict(words, CHANGED, source, unit)
        sentence, shared = _most_like(pairs, self._sentences)
        if len(plain) >= _LONG and shared >= _SHARED * len(pairs):
            return Verdict(words, CHANGED, sentence.text, sentence)
        leaf, shared = _most_like(pairs, self._leaves)
        return Verdict(words, FOREIGN, leaf.text, leaf) if shared > 1 else Verdict(words, FOREIGN)

    def _stretch(self, number: int, start: int, end: int) -> tuple[Unit | None, str]:
        """The smallest unit around a stretch of a folded text, and the source's words there, their quotation marks whole."""
        paragraph, text, _, at = self._texts[number]
        first, last = at[start], at[end - 1] + 1
        unpaired = text.count("“", first, last) - text.count("”", first, last)
        first -= unpaired < 0 and text[first - 1 : first] == "“"
        last += unpaired > 0 and text[last : last + 1] == "”"
        unit = paragraph and smallest(paragraph, first, last)
        return unit, text[first:last]


def _pairs(plain: str) -> frozenset[str]:
    return frozenset(plain[i : i + 2] for i in range(len(plain) - 1))


def _most_like(pairs: frozenset[str], units: list[tuple[Unit, frozenset[str]]]) -> tuple[Unit, int]:
    """The first unit with most of these pairs, and how many it has."""
    unit, known = max(units, key=lambda unit: len(pairs & unit[1]))
    return unit, len(pairs & known)


def nearest(words: str, text: str) -> tuple[int, int, int]:
    """The stretch of the text that becomes the words with the fewest changes (Sellers): how many, its start and end.

    Of several that are as near, the first; of those, the longest.
    """
    distances = _distances(words, text, anywhere=True)
    end = _longest(distances)
    back = _distances(words[::-1], text[:end][::-1], anywhere=False)
    return int(distances.min()), end - _longest(back), end


def _longest(distances: np.ndarray) -> int:
    least = int(distances.argmin())
    while least + 1 < len(distances) and distances[least + 1] == distances[least]:
        least += 1
    return least


def _distances(words: str, text: str, anywhere: bool) -> np.ndarray:
    """How many changes make the words of what ends at each place of the text and starts anywhere, or at its start."""
    letters = np.array([ord(c) for c in text], dtype=np.int32)
    places = np.arange(len(text) + 1)
    row = np.zeros(len(text) + 1, dtype=np.int64) if anywhere else places.copy()
    for number, letter in enumerate(words, 1):
        changed = np.minimum(row[:-1] + (letters != ord(letter)), row[1:] + 1)
        row = np.minimum.accumulate(np.concatenate(([number], changed)) - places) + places
    return row
