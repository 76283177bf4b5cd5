"""One reader of numbers: every quantity of a passage, in figures or in words, with its value and its unit.

A library would not do: `cn2an` knows neither 百亿, 几十 nor 3百万, and does not say where in a text a number stands.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

_DIGITS = {
    character: value
    for value, characters in enumerate(
        ("零〇", "一壹", "二两贰", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")
    )
    for character in characters
}
_UNITS = {
    "十": 10,
    "拾": 10,
    "百": 100,
    "佰": 100,
    "千": 1000,
    "仟": 1000,
    "万": 10_000,
    "亿": 100_000_000,
}
_HAN = "零〇一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟"
_FIGURE = r"[0-9０-９]+(?:[,，][0-9０-９]{3}(?![0-9０-９]))*(?:[.．][0-9０-９]+)*"
NUMERAL = rf"(?:{_FIGURE}\s*[十百千万亿]*|[几数]?[{_HAN}]+(?:几|[多余来]?(?=[百千万亿])[百千万亿]+)?(?:点[{_HAN}]+)?)"
_QUANTITY = re.compile(rf"(?P<of>{NUMERAL})分之(?P<part>{NUMERAL})|(?P<number>{NUMERAL})")
# After a number: about how many, and what is counted.
MORE = "[多余来]?"
_UNIT = re.compile(
    rf"{MORE}\s*(?P<unit>[%％‰]|个?百分点|[万亿]?(?:美元|港元|元|块钱)|平方(?:公里|千米|米)|公里|千米|公顷|亩|吨|倍|人次|个亿|[个项名家所座件位条](?:[\u4e00-\u9fff]{{0,2}})|[\u4e00-\u9fff])"
)


@dataclass(frozen=True)
class Quantity:
    """A number in a text: where it stands, what it is worth (None when that is left open), and of what."""

    start: int
    end: int
    value: Fraction | None
    unit: str
    fraction: bool
    figures: bool

    @property
    def key(self) -> tuple[Fraction | None, str]:
        """By which two spellings of the same quantity are one."""
        return self.value, self.unit


def read(text: str) -> Iterator[Quantity]:
    """The quantities of a text in the order in which they stand."""
    for match in _QUANTITY.finditer(text):
        figures = bool(re.search("[0-9０-９]", match[0]))
        if match["of"]:
            whole, part = value(match["of"]), value(match["part"])
            share = part / whole if whole and part is not None else None
            yield Quantity(match.start(), match.end(), share, "分之", True, figures)
            continue
        end = match.start() + len(match[0].rstrip())
        unit = _UNIT.match(text, end)
        amount, name = value(match[0]), unit["unit"] if unit else ""
        if name in ("%", "％"):
            amount, name = amount and amount / 100, "分之"
        yield Quantity(match.start(), end, amount, name.replace("％", "%"), False, figures)


def value(numeral: str) -> Fraction | None:
    """What a numeral is worth: 1,200, ３.5万, 三亿五千万, 二〇二五, 三百五; None for 几十 and for an id like 2.3.1."""
    numeral = unicodedata.normalize("NFKC", numeral).translate({ord(c): None for c in ", 多余来"})
    if re.search("[几数]", numeral) or numeral.count(".") > 1:
        return None
    whole, _, decimals = numeral.partition("点")
    if decimals:
        tail = "".join(str(_DIGITS[c]) for c in decimals if c in _DIGITS)
        return (value(whole) or 0) + Fraction(int(tail or 0), 10 ** len(tail))
    if re.fullmatch(f"[{''.join(_DIGITS)}]{{2,}}", numeral):  # digit by digit, as of a year
        return Fraction(int("".join(str(_DIGITS[c]) for c in numeral)))
    total, section, number, unit = Fraction(0), Fraction(0), None, 1
    for piece in re.findall(r"\d+(?:\.\d+)?|.", numeral):
        if piece[0].isdecimal():
            number = Fraction(piece)
        elif piece in _DIGITS:
            number, unit = Fraction(_DIGITS[piece]), unit if _DIGITS[piece] else 1
        elif _UNITS[piece] < 10_000:
            unit = _UNITS[piece]
            section, number = section + (1 if number is None else number) * unit, None
        else:
            unit = _UNITS[piece]
            section += number or (0 if section or total else 1)
            total, section, number = (
                (total + section) * unit if unit > 10_000 else total + section * unit,
                Fraction(0),
                None,
            )
    if number is not None:
        section += number * (
            unit // 10 if unit > 10 and numeral[-1] in _DIGITS else 1
        )  # 三百五 is 350
    return total + section
