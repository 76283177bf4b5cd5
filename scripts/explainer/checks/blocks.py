"""Blocks: which a chapter may use, what may stand behind their names, in their options and inside them.

Only what is named here is drawn on the site and on paper, in whatever combination; whatever else the libraries know
is a finding, rather than a surprise of the build.
"""

from __future__ import annotations

import ast
import csv
import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import NamedTuple

from markdown_it.tree import SyntaxTreeNode
from pygments.lexers import find_lexer_class_by_name
from pygments.util import ClassNotFound

from ..errors import EditorError
from .book import CHANGELOG, Book
from .chapters import LABEL, WIDEST_TABLE, Break, Chapter, Directive, Fence, tokens
from .rule import Rules

RULES = Rules("版块", blocks=True)


class Value(NamedTuple):
    """How what an editor writes must look, and how to say so."""

    pattern: str
    hint: str
    needed: bool = False

    def fits(self, written: str) -> bool:
        return bool(re.fullmatch(self.pattern, written, re.ASCII))


def choice(*words: str) -> Value:
    return Value("|".join(map(re.escape, words)), f"可以写 {'、'.join(words)}")


def sizes(least: int, most: int, *words: str) -> Value:
    """One number for all widths of a screen, or four."""
    one = "|".join([*map(str, range(least, most + 1)), *words])
    return Value(
        rf"(?:{one})(?:(?: (?:{one})){{3}})?",
        f"写 {least} 到 {most} 的一个数，或四个数，中间空一格",
    )


NOTHING = Value("", "")
JUDGED = Value(".*", "")  # by another rule
FLAG = Value("", "冒号后面什么也不写")
TITLE = Value(".*", "写上题目")
TITLED = TITLE._replace(needed=True)
WORDS = Value(".+", "写上文字")
FILE = Value(r"\S+", "写上图片，例如 images/picture.png", needed=True)
CLASS = Value(r"[A-Za-z][\w-]*(?: [A-Za-z][\w-]*)*", "写英文的样式名，例如 wide")
NAME = Value(LABEL.pattern, "写小写字母、数字和连字符，例如 new-part")
NUMBER = Value(r"\d{1,3}", "写一个数")
PERCENT = Value(r"(?:100|[1-9]?\d)%?", "写百分数，例如 50%")
WIDTH = Value(r"\d{1,4}(?:\.\d+)?(?:px|em|cm|mm|pt|in|%)?", "写一个长度，例如 50%、300px")
HEIGHT = Value(r"\d{1,4}(?:\.\d+)?(?:px|em|cm|mm|pt|in)?", "写一个长度，例如 300px")
ALIGN = choice("left", "center", "right")
COLOUR = choice(
    "primary",
    "secondary",
    "success",
    "info",
    "warning",
    "danger",
    "light",
    "muted",
    "dark",
    "white",
    "black",
)
SPACE = sizes(0, 5)
COLUMNS = sizes(1, 12, "auto")
WIDTHS = Value(r"auto|[1-9]\d*(?:[ ,]+[1-9]\d*)*", "每列一个整数，中间空一格，例如 30 70")


class Block(NamedTuple):
    """What one kind of block may have: behind its name, as options, inside; one with `within` stands in such a block only."""

    argument: Value = NOTHING
    options: Mapping[str, Value] = {}
    empty: bool = False  # whether it may be
    filled: bool = True  # whether it may be
    within: str = ""


