"""Counts in the words beside charts."""

from __future__ import annotations

_DIGITS = ("零", "一", "二", "三", "四", "五", "六", "七", "八", "九")


def han(count: int) -> str:
    """A count below a hundred in Han characters, as it stands before a measure word: 两条, 十五条."""
    tens, ones = divmod(count, 10)
    if count == 2:
        return "两"
    return (
        (_DIGITS[tens] if tens > 1 else "")
        + ("十" if tens else "")
        + (_DIGITS[ones] if ones or not tens else "")
    )
