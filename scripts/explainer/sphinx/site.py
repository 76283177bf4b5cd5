"""The web site's frame: our own small theme, its navigation, its style sheet, and Vega for the charts."""

from __future__ import annotations

import re
from pathlib import Path

from docutils import nodes
from markupsafe import Markup
from sphinx.application import Sphinx
from sphinx.transforms import SphinxContentsFilter, SphinxTransform
from sphinx.writers.html5 import HTML5Translator

from .. import security, style
from ..project import of
from ..settings import PLACES
from . import places

THEME = Path(__file__).parent.parent / "theme"
_YEAR = re.compile(r"(\d{4}(?:-\d{4})?年)")
PAGE_LINK = "本页链接"


class WholeYears(SphinxTransform):
    """Keeps 2021-2025年 on one line (GB/T 15834 breaks no number)."""

    default_priority = 860

    def apply(self) -> None:
        for text in list(self.document.findall(nodes.Text)):
            if isinstance(text.parent, (nodes.literal, nodes.literal_block, nodes.raw)):
                continue
            pieces = _YEAR.split(text.astext())
            if len(pieces) > 1:
                text.parent.replace(
                    text,
                    [
                        nodes.inline("", piece, classes=["year"]) if i % 2 else nodes.Text(piece)
                        for i, piece in enumerate(pieces)
                        if piece
                    ],
                )


class Translator(HTML5Translator):
    """Sphinx's own, for who listens: links beside headings, not in them; tables with a name and named rows."""

    def depart_title(self, node: nodes.title) -> None:
        self.permalink = ""
        super().depart_title(node)
        if self.permalink and isinstance(
            node.parent, nodes.section
        ):  # a table's would be part of its name
            self.body[-1] = self.body[-1].rstrip("\n") + self.permalink + "\n"

    def add_permalink_ref(self, node: nodes.Element, title: str) -> None:
        """Kept until the heading has ended. A screen reader would read out the “#”: it has words."""
        name = PAGE_LINK if isinstance(node.parent, nodes.document) else "本节链接"
        self.permalink = f'<a class="headerlink" href="#{node["ids"][0]}" title="{name}" aria-label="{name}">#</a>'

    def visit_table(self, node: nodes.table) -> None:
        super().visit_table(node)
        section = node.parent
        while section is not None and not isinstance(section, nodes.section):
            section = section.parent
        if section is not None and not isinstance(node[0], nodes.title):
            name = self.attval(section[0].astext())
            self.body[-1] = self.body[-1].replace("<table", f'<table aria-label="{name}"', 1)
        if _drawn(node):  # one with many columns moves under the reader's finger; the page stays
            start = '<div class="table-scroll" tabindex="0">'
            self.body[-1] = self.body[-1].replace("<table", f"{start}\n<table", 1)

    def depart_table(self, node: nodes.table) -> None:
        super().depart_table(node)
        if _drawn(node):
            self.body.append("</div>\n")

    def visit_entry(self, node: nodes.entry) -> None:
        super().visit_entry(node)
        row = node.parent
        if isinstance(row.parent, nodes.thead):
            scope = "col"
        elif row[0] is node and node.astext().strip():  # an empty one names no row
            scope = "row"
        else:
            return
        self.body[-1] = re.sub("<t[dh]", f'<th scope="{scope}"', self.body[-1], count=1)
        self.context[-1] = self.context[-1].replace("</td>", "</th>")


def _drawn(table: nodes.table) -> bool:
    """Whether an editor drew it: those from data turn into lists where there is no room."""
    return not any("label" in entry for entry in table.findall(nodes.entry))


def _navigation(app: Sphinx, page: str) -> Markup:
    """The parts of `_toc.yml` with the pages in them: rendered once for each folder, then only marked for the page."""
    folder = page.rpartition("/")[0]
    if folder not in app.explainer_navigation:
        parts = _parts(app, f"{folder}/-" if folder else "-")
        app.explainer_navigation[folder] = app.builder.templates.render(
            "navigation.html", {"navigation": parts}
        )
    own = f'<a href="{app.builder.get_target_uri(page).rpartition("/")[2]}">'
    return Markup(app.explainer_navigation[folder].replace(own, '<a href="#" aria-current="page">'))


def _parts(app: Sphinx, seen_from: str) -> list[dict]:
    """Each part as {caption, pages}; pages nest."""
    site_map = app.env.external_site_map

    def pages(tree) -> list[dict]:
        return [
            page(str(item)) for item in tree.items if not places.for_reviewers(app.env, str(item))
        ]

    def page(name: str) -> dict:
        children = [child for tree in site_map[name].subtrees for child in pages(tree)]
        address = app.builder.get_relative_uri(seen_from, name)
        return {"address": address, "title": app.env.titles[name].astext(), "pages": children}

    return [
        {"caption": tree.caption, "pages": pages(tree)}
        for tree in site_map[site_map.root.docname].subtrees
    ]


