"""Where links go, and what a page loads: pages, labels, files, images, HTML."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from difflib import get_close_matches
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urlsplit

from ..errors import EditorError
from . import pictures
from .addresses import renamed
from .book import Book
from .chapters import Chapter, Directive, Heading, Html, Link, Target
from .prose import HIDDEN, NAMED, Prose
from .quantities import value
from .rule import Rules

RULES = Rules("链接和图片", blocks=True)

LARGEST_IMAGE = 500_000  # bytes; on a slow phone a second and a half
_FULL_WIDTH_LINK = re.compile(
    r"!?(?:\[[^\]\n]*\]（[^）\n]*）|[【［][^】］\n]+[】］][(（][^)）\n]+[)）]|\[[^\]\n]*\]\s+\([^)\n]+\.(?:md|png|jpe?g|svg)[^)\n]*\))"
)
_LINK = re.compile(r"(!?\[[^\[\]\n]*\])\(([^()\n]*(?:\([^()\n]*\)[^()\n]*)*)\)")
# One of the four brackets is missing.
_GOAL = r"(?P<%s>[\w./-]+\.md|#[\w-]++|https?://[!-'*-~]++)"
_HALF_LINK = re.compile(
    rf"\[(?P<a>[^\[\]()\n]+)\({_GOAL % 'goal'}\)|\[(?P<b>[^\[\]\n]+)\]{_GOAL % 'g'}\)|\[(?P<c>[^\[\]\n]+)\]\({_GOAL % 'h'}(?!\()(?=[^()\n]*(?:\(|$))",
    re.M,
)
_BY_NAME = re.compile(r"(!?\[(?!\^)[^\[\]\n]+\])\[(?!\^)([^\[\]\n]*)\](?!\()")
_DEFINED = re.compile(r"^[ \t>]*\[([^\]\n]+)\]:", re.M)
_GOOD_TARGET = re.compile(r"[ \t]*(?:<[^<>]*>|[^ \t]*)(?:[ \t]+(?:\"[^\"]*\"|'[^']*'))?[ \t]*")
_ADDRESS = re.compile(r"https?://[A-Za-z0-9.-]+")
_BARE = re.compile(r"(?<![\w/.@(<`\[])www(?:\.[A-Za-z0-9-]+)+", re.A | re.I)
_NO_BLANKS = "文件名里不能有空格：把文件改名，"
# A file's name, or what a camera or a program calls every picture.
_NO_ALTERNATIVE = re.compile(
    r"[\w.\- ]+\.(?:png|jpe?g|gif|webp|svg)|(?:img|dsc|image)[ _-]?\d*|(?:图片?|截图|照片)\d*", re.I
)
_IMAGES = ("image", "figure")
_SMALLER = "把图片缩小到宽 1600 像素以内，再存成 PNG 或 JPG"


@RULES.chapter
def internal_links(chapter: Chapter, book: Book) -> Iterator[EditorError]:
    """链接写到的章节、标签和文件都有。

    读者点了会走不通。
    """
    links = [link for link in chapter.parts(Link) if not link.image]
    said: set[tuple[str, str]] = set()
    for link in links:
        fault = _other_chapter(link, book) or _fault(
            unquote(link.target), link.words, chapter, book
        )
        # To the same place, the next link has the same fault.
        if fault and (link.target, fault[0]) not in said:
            said.add((link.target, fault[0]))
            yield EditorError(fault[0], line=link.line, remedy=fault[1])
    for prose in chapter.prose:
        for match in _ADDRESS.finditer(prose.raw):
            if (
                prose.words[match.start()] == HIDDEN
                and prose.raw[match.start() - 1 : match.start()] not in ("(", "<", "`")
                and (fault := _host_fault(match[0], book))
            ):
                yield EditorError(fault[0], line=prose.place(match.start())[0], remedy=fault[1])
        for match in _BARE.finditer(prose.raw):
            if prose.words[match.start()] == HIDDEN:
                yield EditorError(
                    f"网址“{match[0]}”没有写全，读者点不开",
                    line=prose.place(match.start())[0],
                    remedy=f"写成“[网站的名称](https://{match[0]})”",
                )
    for role in chapter.roles:
        if role.name in ("ref", "doc"):
            target = re.sub(r".*<(.+)>$", r"\1", role.text, flags=re.S)
            known = list(book.targets) if role.name == "ref" else [c.name for c in book.chapters]
            if target.lower() not in map(str.lower, known):
                what = "标签" if role.name == "ref" else "章节"
                yield EditorError(
                    f"链接的{what}“{target}”不存在", line=role.line, remedy=_nearest(target, known)
                )


def _other_chapter(link: Link, book: Book) -> tuple[str, str] | None:
    """What is wrong with a link whose words name one chapter and that goes to another.

    第三章 is the page that explains the third chapter of the source, wherever it stands in the contents.
    """
    page = link.target.removesuffix(".md")
    names = {
        chapter.name: heading.text
        for chapter in book.chapters
        for heading in chapter.parts(Heading)[:1]
        if heading.level == 1
    }
    if page not in names:
        return None
    number = re.fullmatch(r"(?:看|见|去|读)?第([一二三四五六七八九十]+|\d+)章", link.words)
    if number:
        right = book.homes.get(int(value(number[1]) or 0), page)
        if page not in book.homes.values():
            return None
    else:
        right = next((name for name, title in names.items() if title == link.words), page)
    if right == page:
        return None
    return f"写的是“{link.words}”，却通到“{names[page]}”", f"写成 [{link.words}]({right}.md)"


def _fault(target: str, words: str, chapter: Chapter, book: Book) -> tuple[str, str] | None:
    """What is wrong with a link's target, and how it should read."""
    if "\\" in target and not re.match(r"[A-Za-z]:", target):
        return f"链接里用了反斜杠：“{target}”", f"写成 [{words}]({target.replace(chr(92), '/')})"
    if re.match(r"[A-Za-z]:[\\/]|file:", target):
        return (
            f"链接写的是你电脑里的位置：“{target}”，别人打不开",
            "写文件名，例如 [第三章](chapter-3.md)",
        )
    try:
        scheme = urlsplit(target).scheme
    except ValueError:
        return f"网址“{target}”写得不对", f"核对网址，写成 [{words}](https://…)"
    if scheme in ("http", "https"):
        return _host_fault(target, book)
    if scheme in ("mailto", "tel"):
        return None
    if scheme:
        return f"链接不能用“{scheme}:”", "只链接到本书的章节，或 https: 开头的网址"
    if target.startswith("www."):
        return f"网址“{target}”前面缺少 https://", f"写成 [{words}](https://{target})"
    if not target:
        return f"“{words}”的链接是空的", "在圆括号里写上去处，例如 (chapter-3.md)，或去掉方括号"
    file, _, label = target.partition("#")
    if not file:
        return _label_fault(label, words, chapter, book)
    page = re.sub(r"\.html?$", ".md", file)
    if page != file and (chapter.folder / page).is_file():
        return f"链接的目标“{target}”不存在", f"链接写文件名，网页由程序生成：[{words}]({page})"
    if not Path(file).suffix and file in book.targets:
        return None
    path = chapter.folder / file
    if not Path(*path.parts[:1], *_without_dots(path.parts[1:])).is_relative_to(
        book.project.chapters
    ):
        return (
            f"链接去了 book/ 外面：“{file}”，网站上没有它",
            f"只链接到 book/ 里的章节{_downloads(chapter, book)}",
        )
    if not _exists(path):
        if file.removesuffix(".md") in book.absent:
            return None  # the contents miss it as well, and that has been said
        files = [_from(chapter, c.path) for c in book.chapters]
        same = [name for name in files if name.lower() == file.lower() or name == f"{file}.md"]
        if new := renamed(file.removesuffix(".md"), book):
            same = [_from(chapter, book.project.chapters / f"{new}.md")]
        remedy = (
            f"写成 [{words}]({same[0]})"
            if same
            else _by_title(file, words, chapter, book) or _nearest(file, files)
        )
        return f"链接的章节或文件“{file}”不存在", remedy
    if label:
        if label in book.targets:
            return f"“{target}”不能这样写", f"链接到标签只写标签：[{words}](#{label})"
        return _label_fault(label, words, chapter, book)
    return None


