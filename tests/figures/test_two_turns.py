from helpers import drawn, faults

from explainer import figures


def test_the_chart_is_sound():
    assert faults(figures.two_turns()) == []


def test_it_shows_both_turns_from_origin_to_goal():
    assert drawn(figures.two_turns(), "wide") == ["资源依赖型", "对外部技术的依赖型", "创新驱动型", "自主创新"]
    assert [mark.key for mark in figures.two_turns().marks] == ["turn-1", "turn-2"]
