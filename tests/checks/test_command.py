"""The command: formats, chosen files, --fix, and what Windows and Excel leave in files."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from editing import copy_of_the_book, edited, findings, line_of

from explainer import checks, cli, engine
from explainer.checks.command import command
from explainer.errors import EditorError
from explainer.project import Project

C = "book/contents.md"
STYLE = (C, "先回头看，再往前看。", "先回头看,再往前看。到 2025 年，達到ＷＰＳ(即办公)的目标。")
MENDED = "先回头看，再往前看。到2025年，达到WPS（即办公）的目标。"
ZONES = "data/zones.csv"


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_of_the_book(tmp_path_factory.mktemp("command"))


@pytest.fixture
def root(clean: Path) -> Iterator[Path]:
    """The copy; what a test changes of its chapters and tables is undone."""
    paths = [
        *(clean / "book").glob("*.md"),
        *(clean / "data").glob("*.csv"),
        clean / "CHANGELOG.md",
    ]
    before = {path: path.read_bytes() for path in paths}
    yield clean
    for path, content in before.items():
        if path.read_bytes() != content:
            path.write_bytes(content)


def spoil(root: Path, file: str, old: str, new: str) -> bytes:
    path = root / file
    raw = path.read_bytes().replace(old.encode(), new.encode(), 1)
    path.write_bytes(raw)
    return raw


def test_findings_are_printed_and_counted(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with edited(root, *STYLE) as path:
        line = line_of(path, "先回头看")
        assert command(Project(root)) == 1
    said = capsys.readouterr()
    lines = said.err.splitlines()
    assert len(lines) == 4 and all(
        one.startswith(f"{C}:{line}: ") and "改法：" in one for one in lines
    )
    assert (
        said.out
        == "检查完成：发现 4 处要改。其中 4 处可以自动改好：python3 scripts/book.py check --fix。\n"
    )
    assert command(Project(root)) == 0
    assert capsys.readouterr().out == "检查完成：没有发现问题。\n"


@pytest.mark.parametrize(
    "link",
    [
        "[话](第一 章, 二.md)",
        "![图](images/图 (1), 二.png)",
        "![图] (images/图.png)",
        "[话](到 2025 年.md '标题')",
    ],
)
def test_fix_leaves_where_a_link_goes(root: Path, link: str) -> None:
    spoil(root, C, "先回头看，", f"先看{link},")
    command(Project(root), mend=True)
    assert f"先看{link}，再往前看。" in (root / C).read_text("utf-8")


def test_a_reason_is_given_once(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with edited(root, C, "一共四大部分，依次往下讲。", "一共四大部分,依次,往下讲。"):
        command(Project(root))
    assert capsys.readouterr().err.count("换行也会断在不该断的地方") == 1


def test_github_gets_workflow_commands(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with (
        edited(root, C, "一共四大部分，依", "增长15%，\n\n一共四大部分,依") as path,
        edited(root, "book/about.md", "# 编写说明", "# 编写说明\n\n# 又一个"),
    ):
        line = line_of(path, "增长15%")
        assert command(Project(root), format="github") == 1
    error, claim, comma, summary = capsys.readouterr().out.splitlines()
    assert (
        error.startswith("::error file=book/about.md,line=8,title=") and "写成“## 又一个”" in error
    )
    assert claim.startswith(f"::warning file={C},line={line},col=3,title=") and "15%25" in claim
    assert comma.startswith(f"::warning file={C},line={line + 2},col=7,")
    assert all(
        ":" not in line.split("::")[1] and "%3A" not in line.split("::")[2]
        for line in (error, claim, comma)
    )


def test_programs_get_json_and_nothing_else(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with edited(root, *STYLE) as path:
        line = line_of(path, "先回头看")
        assert command(Project(root), format="json") == 1
    found = json.loads(capsys.readouterr().out)
    assert {item["rule"] for item in found} >= {"half-width-punctuation", "traditional-characters"}
    first = found[0]
    assert (
        first["file"] == C and first["line"] == line and first["column"] == 5 and first["fixable"]
    )
    assert first["message"] and first["why"] and first["remedy"]
    assert command(Project(root), format="json") == 0
    assert json.loads(capsys.readouterr().out) == []


@pytest.mark.parametrize(
    "name", ["book/about.md", "book\\about.md", "about.md", "about", ".\\book\\about.md", "book"]
)
def test_only_the_named_files_are_judged(root: Path, name: str, capsys, monkeypatch) -> None:
    monkeypatch.chdir(root)
    with (
        edited(root, "book/about.md", "# 编写说明", "# 编写说明,说明"),
        edited(root, ZONES, "2,石角", "２,石角"),
    ):
        assert command(Project(root), [name]) == 1
    said = capsys.readouterr()
    assert len(said.err.splitlines()) == 1 and "book/about.md:" in said.err
    assert "发现 1 处" in said.out and "别的文件里还有 1 处" in said.out


def test_a_file_that_is_not_there_is_said_to_be_missing(root: Path) -> None:
    with pytest.raises(EditorError, match="没有“book/contens.md”这个文件"):
        command(Project(root), ["book/contens.md"])


def test_fix_mends_and_says_what(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spoil(root, *STYLE)
    assert command(Project(root), mend=True) == 0
    assert MENDED in (root / C).read_text("utf-8")
    said = capsys.readouterr().err
    assert said.startswith(f"{C}: 已改：") and "“達”改成“达”" in said
    command(Project(root), mend=True)
    assert "没有能自动改的地方" in capsys.readouterr().err


def test_fix_leaves_alone_what_is_not_the_editors(root: Path) -> None:
    block = (
        "```text\n代码,到 2025 年\n```\n\n`代码,到 2025 年`、[话](a,b.md)\n\n:::{quote} 3.1\n没有,到 2025 年\n:::\n\n"
        "{quote}`没有,到 2025 年`\n\n% 注释,到 2025 年\n\n<!-- 注释,到 2025 年 -->\n"
    )
    spoil(root, C, "先回头看", block + "\n先回头看")
    spoil(root, C, "description: 规划的", "description: 规划,的")
    before = (root / C).read_bytes()
    command(Project(root), mend=True)
    assert (root / C).read_bytes() == before


def test_fix_keeps_line_endings_and_byte_order_mark(root: Path) -> None:
    raw = b"\xef\xbb\xbf" + spoil(root, *STYLE).replace(b"\n", b"\r\n")
    (root / C).write_bytes(raw)
    command(Project(root), mend=True)
    expected = raw.replace(STYLE[2].encode(), MENDED.encode())
    assert (root / C).read_bytes() == expected


def test_fix_of_one_file_leaves_the_others(root: Path) -> None:
    spoil(root, *STYLE)
    spoil(root, "book/about.md", "# 编写说明", "# 编写说明,说明")
    command(Project(root), [C], mend=True)
    assert MENDED in (root / C).read_text("utf-8") and "编写说明,说明" in (
        root / "book/about.md"
    ).read_text("utf-8")


def test_fix_that_cannot_write_leaves_the_file_whole(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = spoil(root, *STYLE)

    def full(*_) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError):
        command(Project(root), mend=True)
    assert (root / C).read_bytes() == raw and not list((root / "book").glob(".*"))


@pytest.mark.parametrize(
    ("encoding", "separator", "newline", "words"),
    [
        ("gbk", ",", "\r\n", "GBK"),
        ("utf-16", "\t", "\r\n", "Unicode 文本"),
        ("utf-8", ";", "\n", "分号"),
        ("utf-8-sig", "\t", "\r\n", "制表符"),
    ],
)
def test_a_table_saved_by_excel_is_recognised_and_restored(
    root: Path, encoding, separator, newline, words
) -> None:
    good = (root / ZONES).read_bytes()
    text = good.decode().replace(",", separator).replace("\n", newline)
    (root / ZONES).write_bytes(text.encode(encoding))
    (found,) = findings(root)
    assert found.startswith(f"{ZONES}:1: ") and words in found and "CSV UTF-8" in found
    assert command(Project(root), mend=True) == 0
    assert (root / ZONES).read_bytes() == good


def test_what_excel_adds_is_not_found_fault_with(root: Path) -> None:
    good = (root / ZONES).read_text("utf-8")
    rows = "".join(f"{row},,\r\n" for row in good.splitlines()) + ",,,,\r\n,,,,\r\n"
    (root / ZONES).write_bytes(b"\xef\xbb\xbf" + rows.encode())
    assert findings(root) == []


def test_a_damaged_byte_is_not_taken_for_gbk(root: Path) -> None:
    for file in (ZONES, C):
        raw = (root / file).read_bytes()
        (root / file).write_bytes(raw[:-4] + raw[-3:])
        (found,) = findings(root)
        assert "坏掉的字" in found and found.startswith(f"{file}:{raw.count(bytes([10]))}: ")
        damaged = (root / file).read_bytes()
        command(Project(root), mend=True)
        assert (root / file).read_bytes() == damaged
        (root / file).write_bytes(raw)


def test_windows_line_endings_and_marks_are_not_found_fault_with(root: Path) -> None:
    for path in (root / "book").glob("*.md"):
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert findings(root) == []


def test_a_chapter_in_gbk_is_found_and_converted(root: Path) -> None:
    text = (root / C).read_text("utf-8")
    (root / C).write_bytes(text.encode("gb18030"))
    (found,) = findings(root)
    assert "不是 UTF-8 编码" in found
    assert command(Project(root), mend=True) == 0
    assert (root / C).read_text("utf-8") == text


def test_build_stops_at_what_it_would_stumble_over_and_lets_style_pass(
    root: Path, monkeypatch, capsys
) -> None:
    built = []
    monkeypatch.setattr(engine, "build", lambda root, **_: built.append(True))
    blocking = checks.blocking
    monkeypatch.setattr(checks, "blocking", lambda book: blocking(Project(root)))
    with edited(root, *STYLE):
        assert cli.main(["build"]) == 0 and built
    with edited(root, C, "{quote} 2.3\n", "{quote} 2.9\n"):
        assert cli.main(["build"]) == 1 and len(built) == 1
    said = capsys.readouterr()
    assert said.out == "没有生成，请先改好下面各处。\n"
    assert said.err.startswith(f"{C}:43: 原文没有编号 2.9") and len(said.err.splitlines()) == 1


def test_the_command_line_knows_its_options(capsys: pytest.CaptureFixture[str]) -> None:
    args = cli.parse(["check", "book/contents.md", "--format", "json", "--fix"])
    assert (args.files, args.format, args.fix) == (["book/contents.md"], "json", True)
    with pytest.raises(SystemExit):
        cli.parse(["check", "--format", "xml"])
    assert "没有“xml”" in capsys.readouterr().err
