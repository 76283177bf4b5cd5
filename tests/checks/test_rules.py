"""Each rule alone: it finds what it is for, and stays silent on the like of it that is right."""

from __future__ import annotations

import copy
import re
from pathlib import Path

import pytest
from editing import copy_of_the_book, edited

from explainer import checks
from explainer.checks import report
from explainer.checks.blocks import BLOCKS
from explainer.checks.book import Book
from explainer.checks.chapters import Chapter
from explainer.checks.structure import ROLES
from explainer.paths import ROOT
from explainer.project import Project
from explainer.settings import OWN

RULES = {rule.name: rule for group in checks.GROUPS for rule in group.rules}
TOP = "---\ndescription: 试。\n---\n\n# 题\n\n"
NOTEBOOK = "---\ndescription: 试。\nkernelspec:\n  name: python3\n---\n\n# 题\n\n"
# A heading with the words and the source below it, and the source moved above.
REALITY = re.search(
    r"\(local-reality\)=\n(## .+\n\n.+\n\n)(:::\{quote\} 3\.2\n:::\n)",
    (ROOT / "book" / "characteristics.md").read_text("utf-8"),
)
MOVED = f"{REALITY[2]}\n(local-reality)=\n{REALITY[1]}"
CELL = "```{code-cell} python\n:tags: [remove-input]\nimport charts\n%s\n```\n"

