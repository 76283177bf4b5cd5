"""What editors rightly do every day: none of it is found fault with."""

from __future__ import annotations

from pathlib import Path

import pytest
from editing import copy_of_the_book, edited, findings, fitting

C, H, I = "book/contents.md", "book/characteristics.md", "book/institutions.md"
GLOSSARY = "data/glossary.csv"
HERE = "这一段很长，其实回答了三个问题。\n"
LAST_TERM = "jiandu-kaohe,"


def after(*lines: str) -> tuple[str, str, str]:
    """These lines as a new block of a chapter."""
    return C, HERE, HERE + "\n" + "\n".join(lines) + "\n"


GOOD = {
    "a new paragraph": after("新的一段话，说明上面的意思。"),
    "a list": after("- 第一条：定方向。", "- 第二条，定目标；", "- 第三条。"),
    "a numbered list": after("1. 先看现状。", "2. 再定目标。", "10. 最后看保障。"),
    "numbered in words": after(
        "（一）先看现状；（二）再定目标。", "", "1）先看现状。", "", "（1）先看现状。"
    ),
    "a table": after(
        "| 名称 | 说明 |", "|---|---|", "| 示范区 | 先做好的地方 |", "| 先行区 | 先走一步的地方 |"
    ),
    "a table with numbered rows": after(
        "| 序号 | 名称 |", "|---|---|", "| 1 | 示范区 |", "| 2 | 先行区 |"
    ),
    "a note": after(":::{note}", "这里请注意：原文没有说明。", ":::"),
    "a note with a title": after(
        ":::{admonition} 小提示", ":class: tip", "先看图，再看字。", ":::"
    ),
    "nested blocks": after("::::{note}", "先看原文：", "", ":::{quote} 3.1.3", ":::", "::::"),
    "a card": after(
        ":::{card} 看第三章", ":link: characteristics", ":link-type: doc", "规划有三个特点。", ":::"
    ),
    "cards in a grid": after(
        "::::{grid} 1 1 2 2",
        "",
        ":::{grid-item-card} 左边",
        "一句话。",
        ":::",
        "",
        ":::{grid-item-card} 右边",
        "一句话。",
        ":::",
        "::::",
    ),
    "tabs": after(
        "::::{tab-set}",
        ":::{tab-item} 清远市",
        "头部水平。",
        ":::",
        ":::{tab-item} 粤北地区",
        "前列。",
        ":::",
        "::::",
    ),
    "a dropdown": after(":::{dropdown} 想多知道一点", "原文没有更多说明。", ":::"),
    "a footnote": after("原文没有解释[^why]。", "", "[^why]: 编者查过，没有找到可靠的来源。"),
    "a link to a chapter": after("见[第一章](purpose.md)和[名词解释](glossary.md)。"),
    "a link to a label": after("见[“双轮”](#dual-wheel)一节，也见[这里](#part-one)。"),
    "a link to the web": after(
        "规划纲要见[中国政府网](https://www.gov.cn/zhengce/2019-02/18/content_5366593.htm)。"
    ),
    "a link by name": after("见[规划纲要][纲要]。", "", "[纲要]: https://www.gov.cn/"),
    "a bare address": after("网址是https://www.gov.cn/，邮箱是kjj@example.gov.cn。"),
    "an address as code": after("打开 `http://localhost:8000/contents.html?a=1,2` 就能看。"),
    "code": after("```text", "charts.dual_wheel(), 100%, TODO", "```"),
    "words of markup as code": after("引文写作 `` {quote}`…` ``，名词写作 `{gloss}`。"),
    "a picture": after("![网站的样子，左边是目录](images/screenshot.png)"),
    "a picture with a caption": after(
        "```{figure} images/screenshot.png",
        ":alt: 网站的样子",
        ":width: 80%",
        "网站的样子。",
        "```",
    ),
    "a quotation": after("原文说，{quote}`没有制度创新，科技创新就无从依附`。"),
    "a quotation with an id": after("还有{quote}`农业科技园 <2.3.1>`。"),
    "a quotation in a list": after(
        "- 原文说：{quote}`加强要素保障`；", "- 又说：{quote}`强化财税金融支持`。"
    ),
    "a quoted block of some words": after(
        ":::{quote} 3.1", "没有制度创新，科技创新就无从依附", ":::"
    ),
    "words of the source between marks": after(
        "原文说规划是“指导性文件”，又说“自主创新、重点跨越”。"
    ),
    "words for one medium": after(
        "不熟的词{only-html}`点一下就看到`{only-meeting}`在“名词解释”里`，也可以搜索。"
    ),
    "a term": after("这里说的{gloss}`产业链`，前面讲过。"),
    "a data table": after("```{data-table} zones", ":columns: 编号、名称", "```"),
    "a chart again": (
        H,
        "看图时请分清两件事。",
        "```{code-cell} python\n:tags: [remove-input]\ncharts.ten_tasks()\n```\n\n看图时请分清两件事。",
    ),
    "a heading with a label": after("(more)=", "## 还有什么？", "", "没有了。"),
    "a lower heading": after("### 定位", "", "两个。"),
    "ordinals and years": after(
        "第1条、第十条；2021年3月5日印发，到2025年底；见第3章、图1、表2，上午9:30开会。"
    ),
    "ids of the source": after("见3.1和3.1.3；2.4.2.3是半句。"),
    "a document number": after("文号是清府办〔2022〕15号。"),
    "counts in words": after("十大任务、五个区域、三句话、两张图、第四章；有十几句，占了大半。"),
    "a whole title with numbers": after(
        "《粤港澳大湾区发展规划纲要（2019-2035年）》是另一份文件。"
    ),
    "English names": after(
        "用 Excel 或 WPS 打开 CSV 文件，格式是 UTF-8；标准是GB/T 9704-2012，纸是A4，许可是CC BY 4.0。"
    ),
    "a licence with a number": after("按 CC BY 4.0 许可使用，用 Python 3.11 生成。"),
    "reduplicated words": after(
        "方方面面、处处、逐条、常常、慢慢、人人、天天、点点滴滴，是是非非，讨论讨论，一步一步，的的确确，和和气气。"
    ),
    "doubles across words": after(
        "为了了解情况，以此为目的的活动，针对对象，对对方，参与与否，研究所所长，首都都市圈，现在在建，以及及时，整合并行。"
    ),
    "nested marks": after("他说：“原文写的是‘入珠融湾’（见《规划》〔原文如此〕）。”"),
    "ellipsis and dash": after("从……向……转变——这是方向。"),
    "emphasis": after("**要成为什么？** 两个*定位*。"),
    "a comment": after("% 这一句给同事看：TODO，2021年的数还没有核对"),
    "a blank line more": after("", "", "话。"),
    "a line of its own": after("话。", "", "---", "", "话。"),
    "a definition": after("示范区", ": 先做好的地方。"),
    "a quotation mark block": after("> 这是编者摘的一句话。"),
    "text only for the web": after(":::{only} html", "点一下图，就能转。", ":::"),
    "a glossary row": (
        GLOSSARY,
        LAST_TERM,
        "shehui,社会资源,有效引导社会资源,,社会上的各种资源。原文没有列出。,字面,,2026年1月5日，没有查到定义。\n"
        + LAST_TERM,
    ),
    "a changed explanation": (GLOSSARY, "集中力量去突破", "集中力量突破"),
    "a changed description": (C, "description: 规划的四大部分", "description: 讲规划的四大部分"),
    "a note in the change log": (
        "CHANGELOG.md",
        "- 供打印的 PDF：会议版（开会发的，不超过八页）和它的大字版，详本（准备用的，全书）。\n",
        "- 供打印的 PDF：会议版（开会发的，不超过八页）和它的大字版，详本（准备用的，全书）。\n\n改动：\n\n- 第二章补了一句说明。\n",
    ),
    "a setting filled in": ("_config.yml", '文号: ""', "文号: 清府办〔2022〕15号"),
    "a caption of the contents": ("_toc.yml", "caption: 逐章解读", "caption: 一章一章读"),
    "a sentence taken out": (I, "原文没有写任何金额。\n", ""),
}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_of_the_book(tmp_path_factory.mktemp("good"))


@pytest.mark.parametrize(("file", "old", "new"), GOOD.values(), ids=GOOD)
def test_a_good_edit_is_not_found_fault_with(root: Path, file: str, old: str, new: str) -> None:
    with edited(root, file, old, new):
        assert findings(root) == []


def test_two_good_edits_may_be_a_new_chapter(root: Path) -> None:
    toc = (
        "_toc.yml",
        "      - file: institutions\n",
        "      - file: institutions\n      - file: more\n",
    )
    chapter = "---\ndescription: 补充的一章。\n---\n\n# 补充\n\n话。\n"
    with edited(root, *toc), edited(root, "book/more.md", "", chapter):
        assert findings(root) == []


def test_most_examples_fit_the_book_as_it_is() -> None:
    assert fitting((file, old) for file, old, _ in GOOD.values()) > 0.9
