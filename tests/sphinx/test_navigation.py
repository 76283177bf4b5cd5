"""The contents beside each page: rendered once for all pages of a folder, since time must not grow with their square."""

from __future__ import annotations

from types import SimpleNamespace

from sphinx.util.osutil import relative_uri

from explainer.sphinx import places, site


def test_contents_are_rendered_once_for_each_folder_and_marked_for_each_page() -> None:
    names = [f"chapter-{n}" for n in range(50)] + ["annex/a", "annex/b"]
    rendered = []

    def render(template: str, context: dict) -> str:
        rendered.append(template)
        return "".join(
            f'<a href="{page["address"]}">{page["title"]}</a>'
            for page in context["navigation"][0]["pages"]
        )

    page = SimpleNamespace(subtrees=[])
    tree = SimpleNamespace(caption="各章", items=names)
    root = SimpleNamespace(docname="index", subtrees=[tree])
    app = SimpleNamespace(
        explainer_navigation={},
        builder=SimpleNamespace(
            templates=SimpleNamespace(render=render),
            get_target_uri=lambda name: f"{name}.html",
            get_relative_uri=lambda here, name: relative_uri(f"{here}.html", f"{name}.html"),
        ),
        env=SimpleNamespace(
            metadata={name: {} for name in names}
            | {"chapter-9": {"explainer_holds": [places.COVERAGE]}},
            titles={name: SimpleNamespace(astext=lambda name=name: name) for name in names},
            external_site_map=SiteMap({"index": root} | dict.fromkeys(names, page), root),
        ),
    )
    pages = {name: site._navigation(app, name) for name in ["index", *names]}
    assert len(rendered) == 2
    assert pages["index"].count("aria-current") == 0 and '<a href="annex/a.html">' in pages["index"]
    assert "chapter-9.html" not in pages["index"]  # who reviews the book gets there from a page
    for name in names:
        if name == "chapter-9":
            continue
        assert pages[name].count("aria-current") == 1
        assert f'<a href="#" aria-current="page">{name}</a>' in pages[name]
    assert (
        '<a href="../chapter-7.html">' in pages["annex/a"]
        and '<a href="b.html">' in pages["annex/a"]
    )


class SiteMap(dict):
    def __init__(self, pages: dict, root: SimpleNamespace) -> None:
        super().__init__(pages)
        self.root = root
