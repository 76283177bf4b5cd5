"""What the editors say: nothing that the source does not, in its own terms, and nothing unfinished."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from functools import lru_cache

from ..errors import EditorError
from ..text import SourceText
from . import quantities
from .book import Book
from .chapters import Chapter, Heading, Target
from .personal import find as personal_in
from .prose import HAN, HIDDEN, Prose
from .quantities import MORE, NUMERAL, Quantity
from .rule import Flaw, Rules

RULES = Rules("说法", blocks=False)

# What is measured or counted when somebody makes a claim; an editor's own "三句话" is none.
_MEASURE = re.compile(
    rf"{MORE}\s*(?P<unit>[%％‰]|个?百分点|[万亿]?(?:美元|港元|元(?![素旦件宵首化结论])|块钱)|人民币|平方(?:公里|千米|米)|公里|千米|公顷|亩|吨|[万千兆]瓦|人次|名员工|个?亿"
    r"|个?工作日|个?(?:小时|星期|月)[之以]?内|[天日周][之以]?内|倍|成(?![功为立长员果本绩套份分就效型了语不天年新])|折(?!线))"
)
# What any policy may count; a book adds those of its field in `explainer_counted`.
_NOUNS = [
    "企业",
    "单位",
    "公司",
    "机构",
    "项目",
    "岗位",
    "工程",
    "专家",
    "博士",
    "教授",
    "学校",
    "学院",
    "镇",
    "街道",
    "村",
    "社区",
    "城市",
    "国家",
    "群众",
    "居民",
]
_PEOPLE = (
    "名(?![词字称义目录气单片次言])|位(?=院士|专家|博士|教授|同志|干部|企业家|居民|群众)|人(?![行组民口物类员间生们])|户"
    "|家(?=$|[，。；、）以左的多]|[高规科中创国民外企单公机工银院])"
)
_OF = f"(?![与和跟有是对])[{HAN}]"  # what may stand between a number and what it counts
_COUNTER = re.compile(f"{MORE}\\s*[个家名项所座件位]")
_EXACT = re.compile("[一二两三四五六七八九几数0-9０-９]")
_LARGE = re.compile(
    r"[二两三四五六七八九]亿|[百千十][多余来]?亿|[多余来][百千万亿]|[二两三四五六七八九]十?[百千万](?!分)|一[百千万][二三四五六七八九零]"
)
_NO_CLAIM_AFTER = re.compile("年|岁|夜|天|像素|个?字|[，、][一二三四五六七八九]")
_SET_PHRASES = re.compile("百分之百|万分之一|一亩三分地")
_ABOUT = tuple("上逾近超约达")
# Between two numbers that make one claim: 3~5家, 8%-10%, 1∶3, 由12提高到20.
_RANGE = re.compile(
    r"[%％]?\s*(?:[-–—~～∶:：/]|[至到比]|(?:提高|提升|增加|增长|上升|下降|降低|减少)?[到至])\s*"
)
_RANK = re.compile(
    rf"(?:(?:全[国省市区县球]|[省市区国县州湾]内?|排名|位[居列]|名列|跻身|[位居排列]|进入)[^。，；：“]{{0,4}}?第\s*{NUMERAL}(?![{HAN}]?[章节段句条项个部步批次类期版页届{{]|[、，：])|"
    rf"(?:全[国省市区县球]|排名|位[居列]|名列|跻身|[居排进])[^。，；：“]{{0,6}}?前\s*{NUMERAL}(?![个项章句段条次年天位]?[个项章句段条年天])|前\s*{NUMERAL}[名强]|第\s*{NUMERAL}\s*名(?![读])|{NUMERAL}强(?=[。，；、企县区市）]|$)|(?i:top)\s*\d+)[名位强]?"
)
_DOUBLING = re.compile(r"翻(?:了)?[一两二三四]?番|翻倍|倍增|成倍(?:增|提|扩|上)?")
# Shares and ranks without a numeral, and numerals that are one character: 半数, 数一数二, ⑧个.
_IN_WORDS = re.compile(
    rf"(?:近|超过?|过|逾|约)半(?![夜天年个晌径月])|半数(?:以[上下])?|一半(?:以[上下]|的?(?={'|'.join(_NOUNS)}))|减半|(?:超过?|逾|突破|高达|近)[十百千][万亿](?![里分])|数一数二|首屈一指|名列前茅|独占鳌头|拔得头筹|(?:位居|荣登|勇夺|高居)?榜首|全[国省市区]最[{HAN}]"
    rf"|[①-⑳⑴-⑽❶-❿㈠-㈩Ⅰ-Ⅻ]\s*(?:个|家|项|名|所|座|条|支|亿|万|成|倍)"
)
_MARKS_GIVEN = re.compile(
    rf"(?:(?<=达到)|(?<=[为达至是约长]))[一二三四五六七八九十百]+点[一二三四五六七八九](?![十分刻钟])|(?:提高|提升|增加|下降|降低|得|评|打)了?{NUMERAL}分(?![钟之])"
)
# Numbers that claim nothing: dates and times, what is numbered, lists.
_DATE = re.compile(
    r"〔\d{4}〕\s*(?:第\s*)?\d*|(?:19|20)\d\d\s*(?:[-—–~～至到]+\s*(?:19|20)\d\d\s*)?年?(?:度|代)?(?=\D|$)(?![余多](?!年)|套)(?:[-/.]\d{1,2}(?:[-/.]\d{1,2})?(?![\d.]))?"
    r"|\d{1,2}\s*月(?!度|份额)(?:\s*\d{1,2}\s*[日号]?)?|(?<![\d.])\d{1,2}\s*[日号](?![A-Za-z])|(?<![\d:.])\d{1,2}[:：]\d{2}(?::\d{2})?(?![\d%])"
    r"|\d{1,2}\s*(?:时|点(?![一-龥]?\d))(?:\s*\d{1,2}\s*分)?|\d{1,2}\s*世纪(?:\s*\d0\s*年代)?|\d0\s*年代|7\s*[×xX*]\s*24|24\s*小时"
)
_YEAR_ALONE = re.compile(r"(?:19|20)\d\d")
_NUMBERED_BEFORE = re.compile(r"(?:第|图|表|附件|步骤|编号|附录|脚注|版本?)\s*(?:\d+[-.])*$")
_LIST_MARK = re.compile(r"[\W_]*$")
_ID_BEFORE = re.compile(
    r"(?:^|[（(、，。；“和与及或到至从在由见第看读查如]|原文|编号|段落?|句子?|[：:](?<=见.)|(?<=文)[：:])\s*$"
)
_ID_AFTER = re.compile(r"\s*(?:$|[，。、；）)”：]|[和与及或到至里中的是说讲写段句半也])")
_LATIN_BEFORE = re.compile(r"[（(]?([A-Za-z][A-Za-z/&+.]*(?: [A-Z][A-Za-z]*)*)[)） -]?$")
_LATIN_AFTER = re.compile(r"[GKD](?![A-Za-z])|[kKM]B\b|px\b|dpi\b")
_HOTLINE = re.compile(r"(?:热线|拨打|电话|拨)[：:是]?\s*$")
_LEAVE_OUT = "删去这个数；要说明没有，就写“原文没有说明”"
_COUNT_IN_WORDS = "删去它；是编者数出来的，用汉字写，例如“五个”；是次序，前面写“第”"
_TITLE = re.compile(r"《[^》\n]*》")
_LANDLINE = re.compile(r"(?<!\d)(?:0\d{2,3}[-—– ]?)?[2-8]\d{6,7}(?:[-—转]\d{1,5})?(?!\d)")
_INTERNAL = re.compile(
    rf"内部(?:资料|文件|使用|参考|材料|掌握|传阅|讨论稿)|(?:征求意见|送审|报批|讨论|初)稿|(?:请勿|不得|切勿)(?:外传|转发|公开)|注意保密|(?<![保])(?:机密|秘密|绝密)[★：:]"
    rf"|(?:审校|校对|审核|审阅|批注|修改)(?:意见|人|者)?[：:]|[（(【][{HAN}]{{0,4}}?请[{HAN}]{{0,6}}(?:核实|核对|确认|补充|修改|审定)|(?<!有)待[^。，；、]{{0,6}}(?:审定|审核|核实|确认|补充|定稿|把关)|(?:核实|确认|审定)后再?(?:补充|修改|填写|补上|定)|[【\[（](?:编辑|审校|校对|批)注[：:]?|@(?=[{HAN}A-Za-z])[{HAN}A-Za-z0-9_]{{2,12}}"
)
_QUOTED = re.compile(f"“(?P<words>[{HAN}、]{{4,}})”")
_PLACEHOLDER = re.compile(
    rf"(?<!有)(?:待补充?(?![齐足强短])|待完善|待核实)|此处(?:填写|补充|待|插入)|占位|敬请期待|某某|\bTODO\b|\bFIXME\b|\bTBD\b|(?i:\bx{{3,}}\b|lorem ipsum)"
    rf"|(?<=[{HAN}])[xX×]{{2,}}|[xX×]{{2,}}(?=[{HAN}])|？{{3,}}"
)


@RULES.prose
def numbers(prose: Prose, book: Book) -> Iterator[Flaw]:
    """不写原文没有的数：比例、金额、企业和项目的数目、面积、名次、倍数，用阿拉伯数字还是用汉字写都一样。

    写出来的数字都会被当作公布的数字。年月日、次序、段落编号、文号可以写；编者自己数的数用汉字写，例如“三句话”。
    """
    if book.source is None:
        return
    known = _known(book.source)
    taken = [(personal.start, personal.end) for personal in personal_in(prose.raw)]
    taken += [match.span() for match in _TITLE.finditer(prose.words)]
    wrong: list[tuple[int, int, str]] = []
    for start, end in _claims(prose.words, book):
        if not _meets(taken, start, end) and not book.source.find(prose.words[start:end]):
            taken.append((start, end))
            wrong.append((start, end, _LEAVE_OUT))
    allowed = [match.span() for match in _DATE.finditer(prose.words)]
    for match in _LANDLINE.finditer(prose.words):
        if not _meets(taken, *match.span()) and not _meets(allowed, *match.span()):
            taken.append(match.span())
            if re.sub(r"\D", "", match[0]) not in book.phones:
                remedy = "办公电话写在 _config.yml 的“联系方式”里，网站和会议版自会印上；这里写“联系方式在页面底部”"
                yield Flaw(match.start(), match.end(), f"电话“{match[0]}”不是出版设置里的", remedy)
    for quantity in quantities.read(prose.words):
        start, end = quantity.start, quantity.end
        if (
            not quantity.figures
            or _meets(taken, start, end)
            or _meets(allowed, start, end)
            or quantity.key in known
        ):
            continue
        number, before = prose.words[start:end], prose.words[:start].rsplit("\n", 1)[-1]
        after = prose.words[end:].split("\n", 1)[0]
        if number.count(".") > 1 and book.source.has(number):
            continue
        if (
            re.fullmatch(r"\d+(?:\.\d+)+", number)
            and _ID_BEFORE.search(before)
            and _ID_AFTER.match(after)
        ):
            if not book.source.has(number) and number.count(".") < 4:
                yield Flaw(start, end, f"原文没有编号 {number}", "段落号和句号见网站上的原文全文")
            continue
        if (
            _is_numbered(number, before, after, book)
            or re.search(r"[A-Za-z]$", before) is None
            and _LATIN_AFTER.match(after)
        ):
            continue
        small = number.isdecimal() and len(number) < 3 and not re.search(r"[：:]\s*$", before)
        wrong.append((start, end, _COUNT_IN_WORDS if small else _LEAVE_OUT))
    for start, end, remedy in _joined(sorted(wrong), prose.words):
        yield Flaw(start, end, f"原文没有“{prose.words[start:end]}”这个数", remedy)


def _joined(wrong: list[tuple[int, int, str]], words: str) -> list[tuple[int, int, str]]:
    """The same with the two ends of a range as one."""
    joined: list[tuple[int, int, str]] = []
    for start, end, remedy in wrong:
        if joined and _RANGE.fullmatch(words, joined[-1][1], start):
            joined[-1] = (joined[-1][0], end, _LEAVE_OUT)
        else:
            joined.append((start, end, remedy))
    return joined


def _is_numbered(number: str, before: str, after: str, book: Book) -> bool:
    """Whether the number only counts or names: of a list, a table's row, a chapter, a standard, a hotline."""
    if re.match(r"\s*(?:版|级标题)", after) or before.endswith("》"):
        return True
    if (
        _NUMBERED_BEFORE.search(before)
        or _YEAR_ALONE.fullmatch(number)
        and not re.match(r"\s*(?:[多余]?\s*[%％万亿个家名项元亩套]|年)", after)
    ):
        return True
    if (
        re.fullmatch(r"[（(]?", before.strip(HIDDEN)[-1:])
        and re.match(r"[)）]", after)
        and len(number) < 3
    ):
        return True  # （1）
    if _LIST_MARK.match(before) and re.match(r"[.、)）]|\s*\|", after):
        return True
    if re.search(r"[。；，：\s]$", before) and re.match(r"[)）]", after) and len(number) < 3:
        return True
    if (
        number.isdecimal()
        and len(number) in (3, 5)
        and number[0] == "1"
        and (
            _HOTLINE.search(before)
            or re.match(r"(?:政务|服务|市民|便民|公共|政府)*(?:热线|电话)", after)
        )
    ):
        return True
    latin = _LATIN_BEFORE.search(before)
    return bool(latin) and (
        book.names is None
        or any(latin[1] == name or latin[1].endswith(f" {name}") for name in book.names)
    )


