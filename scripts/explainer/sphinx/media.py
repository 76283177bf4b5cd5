"""What stands only on the web or only on paper: ``{only} html`` and ``{only} meeting`` for paragraphs, as roles for words.

``{only-html}`words``` and ``{only-meeting}`words``` are the same in the middle of a sentence.
"""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxRole

from sphinx import addnodes

from .voice import editors_note

MEDIA = ("html", "meeting")


class OnlyRole(SphinxRole):
    """Words for one medium; Sphinx takes them out of the others, as it does with the directive's."""

    def __init__(self, medium: str) -> None:
        self.medium = medium

    def run(self):
        return [addnodes.only("", nodes.Text(self.text), expr=self.medium)], []


class NoEmptyNotes(SphinxPostTransform):
    """An editors' note of which nothing is left in this medium goes too; after Sphinx's own (50).

    Links to it still arrive where it stood.
    """

    default_priority = 60

    def run(self) -> None:
        for note in list(self.document.findall(editors_note)):
            if not note.astext().strip() and not any(True for _ in note.findall(nodes.image)):
                ids = [id for node in note.findall(nodes.Element) for id in node["ids"]]
                note.replace_self(nodes.target(ids=ids) if ids else [])


def _titles(app: Sphinx, doctree: nodes.document) -> None:
    """Titles are shown in lists as well, for which Sphinx never asks what is for whom: those are the site's."""
    env = app.env
    for title in (env.titles[env.docname], env.longtitles[env.docname], env.tocs[env.docname]):
        for only in list(title.findall(addnodes.only)):
            only.replace_self(only.children if "html" in only["expr"] else [])


def setup(app: Sphinx) -> None:
    app.connect("doctree-read", _titles, priority=900)  # after they have been collected
    for medium in MEDIA:
        app.add_role(f"only-{medium}", OnlyRole(medium))
    app.add_post_transform(NoEmptyNotes)
