"""The meeting edition, judged by the PDF alone."""

from __future__ import annotations

import itertools
import re
import shutil
from collections import defaultdict
from pathlib import Path

import pypdf
import pytest
from explainer import build
from explainer.pdf.edition import epoch
from explainer.text import source

ROOT = Path(__file__).resolve().parents[2]
MM = 72 / 25.4
NOT_FIRST = "，。、；：！？）》”』】…—"
NOT_LAST = "（《“『【"
BODY = 16
SMALL = 0.72 * BODY  # “（第7页）” after a link


def left(page) -> float:
    """The left edge of the text: the binding margin is on the left of odd pages, on the right of even ones."""
    return (28 if page.page_number % 2 else 26) * MM


def lines(page, *sizes: float) -> list[list[dict]]:
    """The characters of the body's size (or these sizes) in the text block, line by line."""
    found: dict[float, list[dict]] = defaultdict(list)
    for char in page.chars:
        if any(abs(char["size"] - size) < 0.01 for size in sizes or (BODY,)) and char["x0"] > left(page) - 1:
            found[round(char["matrix"][5], 1)].append(char)
    return [sorted(chars, key=lambda char: char["x0"]) for _, chars in sorted(found.items(), reverse=True)]


def words(line: list[dict]) -> str:
    return "".join(char["text"] for char in line).strip()


@pytest.fixture(scope="module")
def reader(edition: Path) -> pypdf.PdfReader:
    return pypdf.PdfReader(edition)


@pytest.fixture(scope="module")
def source_pages(pages, reader) -> list:
    """The pages of the chapter with the full text."""
    starts = {entry.title: reader.get_destination_page_number(entry) for entry in reader.outline if not isinstance(entry, list)}
    titles = list(starts)
    at = next(i for i, title in enumerate(titles) if title.endswith("原文全文"))
    return pages[starts[titles[at]] : starts[titles[at + 1]]]


def test_pages_are_a4(pages):
    assert {(round(page.width / MM), round(page.height / MM)) for page in pages} == {(210, 297)}


def test_text_block_is_156_by_225_mm(source_pages):
    for page in source_pages:
        full = [line for line in lines(page) if len(line) >= 27]
        # A mark of punctuation at the end of a line keeps its whole advance in the PDF, but fills half of it.
        right = max(char["x1"] for line in full for char in line if "\u4e00" <= char["text"] <= "\u9fff")
        assert min(line[0]["x0"] for line in full) == pytest.approx(left(page), abs=MM)
        assert right == pytest.approx(left(page) + 156 * MM, abs=MM)
    full_page = max(source_pages, key=lambda page: len(lines(page)))
    top = min(char["top"] for line in lines(full_page) for char in line)
    bottom = max(char["bottom"] for line in lines(full_page) for char in line)
    assert top == pytest.approx(37 * MM, abs=2 * MM)
    assert bottom == pytest.approx((37 + 225) * MM, abs=5 * MM)  # the last line's own lead lies below it


def test_line_pitch(source_pages):
    for page in source_pages:
        heights = [line[0]["matrix"][5] for line in lines(page)]
        steps = [above - below for above, below in itertools.pairwise(heights)]
        close = [step for step in steps if step < 40]
        assert close and all(28.8 <= step <= 29.1 for step in close), steps


def test_full_line_holds_28_characters_and_full_page_22_lines(source_pages, pages):
    texts = [words(line) for page in source_pages for line in lines(page)]
    counts = [len(text) for text in texts if not re.search("[0-9]", text)]
    assert counts.count(28) > 10 and max(counts) <= 30  # a squeezed pair of marks makes room for one more
    assert max(len(lines(page)) for page in pages) == 22


def test_page_numbers_alternate(pages):
    for number, page in enumerate(pages[2:], 1):
        foot = [char for char in page.chars if char["top"] > (37 + 225) * MM and abs(char["size"] - 14) < 0.01]
        assert words(sorted(foot, key=lambda char: char["x0"])).replace(" ", "") == f"—{number}—"
        middle = (foot[0]["x0"] + foot[-1]["x1"]) / 2
        assert (middle > page.width / 2) == (number % 2 == 1)
    assert not any(char["top"] > 280 * MM for page in pages[:2] for char in page.chars)


def test_no_forbidden_line_starts_and_ends(pages):
    for page in pages:
        for line in filter(None, map(words, lines(page, BODY, SMALL))):
            assert line[0] not in NOT_FIRST and line[-1] not in NOT_LAST, (page.page_number, line)


def test_paragraphs_do_not_end_in_a_single_character(source_pages):
    for page in source_pages:
        assert all(len(re.sub(r"\W", "", words(line))) >= 2 for line in lines(page))


def test_source_text_comes_out_to_the_letter(source_pages):
    printed = "".join(words(line) for page in source_pages for line in lines(page))
    at = 0
    for paragraph in source().paragraphs.values():
        found = printed.find(paragraph.text, at)
        assert found >= 0, paragraph.id
        at = found + len(paragraph.text)