def _host_fault(target: str, book: Book) -> tuple[str, str] | None:
    """What is wrong with the site that a link goes to: staff keep a list of those that they have looked at."""
    host, known = (urlsplit(target).hostname or "").rstrip("."), book.listed("explainer_hosts")
    if not known or any(host == name or host.endswith(f".{name}") for name in known):
        return None
    like = next((name for name in known if _looks_like(host, name)), None)
    if like:
        return f"网址“{host}”看着像 {like}，其实是另一个网站", f"核对以后改成 {like} 的网址"
    remedy = f"核对这个网站；确实要链接，就在 _config.yml 的 explainer_hosts 里加上 {host}"
    return f"“{host}”不在可以链接的网站里", remedy


def _looks_like(host: str, name: str) -> bool:
    """Whether a host borrows a known name: gov-cn.com, gov.cn.xyz, g0v.cn."""
    plain = host.translate(str.maketrans("01іо", "olio"))
    labels = re.split(r"[.-]", plain)
    wanted = name.split(".")
    return (
        any(labels[n : n + len(wanted)] == wanted for n in range(len(labels)))
        or "".join(wanted) in labels
    )


def _label_fault(label: str, words: str, chapter: Chapter, book: Book) -> tuple[str, str] | None:
    if label.lower() in map(str.lower, book.targets) or book.absent or book.unreadable:
        return None  # it may stand in one of those pages
    if any(f"\n({label})=" in other.text for other in book.chapters):
        return None  # what has swallowed it is said
    if by_title := _by_title(label, words, chapter, book):
        return f"链接的标签“{label}”不存在", by_title
    near = get_close_matches(label, book.targets, 1, 0.6)
    remedy = (
        f"写成 [{words}](#{near[0]})"
        if near
        else f"在要去的标题的上一行写“({label})=”；不知道去哪里，就去掉链接，只留“{words}”"
    )
    return f"链接的标签“{label}”不存在", remedy


