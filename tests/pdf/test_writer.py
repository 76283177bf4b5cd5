"""What an editor may write, on paper."""

from __future__ import annotations

import re

import pandas as pd
import pypdf
import pytest
from docutils import nodes

import charts
from explainer import engine
from explainer.errors import EditorError
from explainer.pdf import card, fonts, markup, tables
from explainer.pdf.builder import _cover_lines, without_unseen
from explainer.pdf.writer import Book, Writer, ordinal
from explainer.sphinx.quotations import quoted

from .conftest import STRESS
from .paper import Paper


def words(pdf) -> str:
    return "".join(page.extract_text() for page in pypdf.PdfReader(pdf).pages)


def test_stress_chapter(small_book):
    stress = (STRESS / "stress.md").read_text("utf-8")
    text = words(small_book(stress)).replace("\n", "")
    for expected in (
        '#panic("糟")',
        '#"串"',
        "/*丙*/",
        "$100和$200",
        "喆珺玥堃瑄镕",
        "2021-2025年",
        "一甲子二",
        "7.",
        "国内生产总值",
        "名称60",
        "己",
        "庚",
        "表格里的注",
        "自己的标题",
        "卡片标题",
        "第二页的话",
        "右边",
        "收起来的话",
        "话题的话",
        "脚注甲",
        "https://www.example.org/a?b=1&c=2",
        "块引用的一段话",
        "图的说明",
        "又一行",
        "另一种解释",
        "四级标题",
        'returnf"{x}"+"#\\\\"',
    ):
        assert expected.replace(" ", "") in text.replace(" ", ""), expected
    assert text.count("脚注甲") == 1
    assert "只在网页上" not in text


def test_what_cannot_be_printed_is_said_and_the_site_is_made(small_book, capsys):
    wrong = ["```{math}\na\n```", "![](circle.svg)", "<b>粗</b>"]
    page = small_book("# 章\n\n" + "\n\n".join(wrong) + "\n", printed=False)
    said = capsys.readouterr().out
    for expected in (
        "book/stress.md:3: 会议版不会排“math_block”这种内容",
        "book/stress.md:7: 图片“circle.svg”没有替代文字",
        "book/stress.md:9: 会议版排不了 HTML 代码",
        "没有会议版：先改好上面说的。",
    ):
        assert expected in said, said
    assert not engine.unchanged(page.parents[2])  # the next build says it again


def test_what_goes_wrong_in_typesetting_leaves_the_site(small_book, capsys, monkeypatch):
    """As where the template is damaged: what Typst says of it is told, and no page offers what is not there."""
    monkeypatch.setattr(markup, "GAP", "#nothing-of-this-name;")
    page = small_book("# 章\n\n2025年的话。\n", printed=False)
    said = capsys.readouterr().out
    assert "会议版没有排成" in said and "nothing-of-this-name" in said
    assert "meeting-edition" not in page.read_text("utf-8")


def test_a_character_without_a_glyph_is_printed_as_one(small_book, capsys):
    """Whatever Word or a rare name brings; what has no width stays as it is."""
    pdf = small_book("# 章\n\n甲𠮷乙\ue5e5丙\ufeff丁□戊。\n", "html_title: 吉𠮷")
    text = re.sub(r"\s", "", words(pdf))
    assert "甲〓（U+20BB7）乙〓（U+E5E5）丙丁□戊。" in text and "吉〓（U+20BB7）" in text
    assert (
        "book/stress.md:3: 会议版的字体里没有“𠮷”（U+20BB7）这个字，印成〓"
        in capsys.readouterr().out
    )


CHART = """---
jupytext: {text_representation: {extension: .md, format_name: myst}}
kernelspec: {display_name: Python 3, language: python, name: python3}
---
# 章

从图里看{only-html}`（点一下）`{only-meeting}`（翻到下页）`。

:::{only} html
只在网上的一段。
:::

:::{only} meeting
只在纸上的一段。
:::

```{code-cell} python
import charts
charts.two_turns()
```

```{code-cell} python
charts.two_turns()
```
"""


