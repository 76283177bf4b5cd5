"""A chapter as the checks see it: its roles and directives with their lines, by MyST's own parser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser

from ..errors import EditorError
from ..text import Place, QuotationError, source

_OPTION = re.compile(r":([\w-]+):\s*(.*)")
# What stands in these is not Markdown.
_LITERAL = {"code", "code-block", "code-cell", "literalinclude", "math", "raw", "quote", "data-table"}


@dataclass(frozen=True)
class Role:
    """``{name}`text``` on a line."""

    name: str
    text: str
    line: int


@dataclass(frozen=True)
class Directive:
    """A fence with a directive's name, its arguments, options and content, on a line."""

    name: str
    arguments: str
    content: str
    line: int
    options: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Chapter:
    """One file of book/."""

    path: Path
    text: str

    @cached_property
    def _parts(self) -> list[Role | Directive]:
        return list(_parts(self.text, 0))

    @property
    def roles(self) -> list[Role]:
        return [part for part in self._parts if isinstance(part, Role)]

    @property
    def directives(self) -> list[Directive]:
        return [part for part in self._parts if isinstance(part, Directive)]

    @cached_property
    def places(self) -> list[Place]:
        """Where in the source the chapter's quotations stand; wrong ones are left to the rules."""
        citations = [lambda r=r: source().cited(r.text)[1] for r in self.roles if r.name == "quote"]
        citations += [
            lambda id=id, d=d: source().transcluded(id, d.content)
            for d in self.directives
            if d.name == "quote"
            for id in d.arguments.split()
        ]
        found = []
        for place in citations:
            try:
                found.append(place())
            except QuotationError:
                continue
        return found


def read(path: Path) -> Chapter:
    """The chapter in this file. Raises EditorError when it is not UTF-8."""
    try:
        return Chapter(path, path.read_text("utf-8-sig"))
    except UnicodeDecodeError:
        raise EditorError("文件不是 UTF-8 编码", file=path, remedy="在编辑器里另存为 UTF-8") from None


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    return create_md_parser(
        MdParserConfig(enable_extensions={"colon_fence", "deflist"}), RendererHTML
    )


def _parts(text: str, offset: int) -> Iterator[Role | Directive]:
    """The roles and directives of a text that begins after line `offset`, inner ones included."""
    for token in _parser().parse(text):
        if token.type == "inline":
            yield from _roles(token, offset)
        elif token.type in ("fence", "colon_fence") and token.info.strip().startswith("{"):
            name, _, arguments = token.info.strip().removeprefix("{").partition("}")
            line = offset + token.map[0] + 1
            yield _directive(name, arguments.strip(), token.content, line)
            if name not in _LITERAL:
                yield from _parts(token.content, line)


def _roles(token: Token, offset: int) -> Iterator[Role]:
    line = offset + token.map[0] + 1
    for child in token.children or ():
        if child.type in ("softbreak", "hardbreak"):
            line += 1
        elif child.type == "myst_role":
            yield Role(child.meta["name"], child.content, line)


def _directive(name: str, arguments: str, content: str, line: int) -> Directive:
    rows = content.splitlines()
    options = {}
    while rows and (match := _OPTION.fullmatch(rows[0].strip())):
        if name == "quote":  # it has none, so these would be words
            break
        options[match[1]] = match[2]
        rows.pop(0)
    return Directive(name, arguments, "".join(rows).strip(), line, options)
