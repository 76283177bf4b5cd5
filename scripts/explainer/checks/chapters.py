"""A chapter as the checks see it, by MyST's own parser: headings, links, directives … each with its line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser
from myst_parser.parsers.options import TokenizeError, options_to_items

from ..errors import EditorError
from ..text import Place, QuotationError, SourceText, encoding_of
from . import prose
from .prose import Prose

_NAMED = re.compile(r"\{([^{}\s]+)\}")
# That of a multiplication stands free, or between letters.
_STARS = re.compile(r"\*\*|(?<![ \tA-Za-z0-9])\*(?!\[)|\*(?![ \tA-Za-z0-9\[])")
_OPTION = re.compile(r":([\w-]+):(?:[ \t]+(.*))?")
# What stands in these is not Markdown.
_LITERAL = {
    "code",
    "code-block",
    "code-cell",
    "csv-table",
    "include",
    "literalinclude",
    "math",
    "raw",
    "quote",
    "data-table",
    "answers",
    "sourcecode",
    "toctree",
    "parsed-literal",
    "highlight",
    "eval",
    "raw-cell",
    "index",
    "image",
}
# Those whose arguments are words for readers, and the options that are.
_TITLED = {
    "admonition",
    "card",
    "csv-table",
    "dropdown",
    "grid-item-card",
    "list-table",
    "rubric",
    "sidebar",
    "step",
    "tab-item",
    "table",
    "topic",
}
_SPOKEN_OPTIONS = {"alt", "caption", "footer", "header", "img-alt", "link-alt", "subtitle", "title"}
WIDEST_TABLE = 10  # columns; more are too narrow for words, on paper and on a phone
LABEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_NEWLINE = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True)
class Role:
    """``{name}`text``` on a line."""

    name: str
    text: str
    line: int


@dataclass(frozen=True)
class Directive:
    """A fence with a directive's name, its arguments, options and body, on a line.

    `lines` says where each option stands, `unread` which lines MyST takes for options and cannot read, `parent` in
    which directive this one stands directly. In the body the options' lines are blank.
    """

    name: str
    arguments: str
    body: str
    line: int
    options: dict[str, str] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    unread: tuple[int, ...] = ()
    parent: str = ""
    closed: bool = True

    @property
    def content(self) -> str:
        """The body's words in one line."""
        return "".join(self.body.splitlines()).strip()

    @property
    def spoken(self) -> Iterator[tuple[int, str]]:
        """What it says to readers outside its body, or in one that is no Markdown, each with its line."""
        if self.name in _TITLED:
            yield self.line, self.arguments
        for key, value in self.options.items():
            if key in _SPOKEN_OPTIONS or (self.name, key) == ("csv-table", "header"):
                for words in value.split(",") if self.name == "csv-table" else [value]:
                    yield self.lines[key], words.strip()
        if self.name == "csv-table":
            for row, words in enumerate(self.body.split("\n"), self.line + 1):
                yield from ((row, cell.strip(' "')) for cell in words.split(","))


@dataclass(frozen=True)
class Fence:
    """Three marks or more that open a block: which, what stands behind them, whether others close it.

    `within` is how many marks open a block inside where that is too many, so that the end found is the inner one's.
    """

    marks: str
    info: str
    line: int
    closed: bool
    within: int = 0

    @property
    def is_directive(self) -> bool:
        return bool(_NAMED.match(self.info))


@dataclass(frozen=True)
class Heading:
    """A heading outside all blocks; `underlined` when a line of - or = below makes it one."""

    level: int
    text: str
    line: int
    underlined: bool


@dataclass(frozen=True)
class Link:
    """``[words](target)``, or ``![words](target)`` when it is an image."""

    target: str
    words: str
    line: int
    image: bool


@dataclass(frozen=True)
class Target:
    """``(name)=``, which links may name."""

    name: str
    line: int


@dataclass(frozen=True)
class Html:
    """A piece of raw HTML."""

    text: str
    line: int


