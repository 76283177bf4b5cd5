"""Personal data, in any spelling: what nobody may publish, wherever in the book's files it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ..errors import EditorError
from ..paths import CHARTS
from ..settings import own_files
from ..text import encoding_of
from . import pictures
from .book import CHANGELOG, Book
from .rule import Rules

RULES = Rules("个人信息", blocks=True)

_HAN_DIGITS = {
    **{c: str(n) for n, c in enumerate("零一二三四五六七八九")},
    "〇": "0",
    "幺": "1",
    "两": "2",
}
_TELLING = re.compile(f"[0-9０-９]|[{''.join(_HAN_DIGITS)}]{{11}}")
_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_BETWEEN = r"[ \t\-—–·•._\u00a0]?"
_NOT_IN_A_NAME = r"(?<![\w/=&.%#])"
_MOBILE = re.compile(
    rf"(?:{_NOT_IN_A_NAME}(?:\+|00)?86{_BETWEEN}|(?<![A-Za-z0-9/=&.%#_])(?<!\d-))1{_BETWEEN}[3-9](?:{_BETWEEN}\d){{9}}(?![\dA-Za-z])",
    re.A,
)
_IDENTITY = re.compile(
    rf"(?<![\dA-Za-z/=])[1-9](?:{_BETWEEN}\d){{16}}{_BETWEEN}[\dXx](?![\dA-Za-z])", re.A
)
_CARD = re.compile(rf"(?<![\dA-Za-z/=])[3-6](?:{_BETWEEN}\d){{15,18}}(?![\dA-Za-z])", re.A)
_MAIL = re.compile(
    r"[\w.+-]+@(?:vip\.)?(?:qq|foxmail|163|126|yeah|gmail|sina|sohu|139|189|wo|21cn|tom|aliyun|outlook|hotmail|live|msn|yahoo|icloud|me|proton|protonmail)"
    r"\.(?:com|net|cn|me|com\.cn)\b", re.A | re.I,
)  # fmt: skip
_ACCOUNT = re.compile(
    r"(?:微信|QQ|抖音|WeChat)(?:号|群|ID)?\s*[:：为是]?\s*(?=[A-Za-z_-]*\d)[A-Za-z0-9_-]{5,20}(?![A-Za-z0-9_-])",
    re.I | re.A,
)
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z][·•.\- ]?(?=[A-HJ-NP-Z]*\d)[A-HJ-NP-Z0-9]{5,6}(?![A-Za-z0-9])"
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True)
class Personal:
    """Somebody's number or address in a text: ``text[start:end]``."""

    start: int
    end: int
    kind: str


def find(text: str) -> list[Personal]:
    """All that is somebody's, in the order in which it stands; what is found once is not found again as something else."""
    if not _TELLING.search(text) and "@" not in text and "＠" not in text:
        return []
    plain = _plain(text)
    found: list[Personal] = []
    for kind, pattern, holds in (
        ("身份证号", _IDENTITY, _is_identity), ("银行卡号", _CARD, _is_card), ("手机号", _MOBILE, lambda _: True),
        ("个人邮箱", _MAIL, lambda _: True), ("车牌号", _PLATE, lambda _: True),
        ("个人账号", _ACCOUNT, lambda _: True),
    ):  # fmt: skip
        for match in pattern.finditer(plain):
            if holds(re.sub(r"[^0-9Xx]", "", match[0])) and not any(
                p.start < match.end() and match.start() < p.end for p in found
            ):
                found.append(Personal(match.start(), match.end(), kind))
    return sorted(found, key=lambda personal: personal.start)


def _plain(text: str) -> str:
    """The text with every digit in ASCII, each character still in its place."""
    if not text.isascii():
        text = text.translate(_NARROW)
        text = re.sub(
            f"[{''.join(_HAN_DIGITS)}]{{11,}}", lambda m: "".join(map(_HAN_DIGITS.get, m[0])), text
        )
    return text


def _is_identity(number: str) -> bool:
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    return (
        "10X98765432"[sum(w * int(n) for w, n in zip(_WEIGHTS, number)) % 11] == number[17].upper()
    )


def _is_card(number: str) -> bool:
    """Whether the last digit is the check digit of a bank card (Luhn)."""
    doubled = (
        [int(n) * (1 + i % 2) for i, n in enumerate(reversed(number))]
        if number.isdecimal()
        else [1]
    )
    return sum(n - 9 if n > 9 else n for n in doubled) % 10 == 0


@RULES.book
def personal_data(book: Book) -> Iterator[EditorError]:
    """章节、表格、设置、图片里没有个人的手机号、身份证号、银行卡号、个人邮箱、车牌号、微信号。

    《中华人民共和国个人信息保护法》第二十五条规定，“个人信息处理者不得公开其处理的个人信息，取得个人单独同意的除外”。
    """
    for path in _texts(book):
        raw = _bytes(path)
        encoding = encoding_of(raw) if raw else None
        for line, words in enumerate(raw.decode(encoding or "utf-8", "replace").splitlines(), 1):
            for personal in find(words):
                shown = words[personal.start : personal.end]
                remedy = (
                    "换成办公电话或单位邮箱；没有就空着"
                    if path.name == "_config.yml"
                    else "删去它；要留联系方式，把办公电话或单位邮箱写在 _config.yml 的“联系方式”里"
                )
                yield EditorError(f"“{shown}”是{personal.kind}", path, line, remedy)
    for path in pictures.files(book.root):
        if found := find(pictures.written_in(_bytes(path))):
            remedy = "在画图软件里另存一份，不保留拍摄信息；或截一张屏代替它"
            yield EditorError(f"图片里藏着{found[0].kind}", path, remedy=remedy)
        elif pictures.tells_place(_bytes(path)):
            remedy = "在照片的“属性、详细信息”里选“删除属性和个人信息”，或截一张屏代替它"
            yield EditorError("图片里藏着拍摄的地点", path, remedy=remedy)


def _texts(book: Book) -> Iterator[Path]:
    yield from (path for path in sorted((book.root / "book").rglob("*.md")) if path.is_file())
    yield from own_files(book.root / "data", "*.csv")
    yield from own_files(book.root / CHARTS, "*.py")
    for name in ("_config.yml", "_toc.yml", CHANGELOG):
        if (book.root / name).is_file():
            yield book.root / name


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
