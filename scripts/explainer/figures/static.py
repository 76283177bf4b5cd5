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
_LONG_NUMBER = re.compile(r"-?\d+\.\d{3,}")


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
    return _LONG_NUMBER.sub(lambda number: f"{float(number[0]):.2f}", _written(root))


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
