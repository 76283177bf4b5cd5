"""What an editor may write, on paper."""

from __future__ import annotations

import pypdf
import pytest
from explainer.errors import EditorError
from explainer.pdf import markup
from explainer.pdf.writer import ordinal

from .conftest import STRESS


def words(pdf) -> str:
    return "".join(page.extract_text() for page in pypdf.PdfReader(pdf).pages)


def test_stress_chapter(small_book):
    stress = (STRESS / "stress.md").read_text("utf-8")
    text = words(small_book(stress)).replace("\n", "")
    for expected in (
        '#panic("糟")', '#"串"', "/*丙*/", "$100和$200", "喆珺玥堃瑄镕", "2021-2025年", "一甲子二", "7.", "国内生产总值",
        "名称60", "己", "庚", "表格里的注", "自己的标题", "卡片标题", "第二页的话", "右边", "收起来的话",
        "话题的话", "脚注甲", "https://www.example.org/a?b=1&c=2", "块引用的一段话", "图的说明", "又一行",
        "另一种解释", "四级标题", 'returnf"{x}"+"#\\\\"',
    ):
        assert expected.replace(" ", "") in text.replace(" ", ""), expected
    assert text.count("脚注甲") == 1
    assert "只在网页上" not in text


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("这是𠮷。", "book/stress.md:3: 会议版的字体里没有“𠮷”（U+20BB7）这个字"),
        ("```{math}\na\n```", "book/stress.md:3: 会议版不会排“math_block”这种内容"),
        ("![](circle.svg)", "book/stress.md:3: 图片“circle.svg”没有替代文字"),
        ("<b>粗</b>", "book/stress.md:3: 会议版排不了 HTML 代码"),
    ],
)
def test_what_cannot_be_printed_is_a_finding(small_book, line: str, expected: str):
    with pytest.raises(EditorError) as caught:
        small_book(f"# 章\n\n{line}\n")
    found = [str(error) for error in caught.value.errors]
    assert any(finding.startswith(expected) and "改法：" in finding for finding in found), found


def test_words_never_turn_into_markup():
    assert markup.verbatim('#x "y" \\') == '#"#x \\"y\\" \\\\";'
    assert markup.text("甲\n乙") == '#"甲乙";'
    assert markup.text(" 甲 ") == '#"甲";'
    assert markup.text("a\nb") == '#"a b";'


def test_years_stay_whole():
    assert markup.text("从2025年起") == '#"从";#gap;#box[#"2025";#gap;#"年";]#"起";'


def test_last_characters_hold_together():
    assert markup.without_runt('#"一句话说完了。";') == '#"一句话说";#box[#"完了。";]'
    assert markup.without_runt('#"abc";') == '#"abc";'


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (35, "三十五"),
        (100, "一百"), (101, "一百〇一"), (110, "一百一十"), (211, "二百一十一"),
    ],
)
def test_ordinals(number: int, words: str):
    assert ordinal(number) == words
