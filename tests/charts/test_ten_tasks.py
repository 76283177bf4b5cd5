import pytest
from helpers import drawn, faults

import charts
from explainer.project import current


def test_the_chart_is_sound():
    assert faults(charts.ten_tasks()) == []


def test_ten_tasks_with_the_keys_that_the_charts_share():
    keys = [mark.key for mark in charts.ten_tasks().marks]
    assert keys == [*(f"task-{n}" for n in range(1, 11)), "facets"]


def test_tasks_and_facets_follow_the_source_one_to_one():
    table = charts.ten_tasks().table
    tasks = "；".join("，".join(row) for row in table[["次序", "名称", "内容"]].itertuples(index=False))
    assert f"{tasks}。" == current().source.unit("2.4.2").text
    assert "、".join(table["方面"]) in current().source.unit("3.3.2").text


@pytest.mark.parametrize("shape", ["wide", "narrow"])
def test_every_word_of_every_task_and_facet_is_drawn(shape):
    table = charts.ten_tasks().table
    assert set(table[["次序", "名称", "内容", "方面"]].to_numpy().flat) <= set(drawn(charts.ten_tasks(), shape))
