"""Where links go, and what a page loads: pages, labels, files, images, HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from urllib.parse import unquote, urlsplit

from ..errors import EditorError
from .book import Book
from .chapters import Chapter, Directive, Heading, Html, Link, Target
from .prose import Prose
from .rule import Rules

RULES = Rules("链接和图片", blocks=True)

LARGEST_IMAGE = 500_000  # bytes; on a slow phone a second and a half
_FULL_WIDTH_LINK = re.compile(r"!?(?:\[[^\]\n]*\]（[^）\n]*）|【[^】\n]+】[(（][^)）\n]+[)）]|\[[^\]\n]*\]\s+\([^)\n]+\.(?:md|png|jpe?g|svg)[^)\n]*\))")
_LINK = re.compile(r"(!?\[[^\[\]\n]*\])\(([^()\n]*(?:\([^()\n]*\)[^()\n]*)*)\)")
_BY_NAME = re.compile(r"(!?\[(?!\^)[^\[\]\n]+\])\[(?!\^)([^\[\]\n]*)\](?!\()")
_DEFINED = re.compile(r"^[ \t>]*\[([^\]\n]+)\]:", re.M)
_GOOD_TARGET = re.compile(r"[ \t]*(?:<[^<>]*>|[^ \t]*)(?:[ \t]+(?:\"[^\"]*\"|'[^']*'))?[ \t]*")
_NO_BLANKS = "文件名里不能有空格：把文件改名，"
_IMAGES = ("image", "figure")


@RULES.chapter
def internal_links(chapter: Chapter, book: Book) -> Iterator[EditorError]:
    """链接写到的章节、标签和文件都有。

    读者点了会走不通。
    """
    for link in chapter.parts(Link):
        if not link.image and (fault := _fault(unquote(link.target), link.words, chapter, book)):
            yield EditorError(fault[0], line=link.line, remedy=fault[1])
    for role in chapter.roles:
        if role.name in ("ref", "doc"):
            target = re.sub(r".*<(.+)>$", r"\1", role.text, flags=re.S)
            known = list(book.targets) if role.name == "ref" else [c.name for c in book.chapters]
            if target.lower() not in map(str.lower, known):
                what = "标签" if role.name == "ref" else "章节"
                yield EditorError(f"链接的{what}“{target}”不存在", line=role.line, remedy=_nearest(target, known))


def _fault(target: str, words: str, chapter: Chapter, book: Book) -> tuple[str, str] | None:
    """What is wrong with a link's target, and how it should read."""
    if "\\" in target and not re.match(r"[A-Za-z]:", target):
        return f"链接里用了反斜杠：“{target}”", f"写成 [{words}]({target.replace(chr(92), '/')})"
    if re.match(r"[A-Za-z]:[\\/]|file:", target):
        return f"链接写的是你电脑里的位置：“{target}”，别人打不开", "写文件名，例如 [第三章](characteristics.md)"
    try:
        scheme = urlsplit(target).scheme
    except ValueError:
        return f"网址“{target}”写得不对", f"核对网址，写成 [{words}](https://…)"
    if scheme in ("http", "https", "mailto", "tel"):
        return None
    if scheme:
        return f"链接不能用“{scheme}:”", "只链接到本书的章节，或 https: 开头的网址"
    if target.startswith("www."):
        return f"网址“{target}”前面缺少 https://", f"写成 [{words}](https://{target})"
    if not target:
        return f"“{words}”的链接是空的", "在圆括号里写上去处，例如 (contents.md)，或去掉方括号"
    file, _, label = target.partition("#")
    if not file:
        return _label_fault(label, words, book)
    if re.search(r"\.html?$", file) and (book.root / "book" / f"{Path(file).stem}.md").is_file():
        return f"链接的目标“{target}”不存在", f"链接写文件名，网页由程序生成：[{words}]({Path(file).stem}.md)"
    if not Path(file).suffix and file in book.targets:
        return None
    path = chapter.path.parent / file
    if not _exists(path):
        files = [c.path.name for c in book.chapters]
        same = [name for name in files if name.lower() == file.lower() or name == f"{file}.md"]
        remedy = f"写成 [{words}]({same[0]})" if same else _by_title(file, words, book) or _nearest(file, files)
        return f"链接的章节或文件“{file}”不存在", remedy
    if label:
        if label in book.targets:
            return f"“{target}”不能这样写", f"链接到标签只写标签：[{words}](#{label})"
        return _label_fault(label, words, book)
    return None


