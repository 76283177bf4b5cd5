"""What the charts share: a canvas measured in pixels, Chinese lines, and how a choice shows.

These are diagrams of words, not of amounts: x and y are CSS pixels from the top left corner. Channels are written
as objects (`alt.Text("line:N")`), for Altair takes three milliseconds to find out what a bare "line:N" is.
"""

from __future__ import annotations

import altair as alt

from ..style import color, faintest

# No line starts with these, and none ends with those (CLREQ, GB/T 15834).
NOT_FIRST = "，。、；：！？）》”』】…—"
NOT_LAST = "（《“『【"

FAINT = 0.3  # how far shapes step back
PICKED = alt.param(name="picked", value="")
# A mark other than the chosen one steps back; with nothing chosen, all stand in front.
OTHERS = "picked !== '' && picked !== datum.key"
# The same, but marks that have the chosen key in their list `near` stay in front too.
UNRELATED = f"{OTHERS} && indexof(datum.near || [], picked) < 0"


def pixel_x(field: str, width: float) -> alt.X:
    """A position in pixels from the left of a chart `width` wide."""
    return alt.X(field, type="quantitative", axis=None).scale(
        domain=[0, width], range=[0, width], nice=False, zero=False
    )


def pixel_y(field: str, height: float) -> alt.Y:
    """A position in pixels from the top of a chart `height` high."""
    return alt.Y(field, type="quantitative", axis=None).scale(
        domain=[0, height], range=[0, height], nice=False, zero=False
    )


def stepping_back(condition: str = OTHERS, faint: float = FAINT) -> alt.OpacityValue:
    """Opacity for marks: faint where `condition` (a Vega expression) holds."""
    return alt.OpacityValue(
        1, condition=alt.condition(condition, alt.value(faint), alt.value(1))["condition"]
    )


def words_stepping_back(condition: str = OTHERS, ink: str = "ink") -> alt.OpacityValue:
    """The same for words, which stay legible."""
    return stepping_back(condition, faintest(ink, FAINT))


def data(rows: list[dict]) -> alt.Data:
    """Rows as inline data of a chart; a hundredth of a pixel is exact enough."""
    return alt.Data(
        values=[
            {name: round(v, 2) if isinstance(v, float) else v for name, v in row.items()}
            for row in rows
        ]
    )


def line_rows(rows: list[dict], line_height: float) -> list[dict]:
    """One row per line of text: `lines` becomes `line`, and `y` moves so that each block stays centred.

    No more than that and the keys that it steps back by: the pointer goes through words to what is under them.
    """
    return [
        {name: row[name] for name in ("key", "near", "x") if name in row}
        | {"line": line, "y": row["y"] + (i - (len(row["lines"]) - 1) / 2) * line_height}
        for row in rows
        for i, line in enumerate(row["lines"])
    ]


def labels(
    rows: list[dict],
    width: float,
    height: float,
    *,
    size: float = 16,
    line_height: float = 22,
    ink: str = "ink",
    others: str = OTHERS,
    **mark,
) -> alt.Chart:
    """Text at `x`, `y` (the middle of each block); `lines` is a list of lines."""
    style = {"align": "center", "baseline": "middle", "fontSize": size, "color": color(ink)}
    style |= mark
    return (
        alt.Chart(data(line_rows(rows, line_height)))
        .mark_text(**style)
        .encode(
            x=pixel_x("x", width),
            y=pixel_y("y", height),
            text=alt.Text("line:N"),
            opacity=words_stepping_back(others, ink),
        )
    )


def boxes(
    rows: list[dict], width: float, height: float, *, others: str = OTHERS, **mark
) -> alt.Chart:
    """Rounded boxes from `x`, `y` to `x2`, `y2`; clicks go to `key`, the tooltip is `quote`."""
    style = {"cornerRadius": 6, "cursor": "pointer", "strokeWidth": 1.5} | mark
    return (
        alt.Chart(data(rows))
        .mark_rect(**style)
        .encode(
            x=pixel_x("x", width),
            x2=alt.X2("x2:Q"),
            y=pixel_y("y", height),
            y2=alt.Y2("y2:Q"),
            opacity=stepping_back(others),
            tooltip=alt.Tooltip("quote:N"),
        )
    )


def captions(
    rows: list[dict], width: float, height: float, *, size: float = 13, **mark
) -> alt.Chart:
    """The editors' words in a chart (column heads, notes): soft, no choice, and they never step back."""
    style = {"baseline": "middle", "fontSize": size, "color": color("ink-soft")} | mark
    return (
        alt.Chart(data(rows))
        .mark_text(**style)
        .encode(x=pixel_x("x", width), y=pixel_y("y", height), text=alt.Text("words:N"))
    )


def in_boxes(rows: list[dict], most: int) -> list[dict]:
    """Rows for `labels`: each box's `words` in its middle."""
    return [
        row
        | {
            "x": (row["x"] + row["x2"]) / 2,
            "y": (row["y"] + row["y2"]) / 2,
            "lines": broken(row["words"], most),
        }
        for row in rows
    ]


def broken(words: str, most: int) -> list[str]:
    """The words in lines of about equal length, none longer than `most` characters.

    A mark of punctuation never starts a line and an opening one never ends it.
    """
    count = -(-len(words) // most)
    length = -(-len(words) // count)
    lines, rest = [], words
    while len(rest) > length:
        cut = length
        while cut > 1 and (rest[cut] in NOT_FIRST or rest[cut - 1] in NOT_LAST):
            cut -= 1
        lines.append(rest[:cut])
        rest = rest[cut:]
    return [*lines, rest]
