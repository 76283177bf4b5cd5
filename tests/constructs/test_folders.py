"""Chapters in folders of their own: checked, built, linked, found and printed as any other."""

from __future__ import annotations

import json

import pypdfium2
import pytest
from bs4 import BeautifulSoup

from explainer import checks, engine
from explainer.project import Project
from explainer.release import verify
from small import make_book

HEAD = """---
description: 一章。
file_format: mystnb
kernelspec:
  display_name: Python 3
  language: python
  name: python3
---

({name})=
# {name}章

"""
CHART = "\n```{code-cell} python\n:tags: [remove-input]\nimport charts\ncharts.two_turns()\n```\n"


def chapter(name: str, words: str) -> str:
    return HEAD.format(name=name) + words


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Project:
    chapters = {
        "near": chapter("near", "到[里面](part/far.md)去，到[最里面](part/deep/end.md)去。\n"),
        "part/far": chapter(
            "far",
            "回[首页](../index.md)，去[最里面](deep/end.md)，看![圈](../images/circle.svg)。\n\n{quote}`入珠融湾 <1.2.2>`\n"
            + CHART,
        ),
        "part/deep/end": chapter(
            "end",
            "最里面的一句话，回[near](../../near.md)，见{gloss}`产业链`。\n\n:::{quote} 1.1\n:::\n",
        ),
    }
    return Project(make_book(tmp_path_factory.mktemp("folders"), chapters))


def test_a_false_quotation_in_a_folder_is_found(book: Project) -> None:
    path = book.chapters / "part" / "deep" / "end.md"
    before = path.read_text("utf-8")
    path.write_text(before + "\n{quote}`没有这样的话，原文里`\n\n[不在](gone.md)\n", "utf-8")
    found = [
        str(finding)
        for finding in checks.run(Project(book.root))
        if finding.rule.name in ("inline-quotations", "internal-links")
    ]
    path.write_text(before, "utf-8")
    assert len(found) == 2 and all(line.startswith("book/part/deep/end.md:") for line in found)


def test_the_remedy_for_a_link_leads_from_the_chapter_s_own_folder(book: Project) -> None:
    path = book.chapters / "part" / "far.md"
    before = path.read_text("utf-8")
    path.write_text(before.replace("../index.md", "index.md"), "utf-8")
    (found,) = [
        str(finding)
        for finding in checks.run(Project(book.root))
        if finding.rule.name == "internal-links"
    ]
    path.write_text(before, "utf-8")
    assert "../index.md" in found


def test_pages_in_folders_are_whole_and_found_and_printed(book: Project) -> None:
    site = engine.build(book.root).html.parent
    product = verify.product(site, Project(book.root))
    # The rules on the product, but for the source, of which these chapters hold little.
    rules = (verify.all_chapters_are_there, verify.links_land, verify.no_foreign_host)
    assert [str(finding) for rule in rules for finding in rule(product)] == []
    page = BeautifulSoup((site / "part" / "far.html").read_text("utf-8"), "html.parser")
    assert page.select_one("figure.chart svg a")["href"].startswith("../source.html#s")
    assert (site / "part" / page.select_one("link[rel=stylesheet]")["href"]).is_file()
    (data,) = (site / "_static").glob("search-data*.js")
    content = json.loads(
        data.read_text("utf-8").removeprefix("window.searchData=").removesuffix(";\n")
    )
    assert any(
        page[0] == "part/deep/end.html" and "最里面的一句话" in json.dumps(page, ensure_ascii=False)
        for page in content["pages"]
    )
    (pdf, _) = sorted((book.build / "pdf").glob("*.pdf"))
    with pypdfium2.PdfDocument(pdf) as printed:
        assert "最里面的一句话" in "".join(
            "".join(sheet.get_textpage().get_text_range().split()) for sheet in printed
        )
