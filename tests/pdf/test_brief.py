"""What is handed out at a meeting: judged by the PDF, against the tables and the source."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import page as checker
import pytest

from explainer.pdf.edition import FORMS, FULL, printed
from explainer.project import current

from . import test_edition as full
from .paper import Paper

PAGES = {1: 8, 1.25: 16}  # at most, by size


def squeezed(words: str) -> str:
    return re.sub(r"\s", "", words)


def shown(anchor: str) -> str:
    """The number as it is printed: a clause's in brackets."""
    return re.sub(r"^(\d+\.\d+\.\d+)\.(\d+)$", r"\1(\2)", anchor.removeprefix("s"))


@pytest.fixture
def first(brief: Paper) -> str:
    return squeezed("".join(char["text"] for char in brief.pages[0].chars))


def test_as_few_pages_as_a_meeting_reads(site: Path):
    for form in FORMS:
        (pdf,) = printed(site.parent / "pdf", form)
        assert len(Paper(pdf).pages) <= PAGES[form.scale]


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        ("positionings", ["name"]),
        ("levels", ["quote"]),
        ("zones", ["name"]),
        ("tasks", ["name", "content"]),
        ("safeguards", ["name", "content"]),
    ],
)
def test_page_one_answers_alone(first: str, table: str, columns: list[str]):
    """Each row of the table, and the number of the sentence that it is from, on the first page."""
    rows = current().frame(table)
    assert len(rows)
    for row in rows.to_dict("records"):
        for column in columns:
            assert squeezed(row[column]) in first, row[column]
        assert shown(row["anchor"]) in first


def test_page_one_says_what_is_not_in_the_source_and_which_edition_it_is(first: str):
    assert "原文没有写的：" in first
    assert "底本指纹" in first and "内容指纹" in first and "以正式公布的文件为准" in first


def test_the_source_is_whole_and_each_chart_follows_its_paragraph(brief: Paper):
    blocks = [squeezed(block.text) for block in brief.blocks]
    places = []
    for paragraph in current().source.paragraphs.values():
        assert squeezed(paragraph.text) in blocks, paragraph.text
        places.append(blocks.index(squeezed(paragraph.text)))
    assert places == sorted(places)
    charts = full.SETTINGS["explainer_meeting_charts"]
    ids = list(current().source.paragraphs)
    for id in charts:
        start, end = places[ids.index(id)], places[ids.index(id) + 1]
        assert any(block.kind == "Figure" for block in brief.blocks[start:end]), id


def test_it_has_no_cover_and_room_to_write_on_its_last_page(brief: Paper):
    words = [squeezed(page.extract_text() or "") for page in brief.pages]
    assert not any("图表目录" in page for page in words)
    assert "会上要确认的" in words[-1]
    lines = [y for y in brief.pages[-1].lines if y["width"] > 400]
    assert len(lines) >= 5


def test_terms_are_those_of_the_settings(brief: Paper):
    chosen = set(full.SETTINGS["explainer_meeting_terms"])
    assert 0 < len(chosen) <= 10
    terms = current().frame("glossary")
    assert chosen <= set(terms["id"])
    headings = {squeezed(block.text) for block in brief.of("H2")}
    for row in terms.to_dict("records"):
        assert (squeezed(row["term"]) in headings) == (row["id"] in chosen), row["term"]


def test_what_holds_for_the_whole_book_holds_here(brief: Paper):
    full.test_pages_are_a4(brief)
    full.test_no_forbidden_line_starts_and_ends(brief)
    full.test_fonts_are_embedded_subsets_with_tounicode(brief)
    full.test_tagged_and_says_what_it_is(brief)


def test_no_paragraph_ends_in_a_single_character(brief: Paper):
    full.test_paragraphs_do_not_end_in_a_single_character(brief)


def test_both_sizes_have_the_same_headings_and_the_larger_more_pages(site: Path):
    small, large = (Paper(printed(site.parent / "pdf", form)[0]) for form in FORMS)
    assert [entry[:2] for entry in full.outline(small)] == [
        entry[:2] for entry in full.outline(large)
    ]
    assert len(large.pages) > len(small.pages)


def test_no_heading_ends_a_page(brief: Paper):
    for number in range(1, len(brief.pages) + 1):
        lines = [
            (line.baseline, block.kind)
            for block in brief.blocks
            for line in block.lines
            if line.page == number
        ]
        assert number == len(brief.pages) or not min(lines)[1].startswith("H")


def test_years_are_not_broken(brief: Paper):
    for block in brief.blocks:
        for above, below in itertools.pairwise(block.lines if block.kind != "Figure" else []):
            assert not (re.search(r"\d-?$", above.text) and re.match("[0-9年]", below.text))


def test_a_checker_of_pdf_ua_1_finds_nothing(site: Path):
    for form in (*FORMS, FULL):
        (pdf,) = printed(site.parent / "pdf", form)
        report = checker.validate_pdf(pdf, profile="ua1")
        found = {failure.rule_id for failure in report.failures}
        assert found <= {
            "PDFUA1-FONT-GLYPH-WIDTH-001"
        }  # misread there; test_edition.py reads the widths
