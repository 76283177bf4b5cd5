"""The palette: words can be read on every ground that site and charts put under them, in every theme (WCAG 1.4.3)."""

from __future__ import annotations

import pytest

from explainer.style import PALETTE, THEMES


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", THEMES)
def test_contrast(theme: str) -> None:
    colours = {name: values[THEMES.index(theme)] for name, values in PALETTE.items()}
    grounds = ("paper", "wash", "main-wash", "second-wash", "mark")
    pairs = [
        (words, ground, 4.5)
        for words in ("ink", "ink-soft", "main", "second")
        for ground in grounds
    ]
    pairs += [
        ("paper", ground, 4.5) for ground in ("main", "second", "ink")
    ]  # labels, and marks that are chosen
    pairs += [
        (outline, ground, 3)
        for outline in ("edge", "main", "second")
        for ground in ("paper", "wash")
    ]
    weak = [
        (a, b, round(contrast(colours[a], colours[b]), 2))
        for a, b, least in pairs
        if contrast(colours[a], colours[b]) < least
    ]
    assert weak == []
