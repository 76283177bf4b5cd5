"""The glossary's authorities: what an explanation rests on, to the letter, or where it was looked for in vain."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from urllib.parse import urlsplit

from ..errors import EditorError
from ..tables import AUTHORITIES, GLOSSARY, Table, authorities_of
from .book import Book
from .rule import Rules

RULES = Rules("依据文件", blocks=True)

OFFICIAL = "gov.cn"
_DATE = re.compile(r"(\d{4})年(?:(\d{1,2})月(\d{1,2})日)?")
_QUOTED = re.compile("“([^“”]+)”")
_NOT_FOUND = re.compile(
    "(?:没有?|未)(?:能|有)?(?:查|找|见)到[^。；，]{0,12}(?:定义|解释|依据|来源)"
)
_ADDRESS = re.compile(r"https?://|www\.|[A-Za-z0-9-]+\.(?:com|cn|net|org|gov|edu)\b", re.I)
_RECORD = "写上哪一天、在哪里查过、查到什么，例如“2026年1月5日，查过政府网站和法律，没有查到定义”"


@RULES.book
def authorities(book: Book) -> Iterator[EditorError]:
    """依据文件写明日期、在哪里见到；只见于一处转载的不引原话，晚于原文的都注明。

    读者看到引号里的话，会当作那份文件的原话。
    """
    table = _table(book, AUTHORITIES)
    for row, line in _rows(table):
        for message, remedy in _faults(row):
            yield EditorError(message, table.path, line, remedy)
    later = [found for row, _ in _rows(table) if row.later and (found := _day(row.date))]
    for row, line in _rows(table):
        if later and not row.later and (found := _day(row.date)) and found >= min(later):
            remedy = "“先后”写“晚于原文”；不晚于原文，就核对日期"
            yield EditorError(
                f"{row.date}的文件，没有注明晚于原文，比它早的却注明了", table.path, line, remedy
            )


def _faults(row) -> Iterator[tuple[str, str]]:
    if not _day(row.date):
        yield f"日期写的是“{row.date}”", "写成2021年3月5日的样子，只知道年份的写2021年"
    if not _begins_with_a_day(row.checked):
        yield "“查证”没有写哪一天", "以日期开头，例如“2026年1月5日，见于政府网站”"
    if row.seen == "一处" and row.words:
        yield (
            "只见于一处转载的话，不能引",
            "删去“原话”，只写文件、条目和日期；又见到一处，字句一致，“见于”改写“两处”",
        )
    if row.seen != "一处" and not row.words:
        yield "没有写原话", "抄上原话，一字不差；只见于一处的，“见于”写“一处”"
    if row.address and not f".{_host(row.address)}".endswith(f".{OFFICIAL}"):
        yield (
            f"“{row.address}”不是政府网站的网址",
            f"只写 {OFFICIAL} 的官方页面；转载的网址不写，写在哪里见到就行",
        )
    elif row.address and row.seen != "官方页面":
        yield "写了官方页面的网址，“见于”却不是“官方页面”", "“见于”写“官方页面”，或者删去网址"


@RULES.book
def grounded_terms(book: Book) -> Iterator[EditorError]:
    """每个名词的解释都有依据：原文、登记过的依据文件，或者注明日期的查找记录。

    没有依据的解释，读者分不清是公认的还是编者想的。
    """
    table, known = _table(book, GLOSSARY), _known(book)
    for row, line in _rows(table):
        for id in authorities_of(row):
            if id not in known:
                remedy = "改成 data/authorities.csv 里有的编号，几个编号中间用顿号；真是新文件，先在那里加一行"
                yield EditorError(f"依据文件里没有编号“{id}”", table.path, line, remedy)
        if row.record and not _begins_with_a_day(row.record):
            yield EditorError("“查找记录”没有写哪一天", table.path, line, _RECORD)
        if row.basis == "依据文件" and not row.authorities:
            yield EditorError(
                "“依据”写的是依据文件，却没有写是哪一份",
                table.path,
                line,
                "填上“依据文件”的编号；没有，“依据”就写“字面”或“通行说法”",
            )
        elif row.basis != "归纳原文" and not row.authorities and not row.record:
            yield EditorError(
                f"“{row.term}”没有依据文件，也没有查找记录",
                table.path,
                line,
                f"填上依据文件的编号，或者在“查找记录”里{_RECORD}",
            )
        elif not row.record and (found := _NOT_FOUND.search(row.explanation)):
            yield EditorError(
                f"说“{found[0]}”，却没有查找记录", table.path, line, f"在“查找记录”里{_RECORD}"
            )


@RULES.book
def words_of_authorities(book: Book) -> Iterator[EditorError]:
    """名词解释里，引号里的话在原文里，或者在这一行的依据文件里，一字不差；解释里不写网址。

    依据文件的原话由程序放到页面上，解释里不用再抄。
    """
    if book.source is None:
        return
    table, known = _table(book, GLOSSARY), _known(book)
    headings = [book.source.title, *(chapter.title for chapter in book.source.chapters)]
    for row, line in _rows(table):
        given = [known[id] for id in authorities_of(row) if id in known]
        for words in _QUOTED.findall(row.explanation + row.record):
            if not book.source.find(words) and not any(
                words in other for other in [*headings, *given]
            ):
                remedy = "照原文或依据文件改正；是编者的话，就不用引号；是别的文件的话，先在 data/authorities.csv 里登记"
                yield EditorError(
                    f"原文和这一行的依据文件里，都没有“{words}”", table.path, line, remedy
                )
        if found := _ADDRESS.search(row.explanation + row.record):
            yield EditorError(
                f"名词解释里写了网址“{found[0]}”",
                table.path,
                line,
                "官方页面的网址写在 data/authorities.csv 的“网址”里；别的不写",
            )


def _table(book: Book, name: str) -> Table | None:
    return (book.tables or {}).get(name)


def _rows(table: Table | None) -> list[tuple]:
    return list(zip(table.frame.itertuples(), table.lines)) if table else []


def _known(book: Book) -> dict[str, str]:
    """The words of each authority by its id, as a reader sees them: with its name."""
    return {
        row.id: f"{row.document}\n{row.article}\n{row.words}"
        for row, _ in _rows(_table(book, AUTHORITIES))
    }


def _host(address: str) -> str:
    """The host of a web address; empty where it is none."""
    try:
        parts = urlsplit(address)
        return parts.hostname or "" if parts.scheme in ("http", "https") else ""
    except ValueError:
        return ""


def _day(words: str) -> tuple[int, ...] | None:
    """Year, month and day as numbers, or the year alone; None for anything else."""
    found = _DATE.fullmatch(words)
    if not found:
        return None
    day = tuple(int(part) for part in found.groups() if part)
    try:
        date(*day) if len(day) == 3 else date(day[0], 1, 1)
    except ValueError:
        return None
    return day


def _begins_with_a_day(words: str) -> bool:
    found = _DATE.match(words)
    return bool(found and found[3] and _day(found[0]))
