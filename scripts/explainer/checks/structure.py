"""How a chapter is put together: front matter, headings, blocks and their markup."""

from __future__ import annotations

import ast
import re
import unicodedata
from collections.abc import Iterator
from difflib import get_close_matches
from functools import lru_cache

import yaml

from ..errors import EditorError
from .book import CHANGELOG, Book
from .chapters import Chapter, Fence, Footnote, Heading, Indented, Row, Stars, Target
from .prose import HAN
from .rule import Rules

RULES = Rules("章节", blocks=True)

# What a chapter may use: each is drawn on the site and on paper, and what stands in it is judged by these checks.
DIRECTIVES = frozenset(
    "admonition attention caution danger error hint important note seealso tip warning "
    "card dropdown grid grid-item grid-item-card steps step tab-item tab-set div rubric sidebar topic "
    "code code-block code-cell csv-table figure image list-table only table "
    "coverage-list data-table download-list glossary-list quote source-text".split()
)
ROLES = frozenset(
    "abbr abbreviation code doc emphasis gloss kbd literal only-html only-meeting quote ref strong sub subscript sup superscript "
    "bdg bdg-link bdg-ref".split()
)
# What MyST knows beside these, and what to write in its place.
_INSTEAD = {
    "include": "把那个文件里的话直接写在这里", "literalinclude": "把那个文件里的话直接写在这里", "toctree": "删去它；章节的次序写在 _toc.yml 里",
    "epigraph": "原文用 {quote}，编者的话用 {note}", "pull-quote": "原文用 {quote}，编者的话用 {note}", "highlights": "改用 {note}",
    "glossary": "名词写在 data/glossary.csv 里，用 {gloss} 引用", "term": "写成 {gloss}", "contents": "删去它；本页的目录由程序生成",
    "download": "链接到“数据与下载”页", "numref": "改用 {ref}", "any": "改用 {ref}", "figure-md": "改用 {figure}",
}
_KEYS = {
    "description", "jupytext", "kernelspec", "file_format", "html_meta", "myst", "mystnb", "orphan", "tocdepth",
    "substitutions", "nocomments", "nosearch", "title", "date", "author", "authors", "keywords", "language_info",
}
_MEDIA = {"html", "meeting", "contact"}
_FULL_WIDTH = re.compile(r"^\s*(?:：{3,}|:{1,2}(?=\{[\w-]+\})|[·｀]{3,}|:{3,}\s*｛|`{3,}\s*｛)", re.M)
_LEFT_ROLE = re.compile(r"(?<!::)(?<!：：)[{｛](quote|gloss)[}｝]\s*[‘’'·｀“`]?")
_NO_BLANK = re.compile(rf"^[ \t]*(#{{1,6}}(?=[^#\s!])|＃+\s*|[－＊](?=[\s{HAN}“《（])|[-+](?=[{HAN}“《（])|\d{{1,2}}\.(?=[{HAN}“《（*]))", re.M)
_BULLET = "写成“- {rest}”；列表上面空一行"
# What Word, other Markdown and other editors know, each with what to write.
_RAW = [
    (re.compile(r"^[ \t]*(?P<mark>[•·●○■□▪▫▶►▸◆◇★☆➢➤✓✔☑☐✦∙・‣⁃\uf000-\uf8ff])(?=[ \t\u3000]*[^\s])", re.M), _BULLET),
    (re.compile(r"(?P<mark>[\uf000-\uf8ff])"), "删去它"),
    (re.compile(r"(?P<mark>＊＊(?P<inner>[^＊\n]+)＊＊)"), "写成“**{inner}**”"),
    (re.compile(r"(?P<mark>＊＊)"), "写成半角的“**”，前后成对"),
    (re.compile(r"(?P<mark>[~～]{2}(?P<inner>[^~～\n]+)[~～]{2})"), "不要的字就删去，写成“{rest}”"),
    (re.compile(rf"(?<![A-Za-z0-9_])(?P<mark>__(?P<inner>[^_\n]*[{HAN}][^_\n]*)__)"), "写成“**{inner}**”"),
    (re.compile(rf"(?<=[{HAN}])(?P<mark>_(?P<inner>[^_\n]*[{HAN}][^_\n]*)_)|(?!)"), "写成“*{inner}*”"),
    (re.compile(r"(?P<mark>==(?P<inner>[^=\n]+)==)"), "写成“**{inner}**”"),
    (re.compile(r"(?P<mark>\[TOC\]|\{\{[^}\n]*\}\}|\[\[[^\]\n]*\]\])", re.I), "删去它；本页的目录由程序生成，链接写作 [文字](去处)"),
    (re.compile(r"(?P<mark>\$?\{(?!quote|gloss|\{)[^{}\n]*\})(?![`}])"), "删去它；要显示花括号，写成代码：前后各加一个反引号"),
    (re.compile(r"^[\ue001 \t]*(?P<mark>\[[ xX]\])(?=[ \t])", re.M), "删去方括号，写成“- {rest}”"),
    (re.compile(r"(?<=\S)(?P<mark>\t)(?=[^\s])"), "换成标点；要对齐成几列，就用 | 画表格"),
]
_LABEL = re.compile(r"^[（(][^()（）\n]{1,60}[）)]\s*[=＝][ \t]*$", re.M)
_FORMULA = re.compile(r"\$\$?(?=[^$\n]*[A-Za-z\\=+^_])[^$\n\u4e00-\u9fff]+\$\$?")
_NOTES = frozenset("note warning tip important hint caution attention danger error seealso admonition dropdown".split())