# rule: a chapter that it finds fault with, the line, and one that is right
CHAPTERS = {
    "inline-quotations": ("# 题\n\n一行\n{quote}`没有制度革新`\n", 4, "# 题\n\n{quote}`没有制度创新`，`` {quote}`随便` ``\n"),
    "block-quotations": ("# 题\n\n::::{note}\n话\n\n:::{quote} 9.9\n:::\n::::\n", 6, ":::{quote} 2.2 2.3\n:::\n\n````{code-block} md\n:::{quote} 9.9\n:::\n````\n"),
    "glossed-terms": ("{gloss}`元宇宙`\n", 1, "{gloss}`产业链`、`{gloss}`\n"),
    "shown-tables": ("```{data-table} tasks\n:columns: 名称、价格\n```\n", 1, "```{data-table} tasks\n:columns: 编号、名称\n```\n"),
    "front-matter": ("---\ndescription：试。\n---\n\n# 题\n", 2, TOP),
    "headings": (TOP + "### 跳级\n", 7, TOP + "## 二\n\n### 三\n\n## 二\n"),
    "marks-of-lines": (TOP + "##标题\n", 7, TOP + "C#语言，`#标题`\n"),
    "unclosed-blocks": (TOP + ":::{note}\n话\n", 7, TOP + "::::{note}\n:::{quote} 3.1\n:::\n::::\n"),
    "known-blocks": (TOP + ":::{ntoe}\n话\n:::\n", 7, TOP + ":::{note}\n话\n:::\n"),
    "known-marks": (TOP + "{qoute}`话`\n", 7, TOP + "{abbr}`话`、{bdg-primary}`话`\n"),
    "half-width-markup": (TOP + "：：：{note}\n话\n", 7, TOP + "他说：“……”：：\n"),
    "indented-words": (TOP + "    空四格的话。\n", 7, TOP + "- 一条\n\n    接着说这一条。\n"),
    "insides-of-blocks": (TOP + ":::{note}\n:::\n", 7, TOP + ":::{note}\n话。\n:::\n\n:::{quote} 3.1\n:::\n"),
    "words-for-one-medium": (TOP + ":::{only} 网页\n话。\n:::\n", 7, TOP + ":::{only} html and not (meeting or contact)\n话。\n:::\n"),
    "heads-of-blocks": (TOP + ":::{note}\n:colour: red\n\n话。\n:::\n", 8, TOP + ":::{note}\n:class: wide\n\n话。\n:::\n"),
    "separators": (TOP + "话。\n\n+++\n", 9, TOP + "话。\n\n---\n\n话。\n"),
    "code-languages": (TOP + "```mermaid\n话\n```\n", 7, TOP + "```json\n{}\n```\n"),
    "formulas": (TOP + "{math}`a+b`\n", 7, TOP + "`{math}`，a加b。\n"),
    "bold": (TOP + "**要成为什么？**两个定位。\n", 7, TOP + "**要成为什么？** 两个**定位**，`**`，带\\*号，甲 * 乙，x*y。\n"),
    "drawn-tables": (TOP + "| 甲 | 乙 |\n|---|---|\n| 一 | 二 | 三 |\n", 9, TOP + "| 甲 | 乙 |\n|---|---|\n| 一 | `a|b` |\n"),
    "footnotes": (TOP + "话[^a]。\n", 7, TOP + "话[^a]，`[^b]`。\n\n[^a]: 说明。\n"),
    "labels": (TOP + "(a)=\n## 甲\n\n(a)=\n## 乙\n", 10, TOP + "(a)=\n## 甲\n\n(b)=\n## 乙\n"),
    "internal-links": (TOP + "[话](nowhere.md)\n", 7, TOP + "(a)=\n## 甲\n\n[话](contents.md)、[话](#a)、[话](https://www.gov.cn/a(1).htm)\n"),
    "written-links": (TOP + "[话]（contents.md）\n", 7, TOP + "[话](contents.md)（见上）\n"),
    "images": (TOP + "![](images/screenshot.png)\n", 7, TOP + "![网站](images/screenshot.png)\n"),
    "html": (TOP + "一行<br>另一行\n", 7, TOP + "`<br>`，2 < 3，<https://www.gov.cn>\n"),
    "code-cells": (NOTEBOOK + CELL % "print(1)", 12, NOTEBOOK + CELL % "charts.ten_tasks()"),
    "numbers": (TOP + "增长15%。\n", 7, TOP + "原文没有比例。到2025年，第3项，见3.1.3，共有五项。\n"),
    "attributed-words": (TOP + "原文说：“要建成科技强区。”\n", 7, TOP + "原文说：“没有制度创新，科技创新就无从依附。”规划不是“一阵风”。\n"),
    "quoted-blocks": (TOP + "规划的要求是：\n\n> 各镇要限期完成。\n", 9, TOP + "> 这是读者常问的一句。\n"),
    "retyped-source": (TOP + "没有制度创新，科技创新就无从依附；要素保障。按目标任务研究制定财税、金融、投资、产业、土地、人口、环保等相关配套政策。\n", 7, TOP + "没有制度创新，科技创新就站不住。\n"),
    "raw-marks": (TOP + "＊＊重要＊＊的话。\n", 7, TOP + "**重要**的话，a_b，~，5 * 3，`~~甲~~`。\n"),
    "internal-remarks": (TOP + "此件为征求意见稿。\n", 7, TOP + "征求意见是第一步，内部的动力，kjj@example.gov.cn。\n"),
    "usage": (TOP + "这是保障举措。\n", 7, TOP + "这是保障措施，“十四五”期间。\n"),
    "names": (TOP + "石角产业积聚区在哪里，原文没有写。\n", 7, TOP + "石角产业集聚区、环绕着粤港澳大湾区；清城区、大片区。\n"),
    "almost-quoted": (TOP + "原文叫“总体发展步局”。\n", 7, TOP + "原文叫“总体发展布局”，编者叫它“全图”。\n"),
    "repeated-words": (TOP + "## 甲乙\n\n话。\n\n## 甲乙\n", 11, TOP + "## 甲乙\n\n话。\n\n## 丙丁\n\n话。\n"),
    "bodies": (TOP + "由区商务局来办。\n", 7, TOP + "由谁来办，原文没有写；看布局和格局。\n"),
    "words-of-others": (TOP + "专家认为这样最好。\n", 7, TOP + "没有专家说过，领导小组要统筹。\n"),
    "places": (TOP + "农业科技园坐落于山脚。\n", 7, TOP + "原文没有说它坐落在哪里。\n"),
    "times": (TOP + "也就是2021年到2028年。\n", 7, TOP + "2021年到2025年；标题里写明年份；最近一次核对是2026年11月25日。\n"),
    "results-and-promises": (TOP + "这项任务已经完成。\n", 7, TOP + "没有说已经完成，也不说“成效显著”。\n"),
    "pasted-words": (TOP + "长按二维码看全文。\n", 7, TOP + "可以转载，请注明出处。\n"),
    "counts": (TOP + "六个区域各有名字。\n", 7, TOP + "五个区域；区域一共有五个；其中两个区域写在前面；三样：甲、乙、丙。\n"),
    "titles": (TOP + "《清城区科技创新发展“十四五”规划（2020-2025年）》。\n", 7, TOP + "《清城区科技创新发展“十四五”规划》，《中华人民共和国科学技术进步法》。\n"),
    "counted-lists": (TOP + "三件事：\n\n- 甲。\n- 乙。\n", 7, TOP + "两件事：\n\n1. 甲。\n   - 丙。\n2. 乙。\n\n约三件事：\n\n话。\n"),
    "regions": (TOP + "澳门和国内九市。\n", 7, TOP + "澳门和内地九市。国内常见的说法。\n"),
    "code-of-the-source": (TOP + "`产业链`很长。\n", 7, TOP + "{gloss}`产业链`，`contents.md`。\n"),
    "look-alikes": (TOP + "⼀句话。\n", 7, TOP + "一句话。\n"),
    "placeholders": (TOP + "待补。\n", 7, TOP + "有待补齐短板的地方，某些某地，`TODO`。\n"),
    "half-width-punctuation": (TOP + "先看,再说。\n", 7, TOP + "先看，再说；CC BY 4.0, MIT, f(x)；`a,b`。\n"),
    "full-width-letters": (TOP + "用ＷＰＳ打开。\n", 7, TOP + "用WPS打开。\n"),
    "blank-beside-digits": (TOP + "到 2025 年。\n", 7, TOP + "到2025年，CC BY 4.0 许可。\n"),
    "wide-blank": (TOP + "　　话。\n", 7, TOP + "话。\n"),
    "invisible-characters": (TOP + "一句\u200b话。\n", 7, TOP + "一句话。\n"),
    "broken-lines": (TOP + "一句话，\n没有说完。\n", 7, TOP + "一句话。\n\n- 一条\n- 两条\n\n| 甲 | 乙 |\n|---|---|\n| 一 | 二 |\n"),
    "blank-at-end": (TOP + "话。 \n", 7, TOP + "话。\n\n```text\n话 \n```\n"),
    "traditional-characters": (TOP + "這是規劃。\n", 7, TOP + "乾坤、著名、於姓。\n"),
    "pictographs": (TOP + "注意😀。\n", 7, TOP + "注意：①、※、→。\n"),
    "doubled-characters": (TOP + "规划的的目标。\n", 7, TOP + "方方面面，处处，逐条，为了了解，以此为目的的活动。\n"),
    "unpaired-marks": (TOP + "他说“话。\n", 7, TOP + "1）他说：“看《规划》（第一章）。”\n"),
}  # fmt: skip

