"""What a chart of boxes and words is held to, whatever it shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations

from explainer.figures.canvas import NOT_FIRST, NOT_LAST
from explainer.figures.figure import EDITORS, ORIGINAL, WIDTH, Figure
from explainer.project import current
from explainer.text import QuotationError

SMALLEST = 13  # pixels
HIGHEST = {"wide": 560, "narrow": 640}
LIST = {"wide": 880, "narrow": 1600}  # of full phrases
TEXT = "\n".join(
    [current().source.title]
    + [c.heading for c in current().source.chapters]
    + [p.text for p in current().source.paragraphs.values()]
)


def faults(
    figure: Figure,
    editors: frozenset[str] | set[str] = frozenset(),
    *,
    instead: Iterable[str] = (),
    highest=HIGHEST,
) -> list[str]:
    """What is wrong with a chart; `editors` are the only words in it that need not be the source's, `instead` are lines
    that come in the place of others."""
    return [
        *_quotation_faults(figure),
        *_mark_faults(figure),
        *(
            f"{shape}：{fault}"
            for shape in WIDTH
            for fault in (
                *_word_faults(figure, shape, editors),
                *_place_faults(figure, shape, instead, highest[shape]),
            )
        ),
    ]


def css_sizes(figure: Figure, column: float = 320) -> dict[str, float]:
    """Each line of the narrow chart with its size in a column of so many CSS pixels: 320 on a phone of 360."""
    return {
        text["line"]: text["size"] * column / WIDTH["narrow"]
        for text in _texts(figure.specs["narrow"])
    }


def drawn(figure: Figure, shape: str) -> list[str]:
    """Every line of text in the chart."""
    return [text["line"] for text in _texts(figure.specs[shape])]


def _layers(spec: dict) -> Iterator[tuple[dict, list[dict]]]:
    """Each layer's mark and its rows."""
    for layer in spec["layer"]:
        values = layer["data"].get("values")
        yield layer, spec["datasets"][layer["data"]["name"]] if values is None else values


def _texts(spec: dict) -> list[dict]:
    """Each line of text: words, size, and the box around it (a Han character is 1 em wide)."""
    result = []
    for layer, rows in _layers(spec):
        mark = layer["mark"]
        if mark["type"] != "text":
            continue
        for row in rows:
            line, size = row[layer["encoding"]["text"]["field"]], mark["fontSize"]
            width = sum(1 if ord(character) > 0x2000 else 0.6 for character in line) * size
            left = row["x"] - width * {"left": 0, "center": 0.5, "right": 1}[mark["align"]]
            result.append(
                {"line": line, "size": size, "left": left, "right": left + width, "y": row["y"]}
            )
    return result


def _boxes(spec: dict) -> list[dict]:
    return [row for layer, rows in _layers(spec) if layer["mark"]["type"] == "rect" for row in rows]


def _quotation_faults(figure: Figure) -> Iterator[str]:
    places = [(row["引文"], row["出处"], None) for row in figure.table.to_dict("records")]
    places += [(mark.quote, mark.source, mark.anchor) for mark in figure.marks]
    for quote, id, anchor in places:
        try:
            place = current().source.locate(quote, id)
        except QuotationError as error:
            yield str(error)
        else:
            if anchor and anchor != place.unit.anchor:
                yield f"“{quote}”应连到 {place.unit.anchor}，而不是 {anchor}"


def _mark_faults(figure: Figure) -> Iterator[str]:
    keys = [mark.key for mark in figure.marks]
    if len(keys) != len(set(keys)):
        yield f"有重复的 key：{keys}"
    for mark in figure.marks:
        for link in mark.links:
            if link.to not in keys:
                yield f"{mark.key} 连到没有的 {link.to}"
            if link.basis not in (ORIGINAL, EDITORS) or not link.reason:
                yield f"{mark.key} 到 {link.to} 没有写明依据和理由"
    for shape in WIDTH:
        rows = [row for _, rows in _layers(figure.specs[shape]) for row in rows]
        clickable = {row["key"] for row in rows if "key" in row}
        shown = clickable.union(*(row["near"] for row in rows if row.get("near")))
        yield from (f"{shape}：图里没有 {key}" for key in keys if key not in shown)
        yield from (f"{shape}：{key} 点了没有内容" for key in sorted(clickable.difference(keys)))
        yield from (
            f"{shape}：提示不是原文：{row['quote']}"
            for row in rows
            if row.get("quote", "") not in TEXT
        )


def _word_faults(figure: Figure, shape: str, editors: set[str] | frozenset[str]) -> Iterator[str]:
    for text in _texts(figure.specs[shape]):
        line = text["line"]
        if line not in editors and not all(part in TEXT for part in line.split("……")):
            yield f"既不是原文，也没有登记为编者的话：{line}"
        if line[0] in NOT_FIRST or line[-1] in NOT_LAST:
            yield f"标点不能放在这里：{line}"
        if text["size"] < SMALLEST:
            yield f"字太小（{text['size']}）：{line}"


def _place_faults(
    figure: Figure, shape: str, instead: Iterable[str], highest: float
) -> Iterator[str]:
    spec = figure.specs[shape]
    if spec["width"] != WIDTH[shape] or spec["height"] > highest:
        yield f"大小不合：{spec['width']}×{spec['height']}"
    texts = _texts(spec)
    frame = {"x": 0, "x2": spec["width"], "y": 0, "y2": spec["height"]}
    for text in texts:
        middle = (text["left"] + text["right"]) / 2
        for box in [frame, *_boxes(spec)]:
            around = box["x"] <= middle <= box["x2"] and box["y"] <= text["y"] <= box["y2"]
            if around and not (
                box["x"] <= text["left"]
                and text["right"] <= box["x2"]
                and box["y"] <= text["y"] - text["size"] / 2
                and text["y"] + text["size"] / 2 <= box["y2"]
            ):
                yield f"字出了框：{text['line']}"
    for a, b in combinations([text for text in texts if text["line"] not in instead], 2):
        beside = a["right"] <= b["left"] or b["right"] <= a["left"]
        if not beside and abs(a["y"] - b["y"]) < (a["size"] + b["size"]) / 2:
            yield f"字叠在一起：{a['line']}、{b['line']}"