@RULES.chapter
def front_matter(chapter: Chapter, book: Book) -> Iterator[EditorError]:
    """页面最前面两条 `---` 之间写得对，有一句 `description`。

    description 是读者在搜索结果里看到的那句话；有图的页面还要写明用什么运行它。
    """
    lines = chapter.lines
    first = next((number for number, line in enumerate(lines, 1) if line.strip()), 1)
    opened = re.fullmatch(r"-{3}\s*", lines[first - 1]) is not None
    if chapter.front_matter is None or not opened or first > 1:
        if opened and first > 1:
            yield EditorError("“---”前面有空行，这一段就不算设置了", line=first, remedy="删去前面的空行，让“---”成为第一行")
        elif opened:
            yield EditorError("页面最前面的设置没有结束", line=1, remedy="在设置的最后一行下面另起一行，写“---”")
        elif re.fullmatch(r"\s*[-—－–_]{2,}\s*", lines[first - 1]):
            yield EditorError("页面第一行不是三个半角的“---”", line=first, remedy="写成“---”，前后不留空格")
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
            "页面最前面两条 --- 之间的内容读不懂", line=2, remedy="每行一个设置，写成“description: 内容”：冒号用半角，后面空一格"
        )
        return
    for key in settings:
        if key not in _KEYS:
            line = next((n for n, row in enumerate(lines, 1) if row.startswith(str(key))), 2)
            near = get_close_matches(str(key), _KEYS, 1, 0.6)
            yield EditorError(f"没有名为“{key}”的设置", line=line, remedy=f"写成“{near[0]}”" if near else "删去这一行")
    if not str(settings.get("description") or "").strip():
        yield EditorError("这一页没有 description", line=1, remedy="在两条 --- 之间加一行“description: 用一句话说明这一页讲什么。”")
    kernel = settings.get("kernelspec")
    cells = [directive for directive in chapter.directives if directive.name == "code-cell"]
    if cells and not isinstance(kernel, dict) and settings.get("file_format") != "mystnb":
        remedy = "照 CONTRIBUTING.md 里“加一章”的样子，在最前面写上 jupytext 和 kernelspec 两段"
        yield EditorError("这一页有代码格，最前面却没有 kernelspec，图不会画出来", line=cells[0].line, remedy=remedy)
    elif isinstance(kernel, dict) and kernel.get("name") != "python3":
        line = next((n for n, row in enumerate(lines, 1) if re.match(r"\s+name:", row)), 2)
        yield EditorError(f"没有名为“{kernel.get('name')}”的运行环境", line=line, remedy="写成“name: python3”")


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
        yield EditorError("这一章没有标题", line=_first_line(chapter), remedy="在正文最前面写一行“# 标题”")
        return
    if found[0].level > 1:
        remedy = f"写成“# {found[0].text}”，只用一个 #"
        yield EditorError(f"本页第一个标题是第 {found[0].level} 级", line=found[0].line, remedy=remedy)
    above = found[0].level
    for heading in found[1:]:
        if heading.level == 1:
            remedy = f"写成“## {heading.text}”"
            yield EditorError(f"一章里有两个 # 标题（第 {found[0].line} 行也有）", line=heading.line, remedy=remedy)
        elif heading.level > above + 1:
            remedy = f"写成“{'#' * (above + 1)} {heading.text}”：下一级只比上一级多一个 #"
            yield EditorError(f"标题从第 {above} 级跳到了第 {heading.level} 级", line=heading.line, remedy=remedy)
        above = heading.level
    for heading in found:
        if not heading.text.strip():
            yield EditorError("标题是空的", line=heading.line, remedy="在 # 后面写上标题，或删去这一行")


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
            yield EditorError(f"“{match[1].strip()}”后面没有空格，或不是半角", line=line, remedy=f"写成“{mark} {_short(rest)}”")


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
        if fence.within and not fence.info.startswith("{code-cell}"):  # in which nothing can stand but its chart
            longer = fence.marks[0] * (fence.within + 1)
            remedy = f"外面的开头写成“{longer}{_short(fence.info)}”，结尾写成“{longer}”"
            yield EditorError(f"“{fence.marks}{_short(fence.info)}”里面套着版块，外面的记号要比里面的长", line=fence.line, remedy=remedy)
            return
        if not fence.closed:
            yield EditorError(
                f"“{fence.marks}{_short(fence.info)}”没有结尾",
                line=fence.line,
                remedy=f"在版块的最后一行下面另起一行，写“{fence.marks}”，前后不留别的字",
            )
            return
        if fence.marks[0] == ":" and not fence.info.startswith("{"):
            name = fence.info.split()[0].strip("{}")
            remedy = f"写成“{fence.marks}{{{name}}}{fence.info[len(name):]}”" if name in DIRECTIVES else "把名字写在半角花括号里"
            yield EditorError(f"“{fence.marks}”后面的名字没有写在花括号里", line=fence.line, remedy=remedy)


