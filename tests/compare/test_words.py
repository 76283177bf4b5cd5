"""The difference of two Chinese texts, as a reviewer would mark it."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from explainer.compare.words import align, pieces


def marked(old: str, new: str) -> str:
    marks = {"same": "{}", "gone": "[-{}-]", "new": "[+{}+]"}
    return "".join(marks[piece.kind].format(piece.text) for piece in pieces(old, new))


def test_words_added_and_removed():
    assert (
        marked("2021年到2025年的科技创新", "2021年到2025年这五年的科技创新")
        == "2021年到2025年[+这五年+]的科技创新"
    )
    assert marked("原文没有说明。", "原文没有讲。") == "原文没有[-说明-][+讲+]。"


def test_characters_that_happen_to_match_are_not_kept_apart():
    assert marked("定方向，定目标", "说清往哪里走") == "[-定方向，定目标-][+说清往哪里走+]"


@settings(deadline=None)
@given(st.text("政策的，2025创新", max_size=40), st.text("政策的，2025创新", max_size=40))
def test_both_texts_can_be_read_from_the_difference(old: str, new: str):
    found = pieces(old, new)
    assert "".join(piece.text for piece in found if piece.kind != "new") == old
    assert "".join(piece.text for piece in found if piece.kind != "gone") == new


def test_edited_passages_meet_and_others_stand_alone():
    old = ["第一段讲总体布局。", "第二段讲五年的目标。", "第三段讲保障措施。"]
    new = ["第一段讲总体布局。", "完全不同的一句，放在这里。", "第二段讲五年里的目标。"]
    assert align(old, new) == [(0, 0), (None, 1), (1, 2), (2, None)]


@settings(deadline=None)
@given(
    st.lists(st.text("甲乙丙丁", max_size=6), max_size=6),
    st.lists(st.text("甲乙丙丁", max_size=6), max_size=6),
)
def test_each_part_of_both_lists_appears_once_and_in_order(old: list[str], new: list[str]):
    pairs = align(old, new)
    assert [i for i, _ in pairs if i is not None] == list(range(len(old)))
    assert [j for _, j in pairs if j is not None] == list(range(len(new)))
