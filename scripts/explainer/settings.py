"""The book's two settings files, checked so that a mistake is found with its line."""

from __future__ import annotations

import importlib.util
import json
import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path

import yaml
from sphinx_external_toc.parsing import MalformedError, parse_toc_data

from .errors import EditorError, EditorErrors

CHAPTER_SUFFIXES = (".md", ".ipynb", ".rst")


def check(root: Path) -> None:
    """Raises EditorErrors when _config.yml or _toc.yml cannot be built from."""
    errors = _config_errors(root / "_config.yml") + _toc_errors(root / "_toc.yml", root / "book")
    if errors:
        raise EditorErrors(errors)


def line_of_text(path: Path, text: str) -> int | None:
    """The first line of a file that holds the text."""
    for number, line in enumerate(path.read_text(encoding="utf-8-sig", errors="replace").splitlines(), 1):
        if text in line:
            return number
    return None


def _config_errors(path: Path) -> list[EditorError]:
    try:
        text = _read(path)
        data = yaml.safe_load(text)
    except (EditorError, yaml.YAMLError, ValueError) as error:  # ValueError: a day that there is not
        return [_unreadable(path, error)]
    return [
        EditorError(
            f"设置“{'.'.join(map(str, problem.path)) or path.name}”写得不对（工具的原话：{problem.message}）",
            path.name,
            _line_at(text, problem.path),
            "对照 _config.yml 里别处的写法改正",
        )
        for problem in _validator().iter_errors(data)
    ] + _address_errors(path, text, data)


def _address_errors(path: Path, text: str, data: object) -> list[EditorError]:
    """The site's address is written in full or not at all: search engines and chats take it as it is."""
    html = data.get("html") if isinstance(data, dict) else None
    address = html.get("baseurl") if isinstance(html, dict) else None
    if not isinstance(address, str) or not address or re.fullmatch(r"https?://[^\s/?#]+(/[^\s?#]*)?", address):
        return []
    return [
        EditorError(
            f"网站的网址“{address}”不完整",
            path.name,
            _line_at(text, ("html", "baseurl")),
            "从 https:// 写起，例如 https://example.gov.cn/kjgh/；还不知道就空着",
        )
    ]


@lru_cache(maxsize=1)
def _validator():
    """Jupyter Book's own, without importing it, which takes most of a second."""
    from jsonschema.validators import validator_for

    (folder,) = importlib.util.find_spec("jupyter_book").submodule_search_locations
    schema = json.loads((Path(folder) / "config_schema.json").read_text("utf-8"))
    return validator_for(schema)(schema)


def _toc_errors(path: Path, book: Path) -> list[EditorError]:
    try:
        text = _read(path)
        chapters = list(parse_toc_data(yaml.safe_load(text)))
    except (EditorError, yaml.YAMLError, ValueError) as error:
        return [_unreadable(path, error)]
    except MalformedError as error:
        if twice := re.search(r"used multiple times: '(.+)'", str(error)):
            lines = [n for n, line in enumerate(text.splitlines(), 1) if re.search(rf"[:-]\s*{re.escape(twice[1])}\s*$", line)]
            return [EditorError(f"“{twice[1]}”在目录里出现了两次", path.name, lines[-1] if lines else None, "只留一处，删去另一处")]
        message, _, place = str(error).partition(" @ ")
        keys = [int(key) if key.isdigit() else key for key in re.findall(r"[^/']+", place)]
        return [
            EditorError(
                f"目录写得不对（工具的原话：{message}）",
                path.name,
                _line_at(text, keys),
                "写上“root: index”这一行，或从版本库里恢复这个文件"
                if re.search("'root'|toc is not", message)
                else "每一章写成“- file: 文件名”，与别的章对齐",
            )
        ]
    suffixed = [chapter for chapter in chapters if chapter.endswith(CHAPTER_SUFFIXES)]
    return [
        EditorError(
            f"目录里的“{chapter}”带了后缀",
            path.name,
            line_of_text(path, chapter),
            f"写成“{chapter.rpartition('.')[0]}”，不带后缀",
        )
        for chapter in suffixed
    ] + [
        EditorError(
            f"目录里的“{chapter}”在 book/ 里没有对应的文件",
            path.name,
            line_of_text(path, chapter),
            _nearest_chapter(book, chapter),
        )
        for chapter in chapters
        if chapter not in suffixed and not _chapter_exists(book, chapter)
    ]


def _nearest_chapter(book: Path, chapter: str) -> str:
    near = get_close_matches(chapter, sorted(path.stem for path in book.glob("*.md")), 1, 0.6)
    return f"写成“{near[0]}”" if near else f"新建 book/{chapter}.md，或改正文件名，或删去这一行"


def _read(path: Path) -> str:
    if not path.is_file():
        raise EditorError("缺少这个文件", path.name, remedy="从版本库里恢复它")
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise EditorError("文件不是 UTF-8 编码", path.name, remedy="在编辑器里另存为 UTF-8") from error


def _unreadable(path: Path, error: EditorError | yaml.YAMLError | ValueError) -> EditorError:
    if isinstance(error, EditorError):
        return error
    mark = getattr(error, "problem_mark", None)
    words = getattr(error, "problem", None) or str(error).splitlines()[0]
    return EditorError(
        f"这一行或上一行读不懂（工具的原话：{words}）",
        path.name,
        mark.line + 1 if mark else None,
        "检查缩进（只用空格、与同级对齐）、冒号（半角，后面空一格）和引号（成对）",
    )


def _chapter_exists(book: Path, chapter: str) -> bool:
    return any((book / f"{chapter}{suffix}").is_file() for suffix in CHAPTER_SUFFIXES)


def _line_at(text: str, keys: Sequence[str | int]) -> int | None:
    """The line of the deepest setting on the way along the keys."""
    marks = [node.start_mark for node in _nodes_along(yaml.compose(text), keys)]
    return marks[-1].line + 1 if marks else None


def _nodes_along(node: yaml.Node | None, keys: Sequence[str | int]) -> Iterator[yaml.Node]:
    for key in keys:
        if isinstance(node, yaml.MappingNode):
            pairs = [(name, value) for name, value in node.value if name.value == str(key)]
            if not pairs:
                return
            name, node = pairs[0]
            yield name
        elif isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
            node = node.value[key]
            yield node
        else:
            return