@dataclass(frozen=True)
class Indented:
    """Words that four blanks make a block of code."""

    text: str
    line: int


@dataclass(frozen=True)
class Stars:
    """Stars that make nothing bold, with the words around them."""

    text: str
    line: int


@dataclass(frozen=True)
class Row:
    """A row of a table with another number of cells than its head has columns (0: there is no table); or too wide a head."""

    cells: int
    columns: int
    line: int


@dataclass(frozen=True)
class Footnote:
    """``[^name]``, or ``[^name]: …`` when it `defines`."""

    name: str
    line: int
    defines: bool


@dataclass(frozen=True)
class Break:
    """``+++``, which would part a notebook's cells."""

    line: int


Part = (
    Break
    | Stars
    | Row
    | Footnote
    | Role
    | Directive
    | Fence
    | Heading
    | Link
    | Target
    | Html
    | Indented
)


@dataclass(frozen=True)
class Chapter:
    """One file of prose."""

    path: Path
    text: str
    name: str = ""  # by which `_toc.yml` knows it

    @property
    def folder(self) -> Path:
        """From where its links and pictures are named; what a chapter includes is read as if it stood there."""
        return self.path.parent / "book" if self.path.name == "CHANGELOG.md" else self.path.parent

    @property
    def lines(self) -> list[str]:
        return self.text.split("\n")

    @property
    def _parsed(self) -> tuple[tuple[Part, ...], tuple[tuple[int, int], ...], str | None]:
        return _parse(self.text)

    def parts(self, kind: type) -> list:
        return [part for part in self._parsed[0] if isinstance(part, kind)]

    @property
    def roles(self) -> list[Role]:
        return self.parts(Role)

    @property
    def directives(self) -> list[Directive]:
        """Those that end: what one without an end has swallowed is not its content."""
        return [directive for directive in self.parts(Directive) if directive.closed]

    @property
    def front_matter(self) -> str | None:
        """What stands between the two --- at the top; None when there are none."""
        return self._parsed[2]

    def citations(
        self, text: SourceText
    ) -> Iterator[tuple[int, Role | Directive, Place | QuotationError]]:
        """Each quotation: its line, the markup, and where its words stand, or why they do not."""
        for role in self.roles:
            if role.name == "quote":
                yield role.line, role, _place(lambda role=role: text.cited(role.text)[1])
        for directive in self.directives:
            if directive.name == "quote":
                for id in directive.arguments.split():
                    yield (
                        directive.line,
                        directive,
                        _place(lambda id=id, block=directive: text.transcluded(id, block.content)),
                    )

    @cached_property
    def prose(self) -> list[Prose]:
        """The editors' own words, a passage a block, in the order of the lines."""
        passages = []
        settings = (
            re.match(r"\s*---[ \t]*\n.*?\n---[ \t]*\n", self.text, re.S)
            if self.front_matter is None
            else None
        )
        first = (
            settings[0].count("\n") if settings else 0
        )  # settings that are not taken for some are not prose either
        for begin, end in sorted(set(self._parsed[1])):
            if begin < first:
                continue
            passages.append(
                prose.of_markdown(self.path, begin + 1, "\n".join(self.lines[begin:end]))
            )
        for directive in self.directives:
            passages += self._spoken(directive)
        if self.front_matter is not None:
            for number, line in enumerate(self.front_matter.split("\n"), 2):
                if match := re.match(r"description:\s*", line):
                    passages.append(
                        prose.within(self.path, number, line, match.end(), len(line), fixable=False)
                    )
        return sorted(passages, key=lambda passage: passage.line)

    def _spoken(self, directive: Directive) -> Iterator[Prose]:
        """What a directive says outside its content: its title, the words for an image."""
        for row, words in directive.spoken:
            raw = self.lines[row - 1] if row <= len(self.lines) else ""
            start = raw.rfind(words)
            if words and start != -1:
                yield prose.within(self.path, row, raw, start, start + len(words))


