"""The meeting edition, judged by the PDF alone."""

from __future__ import annotations

import html
import io
import itertools
import re
import shutil
from collections import Counter
from pathlib import Path

import page as checker
import pytest
import yaml
from fontTools.cffLib import CFFFontSet
from fontTools.pens.basePen import NullPen

from charts import FIGURES
from explainer import engine
from explainer.pdf.edition import epoch
from explainer.pdf.writer import ordinal
from explainer.project import current

from .paper import ASCENT, BODY, HEIGHT, MM, PITCH, TOP, WIDTH, Block, Line, Paper

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))["sphinx"]["config"]
NOT_FIRST = "，。、；：！？）》”』】…—"
NOT_LAST = "（《“『【"
FRONT = 2  # the cover and its back have no number


@pytest.fixture(scope="module")
def texts(paper: Paper) -> list[str]:
    """The words of each page, tags or not, in the order of extraction."""
    return [page.extract_text() for page in paper.reader.pages]


@pytest.fixture(scope="module")
def source_blocks(paper: Paper) -> list[Block]:
    """The source's paragraphs on the pages that give it in full."""
    first, last = (
        list(current().source.paragraphs.values())[0],
        list(current().source.paragraphs.values())[-1],
    )
    blocks = [
        block for block in paper.of("P") if block.lines[0].size == pytest.approx(BODY, abs=0.01)
    ]
    texts = [block.text for block in blocks]
    start = max(i for i, text in enumerate(texts) if text == first.text)
    end = max(i for i, text in enumerate(texts) if text == last.text)
    return blocks[start : end + 1]


def body_lines(paper: Paper, page: int) -> list[Line]:
    blocks = [block for block in paper.blocks if block.kind != "Figure"]
    lines = [line for block in blocks for line in block.lines if line.page == page]
    return [line for line in lines if line.size == pytest.approx(BODY, abs=0.01) and line.text]


def test_pages_are_a4(paper: Paper):
    for page in paper.reader.pages:
        assert [float(side) / MM for side in page.mediabox] == pytest.approx(
            [0, 0, 210, 297], abs=0.1
        )


def test_text_block_is_156_by_225_mm(paper: Paper, source_blocks: list[Block]):
    lines = [line for block in source_blocks for line in block.lines[1:-1]]
    assert len(lines) > 20
    for line in lines:
        han = [char for char in line.chars if "\u4e00" <= char["text"] <= "\u9fff"]
        assert line.left == pytest.approx(paper.left(line.page), abs=MM)
        # A mark of punctuation at the end of a line keeps its whole advance in the PDF, but fills half of it.
        if line.chars[-1] is han[-1]:
            assert han[-1]["x1"] == pytest.approx(paper.left(line.page) + WIDTH, abs=MM)
    for page in full_pages(paper):
        baselines = [
            float(paper.reader.pages[page - 1].mediabox.top) - line.baseline
            for line in body_lines(paper, page)
        ]
        assert min(baselines) - ASCENT * BODY == pytest.approx(TOP, abs=MM)
        # Each line has a 22nd of the block; the last one's foot is the block's.
        assert max(baselines) - ASCENT * BODY + PITCH == pytest.approx(TOP + HEIGHT, abs=MM)


def full_pages(paper: Paper) -> list[int]:
    """Those that have nothing but the body's lines from top to foot."""
    full = []
    for page in range(FRONT + 1, len(paper.pages) + 1):
        baselines = sorted({round(line.baseline, 1) for line in body_lines(paper, page)})
        steps = [above - below for below, above in itertools.pairwise(baselines)]
        if len(baselines) >= 22 and all(step < PITCH + 1 for step in steps):
            full.append(page)
    return full


def test_a_page_of_running_text_holds_22_lines(small_book):
    """Of text that runs on: whether the book has such a page is its editors' business."""
    paper = Paper(
        small_book(
            "(stress)=\n# 长文\n\n" + "一段很长的话，没有别的，一直说到下一页去。" * 150 + "\n"
        )
    )
    assert len(full_pages(paper)) > 2
    for page in full_pages(paper):
        assert len({round(line.baseline, 1) for line in body_lines(paper, page)}) == 22


def test_line_pitch(source_blocks: list[Block]):
    steps = [
        above.baseline - below.baseline
        for block in source_blocks
        for above, below in itertools.pairwise(block.lines)
        if above.page == below.page
    ]
    assert len(steps) > 40 and all(28.8 <= step <= 29.1 for step in steps)


