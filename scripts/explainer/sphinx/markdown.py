"""What MyST makes of Markdown, put right for both media: addresses, line breaks, places that links may name."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import unquote

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.writers.html5 import HTML5Translator

_AUTOMATIC = re.compile(r"id\d+")
_ESCAPED = {"&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"'}


class hard_break(nodes.General, nodes.Inline, nodes.Element):
    """The end of a line that the editor wants to end there."""


class WholeAddresses(SphinxTransform):
    """MyST escapes a web address, and so does every writer: once is enough."""

    default_priority = 200

    def apply(self) -> None:
        for link in self.document.findall(nodes.reference):
            if "refuri" in link:
                link["refuri"] = re.sub(
                    "|".join(_ESCAPED), lambda found: _ESCAPED[found[0]], link["refuri"]
                )


class HardBreaks(SphinxTransform):
    """MyST ends a line with raw HTML and raw LaTeX, which paper cannot have."""

    default_priority = 200

    def apply(self) -> None:
        for raw in list(self.document.findall(nodes.raw)):
            if raw.astext() == "<br />\n":
                raw.replace_self(hard_break())
            elif raw.get("format") == "latex":
                raw.parent.remove(raw)


class NamesOfFiles(SphinxTransform):
    """A picture's file has the name that it has, and not the one that a web address would have for it."""

    default_priority = 200

    def apply(self) -> None:
        for image in self.document.findall(nodes.image):
            image["uri"] = unquote(image["uri"])


class LinesBetween(SphinxTransform):
    """A line across the page parts one thing from another; docutils stops at one that has nothing before or after it."""

    default_priority = 820  # just before docutils' own

    def apply(self) -> None:
        for line in list(self.document.findall(nodes.transition)):
            siblings = line.parent.children
            place = siblings.index(line)
            before = [
                node
                for node in siblings[:place]
                if not isinstance(node, (nodes.title, nodes.Invisible))
            ]
            after = [
                node for node in siblings[place + 1 :] if not isinstance(node, nodes.Invisible)
            ]
            if not before or not after or isinstance(before[-1], nodes.transition):
                line.parent.remove(line)


class SpelledOut(SphinxTransform):
    """What an abbreviation means, in words: on a phone nobody sees a tooltip."""

    default_priority = 200

    def apply(self) -> None:
        for node in self.document.findall(nodes.abbreviation):
            if meaning := node.get("explanation"):
                node += nodes.Text(f"（{meaning}）")


class StableIds(SphinxTransform):
    """A place is known by its label, or by its own words: numbers (`id3`) shift when one is put before it.

    docutils makes ids of Latin letters only, so a Chinese label or heading gets a digest of its words; so do whatever
    has a caption, and the notes.
    """

    default_priority = 840  # before the domains take note of who is where

    def apply(self) -> None:
        explicit = {
            name: id
            for name, id in self.document.nameids.items()
            if id and self.document.nametypes.get(name)
        }
        for name, id in explicit.items():
            if _AUTOMATIC.fullmatch(id) and not isinstance(
                self.document.ids.get(id), nodes.footnote
            ):
                explicit[name] = self._rename(id, _digest(name))
        labels = set(explicit.values())
        for section in self.document.findall(nodes.section):
            own = [id for id in section["ids"] if id in labels]
            latin = [id for id in section["ids"] if not _AUTOMATIC.fullmatch(id)]
            if own:
                section["ids"] = own[::-1]  # the one nearest to the heading is its address
            elif latin:
                section["ids"] = latin[-1:]
            elif section["ids"]:
                section["ids"] = [self._rename(section["ids"][0], _digest(_path(section)))]
        notes = list(
            self.document.findall(nodes.footnote)
        )  # first, since others are known by theirs
        for node in [*notes, *self.document.findall(nodes.Element)]:
            for id in node["ids"]:
                if _AUTOMATIC.fullmatch(id):
                    self._rename(id, _digest(_own_words(node)))

    def _rename(self, old: str, new: str) -> str:
        """The new id, wherever the old one was; numbered where somebody else has it."""
        number = 2
        free = new
        while free in self.document.ids:
            free, number = f"{new}-{number}", number + 1
        self.document.ids[free] = self.document.ids.pop(old)
        for node in self.document.findall(nodes.Element):
            for key in ("ids", "backrefs"):
                if old in node.get(key, ()):
                    node[key] = [free if id == old else id for id in node[key]]
            if node.get("refid") == old:
                node["refid"] = free
        for name, id in self.document.nameids.items():
            if id == old:
                self.document.nameids[name] = free
        return free


def _digest(words: str) -> str:
    return f"h-{hashlib.sha256(words.encode()).hexdigest()[:8]}"


def _own_words(node: nodes.Element) -> str:
    """What a place with an automatic id is known by: the name of a note, or else the kind and the caption."""
    if isinstance(node, nodes.footnote):
        return f"{node.tagname}\n{node['names']}"
    if isinstance(node, nodes.footnote_reference):
        return f"{node.tagname}\n{node.get('refid')}"
    caption = node.next_node(lambda inner: isinstance(inner, (nodes.caption, nodes.title)))
    return f"{node.tagname}\n{(caption or node).astext()}"


def _path(section: nodes.section) -> str:
    """The words of a heading after those above it."""
    words = []
    while isinstance(section, nodes.section):
        words.append(section.next_node(nodes.title).astext())
        section = section.parent
    return "\n".join(reversed(words))


def _visit_break(self: HTML5Translator, node: hard_break) -> None:
    self.body.append("<br>\n")
    raise nodes.SkipNode


def setup(app: Sphinx) -> None:
    app.add_node(hard_break, html=(_visit_break, None))
    for transform in (
        WholeAddresses,
        HardBreaks,
        NamesOfFiles,
        LinesBetween,
        SpelledOut,
        StableIds,
    ):
        app.add_transform(transform)