def read(path: Path, name: str = "") -> Chapter:
    """The chapter in this file. Raises EditorError when it is not UTF-8."""
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        if encoding_of(raw) is None:
            remedy = "重新输入这一行，存成 UTF-8；或从仓库历史里恢复这个文件"
            raise EditorError("这一行里有坏掉的字，读不出来", path, line, remedy) from None
        fault = EditorError("文件不是 UTF-8 编码", path, line, "在编辑器里另存为 UTF-8")
        fault.fixable = True
        raise fault from None
    return Chapter(path, _NEWLINE.sub("\n", text), name)


def _place(find: Callable[[], Place]) -> Place | QuotationError:
    try:
        return find()
    except QuotationError as error:
        return error


def tokens(text: str) -> list[Token]:
    """What MyST's parser makes of some Markdown."""
    return _parser().parse(text)


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    return create_md_parser(
        MdParserConfig(enable_extensions={"colon_fence", "deflist"}), RendererHTML
    )


@lru_cache(maxsize=512)
def _parse(text: str) -> tuple[tuple[Part, ...], tuple[tuple[int, int], ...], str | None]:
    """The parts of a text, the lines [begin, end) of each passage of prose, and its front matter."""
    passages: list[tuple[int, int]] = []
    parts = tuple(_parts(text, 0, passages, True))
    opening = (
        text.split("\n---", 1)[0] if re.match(r"---[ \t]*\n", text) and "\n---" in text else None
    )
    return parts, tuple(passages), opening and opening.split("\n", 1)[-1]


def _parts(
    text: str, offset: int, passages: list[tuple[int, int]], top: bool, parent: str = ""
) -> Iterator[Part]:
    """The parts of a text that begins after line `offset`, inner ones included; `parent` is the directive around it."""
    lines = text.split("\n")
    found = tokens(text)
    for token, following in zip(found, [*found[1:], None]):
        line = offset + token.map[0] + 1 if token.map else 0
        if token.type == "inline":
            passages.append((offset + token.map[0], offset + token.map[1]))
            yield from _inline(token, offset)
        elif token.type == "heading_open" and top:
            yield Heading(int(token.tag[1]), following.content, line, token.markup in ("-", "="))
        elif token.type == "myst_target":
            yield Target(token.content, line)
        elif token.type == "myst_block_break":
            yield Break(line)
        elif token.type == "html_block":
            yield Html(token.content.strip(), line)
        elif token.type == "table_open":
            yield from _uneven_rows(lines[token.map[0] : token.map[1]], line)
        elif token.type == "paragraph_open" and re.match(r"\|.*\|\s*(?:\n|$)", following.content):
            yield Row(_cells(following.content.split("\n")[0]), 0, line)
        elif token.type == "footnote_reference_open":
            yield Footnote(str(token.meta["label"]), line, True)
        elif token.type == "code_block":
            yield Indented(token.content.strip(), line)
        elif token.type in ("fence", "colon_fence"):
            yield from _fence(token, lines, offset, passages, "" if token.level else parent)


def _uneven_rows(rows: list[str], line: int) -> Iterator[Row]:
    columns = _cells(rows[0])
    if columns > WIDEST_TABLE:
        yield Row(columns, columns, line)
    for number, row in enumerate(rows[2:], line + 2):
        if row.strip() and _cells(row) != columns:
            yield Row(_cells(row), columns, number)


def _cells(row: str) -> int:
    return len(
        re.sub(r"`[^`]*`|\\\|", "", row)
        .strip()
        .strip(">")
        .strip()
        .removeprefix("|")
        .removesuffix("|")
        .split("|")
    )