def test_full_lines_hold_28_characters(source_blocks: list[Block]):
    lines = [line.text for block in source_blocks for line in block.lines[1:-1]]
    counts = Counter(len(text) for text in lines if not re.search("[0-9+]", text))
    assert max(counts, key=counts.get) == 28
    assert set(counts) <= {
        27,
        28,
        29,
        30,
    }  # a mark that goes over leaves room, a squeezed pair makes some


def test_page_numbers_alternate(paper: Paper):
    for number, chars in enumerate(paper.untagged[FRONT:], 1):
        foot = sorted(
            (
                char
                for char in chars
                if char["top"] > TOP + HEIGHT and char["size"] == pytest.approx(14, abs=0.01)
            ),
            key=lambda char: char["x0"],
        )
        assert "".join(char["text"] for char in foot).replace(" ", "") == f"—{number}—"
        edges = 28 * MM + WIDTH - foot[-1]["x1"] if number % 2 else foot[0]["x0"] - 26 * MM
        assert edges == pytest.approx(14, abs=1), "one character in"
    assert not any(char["top"] > 280 * MM for chars in paper.untagged[:FRONT] for char in chars)


def test_each_page_says_who_is_speaking(paper: Paper):
    for chars in paper.untagged[FRONT:]:
        foot = [char for char in chars if char["top"] > TOP + HEIGHT]
        assert "其余是编者说明" in "".join(char["text"] for char in foot)


def test_no_forbidden_line_starts_and_ends(paper: Paper):
    """In type of any size: text, tables, captions, notes."""
    checked = Counter()
    for block in paper.blocks:
        for line in block.lines if block.kind != "Figure" else []:
            if line.text and line.text != "—":
                checked[round(line.size, 1)] += 1
                assert line.text[0] not in NOT_FIRST and line.text[-1] not in NOT_LAST, (
                    line.page,
                    line.text,
                )
                assert block.kind != "P" or line.size > 9, (
                    line.page,
                    line.text,
                )  # the number of a quotation
    assert len(checked) >= 4, checked


def test_no_forbidden_starts_and_ends_in_charts(paper: Paper):
    """Words of a chart that stand side by side are not one line."""
    count = 0
    for figure in paper.of("Figure"):
        for line in figure.lines:
            runs = [[line.chars[0]]]
            for before, char in itertools.pairwise(line.chars):
                runs.append([char]) if char["x0"] - before["x1"] > 0.5 * char["size"] else runs[
                    -1
                ].append(char)
            for words in ("".join(char["text"] for char in run).strip() for run in runs):
                count += 1
                assert not words or (words[0] not in NOT_FIRST and words[-1] not in NOT_LAST), (
                    line.page,
                    words,
                )
    assert count > 100


def test_no_line_of_a_paragraph_stands_alone_on_a_page(paper: Paper):
    crossing = 0
    for block in paper.blocks:
        lines = Counter(line.page for line in block.lines if line.text)
        if len(lines) > 1 and block.kind != "Figure":
            crossing += 1
            assert lines[min(lines)] >= 2 and lines[max(lines)] >= 2, block.text
    assert crossing


def test_what_is_read_stands_in_paragraphs(paper: Paper):
    """After the contents only the ids in the margin are links by themselves."""
    alone = [block.text for block in paper.of("Link") if block.lines[0].page > FRONT + 2]
    assert alone and all(re.fullmatch(r"[\d.]+", words) for words in alone)


def test_no_heading_at_the_foot_of_a_page(paper: Paper):
    for page in range(FRONT + 1, len(paper.pages) + 1):
        lines = [
            (line.baseline, block)
            for block in paper.blocks
            for line in block.lines
            if line.page == page
        ]
        lowest = min(lines, key=lambda found: found[0])[1]
        assert lowest.kind not in ("H1", "H2", "H3"), (page, lowest.text)


def test_paragraphs_do_not_end_in_a_single_character(paper: Paper):
    for block in paper.of("P", "Caption"):
        if len(block.lines) > 1:
            assert len(re.sub(r"[\d.]+$|[，。；：！？”’）》]", "", block.lines[-1].text)) >= 2, (
                block.text
            )


def test_no_page_has_a_hole(paper: Paper):
    """Of more than a third; but the front page, which stands alone, and the last."""
    for page in range(FRONT + 2, len(paper.pages)):
        lowest = min(
            line.baseline for block in paper.blocks for line in block.lines if line.page == page
        )
        assert lowest < (297 - 37 - 225 * 2 / 3) * MM, page


