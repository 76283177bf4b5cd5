"""The vehicle says what 3.1 says, in its words, and nothing of the editors' sorting."""

from __future__ import annotations

import pytest
from helpers import css_sizes, drawn, faults

import charts
from charts.dual_wheel import ALONE
from explainer.figures.figure import ORIGINAL
from explainer.project import current

WHEEL = charts.dual_wheel()
SAID = "".join(current().source.unit(f"3.1.{n}").text for n in (2, 3, 4))


def test_the_chart_is_sound() -> None:
    assert faults(WHEEL, instead=ALONE.split("|")) == []


@pytest.mark.parametrize("shape", ["wide", "narrow"])
def test_every_word_of_it_is_the_sources_own(shape) -> None:
    """No editors' word at all, and no task, safeguard or measure: which wheel they are on, the source does not say."""
    assert [line for line in drawn(WHEEL, shape) if line not in SAID] == []
    words = "".join(drawn(WHEEL, shape))
    for phrase in (
        "激发科技创新发展的活力，发掘科技创新发展的潜力",
        "为科技创新发展提供全方位的制度保障",
        "相互协调、持续发力",
        "才能最大限度释放创新活力",
        "没有制度创新，科技创新就无从依附。",
    ):
        assert phrase in words


def test_on_a_phone_it_is_read_at_arms_length_and_seen_whole() -> None:
    assert min(css_sizes(WHEEL).values()) >= 16
    assert (
        WHEEL.specs["narrow"]["height"] * 320 / 340 <= 400
    )  # its title, its button and the page's bar stand with it


def test_its_marks_are_two_wheels_what_joins_them_and_what_comes_of_it() -> None:
    assert {mark.name for mark in WHEEL.marks} == {
        "科技创新",
        "制度创新",
        "相互协调、持续发力",
        "才能最大限度释放创新活力",
    }
    links = {(mark.key, link.to) for mark in WHEEL.marks for link in mark.links}
    assert {(b, a) for a, b in links} == links and {
        link.basis for mark in WHEEL.marks for link in mark.links
    } == {ORIGINAL}


def test_one_action_shows_what_follows_without_the_second_wheel_and_no_third_is_guessed() -> None:
    together, alone = WHEEL.situations
    assert alone.quote == current().source.unit("3.1.3").text == ALONE.replace("|", "")
    assert (
        "才能最大限度释放创新活力" in together.quote
        and "拿走" in alone.action
        and "放回" in together.action
    )
