import pytest
from helpers import drawn, faults

import charts
from charts.measures import ASKED, MISSING, SHORTENED
from explainer.project import current

COUNTS = {"who": 3, "does": 15, "purpose": 6}


def test_the_chart_is_sound():
    editors = {*ASKED.values(), MISSING, *(f"写明{count}条" for count in COUNTS.values())}
    assert faults(charts.measures(), editors) == []


def test_fifteen_measures_under_three_institutions():
    groups = charts.measures().groups
    assert {name: len(marks) - 1 for name, marks in groups.items()} == {"组织保障": 4, "政策保障": 5, "资金保障": 6}
    keys = [mark.key for marks in groups.values() for mark in marks[1:]]
    assert keys == [f"measure-{n}" for n in range(1, 16)]


@pytest.mark.parametrize("column", ASKED)
def test_what_the_source_does_not_say_is_counted_and_said_to_be_missing(column):
    cells = charts.measures().table[ASKED[column]]
    assert (cells != MISSING).sum() == COUNTS[column]
    assert f"写明{COUNTS[column]}条" in drawn(charts.measures(), "wide")


def test_shortened_words_are_the_beginning_and_end_of_a_measures_own_words():
    does = current().frame("measures").set_index("number")["does"]
    for number, words in SHORTENED.items():
        first, last = words.split("……")
        assert first in does[number].partition(last)[0] and does[number].endswith(last)
