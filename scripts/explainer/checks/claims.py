"""What the editors say: nothing that the source does not, in its own terms, and nothing unfinished."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from .book import Book
from .prose import HAN, Prose
from .rule import Flaw, Rules

RULES = Rules("说法", blocks=False)

_AMOUNT = r"(?:\d[\d.,]*\d|\d|[数几]?[一二三四五六七八九十百千万亿两]+)"
_CLAIM = re.compile(
    rf"{_AMOUNT}\s*(?:[%％‰]|个?百分点|[亿万千百]+元|元(?![素旦件宵首化结论]))"
    rf"|{_AMOUNT}多?[余]?\s*[万千]?\s*(?:家|户)(?:以上|左右)?(?:高新|高新技术|规上|科技型|中小|创新型|国有|民营)?(?:技术)?(?:企业|单位|公司|机构)"
    rf"|{_AMOUNT}多?余?\s*(?:万人|人次|名员工|亩|公顷|平方公里|平方米|公里|项专利|件专利|个高新|个项目|吨)"
    rf"|百分之(?!百){_AMOUNT}|翻[一两二三四]番|(?:增长|提高|增加|上升|下降|减少|降低)(?:了|到|至|约)?{_AMOUNT}(?:倍|成)"
)
_NUMBER = re.compile(r"(?<![A-Za-z0-9.])[0-9]+(?:[.,][0-9]+)*")
_DATE_AFTER = re.compile(r"-\d|年|月|日|号|时|点(?!\d)|分(?!之)|[A-Za-z]|[:：]\d|[.、)）]\s|级标题")
_ORDINAL_BEFORE = re.compile(r"(?:第|图|表|附件|步骤|版|编号|见|原文|电话|手机|传真|邮编|热线|A|[-:：]|〔|\d〕)\s*$|[A-Za-z][\w./-]* ?$")
_TITLE = re.compile(r"《[^》\n]*》")
_PHONE = re.compile(r"\d{3,4}-\d{7,8}|\d{4}-\d{2}-\d{2}|\d{4}-\d{4}")
_PLACEHOLDER = re.compile(
    rf"(?<!有)(?:待补充?(?![齐足强短])|待完善|待核实)|此处(?:填写|补充|待|插入)|占位|敬请期待|某某|\bTODO\b|\bFIXME\b|\bTBD\b|(?i:\bx{{3,}}\b|lorem ipsum)"
    rf"|(?<=[{HAN}])[xX×]{{2,}}|[xX×]{{2,}}(?=[{HAN}])|？{{3,}}"
)


@RULES.prose
def banned_claims(prose: Prose, book: Book) -> Iterator[Flaw]:
    """不写原文没有的比例、金额、企业数目和面积。

    原文没有一项数量指标，写出来的数字都会被当作公布的数字。
    """
    for match in _claims(prose, book):
        remedy = "删去这个数；要说明没有，就写“原文没有说明”"
        yield Flaw(match.start(), match.end(), f"原文没有“{match[0]}”这个数", remedy)


def _claims(prose: Prose, book: Book) -> Iterator[re.Match]:
    for match in _CLAIM.finditer(prose.words):
        if not (book.source and book.source.find(match[0])) and not _inside(match, _TITLE, prose.words):
            yield match


@RULES.prose
def numbers(prose: Prose, book: Book) -> Iterator[Flaw]:
    """阿拉伯数字只写原文有的，或年月日、次序、段落编号、文号、版本号。

    别的数字查不到出处；编者自己数的数用汉字写，例如“五个区域”。
    """
    if book.source is None:
        return
    known = _numbers_of(book.source)
    claims = list(_claims(prose, book))
    for match in _NUMBER.finditer(prose.words):
        number, before, after = match[0], prose.words[: match.start()], prose.words[match.end() :]
        line = before.rsplit("\n", 1)[-1]
        if number in known or any(c.start() < match.end() and match.start() < c.end() for c in claims):
            continue
        if "." in number and number.count(".") < 4 and not re.match(r"(?:19|20)\d\d\.", number):
            if book.source.has(number) or _ORDINAL_BEFORE.search(line) and re.search(r"[A-Za-z版图表]\W*$", line):
                continue
            if number.count(".") > 1 or re.search(r"(?:编号|段|句|原文|见|第)\s*$", line) or re.match(r"[段句]", after):
                remedy = "段落号和句号见网站的“原文全文”页"
                yield Flaw(match.start(), match.end(), f"原文没有编号 {number}", remedy)
                continue
        elif (
            re.match(r"(?:19|20)\d\d(?:\.|年)", number + after)
            or not re.match(r"年", after) and _DATE_AFTER.match(after)
            or _ORDINAL_BEFORE.search(line)
            or re.fullmatch(r"[\W_]*", line) and re.match(r"[.、)）]|\s*\|", after)  # of a list, or of a table's row
            or _inside(match, _TITLE, prose.words)
            or _inside(match, _PHONE, prose.words)
        ):
            continue
        remedy = "删去它；是编者数出来的，用汉字写，例如“五个”；是次序，前面写“第”"
        yield Flaw(match.start(), match.end(), f"原文没有“{number}”这个数", remedy)


def _inside(match: re.Match, pattern: re.Pattern, words: str) -> bool:
    return any(around.start() <= match.start() and match.end() <= around.end() for around in pattern.finditer(words))


@lru_cache(maxsize=4)
def _numbers_of(source) -> frozenset[str]:
    texts = [source.title, *(paragraph.text for paragraph in source.paragraphs.values())]
    return frozenset(number for text in texts for number in re.findall(r"\d+", text))


@RULES.prose
def usage(prose: Prose, book: Book) -> Iterator[Flaw]:
    """一个意思只用一个词，照原文的写法；不用的写法列在 `data/usage.csv`。

    换一个词，读者会以为说的是另一件事。
    """
    if prose.path.name == "usage.csv":
        return
    for variant, (right, reason) in book.usage.items():
        start = prose.words.find(variant)
        while start != -1:
            # “十四五” with its marks is right, though 十四五 without is not.
            begin = start - max(right.find(variant), 0)
            if variant not in right or prose.words[max(begin, 0) : begin + len(right)] != right:
                remedy = f"写成{_marked(right)}（{reason.rstrip('。')}）"
                yield Flaw(start, start + len(variant), f"“{variant}”不是原文的写法", remedy)
            start = prose.words.find(variant, start + 1)


def _marked(words: str) -> str:
    return words if words.startswith("“") else f"“{words}”"


@RULES.prose
def placeholders(prose: Prose, book: Book) -> Iterator[Flaw]:
    """没有留待补写的记号：待补、TODO、某某、xxx。

    读者会看到没有写完的页面。
    """
    for match in _PLACEHOLDER.finditer(prose.words):
        remedy = "写上内容；不知道的就删去，或写“原文没有说明”"
        yield Flaw(match.start(), match.end(), f"“{match[0]}”还没有写完", remedy)