def _label_fault(label: str, words: str, book: Book) -> tuple[str, str] | None:
    if label.lower() in map(str.lower, book.targets):
        return None
    if by_title := _by_title(label, words, book):
        return f"链接的标签“{label}”不存在", by_title
    near = get_close_matches(label, book.targets, 1, 0.6)
    remedy = f"写成 [{words}](#{near[0]})" if near else "标签要先写在标题的上一行，例如 (名字)=，再链接到 #名字"
    return f"链接的标签“{label}”不存在", remedy


def _by_title(title: str, words: str, book: Book) -> str:
    """How to link to the heading with these words; empty when there is none, or none that a link can name."""
    for chapter in book.chapters:
        labels = {target.line + 1: target.name for target in chapter.parts(Target)}
        for heading in chapter.parts(Heading):
            if heading.text == title and heading.level == 1:
                return f"写文件名，不写标题：[{words}]({chapter.path.name})"
            if heading.text == title and heading.line in labels:
                return f"写标签，不写标题：[{words}](#{labels[heading.line]})"
    return ""


@RULES.chapter
def written_links(chapter: Chapter, book: Book) -> Iterator[EditorError]:
    """链接写作 `[文字](去处)`：方括号和圆括号都是半角，中间和去处里都不空格。"""
    defined = {name.lower() for name in _DEFINED.findall(chapter.text)}
    for prose in chapter.prose:
        for match in _written(_BY_NAME, prose):
            if (match[2] or match[1].strip("![]")).lower() not in defined:
                line, _ = prose.place(match.start())
                yield EditorError(f"“{match[0]}”不成链接，没有写“{match[2]}”去哪里", line=line, remedy=f"写成 {match[1]}(去处)")
        for match in _written(_FULL_WIDTH_LINK, prose):
            words, _, target = match[0].translate(str.maketrans("（）【】", "()[]")).partition("]")
            line, _ = prose.place(match.start())
            remedy = f"写成“{words}]{_without_blanks(target)}”"
            if not _GOOD_TARGET.fullmatch(target.strip()[1:-1]):
                remedy = _NO_BLANKS + remedy
            yield EditorError("链接的括号要用半角，中间不空格", line=line, remedy=remedy)
        for match in _written(_LINK, prose):
            if not _GOOD_TARGET.fullmatch(match[2]):
                line, _ = prose.place(match.start())
                remedy = f"{_NO_BLANKS}写成“{match[1]}({_without_blanks(match[2])})”"
                yield EditorError(f"去处“{match[2]}”里有空格，不成链接", line=line, remedy=remedy)


def _written(pattern: re.Pattern, prose: Prose) -> Iterator[re.Match]:
    """What matches in a passage, but for code and other markup."""
    return (match for match in pattern.finditer(prose.raw) if prose.words[match.start()] == match[0][0])


def _without_blanks(target: str) -> str:
    return re.sub(r"[ \t]+(?![\"'])", "", target)