def _downloads(here: Chapter, book: Book) -> str:
    """Where readers find the tables; empty in a book that offers none."""
    for chapter in book.chapters:
        if any(directive.name == "download-list" for directive in chapter.directives):
            title = next((heading.text for heading in chapter.parts(Heading)), chapter.name)
            return f"；表格链接到“{title}”页：[{title}]({_from(here, chapter.path)})"
    return ""


def _by_title(title: str, words: str, here: Chapter, book: Book) -> str:
    """How to link to the heading with these words; empty when there is none, or none that a link can name."""
    for chapter in book.chapters:
        labels = {target.line + 1: target.name for target in chapter.parts(Target)}
        for heading in chapter.parts(Heading):
            if heading.text == title and heading.level == 1:
                return f"写文件名，不写标题：[{words}]({_from(here, chapter.path)})"
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
                yield EditorError(
                    f"“{match[0]}”不成链接，没有写“{match[2]}”去哪里",
                    line=line,
                    remedy=f"写成 {match[1]}(去处)",
                )
        for match in _written(_HALF_LINK, prose):
            words, goal = (
                next(filter(None, match.group(*names)))
                for names in (("a", "b", "c"), ("goal", "g", "h"))
            )
            line, _ = prose.place(match.start())
            yield EditorError(
                f"链接“{match[0]}”少了一个括号", line=line, remedy=f"写成“[{words}]({goal})”"
            )
        for match in _written(_FULL_WIDTH_LINK, prose):
            words, _, target = (
                match[0].translate(str.maketrans("（）【】［］", "()[][]")).partition("]")
            )
            line, _ = prose.place(match.start())
            remedy = f"写成“{words}]{_without_blanks(target)}”"
            if not _GOOD_TARGET.fullmatch(target.strip()[1:-1]):
                remedy = _NO_BLANKS + remedy
            yield EditorError("链接的括号要用半角，中间不空格", line=line, remedy=remedy)
        for match in _written(_LINK, prose):
            # What the Markdown reader refuses is no link, and is left as it is written.
            if scheme := re.match(r"\s*<?(file|javascript|vbscript|data):", match[2], re.I):
                yield EditorError(
                    f"链接不能用“{scheme[1]}:”，会原样显示给读者",
                    line=prose.place(match.start())[0],
                    remedy=f"去掉链接，只留“{match[1].strip('![]')}”；要链接，只用本书的章节，或 https: 开头的网址",
                )
                continue
            if not _GOOD_TARGET.fullmatch(match[2]):
                line, _ = prose.place(match.start())
                remedy = f"{_NO_BLANKS}写成“{match[1]}({_without_blanks(match[2])})”"
                yield EditorError(f"去处“{match[2]}”里有空格，不成链接", line=line, remedy=remedy)