def test_address_edition_and_fonts_of_the_settings(small_book, capsys):
    pdf = small_book(
        CHART,
        "suppress_warnings: [mystnb.unknown_mime_type, explainer.coverage]",
        "html_baseurl: https://example.gov.cn/kjgh",
        'explainer_edition: "2026.1"',
        "explainer_meeting_fonts: {楷体: 这里没有的字体, 黑体: FandolKai}",
    )
    said = capsys.readouterr().out
    assert "这台电脑上没有字体“这里没有的字体”，楷体改用随书的字体。" in said
    assert re.search(r"排好会议版：2 份 PDF（[\d.]+ 秒）", said)
    assert {path.name for path in pdf.parent.iterdir()} == {
        "meeting-edition-2026.1.pdf",
        "meeting-edition-large-2026.1.pdf",
    }
    reader = pypdf.PdfReader(pdf)
    assert all("2026.1" in page.extract_text() for page in reader.pages[:2])
    text = re.sub(r"\s", "", words(pdf))
    assert (
        "从图里看（翻到下页）。" in text and "只在纸上的一段。" in text and "只在网上" not in text
    )
    again = f"图1{charts.two_turns().title}，见第\\d+页"
    assert text.count("扫码看互动图") == 1 and any(
        re.fullmatch(again, block.text) for block in Paper(pdf).of("P")
    )
    links = {
        a.get_object()["/A"].get("/URI")
        for page in reader.pages
        for a in page.get("/Annots", [])
        if "/A" in a.get_object()
    }
    assert "https://example.gov.cn/kjgh/stress.html#figure-two-turns" in links
    site = (pdf.parent.parent / "html" / "stress.html").read_text("utf-8")
    assert (
        'id="figure-two-turns"' in site
        and "只在网上的一段" in site
        and "只在纸上" not in site
        and "（点一下）" in site
    )
    assert not any("FandolHei" in font for page in reader.pages for font in _fonts(page))


def _fonts(page) -> set[str]:
    return {str(font["/BaseFont"]) for font in (page["/Resources"].get("/Font") or {}).values()}


def test_office_fonts_come_first_and_what_is_missing_is_said():
    assert fonts.chosen({}).families == {face: [family] for face, family in fonts.SHIPPED.items()}
    chosen = fonts.chosen({"仿宋": "fandolkai", "楷体": "没有", "黑体": ""})
    assert chosen.families["仿宋"] == ["FandolKai", "FandolFang R"]
    assert chosen.families["楷体"] == ["FandolKai"] and chosen.missing == [("楷体", "没有")]
    with pytest.raises(EditorError, match="没有“宋体”这一项"):
        fonts.chosen({"宋体": "SimSun"})


def test_data_of_a_chart_for_paper():
    table = pd.DataFrame(
        {
            "类": ["甲", "乙", "甲"],
            "名": ["一", "二", "三"],
            "引文": list("abc"),
            "出处": ["1.1"] * 3,
        }
    )
    remark, (widths, header, *cells) = tables.of_chart(table)
    assert remark == "各行的出处都是1.1"
    assert widths == "fitting(1.00, 1.00)" and "引文" not in header and "出处" not in header
    assert [re.findall('"(.)"', cell)[0] for cell in cells] == ["甲", "一", "甲", "三", "乙", "二"]
    assert ["#again" in cell for cell in cells] == [False, False, True, False, False, False]


def test_words_never_turn_into_markup():
    assert markup.verbatim('#x "y" \\') == '#"#x \\"y\\" \\\\";'
    assert markup.text("甲\n乙") == '#"甲乙";'
    assert markup.text(" 甲 ") == '#"甲";'
    assert markup.text("a\nb") == '#"a b";'