# rule: an edit of a file that it finds fault with, and one of the same file that is right
FILES = {
    "source-text": (("data/source/interpretation.txt", "指导性", "指示性"), None),
    "settings-files": (("_toc.yml", "file: contents", "file: content"), ("_toc.yml", "逐章解读", "一章一章")),
    "encoding": (("book/about.md", "编写说明", "编写\udcff说明"), ("book/about.md", "# 编写说明", "# 编写的说明")),
    "conflict-markers": (("data/zones.csv", "2,石", "<<<<<<< HEAD\n2,石"), ("data/zones.csv", "\n", "\r\n")),
    "stray-files": (("data/zones.xlsx", "", "PK"), ("data/~$zones.xlsx", "", "PK")),
    "chapters-in-contents": (("book/extra.md", "", TOP), ("_toc.yml", "file: data\n", "file: data.md\n")),
    "coverage": (("book/characteristics.md", "{quote} 3.2\n", "{quote} 3.2.1 3.2.3\n"), ("book/characteristics.md", "{quote} 3.2\n", "{quote} 3.2.1 3.2.2 3.2.3\n")),
    "tables": (("data/zones.csv", "2,石角", "2,石脚"), ("data/glossary.csv", "集中力量去突破", "集中力量突破")),
    "authorities": (("data/authorities.csv", "https://www.gov.cn/", "https://www.gov.example.com/"), ("data/authorities.csv", "https://www.gov.cn/", "http://www.gov.cn/")),
    "grounded-terms": (("data/glossary.csv", "2026年1月5日，没有查到定义。", ""), ("data/glossary.csv", "2026年1月5日，没有查到定义。", "2026年1月6日，查过法律，没有查到定义。")),
    "words-of-authorities": (("data/glossary.csv", "集中力量去突破", "“集中力量去突破”"), ("data/glossary.csv", "集中力量去突破", "“指导性文件”")),
    "listed-tables": (("data/more.csv", "", "编号\n1\n"), ("data/~$zones.csv", "", "excel")),
    "personal-data": (("book/about.md", "# 编写说明", "# 编写说明\n\n电话139 2222 3333。"), ("book/about.md", "# 编写说明", "# 编写说明\n\n见2021-2025年。")),
    "changes": (("CHANGELOG.md", "以下显示在网站上", "以下"), ("CHANGELOG.md", "每一版写三类", "每一版都写三类")),
    "locked-packages": (("requirements.txt", "", "pandas==3.0.0\n"), ("requirements.txt", "", "# 注\npandas==3.0.0 \\\n    --hash=sha256:" + "0" * 64 + "\n")),
    "picture-files": (("book/images/a.svg", "", "<svg><script>1</script></svg>"), ("book/images/a.svg", "", "<svg><path d='M0 0'/></svg>")),
    "order-of-the-source": (("book/contents.md", "{quote} 2.2\n", "{quote} 2.5\n:::\n\n:::{quote} 2.2\n"), ("book/contents.md", "{quote} 2.2\n", "{quote} 2.2.1\n")),
    "excel-traces": (("data/zones.csv", "2,石角产业集聚区,", "2,#REF!,"), ("data/zones.csv", "2,石角", "2 ,石角")),
    "code-of-charts": (("scripts/charts/ten_tasks.py", 'title="', "title=“"), ("scripts/charts/ten_tasks.py", 'title="', 'title="“图”')),
    "words-of-charts": (("scripts/charts/ten_tasks.py", "conclusion=", "conclusions="), ("scripts/charts/ten_tasks.py", "conclusion=", "conclusion='话' + ")),
    "paragraphs-under-headings": (("book/characteristics.md", REALITY[0], MOVED), ("book/characteristics.md", "{quote} 3.2\n", "{quote} 3.2 3.3\n")),
    "published-addresses": (("data/addresses.txt", "", "index\ngone\n"), ("data/addresses.txt", "", "# 说明\nindex\nindex#index\n")),
    "full-width-numbers": (("data/zones.csv", "2,石角", "２,石角"), ("data/zones.csv", "2,石角", " 2,石角")),
}  # fmt: skip


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_of_the_book(tmp_path_factory.mktemp("rules"))


