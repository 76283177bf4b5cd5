from __future__ import annotations

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explainer.errors import EditorError
from explainer.project import current
from explainer.text import QuotationError, SourceText, difference, read

TEXT = current().source
SOURCE_TEXT = current().source_file
PARAGRAPHS = list(TEXT.paragraphs.values())


@st.composite
def stretches(draw) -> tuple[str, int, int]:
    """(paragraph id, start, end) of any words of the source."""
    paragraph = draw(st.sampled_from(PARAGRAPHS))
    start = draw(st.integers(0, len(paragraph.text) - 1))
    end = draw(st.integers(start + 1, len(paragraph.text)))
    return paragraph.id, start, end


def test_counts_are_those_of_the_source() -> None:
    assert TEXT.title == "《清城区科技创新发展“十四五”规划（2021-2025年）》政策解读"
    assert [chapter.heading for chapter in TEXT.chapters] == [
        "规划作用和意义",
        "规划主要内容",
        "规划主要特点",
        "落实规划的主要制度",
    ]
    assert [len(chapter.paragraphs) for chapter in TEXT.chapters] == [2, 5, 3, 3]


def test_parts_make_up_the_whole_to_the_letter() -> None:
    assert all("".join(s.text for s in p.parts) == p.text for p in PARAGRAPHS)
    assert all("".join(c.text for c in s.parts) in ("", s.text) for s in TEXT.sentences.values())
    lines = [line.strip() for line in SOURCE_TEXT.read_text("utf-8").splitlines() if line.strip()]
    assert set(lines) == {TEXT.title} | {p.text for p in PARAGRAPHS} | {
        c.title for c in TEXT.chapters
    }


def test_the_ten_tasks_are_ten_clauses() -> None:
    assert [c.text[:2] for c in TEXT.sentences["2.4.2"].parts] == [
        "第一",
        "第二",
        "第三",
        "第四",
        "第五",
        "第六",
        "第七",
        "第八",
        "第九",
        "第十",
    ]


@settings(deadline=None)  # a busy computer is no fault
@given(stretches())
def test_any_words_of_the_source_are_found_where_they_stand(stretch) -> None:
    id, start, end = stretch
    paragraph = TEXT.paragraphs[id]
    words = paragraph.text[start:end]
    place = next(p for p in TEXT.find(words) if p.paragraph.id == id and p.start == start)
    assert place.paragraph.text[place.start : place.end] == words
    assert words in place.unit.text
    assert all(
        words not in part.text
        for part in place.unit.parts
        if part.start <= start and end <= part.end
    )
    assert place.id == paragraph.id or words in TEXT.sentences[place.id].text


@settings(deadline=None)
@given(stretches(), st.data())
def test_altered_words_are_not_found(stretch, data) -> None:
    id, start, end = stretch
    words = TEXT.paragraphs[id].text[start:end]
    at = data.draw(st.integers(0, len(words) - 1))
    other = data.draw(st.characters(min_codepoint=0x21, exclude_categories=["Cs", "Zs", "Cc"]))
    altered = words[:at] + other + words[at + 1 :]
    really_there = any(altered in p.text for p in PARAGRAPHS)
    assert bool(TEXT.find(altered)) == really_there
    if not really_there:
        with pytest.raises(QuotationError, match="原文里没有这些字"):
            TEXT.locate(altered)


def test_a_wrong_quotation_is_answered_with_the_nearest_words() -> None:
    with pytest.raises(QuotationError) as caught:
        TEXT.locate("没有制度革新，科技创新就无从依附")
    assert "“没有制度创新，科技创新就无从依附”" in str(caught.value)
    assert "“革”应为“创”" in str(caught.value)


def test_the_nearest_words_begin_and_end_as_those_that_were_meant() -> None:
    """The comma before them is not theirs."""
    assert TEXT.nearest("加强监督考核，完善宏观管理体制") == "强化监督考核，完善宏观管理体制"


def test_words_unlike_any_of_the_source_get_no_nearest_words() -> None:
    assert TEXT.nearest("今天下午三点开会") == ""


def test_words_in_several_sentences_need_an_id() -> None:
    words = "清远科技创新发展的排头兵和主力军"
    with pytest.raises(QuotationError, match="不止一处（1.2.2、3.2.3）"):
        TEXT.locate(words)
    assert TEXT.locate(words, "3.2.3").id == "3.2.3"
    assert TEXT.cited(f"{words} <1.2.2>")[1].id == "1.2.2"


def test_a_wrong_id_is_said_with_the_right_one() -> None:
    with pytest.raises(QuotationError, match="不在 3.1，而在 2.3.1"):
        TEXT.locate("农业科技园", "3.1")
    with pytest.raises(QuotationError, match="原文没有编号 9.9"):
        TEXT.transcluded("9.9")


def test_difference_names_what_changes() -> None:
    assert difference("推动产业", "推动产业链") == "少了“链”"
    assert difference("十四五五", "十四五") == "多了“五”"


@pytest.mark.parametrize("change", [b"\n", b" "])
def test_an_altered_source_is_refused(tmp_path, change: bytes) -> None:
    raw = SOURCE_TEXT.read_bytes()
    copy = tmp_path / SOURCE_TEXT.name
    copy.with_name(copy.name + ".sha256").write_text(hashlib.sha256(raw).hexdigest())
    copy.write_bytes(raw)
    assert read(copy).title == TEXT.title
    copy.write_bytes(raw + change)
    with pytest.raises(EditorError, match="原文被改动了"):
        read(copy)


def test_the_register_may_be_written_by_powershell(tmp_path) -> None:
    copy = tmp_path / SOURCE_TEXT.name
    copy.write_bytes(SOURCE_TEXT.read_bytes())
    register = copy.with_name(copy.name + ".sha256")
    register.write_text(hashlib.sha256(copy.read_bytes()).hexdigest().upper() + "\r\n", "utf-16")
    assert read(copy).title == TEXT.title
    register.write_text("")
    with pytest.raises(EditorError, match="没有指纹"):
        read(copy)


def test_a_text_without_chapters_is_refused() -> None:
    with pytest.raises(EditorError, match="没有找到章标题"):
        SourceText("只有标题\n")
    with pytest.raises(EditorError, match="缺少标题"):
        SourceText("一、章\n正文。\n")


def test_other_texts_are_understood_as_well() -> None:
    text = SourceText(
        "《某办法》解读\n近日印发了办法。\n（一）为什么\n一是甲。\n二是乙。\n（二）《某办法》讲什么\n丙；丁。\n"
    )
    assert [(c.number, c.title, len(c.paragraphs)) for c in text.chapters] == [
        (0, "开头", 1),
        (1, "（一）为什么", 2),
        (2, "（二）《某办法》讲什么", 1),
    ]
    assert text.locate("近日").id == "0.1.1" and text.locate("丁").unit.id == "2.1.1.2"
    text = SourceText("某办法解读\n一、甲\n（一）乙\n一、先说清楚。再去做。\n二、丙\n丁。\n")
    assert [(c.title, [p.text for p in c.paragraphs]) for c in text.chapters] == [
        ("一、甲", ["（一）乙", "一、先说清楚。再去做。"]),
        ("二、丙", ["丁。"]),
    ]