def test_source_text_comes_out_to_the_letter(source_blocks: list[Block]):
    wanted = [paragraph.text for paragraph in current().source.paragraphs.values()]
    assert [block.text for block in source_blocks] == wanted


def test_each_paragraph_has_its_id_in_the_margin(paper: Paper, source_blocks: list[Block]):
    for id, block in zip(current().source.paragraphs, source_blocks, strict=True):
        line = block.lines[0]
        beside = [
            char["text"]
            for char in paper.pages[line.page - 1].chars
            if char["x1"] < paper.left(line.page)
            and abs(char["matrix"][5] - line.baseline) < PITCH / 2
        ]
        assert "".join(beside) == id


def test_years_come_out_unbroken(paper: Paper, texts: list[str]):
    text = "\n".join(texts)
    assert "2021-2025年" in text and "2025年" in text
    assert not re.search(r"\d\s+年|2021-\s|\d-\n\d", text)
    for block in paper.blocks:
        for above, below in itertools.pairwise(block.lines if block.kind != "Figure" else []):
            assert not (re.search(r"\d-?$", above.text) and re.match("[0-9年]", below.text)), (
                above.page,
                above.text,
            )


def test_fonts_are_embedded_subsets_with_tounicode(paper: Paper):
    fonts = {
        font.raw_get(name).idnum: font[name]
        for page in paper.reader.pages
        for font in [page["/Resources"].get("/Font", {})]
        for name in font
    }
    assert fonts
    for font in fonts.values():
        assert font["/Subtype"] == "/Type0" and "/ToUnicode" in font, font["/BaseFont"]
        assert re.match(r"/[A-Z]{6}\+", font["/BaseFont"])
        descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        assert "/FontFile3" in descriptor or "/FontFile2" in descriptor


def test_tagged_and_says_what_it_is(paper: Paper):
    catalog = paper.reader.trailer["/Root"]
    assert catalog["/MarkInfo"]["/Marked"] and "/StructTreeRoot" in catalog
    assert catalog["/Lang"].lower() == "zh-cn"
    assert catalog["/ViewerPreferences"]["/DisplayDocTitle"]
    home = (ROOT / "book" / "index.md").read_text("utf-8")
    assert paper.reader.metadata.title == re.search("(?m)^# (.+)$", home)[1]
    assert "pdfuaid" in catalog["/Metadata"].get_object().get_data().decode("utf-8")


def test_a_checker_of_pdf_ua_1_finds_nothing(paper: Paper, edition: Path):
    """An independent one; it says nothing of what only people can judge.

    One of its rules misreads a font's default width (0 for 1000); here FontTools reads the widths instead.
    """
    for pdf in edition.parent.glob("*.pdf"):
        report = checker.validate_pdf(pdf, profile="ua1")
        found = [(failure.rule_id, failure.message) for failure in report.failures]
        assert report.rules.total > 100
        assert [finding for finding in found if finding[0] != "PDFUA1-FONT-GLYPH-WIDTH-001"] == []
    for number in {
        font.raw_get(name).idnum
        for page in paper.reader.pages
        for font in [page["/Resources"].get("/Font", {})]
        for name in font
    }:
        inner = paper.reader.get_object(number)["/DescendantFonts"][0].get_object()
        if "/FontFile3" in inner["/FontDescriptor"]:
            drawn = CFFFontSet()
            drawn.decompile(io.BytesIO(inner["/FontDescriptor"]["/FontFile3"].get_data()), None)
            told = pdf_widths(inner)
            for cid, glyph in enumerate(drawn[0].CharStrings[name] for name in drawn[0].charset):
                glyph.draw(NullPen())
                assert glyph.width == pytest.approx(told.get(cid, inner.get("/DW", 1000)), abs=1), (
                    cid
                )


def pdf_widths(font) -> dict[int, float]:
    """A CID font's /W: `first [widths]` or `first last width`."""
    items, widths = [item.get_object() for item in font.get("/W", [])], {}
    while items:
        first, second = items.pop(0), items.pop(0)
        if isinstance(second, list):
            widths |= dict(enumerate(map(float, second), first))
        else:
            widths |= dict.fromkeys(range(first, second + 1), float(items.pop(0)))
    return widths


def outline(paper: Paper, entries=None, level: int = 1) -> list[tuple[int, str, int]]:
    """(level, title, page) of every bookmark."""
    found = []
    for entry in paper.reader.outline if entries is None else entries:
        if isinstance(entry, list):
            found += outline(paper, entry, level + 1)
        else:
            found.append(
                (
                    level,
                    re.sub(r"\s", "", entry.title),
                    paper.reader.get_destination_page_number(entry) + 1,
                )
            )
    return found