@pytest.fixture(scope="module")
def book(root: Path) -> Book:
    return Book(Project(root))


def with_chapter(book: Book, text: str) -> Book:
    """The book with only this chapter."""
    changed = copy.copy(book)
    changed.chapters = [Chapter(book.root / "book" / "x.md", text)]
    for name in ("prose", "targets", "changelog"):
        changed.__dict__.pop(name, None)
    return changed


def test_each_rule_has_its_pair() -> None:
    assert set(CHAPTERS) | set(FILES) == set(RULES)


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_rule_finds_what_is_wrong_and_nothing_else(book: Book, name: str) -> None:
    bad, line, good = CHAPTERS[name]
    found = list(RULES[name].find(with_chapter(book, bad)))
    assert {finding.line for finding in found} == {line}, found
    assert all(finding.remedy for finding in found)
    assert list(RULES[name].find(with_chapter(book, good))) == []


@pytest.mark.parametrize("name", FILES)
def test_a_rule_on_files_finds_what_is_wrong_and_nothing_else(root: Path, name: str) -> None:
    bad, good = FILES[name]
    with edited(root, *bad):
        found = list(RULES[name].find(Book(Project(root))))
    assert found and all(finding.file and finding.remedy for finding in found if name != "coverage")
    if good:
        with edited(root, *good):
            assert list(RULES[name].find(Book(Project(root)))) == []
    assert list(RULES[name].find(Book(Project(root)))) == []


def test_a_large_image_is_found(root: Path, book: Book) -> None:
    with edited(root, "book/images/large.png", "", "x" * 600_000):
        (found,) = RULES["images"].find(with_chapter(book, TOP + "![一张大图](images/large.png)\n"))
    assert "600 KB" in found.message and "1600 像素" in found.remedy


def test_a_name_in_the_brackets_of_another_is_a_name(book: Book) -> None:
    cells = [cell for table in book.tables.values() for cell in table.frame.get("name", ())]
    inner = {name for cell in cells for name in re.findall("（(.{4,})）", cell)}
    assert inner and inner <= set(book.long_names)


