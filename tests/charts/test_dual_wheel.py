from __future__ import annotations

import json

import pytest

import charts
from charts.dual_wheel import ALONE, NOT_ELABORATED, STANDS, TEETH
from explainer.figures.figure import EDITORS, ORIGINAL
from explainer.project import current

WHEEL = charts.dual_wheel()
MARKS = {mark.key: mark for mark in WHEEL.marks}


def test_marks_are_ten_tasks_four_safeguards_and_every_measure() -> None:
    measures = len(current().frame("measures"))
    assert len(MARKS) == len(WHEEL.marks) == 10 + 4 + measures
    assert {key.split("-")[0] for key in MARKS} == {"task", "safeguard", "measure"}


def test_every_mark_and_every_row_stands_in_the_source() -> None:
    for mark in WHEEL.marks:
        assert mark.quote in current().source.unit(mark.source).text
        assert mark.quote in current().source.unit(mark.anchor.removeprefix("s")).text
    for row in WHEEL.table.to_dict("records"):
        assert row["引文"] in current().source.unit(row["出处"]).text


def test_only_what_the_source_says_is_called_the_sources() -> None:
    """Task nine's name and the safeguards' measures are the source's; every link to a task is the editors'."""
    for mark in WHEEL.marks:
        for link in mark.links:
            between = {mark.key.split("-")[0], link.to.split("-")[0]}
            assert link.basis == (ORIGINAL if between == {"safeguard", "measure"} else EDITORS)
            assert link.reason
    assert "依据：原文" in MARKS["task-9"].note
    assert all("依据：编者梳理" in MARKS[f"task-{n}"].note for n in range(1, 11) if n != 9)


def test_links_run_both_ways() -> None:
    for mark in WHEEL.marks:
        for link in mark.links:
            assert mark.key in {back.to for back in MARKS[link.to].links}, (mark.key, link.to)


def test_task_nine_stands_on_the_wheel_of_institutions() -> None:
    assert MARKS["task-9"].group.startswith("制度创新轮")
    assert sum(mark.group.startswith("科技创新轮") for mark in WHEEL.marks) == 9


def test_supervision_stands_empty() -> None:
    assert MARKS["safeguard-4"].links == () and "没有再提" in MARKS["safeguard-4"].note
    assert NOT_ELABORATED[:2] in json.dumps(WHEEL.specs["wide"], ensure_ascii=False)


def test_situations_quote_the_source() -> None:
    assert [option.label for option in WHEEL.choice.options] == ["双轮协调", "只有科技创新", "只有制度创新"]
    for option in WHEEL.choice.options:
        assert option.quote in current().source.unit(option.source).text


def test_words_in_place_of_a_wheel_are_the_sources() -> None:
    assert "".join(ALONE) == current().source.unit("3.1.3").text


@pytest.mark.parametrize("shape", ["wide", "narrow"])
def test_teeth_mesh_where_the_wheels_meet(shape) -> None:
    """At the contact a tooth of one wheel meets a gap of the other: half a pitch apart."""
    place, pitch = STANDS[shape], 360 / TEETH
    distance = sum((a - b) ** 2 for a, b in zip(place.tech, place.inst)) ** 0.5
    assert distance == pytest.approx(2 * place.radius, abs=3)
    tech = place.contact % pitch
    inst = (place.contact + 180 - pitch / 2) % pitch
    assert abs(tech - inst) == pytest.approx(pitch / 2)


@pytest.mark.parametrize("shape", ["wide", "narrow"])
def test_choosing_a_task_can_bring_it_to_the_front(shape) -> None:
    turns = [mark.turn[shape] for mark in WHEEL.marks]
    assert all(-180 <= turn <= 180 for turn in turns)
    assert len({round(MARKS[f"task-{n}"].turn[shape], 3) for n in range(1, 9)}) == 8
