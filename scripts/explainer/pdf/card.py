"""The picture that stands for the site where its address is shared: made with the edition's fonts, once there is an address."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

import typst
from sphinx.application import Sphinx

from .. import style
from ..paths import CHARTS
from ..sphinx import metadata
from . import fonts

TEMPLATE = Path(__file__).parent / "card.typ"
EMBLEM = f"{CHARTS}/emblem.typ"
FILE = "_static/card.png"
WIDTH, HEIGHT = 1200, 630


def png(title: str, summary: str, host: str, root: Path) -> bytes:
    """The same words give the same bytes. A title with something in quotation marks breaks before them.

    Beside the words stands what the book under `root` draws as its emblem, if anything.
    """
    emblem = f"/{EMBLEM}" if (root / EMBLEM).is_file() else ""
    words = {
        "title": re.sub(r"(?<=.)(?=“)", "\n", title, count=1),
        "summary": summary,
        "host": host,
        "emblem": emblem,
    }
    colors = {name: light for name, (light, *_) in style.PALETTE.items()}
    shipped = typst.Fonts(include_system_fonts=False, font_paths=[str(fonts.FOLDER)])
    return typst.compile(
        TEMPLATE.read_bytes(),
        root=str(root),
        font_paths=shipped,
        sys_inputs=words | colors,
        format="png",
        ppi=72,
    )


def make(app: Sphinx) -> None:
    """The card beside the pages, once the site has an address."""
    where = metadata.address(app)
    if not where:
        return
    env = app.env
    home = app.config.root_doc
    title = app.config.html_title
    summary = metadata.description(env.metadata[home].get("description"), env.get_doctree(home))
    target = Path(app.outdir) / FILE
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(png(title, summary, urlsplit(where).hostname, Path(app.srcdir).parent))
    app.explainer_card = {
        "file": FILE,
        "width": WIDTH,
        "height": HEIGHT,
        "words": f"{title}。{summary}",
    }


def fill(app: Sphinx, context: dict) -> None:
    context["card"] = app.explainer_card