def test_each_paragraph_has_its_id_in_the_margin(source_pages):
    beside = {
        word["text"]
        for page in source_pages
        for word in page.crop((0, 0, left(page) - 1, page.height)).extract_words()
    }
    assert set(source().paragraphs) <= beside


def test_years_come_out_unbroken(reader):
    text = "\n".join(page.extract_text() for page in reader.pages)
    assert "2021-2025年" in text and "2025年" in text
    assert not re.search(r"2025\s+年|2021-\s|\d-\n\d", text)


def test_fonts_are_embedded_subsets_with_tounicode(reader):
    fonts = {
        font.raw_get(name).idnum: font[name]
        for page in reader.pages
        for font in [page["/Resources"].get("/Font", {})]
        for name in font
    }
    assert fonts
    for font in fonts.values():
        assert font["/Subtype"] == "/Type0" and "/ToUnicode" in font, font["/BaseFont"]
        assert re.match(r"/[A-Z]{6}\+", font["/BaseFont"])
        descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        assert "/FontFile3" in descriptor or "/FontFile2" in descriptor


def test_tagged_and_says_what_it_is(reader):
    catalog = reader.trailer["/Root"]
    assert catalog["/MarkInfo"]["/Marked"] and "/StructTreeRoot" in catalog
    assert catalog["/Lang"].lower() == "zh-cn"
    assert catalog["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata.title == source().title
    assert "pdfuaid" in catalog["/Metadata"].get_object().get_data().decode("utf-8")


def test_bookmarks_are_the_headings(reader, pages):
    def titles(entries) -> list[tuple[str, int]]:
        return [
            found
            for entry in entries
            for found in (titles(entry) if isinstance(entry, list) else [(entry.title, reader.get_destination_page_number(entry))])
        ]

    found = titles(reader.outline)
    names = [title for title, _ in found]
    for expected in ("一页读懂", "目录", "一、规划作用和意义", "（一）这份规划是什么？", "五、原文全文", "一、规划作用和意义"):
        assert any(name.startswith(expected) for name in names), expected
    for title, page in found:
        assert title.replace(" ", "") in re.sub(r"\s", "", pages[page].extract_text()), (title, page + 1)


def test_links_land(reader):
    known = {page.indirect_reference.idnum for page in reader.pages}
    named = reader.named_destinations
    count = 0
    for page in reader.pages:
        for annotation in page.get("/Annots", []):
            annotation = annotation.get_object()
            action = annotation.get("/A", {})
            target = annotation.get("/Dest", action.get("/D"))
            if target is None:
                assert action["/S"] == "/URI"
                continue
            if isinstance(target, (str, bytes)):
                assert target in named
            else:
                assert target[0].idnum in known
            count += 1
    assert count > 50


def test_front_page_stands_alone(pages):
    text = pages[2].extract_text()
    assert text.lstrip().startswith("一页读懂") and "以正式公布的文件为准" in text
    assert "目录" in pages[3].extract_text()


def test_no_field_is_guessed(pages):
    text = pages[0].extract_text() + pages[1].extract_text()
    assert not re.search("主办单位|文号|发布日期", text)
    sha = (ROOT / "data" / "source" / "interpretation.txt.sha256").read_text("ascii")[:4]
    assert "版本日期" in text and sha in text


def test_every_chart_with_its_conclusion_and_table(reader):
    from explainer.figures import FIGURES

    text = re.sub(r"\s", "", "".join(page.extract_text() for page in reader.pages))
    for make in FIGURES.values():
        figure = make()
        assert re.sub(r"\s", "", figure.title) in text
        assert re.sub(r"\s", "", figure.conclusion) in text


def test_size(edition: Path):
    assert edition.stat().st_size <= 1_500_000


def test_large_print_edition(edition: Path, reader):
    (large,) = edition.parent.glob("*large*")
    big = pypdf.PdfReader(large)
    assert len(big.pages) > len(reader.pages)
    text = re.sub(r"\s", "", "".join(page.extract_text() for page in big.pages))
    assert "目录" in big.pages[3].extract_text()  # the one page at the front is one page here as well
    assert "大字" in text and "没有制度创新，科技创新就无从依附" in text


def test_site_offers_it(site: Path, edition: Path):
    page = (site / "index.html").read_text("utf-8")
    assert f'href="downloads/{edition.name}"' in page
    assert (site / "downloads" / edition.name).read_bytes() == edition.read_bytes()


def test_same_input_same_bytes(edition: Path, tmp_path: Path, monkeypatch):
    """In another folder, at another time; only the charts' pictures are taken from the first build."""
    copy = tmp_path / "另一处"
    left_out = shutil.ignore_patterns(".git", ".venv", "html", "pdf", "logs", "__pycache__")
    shutil.copytree(ROOT, copy, ignore=left_out)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(epoch(ROOT)))
    build.build(copy)
    assert {pdf.name: pdf.read_bytes() for pdf in (copy / "_build" / "pdf").iterdir()} == {
        pdf.name: pdf.read_bytes() for pdf in edition.parent.iterdir()
    }