def fill(app: Sphinx, pagename: str, context: dict, doctree: nodes.document | None) -> None:
    """What the frame shows around a page."""
    context["navigation"] = _navigation(app, pagename)
    context["headings"] = _headings(doctree) if doctree is not None else []
    context["prev"], context["next"] = (_neighbour(app, pagename, way) for way in (1, 2))
    context["has_chart"] = '<figure class="chart"' in context.get("body", "")
    context["page_link"] = f'aria-label="{PAGE_LINK}">#</a>'
    context["source_title"] = of(app).source.title
    context["search_examples"] = app.config.explainer_search_examples
    context["edition"] = app.config.explainer_edition
    context["is_home"] = pagename == app.config.root_doc
    context["edition"] = app.config.explainer_edition
    context["full_text"], context["terms"] = (
        {"page": places.page_of(app.env, what), "title": places.title_of(app.env, what)}
        for what in (places.FULL_TEXT, places.TERMS)
    )
    context["printed"] = app.explainer_printed
    context["downloads"] = places.DOWNLOADS
    context["security"] = security.CONTENT
    context["search_page"], context["verdicts_page"] = places.SEARCH, places.VERDICTS
    context["places"] = [(use, *place) for use in PLACES if (place := places.given(app.env, use))]
    context["publication"] = {
        key: value for key, value in app.config.explainer_publication.items() if value
    }


def _neighbour(app: Sphinx, page: str, way: int) -> dict | None:
    """The page before (1) or after (2) this one; who reads on, reads past those for reviewers."""
    relations = app.builder.relations
    other = relations.get(page, (None,) * 3)[way]
    while other and places.for_reviewers(app.env, other):
        other = relations[other][way]
    return other and {
        "link": app.builder.get_relative_uri(page, other),
        "title": app.builder.render_partial(app.env.titles[other])["title"],
    }


def _headings(doctree: nodes.document) -> list[tuple[str, str]]:
    """(id, words) of the page's second-level headings."""
    top = next(doctree.findall(nodes.section), None)
    if top is None:
        return []
    return [
        (section["ids"][0], section.next_node(nodes.title).astext())
        for section in top.children
        if isinstance(section, nodes.section)
    ]


def prepare(app: Sphinx) -> None:
    """The style sheet, palette first: made at build time, so that it cannot go stale."""
    app.builder.search = False  # Sphinx's own finds next to nothing in Chinese
    static = Path(app.outdir) / "_static"
    static.mkdir(parents=True, exist_ok=True)
    sheet = style.css() + (THEME / "site.css").read_text("utf-8")
    (static / "site.css").write_bytes(sheet.encode())


def scripts() -> list[str]:
    """The names of our own."""
    return [path.name for path in (THEME / "static").glob("*.js")]


def add_vega(app: Sphinx) -> None:
    """Vega, and what it draws each chart from: a file of its own, fetched by who turns to the chart."""
    static = Path(app.outdir) / "_static"
    (static / "vega.js").write_bytes(app.explainer_drawings.vega)
    for drawing in app.explainer_drawings.all():
        (static / f"figure-{drawing.name}.js").write_bytes(drawing.script.encode())


def _fit_theme(app: Sphinx, config) -> None:
    """The theme has no options (Jupyter Book sets some of the theme that it expects) and no index page."""
    config.html_theme_options = {}
    config.html_use_index = False
    # A date or a number without quotation marks is no text in YAML.
    config.explainer_edition = str(config.explainer_edition or "")
    config.explainer_publication = {
        key: "" if value is None else str(value)
        for key, value in config.explainer_publication.items()
    }
    if config.explainer_publication.get("联系方式"):
        app.tags.add("contact")  # for what the book says of reporting errors


def setup(app: Sphinx) -> None:
    app.explainer_navigation = {}
    app.add_html_theme("explainer", str(THEME))
    app.add_config_value("explainer_publication", {}, "html")
    app.add_config_value("explainer_edition", "", "html")
    app.add_config_value("explainer_search_examples", "", "html")
    app.add_config_value("explainer_hosts", [], "")  # for the checks
    app.add_config_value("explainer_names", [], "")
    app.add_config_value("explainer_counted", [], "")
    # Jupyter Book sets it for an extension that this book leaves out.
    app.add_config_value("comments_config", {}, "")
    app.add_transform(WholeYears)
    app.set_translator("html", Translator)
    # Sphinx leaves other links out of a page's contents, and stumbles over one to a file in a heading.
    SphinxContentsFilter.visit_download_reference = (
        SphinxContentsFilter.ignore_node_but_process_children
    )
    app.connect("config-inited", _fit_theme)
