"""The picture in a page says with fewer bytes what Vega drew: no shape, colour or place is another."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from explainer.figures import static

LINKS = {"a": ("place:full-text#s1", "甲"), "b": ("place:full-text#s2", "乙")}
ROUND = (
    "M7,10L33,10C36.31,10,39,12.69,39,16L39,44C39,47.31,36.31,50,33,50"
    "L7,50C3.69,50,1,47.31,1,44L1,16C1,12.69,3.69,10,7,10Z"
)
VEGA = f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 60" width="40" height="60"><g fill="none">
<g class="mark-group role-frame root"><g transform="translate(0,0)"><path class="background" d="M0,0h40v60h-40Z"/>
<g class="mark-rect role-mark"><path aria-label="a" d="{ROUND}" fill="red" stroke="blue" opacity="1"/>
<path aria-label="b" d="{ROUND}" fill="red" stroke="green" opacity="0.3"/>
<path d="M0,0h1.04v2.26Z" fill="tan" stroke="blue" transform="translate(3.004,4)"/></g>
<g class="mark-text role-mark"><text text-anchor="middle" transform="translate(20,30)" font-size="16px" fill="red">甲</text>
<text text-anchor="middle" transform="translate(20,40)" font-size="16px" fill="red">丙</text>
<text text-anchor="start" transform="translate(20,50) rotate(90)" font-size="16px" fill="tan">乙</text></g>
</g></g></g></svg>"""
SAYS = ("fill", "stroke", "opacity", "text-anchor", "font-size")


def drawn(root: ET.Element) -> list[tuple[str, dict]]:
    """Each shape with what holds for it, its own or from around it."""
    shapes = []

    def walk(element: ET.Element, around: dict) -> None:
        here = around | {name: element.get(name) for name in SAYS if name in element.attrib}
        if element.tag in ("rect", "path", "text"):
            shapes.append((element.tag, here))
        for child in element:
            walk(child, here)

    walk(root, {})
    return shapes


def test_a_packed_picture_draws_the_same() -> None:
    packed = static.for_page(VEGA.replace("\n", ""), "still", LINKS)
    root = ET.fromstring(packed)
    assert drawn(root) == [
        ("rect", {"fill": "red", "stroke": "blue"}),
        ("rect", {"fill": "red", "stroke": "green", "opacity": "0.3"}),
        ("path", {"fill": "tan", "stroke": "blue"}),
        ("text", {"fill": "red", "text-anchor": "middle", "font-size": "16"}),
        ("text", {"fill": "red", "text-anchor": "middle", "font-size": "16"}),
        ("text", {"fill": "tan", "font-size": "16"}),
    ]
    assert len(packed.encode()) < 0.7 * len(VEGA.encode())


def test_shapes_stay_where_they_are() -> None:
    root = ET.fromstring(static.for_page(VEGA, "still", LINKS))
    first, second = root.iter("rect")
    for rectangle in (first, second):
        place = {name: rectangle.get(name) for name in ("x", "y", "width", "height", "rx")}
        assert place == {"x": "1", "y": "10", "width": "38", "height": "40", "rx": "6"}
    (path,) = root.iter("path")
    assert (path.get("d"), path.get("transform")) == ("M0,0h1v2.3Z", "translate(3,4)")
    moved, _, turned = root.iter("text")
    assert (moved.get("x"), moved.get("y"), moved.get("transform")) == ("20", "30", None)
    assert turned.get("transform") == "translate(20,50) rotate(90)"


def test_each_mark_is_a_link_and_no_word_is_heard_twice() -> None:
    root = ET.fromstring(static.for_page(VEGA, "still", LINKS))
    links = [
        (link.get("href"), link.get("data-key"), link.get("aria-label")) for link in root.iter("a")
    ]
    assert links == [
        ("place:full-text#s1", "a", "甲：看原文"),
        ("place:full-text#s2", "b", "乙：看原文"),
    ]
    (words,) = (group for group in root.iter("g") if group.get("aria-hidden"))
    assert [text.text for text in words] == ["甲", "丙", "乙"]
