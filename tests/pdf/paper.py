"""A PDF as a reader of paper sees it: its blocks (from the tags) and their lines (from the positions)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pdfplumber
import pypdf

MM = 72 / 25.4
TOP, WIDTH, HEIGHT = 37 * MM, 156 * MM, 225 * MM
BODY = WIDTH / 28  # 3号, so that 28 fill the line
PITCH = HEIGHT / 22
ASCENT = 0.88  # of a character's square, above the line that it stands on
KINDS = (
    "P",
    "H1",
    "H2",
    "H3",
    "H4",
    "TH",
    "TD",
    "Caption",
    "LBody",
    "Lbl",
    "Figure",
    "Link",
    "TOCI",
    "Code",
)


@dataclass
class Line:
    """One printed line: its page (1 is the first), its characters from left to right."""

    page: int
    chars: list[dict]

    @property
    def text(self) -> str:
        return "".join(char["text"] for char in self.chars).strip()

    @property
    def size(self) -> float:
        return max(char["size"] for char in self.chars)

    @property
    def baseline(self) -> float:
        """From the foot of the page."""
        return max(self.chars, key=lambda char: char["size"])["matrix"][5]

    @property
    def left(self) -> float:
        return self.chars[0]["x0"]


@dataclass
class Block:
    """One paragraph, heading, cell or caption: the innermost tag of these, and its lines down the pages."""

    kind: str
    lines: list[Line]

    @property
    def text(self) -> str:
        return "".join(line.text for line in self.lines)


class Paper:
    def __init__(self, path: Path) -> None:
        self.reader = pypdf.PdfReader(path)
        with pdfplumber.open(path) as pdf:
            self.pages = pdf.pages
            chars = [page.chars for page in pdf.pages]
        owners = dict(self._owners())
        grouped: dict[int, list[tuple[int, dict]]] = defaultdict(list)
        kinds: dict[int, str] = {}
        self.untagged: list[list[dict]] = [[] for _ in chars]  # headers, feet
        for number, page in enumerate(chars):
            for char in page:
                owner = owners.get((number, char.get("mcid")))
                if owner is None:
                    self.untagged[number].append(char)
                else:
                    kinds[owner[0]] = owner[1]
                    grouped[owner[0]].append((number + 1, char))
        self.blocks = [Block(kinds[id], list(_lines(found))) for id, found in grouped.items()]

    def of(self, *kinds: str) -> list[Block]:
        return [block for block in self.blocks if block.kind in kinds]

    def left(self, page: int) -> float:
        """The left edge of the text block: the binding margin is left on odd sheets, right on even ones."""
        return (28 if page % 2 else 26) * MM

    def _owners(self) -> Iterator[tuple[tuple[int, int], tuple[int, str]]]:
        """(page, mark of its content) → (number of the block, its tag)."""
        pages = {page.indirect_reference.idnum: i for i, page in enumerate(self.reader.pages)}
        count = 0

        def walk(node, page, owner):
            nonlocal count
            node = node.get_object()
            if isinstance(node, int):
                yield (page, node), owner
                return
            if "/Pg" in node:
                page = pages[node.raw_get("/Pg").idnum]
            if node.get("/Type") == "/MCR":
                yield (page, node["/MCID"]), owner
                return
            kind = str(node.get("/S", "")).removeprefix("/")
            # A link inside a paragraph is part of it.
            if (
                kind == "Span"
                and owner is None
                or kind in KINDS
                and not (kind == "Link" and owner and owner[1] != "TOCI")
            ):
                count += 1
                owner = (count, kind)
            children = node.get("/K")
            children = children.get_object() if children is not None else []
            for child in children if isinstance(children, list) else [children]:
                yield from walk(child, page, owner)

        for key, owner in walk(self.reader.trailer["/Root"]["/StructTreeRoot"], None, None):
            if owner:
                yield key, owner


def _lines(found: list[tuple[int, dict]]) -> Iterator[Line]:
    """Characters line by line; what is smaller and stands higher or lower (notes' numbers) belongs to its line."""
    by_page: dict[int, list[dict]] = defaultdict(list)
    for page, char in found:
        if abs(char["matrix"][1]) < 0.01:  # not the slanted words of a chart
            by_page[page].append(char)
    for page, chars in sorted(by_page.items()):
        lines: list[list[dict]] = []
        for char in sorted(chars, key=lambda char: -char["size"]):
            near = next(
                (
                    line
                    for line in lines
                    if abs(line[0]["matrix"][5] - char["matrix"][5]) < 0.6 * line[0]["size"]
                ),
                None,
            )
            near.append(char) if near else lines.append([char])
        for line in sorted(lines, key=lambda line: -line[0]["matrix"][5]):
            yield Line(page, sorted(line, key=lambda char: char["x0"]))