def _claims(words: str, book: Book) -> Iterator[tuple[int, int]]:
    """The stretches that claim something of the world."""
    for pattern in (_RANK, _DOUBLING, _MARKS_GIVEN, _IN_WORDS):
        yield from (match.span() for match in pattern.finditer(words))
    known = _known(book.source)
    for quantity in quantities.read(words):
        if quantity.key not in known and (end := _end_of_claim(words, quantity, book)):
            yield quantity.start, end


@lru_cache(maxsize=4)
def _counting(field: tuple[str, ...]) -> tuple[re.Pattern, re.Pattern, re.Pattern]:
    """What is counted, where nouns of the book's field are counted too: after the number, by itself, and before it."""
    nouns = "|".join([*_NOUNS, *map(re.escape, field)])
    people = rf"(?P<people>(?:{_PEOPLE})(?:(?:{_OF}){{0,4}}?(?:{nouns}))?)"
    counted = rf"{MORE}\s*(?:{people}|[个项件所座条批只]?(?![线级类等])(?:{_OF}){{0,4}}?(?P<noun>{nouns}))"
    return (
        re.compile(counted),
        re.compile(nouns),
        re.compile(rf"(?P<noun>{nouns})(?:总?数量?|已|共|有|达到?|为|[：:]){{0,3}}$"),
    )


