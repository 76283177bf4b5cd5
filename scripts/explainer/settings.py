"""The book's two settings files, checked so that a mistake is found with its line."""

from __future__ import annotations

import importlib.util
import json
import re
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path

import yaml
from sphinx_external_toc.parsing import MalformedError, parse_toc_data

from .errors import EditorError, EditorErrors
from .project import LOADER

# What the foot of every page links to, where the book has it: a page, or a label in one.
PLACES = ("编写说明", "无障碍说明", "报告错误", "更新记录")
REPORT, CHANGES = PLACES[2:]  # those of which the program makes more use
PUBLICATION = ("主办单位", "文号", "发布日期", "联系方式")
PUBLISHED_ON = PUBLICATION[2]
# This project's own settings, and those of Sphinx that a book is likely to have: what is spelt almost so is a misspelling.
OWN = frozenset(
    [
        "explainer_counted",
        "explainer_edition",
        "explainer_hosts",
        "explainer_meeting_charts",
        "explainer_meeting_fonts",
        "explainer_meeting_front",
        "explainer_meeting_holds",
        "explainer_meeting_terms",
        "explainer_meeting_without",
        "explainer_names",
        "explainer_places",
        "explainer_publication",
        "explainer_redirects",
        "explainer_report",
        "explainer_search_examples",
    ]
)
_SPHINX = frozenset(
    [
        "language",
        "extensions",
        "html_theme",
        "html_theme_options",
        "html_short_title",
        "html_title",
        "html_permalinks_icon",
        "html_copy_source",
        "html_show_sourcelink",
        "html_static_path",
        "html_css_files",
        "nb_merge_streams",
        "suppress_warnings",
        "nb_ipywidgets_js",
        "numfig",
        "myst_url_schemes",
        "linkcheck_ignore",
        "exclude_patterns",
    ]
)
_HEDGED = re.compile(
    "暂[定拟名]|待[定补填核]|拟(?=[为由定])|可能|大概|也许|估计|据说|不确定|未确认|初步|[?？]"
)
_EDITION = re.compile(r"\d{4}\.[1-9]\d*")
_UNKNOWN = re.compile(
    r"待[定补填].{0,3}|未定|不详|暂[无缺]|无|同上|(?:某|XX+|xx+|××+).*|(?i:TBD|TODO|N/A|none)|[?？/—-]+|某.*"
)
_KINDS = {
    "string": "文字",
    "boolean": "true 或 false",
    "number": "数字",
    "integer": "整数",
    "array": "一串，写在方括号里",
    "object": "分成几项，一项一行",
    "null": "空着",
}
_OWN = ("sphinx", "config")  # where the settings of Sphinx and of this project stand
_LINKED = re.compile(r"\(#([^()\s]+)\)")
_LABEL = re.compile(r"^\(([^()\n]+)\)=[ \t\r]*$", re.M)
# What of a contents entry this book's pages do not heed.
_UNHEEDED = (
    "title",
    "numbered",
    "url",
    "glob",
    "maxdepth",
    "titlesonly",
    "reversed",
    "hidden",
    "options",
    "defaults",
)
# In Chinese, what YAML says of a line that it cannot read.
_PROBLEMS = {
    "mapping values are not allowed": "多了一个冒号，或者缩进与上面不齐",
    "could not find expected ':'": "少了半角的冒号",
    "cannot start any token": "开头的字不能这样用，例如制表符、@、`",
    "expected <block end>": "缩进与上面不齐",
    "expected the node content": "冒号后面的写法不对",
    "unexpected end of stream": "引号没有成对",
    "unknown escape": "半角引号里的反斜杠写法不对",
    "found undefined alias": "“*”开头的写法不对",
    "expected ',' or": "方括号或花括号里少了逗号，或者没有结尾",
    "day is out of range": "没有这一天",
    "month must be in": "没有这个月",
}
CHAPTER_SUFFIXES = (".md", ".ipynb", ".rst")


def read(path: Path) -> dict:
    """What `_config.yml` says; `check` has seen to it that it can be read."""
    return yaml.load(path.read_text("utf-8-sig"), LOADER)


def check(root: Path) -> None:
    """Raises EditorErrors when _config.yml or _toc.yml cannot be built from."""
    errors = _config_errors(root / "_config.yml") + _toc_errors(root / "_toc.yml", root / "book")
    if errors:
        raise EditorErrors(errors)


