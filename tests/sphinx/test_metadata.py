"""What machines are told of a page: in a small book with an address and a history, and in the site without an address."""

from __future__ import annotations

import io
import os
import shutil
import struct
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

from conftest import html_pages
from explainer import history
from explainer.errors import EditorError
from explainer.project import current

ADDRESS = "https://www.example.gov.cn/kjgh/"
CHAPTERS = {
    "index": "---\ndescription: 一本“小”书。\n---\n# 首页\n\n开头。\n",
    "plain": "# 没有写简介的一章\n\n第一句话。第二句话。\n",
    "below": "# 下一层\n\n:::{note}\n里面的话，没有句号\n:::\n",
}


def commit(root: Path, day: str) -> None:
    when = {"GIT_AUTHOR_DATE": f"{day}T00:30:00+0800", "GIT_COMMITTER_DATE": f"{day}T00:30:00+0800"}
    who = ["-c", "user.name=某", "-c", "user.email=a@b.cn"]
    for command in (["add", "-A"], ["commit", "-qm", "改"]):
        subprocess.run(["git", *who, *command], cwd=root, env={**os.environ, **when}, check=True)


def meta(page: BeautifulSoup) -> dict[str, str]:
    return {
        m.get("name") or m.get("property"): m["content"]
        for m in page.select("meta[name], meta[property]")
    }


@pytest.fixture(scope="module")
def book(tmp_path_factory) -> Path:
    """The site of a small book whose chapters were committed on different days."""
    root = tmp_path_factory.mktemp("书")
    shutil.copytree(current().data, root / "data")
    (root / "book").mkdir()
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    for day, (name, text) in enumerate(CHAPTERS.items(), 1):
        (root / "book" / f"{name}.md").write_text(text, "utf-8")
        commit(root, f"2026-03-0{day}")
    (root / "_toc.yml").write_text(
        "format: jb-book\nroot: index\nparts:\n- caption: 甲部\n  chapters:\n  - file: plain\n"
        "    sections:\n    - file: below\n",
        "utf-8",
    )
    warnings = io.StringIO()
    with docutils_namespace():
        Sphinx(
            root / "book",
            None,
            root / "html",
            root / "doctrees",
            "html",
            confoverrides={
                "extensions": ["myst_nb", "sphinx_external_toc", "explainer.sphinx"],
                "external_toc_path": str(root / "_toc.yml"),
                "myst_enable_extensions": ["colon_fence"],
                "html_theme": "explainer",
                "html_title": "一本小书",
                "language": "zh_CN",
                "nb_execution_mode": "off",
                "html_baseurl": ADDRESS.rstrip("/"),
                "suppress_warnings": ["explainer.coverage"],
                "explainer_publication": {"主办单位": "某局", "发布日期": "2021-11-09", "文号": ""},
            },
            status=None,
            warning=warnings,
        ).build()
    assert warnings.getvalue() == ""
    return root / "html"


@pytest.fixture(scope="module")
def pages(book: Path) -> dict[str, BeautifulSoup]:
    return {
        path.stem: BeautifulSoup(path.read_text("utf-8"), "html.parser")
        for path in book.glob("*.html")
    }


def test_a_page_has_its_address(pages) -> None:
    canonical = {name: page.select_one("link[rel=canonical]") for name, page in pages.items()}
    assert canonical.pop("404") is None
    assert {name: link["href"] for name, link in canonical.items()} == {
        "index": ADDRESS,
        **{name: f"{ADDRESS}{name}.html" for name in ("plain", "below", "search", "verdicts")},
    }
    assert all(meta(pages[name])["og:url"] == link["href"] for name, link in canonical.items())


def test_a_page_is_described_by_its_chapter_or_by_its_first_sentences(pages) -> None:
    described = {name: meta(page)["description"] for name, page in pages.items()}
    assert described["index"] == "一本“小”书。"
    assert described["plain"] == "第一句话。第二句话。"
    assert described["below"] == "里面的话，没有句号"
    assert all(described.values())
    assert meta(pages["plain"])["og:description"] == described["plain"]