def _written(pattern: re.Pattern, prose: Prose) -> Iterator[re.Match]:
    """What matches in a passage, but for code and other markup."""
    return (
        match for match in pattern.finditer(prose.raw) if prose.words[match.start()] == match[0][0]
    )


def _from(chapter: Chapter, path: Path) -> str:
    """How a chapter names another file."""
    return Path(os.path.relpath(path, chapter.folder)).as_posix()


def _without_blanks(target: str) -> str:
    return re.sub(r"[ \t]+(?![\"'])", "", target)


@RULES.chapter
def images(chapter: Chapter, book: Book) -> Iterator[EditorError]:
    """图片有文件，有替代文字，不超过 500 KB。

    看不见图的人靠替代文字，用手机流量的人等不起大图。
    """
    for target, words, line in _shown_images(chapter):
        if re.match(r"(?:https?:)?//|data:", target):
            yield EditorError(
                f"图片来自别的网站：“{target}”",
                line=line,
                remedy="把图片存进 book/images/，写作 ![替代文字](images/文件名.png)",
            )
            continue
        if "\\" in target or re.match(r"[A-Za-z]:", target):
            name = re.split(r"[\\/]", target)[-1]
            yield EditorError(
                f"图片写的是“{target}”",
                line=line,
                remedy=f"把图片放进 book/images/，写成 images/{name}，用正斜杠",
            )
            continue
        if not target:
            yield EditorError(
                "图片没有写文件名", line=line, remedy="写成 ![替代文字](images/文件名.png)"
            )
            continue
        if re.search(r"\s", target):
            yield EditorError(
                f"图片“{target}”的名字里有空格",
                line=line,
                remedy=f"{_NO_BLANKS}写成 {_without_blanks(target)}",
            )
            continue
        path = chapter.folder / target.lstrip("/")
        if not target.isascii() and _exists(path):
            name = re.sub(r"[^!-~]+", "", target.rpartition("/")[2])
            example = name if re.match(r"[A-Za-z0-9]", name) else f"picture-1{Path(target).suffix}"
            yield EditorError(
                f"图片的文件名“{target}”里有汉字",
                line=line,
                remedy=f"把文件改名为英文字母和数字，例如 images/{example}，这里跟着改",
            )
            continue
        if not _exists(path):
            files = [_from(chapter, picture) for picture in pictures.files(book.root)]
            near = get_close_matches(
                Path(target).stem.lower(), [Path(name).stem.lower() for name in files], 1, 0.7
            )
            meant = next(
                (name for name in files if near and Path(name).stem.lower() == near[0]), None
            )
            remedy = (
                f"写成“{meant}”"
                if meant
                else f"把图片放进 book/{target.rpartition('/')[0] or 'images'}/{'，文件名用英文字母和数字' if not target.isascii() else ''}，核对拼写和大小写；不要它，就删去这一行"
            )
            yield EditorError(f"找不到图片“{target}”", line=line, remedy=remedy)
            continue
        if not words.strip() or _NO_ALTERNATIVE.fullmatch(words.strip()):
            remedy = f"写成 ![图里画的是什么]({target})；装饰用的图就不要放"
            empty = (
                f"的替代文字“{words.strip()}”没有说画的是什么" if words.strip() else "没有替代文字"
            )
            yield EditorError(f"图片“{target}”{empty}", line=line, remedy=remedy)
        if (size := path.stat().st_size) > LARGEST_IMAGE:
            yield EditorError(
                f"图片“{target}”有 {size // 1000} KB，手机上打开太慢", line=line, remedy=_SMALLER
            )


