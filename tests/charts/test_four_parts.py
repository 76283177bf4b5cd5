import pytest
from helpers import drawn, faults

import charts

POINTS = {
    "一是": ["发展基础", "发展形势"],
    "二是": ["指导思想", "发展思路", "战略发展目标", "总体发展布局"],
    "三是": ["十大重点任务"],
    "四是": ["政府定位", "保障措施"],
}


def test_the_chart_is_sound():
    assert faults(charts.four_parts()) == []


@pytest.mark.parametrize("shape", ["wide", "narrow"])
def test_it_shows_the_parts_and_their_points_in_the_order_of_the_source(shape):
    assert drawn(charts.four_parts(), shape) == [*POINTS, *sum(POINTS.values(), [])]


def test_each_part_and_each_point_can_be_chosen():
    groups = charts.four_parts().groups.values()
    assert [[mark.name for mark in marks[1:]] for marks in groups] == list(POINTS.values())
    assert [marks[0].key for marks in groups] == [f"part-{n}" for n in range(1, 5)]
