"""The glossary's authorities: each fault in an invented row is found, on its line and with a remedy, and nothing else is."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from editing import copy_of_the_book

from explainer.checks import authorities
from explainer.checks.book import Book
from explainer.project import Project, current

LAW = {
    "编号": "fa", "文件": "《某某法》", "条目": "第一条", "发布单位": "某单位", "文号": "某号令", "日期": "2020年1月2日", "网址": "https://www.xx.gov.cn/a.htm",
    "原话": "所称某事，是指“某种”事。", "见于": "官方页面", "先后": "", "查证": "2021年3月4日，见于官方页面。",
}  # fmt: skip
OTHER = LAW | {"编号": "gui", "文件": "《某规定》", "原话": "别的话。", "见于": "两处", "网址": ""}
TERM = {
    "编号": "ci",
    "术语": "某词",
    "引文": next(iter(current().source.sentences.values())).text,
    "解释": "就是某事。",
    "依据": "依据文件",
    "依据文件": "fa",
    "查找记录": "",
}
LITERAL = {"依据": "字面", "依据文件": ""}
RECORD = "2021年3月4日，查过法律和政府网站，没有查到定义。"

# the law's cells, the term's, what is said of which table
BAD = [
    ({"见于": "一处", "网址": ""}, {}, "authorities", "不能引"),
    ({"原话": ""}, {}, "authorities", "没有写原话"),
    ({"网址": "https://www.example.com/a.htm"}, {}, "authorities", "不是政府网站的网址"),
    ({"网址": "https://www.gov.cn.example.com/a.htm"}, {}, "authorities", "不是政府网站的网址"),
    ({"网址": "https://www.notgov.cn/a.htm"}, {}, "authorities", "不是政府网站的网址"),
    ({"网址": "www.xx.gov.cn/a.htm"}, {}, "authorities", "不是政府网站的网址"),
    ({"网址": "http://[gov.cn"}, {}, "authorities", "不是政府网站的网址"),
    ({"见于": "两处"}, {}, "authorities", "“见于”却不是“官方页面”"),
    ({"日期": "2020-1-2"}, {}, "authorities", "日期写的是"),
    ({"日期": "2020年1月"}, {}, "authorities", "日期写的是"),
    ({"日期": "2020年2月30日"}, {}, "authorities", "日期写的是"),
    ({"查证": "见于官方页面。"}, {}, "authorities", "“查证”没有写哪一天"),
    ({"查证": "2021年，见于官方页面。"}, {}, "authorities", "“查证”没有写哪一天"),
    ({"日期": "2019年12月31日", "先后": "晚于原文"}, {}, "authorities", "没有注明晚于原文"),
    ({}, {"依据文件": "fa、bu"}, "glossary", "没有编号“bu”"),
    ({}, {"依据文件": "fa,gui"}, "glossary", "没有编号“fa,gui”"),
    ({}, {"依据文件": ""}, "glossary", "没有写是哪一份"),
    ({}, LITERAL, "glossary", "没有依据文件，也没有查找记录"),
    ({}, {"依据": "通行说法", "依据文件": ""}, "glossary", "没有依据文件，也没有查找记录"),
    ({}, LITERAL | {"查找记录": "查过，没有查到定义。"}, "glossary", "“查找记录”没有写哪一天"),
    ({}, {"解释": "就是某事，未查到权威定义。"}, "glossary", "却没有查找记录"),
    ({}, {"解释": "法律说的是“某些”事。"}, "glossary", "都没有“某些”"),
    ({}, {"解释": "规定说的是“别的话”。"}, "glossary", "都没有“别的话”"),
    ({}, LITERAL | {"查找记录": f"{RECORD}只见到“某些”。"}, "glossary", "都没有“某些”"),
    ({}, {"解释": "见https://www.example.com/a。"}, "glossary", "写了网址"),
    ({}, {"解释": "见example.com。"}, "glossary", "写了网址"),
]
GOOD = [
    ({}, {}),
    ({"见于": "一处", "原话": "", "网址": ""}, {}),
    ({"见于": "法律文本", "网址": ""}, {}),
    ({"日期": "2020年"}, {}),
    ({"网址": "http://gov.cn/a.htm"}, {}),
    ({"日期": "2030年1月1日", "先后": "晚于原文"}, {}),
    ({}, LITERAL | {"查找记录": RECORD}),
    ({}, {"依据": "归纳原文", "依据文件": ""}),
    ({}, {"依据": "通行说法", "查找记录": RECORD, "解释": "没有查到定义。"}),
    (
        {},
        {
            "依据文件": "fa、gui",
            "解释": "“某种”事，规定另有“别的话”；《某某法》说的是“所称某事，是指”。",
        },
    ),
    (
        {},
        {
            "解释": f"原文的“{TERM['引文'][:8]}”，标题里的“{current().source.title[-4:]}”，标题“{current().source.chapters[0].title}”。"
        },
    ),
]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_of_the_book(tmp_path_factory.mktemp("authorities"))


def found(root: Path, law: dict[str, str], term: dict[str, str]) -> list:
    """What the rules say of a book with these two documents and this one term."""
    package = json.loads((root / "data" / "datapackage.json").read_text("utf-8"))
    for name, rows in (("authorities", [LAW | law, OTHER]), ("glossary", [TERM | term])):
        (resource,) = (resource for resource in package["resources"] if resource["name"] == name)
        headers = [field["name"] for field in resource["schema"]["fields"]]
        with (root / "data" / resource["path"]).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(
                [headers, *([row.get(header, "") for header in headers] for row in rows)]
            )
    book = Book(Project(root))
    assert not book.table_errors, book.table_errors
    return [finding for rule in authorities.RULES.rules for finding in rule.find(book)]


@pytest.mark.parametrize(("law", "term", "table", "words"), BAD)
def test_a_fault_is_found_once_where_it_is(root: Path, law, term, table: str, words: str) -> None:
    (finding,) = found(root, law, term)
    assert Path(finding.file).name == f"{table}.csv" and words in finding.message and finding.remedy
    assert finding.line == (3 if "没有注明" in words else 2)


@pytest.mark.parametrize(("law", "term"), GOOD)
def test_what_is_right_is_not_found_fault_with(root: Path, law, term) -> None:
    assert found(root, law, term) == []