_COMMON = {"class": CLASS, "name": NAME}
_CARD = {
    "width": choice("auto", "25%", "50%", "75%", "100%"), "text-align": choice("left", "right", "center", "justify"),
    "img-top": FILE, "img-bottom": FILE, "img-alt": WORDS, "link": WORDS, "link-type": choice("url", "doc", "ref"), "link-alt": WORDS,
    "shadow": choice("none", "sm", "md", "lg"), "header": WORDS, "footer": WORDS, "class-card": CLASS, "class-title": CLASS, "class-body": CLASS,
}  # fmt: skip
_ITEM = {"columns": COLUMNS, "margin": SPACE, "padding": SPACE}
_PICTURE = {
    "alt": WORDS,
    "width": WIDTH,
    "height": HEIGHT,
    "scale": PERCENT,
    "align": ALIGN,
    **_COMMON,
}
_TABLE = {"align": ALIGN, "width": WIDTH, "widths": WIDTHS, **_COMMON}
_HEADS = {"header-rows": NUMBER, "stub-columns": NUMBER}
_CODE = {
    "caption": WORDS,
    "linenos": FLAG,
    "lineno-start": NUMBER,
    "emphasize-lines": Value(r"\d+(?:-\d+)?(?:,\d+(?:-\d+)?)*", "写行数，例如 1,3-5"),
    **_COMMON,
}
_TITLE_ONLY = Block(TITLED, _COMMON)
_NOTE = Block(options=_COMMON)
_LIST = Block(empty=True, filled=False)

BLOCKS = {
    **dict.fromkeys(["attention", "caution", "danger", "error", "hint", "important", "note", "seealso", "tip", "warning"], _NOTE),
    "admonition": _TITLE_ONLY, "topic": _TITLE_ONLY, "sidebar": Block(TITLE, {"subtitle": WORDS, **_COMMON}),
    "rubric": Block(TITLED, _COMMON, filled=False),
    "card": Block(TITLE, {**_CARD, "margin": SPACE}, empty=True),
    "grid": Block(COLUMNS, {"gutter": SPACE, "margin": SPACE, "padding": SPACE, "outline": FLAG, "reverse": FLAG, "class-container": CLASS, "class-row": CLASS}),
    "grid-item": Block(options={**_ITEM, "outline": FLAG, "class": CLASS, "child-direction": choice("column", "row"), "child-align": choice("start", "end", "center", "justify", "spaced")}, within="grid"),
    "grid-item-card": Block(TITLE, {**_CARD, **_ITEM, "class-item": CLASS}, empty=True, within="grid"),
    "dropdown": Block(TITLE, {"open": FLAG, "color": COLOUR, "icon": Value("[a-z0-9-]+", "写图标的英文名，例如 info"), "animate": choice("fade-in", "fade-in-slide-down"), "margin": SPACE, "name": NAME, "class-container": CLASS, "class-title": CLASS, "class-body": CLASS}),
    "tab-set": Block(options={"class": CLASS, "sync-group": WORDS}),
    "tab-item": Block(TITLED, {"selected": FLAG, "sync": WORDS, "class-container": CLASS, "class-label": CLASS, "class-content": CLASS}, within="tab-set"),
    "steps": Block(options={"start": NUMBER, "color": COLOUR, "class": CLASS}),
    "step": Block(TITLE, {"class": CLASS}, within="steps"),
    "div": Block(CLASS, {"name": NAME}, empty=True), "only": Block(JUDGED),
    "code": Block(JUDGED, {"number-lines": NUMBER, **_COMMON}), "code-block": Block(JUDGED, _CODE), "code-cell": Block(JUDGED, {"tags": WORDS}, empty=True),
    "table": Block(TITLE, _TABLE), "list-table": Block(TITLE, {**_TABLE, **_HEADS}), "csv-table": Block(TITLE, {**_TABLE, **_HEADS, "header": WORDS}),
    "image": Block(JUDGED, _PICTURE, empty=True, filled=False), "figure": Block(JUDGED, {**_PICTURE, "figclass": CLASS, "figwidth": WIDTH}, empty=True),
    "quote": Block(JUDGED, empty=True), "data-table": Block(JUDGED, {"columns": JUDGED}, True, False),
    "answers": Block(JUDGED, {"by": WORDS, "columns": JUDGED, "index": FLAG}, True, False),
    "tiles": Block(), "tile": Block(JUDGED, {"columns": JUDGED}, within="tiles"),
    **dict.fromkeys(["coverage-list", "download-list", "glossary-list", "printed-list", "source-text"], _LIST),
}  # fmt: skip