@RULES.book
def picture_files(book: Book) -> Iterator[EditorError]:
    """`book/` 里的图片是 PNG、JPG、GIF、WebP 或 SVG，名副其实；SVG 里没有脚本和外部网址；没有用到的大图不留着。

    别的格式浏览器打不开，脚本会在读者的电脑上运行。
    """
    shown = {
        (chapter.folder / target).resolve()
        for chapter in book.chapters
        for target, _, _ in _shown_images(chapter)
    }
    for path in pictures.files(book.root):
        try:
            raw = path.read_bytes()
        except OSError:
            continue
        meant, what = pictures.SUFFIXES.get(path.suffix.lower()), pictures.kind(raw)
        if not raw:
            yield EditorError("图片是空的", path, remedy="重新放一张，或删去它")
        elif meant is None or what not in pictures.SUFFIXES.values():
            is_one = what or meant is None
            fault = (
                f"浏览器打不开 {(what or path.suffix[1:]).upper()} 格式的图片"
                if is_one
                else "这个文件不是图片，打不开"
            )
            yield EditorError(
                fault,
                path,
                remedy="用画图软件打开，另存为 PNG 或 JPG，删去这一个"
                if is_one
                else "重新放一张，或删去它",
            )
        elif what != meant:
            right = "jpg" if what == "jpeg" else what
            yield EditorError(
                f"这其实是 {right.upper()} 图片，后缀却是 {path.suffix}",
                path,
                remedy=f"把文件改名为 {path.stem}.{right}，用到它的地方跟着改",
            )
        elif what == "svg" and (active := pictures.active(raw)):
            yield EditorError(
                f"SVG 图片里有脚本或外部网址：“{active}”",
                path,
                remedy="在画图软件里另存为 PNG，用 PNG 代替它",
            )
        elif len(raw) > LARGEST_IMAGE and path.resolve() not in shown:
            yield EditorError(
                f"没有用到的图片，有 {len(raw) // 1000} KB",
                path,
                remedy="删去它；要用，就在章节里写上，并缩小到 500 KB 以内",
            )


def _shown_images(chapter: Chapter) -> Iterator[tuple[str, str, int]]:
    for link in chapter.parts(Link):
        if link.image:
            yield unquote(link.target), link.words, link.line
    for directive in chapter.parts(Directive):
        if directive.name in _IMAGES:
            yield directive.arguments, directive.options.get("alt", ""), directive.line
        for option in ("img-top", "img-bottom", "img-background"):
            if target := directive.options.get(option):
                yield target, directive.options.get("img-alt", ""), directive.line


@RULES.chapter
def html(chapter: Chapter, book: Book) -> Iterator[EditorError]:
    """正文里没有 HTML 代码和脚本。

    会议版排不出它，脚本还会被网站的安全设置拦下。
    """
    for piece in chapter.parts(Html):
        if piece.text.startswith("</"):
            continue
        if piece.text.startswith("<!--"):
            yield EditorError(
                "注释用了 HTML 的写法", line=piece.line, remedy="注释写成以 % 开头的一行"
            )
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
        yield EditorError(
            f"正文里有 HTML 代码“{piece.text.splitlines()[0][:30]}”", line=piece.line, remedy=remedy
        )
    for prose in chapter.prose:
        for match in re.finditer(f"{NAMED}+", prose.words):
            name = prose.raw[match.start() : match.end()]
            remedy = (
                f"直接写“{unescape(name)}”"
                if unescape(name).strip() not in ("", name)
                else "删去它"
            )
            yield EditorError(
                f"正文里有 HTML 的记号“{name}”", line=prose.place(match.start())[0], remedy=remedy
            )
    for directive in chapter.directives:
        if directive.name == "raw":
            yield EditorError(
                "“raw”版块里是 HTML 代码", line=directive.line, remedy="改用 Markdown 的写法"
            )


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
