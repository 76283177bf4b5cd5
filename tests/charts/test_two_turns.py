from helpers import drawn, faults

import charts


def test_the_chart_is_sound():
    assert faults(charts.two_turns()) == []


def test_it_shows_both_turns_from_origin_to_goal():
    assert drawn(charts.two_turns(), "wide") == [
        "资源依赖型",
        "对外部技术的依赖型",
        "创新驱动型",
        "自主创新",
    ]
    assert (
        "".join(drawn(charts.two_turns(), "narrow"))
        == "资源依赖型对外部技术的依赖型创新驱动型自主创新"
    )
    assert charts.two_turns().specs["narrow"]["height"] <= 140
    assert [mark.key for mark in charts.two_turns().marks] == ["turn-1", "turn-2"]
