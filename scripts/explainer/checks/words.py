"""How the editors write: punctuation, width, blanks, doubled characters. Quotations never come here."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from ..glyphs import is_shown
from .book import Book
from .prose import HAN, HIDDEN, SPOKEN, Prose
from .rule import Flaw, Rules

RULES = Rules("文字", blocks=False)

_BEFORE = f"[{HAN}{SPOKEN}”’》〉）】〕…—]"
_AFTER = f"[{HAN}{SPOKEN}“‘《〈（【〔]"
_FULL = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！", ".": "。"}
_HALF_STOP = re.compile(
    rf"(?<={_BEFORE})(?:[,;:?]|!(?!\[)|\.(?![A-Za-z0-9.]))|(?:[,;:?]|!(?!\[))(?={_AFTER})"
)
_HALF_DOTS = re.compile(rf"(?<={_BEFORE})\.{{3,}}|\.{{3,}}(?={_AFTER})")
_HALF_DASH = re.compile(rf"(?<={_BEFORE})--+(?={_AFTER})")
_PARENTHESES = re.compile(r"\(([^()\n]*)\)(?!=)")  # (name)= is a label
_QUOTES = re.compile(r"\"([^\"\n]*)\"")
_INVISIBLE = re.compile(
    "[\u00a0\u00ad\u2002-\u200f\u2028-\u202f\u2060-\u2064\ufeff\ufe0e\u0000-\u0008\u000b\u000c\u000e-\u001f]+"
)
_RADICALS = re.compile("[\u2e80-\u2fdf\uf900-\ufaff\u5dff]+")
_WIDE = re.compile(r"[Ａ-Ｚａ-ｚ０-９]+")
_BLANK = re.compile(
    rf"(?<=[{HAN}])[ \t]+([0-9][0-9.,-]*)(?:[ \t]+(?=[{HAN}]))?|([0-9])[ \t]+(?=[{HAN}])"
)
_NAME_BEFORE = re.compile(r"[A-Za-z][\w./ -]*$")
_PAIRS = {
    "“": "”",
    "‘": "’",
    "《": "》",
    "〈": "〉",
    "（": "）",
    "【": "】",
    "〔": "〕",
    "「": "」",
    "『": "』",
}
_CLOSING = {closing: opening for opening, closing in _PAIRS.items()}

# A character that is seldom rightly doubled, each with what must not stand before and after it: 目的的, 为了了解.
_DOUBLED = {
    "的": ("目", "确"),
    "了": ("", "解结断然却不"),
    "是": ("于但可", "非"),
    "在": ("现存实潜内", ""),
    "和": ("", "谐平睦解气约"),
    "与": ("参给赋", "会其否"),
    "及": ("涉普以", "时早格其"),
    "把": ("", "关手"),
    "被": ("", ""),
    "对": ("针应面反相绝", "象策手方外比接口照付待"),
    "从": ("服顺听跟", ""),
    "向": ("方走趋倾导面转", ""),
    "就": ("成造", "业地近"),
    "也": ("", ""),
    "都": ("首成", "市会"),
    "而": ("", ""),
    "之": ("", ""),
    "这": ("", ""),
    "我": ("自", ""),
    "它": ("其", ""),
    "以": ("所可难予加", "上下内外前后及便来为"),
    "并": ("合", "行且列"),
    "于": ("关由", ""),
    "或": ("", ""),
    "将": ("", "来军"),
    "由": ("理自缘", ""),
}
_TWICE = re.compile(rf"([{HAN}])\1")
_LONG_TWICE = re.compile(
    rf"([{HAN}]{{3,}}|没有|可以|这个|一个|就是|不是|因为|所以|但是|以及|我们|它们|他们|如果)\1"
)
_STOP_TWICE = re.compile(
    r"([。，、；])\1+|(?<!：)：：(?!：)|[，、；][。，、；：]|：[。，、；]|。[，、；：]"
)


# What the fonts lack, and how it is written without.
_WRITTEN_OUT = {
    "㎡": "平方米",
    "㎥": "立方米",
    "㎏": "千克",
    "㎞": "公里",
    "㏄": "毫升",
    "㎜": "毫米",
    "㎝": "厘米",
}


@RULES.prose
def half_width_punctuation(prose: Prose, book: Book) -> Iterator[Flaw]:
    """汉字旁边用全角标点。

    半角标点与汉字挤在一起，换行也会断在不该断的地方。
    """
    words = prose.words
    for match in _HALF_STOP.finditer(words):
        yield _instead(match.start(), match.end(), match[0], _FULL[match[0]])
    for pattern, better in ((_HALF_DOTS, "……"), (_HALF_DASH, "——")):
        for match in pattern.finditer(words):
            yield _instead(match.start(), match.end(), match[0], better)
    for match in _PARENTHESES.finditer(words):
        if re.match(r"#|https?:|[\w./-]+\.md$", match[1]):
            continue  # where a link goes that has lost its brackets
        if re.search(f"[{HAN}]", match[1]) or re.match(
            _BEFORE, words[max(0, match.start() - 1) : match.start()]
        ):
            yield _around(prose, match, "圆括号", "（）")
    for match in _QUOTES.finditer(words):
        if re.search(f"[{HAN}]", match[1]):
            yield _around(prose, match, "引号", "“”")


def _instead(start: int, end: int, written: str, better: str) -> Flaw:
    return Flaw(start, end, f"汉字旁边用了半角的“{written}”", better=better)


def _around(prose: Prose, match: re.Match, written: str, better: str) -> Flaw:
    inside = prose.raw[match.start() + 1 : match.end() - 1]
    return Flaw(
        match.start(),
        match.end(),
        f"汉字旁边用了半角的{written}",
        better=better[0] + inside + better[1],
    )


@RULES.prose
def full_width_letters(prose: Prose, book: Book) -> Iterator[Flaw]:
    """字母和数字用半角。

    全角的查找不到，读屏软件也会一个一个地念。
    """
    for match in _WIDE.finditer(prose.words):
        better = "".join(chr(ord(character) - 0xFEE0) for character in match[0])
        yield Flaw(match.start(), match.end(), f"“{match[0]}”是全角的", better=better)


@RULES.prose
def blank_beside_digits(prose: Prose, book: Book) -> Iterator[Flaw]:
    """汉字与数字之间不空格。

    空格会在换行时把数字和单位拆到两行。
    """
    for match in _BLANK.finditer(prose.words):
        before = prose.words[: match.start()].rsplit("\n", 1)[-1]
        if not _NAME_BEFORE.search(before):  # “CC BY 4.0 许可”: the number belongs to a name
            better = match[1] or match[2]
            yield Flaw(match.start(), match.end(), "汉字与数字之间有空格", better=better)


@RULES.prose
def wide_blank(prose: Prose, book: Book) -> Iterator[Flaw]:
    """不用全角空格，段首也不用。

    网页和会议版会自己缩进，多出来的空格读起来像少了字。
    """
    for match in re.finditer(r"^　+|　+$", prose.words, re.M):
        yield Flaw(
            match.start(),
            match.end(),
            "行首或行尾有全角空格",
            f"写成“{prose.mended(Flaw(match.start(), match.end(), '', '', ''))}”",
            "",
        )
    for match in re.finditer(r"(?<=[^\n　])　+(?=[^\n　])", prose.words):
        yield Flaw(match.start(), match.end(), "句子里有全角空格", "删去它，或换成标点")


@RULES.prose
def invisible_characters(prose: Prose, book: Book) -> Iterator[Flaw]:
    """没有从 Word、微信里带来的看不见的字符。

    看不见，却会让搜索找不到、让一行断在奇怪的地方。
    """
    for match in _INVISIBLE.finditer(prose.words):
        near = prose.around(match.start(), match.end(), "□")
        between = (
            prose.words[match.start() - 1 : match.start()]
            + prose.words[match.end() : match.end() + 1]
        )
        better = " " if match[0].isspace() and between.isascii() and len(between) == 2 else ""
        yield Flaw(
            match.start(),
            match.end(),
            f"“{near}”里的方框处有看不见的字符",
            "删去它，重新打这几个字",
            better,
        )


@RULES.prose
def broken_lines(prose: Prose, book: Book) -> Iterator[Flaw]:
    """一段话写成一行，中间不换行。

    只换一行不会另起一段：网页上会连在一起，中间多一个空格。
    """
    for match in re.finditer(r"\\\n(?=[^\n])", prose.words):
        yield Flaw(
            match.start(),
            match.end(),
            "行末的“\\”会硬换行，会议版排不了",
            "删去“\\”，连成一行；要另起一段，中间空一行",
        )
        return
    for match in re.finditer(r"(?<=\S)\n(?=[^\n])", prose.words):
        if not prose.words[: match.start()].rsplit("\n", 1)[-1].strip(HIDDEN + "-=:| "):
            continue  # a line of nothing but markup
        remedy = "要另起一段，中间空一行；是列表，每条前面写“- ”，列表上面空一行；不然就连成一行"
        yield Flaw(match.start(), match.end(), "一段话中间换了行", remedy)
        return  # once a passage is enough


@RULES.prose
def blank_at_end(prose: Prose, book: Book) -> Iterator[Flaw]:
    """行尾没有空格。

    看不见，却会让这一行硬断开，也会让审稿人看到没有变化的改动。
    """
    for match in re.finditer(r"[ \t]+$", prose.words, re.M):
        yield Flaw(match.start(), match.end(), "行尾有空格", "删去行尾的空格", "")


@RULES.prose
def traditional_characters(prose: Prose, book: Book) -> Iterator[Flaw]:
    """用简体字。"""
    for match in re.finditer(f"[{HAN}]", prose.words):
        if simple := _simplified(match[0]):
            yield Flaw(match.start(), match.end(), f"“{match[0]}”是繁体字", better=simple)


@lru_cache(maxsize=4096)
def _simplified(character: str) -> str:
    """The one simplified form of a character that simplified Chinese does not have; empty for all others."""
    try:
        character.encode(
            "gb2312"
        )  # has 乾, 著 and the like, which are also right in simplified text
        return ""
    except UnicodeEncodeError:
        simple = _converter().convert(character)
        return simple if simple != character and len(simple) == 1 else ""


@lru_cache(maxsize=1)
def _converter():
    from opencc import OpenCC

    return OpenCC("t2s")


@RULES.prose
def look_alikes(prose: Prose, book: Book) -> Iterator[Flaw]:
    """没有从 PDF 里拷来的、样子相同的别的字（康熙部首一类）。

    看着一样，搜索却找不到，读屏软件也念不出。
    """
    for match in _RADICALS.finditer(prose.words):
        better = unicodedata.normalize("NFKC", match[0])
        yield Flaw(
            match.start(),
            match.end(),
            f"“{match[0]}”是样子相同的别的字",
            "" if better != match[0] else "重新打这个字",
            better if better != match[0] else None,
        )


@RULES.prose
def pictographs(prose: Prose, book: Book) -> Iterator[Flaw]:
    """不用表情符号和极生僻的字。

    会议版的字体里没有，印成〓。
    """
    for match in re.finditer("[^\ue000-\uf8ff\ufe0e\ufe0f]\ufe0f?", prose.words):
        character = match[0][0]
        if (
            not is_shown(character)
            and not _simplified(character)
            and not _RADICALS.match(character)
        ):  # which has been found fault with
            remedy = _WRITTEN_OUT.get(character)
            yield Flaw(
                match.start(),
                match.end(),
                f"会议版的字体里没有“{match[0]}”这个字",
                f"写成“{remedy}”" if remedy else "删去它，或换一个字",
            )


@RULES.prose
def doubled_characters(prose: Prose, book: Book) -> Iterator[Flaw]:
    """没有打重的字、词和标点（的的、。。）。"""
    words = prose.words
    for match in _TWICE.finditer(words):
        character, before, after = (
            match[1],
            words[match.start() - 1 : match.start()],
            words[match.end() : match.end() + 1],
        )
        if character in _DOUBLED:
            not_after, not_before = _DOUBLED[character]
            if not (before and before in not_after) and not (after and after in not_before):
                yield _once(prose, match.start(), match.end(), match[0], character)
    for match in _LONG_TWICE.finditer(words):
        yield _once(prose, match.start(), match.end(), match[0], match[1])
    for match in _STOP_TWICE.finditer(words):
        yield _once(
            prose,
            match.start(),
            match.end(),
            match[0],
            match[0][-1] if match[0][-1] == "。" else match[0][0],
        )


def _once(prose: Prose, start: int, end: int, twice: str, once: str) -> Flaw:
    return Flaw(start, end, f"“{twice}”打重了", f"写成“{prose.around(start, end, once)}”")


@RULES.prose
def unpaired_marks(prose: Prose, book: Book) -> Iterator[Flaw]:
    """引号、书名号、括号成对。"""
    opened: list[tuple[str, int]] = []
    for offset, character in enumerate(prose.words):
        if character in _PAIRS:
            opened.append((character, offset))
        elif character in _CLOSING:
            if opened and opened[-1][0] == _CLOSING[character]:
                opened.pop()
            elif not (
                character == "）"
                and re.search(
                    r"(?:^|[。；：，])\s*[\w一二三四五六七八九十]{1,3}$",
                    prose.words[:offset].rsplit("\n", 1)[-1],
                )
            ):
                near = prose.around(offset, offset + 1)
                remedy = f"在前面补上“{_CLOSING[character]}”，或删去“{character}”；引号先“后”，两个方向不同"
                if character == "）" and "(" in prose.words[:offset]:
                    remedy = "把前面半角的“(”写成全角的“（”"
                yield Flaw(offset, offset + 1, f"“{near}”里的“{character}”没有开头", remedy)
                return
    for character, offset in opened[:1]:
        near = prose.around(offset, offset + 1)
        yield Flaw(
            offset,
            offset + 1,
            f"“{near}”里的“{character}”没有结尾",
            f"在后面补上“{_PAIRS[character]}”，或删去它",
        )
