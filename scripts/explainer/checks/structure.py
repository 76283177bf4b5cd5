"""How a chapter is put together: front matter, headings, blocks and their markup."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from difflib import get_close_matches
from functools import lru_cache

import yaml

from ..errors import EditorError
from ..text import SourceText
from .blocks import BLOCKS
from .book import Book
from .chapters import WIDEST_TABLE, Chapter, Fence, Footnote, Heading, Indented, Row, Stars, Target
from .prose import HAN
from .rule import Rules

ENDLESS = "页面最前面的设置没有结束"
RULES = Rules("章节", blocks=True)

ROLES = frozenset(
    [
        "abbr",
        "abbreviation",
        "code",
        "doc",
        "emphasis",
        "gloss",
        "kbd",
        "literal",
        "only-html",
        "only-meeting",
        "quote",
        "ref",
        "strong",
        "sub",
        "subscript",
        "sup",
        "superscript",
        "bdg",
        "bdg-link",
        "bdg-ref",
    ]
)
_INSTEAD = {
    "term": "写成 {gloss}",
    "download": "链接到“数据与下载”页",
    "numref": "改用 {ref}",
    "any": "改用 {ref}",
}
_KEYS = {
    "description",
    "jupytext",
    "kernelspec",
    "file_format",
    "html_meta",
    "myst",
    "mystnb",
    "orphan",
    "tocdepth",
    "substitutions",
    "nocomments",
    "nosearch",
    "title",
    "date",
    "author",
    "authors",
    "keywords",
    "language_info",
}
_FULL_WIDTH = re.compile(
    r"^\s*(?:：{3,}|:{1,2}(?=\{[\w-]+\})|[·｀]{3,}|:{3,}\s*｛|`{3,}\s*｛)", re.M
)
_LEFT_ROLE = re.compile(r"(?<!::)(?<!：：)[{｛](quote|gloss)[}｝]\s*[‘’'·｀“`]?")
_NO_BLANK = re.compile(
    rf"^[ \t]*(#{{1,6}}(?=[^#\s!])|＃+\s*|[－＊](?=[\s{HAN}“《（])|[-+](?=[{HAN}“《（])|\d{{1,2}}\.(?=[{HAN}“《（*]))",
    re.M,
)
_BULLET = "写成“- {rest}”；列表上面空一行"
# What Word, other Markdown and other editors know, each with what to write.
_RAW = [
    (
        re.compile(
            r"^[ \t]*(?P<mark>[•·●○■□▪▫▶►▸◆◇★☆➢➤✓✔☑☐✦∙・‣⁃\uf000-\uf8ff])(?=[ \t\u3000]*[^\s])",
            re.M,
        ),
        _BULLET,
    ),
    (re.compile(r"(?P<mark>[\uf000-\uf8ff])"), "删去它"),
    (re.compile(r"(?P<mark>＊＊(?P<inner>[^＊\n]+)＊＊)"), "写成“**{inner}**”"),
    (re.compile(r"(?P<mark>＊＊)"), "写成半角的“**”，前后成对"),
    (re.compile(r"(?P<mark>[~～]{2}(?P<inner>[^~～\n]+)[~～]{2})"), "不要的字就删去，写成“{rest}”"),
    (
        re.compile(rf"(?<![A-Za-z0-9_])(?P<mark>__(?P<inner>[^_\n]*[{HAN}][^_\n]*)__)"),
        "写成“**{inner}**”",
    ),
    (
        re.compile(rf"(?<=[{HAN}])(?P<mark>_(?P<inner>[^_\n]*[{HAN}][^_\n]*)_)|(?!)"),
        "写成“*{inner}*”",
    ),
    (re.compile(r"(?P<mark>==(?P<inner>[^=\n]+)==)"), "写成“**{inner}**”"),
    (
        re.compile(r"(?P<mark>\[TOC\]|\{\{[^}\n]*\}\}|\[\[[^\]\n]*\]\])", re.I),
        "删去它；本页的目录由程序生成，链接写作 [文字](去处)",
    ),
    (
        re.compile(r"(?P<mark>\$?\{(?!quote|gloss|\{)[^{}\n]*\})(?![`}])"),
        "删去它；要显示花括号，写成代码：前后各加一个反引号",
    ),
    (re.compile(r"^[\ue001 \t]*(?P<mark>\[[ xX]\])(?=[ \t])", re.M), "删去方括号，写成“- {rest}”"),
    (re.compile(r"(?<=\S)(?P<mark>\t)(?=[^\s])"), "换成标点；要对齐成几列，就用 | 画表格"),
    (
        re.compile(r"(?<![A-Za-z0-9:])(?P<mark>:[a-z][a-z0-9_+-]*:)(?![A-Za-z0-9:])"),
        "删去它；是版块的选项，就紧跟在版块的第一行下面，中间不空行",
    ),
    (
        re.compile(r"(?P<mark>\[![A-Za-z]+\])"),
        "引用块里不写它；提示用 {{note}}，警告用 {{warning}}",
    ),
    (
        re.compile(r"^[\ue001 \t]*(?P<mark>(?:!{3}|\?{3})\+?) ", re.M),
        "改用 {{note}}、{{dropdown}} 这样的版块",
    ),
    (re.compile(r"(?<![A-Za-z+])(?P<mark>\+\+(?P<inner>[^+\n]+)\+\+)"), "写成“**{inner}**”"),
    (re.compile(r"(?P<mark>\^(?P<inner>[^\^\s\[]{1,12})\^)"), "写成“{{sup}}`{inner}`”"),
    (re.compile(r"(?<=[A-Za-z])(?P<mark>~(?P<inner>\d+)~)"), "写成“{{sub}}`{inner}`”"),
    (re.compile(r"(?P<mark>\^\[)"), "脚注写成 [^名字]，另起一行写“[^名字]: 说明”"),
    (re.compile(r"^[ \t]*(?P<mark>\*\[[^\]\n]+\]:)", re.M), "写成 {{abbr}}`缩写 (全称)`"),
    (re.compile(r"(?P<mark>\\[A-Za-z]{3,})"), "删去它，这里不认 LaTeX 的写法"),
    (
        re.compile(r"^[ \t]*(?P<mark>={3,})[ \t]*$", re.M),
        "删去这一行；要一条横线，写“---”，前后各空一行",
    ),
]
_LABEL = re.compile(r"^[（(][^()（）\n]{1,60}[）)]\s*[=＝][ \t]*$", re.M)
_FORMULA = re.compile(
    r"^[ \t]*\$\$[ \t]*$|\$\$?(?=[^$\n]*[A-Za-z\\=+^_])[^$\n\u4e00-\u9fff]+\$\$?", re.M
)


@RULES.chapter
def front_matter(chapter: Chapter, book: Book) -> Iterator[EditorError]:
    """页面最前面两条 `---` 之间写得对，有一句 `description`。

    description 是读者在搜索结果里看到的那句话；有图的页面还要写明用什么运行它。
    """
    if chapter is book.changelog:
        return  # it becomes a part of a page that has settings
    lines = chapter.lines
    first = next((number for number, line in enumerate(lines, 1) if line.strip()), 1)
    opened = re.fullmatch(r"-{3}\s*", lines[first - 1]) is not None
    if chapter.front_matter is None or not opened or first > 1:
        if opened and first > 1:
            yield EditorError(
                "“---”前面有空行，这一段就不算设置了",
                line=first,
                remedy="删去前面的空行，让“---”成为第一行",
            )
        elif opened:
            yield EditorError(ENDLESS, line=1, remedy="在设置的最后一行下面另起一行，写“---”")
        elif re.fullmatch(r"\s*[-—－–_]{2,}\s*", lines[first - 1]):
            yield EditorError(
                "页面第一行不是三个半角的“---”", line=first, remedy="写成“---”，前后不留空格"
            )
        else:
            remedy = "在最前面加三行：“---”、“description: 用一句话说明这一页讲什么。”、“---”"
            yield EditorError("页面最前面没有设置", line=1, remedy=remedy)
        return
    settings, wrong = _read_settings(chapter.front_matter)
    if wrong is not None:
        yield EditorError(
            "页面最前面两条 --- 之间的内容读不懂",
            line=wrong + 2,
            remedy="看这一行和上一行：缩进只用空格，冒号用半角，后面空一格；话里有半角冒号时，整句加上半角引号",
        )
        return
    if not isinstance(settings, dict):
        yield EditorError(
            "页面最前面两条 --- 之间的内容读不懂",
            line=2,
            remedy="每行一个设置，写成“description: 内容”：冒号用半角，后面空一格",
        )
        return
    for key in settings:
        if key not in _KEYS:
            line = next((n for n, row in enumerate(lines, 1) if row.startswith(str(key))), 2)
            near = get_close_matches(str(key), _KEYS, 1, 0.6)
            yield EditorError(
                f"没有名为“{key}”的设置",
                line=line,
                remedy=f"写成“{near[0]}”" if near else "删去这一行",
            )
    meant = {name for key in settings for name in get_close_matches(str(key), _KEYS, 1, 0.6)}
    if "description" not in meant or not str(settings.get("description", "…") or "").strip():
        yield EditorError(
            "这一页没有 description",
            line=1,
            remedy="在两条 --- 之间加一行“description: 用一句话说明这一页讲什么。”",
        )
    kernel = settings.get("kernelspec")
    cells = [directive for directive in chapter.directives if directive.name == "code-cell"]
    if cells and not isinstance(kernel, dict) and settings.get("file_format") != "mystnb":
        remedy = "照 CONTRIBUTING.md 里“加一章”的样子，在最前面写上 jupytext 和 kernelspec 两段"
        yield EditorError(
            "这一页有代码格，最前面却没有 kernelspec，图不会画出来",
            line=cells[0].line,
            remedy=remedy,
        )
    elif isinstance(kernel, dict) and kernel.get("name") != "python3":
        line = next((n for n, row in enumerate(lines, 1) if re.match(r"\s+name:", row)), 2)
        yield EditorError(
            f"没有名为“{kernel.get('name')}”的运行环境", line=line, remedy="写成“name: python3”"
        )


@lru_cache(maxsize=512)
def _read_settings(text: str) -> tuple[object, int | None]:
    """What a front matter says, or the line (from nought) at which it cannot be read."""
    try:
        return yaml.safe_load(text), None
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        return None, mark.line if mark else 0


@RULES.chapter
def headings(chapter: Chapter, book: Book) -> Iterator[EditorError]:
    """一章只有一个 `#` 标题，在最前面；往下一级一级来。

    目录、书签和读屏软件都靠标题的级别认路。
    """
    found = chapter.parts(Heading)
    for heading in found:
        if heading.underlined and chapter.front_matter is not None:
            yield EditorError(
                f"下面紧跟着横线，“{_short(heading.text)}”就成了标题",
                line=heading.line,
                remedy="在横线上面空一行；真要标题，就在这一行前面写“## ”",
            )
    found = [heading for heading in found if not heading.underlined]
    if not found:
        yield EditorError(
            "这一章没有标题", line=_first_line(chapter), remedy="在正文最前面写一行“# 标题”"
        )
        return
    if found[0].level > 1:
        remedy = f"写成“# {found[0].text}”，只用一个 #"
        yield EditorError(
            f"本页第一个标题是第 {found[0].level} 级", line=found[0].line, remedy=remedy
        )
    above = found[0].level
    for heading in found[1:]:
        if heading.level == 1:
            remedy = f"写成“## {heading.text}”"
            yield EditorError(
                f"一章里有两个 # 标题（第 {found[0].line} 行也有）",
                line=heading.line,
                remedy=remedy,
            )
        elif heading.level > above + 1:
            remedy = f"写成“{'#' * (above + 1)} {heading.text}”：下一级只比上一级多一个 #"
            yield EditorError(
                f"标题从第 {above} 级跳到了第 {heading.level} 级", line=heading.line, remedy=remedy
            )
        above = heading.level
    for heading in found:
        if not heading.text.strip():
            yield EditorError(
                "标题是空的", line=heading.line, remedy="在 # 后面写上标题，或删去这一行"
            )


@RULES.chapter
def paragraphs_under_headings(chapter: Chapter, book: Book) -> Iterator[EditorError]:
    """一段原文放在讲它的标题下面，不放在隔壁的标题下面。

    挪了地方，读者会以为原文在说另一件事，讲它的那些话上面又没有了原文。
    """
    if book.source is None or chapter.name not in book.project.explaining:
        return
    parts = _under_headings(chapter)
    blocks = {
        heading: list(_blocks_of_source(chapter, heading.line, end, book.source))
        for heading, end, _ in parts
    }
    for before, after in zip(parts, parts[1:]):
        for (there, _, words), (here, _, others) in ((before, after), (after, before)):
            if there.level != here.level or blocks[there] or len(blocks[here]) < 2:
                continue  # a heading without the source is no fault, where no other has too much of it
            for line, id, own in blocks[here]:
                shared = len(words & own)
                if shared >= 4 and shared / len(words) > 1.5 * len(others & own) / len(others):
                    remedy = f"把这一块移到“{there.text}”（第 {there.line} 行）下面"
                    yield EditorError(f"原文 {id} 不在讲它的标题下面", line=line, remedy=remedy)


def _under_headings(chapter: Chapter) -> list[tuple[Heading, int, set[str]]]:
    """Each heading below the first, the line before the next one, and the pairs of characters that stand there."""
    found = chapter.parts(Heading)
    ends = [*(heading.line - 1 for heading in found[1:]), len(chapter.lines)]
    return [
        (h, end, _pairs("\n".join(chapter.lines[h.line - 1 : end])))
        for h, end in zip(found, ends)
        if h.level > 1
    ]


def _blocks_of_source(
    chapter: Chapter, begin: int, end: int, source: SourceText
) -> Iterator[tuple[int, str, set[str]]]:
    for directive in chapter.directives:
        if directive.name == "quote" and begin < directive.line <= end:
            for id in directive.arguments.split():
                if source.has(id):
                    place = source.transcluded(id, "")
                    yield directive.line, id, _pairs(place.paragraph.text[place.start : place.end])


def _pairs(text: str) -> set[str]:
    return {
        words[n : n + 2] for words in re.findall(f"[{HAN}]+", text) for n in range(len(words) - 1)
    }


@RULES.chapter
def marks_of_lines(chapter: Chapter, book: Book) -> Iterator[EditorError]:
    """标题、列表的记号用半角，后面空一格。

    不然它就只是一行普通的字。
    """
    for prose in chapter.prose:
        for match in _NO_BLANK.finditer(prose.words):
            line, _ = prose.place(match.start(1))
            rest = prose.raw[match.end() :].split("\n")[0].strip()
            mark = match[1].strip().replace("＃", "#").replace("－", "-").replace("＊", "-")
            yield EditorError(
                f"“{match[1].strip()}”后面没有空格，或不是半角",
                line=line,
                remedy=f"写成“{mark} {_short(rest)}”",
            )


@RULES.chapter
def unclosed_blocks(chapter: Chapter, book: Book) -> Iterator[EditorError]:
    """每个 `:::` 和 ```` ``` ```` 版块都有开头、有结尾；套着的版块，外面的比里面的多一个冒号。

    没有结尾的版块会把后面的正文都吞进去。
    """
    for fence in chapter.parts(Fence):
        if fence.marks[0] == ":" and not fence.info:
            remedy = "多写了就删去这一行；版块里套着版块时，外面的开头和结尾各多写一个冒号"
            yield EditorError(f"这个“{fence.marks}”没有开头", line=fence.line, remedy=remedy)
            return  # what follows is swallowed, and wrong only for that
        if fence.within and not fence.info.startswith(
            "{code-cell}"
        ):  # in which nothing can stand but its chart
            longer = fence.marks[0] * (fence.within + 1)
            remedy = f"外面的开头写成“{longer}{_short(fence.info)}”，结尾写成“{longer}”"
            yield EditorError(
                f"“{fence.marks}{_short(fence.info)}”里面套着版块，外面的记号要比里面的长",
                line=fence.line,
                remedy=remedy,
            )
            return
        if not fence.closed:
            yield EditorError(
                f"“{fence.marks}{_short(fence.info)}”没有结尾",
                line=fence.line,
                remedy=f"在版块的最后一行下面另起一行，写“{fence.marks}”，前后不留别的字",
            )
            return
        if fence.marks[0] == ":" and not fence.is_directive:
            name = fence.info.split()[0].strip("{}")
            remedy = (
                f"写成“{fence.marks}{{{name}}}{fence.info[len(name) :]}”"
                if name in BLOCKS
                else "把名字写在半角花括号里"
            )
            yield EditorError(
                f"“{fence.marks}”后面的名字没有写在花括号里", line=fence.line, remedy=remedy
            )


@RULES.chapter
def known_marks(chapter: Chapter, book: Book) -> Iterator[EditorError]:
    """行内标记的名字拼写正确，网站和会议版都会排，例如 `` {quote}`…` ``、`` {gloss}`…` ``。"""
    for role in chapter.roles:
        if role.name not in ROLES | {"math", "eq"} and not role.name.startswith("bdg-"):
            near = get_close_matches(role.name, ["quote", "gloss", *ROLES], 1, 0.6)
            remedy = (
                _INSTEAD.get(role.name) or f"写成 {{{near[0]}}}`{_short(role.text)}`"
                if near
                else "核对花括号里的拼写，例如 {quote}、{gloss}"
            )
            yield EditorError(f"没有名为“{role.name}”的行内标记", line=role.line, remedy=remedy)


@RULES.chapter
def half_width_markup(chapter: Chapter, book: Book) -> Iterator[EditorError]:
    """标记用的冒号、花括号、反引号都是半角，版块用三个冒号。

    写得不对的，程序不认识，会原样显示给读者。
    """
    opened = False
    for prose in chapter.prose:
        for match in _FULL_WIDTH.finditer(prose.words):
            mark = match[0].strip()
            if opened and set(mark) == {"："}:
                opened = False  # its end is wrong in the same way, as has been said
                continue
            opened = set(mark) <= {"：", ":"} and prose.words.startswith("{", match.end())
            line, _ = prose.place(match.start() + len(match[0]) - len(match[0].lstrip()))
            right = mark.translate(str.maketrans("：｛·｀", ":{``")).replace(" ", "")
            right = right if right.strip(":") else right.ljust(3, ":")
            ending = "；结尾的一行也写“:::”" if opened else ""
            yield EditorError(
                f"标记“{mark}”写得不对",
                line=line,
                remedy=f"写成半角的“{right}”，中间不空格{ending}",
            )
        for match in _LEFT_ROLE.finditer(prose.words):
            line, _ = prose.place(match.start())
            remedy = f"写成 {{{match[1]}}}`字句`：花括号和前后两个反引号都是半角，中间不空格"
            yield EditorError(f"标记“{match[0]}”写得不对，或者没有结尾", line=line, remedy=remedy)


@RULES.chapter
def raw_marks(chapter: Chapter, book: Book) -> Iterator[EditorError]:
    """没有程序不认识、会原样显示给读者的记号：全角的 `＊＊`、`～～`，Word 的项目符号，制表符，`~~`、`__`、`==`、`[TOC]`。"""
    for prose in chapter.prose:
        told: set[int] = set()
        for match in re.finditer(
            "[\ue000-\uefff]", prose.raw
        ):  # some of which these checks use for a mask
            line, _ = prose.place(match.start())
            if line not in told:
                told.add(line)
                yield EditorError(
                    f"有一个谁也不认识的字（U+{ord(match[0]):04X}）",
                    line=line,
                    remedy="删去它；多半是从别的软件里带来的图标",
                )
        for pattern, remedy in _RAW:
            for match in pattern.finditer(prose.words):
                line, _ = prose.place(match.start("mark"))
                if line not in told:
                    told.add(line)
                    rest = prose.raw[match.end("mark") :].split("\n")[0].strip()
                    inner = (
                        prose.raw[match.start("inner") : match.end("inner")]
                        if "inner" in pattern.groupindex
                        else ""
                    )
                    mark = (
                        "制表符"
                        if match["mark"] == "\t"
                        else f"“{prose.raw[match.start('mark') : match.end('mark')]}”"
                    )
                    if "\uf000" <= match["mark"] <= "\uf8ff":
                        mark = "Word 的项目符号"
                    better = remedy.format(rest=_short(rest), inner=inner)
                    yield EditorError(f"{mark}会原样显示给读者", line=line, remedy=better)


@RULES.chapter
def formulas(chapter: Chapter, book: Book) -> Iterator[EditorError]:
    """不用 `{math}` 公式，会议版排不了。"""
    for part in [*chapter.directives, *chapter.roles]:
        if part.name in ("math", "eq"):
            yield EditorError("公式会议版排不了", line=part.line, remedy="用文字写，或做成图片")
    for prose in chapter.prose:
        if match := _FORMULA.search(prose.words):
            yield EditorError(
                f"公式“{match[0]}”会原样显示",
                line=prose.place(match.start())[0],
                remedy="用文字写，或做成图片",
            )


@RULES.chapter
def bold(chapter: Chapter, book: Book) -> Iterator[EditorError]:
    """加粗的 `**` 成对，而且生效；单个的 `*` 也是。

    里面的末一个字是标点、外面紧跟着汉字时，程序不认，会原样显示两个星号。
    """
    for stars in chapter.parts(Stars):
        mark = re.search(r"\*+", stars.text)
        around = stars.text[max(0, mark.start() - 8) :][:20]
        remedy = "把标点移到 ** 外面，例如 **加粗**：正文；或者在后一个 ** 后面空一格；前后星号一样多，少了的补上"
        yield EditorError(f"“{around}”里的 {mark[0]} 没有生效", line=stars.line, remedy=remedy)


@RULES.chapter
def drawn_tables(chapter: Chapter, book: Book) -> Iterator[EditorError]:
    """用 `|` 画的表格，第二行是 `|---|---|`，每一行的格数相同。

    没有第二行就不成表格；多出来的格子会悄悄丢掉；超过十列的，纸上排不下。
    """
    for row in chapter.parts(Row):
        if row.cells == row.columns:
            yield EditorError(
                f"表格有 {row.columns} 列，纸上排不下",
                line=row.line,
                remedy=f"分成几张表，每张不超过 {WIDEST_TABLE} 列；或者把行和列对调",
            )
        elif row.columns:
            remedy = f"这一行写成 {row.columns} 格；字里的竖线写成 \\|"
            yield EditorError(
                f"表头有 {row.columns} 格，这一行有 {row.cells} 格", line=row.line, remedy=remedy
            )
        else:
            remedy = f"在表头下面另起一行，写“|{'---|' * row.cells}”；表格上面空一行"
            yield EditorError("这几行没有成为表格", line=row.line, remedy=remedy)


@RULES.chapter
def footnotes(chapter: Chapter, book: Book) -> Iterator[EditorError]:
    """脚注 `[^名字]` 有一处、也只有一处说明，而且有人引用。"""
    notes = chapter.parts(Footnote)
    defined = [note.name for note in notes if note.defines]
    used = {note.name for note in notes if not note.defines}
    labels = {target.name.lower() for target in chapter.parts(Target)}
    for number, note in enumerate(notes):
        if not note.defines and note.name not in defined:
            remedy = f"另起一行，写“[^{note.name}]: 说明”；冒号用半角，后面空一格"
            yield EditorError(f"脚注“{note.name}”没有说明", line=note.line, remedy=remedy)
        elif note.defines and any(
            before.defines and before.name == note.name for before in notes[:number]
        ):
            yield EditorError(
                f"脚注“{note.name}”写了不止一次", line=note.line, remedy="只留一个，或换个名字"
            )
        elif note.defines and note.name.lower() in labels:
            remedy = f"脚注换个名字，例如 [^{note.name}-note]，引用它的地方也跟着改"
            yield EditorError(f"脚注和标签都叫“{note.name}”", line=note.line, remedy=remedy)
        elif note.defines and note.name not in used:
            yield EditorError(
                f"脚注“{note.name}”没有人引用",
                line=note.line,
                remedy=f"在正文里写上 [^{note.name}]，或删去它",
            )


@RULES.chapter
def indented_words(chapter: Chapter, book: Book) -> Iterator[EditorError]:
    """正文的行首不空四格。

    空了四格的一段会变成代码框，字挤成一行。
    """
    for block in chapter.parts(Indented):
        if re.search(f"[{HAN}]", block.text):
            yield EditorError(
                "行首空了四格，这一段会变成代码框",
                line=block.line,
                remedy=f"删去行首的空格，写成“{_short(block.text)}”",
            )


@RULES.book
def labels(book: Book) -> Iterator[EditorError]:
    """标签写作 `(名字)=`，用小写字母、数字和连字符，全书不重复。

    标签是网址的一部分，写成汉字就会变成没有意义的编号；两处同名，链接不知道该去哪一处。
    """
    for chapter in book.chapters:
        written = [(target.line, f"({target.name})=") for target in chapter.parts(Target)]
        written += [
            (p.place(m.start())[0], m[0].strip())
            for p in chapter.prose
            for m in _LABEL.finditer(p.words)
        ]
        for line, label in written:
            if not re.fullmatch(r"\([A-Za-z0-9][A-Za-z0-9_.-]*\)=", label):
                name = unicodedata.normalize("NFKC", label).strip("()= ").lower()
                name = re.sub(r"[^a-z0-9]+", "-", name).strip("-") or "new-part"
                yield EditorError(
                    f"标签“{label}”写得不对",
                    chapter.path,
                    line,
                    f"写成“({name})=”，单独一行，括号和等号都是半角",
                )
    copied: dict[tuple[str, str], list[tuple[Chapter, int, str, int]]] = {}
    for name, places in book.targets.items():
        first, line = places[0]
        for chapter, again in places[1:]:
            copied.setdefault((first.name, chapter.name), []).append((chapter, again, name, line))
    for (first, _), found in copied.items():
        chapter, again, name, line = found[0]
        if len(found) > 2:
            remedy = f"这一章多半是照 {first}.md 抄来的：给这里的标签都换个名字，链接到它们的地方也跟着改"
            yield EditorError(
                f"有 {len(found)} 个标签与 {first}.md 的相同，例如“{name}”",
                chapter.path,
                again,
                remedy,
            )
            continue
        for chapter, again, name, line in found:
            remedy = "给这一处换个名字；链接到它的地方也跟着改"
            yield EditorError(
                f"标签“{name}”用了不止一次（{first}.md 第 {line} 行也有）",
                chapter.path,
                again,
                remedy,
            )


def _first_line(chapter: Chapter) -> int:
    before = 0 if chapter.front_matter is None else chapter.front_matter.count("\n") + 3
    return min(before + 1, len(chapter.lines))


def _short(text: str) -> str:
    line = text.split("\n")[0]
    return line if len(line) <= 20 else f"{line[:20]}……"