def test_government_fields_are_there_when_filled_and_the_sites_number_never(pages) -> None:
    fields = meta(pages["below"])
    assert (
        fields["ArticleTitle"] == "下一层"
        and fields["ColumnName"] == "甲部"
        and fields["ColumnType"] == "政策解读"
    )
    assert fields["SiteName"] == "一本小书" and fields["SiteDomain"] == "www.example.gov.cn"
    assert fields["PubDate"] == "2021-11-09" and fields["ContentSource"] == "某局"
    assert "ArticleTitle" not in meta(pages["index"])
    assert all("SiteIDCode" not in meta(page) for page in pages.values())


def test_the_card_is_a_picture_at_an_absolute_address(book: Path, pages) -> None:
    fields = meta(pages["plain"])
    file = book / fields["og:image"].removeprefix(ADDRESS)
    picture = file.read_bytes()
    assert struct.unpack(">II", picture[16:24]) == (1200, 630) and len(picture) < 200_000
    assert fields["twitter:card"] == "summary_large_image" and fields["og:locale"] == "zh_CN"
    assert fields["og:image:alt"] == "一本小书。一本“小”书。"


def test_sitemap_lists_the_chapters_with_their_days(book: Path) -> None:
    names = {"": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    listed = {
        url.find("loc", names).text: url.find("lastmod", names).text
        for url in ET.parse(book / "sitemap.xml").getroot()
    }
    assert listed == {
        ADDRESS: "2026-03-01",
        f"{ADDRESS}plain.html": "2026-03-02",
        f"{ADDRESS}below.html": "2026-03-03",
    }
    assert f"Sitemap: {ADDRESS}sitemap.xml" in (book / "robots.txt").read_text("utf-8")


def test_a_chapter_says_when_it_was_last_changed(pages) -> None:
    """In China it was the third of March when in Greenwich it was still the second."""
    time = pages["below"].select_one("h1 + .headerlink + .updated time")
    assert time["datetime"] == time.text == "2026-03-03"
    assert pages["search"].find("time") is None


def test_links_of_a_lost_readers_page_work_at_any_depth(pages) -> None:
    page = pages["404"]
    links = [e.get("href") or e.get("src") for e in page.select("[href], [src]")]
    assert {"/kjgh/index.html", "/kjgh/search.html"} < set(links)
    assert all(link.startswith(("/kjgh/", "#")) for link in links), links
    assert set(meta(page)) == {"viewport", "description"}


def test_a_lost_readers_page_serves_everyone(browser, address: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    for width, scheme in ((360, "light"), (1280, "dark")):
        context = browser.new_context(
            viewport={"width": width, "height": 800}, color_scheme=scheme, bypass_csp=True
        )
        page = context.new_page()
        errors = []
        page.on(
            "console",
            lambda message: errors.append(message.text) if message.type == "error" else None,
        )
        page.goto(f"{address}/404.html")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert Axe().run(page).response["violations"] == [] and errors == []
        page.locator("article").get_by_role("link", name="首页").click()
        assert page.locator("h1").is_visible() and page.url == f"{address}/index.html"
        context.close()


def test_without_an_address_nothing_claims_one(site: Path) -> None:
    assert not (site / "sitemap.xml").exists() and not (site / "robots.txt").exists()
    titles = []
    for path in html_pages(site):
        page = BeautifulSoup(path.read_text("utf-8"), "html.parser")
        fields = meta(page)
        assert page.select("link[rel=canonical]") == [] and not {
            "og:url",
            "og:image",
            "SiteDomain",
        } & set(fields)
        assert 5 < len(fields["description"]) < 160 and all(fields.values())
        titles.append(page.title.text)
    assert len(titles) == len(set(titles)) > 2


def test_days_come_from_the_whole_history_or_not_at_all(book: Path, tmp_path: Path) -> None:
    root = book.parent
    assert history.last_changes(root)["book/plain.md"] == "2026-03-02"
    assert history.last_changes(root / "book")["plain.md"] == "2026-03-02"
    subprocess.run(
        ["git", "clone", "-q", "--depth", "1", root.as_uri(), tmp_path / "part"], check=True
    )
    for folder, words in ((tmp_path / "part", "只有一部分历史"), (tmp_path, "不是 git 版本库")):
        with pytest.raises(EditorError, match=words):
            history.last_changes(folder)
