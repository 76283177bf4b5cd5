"""One page of every construct that an editor may use: drawn on both media, in the same words."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

import pypdf
import pytest
from bs4 import BeautifulSoup

from explainer import checks, engine
from explainer.checks.blocks import BLOCKS
from explainer.checks.structure import ROLES
from explainer.pdf import edition
from explainer.project import Project
from small import make_book

CHAPTER = (Path(__file__).parent / "constructs.md").read_text("utf-8")
# What only this book's own pages use, and what other rules refuse.
ELSEWHERE = {
    "answers",
    "printed-list",
    "tile",
    "tiles",
    "code-cell",
    "coverage-list",
    "download-list",
    "glossary-list",
    "source-text",
    "raw",
    "math",
}
BODY = CHAPTER.split("---\n", 2)[2]
ONLY = {"site": ("只在网上", "只在网上的一段"), "paper": ("只在纸上", "只在纸上的一段")}
# What says something of the page, not on it: labels, and what only those hear who do not see.
NOT_SHOWN = ("节的标签",)
HEARD = ("卡片里的圆", "图片的圆", "插图的圆", "行内的圆")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = make_book(tmp_path_factory.mktemp("一 本书"), {"constructs": CHAPTER})
    found = [
        str(f)
        for f in checks.run(Project(root))
        if f.file == "book/constructs.md" and f.rule.name != "coverage"
    ]
    assert found == []
    engine.build(root)
    return root


@pytest.fixture(scope="module")
def page(root: Path) -> BeautifulSoup:
    return BeautifulSoup(
        (root / "_build" / "html" / "constructs.html").read_text("utf-8"), "html.parser"
    )


@pytest.fixture(scope="module")
def site(page: BeautifulSoup) -> str:
    """The words of the page, without blanks."""
    article = BeautifulSoup(str(page.article), "html.parser")
    for part in article.select(".headerlink, .voice-label, svg, .source-tools, .cite, .turn-page"):
        part.decompose()
    return re.sub(r"\s", "", article.get_text())


@pytest.fixture(scope="module")
def pages(root: Path) -> list[pypdf.PageObject]:
    (pdf,) = edition.printed(root / "_build" / "pdf")
    return list(pypdf.PdfReader(pdf).pages)


@pytest.fixture(scope="module")
def paper(pages: list[pypdf.PageObject]) -> str:
    """The words of the chapter on paper, without blanks, running titles and page numbers."""
    lines = "\n".join(page.extract_text() for page in pages).split("\n")
    words = re.sub(
        r"\s",
        "",
        "".join(line for line in lines if "其余是编者说明" not in line and "规划解读" not in line),
    )
    return words[words.rindex("一、编辑可以写的") : words.rindex("一、规划作用和意义")]


def test_the_page_has_every_construct_that_the_checks_allow():
    used = set(re.findall(r"\{([\w-]+)\}", BODY)) | {
        "bdg-link" if "{bdg-link-" in BODY else "",
        "bdg-ref" if "{bdg-ref-" in BODY else "",
    }
    assert BLOCKS.keys() - used - ELSEWHERE == set() and ROLES - used - ELSEWHERE - {"eq"} == set()


def test_all_words_are_on_both_media(site: str, paper: str):
    words = set(
        re.findall("[\u4e00-\u9fff]+", re.sub(r"\[[^\]]*\]\([^)]*\)|\(.*?\)=", "", BODY))
    ) - {*NOT_SHOWN, *HEARD}
    assert len(words) > 90
    for medium, shown, other in (("site", site, "paper"), ("paper", paper, "site")):
        missing = sorted(word for word in words - {*ONLY[other]} if word not in shown)
        assert missing == [], medium
        assert not [word for word in ONLY[other] if word in shown], medium


def test_no_marks_are_left(site: str, paper: str):
    raw = re.compile(
        r":::|```|\*\*|~~|\{[\w-]+\}|\]\(|\[\^|&amp;|&lt;|\)=|<br|＊＊＊.*＊＊＊|mailto:|id\d", re.S
    )
    for medium in (site, paper):
        assert [medium[max(0, m.start() - 10) : m.end() + 10] for m in raw.finditer(medium)] == []


def test_addresses_are_whole(page: BeautifulSoup, pages: list[pypdf.PageObject]):
    links = {unquote(link["href"]) for link in page.article.select("a[href]")}
    printed = {
        a.get_object()["/A"].get("/URI")
        for sheet in pages
        for a in sheet.get("/Annots", [])
        if "/A" in a.get_object()
    }
    wanted = {
        "https://a.cn/?x=1&y=2",
        "https://b.cn/?p=1&q=2",
        "mailto:a@b.cn",
        "tel:12345",
        "https://a.cn/",
    }
    assert wanted <= links and wanted <= printed


def test_every_link_in_the_page_arrives(page: BeautifulSoup):
    """Also where its target is left out of this medium, or has become the title of a box."""
    ids = {element["id"] for element in page.select("[id]")}
    inside = {unquote(link["href"])[1:] for link in page.article.select('a[href^="#"]')}
    assert len(inside) > 10 and inside <= ids


def test_long_words_stay_on_the_paper(pages: list[pypdf.PageObject]):
    """70 Latin letters are wider than a line."""
    lines = [line for sheet in pages for line in sheet.extract_text().split("\n")]
    (first,) = (number for number, line in enumerate(lines) if line.startswith("abcdefghij" * 3))
    assert "abcdefghij" * 7 not in lines[first] and (lines[first] + lines[first + 1]).startswith(
        "abcdefghij" * 7 + "是一个"
    )


def test_every_box_has_a_look(page: BeautifulSoup, browser, root: Path):
    """And a page of everything is no wider than a small phone; what is chosen and what may be chosen can be read."""
    phone = browser.new_page(viewport={"width": 320, "height": 800})
    phone.goto((root / "_build" / "html" / "constructs.html").as_uri())
    assert phone.evaluate("document.documentElement.scrollWidth") <= 320
    kinds = {
        name
        for box in page.select(".admonition, .topic, .sidebar, .sd-card")
        for name in box["class"]
    }
    assert {"note", "tip", "warning", "danger", "error", "seealso", "topic", "sidebar"} <= kinds
    bare = phone.evaluate(
        """[...document.querySelectorAll(".admonition, .topic, .sidebar, .sd-card")]
           .filter(box => !parseFloat(getComputedStyle(box).borderTopWidth) && !box.matches(".sd-dropdown")).map(box => box.className)"""
    )
    assert bare == []
    inks = phone.evaluate(
        """[...document.querySelectorAll(".sd-tab-set > label")].map(label => getComputedStyle(label).color)"""
    )
    assert len(inks) == 2 and all(_contrast_with_white(ink) >= 4.5 for ink in inks)
    table = phone.locator(".table-scroll table").first
    assert table.evaluate(
        "t => t.parentElement.scrollWidth > t.parentElement.clientWidth && t.parentElement.tabIndex === 0"
    )
    phone.close()


def _contrast_with_white(ink: str) -> float:
    parts = [int(part) / 255 for part in re.findall(r"\d+", ink)[:3]]
    light = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 1.05 / (0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2] + 0.05)


IDS = """---
description: 一章。
---
# 章

