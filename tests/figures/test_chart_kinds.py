"""The kinds of charts, on words of no book."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from itertools import pairwise

import pytest
import vl_convert

from explainer.figures.figure import WIDTH, Shape
from explainer.figures.kinds import (
    length,
    lines_of,
    matrix,
    outline,
    pairs,
    picture,
    plates,
    turns,
    wheels,
    yardsticks,
)

SVG = "{http://www.w3.org/2000/svg}"
SHAPES = list(WIDTH)


def spec_of(shape: Shape, *blocks, **options) -> dict:
    return json.loads(picture(shape, *blocks, **options).to_json())


def rows_of(spec: dict, kind: str, **style) -> list[dict]:
    """The rows of all layers of a kind of mark, if it has this style."""
    return [
        row
        for layer in spec["layer"]
        if layer["mark"]["type"] == kind
        and all(layer["mark"].get(name) == value for name, value in style.items())
        for row in layer["data"]["values"]
    ]


def lines_in(spec: dict) -> list[str]:
    return [row.get("line", row.get("words")) for row in rows_of(spec, "text")]


def svg(spec: dict, **signals) -> ET.Element:
    for param in spec["params"]:
        param["value"] = signals.get(param["name"], param["value"])
    return ET.fromstring(vl_convert.vegalite_to_svg(spec))


# ---- lines


def test_a_name_is_broken_at_its_soft_breaks_alone() -> None:
    assert lines_of("上城|公共图书馆|（总馆）", 20 * 5, 20) == ["上城", "公共图书馆", "（总馆）"]
    assert lines_of("上城|公共图书馆|（总馆）", 20 * 7, 20) == ["上城公共图书馆", "（总馆）"]
    assert lines_of("上城公共图书馆", 20 * 9, 20) == ["上城公共图书馆"]
    assert all(
        length(line) <= 5 for line in lines_of("没有软断点的一句话，照标点的规矩来断", 100, 20)
    )


# ---- 双轮


def vehicle(shape: Shape, **signals) -> ET.Element:
    part = wheels.Part
    block = wheels.wheels(
        shape,
        part("a", "读书|的人", "读者"),
        part("b", "管书|的人", "馆员"),
        part("beam", "一起用力"),
        part("load", "才能把书|读起来"),
        part("", "没有馆员，|读者就|借不到书。"),
    )
    return svg(spec_of(shape, block, params=wheels.PARAMS), **signals)


def arcs(root: ET.Element) -> list[ET.Element]:
    return [
        path
        for group in root.iter(f"{SVG}g")
        if "mark-arc" in group.get("class", "")
        for path in group
    ]


def treads(root: ET.Element) -> list[list[str]]:
    """The outlines of the marks on each tyre."""
    groups = [
        g
        for g in root.iter(f"{SVG}g")
        if "mark-arc" in g.get("class", "") and len(g) == wheels.TREAD
    ]
    return [[path.get("d") for path in group] for group in groups]


def seen(root: ET.Element) -> dict[str, float]:
    return {
        "".join(text.itertext()): float(text.get("opacity", 1))
        for text in root.iter(f"{SVG}text")
        if text.itertext()
    }


@pytest.mark.parametrize("shape", SHAPES)
def test_both_wheels_turn_the_same_way_on_one_road(shape) -> None:
    still, rolled = treads(vehicle(shape)), treads(vehicle(shape, turn=11))
    assert len(still) == 2 and still[0] == still[1]
    assert rolled[0] == rolled[1] != still[0]  # two that mesh would turn against each other


@pytest.mark.parametrize("shape", SHAPES)
def test_without_the_second_wheel_nothing_is_borne_and_nothing_turns(shape) -> None:
    both, alone = (
        "".join(words for words, opacity in seen(vehicle(shape, away=away)).items() if opacity > 0)
        for away in (0, 1)
    )
    assert "没有馆员" not in both and "一起用力" in both and "馆员" in both
    assert sorted(alone) == sorted("读者读书的人没有馆员，读者就借不到书。")
    assert treads(vehicle(shape, away=1, turn=11))[0] == treads(vehicle(shape))[0]
    angles = {
        float(a)
        for a in re.findall(
            r"rotate\(([-\d.]+)", ET.tostring(vehicle(shape, away=1), encoding="unicode")
        )
    }
    assert wheels.LEAN in angles


# ---- 标尺, 并列


def stick(key: str, what: str, partial: bool = False) -> yardsticks.Yardstick:
    return yardsticks.Yardstick(key, what, what, "位居", "全市", "前列", partial)


@pytest.mark.parametrize("shape", SHAPES)
def test_yardsticks_are_of_one_length_with_marks_of_their_own_and_a_partial_one_is_broken(
    shape,
) -> None:
    rows = [stick("a", "借书的人数"), stick("b", "部分指标", partial=True), stick("c", "综合水平")]
    spec = spec_of(shape, yardsticks.yardsticks(shape, ("比什么", "和谁比", "到什么水平"), rows))
    assert {(row["x"], row["x2"]) for row in rows_of(spec, "rect")} == {(1, WIDTH[shape] - 1)}
    assert [row["key"] for row in rows_of(spec, "rect", strokeDash=[6, 5])] == ["b"]
    places = {
        row["key"]: [int(x) for x in re.findall(r"M(\d+),", row["path"])]
        for row in rows_of(spec, "point")
    }
    gaps = {key: {b - a for a, b in pairwise(all_)} for key, all_ in places.items()}
    assert len(gaps["a"]) == len(gaps["c"]) == 1 and gaps["a"] != gaps["c"] and len(gaps["b"]) == 2
    levels = [row["x"] for row in rows_of(spec, "text") if row.get("line") == "前列"]
    assert len(levels) == 3 and len(set(levels)) == 1  # how far along says nothing: no one is ahead


@pytest.mark.parametrize("shape", SHAPES)
def test_plates_are_of_one_size_in_their_order(shape) -> None:
    rows = [
        plates.Plate(str(n), name)
        for n, name in enumerate(("东馆", "西城|第二|图书馆", "南馆", "北馆", "中馆"))
    ]
    boxes = rows_of(spec_of(shape, plates.plates(shape, rows, 2)), "rect")
    assert len({(round(b["x2"] - b["x"], 1), round(b["y2"] - b["y"], 1)) for b in boxes}) == 1
    assert [b["key"] for b in sorted(boxes, key=lambda b: (b["y"], b["x"]))] == list("01234")


# ---- 提纲, 转变, 对照, 谁—做什么—为了什么


@pytest.mark.parametrize("shape", SHAPES)
def test_an_outline_has_no_arrows(shape) -> None:
    points = tuple(outline.Item(f"p{n}", "要点", "要点") for n in range(4))
    spec = spec_of(
        shape,
        outline.outline(
            shape,
            [
                outline.Part("a", "一是", "一是", points),
                outline.Part("b", "二是", "二是", points[:1]),
            ],
        ),
    )
    assert {layer["mark"]["type"] for layer in spec["layer"]} == {"rect", "text"}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_turn_points_from_its_origin_to_its_goal(shape) -> None:
    spec = spec_of(shape, turns.turns(shape, [turns.Turn("t", "从藏书向借书", "藏书", "借书")]))
    x = {row["line"]: row["x"] for row in rows_of(spec, "text")}
    (arrow,) = rows_of(spec, "point")
    assert x["藏书"] < arrow["x"] < arrow["x2"] < x["借书"]


def column(names: list[str], ends, **options) -> pairs.Column:
    cards = tuple(pairs.Card(name, name, name, f"{name}的话") for name in names)
    return pairs.Column((("", cards),), {"wide": ends, "narrow": ends}, **options)


@pytest.mark.parametrize("shape", SHAPES)
def test_pairs_are_joined_and_what_has_no_partner_faces_an_empty_place(shape) -> None:
    block = pairs.pairs(
        shape,
        column(["甲", "乙"], (0, 0.4)),
        column(["丙"], (0.6, 1)),
        [pairs.Line("甲", "丙")],
        missing="没有讲",
        even=True,
    )
    spec = spec_of(shape, block)
    assert {row["a"] for row in rows_of(spec, "line")} == {"甲", "乙"}
    assert [row["key"] for row in rows_of(spec, "rect", fill="transparent")] == [
        "乙"
    ] and "没有讲" in lines_in(spec)


def test_stacked_pairs_are_a_list_of_all_words_on_a_narrow_shape() -> None:
    def drawn(shape: Shape) -> dict:
        left, right = column(["甲"], (0, 0.4)), column(["丙"], (0.6, 1))
        return spec_of(
            shape,
            pairs.pairs(shape, left, right, [pairs.Line("甲", "丙", faint=True)], stacked=True),
        )

    assert rows_of(drawn("wide"), "line") and not rows_of(drawn("narrow"), "line")
    boxes = rows_of(drawn("narrow"), "rect")
    assert {row["x"] for row in boxes} == {1} and boxes[0]["y2"] < boxes[1]["y"]
    assert lines_in(drawn("narrow")) == ["甲", "丙", "甲的话", "丙的话"]


@pytest.mark.parametrize("shape", SHAPES)
def test_a_matrix_has_every_phrase_in_full_and_counts_what_is_said(shape) -> None:
    long = "在全市图书馆协同发展这一大环境下，争取到全省、全市以及社会各方的图书投入与支持"
    deeds = (
        matrix.Deed("a", long, "各馆", long, ""),
        matrix.Deed("b", "开门", "", "开门", "让人读书"),
    )
    block = matrix.matrix(
        shape,
        ("谁来做", "做什么", "为了什么"),
        [matrix.Group("g", "一是开放", "开放", deeds)],
        counted=lambda count: f"写明{count}条",
        missing="没有写明",
    )
    lines = lines_in(spec_of(shape, block))
    assert long in "".join(lines) and {"各馆", "让人读书", "开门"} <= set(lines)
    assert ("写明1条" in lines and "写明2条" in lines) == (shape == "wide")
    if shape == "narrow":
        assert [line for line in lines if line in ("谁来做", "为了什么")] == [
            "谁来做",
            "为了什么",
        ]  # each once: the other is not said