# What MyST knows beside these, and what to write in its place.
_INSTEAD = {
    "include": "把那个文件里的话直接写在这里", "literalinclude": "把那个文件里的话直接写在这里", "toctree": "删去它；章节的次序写在 _toc.yml 里",
    "epigraph": "原文用 {quote}，编者的话用 {note}", "pull-quote": "原文用 {quote}，编者的话用 {note}", "highlights": "改用 {note}",
    "glossary": "名词写在 data/glossary.csv 里，用 {gloss} 引用", "contents": "删去它；本页的目录由程序生成", "figure-md": "改用 {figure}",
}  # fmt: skip
_MEDIA = {"html", "meeting", "contact"}
_SEPARATOR = re.compile(r"^[ \t]*(\^{3,}|\+{3,}).*$", re.M)
_LABELLED = re.compile(r"^[ \t>]*(?:\([A-Za-z0-9][\w.-]*\)=[ \t]*$|:name:)", re.M)
_SHAPE = "外层“* - ”一行一条，里层“- ”一格一条，每行的格数相同"


@RULES.chapter
def known_blocks(chapter: Chapter, book: Book) -> Iterator[EditorError]:
    """版块的名字拼写正确，网站和会议版都会排，例如 `{quote}`、`{note}`、`{data-table}`、`{dropdown}`。"""
    for directive in chapter.directives:
        name = directive.name
        if name == "include" and directive.arguments == f"../{CHANGELOG}":
            continue  # which is judged as the chapters are
        if name not in BLOCKS.keys() | {"math", "raw"}:  # other rules have a word on these two
            near = (
                [name.lower()]
                if name.lower() in BLOCKS
                else get_close_matches(name.lower(), BLOCKS, 1, 0.6)
            )
            remedy = (
                f"写成 {{{near[0]}}}"
                if near
                else "核对花括号里的拼写；常用的有 {quote}、{note}、{data-table}、{dropdown}"
            )
            yield EditorError(
                f"没有名为“{name}”的版块",
                line=directive.line,
                remedy=_INSTEAD.get(name.lower(), remedy),
            )


@RULES.chapter
def words_for_one_medium(chapter: Chapter, book: Book) -> Iterator[EditorError]:
    """`{only}` 后面写 `html`（网站）或 `meeting`（会议版）。

    写成别的，这一段在哪里都不显示。
    """
    for directive in chapter.directives:
        if directive.name == "only" and not _is_medium(directive.arguments):
            remedy = "写成 {only} html（只在网站上）或 {only} meeting（只在会议版里）"
            yield EditorError(
                f"没有“{_short(directive.arguments)}”这个版本，这一段不会显示",
                line=directive.line,
                remedy=remedy,
            )


def _is_medium(expression: str) -> bool:
    """Whether it is made of the names of media with and, or, not and parentheses."""
    try:
        nodes = list(ast.walk(ast.parse(expression, mode="eval").body))
    except (SyntaxError, ValueError):
        return False
    known = (ast.BoolOp, ast.UnaryOp, ast.And, ast.Or, ast.Not, ast.Name, ast.Load)
    return (
        all(isinstance(node, known) for node in nodes)
        and {n.id for n in nodes if isinstance(n, ast.Name)} <= _MEDIA
    )


@RULES.chapter
def heads_of_blocks(chapter: Chapter, book: Book) -> Iterator[EditorError]:
    """版块的题目和选项写得对：选项一行一个，写成 `:名字: 内容`，紧跟在版块的第一行下面，是这种版块有的。

    写得不对的，生成时会停下来，或者原样显示给读者。
    """
    for directive in chapter.directives:
        block = BLOCKS.get(directive.name)
        if block and (fault := _head_fault(directive, block)):
            yield EditorError(fault[1], line=fault[0], remedy=fault[2])