def test_years_stay_whole():
    assert markup.text("从2025年起") == '#"从";#gap;#box[#"2025";#gap;#"年";]#"起";'


def test_last_characters_hold_together():
    assert markup.without_runt('#"一句话说完了。";') == '#"一句话说";#box[#"完了。";]'
    assert (
        markup.without_runt(markup.text("在5月9日）："))
        == '#"在";#gap;#"5";#gap;#"月";#gap;#box[#"9";#gap;#"日）：";]'
    )
    assert markup.without_runt('#"他说“从……向……”。";') == '#"他说“从……向……”。";'
    assert (
        markup.without_runt('#"也叫";#gloss("a#b")[#"产业链";];#"。";')
        == '#"也叫";#gloss("a#b")[#"产";#box[#"业链";];];#"。";'
    )
    assert (
        markup.without_runt('#"也叫";#gloss("a#b")[#"链条";];#"。";')
        == '#"也叫";#box[#gloss("a#b")[#"链条";];#"。";]'
    )
    assert markup.without_runt('#"abc";') == '#"abc";'


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "一"),
        (10, "十"),
        (11, "十一"),
        (20, "二十"),
        (35, "三十五"),
        (100, "一百"),
        (101, "一百〇一"),
        (110, "一百一十"),
        (211, "二百一十一"),
    ],
)
def test_ordinals(number: int, words: str):
    assert ordinal(number) == words


def test_what_a_chart_never_shows_is_not_in_the_print():
    svg = '<svg xmlns="http://www.w3.org/2000/svg"><g><text opacity="0">甲</text><text opacity="0.5">乙</text></g><g opacity="0.0"><text>丙</text></g></svg>'
    assert re.findall("[甲乙丙]", without_unseen(svg)) == ["乙"]


def test_marks_of_a_term_stand_outside_what_is_underlined():
    document = nodes.document(None, None)
    writer = Writer(Book(STRESS, str, "source"), "a")
    for term, markup_of in {
        "“入珠融湾”": '#"“";#gloss("b#c")[#"入珠融湾";];#"”";',
        "“三区”一带": '#"“";#gloss("b#c")[#"三区”一带";];',
        "产业链": '#gloss("b#c")[#"产业链";];',
    }.items():
        reference = nodes.reference("", term, refuri="%b#c", gloss="c")
        document += reference
        assert writer.render(reference) == markup_of


def test_words_with_marks_of_their_own_get_no_second_pair():
    paragraph = nodes.paragraph()
    for words in ("规划“十四五”期间", "理念先行"):
        paragraph += quoted(words, words, source="1.1", shown="1.1", anchor="p-1-1", marks=True)
    found = [Writer(Book(STRESS, str, "source"), "a").render(node) for node in paragraph.children]
    assert "marks: false" in found[0] and "marks: true" in found[1]
    assert (
        "#box" not in found[0] and '#box[#"先行";]' in found[1]
    )  # only the last ends the paragraph


@pytest.mark.parametrize(
    "lines",
    [
        ["《虚构县图书室开放办法》", "政策解读"], ["《虚构县图书室开放规划", "（2021-2025年）》", "政策解读"], ["图书室开放办法", "解读"],
        ["《甲》和《乙》", "解读：答记者问"], ["一本书"], ["解读"],
    ],
)  # fmt: skip
def test_a_title_breaks_on_the_cover_where_a_reader_pauses(lines: list[str]):
    assert _cover_lines("".join(lines)) == lines


def test_a_book_draws_its_own_emblem_on_the_card(tmp_path):
    words = ("一本书", "一句话。", "example.cn", tmp_path)
    plain = card.png(*words)
    emblem = tmp_path / card.EMBLEM
    emblem.parent.mkdir(parents=True)
    emblem.write_text("#let emblem = place(right, rect(fill: rgb(sys.inputs.main)))", "utf-8")
    assert card.png(*words) != plain