def chapter_files(root: Path) -> list[Path]:
    """The chapters' files, also those in folders; an editor's own (.#chapter.md, ~$chapter.md) are none."""
    book = root / "book"
    found = own_files(book, "**/*.md")
    return [
        path
        for path in found
        if not any(part.startswith((".", "_")) for part in path.relative_to(book).parts)
    ]


def page_name(path: Path, root: Path) -> str:
    """A chapter's name, as `_toc.yml` gives it: its place in book/, without .md."""
    return path.relative_to(root / "book").with_suffix("").as_posix()


def own_files(folder: Path, pattern: str) -> list[Path]:
    """What a folder holds, without the files that editors and Excel keep beside the open one; Emacs' are links to nothing."""
    return [
        path for path in sorted(folder.glob(pattern)) if not path.name.startswith((".", "~$", "#"))
    ]


def line_of_text(path: Path, text: str) -> int | None:
    """The first line of a file that holds the text."""
    for number, line in enumerate(
        path.read_text(encoding="utf-8-sig", errors="replace").splitlines(), 1
    ):
        if text in line:
            return number
    return None


def _config_errors(path: Path) -> list[EditorError]:
    try:
        text = _read(path)
        data = yaml.safe_load(text)
    except (
        EditorError,
        yaml.YAMLError,
        ValueError,
    ) as error:  # ValueError: a day that there is not
        return [_unreadable(path, error)]
    return (
        [
            EditorError(
                f"设置“{'.'.join(map(str, problem.path)) or path.name}”写得不对{_wanted(problem)}",
                path.name,
                _line_at(text, problem.path),
                "对照 _config.yml 里别处的写法改正",
            )
            for problem in _validator().iter_errors(data)
        ]
        + _misspelt_errors(path, text, data)
        + _address_errors(path, text, data)
        + _publication_errors(path, text, data)
        + _quote_errors(path, text)
        + list(_place_errors(path, text, data))
        + list(_redirect_errors(path, text, data))
    )


def _wanted(problem) -> str:
    """In Chinese, what a jsonschema ValidationError asks for."""
    if problem.validator == "type":
        kinds = (
            [problem.validator_value]
            if isinstance(problem.validator_value, str)
            else problem.validator_value
        )
        return "：应是" + "或".join(_KINDS.get(kind, "别的写法") for kind in kinds)
    if problem.validator == "enum":
        return f"：只能写 {'、'.join(map(str, problem.validator_value))}"
    if problem.validator == "additionalProperties":
        return "：有一项不认识"
    return ""


def _misspelt_errors(path: Path, text: str, data: object) -> list[EditorError]:
    """Settings that nothing heeds because of how they are spelt."""
    known = _validator().schema["properties"]
    groups: list[tuple[tuple[str, ...], object, frozenset[str]]] = [
        ((), data, frozenset(known)),
        (("sphinx", "config"), _own(data), OWN | _SPHINX),
    ]
    if isinstance(data, dict):
        groups += [
            ((key,), data.get(key), frozenset(schema["properties"]))
            for key, schema in known.items()
            if schema.get("properties")
        ]
    errors = []
    for keys, group, names in groups:
        for key in group if isinstance(group, dict) else ():
            near = [] if key in names else get_close_matches(str(key), sorted(names), 1, 0.8)
            if near or str(key).startswith("explainer_") and key not in names:
                remedy = f"写成“{near[0]}”" if near else f"可用的有 {'、'.join(sorted(OWN))}"
                errors.append(
                    EditorError(
                        f"没有名为“{key}”的设置", path.name, _line_at(text, (*keys, key)), remedy
                    )
                )
    edition = str(_own(data).get("explainer_edition") or "")
    if edition and not _EDITION.fullmatch(edition):
        line = _line_at(text, ("sphinx", "config", "explainer_edition"))
        errors.append(
            EditorError(
                f"版本号“{edition}”写得不对",
                path.name,
                line,
                '写成“explainer_edition: ""”，发布时由 release 命令填写',
            )
        )
    return errors


