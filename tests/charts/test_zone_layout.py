import json
import re

import pytest
from helpers import TEXT, drawn, faults

import charts
from explainer.figures.figure import ORIGINAL

EDITORS = {"参照清远市", "参照粤北地区", "参照珠三角地区", "参照谁", "只是部分指标", "编者加的话"}
SHAPES = ["wide", "narrow"]
HIGHEST = {"wide": 560, "narrow": 760}


@pytest.fixture(scope="module")
def figure():
    return charts.zone_layout()


def test_the_chart_is_sound(figure):
    assert faults(figure, EDITORS) == []
    assert all(figure.specs[shape]["height"] <= HIGHEST[shape] for shape in SHAPES)


def test_it_has_five_zones_the_district_three_levels_and_two_positionings(figure):
    assert [mark.key for mark in figure.marks] == [
        *(f"zone-{n}" for n in range(1, 6)),
        "district",
        *(f"level-{n}" for n in range(1, 4)),
        *(f"positioning-{n}" for n in range(1, 3)),
    ]
    assert len(figure.table) == 11
    assert {mark.source for mark in figure.marks} == {"2.3.1"}


@pytest.mark.parametrize("shape", SHAPES)
def test_every_name_is_drawn_whole_and_the_editors_words_are_all_known(figure, shape):
    words = "".join(drawn(figure, shape))
    assert [mark.name for mark in figure.marks if mark.name not in words] == []
    assert {line for line in drawn(figure, shape) if line not in TEXT} == EDITORS


def test_only_some_indicators_reach_the_front(figure):
    for shape in SHAPES:
        lines = drawn(figure, shape)
        assert {"部分发展指标达到", "粤北地区前列", "综合发展水平达到", "珠三角地区平均水平"} <= set(lines)
        assert lines.count("到2025年") == 3
        dashed = [
            row["key"]
            for layer in figure.specs[shape]["layer"]
            if layer["mark"].get("strokeDash") and layer["mark"]["type"] == "arc"
            for row in layer["data"]["values"]
        ]
        assert dashed == ["level-2"]


def test_links_run_both_ways_and_rest_on_words_of_the_source(figure):
    links = {(mark.key, link.to): link for mark in figure.marks for link in mark.links}
    assert {(b, a) for a, b in links} == set(links)
    assert {(f"positioning-{p}", f"level-{n}") for p in (1, 2) for n in (1, 2, 3)} <= set(links)
    assert {("district", f"zone-{n}") for n in range(1, 6)} <= set(links)
    for link in links.values():
        quoted = re.findall("“(.+?)”", link.reason)
        assert link.basis == ORIGINAL and quoted and all(words in TEXT for words in quoted)


def test_zones_are_of_one_size_and_say_that_only_their_names_are_known(figure):
    for shape in SHAPES:
        circles = [
            layer
            for layer in figure.specs[shape]["layer"]
            if layer["mark"]["type"] == "point" and layer["data"]["values"][0].get("key") == "zone-1"
        ]
        assert len(circles) == 1 and len(circles[0]["data"]["values"]) == 5
        assert circles[0]["mark"]["size"] > 0 and "size" not in circles[0]["encoding"]
    notes = {mark.note for mark in figure.marks if mark.key.startswith("zone-")}
    assert notes == {"原文只给出名称，没有说明它在哪里、做什么。"}


def test_it_is_a_concept_diagram_and_no_map(figure):
    assert figure.caption.startswith("概念关系示意，不表示地理位置、方位、面积和界线。")
    specs = json.dumps(figure.specs).lower()
    assert not any(word in specs for word in ("latitude", "longitude", "geoshape", "projection", "topojson"))
