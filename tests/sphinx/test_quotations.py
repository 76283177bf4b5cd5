"""The directives and roles, in a book of one chapter built by Sphinx itself."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

from explainer import tables
from explainer.project import current
from marked import unmarked

# What pages link to, under names that the program cannot know.
OTHERS = {
    "whole": "# 页\n\n```{source-text}\n```\n",
    "terms": "# 页\n\n```{glossary-list}\n```\n",
    "office": "# 页\n\n(mistakes)=\n## 有错？\n\n话。\n",
}


ASKED = """yi,一？,答一。,3.1.3｜激发科技创新发展的活力,
er,二？,答二。,,缺这个。
yi,一？,答三。,3.1.1,
"""


def add_asked(data: Path, rows: str) -> None:
    """A table of questions, as a book may have."""
    (data / "asked.csv").write_text(f"编号,问题,回答,引文,缺什么\n{rows}", "utf-8")
    package = json.loads((data / tables.PACKAGE).read_text("utf-8"))
    columns = zip(
        ("编号", "问题", "回答", "引文", "缺什么"),
        ("id", "question", "answer", "quotes", "missing"),
    )
    fields = [
        {"name": name, "alias": alias, "type": "string", "description": ""}
        | ({"source": tables.CITATIONS} if alias == "quotes" else {})
        for name, alias in columns
    ]
    resource = {"name": "asked", "path": "asked.csv", "title": "问", "description": "问。"}
    package["resources"].append(resource | {"schema": {"fields": fields}})
    (data / tables.PACKAGE).write_text(json.dumps(package), "utf-8")


def build(folder: Path, text: str, *, asked: str = "", **settings) -> tuple[BeautifulSoup, str]:
    """The built page and what Sphinx warned of."""
    import io

    book = folder / "book"
    book.mkdir()
    shutil.copytree(current().data, folder / "data")
    if asked:
        add_asked(folder / "data", asked)
    (book / "index.md").write_text(text, "utf-8")
    for page, words in OTHERS.items():
        (book / f"{page}.md").write_text(words, "utf-8")
    (folder / "_toc.yml").write_text(
        "format: jb-book\nroot: index\nchapters:\n"
        + "".join(f"  - file: {page}\n" for page in OTHERS),
        "utf-8",
    )
    warnings = io.StringIO()
    with docutils_namespace():
        Sphinx(
            book,
            None,
            folder / "html",
            folder / "doctrees",
            "html",
            confoverrides={
                "extensions": ["myst_nb", "sphinx_external_toc", "explainer.sphinx"],
                "external_toc_path": str(folder / "_toc.yml"),
                "html_theme": "explainer",
                "language": "zh_CN",
                # The charts to be downloaded are drawn once for all these books.
                "nb_execution_mode": "cache",
                "nb_execution_cache_path": str(folder.parent / "cache"),
                "myst_enable_extensions": ["colon_fence"],
                "suppress_warnings": ["explainer.coverage"],  # of the rest of the source
                **settings,
            },
            status=None,
            warning=warnings,
        ).build()
    page = (folder / "html" / "index.html").read_text("utf-8")
    return BeautifulSoup(page, "html.parser").find("article"), warnings.getvalue()


def test_a_paragraph_is_transcluded_sentence_by_sentence(tmp_path) -> None:
    article, warnings = build(tmp_path, "# 题\n\n:::{quote} 3.1\n:::\n")
    assert warnings == ""
    block = article.find("blockquote")
    assert block["data-source"] == "3.1" and block["cite"] == "whole.html#s3.1"
    assert block.get_text().strip() == current().source.paragraphs["3.1"].text
    assert [s["data-source"] for s in block.find_all("span")] == [
        "3.1.1",
        "3.1.2",
        "3.1.3",
        "3.1.4",
    ]
    assert article.select_one(".quotation-source a")["href"] == "whole.html#s3.1"


def test_words_of_a_paragraph_are_quoted_alone(tmp_path) -> None:
    words = "没有制度创新，科技创新就无从依附。"
    article, warnings = build(tmp_path, f"# 题\n\n:::{{quote}} 3.1\n{words}\n:::\n")
    assert warnings == ""
    assert article.find("blockquote").get_text().strip() == words


def test_inline_words_link_to_the_smallest_unit_around_them(tmp_path) -> None:
    article, warnings = build(tmp_path, "# 题\n\n他说{quote}`合力打造环粤港澳大湾区创新节点`。\n")
    assert warnings == ""
    quotation = article.find("q")
    assert quotation["data-source"] == "2.4.2" and quotation.a["href"] == "whole.html#s2.4.2.1"
    assert quotation.a["title"] == "原文 2.4.2(1)"
    assert "他说“合力打造环粤港澳大湾区创新节点”。" in article.get_text()
    assert (
        quotation.a["aria-label"] == "引文：合力打造环粤港澳大湾区创新节点"
    )  # who listens sees no line under it


def test_oddities_are_remarked_outside_the_quotation(tmp_path) -> None:
    article, _ = build(tmp_path, "# 题\n\n:::{quote} 3.2\n:::\n")
    assert "〔原文如此〕" in article.find(class_="quotation").get_text()
    assert "〔原文如此〕" not in article.find("blockquote").get_text()


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("# 题\n\n一行。\n\n他说{quote}`没有制度革新`。\n", 5, "“革”应为“创”"),
        ("# 题\n\n:::{quote} 9.9\n:::\n", 3, "原文没有编号 9.9"),
        ("# 题\n\n{gloss}`元宇宙`\n", 3, "名词解释里没有“元宇宙”"),
        ("# 题\n\n```{data-table} tasks\n:columns: 名称、价格\n```\n", 3, "没有“价格”这一列"),
    ],
)
def test_what_is_wrong_is_warned_of_with_file_and_line(tmp_path, text, line, words) -> None:
    _, warnings = build(tmp_path, text)
    assert f"index.md:{line}: " in warnings and words in warnings


def test_whatever_is_not_the_source_is_marked_as_the_editors(tmp_path) -> None:
    article, _ = build(
        tmp_path, "# 题\n\n开头的话。\n\n## 问题？\n\n:::{quote} 3.1.3\n:::\n\n解释。\n\n- 一条\n"
    )
    notes = article.find_all(class_="editors-note")
    assert [n.find(class_="voice-label").get_text() for n in notes] == ["编者说明：", "编者说明："]
    assert "开头的话。" in notes[0].get_text()
    assert "解释。" in notes[1].get_text() and "一条" in notes[1].get_text()
    assert unmarked(article) == []


WHATEVER = """# 题

