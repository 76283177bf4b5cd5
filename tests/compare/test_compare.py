"""Two prepared books, compared as readers have them; nothing is built here."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from explainer import clone, compare
from explainer.compare import changes, paper, product, report
from explainer.errors import EditorError
from explainer.pdf import edition
from explainer.project import Project, current

PAGE = """<!DOCTYPE html><html lang="zh-CN"><body><nav>目录</nav><main><article><section id="a"><h1>规划作用<a class="headerlink">#</a></h1>
<div class="updated">本页最近改动：<time>2026-11-25</time></div><p>开头的一句话，说的是总体布局。</p>
<h2>它写了什么？</h2>
<figure class="quotation"><figcaption>原文 1.1</figcaption><blockquote data-source="1.1"><p><span data-source="1.1.1">一句原文。</span></p></blockquote></figure>
<ul><li><p>管什么：2021年到2025年的科技创新。</p></li></ul>
<table><tbody><tr><td>甲</td><td>乙</td></tr></tbody></table>
<figure class="chart" id="figure-turns"><p class="chart-title">两个转变</p><p class="chart-conclusion"><span class="voice-label">编者说明</span>少靠资源。</p>
<svg><text>不读</text></svg><table><tbody><tr><td>从</td><td>向</td></tr></tbody></table><script type="application/json">{"tour": 1}</script></figure>
</section></article></main></body></html>"""
PACKAGE = {
    "resources": [
        {"name": "zones", "path": "zones.csv", "title": "区域", "schema": {"primaryKey": ["编号"]}}
    ]
}


def write(
    root: Path,
    page: str = PAGE,
    drawing: str = "<svg>旧</svg>",
    table: str = "编号,名称\n1,甲\n2,乙\n",
) -> Path:
    for file, text in {
        "_build/html/purpose.html": page,
        "_build/html/downloads/figure-turns.svg": drawing,
        "data/datapackage.json": json.dumps(PACKAGE),
        "data/zones.csv": table,
    }.items():
        path = root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return root


@pytest.fixture
def before(tmp_path: Path) -> product.Product:
    return product.read(write(tmp_path / "前"), ["book/a.md: 旧意见。"])


def after(
    tmp_path: Path, findings: tuple[str, ...] = ("book/a.md: 旧意见。",), **files: str
) -> product.Product:
    return product.read(write(tmp_path / "后", **files), list(findings))


def test_a_page_is_read_as_its_readers_read_it(before):
    page = before.pages["purpose"]
    assert page.title == "规划作用" and page.uses == {"1.1.1"}
    assert [(block.kind, block.text) for block in page.blocks] == [
        ("标题", "规划作用"),
        ("", "开头的一句话，说的是总体布局。"),
        ("标题", "它写了什么？"),
        ("", "原文 1.1"),
        ("原文", "一句原文。"),
        ("", "管什么：2021年到2025年的科技创新。"),
        ("表格行", "甲 ｜ 乙"),
    ]
    (chart,) = page.charts
    assert (chart.name, chart.title, chart.words, chart.rows) == (
        "turns",
        "两个转变",
        ["两个转变", "少靠资源。"],
        ["从 ｜ 向"],
    )
    assert chart.drawing == "<svg>旧</svg>" and json.loads(chart.live) == {"tour": 1}


def test_nothing_changed_says_so(before, tmp_path: Path):
    found = changes.between(before, after(tmp_path))
    assert not found
    assert "读者看到的没有变化" in report.summary(found, before, None, "v2026.1")


def test_an_edited_sentence(before, tmp_path: Path):
    found = changes.between(
        before, after(tmp_path, page=PAGE.replace("2025年的", "2025年这五年的"))
    )
    (page,) = found.pages
    (passage,) = page.passages
    assert passage.heading == "它写了什么？"
    assert [(piece.kind, piece.text) for piece in passage.pieces if piece.kind != "same"] == [
        ("new", "这五年")
    ]
    assert not (found.charts or found.tables or found.uses)
    summary = report.summary(found, before, None, "main")
    assert (
        "+ 管什么：2021年到2025年这五年的科技创新。" in summary and "有变化：1 页文字。" in summary
    )


def test_a_row_of_a_table(before, tmp_path: Path):
    found = changes.between(before, after(tmp_path, table="\ufeff编号,名称\r\n1,甲区\r\n3,丙\r\n"))
    (table,) = found.tables
    assert [(row.key, row.kind) for row in table.rows] == [
        ("1", "改动"),
        ("2", "删去"),
        ("3", "新增"),
    ]
    (cell,) = table.rows[0].cells
    assert (cell.kind, cell.before, cell.after) == ("名称", "甲", "甲区")
    assert "新增 1 行、删去 1 行、改动 1 行" in report.summary(found, before, None, "main")


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"drawing": "<svg>新</svg>"}, "图面有变化"),
        ({"page": PAGE.replace("少靠资源", "多靠创新")}, "文字有变化"),
        ({"page": PAGE.replace("<td>从</td>", "<td>自</td>")}, "数据表有变化"),
        ({"page": PAGE.replace('"tour": 1', '"tour": 2')}, "图面没有变，点开以后的互动有变化"),
    ],
)
def test_what_of_a_chart_changed(before, tmp_path: Path, files: dict[str, str], said: str):
    found = changes.between(before, after(tmp_path, **files))
    (chart,) = found.charts
    assert report.chart_kind(chart) == said
    assert not found.pages


def test_a_script_that_differs_in_more_than_a_file_s_name(tmp_path: Path):
    def looking(side: str, script: str) -> product.Product:
        root = write(tmp_path / side)
        (root / "_build" / "html" / "_static").mkdir()
        (root / "_build" / "html" / "_static" / "search.js").write_text(script, "utf-8")
        return product.read(root, [])

    old, same = (
        looking("甲", 'load("data.0123456789.js")'),
        looking("乙", 'load("data.abcdef0123.js")'),
    )
    assert not changes.between(old, same)
    found = changes.between(old, looking("丙", 'show("data.0123456789.js")'))
    assert found and report.headline(found, None) == "有变化：网站的样式或脚本。"


def test_sentences_newly_used_and_no_longer_used(before, tmp_path: Path):
    (gone, came) = changes.between(
        before, after(tmp_path, page=PAGE.replace('"1.1.1"', '"1.2.2.1"'))
    ).uses
    assert (gone.id, gone.lost, gone.after) == ("1.1.1", ["规划作用"], False)
    assert (came.id, came.gained, came.before) == ("1.2.2", ["规划作用"], False)


def test_a_renamed_page_is_no_new_page(before, tmp_path: Path):
    now = after(tmp_path)
    (now.html / "purpose.html").rename(now.html / "why.html")
    found = changes.between(before, product.read(tmp_path / "后", []))
    (page,) = found.pages
    assert page.renamed and not page.passages
    assert "0 处" not in report.summary(found, before, None, "main")
    assert "写转址" in report.summary(found, before, None, "main")
    (now.html / "purpose.html").write_text(
        '<meta http-equiv="refresh" content="0; url=why.html">', "utf-8"
    )
    found = changes.between(before, product.read(tmp_path / "后", []))
    (page,) = found.pages
    assert page.renamed and "旧网址已经转过来" in report.summary(found, before, None, "main")


def test_what_stands_round_every_page(before, tmp_path: Path):
    footer = "<body><footer><p>主办单位：某局</p></footer>"
    sides = [write(tmp_path / side) for side in ("甲", "乙")]
    for side, words in zip(sides, ("", footer)):
        (side / "_build" / "html" / "index.html").write_text(
            f"<main><article></article></main>{words}", "utf-8"
        )
    (page,) = changes.between(*(product.read(side, []) for side in sides)).pages
    assert page.title == "每一页的页头、目录和页脚" and [
        passage.after for passage in page.passages
    ] == ["主办单位：某局"]


def test_new_findings_and_mended_ones(before, tmp_path: Path):
    found = changes.between(before, after(tmp_path, findings=("book/b.md:3: 新意见。改法：改。",)))
    assert found.findings == ["book/b.md:3: 新意见。改法：改。"] and found.mended == [
        "book/a.md: 旧意见。"
    ]
    assert "新出现的检查意见（1 条）" in report.summary(found, before, None, "main")


def test_a_finding_that_moved_to_another_line_is_the_same(before, tmp_path: Path):
    assert not changes.between(
        before, after(tmp_path, findings=("book/a.md:9: 旧意见。换一种说法。",))
    )


def test_a_base_that_did_not_build_is_compared_as_far_as_it_goes(tmp_path: Path):
    broken = product.read(write(tmp_path / "前"), [], fault="book/a.md:3: 引文不对。")
    found = changes.between(broken, after(tmp_path, table="编号,名称\n1,甲区\n2,乙\n"))
    assert not found.pages and len(found.tables) == 1
    said = report.summary(found, broken, None, "main")
    assert "改动前的书没有生成成功" in said and "book/a.md:3: 引文不对。" in said


def test_a_change_that_does_not_build_says_what_is_to_be_mended_first(before, tmp_path: Path):
    found = ["book/a.md:3: 引文不对。改法：改。"]
    broken = product.read(
        write(tmp_path / "后", table="编号,名称\n1,甲区\n2,乙\n"),
        found,
        fault="book/a.md:3: 引文不对。",
    )
    said = changes.between(before, broken)
    assert not said.pages and len(said.tables) == 1
    summary = report.summary(said, before, None, "main")
    assert "没有生成成功" in summary and summary.index("book/a.md:3") < summary.index("zones.csv")
    folder = report.write(
        said, before, broken, "main", tmp_path / "compare", current().source.sentences
    )
    soup = BeautifulSoup((folder / "index.html").read_text("utf-8"), "html.parser")
    assert "改动以后的书没有生成成功" in soup.get_text() and not soup.find(href="after/index.html")
    said.findings = []
    assert "book/a.md:3: 引文不对。" in report.summary(said, before, None, "main")


def test_tables_whose_list_cannot_be_read_are_left_to_check(tmp_path: Path):
    root = write(tmp_path / "前")
    for package in ("{", "[]", '{"resources": [{}]}'):
        (root / "data" / "datapackage.json").write_text(package, "utf-8")
        assert product.read(root, []).tables == {}


@pytest.mark.parametrize("broken", ["change", "program", "base"])
def test_the_findings_are_in_the_summary_whatever_becomes_of_the_rest(
    repository: Path, monkeypatch, broken: str
):
    findings = "book/a.md:3: 引文不对。改法：改。\n"

    def run(folder, root, *command, epoch=None):
        return subprocess.CompletedProcess(command, 1, "", findings)

    def build(root):
        raise RuntimeError if broken == "program" else EditorError("不成。")

    monkeypatch.setattr(clone, "run", run)
    monkeypatch.setattr(compare.engine, "build", build)
    folder = repository / "_build" / "compare"
    if broken == "change":
        compare.run(None, Project(repository))
        assert "没有生成成功" in (folder / "summary.md").read_text("utf-8")
        return
    with pytest.raises(RuntimeError if broken == "program" else EditorError):
        compare.run("v9" if broken == "base" else None, Project(repository))
    said = (folder / "summary.md").read_text("utf-8")
    assert findings.strip() in said and "对照还没有做好" in said


def test_what_a_change_brings_along_cannot_act_in_the_summary_or_the_page(before, tmp_path: Path):
    words = "```&lt;script&gt;alert(1)&lt;/script&gt; @everyone"
    evil = (
        PAGE.replace("开头的一句话", words)
        .replace("两个转变", f"`{words}")
        .replace('"1.1.1"', '"@everyone"')
    )
    now = after(tmp_path, page=evil, table="编号,名称\n1,`@everyone`\n")
    found = changes.between(before, now)
    summary = report.summary(found, before, None, "main")
    outside = re.sub(
        r"^```(text|diff)\n.*?^```$|`[^`\n]*`", "", summary, flags=re.MULTILINE | re.DOTALL
    )
    assert "@everyone" in summary and "@everyone" not in outside and "script" not in outside
    page = (
        report.write(found, before, now, "main", tmp_path / "compare", current().source.sentences)
        / "index.html"
    ).read_text("utf-8")
    soup = BeautifulSoup(page, "html.parser")
    assert (
        not soup.find("script")
        and "default-src 'none'" in soup.find("meta", {"http-equiv": True})["content"]
    )


def test_the_result_is_a_small_site_whose_links_land(before, tmp_path: Path):
    now = after(tmp_path, page=PAGE.replace("总体", "整体"), drawing="<svg>新</svg>")
    for side in (before, now):
        (side.html / "index.html").write_text("首页", "utf-8")
    folder = report.write(
        changes.between(before, now),
        before,
        now,
        "main",
        tmp_path / "compare",
        current().source.sentences,
    )
    soup = BeautifulSoup((folder / "index.html").read_text("utf-8"), "html.parser")
    targets = [e.get("href") or e.get("src") for e in soup.select("[href], [src]")]
    assert len(targets) > 6
    for target in targets:
        assert (
            soup.find(id=target[1:]) if target.startswith("#") else (folder / target).is_file()
        ), target
    assert [e.get_text() for e in soup.select(".passage del, .passage ins")] == ["总", "整"]


def test_a_summary_stays_short(before, tmp_path: Path):
    paragraphs = "".join(f"<p>新的第{n}段，{'很长的话' * 100}。</p>" for n in range(200))
    found = changes.between(before, after(tmp_path, page=PAGE.replace("<h2>", f"{paragraphs}<h2>")))
    assert len(report.summary(found, before, None, "main")) < 5000


def test_pages_of_the_pdf(site: Path, tmp_path: Path):
    pypdf = pytest.importorskip("pypdf")
    (pdf,) = edition.printed(site.parent / "pdf", edition.FULL)
    old, new = pypdf.PdfWriter(), pypdf.PdfWriter()
    pages = pypdf.PdfReader(pdf).pages
    for page in (0, 6, 7, 8):
        old.add_page(pages[page])
    for page in (0, 6, 9, 7):
        new.add_page(pages[page])
    for name, writer in (("old.pdf", old), ("new.pdf", new)):
        writer.write(tmp_path / name)
    assert paper.compare(pdf, pdf, tmp_path / "pages").changes == []
    printed = paper.compare(tmp_path / "old.pdf", tmp_path / "new.pdf", tmp_path / "pages")
    assert {(change.before, change.after) for change in printed.changes} == {(None, 3), (4, None)}
    assert {path.name for path in (tmp_path / "pages").iterdir()} == {
        "after-3.webp",
        "before-4.webp",
    }


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = write(tmp_path / "库 中文")
    (root / ".gitignore").write_text("/_build/\n", "utf-8")
    for command in (["init", "-q", "-b", "main"], ["add", "."], ["commit", "-q", "-m", "一"]):
        subprocess.run(
            ["git", "-C", root, "-c", "user.name=a", "-c", "user.email=a@b", *command], check=True
        )
    return root


def test_an_unknown_base_is_said_so(repository: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(compare, "_checked", lambda *_: [])
    with pytest.raises(EditorError, match="版本库里没有“v9”这个版本"):
        compare.run("v9", Project(repository))


def test_a_folder_without_git_is_said_so(tmp_path: Path):
    with pytest.raises(EditorError, match="git"):
        clone.commit(tmp_path, "main")


def test_a_clone_is_clean_whatever_lies_in_the_folder(repository: Path, tmp_path: Path):
    (repository / "data" / "zones.csv").write_text("改了，没有提交", "utf-8")
    clone.clone(repository, "HEAD", tmp_path / "副本")
    assert (tmp_path / "副本" / "data" / "zones.csv").read_text(
        "utf-8"
    ) == "编号,名称\n1,甲\n2,乙\n"
    assert not (tmp_path / "副本" / "_build").exists()


def test_main_is_the_base_unless_another_is_named(repository: Path):
    head = clone.commit(repository, "HEAD")
    subprocess.run(["git", "-C", repository, "checkout", "-q", "-b", "别的"], check=True)
    shutil.rmtree(repository / "data")
    subprocess.run(
        [
            "git",
            "-C",
            repository,
            "-c",
            "user.name=a",
            "-c",
            "user.email=a@b",
            "commit",
            "-qam",
            "二",
        ],
        check=True,
    )
    assert compare._branching_point(repository) == head != clone.commit(repository, "HEAD")
