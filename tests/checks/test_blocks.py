"""What a build would stop at, or show to readers as it was typed, is found before it, once, with its line and a remedy."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from test_kinds import LINE, W, clean, found, put, root  # noqa: F401

from explainer import checks
from explainer.checks.command import command
from explainer.paths import CHARTS
from explainer.project import Project

PICTURE = "images/dot.png\n:alt: 一个点\n"
# A block of a chapter; on which of its lines the fault is; a piece of what is said.
FAULTS = [
    # behind the name
    (":::{note} 题目\n话。\n:::", 1, "移到下一行"), (":::{admonition}\n话。\n:::", 1, "还没有写"), ("::::{grid} 十三\n:::{grid-item}\n话。\n:::\n::::", 1, "1 到 12"),
    (":::{div} 宽\n话。\n:::", 1, "英文的样式名"), ("::::{tab-set}\n:::{tab-item}\n话。\n:::\n::::", 2, "还没有写"), (":::{tip\n话。\n:::", 1, "花括号"),
    # options
    (":::{note}\n:colour: red\n\n话。\n:::", 2, "没有名为“colour”的选项"), (":::{card} 题\n:shadow: big\n\n话。\n:::", 2, "可以写 none、sm、md、lg"),
    (":::{card} 题\n:shadwo: sm\n\n话。\n:::", 2, "写成“:shadow: sm”"), (":::{dropdown} 题\n:icon: 星\n\n话。\n:::", 2, "图标"), (":::{dropdown} 题\n:icon: nosuch\n\n话。\n:::", 2, "没有名为“nosuch”的图标"),
    (":::{note}\n:class:tip\n\n话。\n:::", 2, "读不懂"), (f"```{{figure}} {PICTURE}:width: 一半\n\n题\n```", 3, "一个长度"),
    (":::{card} 题\n:header: \"头\n\n话。\n:::", 2, "读不懂"), (":::{card} 题\n:link: how.md\n\n话。\n:::", 2, ":link-type: doc"), (":::{card} 题\n:link: none\n:link-type: doc\n\n话。\n:::", 2, "不存在"),
    (":::{card} 题\n:link: https://www.gov-cn.com/\n\n话。\n:::", 2, "看着像 gov.cn"), (":::{sidebar}\n:subtitle: 副题\n\n话。\n:::", 2, "没有题目"), (":::{note}\n:name: 甲\n\n话。\n:::", 2, "小写字母"),
    (":::{note}\n---\n话。\n:::", 2, "第一行不能是“---”"), ("```{code-block} python\n:caption: 1. 题\n\nx = 1\n```", 2, "不是一句话"), ("```{code-block} python\n:emphasize-lines: 9\n\nx = 1\n```", 4, "没有第 9 行"),
    # inside
    (":::{note}\n:::", 1, "是空的"), ("::::{grid} 2\n话。\n::::", 2, "只能放"), (":::{grid-item}\n话。\n:::", 1, "没有放在“grid”版块里"), (":::{tab-item} 题\n话。\n:::", 1, "没有放在“tab-set”版块里"),
    (":::{step} 题\n话。\n:::", 1, "没有放在“steps”版块里"), (f"```{{figure}} {PICTURE}\n\n\n```", 1, "只有空行"), (f"```{{figure}} {PICTURE}\n- 项\n```", 4, "不是一句话"),
    ("```{rubric} 题\n话。\n```", 1, "不能写内容"), ("```{rubric} 题\n\n\n```", 1, "空了几行"), (f"```{{image}} {PICTURE}\n话。\n```", 1, "不能写内容"), ("::::{sidebar} 题\n:::{sidebar} 题二\n话。\n:::\n::::", 2, "边栏"),
    ("::::{tab-set}\n:::{tab-item} 甲\n:selected:\n\n话。\n:::\n:::{tab-item} 乙\n:selected:\n\n话。\n:::\n::::", 2, "selected"),
    (":::{only} html\n(there)=\n\n话。\n:::", 2, "不能放标签"),
    ("(same)=\n\n话[^same]。\n\n[^same]: 说明。", 5, "脚注换个名字"),
    # tables
    (":::{list-table}\n:header-rows: 2\n\n* - 甲\n  - 乙\n* - 子\n  - 丑\n:::", 4, "改小 header-rows"), (":::{list-table}\n* - 甲\n  - 乙\n* - 子\n:::", 2, "格数不同"), (":::{list-table}\n* 甲\n* 乙\n:::", 2, "不成表格"),
    (":::{list-table}\n:widths: 1 2 3\n\n* - 甲\n  - 乙\n* - 子\n  - 丑\n:::", 4, "widths"), (":::{csv-table}\n\"甲\"乙,丙\n:::", 2, "不成表格"), (":::{csv-table}\n:header-rows: 1\n\n甲,乙\n:::", 4, "改小 header-rows"),
    (":::{table} 题\n话。\n:::", 2, "不是一张表格"), ("| 甲 " * 11 + "|\n" + "|---" * 11 + "|\n" + "| 子 " * 11 + "|", 1, "纸上排不下"),
    # code, parts of a notebook
    ("```mermaid\nx\n```", 1, "没有名为“mermaid”的代码语言"), ("```{code-block} abc\nx\n```", 1, "没有名为“abc”"), ("```python 例子\nx\n```", 1, "不能再写字"), ("+++", 1, "不能用来分段"), (":::{card} 题\n话。\n\n+++\n脚。\n:::", 4, ":footer:"),
    (":::{card} 题\n\n^^^\n\n话。\n:::", 3, ":header:"), (":::{card} 题\n:img-top: images/no.png\n\n话。\n:::", 1, "找不到图片"),
    # what would be shown as it is
    ("- [ ] 没做的", 1, "删去方括号"), ("好:smile:的", 1, "“:smile:”会原样显示"), (":::{note}\n\n:class: tip\n\n话。\n:::", 3, "“:class:”会原样显示"), ("请看{{ 名字 }}。", 1, "会原样显示"), ("长$a$米。", 1, "公式"), ("$$\na\n$$", 1, "公式"),
    ("> [!NOTE]\n> 话。", 1, "{note}"), ("!!! note", 1, "版块"), ("++底线++。", 1, "写成“**底线**”"), ("10^th^好", 1, "{sup}`th`"), ("H~2~O", 1, "{sub}`2`"), ("话^[脚注]。", 1, "[^名字]"),
    ("*[GDP]: 缩写", 1, "{abbr}"), ("\\newpage", 1, "LaTeX"), ("====", 1, "---"), ("一个\ue000字。", 1, "U+E000"),
    # what stands in titles and cells is judged as well
    (":::{card} 见[甲](none.md)\n话。\n:::", 1, "不存在"), (":::{csv-table}\n甲,{qoute}`乙`\n:::", 2, "{quote}"), (":::{csv-table}\n甲,增长15%\n:::", 2, "15%"),
]  # fmt: skip
GOOD = [
    "::::{grid} 1 2 2 3\n:gutter: 2\n\n:::{grid-item-card} 题\n:link: how\n:link-type: doc\n\n话。\n:::\n::::", ":::{card} 题\n:header: \"头，尾\"\n:footer: 脚\n\n话。\n:::",
    "::::{tab-set}\n:::{tab-item} 甲\n:sync: a\n\n话。\n:::\n::::", "```json\n{}\n```", "```\n话\n```", ":::{csv-table} 题\n:header: 甲,乙\n\n\"子，丑\",寅\n:::", ":::{div}\n话。\n:::",
    f"```{{figure}} {PICTURE}:name: dot\n:width: 50%\n\n题\n```\n\n见[图](#dot)。", ":::{note}\n:class: dropdown\n\n话。\n:::", "7:30开会。", "见`:smile:`、`$a$`、`{{{{ }}}}`。", "C++和C++。", "```{code-block} text\n\n---\n+++\n```",
]  # fmt: skip


@pytest.mark.parametrize(("text", "line", "words"), FAULTS)
def test_a_fault_is_found_once(root: Path, text: str, line: int, words: str) -> None:  # noqa: F811
    put(root, *text.split("\n"))
    (finding,) = found(root)
    assert (
        re.match(rf"{W}:{LINE + line - 1}: ", finding) and words in finding and "改法：" in finding
    )
    assert not re.search("[A-Za-z]+ [a-z]+ [a-z]+", re.sub("“[^”]*”", "", finding)), (
        "English in a finding"
    )


@pytest.mark.parametrize("text", GOOD)
def test_what_is_right_is_not_found_fault_with(root: Path, text: str) -> None:  # noqa: F811
    put(root, *text.split("\n"))
    assert found(root) == []


def test_the_record_of_changes_is_judged_as_the_page_that_shows_it(root: Path) -> None:  # noqa: F811
    mark = "<!-- 以下显示在网站上 -->"
    (root / W).write_text(
        (root / W).read_text("utf-8")
        + f'\n```{{include}} ../CHANGELOG.md\n:start-after: "{mark}"\n```\n',
        "utf-8",
    )
    (finding,) = found(root)
    assert finding.startswith("CHANGELOG.md: ") and "改法：" in finding
    changes = f"# 更新记录\n\n{mark}\n\n## 首版\n\n改动：\n\n- 见[办法](how.md)。\n"
    for text, line, words in (
        (changes, 0, ""), (changes.replace("以下显示", "以下都显示"), 1, f"写“{mark}”"), (changes.replace("how.md", "no.md"), 9, "不存在"),
        (changes + "\n:::{note}\n话。\n", 11, "没有结尾"),
    ):  # fmt: skip
        (root / "CHANGELOG.md").write_text(text, "utf-8")
        assert [re.match(rf"CHANGELOG.md:{line}: ", f) and words in f for f in found(root)] == [
            True
        ] * bool(line)


def test_what_editors_and_excel_leave_beside_a_file_is_nobodys(root: Path) -> None:  # noqa: F811
    """Emacs' locks are links to nothing, Excel's cannot be read, and what crashed left a half."""
    figures = root / CHARTS
    figures.mkdir(parents=True, exist_ok=True)
    for folder in (
        root,
        root / "book",
        root / "book" / "images",
        root / "data",
        root / "data" / "source",
        figures,
    ):
        for ending in ("md", "csv", "py", "png", "svg", "json", "txt", "yml"):
            (folder / f".#x.{ending}").symlink_to("somebody@machine.1234")
            for name in (f"#x.{ending}#", f"~$x.{ending}", f".x.{ending}.swp"):
                (folder / name).write_bytes(b"\xff\xfe(")
    assert found(root) == []
    assert command(Project(root), mend=True) == 0


def test_a_chart_that_cannot_be_opened_is_said(root: Path) -> None:  # noqa: F811
    figures = root / CHARTS
    figures.mkdir(parents=True, exist_ok=True)
    (figures / "x.py").symlink_to("nowhere")
    assert [str(f) for f in checks.run(Project(root)) if f.rule.name == "code-of-charts"] != []


def test_a_paragraph_stays_under_the_heading_that_explains_it(root: Path) -> None:  # noqa: F811
    """Moved to the heading beside it, though in the right order."""
    first, second = ":::{quote} 2.1\n:::\n\n", ":::{quote} 2.2\n:::\n\n"
    ways, sitting = (
        "## 有哪些事要做？\n\n{}看书、借书、送书下乡，都更方便。\n\n",
        "(sitting)=\n## 谁来管？\n\n{}有一个联席会，统筹开放工作，协调各馆。\n",
    )
    top = "---\ndescription: 有哪些办法。\n---\n\n(how)=\n# 有哪些办法\n\n"
    for a, b, remedy in (
        (first, second, ""), (first + second, "", "移到“谁来管？”（第 "), ("", first + second, "移到“有哪些事要做？”（第 8 行）"),
    ):  # fmt: skip
        (root / "book" / "how.md").write_text(top + ways.format(a) + sitting.format(b), "utf-8")
        assert [remedy in finding for finding in found(root)] == [True] * bool(remedy)
