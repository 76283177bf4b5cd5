"""Tables for Typst: cells with their spans, columns as wide as their words need, and the charts' data for paper."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from docutils import nodes

from .markup import array, call, text, without_runt


@dataclass(frozen=True)
class Cell:
    """A doctree's entry with the number of columns and rows that it spans."""

    entry: nodes.entry
    columns: int
    rows: int


def grid(group: nodes.tgroup) -> tuple[list[Cell], list[Cell]]:
    """The cells of the head and of the body, row after row."""
    return _cells(group, nodes.thead), _cells(group, nodes.tbody)


def of_chart(table: pd.DataFrame) -> tuple[str, list[str]]:
    """A chart's data for paper: a remark, and the arguments of the template's table.

    Without the quotations, for the whole source is in the same book; a column that says the same in every row
    is said once. Rows with the same first cell stand together, and the cell is pale where it repeats: a merged one
    would be missing on the next page.
    """
    frame = table.drop(columns="引文").astype(str)
    same = {name: frame[name].iloc[0] for name in frame.columns[1:] if frame[name].nunique() == 1}
    frame = frame.drop(columns=list(same))
    remark = "；".join(f"各行的{name}都是{value}" for name, value in same.items())
    widths = fitting(
        [[name[: -(-len(name) // 2)], *frame[name]] for name in frame.columns]
    )  # a header may take two lines
    header = array(f"[{text(name)}]" for name in frame.columns)
    cells = []
    for _, group in frame.groupby(frame.columns[0], sort=False):
        for i, row in enumerate(group.to_numpy().tolist()):
            cells.append(f"[{call('again', body=_plain(row[0])) if i else _plain(row[0])}]")
            cells += [f"[{_plain(value)}]" for value in row[1:]]
    return remark, [widths, header, *cells]


def _plain(words: str) -> str:
    return call("plain", body=without_runt(text(words)))


def fitting(columns: list[list[str]], beside: int = 0, most: float = float("inf")) -> str:
    """How wide each column would like to be, in characters of its longest words and of what stands `beside` them."""
    needs = (min(max(map(_ems, words), default=1) + beside, most) for words in columns)
    return f"fitting({', '.join(f'{need:.2f}' for need in needs)})"


def _ems(words: str) -> float:
    return sum(0.55 if letter.isascii() else 1 for letter in words)


def _cells(group: nodes.tgroup, part: type[nodes.Element]) -> list[Cell]:
    return [
        Cell(entry, entry.get("morecols", 0) + 1, entry.get("morerows", 0) + 1)
        for section in group.children
        if isinstance(section, part)
        for row in section.children
        for entry in row.children
    ]


def words_by_column(group: nodes.tgroup) -> list[list[str]]:
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
