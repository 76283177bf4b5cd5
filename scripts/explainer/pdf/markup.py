"""Typst markup from plain words. All text is emitted as strings, so that no character can turn into markup."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..glyphs import is_shown

HAN = r"\u3007\u3400-\u9fff\uf900-\ufaff"
_BREAK = re.compile(r"\s*\n\s*")
_WIDE = re.compile(r"[\u2014-\u2026\u3000-\u9fff\uf900-\ufaff\uff00-\uffef]")
# After a bold “……。” editors leave a space for Markdown's sake; on paper it would be a hole.
_EDGE_SPACE = re.compile(rf"^\s+(?={_WIDE.pattern})|(?<={_WIDE.pattern})\s+$")
# “2025年” and “2021-2025年” stay on one line.
_YEAR = re.compile(r"\d[\d-]*年")
# Between Han and digits or Latin: a gap too small for a reader of the PDF's text to take it for a space.
_SEAM = re.compile(rf"(?<=[{HAN}])(?=[0-9A-Za-z])|(?<=[0-9A-Za-z+%])(?=[{HAN}])")
GAP = "#gap;"
# The last Text of a paragraph, and in it the last two Han characters with the marks between and after them.
_LAST_TEXT = re.compile(r'#"((?:[^"\\]|\\.)*)";$')
_TAIL = re.compile(
    rf"(?<=[{HAN}，、；：])[{HAN}][^{HAN}\w\s（《“]{{0,3}}[{HAN}][^{HAN}\w\s（《“]{{0,5}}$"
)
# The same where a number is before the last character: 9日）：
_LAST_DAY = re.compile(rf'#"[\w.]+";#gap;#"[{HAN}][^{HAN}\w\s（《“]{{0,5}}";$')
# The same where a paragraph ends in a term and marks: before the term's end, that end, and the marks.
_LAST_TERM = re.compile(
    rf'(#gloss\([^\[\]]*\)\[)#"([{HAN}]*?)([{HAN}]{{1,2}})";(\];(?:#"[^{HAN}\w"]{{1,2}}";){{1,2}})$'
)


def string(words: object) -> str:
    """A Typst string literal."""
    escaped = (
        str(words)
        .replace("\\", "\\\\")
        .replace('"', '\\"')
        .replace("\n", "\\n")
        .replace("\t", "\\t")
    )
    return f'"{escaped}"'


def printable(words: str, mark: str = "〓（U+{:04X}）") -> str:
    """With the printers' mark for a character that no font has, and which one it is: a gap would hide that it is there.

    Without what PDF/UA forbids and nobody sees.
    """
    words = words.translate(dict.fromkeys((0, 0xFEFF, 0xFFFE)))
    return "".join(c if is_shown(c) else mark.format(ord(c)) for c in words)


def verbatim(words: str) -> str:
    """Words as they are, in running text; no gaps."""
    return f"#{string(printable(words))};" if words else ""


def text(words: str) -> str:
    """Words in running text: years kept whole, Han and Latin a little apart."""
    words = _EDGE_SPACE.sub("", unwrapped(words))
    result, end = [], 0
    for year in _YEAR.finditer(words):
        before = words[end : year.start()]
        result.append(_spaced(before))
        if re.search(rf"[{HAN}]$", before):
            result.append(GAP)
        result.append(f"#box[{_spaced(year[0])}]")
        end = year.end()
    return "".join(result) + _spaced(words[end:])


def unwrapped(words: str) -> str:
    """Without the line breaks of the file: between two Han characters they are nothing, else a space."""

    def joined(match: re.Match) -> str:
        before, after = words[: match.start()][-1:], words[match.end() :][:1]
        return "" if _WIDE.match(before) or _WIDE.match(after) else " "

    return _BREAK.sub(joined, words)


def without_runt(inline: str) -> str:
    """The last two characters of a paragraph hold together, so that none stands alone on a line."""
    term = _LAST_TERM.search(inline)
    if term:
        before, beginning, end, after = term.groups()
        # A term of two characters is boxed with the marks, of a longer one only the end.
        if not beginning:
            return f"{inline[: term.start()]}#box[{term[0]}]"
        return f"{inline[: term.start()]}{before}{verbatim(beginning)}#box[{verbatim(end)}];{after}"
    if day := _LAST_DAY.search(inline):
        return f"{inline[: day.start()]}#box[{day[0]}]"
    last = _LAST_TEXT.search(inline)
    tail = _TAIL.search(last[1]) if last else None
    if tail is None:
        return inline
    return f'{inline[: last.start()]}#"{last[1][: tail.start()]}";#box[#"{tail[0]}";]'


def array(items: Iterable[str]) -> str:
    """A Typst array; the comma after the last makes an array of one as well."""
    return "(" + "".join(f"{item}, " for item in items) + ")"


def call(function: str, *arguments: str, body: str | None = None) -> str:
    """`#function(arguments)[body]`, closed so that what follows is not taken for another argument."""
    content = "" if body is None else f"[{body}]"
    return f"#{function}({', '.join(arguments)}){content};"


def dictionary(**values: str) -> str:
    """A Typst dictionary; the values are markup."""
    return "(" + "".join(f"{key}: {value}, " for key, value in values.items()) + ")"


def label(*parts: str) -> str:
    """The label of a place in the book: its page's name, and the id there."""
    return string("#".join(part for part in parts if part))


def _spaced(words: str) -> str:
    return GAP.join(verbatim(piece) for piece in _SEAM.split(words)) if words else ""