话。

::::{only} html
在网上。
::::

:::{quote} 3.1.3
:::

- 一

  1. 二

:::{note}
留心。
:::

甲
: 乙

| 甲 | 乙 |
|---|---|
| 丙 | 丁 |

## 深一层

```{data-table} oddities
```

> 别人的话。

:::{quote} 3.1.2
:::

:::{only} meeting
在纸上。
:::

::::{tiles}
:::{tile} zones
:columns: 名称
五个
:::
::::

```text
代码
```

话[^一]。

[^一]: 脚注。

```{printed-list}
```
"""


def test_no_word_of_the_editors_is_outside_a_marked_stretch(tmp_path) -> None:
    """Whatever they write, and in whatever order: each stretch begins with the label, and none is the label alone."""
    article, warnings = build(tmp_path, WHATEVER, myst_enable_extensions=["colon_fence", "deflist"])
    assert warnings == "" and unmarked(article) == []
    notes = article.find_all(class_="editors-note")
    assert len(notes) == 4
    for note in notes:
        assert next(iter(note.find_all(True)))["class"] == ["voice-label"]
        assert note.get_text().strip() != "编者说明："
        assert "editors-note" not in str(
            note.find_previous_sibling(True).get("class")
        )  # one stretch is marked once


def test_a_page_without_the_source_says_once_that_it_is_the_editors(tmp_path) -> None:
    article, _ = build(tmp_path, "# 题\n\n话。\n\n话。\n")
    assert article.get_text().count("编者说明") == 1


def test_a_page_of_the_editors_that_quotes_says_so(tmp_path) -> None:
    article, _ = build(tmp_path, "# 题\n\n他说{quote}`农业科技园`。\n")
    assert "除了画线的引文" in article.get_text()


def test_code_images_and_cards_are_the_editors_too(tmp_path) -> None:
    article, _ = build(tmp_path, "# 题\n\n:::{quote} 3.1.3\n:::\n\n```text\n代码\n```\n")
    assert article.find("pre").find_parent(class_="editors-note")


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("“十三五” <2.2.1>", "说“十三五”。"),
        ("“双轮”驱动 <3.1.1>", "说“双轮”驱动。"),
        ("农业科技园", "说“农业科技园”。"),
    ],
)
def test_quotation_marks_are_not_doubled(tmp_path, words: str, shown: str) -> None:
    article, _ = build(tmp_path, f"# 题\n\n说{{quote}}`{words}`。\n")
    assert shown in article.get_text()


def test_a_headings_label_is_its_id(tmp_path) -> None:
    article, _ = build(tmp_path, "# 题\n\n(why)=\n## 为什么？\n\n话。\n")
    assert article.find("section", id="why").h2.get_text().startswith("为什么？")


def test_a_drawn_table_is_called_as_its_section_and_its_rows_by_their_first_cells(tmp_path) -> None:
    article, _ = build(tmp_path, "# 题\n\n## 谁用什么\n\n|甲|乙|\n|---|---|\n|一|二|\n")
    assert article.table["aria-label"] == "谁用什么"
    assert [(th["scope"], th.get_text()) for th in article.table.find_all("th")] == [
        ("col", "甲"),
        ("col", "乙"),
        ("row", "一"),
    ]
    assert [td.get_text() for td in article.table.find_all("td")] == ["二"]


def test_the_link_to_a_heading_is_no_part_of_it(tmp_path) -> None:
    article, _ = build(tmp_path, "# 题\n\n(why)=\n## 为什么？\n\n话。\n")
    for heading, name in ((article.h1, "本页链接"), (article.h2, "本节链接")):
        link = heading.find_next_sibling()
        assert (
            heading.a is None
            and link["aria-label"] == name
            and link["href"] == f"#{heading.parent['id']}"
        )


def test_an_error_in_a_sentence_is_reported_where_the_editors_say(tmp_path) -> None:
    article, _ = build(
        tmp_path,
        "# 题\n\n:::{quote} 3.1\n没有制度创新，科技创新就无从依附。\n:::\n",
        explainer_report="mailto:kj@example.cn?subject={id}&body=",
    )
    assert [a["href"] for a in article.select(".source-tools a")] == [
        "whole.html#s3.1.3",
        "mailto:kj@example.cn?subject=3.1.3&body=",
    ]


def test_no_report_is_asked_for_where_there_is_nobody_to_report_to(tmp_path) -> None:
    article, _ = build(
        tmp_path, "# 题\n\n:::{quote} 3.1\n:::\n", explainer_places={"报告错误": "mistakes"}
    )
    assert "报" not in article.select_one(".source-tools").get_text()
    assert article.select_one(".source-tools summary")["aria-label"] == "引用：原文 3.1"


def test_ids_say_the_clause(tmp_path) -> None:
    """As readers see them, and as editors may write them; addresses stay as they are."""
    article, warnings = build(
        tmp_path, "# 题\n\n:::{quote} 2.4.2(10)\n:::\n\n{quote}`科技创新就无从依附`\n"
    )
    assert warnings == ""
    link = article.select_one(".quotation-source a")
    assert link.get_text() == "原文 2.4.2(10)" and link["href"] == "whole.html#s2.4.2.10"
    assert article.blockquote["data-source"] == "2.4.2.10" and article.q.a["title"] == "原文 3.1.3"


def test_a_tile_has_every_row_of_its_table_each_linked_to_its_sentence(tmp_path) -> None:
    tile = "::::{tiles}\n:::{tile} tasks\n:columns: 编号、名称\n[十项](#why)\n:::\n::::\n"
    article, warnings = build(
        tmp_path, f"# 题\n\n{tile}\n(why)=\n## 为什么\n\n:::{{quote}} 3.1.3\n:::\n"
    )
    assert warnings == ""
    tasks = current().frame("tasks")
    items = article.select(".tiles > .tile > ul > li")
    assert [item.get_text().strip() for item in items] == [
        f"{task.number} {task.name}" for task in tasks.itertuples()
    ]
    assert [item.q.a["href"] for item in items] == [
        f"whole.html#{anchor}" for anchor in tasks.anchor
    ]
    assert article.select_one(".tile > p > a")["href"] == "#why"
    assert article.select_one(".tiles").find_parent(class_="editors-note")


def test_a_tile_of_no_table_is_warned_of(tmp_path) -> None:
    _, warnings = build(
        tmp_path, "# 题\n\n::::{tiles}\n:::{tile} tasks\n:columns: 价格\n话\n:::\n::::\n"
    )
    assert "index.md:5: " in warnings and "没有“价格”这一列" in warnings


def test_pages_are_found_by_what_stands_on_them(tmp_path) -> None:
    """Whatever their names: the full text, the terms, where to report an error; in the page's frame too."""
    places = {"编写说明": "office", "无障碍说明": "", "报告错误": "mistakes", "更新记录": "nowhere"}
    term = current().frame(tables.GLOSSARY).iloc[0]
    article, warnings = build(
        tmp_path,
        f"# 题\n\n:::{{quote}} 3.1\n:::\n\n{{gloss}}`{term.term}`\n",
        explainer_places=places,
        explainer_publication={"联系方式": "0763-0000000"},
    )
    assert warnings == "" and "place:" not in str(article)
    assert article.select_one("a.gloss")["href"] == f"terms.html#{term.id}"
    assert article.select_one(".quotation-source a")["href"] == "whole.html#s3.1"
    assert article.select(".source-tools a")[1]["href"] == "office.html#mistakes"
    for page, report in (
        ("index", "office.html#mistakes"),
        ("office", "#mistakes"),
        ("search", "office.html#mistakes"),
    ):
        frame = BeautifulSoup(
            (tmp_path / "html" / f"{page}.html").read_text("utf-8"), "html.parser"
        )
        links = {link.get_text(): link["href"] for link in frame.select("footer .links a")}
        assert links == {"编写说明": "#" if page == "office" else "office.html", "报告错误": report}
    nothing = BeautifulSoup(
        (tmp_path / "html" / "search.html").read_text("utf-8"), "html.parser"
    ).main
    assert {link["href"] for link in nothing.select("a")} == {
        "whole.html",
        "terms.html",
        "verdicts.html",
        "#chapters",
    }