@RULES.chapter
def images(chapter: Chapter, book: Book) -> Iterator[EditorError]:
    """图片有文件，有替代文字，不超过 500 KB。

    看不见图的人靠替代文字，用手机流量的人等不起大图。
    """
    for target, words, line in _shown_images(chapter):
        if re.match(r"(?:https?:)?//|data:", target):
            yield EditorError(f"图片来自别的网站：“{target}”", line=line, remedy="把图片存进 book/images/，写作 ![替代文字](images/文件名.png)")
            continue
        if "\\" in target or re.match(r"[A-Za-z]:", target):
            name = re.split(r"[\\/]", target)[-1]
            yield EditorError(f"图片写的是“{target}”", line=line, remedy=f"把图片放进 book/images/，写成 images/{name}，用正斜杠")
            continue
        if not target:
            yield EditorError("图片没有写文件名", line=line, remedy="写成 ![替代文字](images/文件名.png)")
            continue
        if re.search(r"\s", target):
            yield EditorError(f"图片“{target}”的名字里有空格", line=line, remedy=f"{_NO_BLANKS}写成 {_without_blanks(target)}")
            continue
        path = chapter.path.parent / target.lstrip("/")
        if not _exists(path):
            files = [p.relative_to(chapter.path.parent).as_posix() for p in (book.root / "book").glob("images/*")]
            yield EditorError(f"找不到图片“{target}”", line=line, remedy=_nearest(target, files, "把图片放进 book/images/，核对拼写和大小写"))
            continue
        if not words.strip():
            remedy = f"写成 ![图里画的是什么]({target})；装饰用的图就不要放"
            yield EditorError(f"图片“{target}”没有替代文字", line=line, remedy=remedy)
        if (size := path.stat().st_size) > LARGEST_IMAGE:
            remedy = "把图片缩小到宽 1600 像素以内，再存成 PNG 或 JPG"
            yield EditorError(f"图片“{target}”有 {size // 1000} KB，手机上打开太慢", line=line, remedy=remedy)


def _shown_images(chapter: Chapter) -> Iterator[tuple[str, str, int]]:
    for link in chapter.parts(Link):
        if link.image:
            yield unquote(link.target), link.words, link.line
    for directive in chapter.parts(Directive):
        if directive.name in _IMAGES:
            yield directive.arguments, directive.options.get("alt", ""), directive.line


@RULES.chapter
def html(chapter: Chapter, book: Book) -> Iterator[EditorError]:
    """正文里没有 HTML 代码和脚本。

    会议版排不出它，脚本还会被网站的安全设置拦下。
    """
    for piece in chapter.parts(Html):
        if piece.text.startswith("</"):
            continue
        if piece.text.startswith("<!--"):
            yield EditorError("注释用了 HTML 的写法", line=piece.line, remedy="注释写成以 % 开头的一行")
            continue
        tag = re.match(r"</?([A-Za-z][\w-]*)", piece.text)
        name = tag[1].lower() if tag else ""
        remedy = {
            "br": "另起一段：中间空一行",
            "b": "加粗写作 **文字**",
            "strong": "加粗写作 **文字**",
            "i": "强调写作 *文字*",
            "a": "链接写作 [文字](去处)",
            "img": "图片写作 ![替代文字](images/文件名.png)",
            "table": "表格用 | 画，或写 {data-table}",
            "script": "删去它；本站不放另外的脚本",
            "iframe": "删去它；视频和地图请写成普通的链接",
        }.get(name, "改用 Markdown 的写法；要显示尖括号本身，就写成 `<文字>`")
        yield EditorError(f"正文里有 HTML 代码“{piece.text.splitlines()[0][:30]}”", line=piece.line, remedy=remedy)
    for directive in chapter.directives:
        if directive.name == "raw":
            yield EditorError("“raw”版块里是 HTML 代码", line=directive.line, remedy="改用 Markdown 的写法")


def _exists(path: Path) -> bool:
    """Whether the file is there in exactly this spelling, as it must be on the server."""
    try:
        path = Path(*path.parts[:1], *_without_dots(path.parts[1:]))
        return path.is_file() and path.name in {entry.name for entry in path.parent.iterdir()}
    except (OSError, ValueError):
        return False


def _without_dots(parts: tuple[str, ...]) -> list[str]:
    result: list[str] = []
    for part in parts:
        if part == ".." and result:
            result.pop()
        elif part not in (".", ".."):
            result.append(part)
    return result


def _nearest(target: str, known: list[str], otherwise: str = "") -> str:
    near = get_close_matches(target, known, 1, 0.6)
    return f"写成“{near[0]}”" if near else otherwise or f"可用的有 {'、'.join(known)}"
