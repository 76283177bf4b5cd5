"""The verification of a finished product: silent on the good one, and it finds each way of being broken."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from explainer.project import current
from explainer.release import verify


@pytest.fixture(scope="module")
def product(site: Path) -> verify.Product:
    return verify.product(site, current())


def test_the_site_as_built_is_whole(product: verify.Product):
    assert [str(finding) for finding in verify.verify(product)] == []


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def add(path: Path, words: str) -> None:
    edit(path, "</article>", f"{words}</article>")


def test_whatever_is_broken_is_found(site: Path, tmp_path: Path):
    """All at once: each has its own place, and the parsing takes longest."""
    html = tmp_path / "html"
    shutil.copytree(site, html)
    (html / "coverage.html").unlink()
    add(html / "data.html", '<a href="gone.html">去</a><a href="source.html#s9.9">去</a>')
    add(
        html / "changelog.html",
        '<img src="https://example.com/a.png" alt=""><a href="https://example.com/">可以去</a>',
    )
    add(html / "about.html", '<link rel="stylesheet" href="//example.com/a.css">')
    add(html / "glossary.html", "<p>&lt;&lt;&lt;&lt;&lt;&lt;&lt; HEAD</p>")
    (html / "downloads" / "interpretation.txt").write_text("别的", "utf-8")
    next((html / "downloads").glob("meeting-edition-2*.pdf")).unlink()
    (html / ".buildinfo").touch()
    (html / "other.css").write_text(
        '@import "//example.com/b.css"; p { background: url(https://example.com/c.png); }', "utf-8"
    )
    (data,) = (html / "_static").glob("search-data*.js")
    data.write_text(data.read_text("utf-8").replace("无从依附", "无从"), "utf-8")
    found = verify.verify(verify.product(html, current()))
    assert all(finding.remedy for finding in found)
    said = [f"{finding.where}: {finding.message}" for finding in found]
    for expected in (
        "coverage.html: 目录里有这一章，网站里没有",
        "data.html: 链接落空：gone.html",
        "data.html: 链接到了那一页，却没有那一处：source.html#s9.9",
        "changelog.html: 向别的网站要东西：https://example.com/a.png",
        "about.html: 向别的网站要东西：//example.com/a.css",
        "glossary.html: 页面上有不该有的字：<<<<<<<",
        "downloads/interpretation.txt: 供下载的原文缺少，或与登记的指纹不符",
        "downloads: 供下载的会议版 PDF 缺少，或不止一份",
        ".buildinfo: 工作文件混进了网站",
        "other.css: 向别的网站要东西：//example.com/b.css",
        "other.css: 向别的网站要东西：https://example.com/c.png",
        f"_static/{data.name}: 搜不到原文 3.1.3：没有制度创新，科技创新就无从依附。",
    ):
        assert expected in said, expected
    assert not any("可以去" in words or words.endswith("https://example.com/") for words in said)


def test_data_for_the_search_that_cannot_be_read_is_found(tmp_path: Path):
    (tmp_path / "_static").mkdir()
    (tmp_path / "_static" / "search-data.js").write_text("window.searchData={", "utf-8")
    (finding,) = verify.search_answers(verify.product(tmp_path, current()))
    assert "搜索要用的资料缺少或读不懂" in str(finding)


def test_a_printed_sentence_that_is_not_the_source_s_is_found(product: verify.Product):
    told = dict(
        product.printed,
        block=[page.replace("无从依附", "无从谈起") for page in product.printed["block"]],
    )
    other = verify.product(product.html, current())
    other.__dict__["printed"] = told
    assert any(
        "会议版里没有原文 3.1.3" in str(finding)
        for finding in verify.printed_words_are_the_sources(other)
    )


def test_an_edition_must_be_shown_on_every_page_and_in_print(
    product: verify.Product, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(product.settings["sphinx"]["config"], "explainer_edition", "2099.9")
    rules = (verify.edition_is_shown, verify.printed_words_are_the_sources)
    said = [str(finding) for rule in rules for finding in rule(product)]
    assert any("about.html: 页脚没有写版本“2099.9”" in words for words in said)
    assert any("会议版上没有印版本号“2099.9”" in words for words in said)


def test_the_site_s_own_address_is_its_own(tmp_path: Path):
    (tmp_path / "index.html").write_text(
        '<link rel="icon" href="https://book.example/a.svg">', "utf-8"
    )
    product = verify.product(tmp_path, current())
    assert len(list(verify.no_foreign_host(product))) == 1
    product.settings["html"]["baseurl"] = "https://book.example/"
    assert list(verify.no_foreign_host(product)) == []
    assert [str(finding)[:38] for finding in verify.links_land(product)] == [
        "index.html: 链接落空：https://book.example/"
    ]


def test_a_folder_without_a_site(tmp_path: Path):
    (finding,) = verify.verify(verify.product(tmp_path, current()))
    assert "这个文件夹里没有网站" in str(finding)
