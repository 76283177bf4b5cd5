"""Tables for Typst: cells with their spans, and columns as wide as their words need."""

from __future__ import annotations

from dataclasses import dataclass

from docutils import nodes

from .markup import array

SHORT = 7  # a column with no longer words is as wide as they are
LONGEST = 40  # words beyond this number wrap anyway


@dataclass(frozen=True)
class Cell:
    """A doctree's entry with the number of columns and rows that it spans."""

    entry: nodes.entry
    columns: int
    rows: int


def grid(group: nodes.tgroup) -> tuple[list[Cell], list[Cell]]:
    """The cells of the head and of the body, row after row."""
    return _cells(group, nodes.thead), _cells(group, nodes.tbody)


def columns(source: nodes.tgroup | list[list[str]]) -> str:
    """Typst's column widths for a table, or for the words of each of its columns."""
    words = _words(source) if isinstance(source, nodes.tgroup) else source
    return array(_width(column) for column in words)


def _cells(group: nodes.tgroup, part: type[nodes.Element]) -> list[Cell]:
    return [
        Cell(entry, entry.get("morecols", 0) + 1, entry.get("morerows", 0) + 1)
        for section in group.children
        if isinstance(section, part)
        for row in section.children
        for entry in row.children
    ]


def _words(group: nodes.tgroup) -> list[list[str]]:
    """The words in each column; a merged cell says nothing about any one width."""
    count = group["cols"]
    result: list[list[str]] = [[] for _ in range(count)]
    for section in group.children:
        if not isinstance(section, (nodes.thead, nodes.tbody)):
            continue
        taken = [0] * count  # rows that a merged cell above still fills
        for row in section.children:
            column = 0
            for entry in row.children:
                while column < count and taken[column]:
                    column += 1
                span = entry.get("morecols", 0) + 1
                if span == 1 and column < count:
                    result[column].append(entry.astext())
                for covered in range(column, min(column + span, count)):
                    taken[covered] = entry.get("morerows", 0) + 1
                column += span
            taken = [max(0, rows - 1) for rows in taken]
    return result


def _width(words: list[str]) -> str:
    longest = max((len(word) for word in words), default=1)
    if longest <= SHORT:
        return "auto"
    return f"{max(SHORT, min(longest, LONGEST)) ** 0.6:.2f}fr"