@RULES.chapter
def known_blocks(chapter: Chapter, book: Book) -> Iterator[EditorError]:
    """版块的名字拼写正确，网站和会议版都会排，例如 `{quote}`、`{note}`、`{data-table}`、`{dropdown}`。"""
    for directive in chapter.directives:
        name = directive.name
        if name == "include" and directive.arguments == f"../{CHANGELOG}":
            continue  # which is judged as the chapters are
        if name.lower() not in DIRECTIVES | {"math", "raw"}:  # other rules have a word on these two
            near = get_close_matches(name.lower(), DIRECTIVES, 1, 0.6)
            remedy = f"写成 {{{near[0]}}}" if near else "核对花括号里的拼写；常用的有 {quote}、{note}、{data-table}、{dropdown}"
            yield EditorError(f"没有名为“{name}”的版块", line=directive.line, remedy=_INSTEAD.get(name.lower(), remedy))
        elif name == "csv-table" and {"file", "url"} & set(directive.options):
            remedy = "把表格放在 data/ 里，用 {data-table} 显示；小的就直接写在版块里"
            yield EditorError("“csv-table”取了别的文件，里面的话没有检查", line=directive.line, remedy=remedy)


@RULES.chapter
def known_marks(chapter: Chapter, book: Book) -> Iterator[EditorError]:
    """行内标记的名字拼写正确，网站和会议版都会排，例如 `` {quote}`…` ``、`` {gloss}`…` ``。"""
    for role in chapter.roles:
        if role.name not in ROLES | {"math", "eq"} and not role.name.startswith("bdg-"):
            near = get_close_matches(role.name, ["quote", "gloss", *ROLES], 1, 0.6)
            remedy = _INSTEAD.get(role.name) or f"写成 {{{near[0]}}}`{_short(role.text)}`" if near else "核对花括号里的拼写，例如 {quote}、{gloss}"
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
            yield EditorError(f"标记“{mark}”写得不对", line=line, remedy=f"写成半角的“{right}”，中间不空格{ending}")
        for match in _LEFT_ROLE.finditer(prose.words):
            line, _ = prose.place(match.start())
            remedy = f"写成 {{{match[1]}}}`字句`：花括号和前后两个反引号都是半角，中间不空格"
            yield EditorError(f"标记“{match[0]}”写得不对，或者没有结尾", line=line, remedy=remedy)


