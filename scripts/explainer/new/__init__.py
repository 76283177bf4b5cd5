"""Starts another book of this kind from the text that it is to explain: complete and honest, with quotations only.

Every paragraph stands in a chapter, each chapter of the text in a file; what the editors have to say is for them to add.
"""

from __future__ import annotations

import codecs
import hashlib
import json
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from string import Template

from .. import tables
from ..errors import EditorError
from ..paths import CHARTS
from ..project import Project
from ..text import OPENING, Chapter, SourceText

TEMPLATE = Path(__file__).parent / "template"
COPIED = (
    "scripts",
    "requirements.in",
    "requirements.txt",
    "pyproject.toml",
    "LICENSE",
    "CONTRIBUTING.md",
    ".gitattributes",
    ".gitignore",
    ".ci",
    ".github",
    ".gitlab-ci.yml",
)
TESTS = (
    "conftest.py",
    "test_any_book.py",
    "test_book_command.py",
    "test_new.py",
    "engine",
    "serve",
)
TABLES = (tables.GLOSSARY, tables.AUTHORITIES, tables.ODDITIES)  # those that the program asks for
WITHOUT = (
    "data",
    "changelog",
    "coverage",
)  # pages of the template that the meeting edition leaves out
IGNORED = shutil.ignore_patterns("__pycache__", "*.pyc")


def start(model: Project, target: Path, source: Path) -> list[Chapter]:
    """Makes the book in `target`, a folder that is not there yet or empty; gives the text's chapters."""
    target = target.resolve()
    _check_target(target, model.root)
    raw = _read(source)
    text = _parsed(raw, source)
    target.parent.mkdir(parents=True, exist_ok=True)
    # Whole or not at all: made beside its place, and put there by renaming.
    with tempfile.TemporaryDirectory(prefix=f".{target.name}-", dir=target.parent) as folder:
        book = Path(folder, "book")
        book.mkdir()
        _copy(model.root, book)
        _write_data(model, Project(book), raw, text)
        _write_pages(model, book, text)
        if target.exists():
            target.rmdir()
        book.rename(target)
    return list(text.chapters)


def _check_target(target: Path, root: Path) -> None:
    if target.is_relative_to(root):
        raise EditorError(f"新书不能放在这本书的文件夹里：{target}", remedy="换一个别处的文件夹")
    if target.is_file() or target.is_dir() and any(target.iterdir()):
        raise EditorError(
            f"这里已经有东西，没有动它：{target}", remedy="换一个还没有的文件夹，或先把它清空"
        )


def _read(source: Path) -> bytes:
    try:
        raw = source.read_bytes()
    except FileNotFoundError:
        raise EditorError(f"没有找到原文：{source}", remedy="核对 --source 后面的文件名") from None
    except IsADirectoryError:
        raise EditorError(
            f"这是一个文件夹：{source}", remedy="在 --source 后面写原文的文件名"
        ) from None
    save_as = "用记事本打开，选“另存为”，编码选 UTF-8，存成 .txt 文件"
    if raw.startswith((b"PK", b"%PDF", b"\xd0\xcf\x11\xe0")):
        raise EditorError(
            "这是 Word、WPS 或 PDF 文件，不是纯文本",
            source,
            remedy="把文字全部复制到记事本里，存成 UTF-8 编码的 .txt 文件",
        )
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise EditorError("原文存成了“Unicode”（UTF-16）编码", source, remedy=save_as)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise EditorError("原文不是 UTF-8 编码，多半是 GBK", source, line, save_as) from None
    if not text.strip():
        raise EditorError(
            "原文是空的", source, remedy="把要讲解的文字放进去：第一行是标题，下面是章标题和正文"
        )
    return raw


def _parsed(raw: bytes, source: Path) -> SourceText:
    try:
        text = SourceText(raw.decode("utf-8-sig"))
    except EditorError as error:
        error.file = source
        raise
    for chapter in text.chapters:
        if not chapter.paragraphs:
            raise EditorError(
                f"“{chapter.title}”下面没有正文", source, remedy="补上正文，或删去这个标题"
            )
    return text


def _take(root: Path, book: Path, name: str) -> None:
    """A file or a folder of this project, where there is one of this name."""
    if (root / name).is_dir():
        shutil.copytree(root / name, book / name, ignore=IGNORED)
    elif (root / name).is_file():
        shutil.copy(root / name, book / name)