def _head_fault(directive: Directive, block: Block) -> tuple[int, str, str] | None:
    """The first thing that is wrong with a block's title and options: line, what, remedy."""
    name, options = directive.name, directive.options
    if directive.body.startswith("---"):
        return (
            directive.line + 1,
            "版块的第一行不能是“---”",
            "选项写成“:名字: 内容”；要一条横线，或是代码，就在它上面空一行",
        )
    if directive.unread:
        remedy = "选项写成“:名字: 内容”：冒号用半角，后一个冒号后面空一格；内容里有半角的冒号、引号、# 时，整个内容加半角引号；不是选项，就在上面空一行"
        return directive.unread[0], f"“{name}”版块的选项读不懂", remedy
    if block.argument is NOTHING and directive.arguments:
        return (
            directive.line,
            f"“{{{name}}}”后面不能写字：“{_short(directive.arguments)}”",
            "把这些字移到下一行；要题目，改用 {admonition}",
        )
    if directive.arguments and not block.argument.fits(directive.arguments):
        return (
            directive.line,
            f"“{{{name}}}”后面不能写“{_short(directive.arguments)}”",
            block.argument.hint,
        )
    if block.argument.needed and not directive.arguments:
        return (
            directive.line,
            f"“{{{name}}}”后面还没有写",
            f"在花括号后面空一格，{block.argument.hint}",
        )
    for key, written in options.items():
        value, line = block.options.get(key), directive.lines[key]
        if value is None:
            near = get_close_matches(key, block.options, 1, 0.7)
            known = (
                f"可用的有 {'、'.join(block.options)}；都用不上，就删去这一行"
                if block.options
                else "删去这一行"
            )
            return (
                line,
                f"“{name}”版块没有名为“{key}”的选项",
                f"写成“:{near[0]}: {written}”" if near else known,
            )
        if not value.fits(written):
            return (
                line,
                f"选项“{key}”不能写成“{_short(written)}”" if written else f"选项“{key}”后面没有写",
                f"{value.hint}；不用它，就删去这一行",
            )
    if "icon" in options and not _is_icon(options["icon"]):
        return (
            directive.lines["icon"],
            f"没有名为“{options['icon']}”的图标",
            "写成“:icon: info”，或删去这一行",
        )
    if "subtitle" in options and not directive.arguments:
        return directive.lines["subtitle"], "有 subtitle，却没有题目", f"在“{{{name}}}”后面写上题目"
    if "caption" in options and [
        node.type for node in SyntaxTreeNode(tokens(options["caption"])).children
    ] != ["paragraph"]:
        return (
            directive.lines["caption"],
            f"题目“{_short(options['caption'])}”读起来不是一句话",
            "去掉前面的编号、横线或 # 号",
        )
    link = options.get("link", "")
    if (
        link
        and options.get("link-type", "url") == "url"
        and not re.match(r"https?://|mailto:|tel:", link)
    ):
        return (
            directive.lines["link"],
            f"“{link}”不是网址",
            f"链接到本书的章节，写成“:link: {link.removesuffix('.md')}”，再加一行“:link-type: doc”；链接到标签，写“:link-type: ref”",
        )
    return None


def _is_icon(name: str) -> bool:
    from sphinx_design.icons import (
        list_octicons,  # which reads a large file, for the few who want one
    )

    return name in list_octicons()


@RULES.chapter
def insides_of_blocks(chapter: Chapter, book: Book) -> Iterator[EditorError]:
    """版块里有内容，内容合这种版块的写法：`{grid}` 里只放 `{grid-item}`，`{list-table}` 里只放两层的列表。"""
    for directive in chapter.directives:
        block = BLOCKS.get(directive.name)
        if block is None:
            continue
        if block.within and directive.parent != block.within:
            colons = "::::"
            remedy = f"在外面套一层：上面加一行“{colons}{{{block.within}}}”，下面加一行“{colons}”"
            yield EditorError(
                f"“{directive.name}”版块没有放在“{block.within}”版块里",
                line=directive.line,
                remedy=remedy,
            )
        elif not directive.content and block.filled and not block.empty:
            yield EditorError(
                f"“{directive.name}”版块是空的",
                line=directive.line,
                remedy="在里面写上内容，或删去这个版块",
            )
        elif directive.content and not block.filled:
            yield EditorError(
                f"“{directive.name}”版块里面不能写内容",
                line=directive.line,
                remedy="把里面的字移到版块外面，或删去它",
            )
        elif not block.filled and len(directive.body.splitlines()) - len(directive.options) > 1:
            yield EditorError(
                f"“{directive.name}”版块里面空了几行", line=directive.line, remedy="删去里面的空行"
            )
        elif directive.name == directive.parent == "sidebar":
            yield EditorError(
                "边栏里不能再放边栏", line=directive.line, remedy="把里面的一个改成 {note}"
            )
        elif fault := _inside_fault(directive):
            line = next(
                (
                    n
                    for n, row in enumerate(directive.body.split("\n"), directive.line + 1)
                    if row.strip()
                ),
                directive.line,
            )
            yield EditorError(fault[0], line=line, remedy=fault[1])