def test_a_book_that_quotes_has_a_page_with_the_full_text(tmp_path, monkeypatch) -> None:
    monkeypatch.setitem(OTHERS, "whole", "# 页\n")
    _, warnings = build(tmp_path, "# 题\n\n:::{quote} 3.1\n:::\n")
    assert "书里没有放原文全文的一页" in warnings


ANSWERED = """# 题

```{answers} asked
:by: 问题
:index:
```
"""


def test_answers_are_sections_of_the_rows_that_ask_the_same(tmp_path) -> None:
    """What is quoted as blocks, the editors' answer and each other column marked as theirs; a link for each question."""
    article, warnings = build(tmp_path, ANSWERED, asked=ASKED)
    assert warnings == "" and unmarked(article) == []
    assert [(a["href"], a.get_text()) for a in article.select(".choices a")] == [
        ("#yi", "一？"),
        ("#er", "二？"),
    ]
    one, two = (article.find("section", id=id) for id in ("yi", "er"))
    assert [q["data-source"] for q in one.find_all("blockquote")] == ["3.1.3", "3.1.4", "3.1.1"]
    assert one.find_all("blockquote")[1].get_text().strip() == "激发科技创新发展的活力"
    assert "答一。" in one.get_text() and "答三。" in one.get_text() and not two.find("blockquote")
    assert two.find(class_="entry-label").get_text() == "缺什么："


def test_quotations_in_one_cell_are_parted_and_nothing_else(tmp_path) -> None:
    article, _ = build(
        tmp_path, "# 题\n\n```{data-table} asked\n:columns: 问题、引文\n```\n", asked=ASKED
    )
    cells = [row.find_all(["td", "th"])[1].get_text().strip() for row in article.select("tbody tr")]
    assert any("；" in cell for cell in cells)
    assert not any(cell.startswith("；") or cell.endswith("；") for cell in cells), cells


def test_answers_by_a_column_that_is_not_there(tmp_path) -> None:
    _, warnings = build(tmp_path, ANSWERED.replace("问题", "问"), asked=ASKED)
    assert "index.md:3: " in warnings and "“by”写的“问”不是一列" in warnings