def _fence(
    token: Token, lines: list[str], offset: int, passages: list[tuple[int, int]], parent: str
) -> Iterator[Part]:
    line = offset + token.map[0] + 1
    last = (
        lines[token.map[1] - 1].strip().removeprefix(">").strip()
        if token.map[1] <= len(lines)
        else ""
    )
    closed = (
        token.map[1] - token.map[0] > 1
        and len(last) >= len(token.markup)
        and not last.strip(token.markup[0])
    )
    # Another of the same kind inside, as long or longer: the end that was found is the other's.
    mark = re.escape(token.markup[0])
    inner = re.findall(rf"^[ \t>]*({mark}{{{len(token.markup)},}})\{{", token.content, re.M)
    within = max(map(len, inner), default=0)
    info = token.info.strip()
    yield Fence(token.markup, info, line, closed and not within, within if closed else 0)
    closed = closed and not within
    if named := _NAMED.match(info):
        name, arguments = named[1], info[named.end() :]
        options, places, unread, body = _options(name, token.content, line, token.type)
        directive = Directive(
            name, arguments.strip(), body, line, options, places, unread, parent, closed
        )
        yield directive
        yield from _said(directive)
        if name not in _LITERAL:
            yield from _parts(body, line, passages, False, name)


def _said(directive: Directive) -> Iterator[Part]:
    """The parts that stand in a directive's title and options."""
    for line, words in directive.spoken:
        yield from _parts(words, line - 1, [], False)
    name, link = directive.options.get("name", ""), directive.options.get("link", "")
    if LABEL.fullmatch(name):
        yield Target(name, directive.lines["name"])
    if link:
        kind, line = directive.options.get("link-type", "url"), directive.lines["link"]
        yield (
            Role(kind, link, line)
            if kind in ("doc", "ref")
            else Link(link, directive.arguments, line, False)
        )


def _options(
    name: str, content: str, line: int, fence: str
) -> tuple[dict[str, str], dict[str, int], tuple[int, ...], str]:
    """A directive's options and their lines, the lines that cannot be read, and its content with all these left blank."""
    rows, options, places, unread = content.split("\n"), {}, {}, []
    if (
        name == "quote" or fence == "colon_fence" and content.startswith(":::")
    ):  # words, and another block
        return options, places, (), content
    if rows[0].startswith("---"):
        unread.append(line + 1)
    for number, row in enumerate(rows):
        if not row.lstrip().startswith(":"):
            break
        match, value = _OPTION.fullmatch(row.strip()), None
        if match:
            value = match[2] or "" if name == "code-cell" else _value(match[1], match[2] or "")
        if value is None:
            unread.append(line + 1 + number)
        else:
            options[match[1]], places[match[1]] = value, line + 1 + number
        rows[number] = ""
    return options, places, tuple(unread), "\n".join(rows)


def _value(name: str, written: str) -> str | None:
    """What MyST reads as an option's value; None when it cannot, or reads a part only."""
    try:
        items, state = options_to_items(f"{name}: {written}")
    except (TokenizeError, IndexError):
        return None
    return (
        items[0][1] if len(items) == 1 and items[0][0] == name and not state.has_comments else None
    )


def _inline(token: Token, offset: int) -> Iterator[Part]:
    line = offset + token.map[0] + 1
    link: tuple[str, int] | None = None
    words = ""
    children = token.children or ()
    for number, child in enumerate(children):
        if child.type in ("softbreak", "hardbreak"):
            line += 1
        elif child.type == "myst_role":
            yield Role(child.meta["name"], child.content, line)
            line += child.content.count("\n")
        elif child.type == "link_open":
            link, words = (str(child.attrs.get("href", "")), line), ""
        elif child.type == "link_close" and link:
            yield Link(link[0], words, link[1], False)
            link = None
        elif child.type == "image":
            yield Link(str(child.attrs.get("src", "")), child.content, line, True)
        elif child.type == "html_inline":
            yield Html(child.content, line)
        elif child.type == "footnote_ref":
            yield Footnote(str(child.meta["label"]), line, False)
        elif child.type == "text":
            if _STARS.search(child.content) and "\\*" not in token.content:
                yield Stars("".join(part.content for part in children[number : number + 3]), line)
            for name in re.findall(
                r"\[\^([^\]\s]+)\]", child.content
            ):  # one that is defined nowhere is only text
                yield Footnote(name, line, False)
        if link:
            words += child.content
