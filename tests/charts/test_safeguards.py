from helpers import faults

import charts
from charts.safeguards import ELABORATED, LISTED, MISSING
from explainer.figures.figure import ORIGINAL


def test_the_chart_is_sound():
    assert faults(charts.safeguards(), editors={LISTED, ELABORATED, MISSING}) == []


def test_each_list_keeps_its_own_order():
    listed, elaborated = charts.safeguards().groups.values()
    assert [mark.name for mark in listed] == ["组织保障", "资金保障", "政策保障", "监督考核"]
    assert [mark.name for mark in elaborated] == ["组织保障", "政策保障", "资金保障"]


def test_same_is_linked_with_same_both_ways_and_nothing_else():
    marks = {mark.key: mark for mark in charts.safeguards().marks}
    links = {(key, link.to) for key, mark in marks.items() for link in mark.links}
    assert links == {
        (a, b) for a in marks for b in marks if a != b and marks[a].name == marks[b].name
    }
    assert {link.basis for mark in marks.values() for link in mark.links} == {ORIGINAL}
    assert not marks["safeguard-4"].links and marks["safeguard-4"].note