{0}
见脚注[^注]，又[^d]，再[^注]。

```{{figure}} images/circle.svg
:alt: 圆

插图的题目
```

```{{code-block}} python
:caption: 代码的题目

x = 1
```

```{{list-table}} 表的题目
* - 一
  - 二
```

[^注]: 说明。

[^d]: 又一条。

(甲的标签)=

## 甲

(b)=

## 乙

话。

## 丙

### 为什么？

话。

## 丁

### 为什么？

见[甲](#甲的标签)、[乙](#b)。
"""


def test_ids_are_made_of_labels_and_words(tmp_path: Path):
    """What is put before others moves none of them, and links find them."""
    ids, others = [], []
    another = "## 另一节\n\n话[^c]。\n\n```{figure} images/circle.svg\n:alt: 圆\n\n另一张图\n```\n\n[^c]: 另一条。\n"
    for before in ("", another):
        root = make_book(tmp_path / str(len(ids)), {"ids": IDS.format(before)})
        engine.build(root, preview=True)
        page = BeautifulSoup(
            (root / "_build" / "preview" / "html" / "ids.html").read_text("utf-8"), "html.parser"
        )
        ids.append([section["id"] for section in page.select("article section")])
        others.append(
            {
                (part.name, part["id"])
                for part in page.article.find_all(id=True)
                if part.name != "section"
            }
        )
        links = {
            link.text: link["href"] for link in page.select("article p a") if link.text in "甲乙"
        }
        back = [
            link["href"][1:]
            for link in page.select("article aside a, article a.footnote-reference")
        ]
        assert {id for _, id in others[-1]} >= set(back) and len(back) >= 6
        first = ids[-1][1 + len(ids) - 1]
        assert links == {"甲": f"#{first}", "乙": "#b"}
    assert ids[1][:1] + ids[1][2:] == ids[0] and len(set(ids[0])) == 7 and "b" in ids[0]
    assert others[0] < others[1] and {name for name, _ in others[0]} >= {
        "figure",
        "div",
        "table",
        "a",
        "aside",
    }
    assert not any(re.fullmatch(r"id\d+", id) for id in [*ids[1], *(id for _, id in others[1])])