def _publication_errors(path: Path, text: str, data: object) -> list[EditorError]:
    """What is to be printed on the cover: only what is known there, and nothing that is not yet."""
    given = _own(data).get("explainer_publication")
    errors = []
    for key, value in given.items() if isinstance(given, dict) else ():
        line = _line_at(text, (*_OWN, "explainer_publication", key))
        if key not in PUBLICATION:
            free = [name for name in PUBLICATION if name not in given]
            near = get_close_matches(str(key), free, 1, 0.4)
            remedy = (
                f"写成“{near[0]}”" if near else f"删去这一行；可用的有 {'、'.join(PUBLICATION)}"
            )
            errors.append(EditorError(f"出版设置里没有“{key}”这一项", path.name, line, remedy))
        elif value and (_UNKNOWN.fullmatch(str(value).strip()) or _HEDGED.search(str(value))):
            errors.append(
                EditorError(
                    f"“{key}”写的是“{value}”，会印在封面上",
                    path.name,
                    line,
                    f'还不知道就空着，写成“{key}: ""”',
                )
            )
        elif value and (year := re.search(r"[\[［【（(](\d{4})[\]］】）)](?=\d)", str(value))):
            errors.append(
                EditorError(
                    f"“{key}”里的年份用六角括号",
                    path.name,
                    line,
                    f'写成“{key}: "{str(value).replace(year[0], f"〔{year[1]}〕")}"”',
                )
            )
        elif key == PUBLISHED_ON and value and not _is_a_day(str(value)):
            errors.append(
                EditorError(
                    f"“{key}”写的是“{value}”，没有这一天",
                    path.name,
                    line,
                    f'写成“{key}: "2026-03-05"”的样子；还不知道就空着，写成“{key}: ""”',
                )
            )
    return errors


def _is_a_day(words: str) -> bool:
    match = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", words.strip())
    try:
        return match is not None and bool(date(*map(int, match.groups())))
    except ValueError:
        return False


def _quote_errors(path: Path, text: str) -> list[EditorError]:
    """Values between Chinese quotation marks, which would be printed with them."""
    return [
        EditorError(
            f"“{key.value}”用了中文的引号，引号会原样显示",
            path.name,
            value.start_mark.line + 1,
            f'写成 {key.value}: "{value.value[1:-1]}"',
        )
        for key, value in pairs(yaml.compose(text, LOADER))
        if isinstance(value, yaml.ScalarNode)
        and value.style not in tuple("'\"|>")
        and re.fullmatch("[“”‘’＂][^“”‘’＂]*[“”‘’＂]", value.value)
    ]


def pairs(node: yaml.Node | None) -> Iterator[tuple[yaml.Node, yaml.Node]]:
    """Every key and its value, at any depth."""
    for child in node.value if isinstance(node, (yaml.MappingNode, yaml.SequenceNode)) else ():
        if isinstance(child, tuple):
            yield child
            child = child[1]
        yield from pairs(child)


def _place_errors(path: Path, text: str, data: object) -> Iterator[EditorError]:
    """Pages and labels that a setting names, and the book does not have."""
    own = _own(data)
    pages = {page_name(page, path.parent) for page in chapter_files(path.parent)}
    texts = [
        page.read_bytes().decode("utf-8", "replace")
        for page in chapter_files(path.parent)
        if page.is_file()
    ]
    labels = {label for text in texts for label in _LABEL.findall(text)}
    linked = {
        place for text in texts for place in _LINKED.findall(text)
    }  # then the check of links has a word on it
    without, front, places = (
        own.get(f"explainer_{name}") for name in ("meeting_without", "meeting_front", "places")
    )
    named = [
        ("详本里不放的", name, ("explainer_meeting_without",))
        for name in (without if isinstance(without, list) else ())
    ]
    holds = own.get("explainer_meeting_holds")
    named += [
        ("会议版里放的", name, ("explainer_meeting_holds",))
        for name in (holds if isinstance(holds, list) else ())
    ]
    named += [("详本印在最前面一页的", front, ("explainer_meeting_front",))] if front else []
    for use, name in places.items() if isinstance(places, dict) else ():
        if use not in PLACES:
            near = get_close_matches(str(use), PLACES, 1, 0.4)
            remedy = f"写成“{near[0]}”" if near else f"可用的有 {'、'.join(PLACES)}"
            yield EditorError(
                f"页脚的链接里没有“{use}”这一项",
                path.name,
                _line_at(text, (*_OWN, "explainer_places", use)),
                remedy,
            )
        elif name and name not in linked:
            named.append((f"每一页页脚的“{use}”链接到的", name, ("explainer_places", use)))
    toc = path.with_name("_toc.yml")
    listed = (
        re.findall(r"file:\s*(\S+)", toc.read_bytes().decode("utf-8", "replace"))
        if toc.is_file()
        else []
    )
    # On these the contents have a word, or the check of encodings.
    lacking = any(not _chapter_exists(path.parent / "book", name) for name in listed) or any(
        "\ufffd" in page for page in texts
    )
    for what, name, keys in named:
        if name not in pages | labels and not lacking:
            yield EditorError(
                f"{what}“{name}”，书里没有这一页或这一节",
                path.name,
                _line_at(text, (*_OWN, *keys)),
                f"写成“{near[0]}”"
                if (near := get_close_matches(str(name), sorted(pages | labels), 1, 0.75))
                else f"在那一节的标题上一行写回“({name})=”；这一页或这一节真的删去了，就把“{name}”从这里删去",
            )


