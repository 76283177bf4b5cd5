"""Whole files: can they be read, do they belong together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches

from .. import settings
from ..errors import EditorError
from ..settings import is_saved_as
from . import pictures
from .book import CHANGELOG, PUBLISHED, Book
from .rule import Rules

RULES = Rules("文件", blocks=True)

_FOLDERS = (
    ("book", {".md", ".ipynb", ".rst"}, "把文字粘贴到 .md 文件里，再删去它"),
    ("data", {".csv", ".json"}, "在 Excel 或 WPS 里另存为“CSV UTF-8（逗号分隔）”，再删去它"),
)
_LOCK = ("requirements.in", "requirements.txt")
_LOCKED = re.compile(r"[A-Za-z0-9][\w.-]*(?:\[[\w,-]+\])?==[\w.+!-]+(?:\s*;[^\\]*)?\s*\\")
_HASH = re.compile(r"\s+--hash=sha256:[0-9a-f]{64}(?:\s*\\)?")
_CONFLICT = re.compile(r"^(<{7}|>{7})(?: .*)?$", re.M)


@RULES.book
def source_text(book: Book) -> Iterator[EditorError]:
    """原文 `data/source/interpretation.txt` 与登记的指纹相符。

    全书的引文都拿它来核对。
    """
    if book.source_error:
        yield book.source_error


@RULES.book
def settings_files(book: Book) -> Iterator[EditorError]:
    """`_config.yml` 和 `_toc.yml` 读得懂，写的都是认识的设置，目录里的每一章都有文件。"""
    yield from book.settings_errors


@RULES.book
def encoding(book: Book) -> Iterator[EditorError]:
    """章节存成 UTF-8。

    用别的编码保存，汉字会变成乱码。
    """
    yield from book.unreadable


@RULES.book
def conflict_markers(book: Book) -> Iterator[EditorError]:
    """没有合并时留下的 `<<<<<<<`、`>>>>>>>`。

    这说明两个人改了同一处，程序不知道该留哪一份。
    """
    paths = [*settings.chapter_files(book.root), *(book.root / "data").glob("*.csv")]
    paths += [
        book.root / name
        for name in ("_config.yml", "_toc.yml", CHANGELOG, "data/datapackage.json", *_LOCK)
    ]
    for path in paths:
        if path.is_file():
            text = path.read_bytes().decode("utf-8", "replace").replace("\r\n", "\n")
            if match := _CONFLICT.search(text):
                remedy = "在“<<<<<<<”和“>>>>>>>”之间的两份里留下对的一份，再删去“<<<<<<<”“=======”“>>>>>>>”这三行"
                if path.name == "requirements.txt":
                    remedy = (
                        "先在 requirements.in 里留下对的一份，再照它开头的命令重新锁定，不要手改"
                    )
                yield EditorError(
                    "合并没有做完，留下了冲突标记",
                    path,
                    text[: match.start()].count("\n") + 1,
                    remedy,
                )


@RULES.book
def changes(book: Book) -> Iterator[EditorError]:
    """`CHANGELOG.md` 里有“以下显示在网站上”这一行，更新记录那一章从它往下取。"""
    for chapter in book.chapters:
        for directive in chapter.directives:
            if directive.name == "include" and directive.arguments == f"../{CHANGELOG}":
                path, mark = book.root / CHANGELOG, directive.options.get("start-after", "")
                if not path.is_file():
                    yield EditorError(
                        "更新记录不见了", path, remedy=f"从仓库历史里恢复 {CHANGELOG}"
                    )
                elif mark not in path.read_bytes().decode("utf-8", "replace"):
                    yield EditorError(
                        "网站不知道从哪一行起显示更新记录",
                        path,
                        1,
                        f"在各版的上面另起一行，写“{mark}”，前后各空一行",
                    )


@RULES.book
def locked_packages(book: Book) -> Iterator[EditorError]:
    """`requirements.txt` 由命令生成，不手改。

    手改的一行没有校验值，别人的电脑上装不成，看着却像是网络不通。
    """
    path = book.root / "requirements.txt"
    if not path.is_file():
        return
    lines = path.read_bytes().decode("utf-8", "replace").replace("\r\n", "\n").split("\n")
    for number, line in enumerate(lines, 1):
        following = lines[number] if number < len(lines) else ""
        good = (
            not line.strip()
            or line.startswith("#")
            or _HASH.fullmatch(line)
            or _LOCKED.fullmatch(line)
            and _HASH.fullmatch(following)
        )
        if not good:
            remedy = "恢复这个文件；要换版本，改 requirements.in，再照它开头的命令重新锁定"
            yield EditorError(f"“{line.strip()[:30]}”是手改的，没有校验值", path, number, remedy)
            return


@RULES.book
def stray_files(book: Book) -> Iterator[EditorError]:
    """`book/` 里只放章节（.md）和图片，`data/` 里只放表格（.csv）；后缀用小写。

    Word、Excel 的文件放进来，网站不会用它；检查只看 `book/` 里的 .md 文件，别的写法会不经检查就让读者看到。
    """
    for folder, kinds, remedy in _FOLDERS:
        for path in sorted({*(book.root / folder).glob("*")} - {book.root / PUBLISHED}):
            if (
                not path.is_file()
                or path.name.startswith(("~$", ".", "#"))
                or path.suffix.lower() in pictures.SUFFIXES.keys() | pictures.OTHERS
                and folder == "book"
            ):
                continue
            if path.suffix == ".MD" and path.stem in (book.toc or ()):
                continue  # the contents miss it, and say so
            if path.suffix.lower() in kinds and path.suffix != path.suffix.lower():
                yield EditorError(
                    f"后缀“{path.suffix}”要用小写",
                    path,
                    remedy=f"把文件改名为 {path.stem}{path.suffix.lower()}",
                )
            elif path.suffix.lower() not in kinds:
                yield EditorError(f"“{path.name}”放在这里没有用", path, remedy=remedy)
    for path in sorted((book.root / "book").rglob("*")):
        inside = path.parent != book.root / "book"
        if inside and path.is_file() and not path.name.startswith(("~$", ".", "#")):
            if path.suffix.lower() not in pictures.SUFFIXES.keys() | pictures.OTHERS | {
                ".md",
                ".ipynb",
                ".rst",
            }:
                yield EditorError(
                    f"“{path.name}”放在这里没有用", path, remedy="删去它；要给读者的话写在章节里"
                )
        if path.suffix.lower() in (".ipynb", ".rst"):
            if path.is_file() and not any(
                part.startswith((".", "_", "~$", "#")) for part in path.relative_to(book.root).parts
            ):
                yield EditorError(
                    f"章节不能写成 {path.suffix}，检查看不到它",
                    path,
                    remedy="章节都是 .md 文件；_toc.yml 跟着改",
                )


@RULES.book
def chapters_in_contents(book: Book) -> Iterator[EditorError]:
    """`book/` 里的每一章都列在 `_toc.yml` 里。

    没有列进目录的文件不会出现在网站上，也不会有人发现它没有出现。
    """
    if book.toc is None or any(
        error.file == "_toc.yml" and "对应" not in error.message for error in book.settings_errors
    ):
        return
    for path, original in book.copies.items():
        yield EditorError(
            f"这是 {original.path.name} 的副本，不在目录里",
            path,
            1,
            "删去它；要改那一章，直接改 book/" + original.path.name,
        )
    listed = [re.sub(r"\.md$", "", file) for file in book.toc]
    for chapter in book.chapters:
        if chapter.name not in listed:
            near = get_close_matches(chapter.name, listed, 1, 0.6)
            near += [
                name
                for name in listed
                if name.endswith(f"/{chapter.name}") or is_saved_as(chapter.name, name)
            ]
            if any(not (book.root / "book" / f"{name}.md").is_file() for name in near):
                continue  # it is listed under a name misspelt, which has been said
            remedy = f"在 _toc.yml 里加上一行“- file: {chapter.name}”，与别的章对齐；不要这一章，就删去这个文件"
            yield EditorError("这一章不在目录里", chapter.path, 1, remedy)
