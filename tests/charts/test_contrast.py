"""Words in charts can be read as they are drawn: on the ground that lies under each, whatever is chosen (WCAG 1.4.3)."""

from __future__ import annotations

import io
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator

import pytest
import vl_convert
from PIL import Image

from charts import FIGURES
from explainer import style
from explainer.figures.figure import WIDTH, Figure

SVG = "{http://www.w3.org/2000/svg}"
TURNED = re.compile(r"translate\(([-\d.]+),\s*([-\d.]+)\)")


@pytest.mark.parametrize("shape", WIDTH)
@pytest.mark.parametrize("name", FIGURES)
def test_words_are_legible_where_they_stand(name: str, shape: str) -> None:
    figure = FIGURES[name]()
    faint = set()
    for signals in _states(figure, shape):
        svg = vl_convert.vegalite_to_svg(_with(figure.specs[shape], signals))
        for theme in style.THEMES:
            for words, ink, opacity, ground in _drawn(
                style.resolved(svg, theme), style.PALETTE["paper"][style.THEMES.index(theme)]
            ):
                contrast = style.contrast(style.over(ink, opacity, ground), ground)
                if contrast < style.LEGIBLE:
                    faint.add(
                        (
                            theme,
                            words,
                            ink,
                            opacity,
                            ground,
                            round(contrast, 2),
                            json.dumps(signals),
                        )
                    )
    assert faint == set()


def _states(figure: Figure, shape: str) -> Iterator[dict]:
    """Nothing chosen; a mark that is none, from which all others step back; and, for one shape, as both have the same
    colours, a mark of each group and the chart as it is changed."""
    yield {"picked": ""}
    yield {"picked": "none of them"}
    if shape == "narrow":
        return
    for marks in figure.groups.values():
        yield {"picked": marks[-1].key}
    if figure.change:
        yield {figure.change.param: 1}


def _with(spec: dict, signals: dict) -> dict:
    spec = json.loads(json.dumps(spec))
    for param in spec["params"]:
        param["value"] = signals.get(param["name"], param["value"])
    return spec


def _drawn(svg: str, paper: str) -> Iterator[tuple[str, str, float, str]]:
    """Each line of words that is seen: the words, their ink and opacity, and the colour under their middle."""
    root = ET.fromstring(svg)
    texts = list(_texts(root, 0.0, 0.0))
    for parent in list(root.iter()):
        for child in [child for child in parent if child.tag == f"{SVG}text"]:
            parent.remove(child)
    left, top, width, height = root.get("viewBox").split()
    # Opaque from the ground up: what is half transparent in the PNG would come out too dark.
    root.insert(
        0,
        ET.Element(
            f"{SVG}rect", {"x": left, "y": top, "width": width, "height": height, "fill": paper}
        ),
    )
    picture = Image.open(
        io.BytesIO(vl_convert.svg_to_png(ET.tostring(root, encoding="unicode"), scale=1))
    ).convert("RGB")
    for text, x, y in texts:
        opacity = float(text.get("opacity", 1)) * float(text.get("fill-opacity", 1))
        words = "".join(text.itertext())
        if opacity > 0 and words:
            size = float(text.get("font-size").removesuffix("px"))
            shift = {"start": 0.5, "middle": 0, "end": -0.5}[
                text.get("text-anchor", "start")
            ] * size
            at = round(x + shift - float(left)), round(y - size * 0.35 - float(top))
            yield words, text.get("fill"), opacity, "#%02x%02x%02x" % picture.getpixel(at)


def _texts(node: ET.Element, x: float, y: float) -> Iterator[tuple[ET.Element, float, float]]:
    """Every text with the point where it is set."""
    if place := TURNED.search(node.get("transform", "")):
        x, y = x + float(place[1]), y + float(place[2])
    if node.tag == f"{SVG}text":
        yield node, x, y
    for child in node:
        yield from _texts(child, x, y)