def _end_of_claim(words: str, quantity: Quantity, book: Book) -> int | None:
    """Where the claim that begins with this quantity ends; None when it claims nothing."""
    text, before = words[quantity.start : quantity.end], words[: quantity.start]
    if _SET_PHRASES.match(words, quantity.start):
        return None
    if quantity.fraction:
        return quantity.end
    exact = _EXACT.search(text)
    if measure := _MEASURE.match(words, quantity.end):
        unit = measure["unit"]
        loose = (
            unit in ("倍", "折", "成")
            and not exact
            or unit == "成"
            and len(text) > 1
            and not quantity.figures
        )
        return None if loose else measure.end()
    if quantity.value == 1 and not quantity.figures or before[-1:] in tuple("第每这那哪"):
        return None
    after_number, nouns, before_number = _counting(tuple(book.listed("explainer_counted")))
    if counted := after_number.match(words, quantity.end):
        noun = nouns.search(counted[0])
        if noun and _is_counted_in_a_table(quantity, noun[0], book):
            return None
        if counted["people"]:
            idle = (
                not exact
                and not noun
                and text[-1] in "百千万"
                and not before.endswith(_ABOUT)
                or counted["people"] == "人"
                and quantity.value == 2
            )  # 百家争鸣, 两人
            return None if idle else counted.end()
        if quantity.figures or exact or text[0] == "十":
            return counted.end()
    if (counter := _COUNTER.match(words, quantity.end)) and (noun := before_number.search(before)):
        return None if _is_counted_in_a_table(quantity, noun["noun"], book) else counter.end()
    is_large = (
        not quantity.figures
        and _LARGE.search(text)
        and not _NO_CLAIM_AFTER.match(words, quantity.end)
    )
    return quantity.end if is_large else None


