"""Old addresses lead to the new page, without scripts, from disk as well."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup

from explainer import engine
from explainer.engine import driver
from explainer.errors import EditorError
from explainer.project import current

CONFIG = """title: 试
author: 某
copyright: ""
only_build_toc_files: true
execute: {execute_notebooks: "off"}
repository: {url: ""}
launch_buttons: {thebe: false}
latex: {use_jupyterbook_latex: false}
sphinx:
  recursive_update: true
  config:
    language: zh_CN
    extensions: [myst_nb, jupyter_book, sphinx_external_toc, explainer.sphinx]
    html_theme: explainer
    explainer_redirects: {redirects}
    suppress_warnings: [explainer.coverage]
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    # Without the charts, which nobody looks at here.
    none = SimpleNamespace(folder=tmp_path / "drawings", all=list, vega=b"", close=lambda: None)
    monkeypatch.setattr(driver, "Drawings", lambda folder, root: none)
    (tmp_path / "book").mkdir()
    shutil.copytree(current().data, tmp_path / "data")
    (tmp_path / "_toc.yml").write_text(
        "format: jb-book\nroot: index\nchapters:\n- file: now\n", "utf-8"
    )
    for name in ("index", "now"):
        (tmp_path / "book" / f"{name}.md").write_text(
            f"({name})=\n# 新的一页\n\n一句话。\n", "utf-8"
        )
    return tmp_path


def configure(root: Path, redirects: str) -> None:
    (root / "_config.yml").write_text(CONFIG.replace("{redirects}", redirects), "utf-8")


def test_an_old_address_leads_to_the_new_page_in_a_browser_without_scripts(root: Path, browser):
    configure(root, '{before: "now#now"}')
    engine.build(root)
    old = root / "_build" / "html" / "before.html"
    page = BeautifulSoup(old.read_text("utf-8"), "html.parser")
    assert page.find("meta", {"http-equiv": "refresh"})["content"] == "0; url=now.html#now"
    assert page.main.a["href"] == "now.html#now" and page.main.a.get_text() == "新的一页"
    assert [script["src"].partition(".")[0] for script in page.find_all("script")] == [
        "_static/moved"
    ]
    context = browser.new_context(java_script_enabled=False)
    opened = context.new_page()
    opened.goto(old.as_uri())
    opened.wait_for_url("**/now.html#now")
    assert opened.locator("h1").inner_text().startswith("新的一页")
    context.close()


def test_a_place_in_an_old_address_is_found_on_the_new_page(root: Path, browser):
    """Also by a label that the heading had before it got another."""
    page = root / "book" / "now.md"
    page.write_text(
        page.read_text("utf-8") + "\n(first)=\n(second)=\n## GDP\n\n一句话。\n", "utf-8"
    )
    configure(root, '{before: now, there: "now#second"}')
    engine.build(root)
    html = root / "_build" / "html"
    opened = browser.new_page()
    for address, expected in (
        ("before.html#first", "now.html#first"),
        ("there.html#first", "now.html#second"),
        ("before.html", "now.html"),
    ):
        opened.goto((html / "index.html").as_uri())
        opened.goto(f"{html.as_uri()}/{address}", wait_until="commit")
        opened.wait_for_url(f"**/{expected}")
    for label in ("first", "second"):
        opened.goto(f"{html.as_uri()}/now.html#{label}")
        assert opened.evaluate(
            "document.querySelector(':target').closest('section').querySelector('h2').textContent"
        ).startswith("GDP")
    assert opened.locator("#gdp").count() == 0  # not an address: it goes with the words
    opened.close()


def test_the_setting_may_be_blank(root: Path):
    configure(root, "")
    engine.build(root)


def test_wrong_redirects_stop_the_build_with_their_line(root: Path):
    configure(root, "{before: nowhere, now: index}")
    with pytest.raises(EditorError) as caught:
        engine.build(root)
    line = CONFIG.splitlines().index("    explainer_redirects: {redirects}") + 1
    assert [str(error) for error in caught.value.errors] == [
        f"_config.yml:{line}: 旧网址“before”要转到的“nowhere”不存在。改法：写成 book/ 里已有的文件名，不带 .md。",
        f"_config.yml:{line}: 旧网址“now”现在还有这一页，不能转到别处。改法：删去这一行转址，或把那一页改名。",
    ]
