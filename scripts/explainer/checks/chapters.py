"""A chapter as the checks see it: its roles and directives with their lines, by MyST's own parser."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser
from markdown_it.renderer import RendererHTML

from ..errors import EditorError
from ..text import Place, QuotationError, source


@dataclass(frozen=True)
class Role:
    """``{name}`text``` on a line."""

    name: str
    text: str
    line: int


@dataclass(frozen=True)
class Directive:
    """A fence with a directive's name, its arguments and its content, on a line."""

    name: str
    arguments: str
    content: str
    line: int


@dataclass(frozen=True)
class Chapter:
    """One file of book/."""

    path: Path
    text: str

    @cached_property
    def tokens(self) -> list[Token]:
        return _parser().parse(self.text)

    @cached_property
    def roles(self) -> list[Role]:
        return [
            Role(child.meta["name"], child.content, self._line_of(child.content, token))
            for token in self.tokens
            if token.type == "inline"
            for child in token.children or ()
            if child.type == "myst_role"
        ]

    @cached_property
    def directives(self) -> list[Directive]:
        return list(_directives(self.tokens, 0))

    @cached_property
    def places(self) -> list[Place]:
        """Where in the source the chapter's quotations stand; wrong ones are left to the rules."""
        found = []
        for role in self.roles:
            if role.name == "quote":
                try:
                    found.append(source().cited(role.text)[1])
                except QuotationError:
                    pass
        for directive in self.directives:
            if directive.name == "quote":
                for id in directive.arguments.split():
                    try:
                        found.append(source().transcluded(id, directive.content))
                    except QuotationError:
                        pass
        return found

    def _line_of(self, words: str, token: Token) -> int:
        """The line on which the words stand within a block of several lines."""
        first, last = token.map
        lines = self.text.splitlines()
        return next((n + 1 for n in range(first, last) if words in lines[n]), first + 1)


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


def _directives(tokens: list[Token], offset: int) -> Iterator[Directive]:
    for token in tokens:
        if token.type not in ("fence", "colon_fence") or not token.info.strip().startswith("{"):
            continue
        name, _, arguments = token.info.strip().removeprefix("{").partition("}")
        line = offset + token.map[0] + 1
        options = [row for row in token.content.splitlines() if not row.startswith(":")]
        yield Directive(name, arguments.strip(), "".join(options).strip(), line)
        if name not in ("code-cell", "quote"):
            yield from _directives(_parser().parse(token.content), line)