def _is_counted_in_a_table(quantity: Quantity, noun: str, book: Book) -> bool:
    """Whether a table has just so many rows, and most of them name such a thing: five rows, most of them a 园."""
    return any(
        len(rows) == quantity.value and sum(noun[0] in row for row in rows) > len(rows) / 2
        for rows in book.things
    )


def _meets(spans: list[tuple[int, int]], start: int, end: int) -> bool:
    return any(begin < end and start < stop for begin, stop in spans)


@lru_cache(maxsize=4)
def _known(source) -> frozenset:
    texts = [source.title, *(paragraph.text for paragraph in source.paragraphs.values())]
    return frozenset(
        quantity.key
        for text in texts
        for quantity in quantities.read(text)
        if quantity.value is not None and quantity.unit
    )


@RULES.chapter
def repeated_words(chapter: Chapter, book: Book) -> Iterator[EditorError]:
    """一章里没有两个同样的标题，也没有同样的一段话。

    多半是粘贴了两次；同样的标题，读者和目录都分不清。
    """
    labels = {target.name for target in chapter.parts(Target)}
    if len(labels) < len(chapter.parts(Target)):
        return  # the whole was copied, and the rule on labels has a word on it
    seen: dict[str, int] = {}
    said = [(heading.line, heading.text, 2) for heading in chapter.parts(Heading)]
    said += [(prose.line, prose.raw, 20) for prose in chapter.prose]
    for line, words, least in sorted(said):
        first = seen.setdefault(words.strip(), line)
        if line > first and len(words.strip()) >= least:
            short = words.strip().split("\n")[0][:20]
            yield EditorError(
                f"“{short}”与第 {first} 行的一模一样",
                line=line,
                remedy="多半是粘贴了两次：删去这一处；真是两件事，就换个说法",
            )
            return


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
            # What is right may hold the variant: a name is right with its marks, and wrong without.
            begin = start - max(right.find(variant), 0)
            if variant not in right or prose.words[max(begin, 0) : begin + len(right)] != right:
                remedy = f"写成{_marked(right)}（{reason.rstrip('。')}）"
                yield Flaw(start, start + len(variant), f"“{variant}”不是原文的写法", remedy)
            start = prose.words.find(variant, start + 1)


