import json
import re

import pytest
from helpers import TEXT, css_sizes, drawn, faults

import charts
from charts.zone_layout import HEADS
from explainer.figures.figure import ORIGINAL

SHAPES = ["wide", "narrow"]


@pytest.fixture(scope="module")
def figure():
    return charts.zone_layout()


def rows(figure, shape: str, key: str, kind: str) -> list[dict]:
    return [
        row
        for layer in figure.specs[shape]["layer"]
        if layer["mark"]["type"] == kind
        for row in layer["data"]["values"]
        if row.get("key", "").startswith(key)
    ]


def test_the_chart_is_sound(figure):
    assert faults(figure, {*HEADS, "→"}) == []


def test_on_a_phone_it_is_read_at_arms_length_and_seen_whole(figure):
    assert min(css_sizes(figure).values()) >= 16
    assert figure.specs["narrow"]["height"] * 320 / 340 <= 640 - 64  # below the page's bar


def test_it_has_two_positionings_three_goals_five_zones_and_what_leads_to_each(figure):
    assert [mark.key for mark in figure.marks] == [
        "point-4",
        *(f"positioning-{n}" for n in (1, 2)),
        "point-5",
        *(f"level-{n}" for n in (1, 2, 3)),
        "point-6",
        *(f"zone-{n}" for n in range(1, 6)),
    ]
    assert {mark.source.partition("(")[0] for mark in figure.marks} == {"2.3.1"}
    assert len(figure.table) == len(figure.marks)


@pytest.mark.parametrize("shape", SHAPES)
def test_it_is_drawn_in_the_order_of_the_sentence_and_each_goal_reads_as_its_words(figure, shape):
    tops = {row["key"]: row["y"] for row in rows(figure, shape, "", "rect")}
    order = [tops[mark.key] for mark in figure.marks]
    assert order == sorted(order)
    for level in (mark for mark in figure.marks if mark.key.startswith("level")):
        parts = sorted(rows(figure, shape, level.key, "text"), key=lambda row: (row["x"], row["y"]))
        assert "".join(row["line"] for row in parts) == level.quote


@pytest.mark.parametrize("shape", SHAPES)
def test_every_name_is_drawn_whole_and_the_editors_words_are_all_known(figure, shape):
    words = "".join(drawn(figure, shape))
    names = [mark.name for mark in figure.marks if mark.key.startswith(("zone", "positioning"))]
    assert [name for name in names if name not in words] == []
    assert {line for line in drawn(figure, shape) if line not in TEXT} == {*HEADS, "→"} - {
        line for line in HEADS if line in TEXT
    }


@pytest.mark.parametrize("shape", SHAPES)
def test_the_three_goals_are_yardsticks_of_one_length_and_only_the_second_is_broken(figure, shape):
    ends = {row["key"]: (row["x"], row["x2"]) for row in rows(figure, shape, "level", "rect")}
    assert len(ends) == 3 and len(set(ends.values())) == 1
    dashed = [
        row["key"]
        for layer in figure.specs[shape]["layer"]
        if layer["mark"]["type"] == "rect" and layer["mark"].get("strokeDash")
        for row in layer["data"]["values"]
    ]
    assert dashed == ["level-2"]


def test_what_everybody_misquotes_is_the_conclusion(figure):
    assert (
        "比的不是同一样东西" in figure.conclusion
        and "只有第一句说的是科技创新发展水平本身" in figure.conclusion
    )
    subjects = [row["比什么"] for row in figure.table.to_dict("records") if row["比什么"] != "—"]
    assert [("科技创新发展水平" in subject) for subject in subjects] == [True, False, False]


def test_links_run_both_ways_and_rest_on_words_of_the_source(figure):
    links = {(mark.key, link.to): link for mark in figure.marks for link in mark.links}
    assert {(b, a) for a, b in links} == set(links)
    assert ("point-4", "point-5") in links  # the goals rest on the positionings
    assert {("point-6", f"zone-{n}") for n in range(1, 6)} <= set(links)
    for link in links.values():
        quoted = re.findall("“(.+?)”", link.reason)
        assert link.basis == ORIGINAL and quoted and all(words in TEXT for words in quoted)


def test_zones_are_of_one_size_and_say_that_only_their_names_are_known(figure):
    for shape in SHAPES:
        plates = rows(figure, shape, "zone", "rect")
        assert (
            len(plates) == 5
            and len({(round(p["x2"] - p["x"], 1), round(p["y2"] - p["y"], 1)) for p in plates}) == 1
        )
    notes = {mark.note for mark in figure.marks if mark.key.startswith("zone-")}
    assert notes == {"原文只给出名称，没有说明它在哪里、做什么。"}


def test_it_is_a_concept_diagram_and_no_map(figure):
    assert figure.caption.startswith("概念关系示意，不表示地理位置、方位、面积和界线。")
    specs = json.dumps(figure.specs).lower()
    assert not any(
        word in specs for word in ("latitude", "longitude", "geoshape", "projection", "topojson")
    )