def test_a_place_one_character_off_is_found(book: Book) -> None:
    place = book.places[0]
    (found,) = RULES["names"].find(with_chapter(book, TOP + f"在{place[0]}鑫{place[-1]}。\n"))
    assert place in found.remedy
    for other in (place, f"鑫{place[1:]}", f"“{place}”"):
        assert list(RULES["names"].find(with_chapter(book, TOP + f"在{other}。\n"))) == []


def test_a_paragraph_quoted_in_the_place_of_another_is_found_there(root: Path) -> None:
    with edited(root, "book/characteristics.md", "{quote} 3.2\n", "{quote} 3.3\n") as path:
        (found,) = RULES["coverage"].find(Book(Project(root)))
        wrong = path.read_text("utf-8").splitlines().index(":::{quote} 3.3") + 1
    assert found.line == wrong and "写成“:::{quote} 3.2”" in found.remedy


def test_a_misspelt_setting_is_not_missing_as_well(book: Book) -> None:
    text = "---\ndescripton: 试。\n---\n\n# 题\n"
    (found,) = RULES["front-matter"].find(with_chapter(book, text))
    assert found.line == 2 and found.remedy == "写成“description”"


@pytest.mark.parametrize("name", CHAPTERS)
def test_style_is_nobodys_business_in_a_quotation(book: Book, name: str) -> None:
    """Nor in code, addresses, comments."""
    rule = RULES[name]
    if rule.of_prose and name not in ("broken-lines", "code-of-the-source"):
        flaw = CHAPTERS[name][0].removeprefix(TOP).strip()
        for hidden in (
            f"{{quote}}`{flaw}`",
            f"```text\n{flaw}\n```",
            f"% {flaw}",
            f":::{{quote}} 3.1\n{flaw}\n:::",
        ):
            assert list(rule.find(with_chapter(book, TOP + hidden + "\n"))) == []


def test_every_rule_says_in_chinese_what_it_asks_for() -> None:
    for rule in RULES.values():
        assert rule.asks.endswith("。") and (not rule.why or rule.why.endswith("。")), rule.name
        assert any("\u4e00" <= character <= "\u9fff" for character in rule.asks)


def test_the_list_of_rules_in_contributing_is_up_to_date() -> None:
    """To renew it, put what `python3 scripts/book.py check --rules` prints between the two marks."""
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    listed = text.partition(report.BEGIN)[2].partition(report.END)[0]
    assert listed.strip() == report.rules(checks.GROUPS), (
        "运行 python3 scripts/book.py check --rules，贴到 CONTRIBUTING.md 的两个记号之间"
    )


def test_blocks_and_marks_are_those_that_a_build_knows(tmp_path: Path) -> None:
    import io

    from docutils.parsers.rst import directives, roles
    from sphinx.application import Sphinx
    from sphinx.util.docutils import docutils_namespace

    (tmp_path / "index.md").write_text("# 题\n", "utf-8")
    (tmp_path / "_toc.yml").write_text("format: jb-book\nroot: index\n", "utf-8")
    extensions = [
        "myst_nb",
        "jupyter_book",
        "sphinx_external_toc",
        "sphinx_design",
        "explainer.sphinx",
        "explainer.pdf",
    ]
    with docutils_namespace():
        app = Sphinx(
            tmp_path, None, tmp_path / "html", tmp_path / "doctrees", "html", status=None, warning=io.StringIO(),
            confoverrides={"extensions": extensions, "html_theme": "explainer", "language": "zh_CN"},
        )  # fmt: skip
        domain, registry = app.registry.domains["std"], app.registry
        known_directives = {
            *directives._directives,
            *directives._directive_registry,
            *domain.directives,
        }
        known_directives |= set(registry.domain_directives.get("std", {}))
        known_roles = {
            *roles._roles,
            *roles._role_registry,
            *domain.roles,
            *registry.domain_roles.get("std", {}),
        }
        own = {
            name
            for name, made in directives._directives.items()
            if made.__module__.startswith("explainer")
        }
    assert {name for name in app.config.values if name.startswith("explainer_")} == OWN
    assert known_directives >= BLOCKS.keys() >= own
    assert known_roles >= ROLES - {"sub", "sup", "title"}  # docutils' own short names