@RULES.prose
def names(prose: Prose, book: Book) -> Iterator[Flaw]:
    """名词和表格里的名称照原文写，一个字也不差。

    差一个字，读者会以为是另一个地方、另一件事。
    """
    if book.source is None:
        return
    for name in book.long_names:
        half = len(name) // 2
        for offset, part in ((0, name[:half]), (half, name[half:])):
            at = prose.words.find(part)
            while at != -1:
                start = at - offset
                written = prose.words[start : start + len(name)] if start >= 0 else ""
                wrong = [n for n, (a, b) in enumerate(zip(written, name)) if a != b]
                rest = name[1:] if wrong == [0] else name[:-1]
                if (
                    len(written) == len(name)
                    and len(wrong) == 1
                    and not (wrong[0] in (0, len(name) - 1) and rest in (book.terms or ()))
                    and re.fullmatch(f"[{HAN}]", written[wrong[0]])
                    and not book.source.find(written)
                    and written not in book.usage
                ):
                    yield Flaw(
                        start, start + len(name), f"“{written}”与“{name}”差一个字", f"写成“{name}”"
                    )
                    return
                at = prose.words.find(part, at + 1)
    for place in book.places if prose.path.suffix == ".md" else ():
        for match in re.finditer(f"{place[0]}[{HAN}]{place[-1]}", prose.words):
            if match[0] != place and match[0] not in book.usage and not book.source.find(match[0]):
                yield Flaw(
                    match.start(),
                    match.end(),
                    f"“{match[0]}”与“{place}”差一个字",
                    f"写成“{place}”；真是别的地方，原文没有说到，就删去这一句",
                )
                return


