from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from explainer import tables
from explainer.errors import EditorError, EditorErrors
from explainer.project import current


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A copy of data/, to spoil."""
    return Path(shutil.copytree(current().data, tmp_path / "data"))


def findings(data: Path) -> list[str]:
    """What loading says, each as `file:line: …` relative to the copy."""
    with pytest.raises(EditorErrors) as caught:
        tables.load(data, current().source)
    return [f"{Path(e.file).name}:{e.line}: {e.words}" for e in caught.value.errors]


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_counts_are_those_of_the_source() -> None:
    counts = {name: len(table.frame) for name, table in current().tables.items()}
    assert (
        counts
        | {
            "parts": 4,
            "positionings": 2,
            "levels": 3,
            "zones": 5,
            "tasks": 10,
            "safeguards": 4,
            "institutions": 3,
            "benefits": 3,
            "turns": 2,
        }
        == counts
    )


def test_every_row_stands_in_the_source() -> None:
    quoting = [
        table
        for table in current().tables.values()
        if any(field.source == "quotation" for field in table.fields)
    ]
    assert len(quoting) > 1
    for table in quoting:
        for row in table.frame.itertuples():
            assert row.quote in current().source.unit(row.source).text
            assert row.quote in current().source.unit(row.anchor.removeprefix("s")).text


def test_what_the_source_does_not_say_is_the_editors() -> None:
    wheel = current().frame("task-wheel").set_index("task")
    assert wheel.loc[9, "wheel"] == "制度创新" and wheel.loc[9, "basis"] == "原文"
    assert set(wheel.drop(9)["basis"]) == {"编者梳理"}
    assert set(current().frame("measure-task")["basis"]) == {"编者梳理"}


def test_supervision_is_listed_and_never_elaborated() -> None:
    safeguards = current().frame("safeguards").set_index("name")
    assert list(safeguards.index) == ["组织保障", "资金保障", "政策保障", "监督考核"]
    assert safeguards["institution"].isna().to_dict()["监督考核"]
    assert safeguards["institution"].notna().sum() == 3


def test_facets_follow_the_order_of_the_source() -> None:
    sentence = current().source.sentences["3.3.2"].text
    positions = [sentence.index(facet) for facet in current().frame("tasks")["facet"]]
    assert positions == sorted(positions)


@pytest.mark.parametrize(
    ("file", "old", "new", "line", "words"),
    [
        ("tasks.csv", "开放共赢，合力打造", "开放共嬴，合力打造", 2, "“嬴”应为“赢”"),
        (
            "levels.csv",
            "头部水平,清城区",
            "头部水准,清城区",
            2,
            "“名称”列的“头部水准”不在同一行的引文里",
        ),
        ("tasks.csv", "创新节点,第一", "创新结点,第一", 2, "“结”应为“节”"),
        ("positionings.csv", ",2.3.1", ",", 2, "不止一处（2.3.1、3.2.3）"),
        ("positionings.csv", ",2.3.1", ",1.1", 2, "不在 1.1，而在 2.3.1"),
        ("zones.csv", "5,农业科技园,农业科技园\n", "", 5, "应有 5 行，现有 4 行"),
        ("zones.csv", "5,农业", "4,农业", 6, "重复"),
        ("zones.csv", "编号,", "序号,", 1, "“序号”应为“编号”"),
        ("zones.csv", "5,农业", "五,农业", 6, "应是数字，这里写的是“五”"),
        ("zones.csv", "5,农业科技园,农业科技园", "5,,农业科技园", 6, "“名称”是空的"),
        ("zones.csv", "5,农业科技园,农业科技园", "5,农业科技园,农业科技园,", 6, "格子比表头多"),
        ("zones.csv", "编号,名称,引文", "编号;名称;引文", 1, "各列之间用的是分号"),
        ("measure_task.csv", "1,3,", "1,33,", 2, "编号在所指的表里找不到"),
        ("task_wheel.csv", ",编者梳理,", ",大家认为,", 2, "不能写“大家认为”"),
        ("zones.csv", "5,农业科技园", '5,"农业科技园', 6, "引号没有配对"),
    ],
)
def test_a_spoilt_table_is_refused(data: Path, file, old, new, line, words) -> None:
    replace(data / file, old, new)
    assert any(f.startswith(f"{file}:{line}: ") and words in f for f in findings(data)), findings(
        data
    )


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("new,问？,答。,,", "“引文”、“原文没有说的”都是空的"),
        ("new,问？,答。,4.9.9,没有说的", "4.9.9"),
        ("new,问？,答。,4.3.2｜从来没有这样一句话,没有说的", "从来没有这样一句话"),
        ("new,问？,,4.3.2,没有说的", "“回答”是空的"),
    ],
)
def test_an_answer_quotes_the_source_or_names_what_it_lacks(data: Path, row: str, words: str):
    file = data / "questions.csv"
    before = file.read_text("utf-8")
    file.write_text(f"{before.rstrip()}\n{row}\n", "utf-8")
    line = len(before.rstrip().splitlines()) + 1
    assert any(f.startswith(f"questions.csv:{line}: ") and words in f for f in findings(data)), (
        findings(data)
    )
    for good in ("new,问？,答。,,没有说的", "new,问？,答。,4.3.2｜2.4.2(6),"):
        file.write_text(f"{before.rstrip()}\n{good}\n", "utf-8")
        tables.load(data, current().source)


def test_words_that_a_row_says_the_source_has_stand_in_one_of_its_quotations(data: Path):
    file = data / "readers.csv"
    added = "new,从没有的读者,4.3.2,{},话。,没有说的\n"
    before = file.read_text("utf-8").rstrip() + "\n"
    file.write_text(before + added.format("原文"), "utf-8")
    assert findings(data)[0].startswith("readers.csv:")
    file.write_text(before + added.format("编者梳理"), "utf-8")
    tables.load(data, current().source)


def test_byte_order_mark_crlf_and_excels_empty_rows_are_read(data: Path) -> None:
    zones = data / "zones.csv"
    text = zones.read_text("utf-8").replace("\n", "\r\n") + ",,\r\n"
    zones.write_bytes(text.encode("utf-8-sig"))
    assert len(tables.load(data, current().source)["zones"].frame) == 5


def test_gbk_is_recognised_and_the_remedy_told(data: Path) -> None:
    zones = data / "zones.csv"
    zones.write_bytes(zones.read_text("utf-8").encode("gbk"))
    assert any(
        "zones.csv:1: 这个表格存成了 GBK 编码" in f and "CSV UTF-8" in f for f in findings(data)
    )


def test_utf_16_is_recognised_and_the_remedy_told(data: Path) -> None:
    zones = data / "zones.csv"
    zones.write_text(zones.read_text("utf-8"), "utf-16")
    assert any("UTF-16" in f and "CSV UTF-8" in f for f in findings(data))


def test_full_width_digits_are_numbers(data: Path) -> None:
    replace(data / "zones.csv", "\n5,", "\n５,")
    assert list(tables.load(data, current().source)["zones"].frame["number"]) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"resources": [', '"tables": [', "缺少“resources”"),
        ('"alias": "number", ', "", "缺少 name、alias"),
        ('"type": "integer"', '"type": "整数"', "只能是 integer 或 string"),
        ('"resources": [', '"resources": [3,', "每一项应是一个表格的说明"),
        ('"fields": [', '"columns": [', "缺少“fields”"),
        ('"minimum": 1', '"minimum": "一"', "表格的说明写得不对"),
        ('"primaryKey": ["编号"]', '"primaryKey": ["号"]', "表格的说明写得不对"),
        ('"path": "parts.csv"', '"path": 3', "应是文件名"),
        ('"name": "parts",', '"name": "parts"', "不是正确的 JSON"),
    ],
)
def test_a_spoilt_description_is_refused(data: Path, old: str, new: str, words: str) -> None:
    replace(data / tables.PACKAGE, old, new)
    with pytest.raises(EditorError, match=words):
        tables.load(data, current().source)


def test_a_missing_table_is_named(data: Path) -> None:
    (data / "zones.csv").unlink()
    assert findings(data)[0].startswith("zones.csv:None: 缺少这个表格")


def test_downloads_open_in_excel_and_carry_the_sentence() -> None:
    raw = tables.to_csv(current().table("tasks"))
    assert raw.startswith(b"\xef\xbb\xbf") and b"\r\n" in raw
    header, first = raw.decode("utf-8-sig").splitlines()[:2]
    assert header.split(",")[0] == "编号" and header.split(",")[-1] == "出处"
    assert first.split(",")[-1] == "2.4.2(1)"


def test_description_names_every_column_of_every_file() -> None:
    package = json.loads((current().data / tables.PACKAGE).read_text("utf-8"))
    listed = {resource["path"] for resource in package["resources"]}
    assert listed == {path.name for path in current().data.glob("*.csv")}
    for resource in package["resources"]:
        assert all(
            field["description"] and field["alias"] for field in resource["schema"]["fields"]
        )
