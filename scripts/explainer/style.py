"""One palette and one type scale for the site, the charts and the meeting edition.

Contrast on paper (light / dark) stands beside each colour; text needs 4.5, graphics 3.
"""

from __future__ import annotations

import json
import re

# name: (light, dark)
PALETTE = {
    "paper": ("#ffffff", "#14191f"),
    "wash": ("#f3f6f9", "#1c232b"),
    "line": ("#cfd7df", "#3b4652"),
    "edge": ("#7b8794", "#7f8b98"),  # 3.7 / 5.0: the outline of things
    "ink": ("#1c2430", "#e8ebef"),  # 15.6 / 14.8
    "ink-soft": ("#4d5866", "#b3bdc8"),  # 7.2 / 9.3
    "tech": ("#14588f", "#7fbbeb"),  # 7.2 / 8.7: 科技创新轮, and the site's main colour
    "tech-wash": ("#dbe9f5", "#1a3a57"),
    "inst": ("#a4470f", "#f1a670"),  # 6.2 / 8.7: 制度创新轮
    "inst-wash": ("#fae5d6", "#4d2d17"),
    "mark": ("#fff0b3", "#5c4b12"),  # behind words that light up
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


def resolved(spec: dict, theme: int = 0) -> dict:
    """A chart's specification with the palette's values (0 light, 1 dark) instead of CSS variables."""
    text = json.dumps(spec, ensure_ascii=False)
    return json.loads(_REFERENCE.sub(lambda match: PALETTE[match[1]][theme], text))


def css() -> str:
    """The palette as CSS variables: light, dark by the system's wish, and dark by the reader's choice."""
    light, dark = (
        "".join(f"--{name}:{values[theme]};" for name, values in PALETTE.items()) for theme in (0, 1)
    )
    return (
        f":root{{color-scheme:light;--fonts:{FONTS};{light}}}\n"
        f"@media screen and (prefers-color-scheme:dark){{:root:not([data-theme=light])"
        f"{{color-scheme:dark;{dark}}}}}\n"
        f"@media screen{{:root[data-theme=dark]{{color-scheme:dark;{dark}}}}}\n"
    )
