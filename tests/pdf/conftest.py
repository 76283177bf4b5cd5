"""Small books of their own, with the chapters that a test gives, and the PDF of the whole book."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from explainer import engine
from explainer.pdf.edition import FORMS, FULL, printed

from .paper import Paper

ROOT = Path(__file__).resolve().parents[2]
STRESS = Path(__file__).parent / "stress"
CONFIG = """title: 试
author: 某
copyright: ""
only_build_toc_files: true
parse: {myst_enable_extensions: [colon_fence, deflist, fieldlist]}
repository: {url: ""}
launch_buttons: {thebe: false}
latex: {use_jupyterbook_latex: false}
sphinx:
  recursive_update: true
  config:
    language: zh_CN
    extensions: [myst_nb, jupyter_book, sphinx_external_toc, sphinx_design, explainer.sphinx, explainer.pdf]
    html_theme: explainer
    nb_ipywidgets_js: {}
    explainer_meeting_front: one-minute
    myst_heading_anchors: 3
    smartquotes: false
    suppress_warnings: [explainer.coverage]
"""
INDEX = "(index)=\n# 一本书\n\n开头。\n\n(one-minute)=\n## 一分钟\n\n一句话。\n"


def ordinary(folder: Path) -> Path:
    """The form that holds all, in the standard's sizes; the others lie beside it."""
    (pdf,) = printed(folder, FULL) or printed(folder)
    return pdf


@pytest.fixture
def small_book(tmp_path: Path) -> Callable[..., Path]:
    """Builds a book with this chapter, and these lines more under `sphinx: config:`; gives its PDF, or its page where
    it is to have none."""

    def make(chapter: str, *settings: str, printed: bool = True) -> Path:
        root = tmp_path / "一 本书"
        book = root / "book"
        shutil.copytree(STRESS, book, dirs_exist_ok=True)
        for name in ("data", "scripts/charts"):
            shutil.copytree(ROOT / name, root / name, dirs_exist_ok=True)
        (root / "_config.yml").write_text(
            CONFIG + "".join(f"    {line}\n" for line in settings), "utf-8"
        )
        names = ("stress", "source", "glossary")
        toc = "format: jb-book\nroot: index\nchapters:\n" + "".join(
            f"- file: {name}\n" for name in names
        )
        (root / "_toc.yml").write_text(toc, "utf-8")
        for name in ("source", "glossary"):
            shutil.copy(ROOT / "book" / f"{name}.md", book)
        (book / "index.md").write_text(INDEX, "utf-8")
        (book / "stress.md").write_text(chapter, "utf-8")
        site = engine.build(root)
        pdfs = root / "_build" / "pdf"
        if not printed:
            assert not list(pdfs.glob("*.pdf"))
            return site.html.with_name("stress.html")
        return ordinary(pdfs)

    return make


@pytest.fixture(scope="session")
def edition(site: Path) -> Path:
    """The whole book on paper."""
    return ordinary(site.parent / "pdf")


@pytest.fixture(scope="session")
def paper(edition: Path) -> Paper:
    return Paper(edition)


@pytest.fixture(scope="session", params=FORMS, ids=lambda form: form.name)
def brief(request, site: Path) -> Paper:
    """What is handed out at a meeting, in both sizes."""
    (pdf,) = printed(site.parent / "pdf", request.param)
    return Paper(pdf)