def _inside_fault(directive: Directive) -> tuple[str, str] | None:
    name, options = directive.name, directive.options
    members = [member for member, block in BLOCKS.items() if block.within == name]
    if members:
        strange = [
            n
            for n in SyntaxTreeNode(tokens(directive.body)).children
            if _name(n) not in [*members, "myst_line_comment", "myst_target"]
        ]
        known = "、".join(f"{{{member}}}" for member in members)
        if strange:
            return (
                f"“{name}”版块里只能放 {known}",
                f"把别的内容移到版块外面，或放进 {{{members[0]}}} 里",
            )
        if len(re.findall(r"^[ \t]*:selected:", directive.body, re.M)) > 1 and name == "tab-set":
            return "有两个页签都写了 selected", "只留一个"
    if name == "only" and _LABELLED.search(directive.body):
        return (
            "{only} 里不能放标签：另一个版本里没有它，链接就断了",
            "把标签移到外面的标题上面，或删去它",
        )
    if name == "figure" and len(directive.body.splitlines()) > len(directive.lines) + 1:
        kinds = [node.type for node in SyntaxTreeNode(tokens(directive.body)).children]
        if not kinds:
            return "图片下面只有空行", "写一句图的题目，或删去空行"
        if kinds[0] != "paragraph":
            return "图片下面的第一段不是一句话", "先写一句图的题目，空一行，再写别的"
    if name == "table" and [
        node.type for node in SyntaxTreeNode(tokens(directive.body)).children
    ] != ["table"]:
        return "“table”版块里不是一张表格", "里面只放一张用 | 画的表格；别的话移到外面"
    if name == "code-block" and (marked := options.get("emphasize-lines")):
        if max(map(int, re.findall(r"\d+", marked))) > len(
            directive.body.strip("\n").split("\n")
        ) or "0" in re.split("[,-]", marked):
            return f"代码没有第 {marked} 行", "改 emphasize-lines，第一行是 1"
    if name in ("table", "list-table", "csv-table"):
        return _table_fault(directive)
    return None


def _name(node: SyntaxTreeNode) -> str:
    """The directive's name, where it is one, else the kind of block."""
    info = node.info.strip() if node.type in ("fence", "colon_fence") else ""
    return info[1:].partition("}")[0] if info.startswith("{") else node.type


def _table_fault(directive: Directive) -> tuple[str, str] | None:
    """What is wrong with a table's rows, or with what its options say of them."""
    options = directive.options
    rows = {"list-table": _rows_of_lists, "csv-table": _rows_with_commas, "table": _rows_drawn}[
        directive.name
    ](directive)
    if not rows or not min(rows):
        shape = (
            _SHAPE
            if directive.name == "list-table"
            else "一行一条，格子用半角逗号隔开；格子里有引号或逗号的，整格加半角引号"
        )
        return "这几行不成表格", shape
    if max(rows) > WIDEST_TABLE and directive.name != "table":  # what is drawn has been counted
        return (
            f"表格有 {max(rows)} 列，纸上排不下",
            f"分成几张表，每张不超过 {WIDEST_TABLE} 列；或者把行和列对调",
        )
    if directive.name == "list-table" and len(set(rows)) > 1:
        return (
            f"表格各行的格数不同（{'、'.join(map(str, rows))}）",
            f"每一行都写 {rows[0]} 格，空着的也写一个“- ”",
        )
    heads, stubs = (int(options.get(key) or 0) for key in ("header-rows", "stub-columns"))
    if heads and heads >= len(rows):
        return f"表格只有 {len(rows)} 行，都当了表头，没有内容", "改小 header-rows，或补上各行"
    if stubs and stubs >= max(rows):
        return f"表格只有 {max(rows)} 列，都当了表头，没有内容", "改小 stub-columns，或补上各列"
    widths = re.findall(r"\d+", options.get("widths", ""))
    if widths and len(widths) != max(rows):
        return (
            f"表格有 {max(rows)} 列，widths 却写了 {len(widths)} 个数",
            "每列写一个数，或删去 widths 这一行",
        )
    return None


