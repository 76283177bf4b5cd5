"""One palette and one type scale for the site, the charts and the meeting edition.

Contrast on paper (light / dark / high contrast) stands beside each colour; text needs 4.5, graphics 3. Who asks the
system, not this site, for more contrast keeps the system's light or dark: hence a high contrast on white as well.
"""

from __future__ import annotations

import html
import re
from functools import cache

THEMES = ("light", "dark", "contrast", "light-contrast")
LEGIBLE = 4.5  # the least contrast of words with their ground (WCAG 1.4.3)

# name: (light, dark, high contrast, high contrast on white)
PALETTE = {
    "paper": ("#ffffff", "#14191f", "#000000", "#ffffff"),
    "wash": ("#f3f6f9", "#1c232b", "#000000", "#ffffff"),
    "line": ("#cfd7df", "#3b4652", "#ffffff", "#000000"),
    "edge": ("#7b8794", "#7f8b98", "#ffffff", "#000000"),  # 3.7 / 5.0 / 21: the outline of things
    "ink": ("#1c2430", "#e8ebef", "#ffffff", "#000000"),  # 15.6 / 14.8 / 21
    "ink-soft": ("#4d5866", "#b3bdc8", "#ffffff", "#000000"),  # 7.2 / 9.3 / 21
    "main": ("#14588f", "#7fbbeb", "#8fd0ff", "#003865"),  # 7.2 / 8.7 / 12.5
    "main-wash": ("#dbe9f5", "#1a3a57", "#00223d", "#e6f2fc"),
    "second": (
        "#a4470f",
        "#f1a670",
        "#ffc18f",
        "#6b2600",
    ),  # 6.2 / 8.7 / 13.3: what stands against the main one
    "second-wash": ("#fae5d6", "#4d2d17", "#3d1d00", "#fdeee4"),
    "mark": ("#fff0b3", "#524310", "#5c5200", "#ffe97a"),  # behind words that light up
}
# Where the system paints in colours of its own, a chart is drawn in them too.
FORCED = dict.fromkeys(PALETTE, "Canvas") | dict.fromkeys(
    ("line", "edge", "ink", "ink-soft", "second"), "CanvasText"
)
FORCED |= {"main": "LinkText"}

FONTS = (
    '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", '
    '"Noto Sans SC", sans-serif'
)

_REFERENCE = re.compile(r"var\(--([a-z-]+)\)")


def color(name: str) -> str:
    """A palette colour as a chart uses it: a CSS variable, so that it follows the page's theme."""
    if name not in PALETTE:
        raise KeyError(name)
    return f"var(--{name})"


def contrast(one: str, other: str) -> float:
    """Of two colours, each as #rrggbb (WCAG 2.2, relative luminance)."""
    dark, light = sorted(map(_luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


def over(top: str, opacity: float, ground: str) -> str:
    """The colour that is seen where `top` lies over `ground`."""
    return "#" + "".join(
        f"{round(opacity * int(top[i : i + 2], 16) + (1 - opacity) * int(ground[i : i + 2], 16)):02x}"
        for i in (1, 3, 5)
    )


def _luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@cache
def faintest(ink: str, ground_opacity: float) -> float:
    """How far words in this ink may step back and still be read, in every theme: on paper, and on a wash over paper
    that has stepped back to `ground_opacity` with them."""

    def legible(opacity: float, column: int) -> bool:
        colours = {name: values[column] for name, values in PALETTE.items()}
        washes = [
            over(colours[name], ground_opacity, colours["paper"])
            for name in ("wash", "main-wash", "second-wash")
        ]
        return all(
            contrast(over(colours[ink], opacity, ground), ground)
            >= LEGIBLE + 0.1  # for what rounding takes
            for ground in (colours["paper"], *washes)
        )

    return next(
        o / 50
        for o in range(25, 51)
        if all(legible(o / 50, column) for column in range(len(THEMES)))
    )


def resolved(words: str, theme: str = "light") -> str:
    """A chart's specification or SVG with the palette's values instead of CSS variables."""
    column = THEMES.index(theme)
    return _REFERENCE.sub(lambda match: PALETTE[match[1]][column], words)


def with_font(svg: str, family: str) -> str:
    """A drawn chart in another font: its words stand where they stood, for their places are in pixels."""
    return svg.replace(f'font-family="{html.escape(FONTS)}"', f'font-family="{family}"')


def css() -> str:
    """The palette as CSS variables: by the system's wish, and by the reader's choice, which comes first."""
    light, dark, contrast, light_contrast = (
        "".join(f"--{name}:{values[column]};" for name, values in PALETTE.items())
        for column in range(4)
    )
    forced = "".join(f"--{name}:{value};" for name, value in FORCED.items())
    more = "(prefers-contrast:more)"
    unchosen = ":root:not([data-theme])"
    return (
        f":root{{color-scheme:light;--fonts:{FONTS};{light}}}\n"
        # Paper is always light: what is printed takes the first line alone.
        "@media screen{\n"
        f"@media (prefers-color-scheme:dark){{{unchosen}{{color-scheme:dark;{dark}}}}}\n"
        f"@media {more}{{{unchosen}{{color-scheme:light;{light_contrast}}}}}\n"
        f"@media {more} and (prefers-color-scheme:dark){{{unchosen}{{color-scheme:dark;{contrast}}}}}\n"
        f":root[data-theme=dark]{{color-scheme:dark;{dark}}}\n"
        f":root[data-theme=contrast]{{color-scheme:dark;{contrast}}}\n"
        f"@media (forced-colors:active){{:root:root{{{forced}}}}}\n"
        "}\n"
    )
