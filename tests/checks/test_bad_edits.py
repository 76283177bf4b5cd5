"""What goes wrong in an editor's hands: each a small edit of a real file, found with its line and a remedy."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from editing import copy_of_the_book, edited, findings, fitting, line_of, line_of_edit

from explainer.paths import ROOT

C, P, I, H = (
    "book/contents.md",
    "book/purpose.md",
    "book/institutions.md",
    "book/characteristics.md",
)
INDEX, GLOSSARY, TOC, CONFIG = "book/index.md", "data/glossary.csv", "_toc.yml", "_config.yml"
CELL = "charts.four_parts()"
HEADING = re.search(r"\(dual-wheel\)=\n## (.+)", (ROOT / H).read_text("utf-8"))[1]

# Where the edit was made; else where it is found is given as a piece of that line, or as file:line.
HERE = None

# file, what is replaced, by what, where it is found, a piece of what is said
BAD = [
    # quotations
    (
        H,
        "{quote}`没有制度创新，科",
        "{quote}`没有制度革新，科",
        HERE,
        "“革”应为“创”），写成 {quote}`没有制度创新，科技创新就无从依附`",
    ),
    (H, "{quote}`全方位的制度保障`", "{quote}`全方位的、制度保障`", HERE, "多了“、”"),
    (H, "{quote}`相互协调、持续发力`", "{quote}`相互协调，持续发力`", HERE, "“，”应为“、”"),
    (
        H,
        "{quote}`毗邻粤港澳大湾区的区位优势`",
        "{quote}`比邻粤港澳大湾区的区位优势`",
        HERE,
        "“比”应为“毗”",
    ),
    (C, "示范区 <2.3.1>`", "示范区 <2.2.1>`", HERE, "把编号 2.2.1 改成"),
    (C, "示范区 <2.3.1>`", "示范区`", HERE, "不止一处"),
    (C, "{quote} 2.3\n", "{quote} 2.9\n", HERE, "原文没有编号 2.9"),
    (C, "{quote} 2.3\n", "{quote}\n", HERE, "引文没有写编号"),
    (
        P,
        "{quote} 1.2.1\n:::",
        "{quote} 1.2.1\n规划认真贯彻落实\n:::",
        "{quote} 1.2.1",
        "原文里没有这些字",
    ),
    (P, ":::{quote} 1.1\n:::\n", "", "# 规划作用和意义", "原文 1.1 在正文各章里没有完整出现"),
    ("_toc.yml", "- file: contents\n", "- file: contents.md\n", HERE, "写成“contents”，不带后缀"),
    ("_toc.yml", "root: index\n", "", "", "写上“root: index”"),
    (C, "{only-html}`可以点开看`", "{only-html}`可以,点开看`", HERE, "可以，点开"),
    (H, "{gloss}`比较优势`", "{gloss}`比较优点`", HERE, "写成 {gloss}`比较优势`"),
    (P, "{gloss}`“十四五”`", "{gloss}`十四五`", HERE, "写成 {gloss}`“十四五”`"),
    # the source, the settings
    (
        "data/source/interpretation.txt",
        "区位独天得厚",
        "区位得天独厚",
        "",
        "interpretation.txt: 原文被改动了",
    ),
    (TOC, "      - file: contents\n", "", f"{C}:1", "这一章不在目录里"),
    (
        TOC,
        "- file: contents",
        "- file: content",
        HERE,
        "目录里的“content”在 book/ 里没有对应的文件",
    ),
    (TOC, "- file: contents", "- file：contents", HERE, "每一章写成“- file: 文件名”"),
    (TOC, "      - file: contents", "     - file: contents", HERE, "检查缩进"),
    (TOC, "- file: contents", "- file: purpose", HERE, "“purpose”在目录里出现了两次"),
    (TOC, "- file: contents", "- flie: contents", HERE, "目录写得不对"),
    (CONFIG, "timeout: 120", "timeout: 很久", HERE, "设置“execute.timeout”写得不对"),
    (CONFIG, "  timeout: 120", "   timeout: 120", HERE, "检查缩进"),
    (
        "book/new.md",
        "",
        "---\ndescription: 新的一章。\n---\n\n# 新的一章\n\n话。\n",
        HERE,
        "加上一行“- file: new”",
    ),
    # tables
    ("data/zones.csv", "编号,名称,引文", "编号,引文", HERE, "表头缺少一列“名称”"),
    ("data/zones.csv", "编号,名称,引文", "编号,名称,名称", HERE, "出现了两次"),
    ("data/zones.csv", "编号,名称,引文", "编号,名称,引文,备注", HERE, "表头多了一列“备注”"),
    ("data/zones.csv", "3,源潭物流园,", "3,,", HERE, "“名称”是空的"),
    ("data/zones.csv", "4,金创", "3,金创", HERE, "重复"),
    ("data/zones.csv", "5,农业科技园,农业科技园\n", "", "4,金创", "应有 5 行，现有 4 行"),
    ("data/zones.csv", "石角产业集聚区,石角", "石角产业聚集区,石角", HERE, "不在同一行的引文里"),
    ("data/zones.csv", "2,石角", "二,石角", HERE, "应是数字"),
    ("data/zones.csv", "2,石角", "２,石角", HERE, "写成“2”"),
    ("data/zones.csv", "编号,名称,引文", "编号;名称;引文", HERE, "各列之间用的是分号"),
    ("data/zones.csv", "5,农业科技园,农业", '5,"农业科技园,农业', HERE, "引号没有配对"),
    ("data/zones.csv", "5,农业科技园,", "5,#REF!,", HERE, "#REF!"),
    ("data/tasks.csv", "3,第三,创新驱动,", "3,第三,创新,驱动,", HERE, "多半是字里用了半角逗号"),
    (
        "data/tasks.csv",
        "第一，开放共赢，合力",
        "第一,开放共赢,合力",
        HERE,
        "多半是字里用了半角逗号",
    ),
    ("data/measure_task.csv", "1,3,", "1,13,", HERE, "编号在所指的表里找不到"),
    ("data/positionings.csv", ",2.3.1", ",2003/3/1", HERE, "Excel 会把它改成日期"),
    (
        "data/levels.csv",
        "部分发展指标达到粤北地区前列\n",
        "部分发展指标达到粤北前列\n",
        HERE,
        "少了“地区”",
    ),
    (
        "data/datapackage.json",
        '"name": "parts",',
        '"name": "parts"',
        '"path": "parts.csv"',
        "逗号、引号和括号",
    ),
    ("data/extra.csv", "", "编号,名称\n1,甲\n", HERE, "这个表格没有登记"),
    (
        GLOSSARY,
        "用财政拨款、税收和贷款等办法来帮助",
        "用财政拨款、税收和贷款等办法来帮助的的",
        HERE,
        "“的的”打重了",
    ),
    ("book/coverage.md", "{coverage-list}", "{coverage-lst}", HERE, "写成 {coverage-list}"),
    (H, "{data-table} tasks", "{data-table} task", HERE, "写成 {data-table} tasks"),
    (
        H,
        ":columns: 编号、方面、",
        ":columns: 编号、方向、",
        "{data-table} tasks",
        "没有“方向”这一列",
    ),
    # how a chapter is put together
    (C, "## 第一部分：", "# 第一部分：", HERE, "写成“## 第一部分："),
    (C, "## 第一部分：", "#### 第一部分：", HERE, "写成“### 第一部分："),
    (C, "# 规划主要内容\n", "## 规划主要内容\n", HERE, "只用一个 #"),
    (C, "## 第一部分：", "##第一部分：", HERE, "后面没有空格"),
    (C, "## 第一部分：", "＃＃ 第一部分：", HERE, "写成“## 第一部分："),
    (C, ":::{quote} 2.2\n:::\n", ":::{quote} 2.2\n", "{quote} 2.2", "没有结尾"),
    (C, ":::{quote} 2.2\n", "::{quote} 2.2\n", HERE, "写成半角的“:::”"),
    (C, ":::{quote} 2.2\n", ":::quote 2.2\n", HERE, "写成“:::{quote} 2.2”"),
    (C, ":::{quote} 2.2\n", "：：：{quote} 2.2\n", HERE, "写成半角的“:::”"),
    (C, ":::{quote} 2.2\n", ":::{qoute} 2.2\n", HERE, "写成 {quote}"),
    (C, "charts.four_parts()\n```", "charts.four_parts()\n", "```{code-cell} python", "没有结尾"),
    (H, "{quote}`没有制度创新", "{qute}`没有制度创新", HERE, "写成 {quote}"),
    (H, "{quote}`没有制度创新", "｛quote｝`没有制度创新", HERE, "写成 {quote}`字句`"),
    (C, "---\ndescription: 规划的", "\n---\ndescription: 规划的", f"{C}:2", "前面有空行"),
    (C, "description: 规划的", "description：规划的", f"{C}:3", "冒号用半角"),
    (C, "  name: python3", "  name: python", HERE, "name: python3"),
    (C, "kernelspec:\n", "kernelspecs:\n", HERE, "写成“kernelspec”"),
    ("book/about.md", "description: 这本书", "descripton: 这本书", HERE, "写成“description”"),
    (C, "先回头看，再往前看。", "    先回头看，再往前看。", HERE, "行首空了四格"),
    (
        C,
        "这一段很长，其实回答了三个问题。\n\n",
        "这一段很长，其实回答了三个问题。\n---\n\n",
        "这一段很长",
        "在横线上面空一行",
    ),
    (C, "(part-four)=", "(part-one)=", HERE, "用了不止一次"),
    (C, "**要成为什么？** 两个", "**要成为什么？**两个", HERE, "把标点移到 ** 外面"),
    (C, "**要成为什么？** 两个", "**要成为什么？ 两个", HERE, "没有生效"),
    (C, "示范区 <2.3.1>`，一个是", "示范区 <2.3.1>，一个是", HERE, "原文里没有这些字"),
    (
        H,
        "{quote}`毗邻粤港澳大湾区的区位优势`",
        "{quote}“毗邻粤港澳大湾区的区位优势”",
        HERE,
        "写成 {quote}`字句`",
    ),
    (C, "这一段很长", "这一段很长[^1]", HERE, "另起一行，写“[^1]: 说明”"),
    (C, "这一段很长", "这一段很长😀", HERE, "会议版的字体里没有“😀”这个字"),
    (C, "这一段很长", ":::{note}\n:::\n\n这一段很长", HERE, "版块是空的"),
    (C, "这一段很长", "| 名称 | 说明 |\n| 示范区 | 先做好 |\n\n这一段很长", HERE, "写“|---|---|”"),
    (C, "这一段很长", "1、先看现状\n2、再定目标\n\n这一段很长", HERE, "一段话中间换了行"),
    (C, "这一段很长", "这一\u200b段很长", HERE, "看不见的字符"),
    (H, "{quote}`没有制度创新，科", "{quote}`没有制度 创新，科", HERE, "多了“〔空格〕”"),
    ("book/规划解读.docx", "", "PK", "", "把文字粘贴到 .md 文件里"),
    (CONFIG, '发布日期: ""', "发布日期: 2022-13-01", "", "_config.yml"),
    (C, "这一段很长", ":::{only} 网页\n点一下。\n:::\n\n这一段很长", HERE, "写成 {only} html"),
    (
        C,
        "这一段很长",
        ":::{only} html meeting\n点一下。\n:::\n\n这一段很长",
        HERE,
        "写成 {only} html",
    ),
    (C, "这一段很长", "```{math}\na + b\n```\n\n这一段很长", HERE, "公式会议版排不了"),
    (C, "这一段很长", "<!-- 核对 -->\n\n这一段很长", HERE, "以 % 开头的一行"),
    (C, "这一段很长", "这一段<!-- 核对 -->很长", HERE, "以 % 开头的一行"),
    # links, images, HTML
    (C, "(characteristics.md)", "(characteristic.md)", HERE, "写成“characteristics.md”"),
    (
        C,
        "(characteristics.md)",
        "(characteristics.html)",
        HERE,
        "[规划主要特点](characteristics.md)",
    ),
    (
        C,
        "(characteristics.md)",
        "（characteristics.md）",
        HERE,
        "写成“[规划主要特点](characteristics.md)”",
    ),
    (C, "(characteristics.md)", "(C:\\Users\\li\\characteristics.md)", HERE, "你电脑里的位置"),
    (C, "(characteristics.md)", "(..\\book\\characteristics.md)", HERE, "反斜杠"),
    (
        C,
        "(characteristics.md)",
        "(Characteristics.md)",
        HERE,
        "写成 [规划主要特点](characteristics.md)",
    ),
    (
        C,
        "(characteristics.md)",
        "(characteristics.md#dual-wheel)",
        HERE,
        "[规划主要特点](#dual-wheel)",
    ),
    (
        C,
        "(characteristics.md)",
        "(规划主要特点)",
        HERE,
        "写文件名，不写标题：[规划主要特点](characteristics.md)",
    ),
    (
        C,
        "(characteristics.md)",
        f"(#{HEADING})",
        HERE,
        "写标签，不写标题：[规划主要特点](#dual-wheel)",
    ),
    (C, "{quote} 2.3\n", "{quote} 2．3\n", HERE, "写成半角的 2.3"),
    (P, "- 管什么：", "-管什么：", HERE, "写成“- 管什么"),
    (P, "1. **靠得更近。** 让", "1.**靠得更近。** 让", HERE, "写成“1. **靠得更近"),
    (P, "（{gloss}`广清一体化`）", "({gloss}`广清一体化`）", HERE, "把前面半角的“(”写成全角的“（”"),
    (
        "data/zones.csv",
        "源潭物流园,源潭物流园\n",
        "源潭物流园,源潭物流园（二期）\n",
        HERE,
        "多了“（二期）”",
    ),
    (C, "(characteristics.md)", "(http://[www.gov.cn)", HERE, "核对网址"),
    (C, "(characteristics.md)", "(ftp://www.gov.cn/a)", HERE, "链接不能用“ftp:”"),
    (C, "(characteristics.md)", "(www.gov.cn)", HERE, "(https://www.gov.cn)"),
    (C, "(characteristics.md)", "(#dual-weel)", HERE, "写成 [规划主要特点](#dual-wheel)"),
    (C, "(characteristics.md)", "[第三章]", HERE, "写成 [规划主要特点](去处)"),
    (
        C,
        "(characteristics.md)",
        "(主要 特点, 二.md)",
        HERE,
        "把文件改名，写成“[规划主要特点](主要特点,二.md)”",
    ),
    (
        C,
        "这一段很长",
        "![网站](images/网站 截图, 二.png)\n\n这一段很长",
        HERE,
        "写成“![网站](images/网站截图,二.png)”",
    ),
    (
        C,
        "这一段很长",
        "![网站](<images/my screen.png>)\n\n这一段很长",
        HERE,
        "把文件改名，写成 images/myscreen.png",
    ),
    (
        C,
        "这一段很长",
        "![网站]（images/screenshot.png）\n\n这一段很长",
        HERE,
        "写成“![网站](images/screenshot.png)”",
    ),
    (
        C,
        "这一段很长",
        "![网站] (images/网站.png)\n\n这一段很长",
        HERE,
        "写成“![网站](images/网站.png)”",
    ),
    (C, "这一段很长", "![](images/screenshot.png)\n\n这一段很长", HERE, "没有替代文字"),
    (
        C,
        "这一段很长",
        "![网站](images/screenshots.png)\n\n这一段很长",
        HERE,
        "写成“images/screenshot.png”",
    ),
    (
        C,
        "这一段很长",
        "![网站](images\\screenshot.png)\n\n这一段很长",
        HERE,
        "写成 images/screenshot.png，用正斜杠",
    ),
    (C, "这一段很长", "![图](https://example.com/a.png)\n\n这一段很长", HERE, "图片来自别的网站"),
    (C, "这一段很长", "<b>这一段</b>很长", HERE, "加粗写作 **文字**"),
    (C, "这一段很长", "<script>alert(1)</script>\n\n这一段很长", HERE, "删去它"),
    (C, "这一段很长", "```{raw} html\n<p>话</p>\n```\n\n这一段很长", HERE, "“raw”版块"),
    # charts
    (C, CELL, "charts.four_part()", HERE, "写成“charts.four_parts()”"),
    (C, CELL, "charts.four_parts（）", HERE, "写成“charts.four_parts()”，用半角"),
    (C, CELL, "print(1)", HERE, "代码格里不能写“print(1)”"),
    (C, "import charts\n", "", HERE, "在这一行上面加一行"),
    (C, ":tags: [remove-input]\n", "", "```{code-cell} python", "代码会显示给读者看"),
    (
        "scripts/charts/two_turns.py",
        'conclusion="原文说，编制实施规划有利于推动清城区转变：从资源依赖型转向创新驱动型，从依赖外部技术转向自主创新。"',
        'conclusion=""',
        HERE,
        "这张图没有结论",
    ),
    ("scripts/charts/two_turns.py", '向什么",', "向什么,", HERE, "成对"),
    (
        "scripts/charts/two_turns.py",
        'title="两个转变：从什么，向什么"',
        "title=“两个转变：从什么，向什么”",
        HERE,
        "半角引号",
    ),
    ("scripts/charts/two_turns.py", '向什么",', '向什么"，', HERE, "半角逗号"),
    (
        "scripts/charts/two_turns.py",
        'title="两个转变：',
        'title="两个"转变"：',
        HERE,
        "话里的引号用中文的“ ”",
    ),
    ("scripts/charts/two_turns.py", 'name="two-turns",', 'name="two-turns"', HERE, "半角逗号"),
    (
        "scripts/charts/two_turns.py",
        "两个转变：从什么",
        "\udcc1\udcbd个转变：从什么",
        HERE,
        "另存为 UTF-8",
    ),
    # what is said
    (I, "原文没有写任何金额。", "原文写了300万元。", HERE, "原文没有“300万元”这个数"),
    (I, "原文没有写任何金额。", "一共三百家企业得到支持。", HERE, "原文没有“三百家企业”这个数"),
    (I, "原文没有写任何金额。", "研发投入占百分之三。", HERE, "百分之三"),
    (I, "原文没有写任何金额。", "收入提高到15%。", HERE, "原文没有“15%”"),
    (P, "这段话说了三层意思：", "这段话说了3层意思：", HERE, "用汉字写"),
    (P, "也就是2021年到2025年", "也就是21年到25年", HERE, "原文没有“21”这个数"),
    (P, "聚焦高质量发展，", "聚焦高质量发展，待补，", HERE, "“待补”还没有写完"),
    (P, "当“排头兵”和“主力军”", "当某某的“排头兵”和“主力军”", HERE, "“某某”还没有写完"),
    (P, "它是一份“指导性文件”", "TODO 它是一份“指导性文件”", HERE, "“TODO”还没有写完"),
    (C, "四项保障：有人管", "四项保障举措：有人管", HERE, "写成“保障措施”"),
    (
        I,
        "清城区的{gloss}`领导小组`",
        "清城区十四五的{gloss}`领导小组`",
        HERE,
        "写成“十四五”（编者写的",
    ),
    # how it is written
    (C, "现状怎样，面临什么问题", "现状怎样,面临什么问题", HERE, "现状怎样，面临什么问题"),
    (C, "一共四大部分，", "一共四大部分(见下),", HERE, "大部分（见下"),
    (C, "“发展基础”", '"发展基础"', HERE, "半角的引号"),
    (C, "**到2025年要到", "**到２０２５年要到", HERE, "“２０２５”是全角的"),
    (C, "**到2025年要到", "**到 2025 年要到", HERE, "汉字与数字之间有空格"),
    (C, "要到什么水平", "要到什麼水平", HERE, "“麼”是繁体字"),
    (C, "供别处参照的地方", "供别处参照的的地方", HERE, "“的的”打重了"),
    (C, "依次往下讲。", "依次往下讲。。", HERE, "打重了"),
    (C, "这是“发展基础”", "这是“发展基础", HERE, "没有结尾"),
    (P, "的《科技创新发展规划》，", "的《科技创新发展规划，", HERE, "“《”没有结尾"),
    (C, "先回头看，", "　　先回头看，", HERE, "全角空格"),
    (
        C,
        "这一段很长，其实回答了三个问题。\n",
        "这一段很长，其实回答了三个问题。  \n",
        HERE,
        "行尾有空格",
    ),
    (
        C,
        "先回头看",
        "<<<<<<< HEAD\n先回头看\n=======\n先往前看\n>>>>>>> main\n先回头看",
        HERE,
        "留下了冲突标记",
    ),
]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_of_the_book(tmp_path_factory.mktemp("bad"))


@pytest.mark.parametrize(("file", "old", "new", "at", "words"), BAD)
def test_a_bad_edit_is_found(
    root: Path, file: str, old: str, new: str, at: str | None, words: str
) -> None:
    line = line_of_edit(root, file, old, new)
    with edited(root, file, old, new) as path:
        found = findings(root)
        place = (
            at
            if at and re.search(r"\.\w+:\d+$", at)
            else f"{file}:{line_of(path, at) if at else line}"
        )
    if at == "":
        place = ""
    assert any(
        finding.startswith(f"{place}: " if place else "") and words in finding for finding in found
    ), (place, found)
    assert all("改法：" in finding for finding in found)
    # One mistake is not said in many ways: a reader would take them for many.
    assert len(found) <= 2, found


def test_the_book_as_it_stands_has_no_findings(root: Path) -> None:
    assert findings(root) == []


def test_most_examples_fit_the_book_as_it_is() -> None:
    """An example whose sentence was rewritten is left out, so that editors may write what they like; but not too many."""
    assert fitting((file, old) for file, old, *_ in BAD) > 0.9
