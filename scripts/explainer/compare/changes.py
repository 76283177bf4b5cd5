"""What differs between two products, in the terms of a reader."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from .product import Block, Chart, Page, Product, Rows
from .words import ALIKE, Piece, align, likeness, pieces


@dataclass(frozen=True)
class Passage:
    """A passage that came (`before` empty), went (`after` empty) or was edited."""

    kind: str
    before: str
    after: str
    heading: str = ""  # the one above it

    @property
    def pieces(self) -> list[Piece]:
        return pieces(self.before, self.after)


@dataclass(frozen=True)
class PageChange:
    """`old` is None for a page that came, `new` for one that went; names differ for one that was renamed."""

    old: Page | None
    new: Page | None
    passages: list[Passage]
    redirected: bool = False  # the old address leads to the new one

    @property
    def title(self) -> str:
        return (self.new or self.old).title

    @property
    def renamed(self) -> bool:
        return bool(self.old and self.new and self.old.name != self.new.name)


@dataclass(frozen=True)
class ChartChange:
    page: str
    old: Chart | None
    new: Chart | None
    words: list[Passage]
    rows: list[Passage]

    @property
    def title(self) -> str:
        return (self.new or self.old).title

    @property
    def drawn_anew(self) -> bool:
        return (self.old and self.old.drawing) != (self.new and self.new.drawing)

    @property
    def only_live(self) -> bool:
        """Nothing differs until a reader touches the chart."""
        return not (self.words or self.rows or self.drawn_anew)


@dataclass(frozen=True)
class RowChange:
    """A row of a table: the cells that differ, as passages named by their columns."""

    key: str
    kind: str  # 新增, 删去 or 改动
    cells: list[Passage]


@dataclass(frozen=True)
class TableChange:
    file: str
    title: str
    kind: str  # as above, for the table as a whole
    rows: list[RowChange]
    columns: tuple[list[str], list[str]]  # gone, new


@dataclass(frozen=True)
class Use:
    """A sentence of the source: pages that quote it now and did not, and those that no longer do."""

    id: str
    gained: list[str]
    lost: list[str]
    before: bool
    after: bool


@dataclass
class Changes:
    pages: list[PageChange] = field(default_factory=list)
    charts: list[ChartChange] = field(default_factory=list)
    tables: list[TableChange] = field(default_factory=list)
    uses: list[Use] = field(default_factory=list)
    look: bool = False  # style sheets or scripts, whose effect shows in no text
    findings: list[str] = field(default_factory=list)
    mended: list[str] = field(default_factory=list)
    fault: str = ""  # why the book as it is now was not built

    def __bool__(self) -> bool:
        return any(
            (
                self.pages,
                self.charts,
                self.tables,
                self.uses,
                self.look,
                self.findings,
                self.mended,
                self.fault,
            )
        )


def between(old: Product, new: Product) -> Changes:
    changes = Changes(
        tables=list(_tables(old.tables, new.tables)),
        findings=_others(new.findings, old.findings),
        mended=_others(old.findings, new.findings),
        fault=new.fault,
    )
    if not (old.fault or new.fault):
        changes.pages = list(_pages(old, new))
        changes.charts = list(_charts(old, new))
        changes.uses = list(_uses(old, new))
        changes.look = old.look != new.look
    return changes


def _others(findings: Sequence[str], known: Sequence[str]) -> list[str]:
    """Those that are not known: lines shift, and reasons are given once; file and first sentence tell them apart."""

    def identity(finding: str) -> str:
        return re.sub(r":\d+: ", ": ", finding, count=1).partition("。")[0]

    identities = {identity(finding) for finding in known}
    return [finding for finding in findings if identity(finding) not in identities]


def _pages(old: Product, new: Product) -> Iterator[PageChange]:
    for before, after in _partners(old, new):
        passages = list(_passages(before.blocks if before else [], after.blocks if after else []))
        if passages or before is None or after is None or before.name != after.name:
            yield PageChange(before, after, passages, bool(before) and before.name in new.redirects)


def _partners(old: Product, new: Product) -> list[tuple[Page | None, Page | None]]:
    """Pages of the same name, and pages that went with the ones that came in their place."""
    gone = [page for name, page in old.pages.items() if name not in new.pages]
    partners: list[tuple[Page | None, Page | None]] = []
    for name, page in new.pages.items():
        before = old.pages.get(name)
        if before is None:
            before = max(gone, key=lambda other: likeness(other.text, page.text), default=None)
            if before and likeness(before.text, page.text) >= ALIKE:
                gone.remove(before)
            else:
                before = None
        partners.append((before, page))
    return partners + [(page, None) for page in gone]


def _passages(old: Sequence[Block], new: Sequence[Block]) -> Iterator[Passage]:
    for i, j in align([block.text for block in old], [block.text for block in new]):
        before, after = old[i].text if i is not None else "", new[j].text if j is not None else ""
        if before != after:
            blocks, at = (new, j) if j is not None else (old, i)
            above = (block.text for block in reversed(blocks[:at]) if block.kind == "标题")
            yield Passage(blocks[at].kind, before, after, next(above, ""))


def _lines(old: Sequence[str], new: Sequence[str], kind: str) -> list[Passage]:
    return list(_passages([Block(kind, text) for text in old], [Block(kind, text) for text in new]))


def _charts(old: Product, new: Product) -> Iterator[ChartChange]:
    before, after = _all_charts(old), _all_charts(new)
    for name in before | after:
        (page, chart), (_, was) = after.get(name, before.get(name)), before.get(name, (None, None))
        chart = after[name][1] if name in after else None
        if was is None or chart is None or was.key != chart.key:
            words = _lines(was.words if was else [], chart.words if chart else [], "")
            rows = _lines(was.rows if was else [], chart.rows if chart else [], "表格行")
            yield ChartChange(page, was, chart, words, rows)


def _all_charts(product: Product) -> dict[str, tuple[str, Chart]]:
    """Each chart once, though two pages may show it."""
    found: dict[str, tuple[str, Chart]] = {}
    for page in product.pages.values():
        for chart in page.charts:
            found.setdefault(chart.name, (page.title, chart))
    return found


def _tables(old: dict[str, Rows], new: dict[str, Rows]) -> Iterator[TableChange]:
    for file in old | new:
        before, after = old.get(file), new.get(file)
        rows = list(_rows(before.rows if before else {}, after.rows if after else {}))
        gone = [
            name for name in (before.header if before else []) if after and name not in after.header
        ]
        came = [
            name for name in (after.header if after else []) if before and name not in before.header
        ]
        if rows or gone or came or not (before and after):
            kind = "改动" if before and after else "新增" if after else "删去"
            yield TableChange(file, (after or before).title, kind, rows, (gone, came))


def _rows(old: dict[tuple, dict], new: dict[tuple, dict]) -> Iterator[RowChange]:
    for key in old | new:
        before, after = old.get(key, {}), new.get(key, {})
        cells = [
            Passage(name, before.get(name, ""), after.get(name, ""))
            for name in before | after
            if before.get(name, "") != after.get(name, "")
        ]
        if cells:
            kind = "改动" if before and after else "新增" if after else "删去"
            yield RowChange("、".join(key), kind, cells)


def _uses(old: Product, new: Product) -> Iterator[Use]:
    before, after = _titles_by_sentence(old), _titles_by_sentence(new)
    for id in sorted(before | after, key=lambda id: [int(part) for part in id.split(".")]):
        were, are = before.get(id, []), after.get(id, [])
        gained, lost = (
            [page for page in are if page not in were],
            [page for page in were if page not in are],
        )
        if gained or lost:
            yield Use(id, gained, lost, bool(were), bool(are))


def _titles_by_sentence(product: Product) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for page in product.pages.values():
        for id in page.uses:
            found.setdefault(id, []).append(page.title)
    return found