def _copy(root: Path, book: Path) -> None:
    for name in COPIED:
        _take(root, book, name)
    shutil.rmtree(book / CHARTS)  # they show this book's tables
    _write(book / CHARTS / "__init__.py", (TEMPLATE / "charts.py").read_text("utf-8"))
    (book / "tests").mkdir()
    for name in TESTS:
        _take(root, book, f"tests/{name}")


def _write_data(model: Project, book: Project, raw: bytes, text: SourceText) -> None:
    book.source_file.parent.mkdir(parents=True)
    book.source_file.write_bytes(raw)
    book.source_register.write_text(hashlib.sha256(raw).hexdigest() + "\n", encoding="ascii")
    package = json.loads((model.data / tables.PACKAGE).read_text("utf-8-sig"))
    package |= {"name": "policy-interpretation", "title": f"{text.title}：数据"}
    package["sources"] = [
        {"title": text.title, "path": book.source_file.relative_to(book.data).as_posix()}
    ]
    package["resources"] = [
        resource for resource in package["resources"] if resource["name"] in TABLES
    ]
    for resource in package["resources"]:
        resource.pop("rows", None)
        header = ",".join(field["name"] for field in resource["schema"]["fields"])
        _write(book.data / resource["path"], f"{header}\n")
    _write(book.data / tables.PACKAGE, json.dumps(package, ensure_ascii=False, indent=2) + "\n")


def _write_pages(model: Project, book: Path, text: SourceText) -> None:
    names = {
        chapter: "opening" if chapter.heading == OPENING else f"chapter-{chapter.number}"
        for chapter in text.chapters
    }
    words = {
        "title": text.title,
        "sentence": next(reversed(text.sentences)),
        "chapters": "\n".join(
            f"- [{chapter.title}]({names[chapter]}.md)" for chapter in text.chapters
        ),
    }
    for path in TEMPLATE.rglob("*.md"):
        if path.name != "chapter.md":
            _write(
                book / path.relative_to(TEMPLATE),
                Template(path.read_text("utf-8")).substitute(words),
            )
    page = Template((TEMPLATE / "book" / "chapter.md").read_text("utf-8"))
    for chapter, name in names.items():
        quotations = "\n\n".join(
            f":::{{quote}} {paragraph.id}\n:::" for paragraph in chapter.paragraphs
        )
        own = {
            "title": text.title,
            "name": name,
            "heading": chapter.heading,
            "quotations": quotations,
        }
        _write(book / "book" / f"{name}.md", page.substitute(own))
    toc = Template((TEMPLATE / "_toc.yml").read_text("utf-8"))
    _write(
        book / "_toc.yml",
        toc.substitute(chapters="\n".join(f"      - file: {name}" for name in names.values())),
    )
    _write(book / "_config.yml", "".join(_settings(model, text.title)))


def _settings(model: Project, title: str) -> Iterator[str]:
    """This book's, with what belongs to it alone replaced or left blank."""
    quoted = json.dumps(title, ensure_ascii=False)
    short = json.dumps(re.sub("[《》]", "", title), ensure_ascii=False)
    blank = re.compile(
        r'(\s+(?:baseurl|explainer_edition|主办单位|文号|发布日期|联系方式): )"[^"]*"(.*\n)'
    )
    below = ""  # a setting of this book's pages, whose lines are left out
    for line in model.settings.read_text("utf-8-sig").splitlines(keepends=True):
        if below and re.match(rf"{below}\s+\S", line):
            continue
        below = ""
        if match := re.match(r"(\s+)explainer_redirects:", line):
            below = match[1]
            line = f"{match[0]}\n"
        elif line.startswith("title:"):
            line = f"title: {quoted}\n"
        elif re.match(r"\s+无障碍说明: ", line):
            continue  # no such page in the template
        elif match := re.match(
            r"(\s+)(html_short_title|explainer_search_examples|explainer_meeting_front):", line
        ):
            value = short if match[2] == "html_short_title" else '""'
            line = f"{match[1]}{match[2]}: {value}\n"
        elif match := re.match(r"(\s+explainer_meeting_(?:holds|terms|charts)): ([\[{])", line):
            line = f"{match[1]}: {'[]' if match[2] == '[' else '{}'}\n"
        elif match := re.match(r"(\s+explainer_meeting_without): \[", line):
            line = f"{match[1]}: [{', '.join(WITHOUT)}]\n"
        elif match := blank.fullmatch(line):
            line = f'{match[1]}""{match[2]}'
        yield line


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
