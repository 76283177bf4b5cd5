"""The editors' sorting: off at first, called what it is, each link with its reason, each label true to its sentence."""

from __future__ import annotations

from helpers import LIST, TEXT, drawn, faults

import charts
from charts.wheel_sorting import INST, SECURED, TECH
from explainer.figures.figure import EDITORS, ORIGINAL
from explainer.project import current

SORTING = charts.wheel_sorting()
MARKS = {mark.key: mark for mark in SORTING.marks}


def test_the_chart_is_sound() -> None:
    assert faults(SORTING, {TECH, INST, SECURED}, highest=LIST) == []


def test_it_is_off_at_first_and_its_control_says_whose_it_is() -> None:
    assert SORTING.folded and SORTING.title.startswith(EDITORS)
    assert [name for name, make in charts.FIGURES.items() if make().folded] == ["wheel-sorting"]


def test_marks_are_ten_tasks_four_safeguards_and_every_measure_by_its_own_words() -> None:
    measures = current().frame("measures")
    assert len(MARKS) == 10 + 4 + len(measures) == len(SORTING.marks)
    assert {MARKS[f"measure-{m.number}"].name for m in measures.itertuples()} == set(
        measures["does"]
    )
    assert [
        mark.name
        for mark in SORTING.marks
        if not all(part in TEXT for part in mark.name.split("，"))
    ] == []


def test_no_label_says_less_than_its_sentence() -> None:
    """降低企业社保缴费负担 is not 缴费负担, on a phone neither."""
    for shape in ("wide", "narrow"):
        words = "".join(drawn(SORTING, shape))
        assert [does for does in current().frame("measures")["does"] if does not in words] == []


def test_only_what_the_source_says_is_called_the_sources() -> None:
    """Task nine's name and the safeguards' measures are the source's; every link to a task is the editors'."""
    for mark in SORTING.marks:
        for link in mark.links:
            between = {mark.key.split("-")[0], link.to.split("-")[0]}
            assert link.basis == (ORIGINAL if between == {"safeguard", "measure"} else EDITORS)
            assert link.reason and mark.key in {back.to for back in MARKS[link.to].links}
    assert "依据：原文" in MARKS["task-9"].note and MARKS["task-9"].group.startswith(INST)
    assert all("依据：编者梳理" in MARKS[f"task-{n}"].note for n in range(1, 11) if n != 9)


def test_supervision_has_no_measure() -> None:
    assert MARKS["safeguard-4"].links == () and "没有再提" in MARKS["safeguard-4"].note