def _rows_of_lists(directive: Directive) -> list[int]:
    """How many cells each row has; none where it is no list of lists."""
    outer = [
        node
        for node in SyntaxTreeNode(tokens(directive.body)).children
        if node.type != "myst_line_comment"
    ]
    if [node.type for node in outer] != ["bullet_list"]:
        return []
    rows = [item.children for item in outer[0].children]
    good = all([node.type for node in row] == ["bullet_list"] for row in rows)
    return [len(row[0].children) for row in rows] if good else []


def _rows_with_commas(directive: Directive) -> list[int]:
    lines = [
        line
        for line in [directive.options.get("header", ""), *directive.body.split("\n")]
        if line.strip()
    ]
    try:
        return [len(row) for row in csv.reader(lines, strict=True, skipinitialspace=True)]
    except csv.Error:
        return []


def _rows_drawn(directive: Directive) -> list[int]:
    drawn = SyntaxTreeNode(tokens(directive.body)).walk()
    return [len(node.children) for node in drawn if node.type == "tr"]


@RULES.chapter
def separators(chapter: Chapter, book: Book) -> Iterator[EditorError]:
    """不用 `+++`、`^^^` 分段：卡片的头和尾写在选项 `:header:`、`:footer:` 里，正文空一行就是另一段。"""
    found = {part.line: "+++" for part in chapter.parts(Break)}
    bodies = [(d.line + 1, d.body) for d in chapter.directives if "card" in d.name]
    for begin, words in [*bodies, *((prose.line, prose.words) for prose in chapter.prose)]:
        found |= {
            begin + words[: match.start(1)].count("\n"): match[1]
            for match in _SEPARATOR.finditer(words)
        }
    for line, mark in found.items():
        remedy = "删去这一行；卡片的头写成选项“:header: 文字”，尾写成“:footer: 文字”"
        yield EditorError(f"“{mark}”不能用来分段", line=line, remedy=remedy)


@RULES.chapter
def code_languages(chapter: Chapter, book: Book) -> Iterator[EditorError]:
    """代码框写的语言是程序认识的，例如 `python`、`json`；认不得的写 `text`，或者不写。"""
    written = [
        (d.line, d.arguments) for d in chapter.directives if d.name in ("code", "code-block")
    ]
    written += [
        (f.line, f.info)
        for f in chapter.parts(Fence)
        if f.closed and f.marks[0] != ":" and not f.is_directive
    ]
    for line, info in written:
        language = info.split()[0] if info.strip() else ""
        if not _is_language(language):
            yield EditorError(
                f"没有名为“{_short(language)}”的代码语言",
                line=line,
                remedy="改成 text，或只留前面的记号",
            )
        elif len(info.split()) > 1:
            yield EditorError(
                f"代码语言后面不能再写字：“{_short(info)}”",
                line=line,
                remedy=f"只写“{language}”；要题目，用 {{code-block}} 的选项“:caption: 文字”",
            )


def _is_language(name: str) -> bool:
    try:
        return not name or name in ("none", "default") or bool(find_lexer_class_by_name(name))
    except ClassNotFound:
        return False


def _short(text: str) -> str:
    line = text.split("\n")[0]
    return line if len(line) <= 20 else f"{line[:20]}……"
