"""One palette and one type scale for the site, the charts and the meeting edition.

Contrast on paper (light / dark / high contrast) stands beside each colour; text needs 4.5, graphics 3.
"""

from __future__ import annotations

import html
import re

THEMES = ("light", "dark", "contrast")

# name: (light, dark, high contrast)
PALETTE = {
    "paper": ("#ffffff", "#14191f", "#000000"),
    "wash": ("#f3f6f9", "#1c232b", "#000000"),
    "line": ("#cfd7df", "#3b4652", "#ffffff"),
    "edge": ("#7b8794", "#7f8b98", "#ffffff"),  # 3.7 / 5.0 / 21: the outline of things
    "ink": ("#1c2430", "#e8ebef", "#ffffff"),  # 15.6 / 14.8 / 21
    "ink-soft": ("#4d5866", "#b3bdc8", "#ffffff"),  # 7.2 / 9.3 / 21
    "tech": ("#14588f", "#7fbbeb", "#8fd0ff"),  # 7.2 / 8.7 / 12.5: 科技创新轮, and the site's main colour
    "tech-wash": ("#dbe9f5", "#1a3a57", "#00223d"),
    "inst": ("#a4470f", "#f1a670", "#ffc18f"),  # 6.2 / 8.7 / 13.3: 制度创新轮
    "inst-wash": ("#fae5d6", "#4d2d17", "#3d1d00"),
    "mark": ("#fff0b3", "#524310", "#5c5200"),  # behind words that light up
}

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


def resolved(words: str, theme: str = "light") -> str:
    """A chart's specification or SVG with the palette's values instead of CSS variables."""
    column = THEMES.index(theme)
    return _REFERENCE.sub(lambda match: PALETTE[match[1]][column], words)


def with_font(svg: str, family: str) -> str:
    """A drawn chart in another font: its words stand where they stood, for their places are in pixels."""
    return svg.replace(f'font-family="{html.escape(FONTS)}"', f'font-family="{family}"')


def css() -> str:
    """The palette as CSS variables: by the system's wish, and by the reader's choice, which comes first."""
    light, dark, contrast = (
        "".join(f"--{name}:{values[column]};" for name, values in PALETTE.items()) for column in range(3)
    )
    unchosen = ":root:not([data-theme])"
    return (
        f":root{{color-scheme:light;--fonts:{FONTS};{light}}}\n"
        # Paper is always light: what is printed takes the first line alone.
        "@media screen{\n"
        f"@media (prefers-color-scheme:dark){{{unchosen}{{color-scheme:dark;{dark}}}}}\n"
        f"@media (prefers-contrast:more){{{unchosen}{{color-scheme:dark;{contrast}}}}}\n"
        f":root[data-theme=dark]{{color-scheme:dark;{dark}}}\n"
        f":root[data-theme=contrast]{{color-scheme:dark;{contrast}}}\n"
        "}\n"
    )