@RULES.chapter
def raw_marks(chapter: Chapter, book: Book) -> Iterator[EditorError]:
    """没有程序不认识、会原样显示给读者的记号：全角的 `＊＊`、`～～`，Word 的项目符号，制表符，`~~`、`__`、`==`、`[TOC]`。"""
    for prose in chapter.prose:
        told: set[int] = set()
        for pattern, remedy in _RAW:
            for match in pattern.finditer(prose.words):
                line, _ = prose.place(match.start("mark"))
                if line not in told:
                    told.add(line)
                    rest = prose.raw[match.end("mark") :].split("\n")[0].strip()
                    inner = prose.raw[match.start("inner") : match.end("inner")] if "inner" in pattern.groupindex else ""
                    mark = "制表符" if match["mark"] == "\t" else f"“{prose.raw[match.start('mark') : match.end('mark')]}”"
                    if "\uf000" <= match["mark"] <= "\uf8ff":
                        mark = "Word 的项目符号"
                    better = remedy.format(rest=_short(rest), inner=inner)
                    yield EditorError(f"{mark}会原样显示给读者", line=line, remedy=better)


@RULES.chapter
def empty_notes(chapter: Chapter, book: Book) -> Iterator[EditorError]:
    """提示、折叠这样的版块里有内容。"""
    for directive in chapter.directives:
        if directive.name in _NOTES and not directive.content:
            yield EditorError(f"“{directive.name}”版块是空的", line=directive.line, remedy="在里面写上内容，或删去这个版块")


@RULES.chapter
def words_for_one_medium(chapter: Chapter, book: Book) -> Iterator[EditorError]:
    """`{only}` 后面写 `html`（网站）或 `meeting`（会议版）。

    写成别的，这一段在哪里都不显示。
    """
    for directive in chapter.directives:
        if directive.name.lower() == "only" and not _is_medium(directive.arguments):
            remedy = "写成 {only} html（只在网站上）或 {only} meeting（只在会议版里）"
            yield EditorError(f"没有“{_short(directive.arguments)}”这个版本，这一段不会显示", line=directive.line, remedy=remedy)


def _is_medium(expression: str) -> bool:
    """Whether it is made of the names of media with and, or, not and parentheses."""
    try:
        nodes = list(ast.walk(ast.parse(expression, mode="eval").body))
    except (SyntaxError, ValueError):
        return False
    known = (ast.BoolOp, ast.UnaryOp, ast.And, ast.Or, ast.Not, ast.Name, ast.Load)
    return all(isinstance(node, known) for node in nodes) and {n.id for n in nodes if isinstance(n, ast.Name)} <= _MEDIA


@RULES.chapter
def formulas(chapter: Chapter, book: Book) -> Iterator[EditorError]:
    """不用 `{math}` 公式，会议版排不了。"""
    for part in [*chapter.directives, *chapter.roles]:
        if part.name in ("math", "eq"):
            yield EditorError("公式会议版排不了", line=part.line, remedy="用文字写，或做成图片")
    for prose in chapter.prose:
        for match in _FORMULA.finditer(prose.words):
            yield EditorError(f"公式“{match[0]}”会原样显示", line=prose.place(match.start())[0], remedy="用文字写，或做成图片")


@RULES.chapter
def bold(chapter: Chapter, book: Book) -> Iterator[EditorError]:
    """加粗的 `**` 成对，而且生效。

    里面的末一个字是标点、外面紧跟着汉字时，程序不认，会原样显示两个星号。
    """
    for stars in chapter.parts(Stars):
        around = stars.text[max(0, stars.text.index("**") - 8) :][:20]
        remedy = "把标点移到 ** 外面，例如 **加粗**：正文；或者在后一个 ** 后面空一格；只有一个的，补上另一个"
        yield EditorError(f"“{around}”里的 ** 没有生效", line=stars.line, remedy=remedy)


