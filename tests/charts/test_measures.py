import pytest
from helpers import LIST, drawn, faults

import charts
from charts.measures import ASKED, MISSING
from explainer.project import current

COUNTS = {"who": (3, "三"), "does": (15, "十五"), "purpose": (6, "六")}


def test_the_chart_is_sound():
    editors = {*ASKED.values(), MISSING, *(f"写明{words}条" for _, words in COUNTS.values())}
    assert faults(charts.measures(), editors, highest=LIST) == []


def test_fifteen_measures_under_three_institutions():
    groups = charts.measures().groups
    assert {name: len(marks) - 1 for name, marks in groups.items()} == {
        "组织保障": 4,
        "政策保障": 5,
        "资金保障": 6,
    }
    keys = [mark.key for marks in groups.values() for mark in marks[1:]]
    assert keys == [f"measure-{n}" for n in range(1, 16)]


@pytest.mark.parametrize("column", ASKED)
def test_what_the_source_does_not_say_is_counted_and_said_to_be_missing(column):
    cells = charts.measures().table[ASKED[column]]
    count, words = COUNTS[column]
    assert (cells != MISSING).sum() == count
    assert f"写明{words}条" in drawn(charts.measures(), "wide")


@pytest.mark.parametrize("shape", ["wide", "narrow"])
def test_every_measure_stands_in_full(shape):
    words = "".join(drawn(charts.measures(), shape))
    measures = current().frame("measures")
    said = [*measures["does"], *measures["purpose"], *measures["who"]]
    assert [phrase for phrase in said if phrase not in words] == []
    assert [mark.name for marks in charts.measures().groups.values() for mark in marks[1:]] == list(
        measures["does"]
    )
