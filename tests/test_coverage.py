"""Which page carries which sentence, and which page explains which chapter of the source."""

from __future__ import annotations

from explainer.coverage import homes, missing
from explainer.text import SourceText

SOURCE = SourceText(
    "某办法解读\n一、缘由\n甲有三条。乙有两条。\n二、办法\n丙是这样。\n丁是那样。\n"
)


def uses(**pages: str):
    return {page: [SOURCE.place_of(id) for id in ids.split()] for page, ids in pages.items()}


def test_a_page_of_the_editors_between_the_chapters_moves_no_chapter() -> None:
    shown = uses(reasons="1.1", ours="", means="1.1.1 2.1 2.2")
    assert homes(shown, SOURCE, ("reasons", "ours", "means")) == {1: "reasons", 2: "means"}


def test_one_page_may_explain_several_chapters_and_a_chapter_may_have_no_page() -> None:
    assert homes(uses(all="1.1 2.1"), SOURCE, ("all",)) == {1: "all", 2: "all"}
    assert homes(uses(all="1.1"), SOURCE, ("all",)) == {1: "all"}


def test_a_missing_sentence_is_named_at_the_page_that_explains_its_chapter() -> None:
    shown = uses(reasons="1.1", ours="", means="2.1")
    (error,) = missing(shown, SOURCE, ("reasons", "ours", "means"))
    assert error.file == "book/means.md" and "2.2.1" in error.message
