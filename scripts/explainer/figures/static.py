"""Charts without scripts: the SVG that stands in the page from the first paint, and the one to take away."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import vl_convert

from .. import style

_SVG = "http://www.w3.org/2000/svg"
ET.register_namespace("", _SVG)
_TEXT = f"{{{_SVG}}}text"
_KINDS = ("rect", "arc", "symbol", "path", "line", "rule")  # Vega's marks, the roomiest first
_NUMBER = re.compile(r"-?\d*\.\d+")
_MOVED = re.compile(r"translate\((-?[\d.]+),(-?[\d.]+)\)")
# Vega's rectangle with round corners: along the top, round, down, round, and so on.
_SIDE = r"L(-?[\d.]+),(-?[\d.]+)C[-\d.,]+,(-?[\d.]+),(-?[\d.]+)"
_ROUND = re.compile(rf"M(-?[\d.]+),(-?[\d.]+){_SIDE * 4}Z")
# What has no effect: SVG's own values, which Vega writes out.
_IDLE = {"opacity": "1", "text-anchor": "start", "x2": "0", "y2": "0", "stroke-dasharray": "1,0"}
# Where all shapes of a group have one of these, its usual value may stand on the group.
_SHARED = (
    "fill",
    "stroke",
    "stroke-width",
    "stroke-linecap",
    "text-anchor",
    "font-size",
    "font-weight",
)


def with_keys(spec: dict) -> dict:
    """The specification with each keyed mark described by its key, by which its elements can be found in the SVG."""
    _describe(spec, spec.get("datasets", {}), {})
    return spec


def _describe(layer: dict, datasets: dict[str, list[dict]], data: dict) -> None:
    data = layer.get("data", data)
    rows = datasets.get(data.get("name"), data.get("values", []))
    if "mark" in layer and rows and "key" in rows[0]:
        layer.setdefault("encoding", {})["description"] = {"field": "key", "type": "nominal"}
    for inner in layer.get("layer", []):
        _describe(inner, datasets, data)


def drawn(spec: dict) -> str:
    """The chart as SVG, as Vega gives it."""
    return vl_convert.vegalite_to_svg(spec)


def for_page(svg: str, classes: str, links: dict[str, tuple[str, str]]) -> str:
    """The chart as SVG for an HTML page, colours and fonts by CSS.

    `links` gives the address and the name of each key; a mark is a link, once for the keyboard.
    """
    root = ET.fromstring(svg)
    root.set("class", classes)
    for size in ("width", "height", "version"):
        root.attrib.pop(size, None)
    main = _main_shapes(root, links)
    for parent in list(root.iter()):
        for i, child in enumerate(list(parent)):
            key = child.attrib.get("aria-label")
            for name in [
                n
                for n in child.attrib
                if n.startswith("aria-") or n in ("role", "font-family", "class")
            ]:
                del child.attrib[name]
            if child.tag == _TEXT:
                child.set("aria-hidden", "true")  # the link's name says the same
            elif key in links:
                parent[i] = _link(child, key, *links[key], repeated=child is not main[key])
    _pack(root)
    return _written(root).replace(" />", "/>")


def _pack(root: ET.Element) -> None:
    """Says the same in half the bytes: a page holds each chart twice, and not every server compresses."""
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]  # HTML knows what an `svg` holds
        for name, value in list(element.attrib.items()):
            if _IDLE.get(name) == value:
                del element.attrib[name]
            elif name in ("d", "transform", "x2", "y2"):
                # A tenth of a pixel is exact enough for what does not move.
                element.set(
                    name,
                    _NUMBER.sub(lambda found: f"{float(found[0]):.1f}".replace(".0", ""), value),
                )
        _simplify(element)
    _pack_group(root)


def _simplify(element: ET.Element) -> None:
    moved = _MOVED.fullmatch(element.get("transform", ""))
    if moved and (element.tag == "text" or moved.groups() == ("0", "0")):
        del element.attrib["transform"]
        if element.tag == "text":
            element.attrib |= {"x": moved[1], "y": moved[2]}
    if "font-size" in element.attrib:
        element.set("font-size", element.get("font-size", "").removesuffix("px"))
    if rectangle := _ROUND.fullmatch(element.get("d", "")):
        across, down = (sorted(map(float, rectangle.groups()[i::2])) for i in (0, 1))
        place = {
            "x": across[0],
            "y": down[0],
            "width": across[-1] - across[0],
            "height": down[-1] - down[0],
        }
        place["rx"] = float(rectangle[1]) - across[0]
        element.tag = "rect"
        del element.attrib["d"]
        element.attrib |= {name: f"{value:.1f}".replace(".0", "") for name, value in place.items()}


def _pack_group(group: ET.Element) -> None:
    for child in list(group):
        _pack_group(child)
        if child.tag == "path" and not {"fill", "stroke"} & child.attrib.keys():
            group.remove(child)  # the frame of a chart that has none to be seen
        elif child.tag == "g" and not child.attrib:
            at = list(group).index(child)
            group[at : at + 1] = list(child)
    if group.tag != "g" or len(group) < 2:
        return
    shapes = [child[0] if child.tag == "a" else child for child in group]
    for name in _SHARED:
        values = [shape.get(name) for shape in shapes]
        usual = max(values, key=values.count)
        if None not in values and values.count(usual) > 1:
            group.set(name, usual)
            for shape in shapes:
                if shape.get(name) == usual:
                    del shape.attrib[name]
    if all(child.tag == "text" for child in group):
        group.set("aria-hidden", "true")
        for child in group:
            del child.attrib["aria-hidden"]


def for_file(svg: str, title: str) -> str:
    """The chart as an SVG file that stands alone: the light theme's colours, and its title."""
    root = ET.fromstring(svg)
    heading = ET.Element(f"{{{_SVG}}}title")
    heading.text = title
    root.insert(0, heading)
    return style.resolved(_written(root))


def _written(root: ET.Element) -> str:
    return ET.tostring(root, encoding="unicode")


def _main_shapes(root: ET.Element, keys: dict) -> dict[str, ET.Element]:
    """For each key the shape that stands for it: an area rather than a symbol, a symbol rather than a line."""
    shapes: dict[str, tuple[int, ET.Element]] = {}
    for group in root.iter(f"{{{_SVG}}}g"):
        kind = next((k for k in _KINDS if f"mark-{k} " in group.attrib.get("class", "")), None)
        for element in group:
            key = element.attrib.get("aria-label")
            if kind is None or key not in keys:
                continue
            if key not in shapes or _KINDS.index(kind) < shapes[key][0]:
                shapes[key] = _KINDS.index(kind), element
    return {key: element for key, (_, element) in shapes.items()}


def _link(element: ET.Element, key: str, address: str, name: str, *, repeated: bool) -> ET.Element:
    link = ET.Element(f"{{{_SVG}}}a", {"href": address, "data-key": key})
    if repeated:
        link.attrib |= {"aria-hidden": "true", "tabindex": "-1"}
    else:
        link.set("aria-label", f"{name}：看原文")
    link.append(element)
    return link