def expected_headings(site: Path) -> list[tuple[int, str]]:
    """The headings of the site's chapters, numbered as in official documents."""
    left_out = SETTINGS["explainer_meeting_without"]
    parts = yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))["parts"]
    chapters = [
        entry["file"]
        for part in parts
        for entry in part["chapters"]
        if entry["file"] not in left_out
    ]
    found = [(1, "一页读懂"), (1, "目录"), (1, "图表目录")]
    found += [
        (1, title)
        for level, title, id in headings(site / "index.html")
        if level == 2 and id not in [*left_out, "one-minute"]
    ]
    for number, chapter in enumerate(chapters, 1):
        count = itertools.count(1)
        for level, title, id in headings(site / f"{chapter}.html"):
            if level == 1:
                found.append((1, f"{ordinal(number)}、{title}"))
            elif id not in left_out:
                numbered = re.match("[一二三四]、", title) or chapter == "glossary"
                found.append((level, title if numbered else f"（{ordinal(next(count))}）{title}"))
    return [*found, (1, "附：图的数据")]


def headings(page: Path) -> list[tuple[int, str, str]]:
    article = page.read_text("utf-8").partition("<article>")[2]
    found = re.findall(
        r'<section[^>]* id="([\w-]+)">\s*(?:<span[^>]*></span>)*<h(\d)>(.*?)<a class="headerlink"',
        article,
    )
    return [
        (int(level), re.sub(r"<[^>]+>|\s", "", html.unescape(title)), id)
        for id, level, title in found
    ]


def test_bookmarks_are_the_headings(paper: Paper, site: Path, texts: list[str]):
    found = outline(paper)
    assert [(level, title) for level, title, _ in found] == expected_headings(site)
    for _, title, page in found:
        assert title in re.sub(r"\s", "", texts[page - 1]), (title, page)


def test_links_land(paper: Paper):
    known = {page.indirect_reference.idnum for page in paper.reader.pages}
    named = paper.reader.named_destinations
    count = 0
    for page in paper.reader.pages:
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


def test_front_page_stands_alone_and_the_contents_are_one_page(paper: Paper, texts: list[str]):
    assert texts[2].lstrip().startswith("一页读懂") and "以正式公布的文件为准" in texts[2]
    assert "目录" in texts[3] and "图表目录" in texts[3]
    for _, title, _ in (entry for entry in outline(paper)[3:] if entry[0] == 1):
        assert title in re.sub(r"\s", "", texts[3])


def test_no_field_is_guessed(texts: list[str]):
    """What the settings say of who publishes stands on the cover, and nothing of what they leave blank."""
    text = texts[0] + texts[1]
    for field, value in SETTINGS["explainer_publication"].items():
        assert (field in text) == bool(value) and str(value) in text, field
    sha = (ROOT / "data" / "source" / "interpretation.txt.sha256").read_text("ascii")[:4]
    assert "版本日期" in text and sha in text


def test_every_chart_once_with_its_conclusion_and_its_data(paper: Paper, texts: list[str]):
    text = re.sub(r"\s", "", "".join(texts))
    data = re.sub(r"\s", "", "".join(texts[outline(paper)[-1][2] - 1 :]))
    cells = [block.text for block in paper.of("P", "TH")]
    assert len(paper.of("Figure")) == len(FIGURES)
    for make in FIGURES.values():
        figure = make()
        assert re.sub(r"\s", "", figure.conclusion) in text
        assert re.sub(r"\s", "", figure.title) in data
        for value in figure.table.drop(columns=["引文", "出处"]).astype(str).to_numpy().ravel():
            value = re.sub(r"\s", "", value)  # one that is the same in all rows is said once
            assert (
                any(value == re.sub(r"\s", "", cell) for cell in cells) or f"都是{value}" in data
            ), value


def test_paper_is_not_asked_to_be_clicked(texts: list[str]):
    text = re.sub(r"\s", "", "".join(texts))
    assert not re.search(
        "点一下|可以点|点了以后|点图中|图下的|浏览器|鼠标|蓝线|接着读什么|扫码", text
    )


def test_size(edition: Path):
    assert all(pdf.stat().st_size <= 1_500_000 for pdf in edition.parent.iterdir())


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
    engine.build(copy)
    assert {pdf.name: pdf.read_bytes() for pdf in (copy / "_build" / "pdf").iterdir()} == {
        pdf.name: pdf.read_bytes() for pdf in edition.parent.iterdir()
    }
