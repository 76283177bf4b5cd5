import pytest
from helpers import drawn, faults

import charts
from charts.ten_tasks import FACETS, NAMES
from explainer.project import current

SAME = ["科技孵化", "数智赋能", "创新服务", "制度创新"]


def test_the_chart_is_sound():
    assert faults(charts.ten_tasks(), {NAMES, FACETS}) == []


def test_ten_tasks_with_the_keys_that_the_charts_share():
    keys = [mark.key for mark in charts.ten_tasks().marks]
    assert keys == [*(f"task-{n}" for n in range(1, 11)), "facets"]


def test_tasks_and_facets_follow_the_source_one_to_one():
    table = charts.ten_tasks().table
    tasks = "；".join(
        "，".join(row) for row in table[["次序", "名称", "内容"]].itertuples(index=False)
    )
    assert f"{tasks}。" == current().source.unit("2.4.2").text
    assert "、".join(table["方面"]) in current().source.unit("3.3.2").text


@pytest.mark.parametrize("shape", ["wide", "narrow"])
def test_every_name_stands_beside_what_it_becomes(shape):
    table = charts.ten_tasks().table
    lines = set(drawn(charts.ten_tasks(), shape))
    assert set(table[["次序", "名称", "方面"]].to_numpy().flat) <= lines
    assert shape == "narrow" or set(table["内容"]) <= lines  # on a phone shown when one is chosen


@pytest.mark.parametrize("shape", ["wide", "narrow"])
def test_what_stays_has_a_whole_line_and_what_changes_a_broken_one(shape):
    figure = charts.ten_tasks()
    names = {mark.key: mark.name.split("，")[-1] for mark in figure.marks}
    lines = {
        names[row["a"]]: bool(layer["mark"].get("strokeDash"))
        for layer in figure.specs[shape]["layer"]
        if layer["mark"]["type"] == "line"
        for row in layer["data"]["values"]
    }
    assert len(lines) == 10 and [name for name, broken in lines.items() if not broken] == SAME


def test_the_finding_is_told():
    figure = charts.ten_tasks()
    assert (
        "四个照写" in figure.conclusion
        and "六个换了说法" in figure.conclusion
        and "“人才为先”写成“人才引进”" in figure.conclusion
    )
    told = {
        mark.name.split("，")[-1] for mark in figure.marks if mark.note.endswith("与名称相同。")
    }
    assert told == set(SAME)