def redirect_fault(old: str, new: str, pages: Collection[str]) -> EditorError | None:
    """What is wrong with a redirect from one page to another."""
    if old.endswith((".html", ".md")):
        return EditorError(
            f"旧网址“{old}”带了后缀", remedy=f"写成“{old.rpartition('.')[0]}: {new}”，不带后缀"
        )
    if old in pages:
        return EditorError(
            f"旧网址“{old}”现在还有这一页，不能转到别处", remedy="删去这一行转址，或把那一页改名"
        )
    if new not in pages:
        near = get_close_matches(new.removesuffix(".html").removesuffix(".md"), pages, 1, 0.75)
        remedy = f"写成“{near[0]}”" if near else "写成 book/ 里已有的文件名，不带 .md"
        return EditorError(f"旧网址“{old}”要转到的“{new}”不存在", remedy=remedy)
    return None


def _redirect_errors(path: Path, text: str, data: object) -> Iterator[EditorError]:
    given = _own(data).get("explainer_redirects")
    pages = {page_name(page, path.parent) for page in chapter_files(path.parent)}
    for old, new in given.items() if isinstance(given, dict) else ():
        if error := redirect_fault(str(old), str(new).partition("#")[0], pages):
            error.file, error.line = path.name, _line_at(text, (*_OWN, "explainer_redirects", old))
            yield error


def _unheeded(node: yaml.Node | None) -> Iterator[yaml.Node]:
    """The keys of a contents that do nothing, one for each entry; what stands below such a key is part of it."""
    if isinstance(node, yaml.MappingNode):
        idle = [key for key, _ in node.value if key.value in _UNHEEDED]
        yield from idle[:1]
        for key, value in node.value:
            if key not in idle:
                yield from _unheeded(value)
    elif isinstance(node, yaml.SequenceNode):
        for child in node.value:
            yield from _unheeded(child)


def _own(data: object) -> dict:
    """What is passed on to Sphinx; empty where there is nothing of the kind."""
    for key in _OWN:
        data = data.get(key) if isinstance(data, dict) else None
    return data if isinstance(data, dict) else {}


def _address_errors(path: Path, text: str, data: object) -> list[EditorError]:
    """Addresses are written in full or not at all, as browsers, search engines and chats take them as they are; hosts are
    names alone."""
    return [
        *_site_errors(path, text, data),
        *_report_errors(path, text, data),
        *_host_errors(path, text, data),
    ]


def _report_errors(path: Path, text: str, data: object) -> Iterator[EditorError]:
    given = _own(data).get("explainer_report")
    if given and not re.match(r"mailto:[^@\s]+@[^@\s]+\.|https?://[^\s/]+\.", str(given)):
        yield EditorError(
            f"报告错误的地址“{given}”不完整，读者点不开",
            path.name,
            _line_at(text, (*_OWN, "explainer_report")),
            "邮箱写成“mailto:名字@某某.cn”的样子，网址从 https:// 写起；还没有就空着",
        )


def _host_errors(path: Path, text: str, data: object) -> Iterator[EditorError]:
    given = _own(data).get("explainer_hosts")
    for host in given if isinstance(given, list) else ():
        if bare := re.fullmatch(r"(?:\w+:)?//([^/\s]+)\S*|([^/\s]+)/\S*", str(host)):
            yield EditorError(
                f"可以链接的网站“{host}”只写域名",
                path.name,
                _line_at(text, (*_OWN, "explainer_hosts")),
                f"写成“{bare[1] or bare[2]}”",
            )