@RULES.chapter
def drawn_tables(chapter: Chapter, book: Book) -> Iterator[EditorError]:
    """用 `|` 画的表格，第二行是 `|---|---|`，每一行的格数相同。

    没有第二行就不成表格；多出来的格子会悄悄丢掉。
    """
    for row in chapter.parts(Row):
        if row.columns:
            remedy = f"这一行写成 {row.columns} 格；字里的竖线写成 \\|"
            yield EditorError(f"表头有 {row.columns} 格，这一行有 {row.cells} 格", line=row.line, remedy=remedy)
        else:
            remedy = f"在表头下面另起一行，写“|{'---|' * row.cells}”；表格上面空一行"
            yield EditorError("这几行没有成为表格", line=row.line, remedy=remedy)


@RULES.chapter
def footnotes(chapter: Chapter, book: Book) -> Iterator[EditorError]:
    """脚注 `[^名字]` 有一处、也只有一处说明，而且有人引用。"""
    notes = chapter.parts(Footnote)
    defined = [note.name for note in notes if note.defines]
    used = {note.name for note in notes if not note.defines}
    for number, note in enumerate(notes):
        if not note.defines and note.name not in defined:
            remedy = f"另起一行，写“[^{note.name}]: 说明”；冒号用半角，后面空一格"
            yield EditorError(f"脚注“{note.name}”没有说明", line=note.line, remedy=remedy)
        elif note.defines and any(before.defines and before.name == note.name for before in notes[:number]):
            yield EditorError(f"脚注“{note.name}”写了不止一次", line=note.line, remedy="只留一个，或换个名字")
        elif note.defines and note.name not in used:
            yield EditorError(f"脚注“{note.name}”没有人引用", line=note.line, remedy=f"在正文里写上 [^{note.name}]，或删去它")


@RULES.chapter
def indented_words(chapter: Chapter, book: Book) -> Iterator[EditorError]:
    """正文的行首不空四格。

    空了四格的一段会变成代码框，字挤成一行。
    """
    for block in chapter.parts(Indented):
        if re.search(f"[{HAN}]", block.text):
            yield EditorError("行首空了四格，这一段会变成代码框", line=block.line, remedy=f"删去行首的空格，写成“{_short(block.text)}”")


@RULES.book
def labels(book: Book) -> Iterator[EditorError]:
    """标签写作 `(名字)=`，用小写字母、数字和连字符，全书不重复。

    标签是网址的一部分，写成汉字就会变成没有意义的编号；两处同名，链接不知道该去哪一处。
    """
    for chapter in book.chapters:
        written = [(target.line, f"({target.name})=") for target in chapter.parts(Target)]
        written += [(p.place(m.start())[0], m[0].strip()) for p in chapter.prose for m in _LABEL.finditer(p.words)]
        for line, label in written:
            if not re.fullmatch(r"\([A-Za-z0-9][A-Za-z0-9_.-]*\)=", label):
                name = unicodedata.normalize("NFKC", label).strip("()= ").lower()
                name = re.sub(r"[^a-z0-9]+", "-", name).strip("-") or "new-part"
                yield EditorError(f"标签“{label}”写得不对", chapter.path, line, f"写成“({name})=”，单独一行，括号和等号都是半角")
    copied: dict[tuple[str, str], list[tuple[Chapter, int, str, int]]] = {}
    for name, places in book.targets.items():
        first, line = places[0]
        for chapter, again in places[1:]:
            copied.setdefault((first.name, chapter.name), []).append((chapter, again, name, line))
    for (first, _), found in copied.items():
        chapter, again, name, line = found[0]
        if len(found) > 2:
            remedy = f"这一章多半是照 {first}.md 抄来的：给这里的标签都换个名字，链接到它们的地方也跟着改"
            yield EditorError(f"有 {len(found)} 个标签与 {first}.md 的相同，例如“{name}”", chapter.path, again, remedy)
            continue
        for chapter, again, name, line in found:
            remedy = "给这一处换个名字；链接到它的地方也跟着改"
            yield EditorError(f"标签“{name}”用了不止一次（{first}.md 第 {line} 行也有）", chapter.path, again, remedy)


def _first_line(chapter: Chapter) -> int:
    before = 0 if chapter.front_matter is None else chapter.front_matter.count("\n") + 3
    return min(before + 1, len(chapter.lines))


def _short(text: str) -> str:
    line = text.split("\n")[0]
    return line if len(line) <= 20 else f"{line[:20]}……"
