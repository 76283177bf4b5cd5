"""The edition's number in the three places that carry it: the settings, the data, the change log."""

from __future__ import annotations

import json
import re
from pathlib import Path

from .. import clone
from ..errors import EditorError
from ..settings import line_of_text, read
from ..tables import PACKAGE

CONFIG, CHANGELOG = "_config.yml", "CHANGELOG.md"
KEY = "explainer_edition"
DRAFT = "（编写中）"
_FORM = re.compile(r"(\d{4})\.([1-9]\d*)")


def number(version: str) -> tuple[int, int]:
    """2026.1 as something that can be compared. Raises EditorError for anything else."""
    match = _FORM.fullmatch(version)
    if not match:
        raise EditorError(
            f"版本号“{version}”写得不对", remedy="写成“年份.序号”，例如 2026.1、2026.2"
        )
    return int(match[1]), int(match[2])


def is_number(name: str) -> bool:
    return bool(_FORM.fullmatch(name))


def tags(root: Path) -> list[str]:
    """The tags of editions, v2026.1, that this repository knows."""
    return [tag for tag in clone.git(root, "tag", "--list", "v*").split() if is_number(tag[1:])]


def current(root: Path) -> str:
    """The edition that the settings carry; empty while the book has not been released."""
    return str(read(root / CONFIG)["sphinx"]["config"].get(KEY) or "")


def check_entry(root: Path, version: str) -> None:
    """Raises EditorError unless the change log tells readers what is new in this edition."""
    text = (root / CHANGELOG).read_text("utf-8-sig")
    heading = _heading(version).search(text)
    if heading is None:
        raise EditorError(
            f"更新记录里没有 {version} 这一版",
            CHANGELOG,
            remedy=f"加一节“## {version}{DRAFT}”，按“新增、改动、订正”写明这一版改了什么，提交后再发布",
        )
    entry = re.split(r"^## ", text[heading.end() :], maxsplit=1, flags=re.MULTILINE)[0]
    if not re.search(r"^- \S", entry, re.MULTILINE):
        raise EditorError(
            f"更新记录里 {version} 这一版还是空的",
            CHANGELOG,
            line_of_text(root / CHANGELOG, heading[0]),
            "用“- ”开头的几行写明这一版改了什么，提交后再发布",
        )


def stamp(root: Path, version: str, date: str) -> None:
    """Writes the number where it belongs, and the date (2026-11-25) into the change log; all else stays as it is."""
    year, month, day = map(int, date.split("-"))
    dated = f"## {version}（{year}年{month}月{day}日）"
    _replace(root / CHANGELOG, _heading(version), dated)
    _replace(root / CONFIG, re.compile(rf"(?m)(?<=^    {KEY}: ).*$"), json.dumps(version))
    package = root / "data" / PACKAGE
    if "version" in json.loads(package.read_text("utf-8-sig")):
        _replace(package, re.compile(r'(?m)(?<=^  "version": )"[^"]*"'), json.dumps(version))
    else:
        _replace(
            package,
            re.compile(r'(?m)^(  "name": "[^"]*",)$'),
            rf'\1\n  "version": {json.dumps(version)},',
        )


def _heading(version: str) -> re.Pattern[str]:
    return re.compile(rf"(?m)^## {re.escape(version)}(?!\d)[^\n\r]*")


def _replace(path: Path, pattern: re.Pattern[str], words: str) -> None:
    text, count = pattern.subn(words, path.read_bytes().decode("utf-8"), count=1)
    if not count:
        raise EditorError("找不到写版本号的地方", path.name, remedy="从版本库里恢复这个文件的格式")
    path.write_bytes(text.encode("utf-8"))
