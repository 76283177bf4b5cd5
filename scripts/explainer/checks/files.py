"""Whole files: can they be read, do they belong together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches

from ..errors import EditorError
from .book import CHANGELOG, Book
from .rule import Rules

RULES = Rules("文件", blocks=True)

_FOLDERS = (
    ("book", {".md", ".ipynb", ".png", ".jpg", ".jpeg", ".svg", ".gif", ".webp"}, "把文字粘贴到 .md 文件里，再删去它"),
    ("data", {".csv", ".json"}, "在 Excel 或 WPS 里另存为“CSV UTF-8（逗号分隔）”，再删去它"),
)
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
    paths = [*(book.root / "book").glob("*.md"), *(book.root / "data").glob("*.csv")]
    paths += [book.root / name for name in ("_config.yml", "_toc.yml", CHANGELOG, "data/datapackage.json")]
    for path in paths:
        if path.is_file():
            text = path.read_bytes().decode("utf-8", "replace").replace("\r\n", "\n")
            if match := _CONFLICT.search(text):
                yield EditorError(
                    "合并没有做完，留下了冲突标记",
                    path,
                    text[: match.start()].count("\n") + 1,
                    "在“<<<<<<<”和“>>>>>>>”之间的两份里留下对的一份，再删去“<<<<<<<”“=======”“>>>>>>>”这三行",
                )


@RULES.book
def stray_files(book: Book) -> Iterator[EditorError]:
    """`book/` 里只放章节（.md）和图片，`data/` 里只放表格（.csv）。

    Word、Excel 的文件放进来，网站不会用它。
    """
    for folder, kinds, remedy in _FOLDERS:
        for path in sorted((book.root / folder).glob("*")):
            if path.is_file() and path.suffix.lower() not in kinds and not path.name.startswith(("~$", ".")):
                yield EditorError(f"“{path.name}”放在这里没有用", path, remedy=remedy)


@RULES.book
def chapters_in_contents(book: Book) -> Iterator[EditorError]:
    """`book/` 里的每一章都列在 `_toc.yml` 里。

    没有列进目录的文件不会出现在网站上，也不会有人发现它没有出现。
    """
    if book.toc is None or any(error.file == "_toc.yml" and "对应" not in error.message for error in book.settings_errors):
        return
    listed = [re.sub(r"\.md$", "", file) for file in book.toc]
    for chapter in book.chapters:
        if chapter.name not in listed and not _is_included(chapter.path.name, book):
            near = get_close_matches(chapter.name, listed, 1, 0.8)
            near += [name for name in listed if name.endswith(f"/{chapter.name}")]
            if any(not (book.root / "book" / f"{name}.md").is_file() for name in near):
                continue  # it is listed under a name misspelt, which has been said
            remedy = f"在 _toc.yml 里加上一行“- file: {chapter.name}”，与别的章对齐；不要这一章，就删去这个文件"
            yield EditorError("这一章不在目录里", chapter.path, 1, remedy)


def _is_included(name: str, book: Book) -> bool:
    return any(d.name == "include" and d.arguments.endswith(name) for c in book.chapters for d in c.directives)