def _site_errors(path: Path, text: str, data: object) -> list[EditorError]:
    html = data.get("html") if isinstance(data, dict) else None
    address = html.get("baseurl") if isinstance(html, dict) else None
    if (
        not isinstance(address, str)
        or not address
        or re.fullmatch(r"https?://[^\s/?#]+(/[^\s?#]*)?", address)
    ):
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
            lines = [
                n
                for n, line in enumerate(text.splitlines(), 1)
                if re.search(rf"[:-]\s*{re.escape(twice[1])}\s*$", line)
            ]
            return [
                EditorError(
                    f"“{twice[1]}”在目录里出现了两次",
                    path.name,
                    lines[-1] if lines else None,
                    "只留一处，删去另一处",
                )
            ]
        message, _, place = str(error).partition(" @ ")
        keys = [int(key) if key.isdigit() else key for key in re.findall(r"[^/']+", place)]
        unknown = re.search(r"Unknown keys found: \{'?([^'},]+)", message)
        return [
            EditorError(
                f"目录写得不对：不认识“{unknown[1]}”" if unknown else "目录写得不对",
                path.name,
                _line_at(text, keys),
                "写上“root: index”这一行，或从版本库里恢复这个文件"
                if re.search("'root'|toc is not", message)
                else "每一章写成“- file: 文件名”，与别的章对齐",
            )
        ]
    unheeded = list(_unheeded(yaml.compose(text, LOADER)))
    suffixed = [chapter for chapter in chapters if chapter.endswith(CHAPTER_SUFFIXES)]
    return (
        [
            EditorError(
                f"目录里的“{chapter}”带了后缀",
                path.name,
                line_of_text(path, chapter),
                f"写成“{chapter.rpartition('.')[0]}”，不带后缀",
            )
            for chapter in suffixed
        ]
        + [
            EditorError(
                f"目录里的“{chapter}”在 book/ 里没有对应的文件",
                path.name,
                line_of_text(path, chapter),
                _nearest_chapter(book, chapter),
            )
            for chapter in chapters
            if chapter not in suffixed and not _chapter_exists(book, chapter)
        ]
        + [
            EditorError(
                f"目录里的“{key.value}”不起作用",
                path.name,
                key.start_mark.line + 1,
                "删去这一行；题目写在那一章的“# 标题”里" if key.value == "title" else "删去这一行",
            )
            for key in unheeded
        ]
        + _quote_errors(path, text)
    )


def _nearest_chapter(book: Path, chapter: str) -> str:
    stems = [page_name(path, book.parent) for path in chapter_files(book.parent)]
    if saved := next((stem for stem in stems if is_saved_as(stem, chapter)), None):
        return f"把 book/{saved}.md 改名为 {chapter}.md"
    if capital := next((p.name for p in book.glob(f"{chapter}.*") if p.suffix == ".MD"), None):
        return f"后缀要用小写：把 book/{capital} 改名为 {chapter}.md"
    near = get_close_matches(chapter, stems, 1, 0.6)
    return (
        f"写成“{near[0]}”"
        if near
        else f"从版本库里恢复 book/{chapter}.md；是新的一章，就新建这个文件；真的不要这一页，就删去这一行"
    )


def is_saved_as(stem: str, chapter: str) -> bool:
    """Whether a file is this chapter under the name that a desktop gives to a copy: contents - 副本, contents(1)."""
    return stem.startswith(chapter) and not re.fullmatch(r"[\w-]*", stem[len(chapter) :], re.A)


def _read(path: Path) -> str:
    if not path.is_file():
        raise EditorError("缺少这个文件", path.name, remedy="从版本库里恢复它")
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise EditorError(
            "文件不是 UTF-8 编码", path.name, remedy="在编辑器里另存为 UTF-8"
        ) from error


def _unreadable(path: Path, error: EditorError | yaml.YAMLError | ValueError) -> EditorError:
    if isinstance(error, EditorError):
        return error
    mark = getattr(error, "problem_mark", None)
    words = " ".join(str(error).split())
    why = next((chinese for english, chinese in _PROBLEMS.items() if english in words), "")
    return EditorError(
        f"这一行或上一行读不懂{'：' if why else ''}{why}",
        path.name,
        mark.line + 1 if mark else None,
        "检查缩进（只用空格、与同级对齐）、冒号（半角，后面空一格）和引号（成对）",
    )


def _chapter_exists(book: Path, chapter: str) -> bool:
    return any((book / f"{chapter}{suffix}").is_file() for suffix in CHAPTER_SUFFIXES)


def _line_at(text: str, keys: Sequence[str | int]) -> int | None:
    """The line of the deepest setting on the way along the keys."""
    marks = [node.start_mark for node in _nodes_along(yaml.compose(text, LOADER), keys)]
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