@RULES.prose
def almost_quoted(prose: Prose, book: Book) -> Iterator[Flaw]:
    """引号里的词照原文写，一个字也不差。

    读者会把引号里的当作原文的词。
    """
    if book.source is None or prose.path.name == "usage.csv":
        return
    for match in _QUOTED.finditer(prose.words):
        right = _misspelt(match["words"], book.source)
        if right and not prose.words[: match.start()].endswith(("写作", "不是", "不说", "误作")):
            yield Flaw(
                match.start(),
                match.end(),
                f"引号里的“{match['words']}”与原文差一个字",
                f"写成“{right}”；不是引原文，就去掉引号",
            )


@RULES.prose
def titles(prose: Prose, book: Book) -> Iterator[Flaw]:
    """书名号里的文件名照原文写，年份也一样。

    差一个字，读者会去找另一份文件。
    """
    if book.source is None:
        return
    known = _titles_of(book.source)
    for match in _TITLE.finditer(prose.words):
        title = match[0][1:-1]
        near = get_close_matches(title, known, 1, 0.8)
        if near and title not in known and match[0] not in book.authority_titles:
            yield Flaw(
                match.start(),
                match.end(),
                f"“{match[0]}”与原文里的文件名不同",
                f"写成“《{near[0]}》”；说的是别的文件，先把它登记在 data/authorities.csv 里",
            )


@lru_cache(maxsize=4)
def _titles_of(source: SourceText) -> tuple[str, ...]:
    """The titles that the source names, and each without what stands in brackets at its end."""
    texts = [source.title, *(paragraph.text for paragraph in source.paragraphs.values())]
    found = [match[0][1:-1] for text in texts for match in _TITLE.finditer(text)]
    return tuple(dict.fromkeys([*found, *(re.sub("（[^（）]*）$", "", title) for title in found)]))


def _misspelt(words: str, source: SourceText) -> str:
    """The source's words, where these differ from them by one character or by two that have changed places."""
    if source.find(words):
        return ""
    half = len(words) // 2
    for text in (paragraph.text for paragraph in source.paragraphs.values()):
        # One half at least is as it should be.
        starts = {
            match.start() - offset
            for offset in (0, half)
            for match in re.finditer(re.escape(words[offset : offset + half]), text)
        }
        for start in sorted(start for start in starts if 0 <= start <= len(text) - len(words)):
            near = text[start : start + len(words)]
            wrong = [n for n, (a, b) in enumerate(zip(words, near)) if a != b]
            swapped = (
                len(wrong) == 2
                and wrong[1] == wrong[0] + 1
                and words[wrong[0]] == near[wrong[1]]
                and words[wrong[1]] == near[wrong[0]]
            )
            if len(wrong) == 1 and re.fullmatch(f"[{HAN}]", near[wrong[0]]) or swapped:
                return near
    return ""


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


@RULES.prose
def internal_remarks(prose: Prose, book: Book) -> Iterator[Flaw]:
    """没有只给同事看的话：内部资料、征求意见稿、审校意见、@某人。

    要留给同事的话，写成以 % 开头的一行，读者看不到；或者写在合并请求里。
    """
    for match in _INTERNAL.finditer(prose.words):
        yield Flaw(
            match.start(),
            match.end(),
            f"“{match[0]}”是给同事看的话",
            "连同整句一起删去；要留给同事，写成以 % 开头的一行",
        )
        return  # one remark, however many such words
