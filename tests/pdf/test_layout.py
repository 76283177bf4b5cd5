"""Where charts, tables and pictures go: every book can be set, in every size, and no page is left with a hole."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pypdfium2
import pytest
import typst

from explainer.pdf import builder, fonts
from explainer.pdf.edition import FORMS, Edition, Form
from explainer.pdf.markup import call, string, text

from .paper import HEIGHT, TOP

SETTINGS = {
    "title": "一本书",
    "short": "一本书",
    "author": "某",
    "full-text": "全文",
    "cover-lines": ["一本书"],
    "date": {"year": 2026, "month": 1, "day": 1},
    "colors": dict.fromkeys(("ink", "soft", "main", "edge"), "#000000"),
    "publication": [],
    "edition": "",
    "edition-date": "2026-01-01",
    "source-fingerprint": "a",
    "content-fingerprint": "b",
}
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 {0}"><rect width="100" height="{0}"/></svg>'
EDITION = Edition("", 0, "a", "b")
LAST = "全书到此为止。"
FILES = fonts.chosen({}).files


class RandomBook:
    """The markup of a book, with its drawings written beside it."""

    def __init__(self, folder: Path, random: Random) -> None:
        self.folder = folder
        self.random = random
        self.count = 0

    def markup(self) -> str:
        blocks = (self.words, self.words, self.words, self.heading, self.chart, self.table)
        inside = [self.random.choice((*blocks, self.picture, self.announced))() for _ in range(16)]
        first = call("chapter", body=text("第一章"))
        return "\n".join([first, *inside, self.words(), call("para", body=text(LAST))])

    def words(self) -> str:
        return "\n".join(
            call("para", body=text("话" * self.random.choice((9, 26, 27, 54, 80, 200)) + "。"))
            for _ in range(self.random.choice((1, 1, 2, 5, 17)))
        )

    def heading(self) -> str:
        titles = self.random.choice((["chapter"], ["heading"], ["chapter", "heading"]))
        # Two headings, and words that announce a table, would together need a third of a page of large print.
        then = self.random.choice((self.words, self.chart, self.table))
        return "\n".join([*(call(title, body=text("怎么办？")) for title in titles), then()])

    def announced(self) -> str:
        return call("lead-in", body=text("看下面：")) + "\n" + self.table()

    def drawn(self, kind: str) -> str:
        self.count += 1
        name = f"{kind}-{self.count}"
        for shape in ("", "-narrow"):
            high = self.random.choice((10, 40, 80, 120, 140, 200, 500))
            (self.folder / f"{name}{shape}.svg").write_text(SVG.format(high), "utf-8")
        return name

    def chart(self) -> str:
        name = self.drawn("chart")
        words = f"[{text('说明' * self.random.choice((5, 60)))}]"
        place, data = string(f"place-{name}"), string("place")
        arguments = (f"[{text('一张图')}]", words, string(f"{name}.svg"), string("图"))
        return call("chart", place, *arguments, words, f"[{text('1.1')}]", data, "none")

    def picture(self) -> str:
        caption = self.random.choice(("[]", f"[{text('一幅画')}]"))
        return call("picture", string(f"{self.drawn('picture')}.svg"), string("画"), "(:)", caption)

    def table(self) -> str:
        self.count += 1
        rows = self.random.choice((1, 3, 10, 25, 60))
        words = [f"[{text('格' * self.random.choice((2, 60)))}]" for _ in range(rows)]
        cells = [cell for long in words for cell in ("[一]", long)]
        table = call("data-table", "fitting(2, 9)", "[]", "1", "([甲], [乙])", *cells)
        name = string(f"table-{self.count}")
        return call("kept-whole", name, f"[{text('一张表')}]", body=table)


def put(folder: Path, markup: str) -> None:
    settings = SETTINGS | {"fonts": {face: [family] for face, family in fonts.SHIPPED.items()}}
    (folder / "edition.json").write_text(json.dumps(settings), "utf-8")
    (folder / "template.typ").write_bytes(builder.TEMPLATE.read_bytes())
    place = call("anchor", string("place"))
    book = call("book", "[]", "[]", body=f"{place}\n{markup}\n")
    (folder / "book.typ").write_text(f'#import "template.typ": *\n{book}', "utf-8")


def holes(pdf: bytes) -> Iterator[float]:
    """What share of the page is empty below the lowest thing on it, up to the page before the text's last."""
    document = pypdfium2.PdfDocument(pdf)
    for page in list(document)[2:]:
        if LAST in page.get_textpage().get_text_range():
            return
        picture = page.render(scale=0.5, grayscale=True).to_numpy().reshape(421, -1)
        area = picture[int(TOP / 2) : int((TOP + HEIGHT) / 2)]
        dark = [row for row, pixels in enumerate(area) if pixels.min() < 200]
        yield 1 - (max(dark, default=0) + 1) / len(area)


def check(folder: Path, form: Form, seeds: range) -> None:
    pages = 0
    for seed in seeds:
        book = folder / str(seed)
        book.mkdir()
        put(book, RandomBook(book, Random(seed)).markup())
        found = list(holes(builder._compile(book, EDITION, form, FILES)))
        pages += len(found)
        assert max(found, default=0) <= 1 / 3, (seed, [round(hole, 2) for hole in found])
    assert pages > 5 * len(seeds)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_any_book_is_set_without_a_hole(tmp_path: Path, form: Form) -> None:
    check(tmp_path, form, range(6))


@pytest.mark.ci
@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_a_hundred_books_are_set_without_a_hole(tmp_path: Path, form: Form) -> None:
    check(tmp_path, form, range(100, 200))


def test_what_is_moved_by_naming_its_page_is_set_all_the_same(tmp_path: Path) -> None:
    """Two lines at the foot of a page, of which the second has no room for the number of the page to which they refer;
    with a third line they would all go to that page, and need no number."""
    restless = 0
    for lines in range(22):
        folder = tmp_path / str(lines)
        folder.mkdir()
        there = [call("anchor", string("there")), call("para", body=text("那里。"))]
        referring = text("话" * 52) + call("see", string("there"), body=text("这里"))
        put(
            folder,
            "\n".join([call("para", body=text("一行。"))] * lines)
            + call("para", body=referring)
            + "\n".join(there),
        )
        restless += wavers(folder, {})
        assert not wavers(folder, {"steady": "yes"})
        assert builder._compile(folder, EDITION, FORMS[0], FILES).startswith(b"%PDF")
    assert restless


def wavers(folder: Path, inputs: dict[str, str]) -> bool:
    compiler = typst.Compiler(
        str(folder / "book.typ"), root=str(folder), font_paths=FILES, sys_inputs=inputs
    )
    _, warnings = compiler.compile_with_warnings(pdf_standards=["ua-1"], timestamp=0)
    return any("converge" in warning.message for warning in warnings)


def test_the_first_that_has_left_a_hole_is_to_float() -> None:
    def flow(*places: tuple[str, int, float]) -> list[dict]:
        return [dict(zip(("what", "page", "left"), place, strict=True)) for place in places]

    end, kept = ("end", 1, 0.5), ("a", 2, 1.0)
    assert builder._pushed(flow(end, kept, ("b", 3, 1.0))) == "a"
    assert builder._pushed(flow(end, ("a", 1, 0.4))) is None
    assert builder._pushed(flow(("end", 1, 0.1), kept)) is None
    assert builder._pushed(flow(("end", 1, 0.1), ("a", 3, 1.0))) == "a"  # a page between has room
    assert builder._pushed(flow(kept, ("end", 2, 0.3))) is None
