"""The editors' own words: what style rules may judge, each character at its place in the file.

What is not theirs (the source's words, terms of the glossary, code, addresses, markup) is masked in `words`, so
that a rule cannot see it and a fix cannot touch it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .rule import Flaw

# Characters that nobody types: for the words of a role, which are read as Chinese, for HTML's &names;, and for all else.
SPOKEN, HIDDEN, NAMED = "\ue000", "\ue001", "\ue002"
HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"

_BEGIN = re.compile(
    r"^[ \t]*(?:>[ \t]?)*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(?:#{1,6}[ \t]+)?(?::[ \t]+)?(?:\[\^[^\]\n]+\]:)?",
    re.M,
)
CODE = re.compile(r"(?:(\{[\w:+.-]+\})|(?<!`))(`+)(?!`)(.+?)(?<!`)\2(?!`)", re.S)
_HIDDEN = re.compile(
    r"(?<=\])\((?:<[^>\n]*>|[^()\s]*(?:\([^()\s]*\)[^()\s]*)*)(?:\s+(?:\"[^\"]*\"|'[^']*'))?\)"  # where a link goes
    r"|(?<=\])[ \t]*\((?=[^)\n]*\.(?:md|png|jpe?g|svg)\b)[^()\n]*\)"  # where it should go, but for blanks
    r"|(?<=\])\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)"
    r"|(?<=\])\[[^\]\n]*\]|\[\^[^\]\n]+\]|^\[[^\]\n]+\]:.*"
    r"|<[A-Za-z/!][^>]*>"
    r"|(?<![A-Za-z0-9])(?:https?://|www\.)[!-~]+|[\w.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"
    r"|\\[!-/:-@\[-`{-~]",
    re.M,
)

_DENIED = re.compile(
    r"(?:没有?|不(?![过仅但断只])(?:是|能|会|可|再|要)?|未|别|并非|是否|有没有|能否|无法|难以)[^。！？；，：\n]{0,14}$"
)
_NAMED = re.compile(r"&(?:[A-Za-z][A-Za-z0-9]*|#\d+|#[xX][0-9A-Fa-f]+);")


@dataclass(frozen=True)
class Prose:
    """A passage: `raw` as it stands from `line` on, `words` the same with all that is not the editors' masked."""

    path: Path
    line: int
    raw: str
    words: str
    fixable: bool = True

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column, both from one."""
        before = self.raw[:offset]
        return self.line + before.count("\n"), offset - before.rfind("\n")

    def around(self, start: int, end: int, instead: str | None = None) -> str:
        """The words at a place with a few before and after, in one line; with others `instead` where given."""
        begin = self.raw.rfind("\n", 0, start) + 1
        stop = self.raw.find("\n", end)
        stop = len(self.raw) if stop == -1 else stop
        before, after = self.raw[begin:start], self.raw[end:stop]
        before = before if len(before) <= 10 else f"……{before[-8:]}"
        after = after if len(after) <= 10 else f"{after[:8]}……"
        middle = self.raw[start:end] if instead is None else instead
        return f"{before}{middle}{after}".strip()

    def mended(self, *flaws: Flaw) -> str:
        """How the words around these flaws of one line read without them."""
        start, end = flaws[0].start, max(flaw.end for flaw in flaws)
        better, at = "", start
        for flaw in flaws:
            if flaw.start >= at:  # else they overlap
                better += self.raw[at : flaw.start] + flaw.better
                at = flaw.end
        return self.around(start, end, better + self.raw[at:end])


def of_markdown(path: Path, line: int, raw: str, fixable: bool = True) -> Prose:
    """The prose of some whole lines of Markdown."""
    words = CODE.sub(_code, raw)
    words = _BEGIN.sub(lambda m: _mask(m[0]), words)
    words = _HIDDEN.sub(lambda m: _mask(m[0]), words)
    words = _NAMED.sub(lambda m: _mask(m[0], NAMED), words)
    return Prose(path, line, raw, words, fixable)


def within(path: Path, line: int, raw: str, start: int, end: int, fixable: bool = True) -> Prose:
    """The prose of one line that is markup but for `raw[start:end]`."""
    inner = of_markdown(path, line, raw[start:end]).words
    return Prose(path, line, raw, _mask(raw[:start]) + inner + _mask(raw[end:]), fixable)


def plain(path: Path, line: int, text: str, fixable: bool = True) -> Prose:
    """Words without any markup, as in a table."""
    return Prose(path, line, text, _HIDDEN.sub(lambda m: _mask(m[0]), text), fixable)


def is_editors(source: str | None, type: str, alias: str) -> bool:
    """Whether a table's column holds what the editors say, and neither the source's words nor a key."""
    return (
        source is None
        and type == "string"
        and alias not in ("given", "id", "variant", "authorities")
    )


def is_denied(words: str, at: int) -> bool:
    """Whether what stands at a place is said not to be so: 没有…, 不…, 是否…"""
    return bool(_DENIED.search(words[:at]))


def is_quoted(words: str, at: int, marks: str = "“”") -> bool:
    """Whether a place stands between such marks."""
    line = words[words.rfind("\n", 0, at) + 1 : at]
    return line.count(marks[0]) > line.count(marks[1])


def _code(found: re.Match) -> str:
    role, ticks, words = found.groups()
    if role in ("{only-html}", "{only-meeting}"):  # the editors' words, for one medium
        return _mask(role + ticks) + words + _mask(ticks)
    return _mask(found[0], SPOKEN if role in ("{quote}", "{gloss}") else HIDDEN)


def _mask(text: str, by: str = HIDDEN) -> str:
    return re.sub(r"[^\n]", by, text)
