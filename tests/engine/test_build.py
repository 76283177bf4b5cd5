"""The build driver, on small books of its own."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from jupyter_client.provisioning import local_provisioner

from explainer import cli, engine, settings
from explainer.engine import exchange, fingerprints
from explainer.errors import EditorError
from explainer.paths import ROOT

CONFIG = """title: 试
author: 某
copyright: "2026"
only_build_toc_files: true
execute:
  execute_notebooks: cache
repository: {url: ""}
latex: {use_jupyterbook_latex: false}
sphinx:
  config:
    language: zh_CN
"""
NOTEBOOK = """---
file_format: mystnb
---
# 图

```{code-cell}
:tags: [hide-input]

with open("../runs.txt", "a") as runs:
    runs.write("1")
```
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A book of two chapters, one of them a notebook that leaves a mark each time it is run."""
    root = tmp_path / "一 本书"
    for file, text in {
        "_config.yml": CONFIG,
        "_toc.yml": "format: jb-book\nroot: index\nchapters:\n- file: chart\n",
        "book/index.md": "# 首页\n\n第一版。\n",
        "book/chart.md": NOTEBOOK,
        "data/zones.csv": "名称\n甲\n",
        "scripts/explainer/chart.py": "COLOUR = 'red'\n",
        "requirements.txt": "altair==6.0.0\n",
    }.items():
        write(root, file, text)
    return root


@pytest.fixture
def text_only(root: Path) -> Path:
    """The same without the notebook, which costs a kernel."""
    write(root, "_toc.yml", "format: jb-book\nroot: index\n")
    return root


def write(root: Path, file: str, text: str) -> None:
    path = root / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def home_page(root: Path) -> str:
    return (root / "_build" / "html" / "index.html").read_text(encoding="utf-8")


def runs(root: Path) -> int:
    return len((root / "runs.txt").read_text(encoding="utf-8"))


def findings(root: Path) -> list[str]:
    with pytest.raises(EditorError) as caught:
        engine.build(root)
    return [str(error) for error in caught.value.errors]


def test_site_is_whole_and_says_where_it_is(root: Path, capsys: pytest.CaptureFixture[str]):
    site = engine.build(root)
    assert site.html == root / "_build" / "html" / "index.html" and site.pages == 2
    assert "第一版" in home_page(root)
    published = {path.name for path in site.html.parent.iterdir()}
    assert "chart.html" in published and not published & {".buildinfo", ".doctrees", "reports"}
    assert not (root / "_build" / ".staging").exists()
    said = capsys.readouterr()
    for words in (
        "准备：",
        "读取章节：2 章，其中 1 章运行了图表代码",
        "写出页面：2 页",
        f"完成：{site.html}，共 2 页",
    ):
        assert words in said.out
    assert said.err == "" and "\x1b" not in said.out
    assert "Running Sphinx" in (root / "_build" / "logs" / "sphinx.log").read_text(encoding="utf-8")


def test_charts_are_drawn_again_only_when_something_changed(root: Path):
    engine.build(root)
    write(root, "book/chart.md", NOTEBOOK + "\n改了一句话。\n")
    engine.build(root)
    assert runs(root) == 1
    engine.build(root, preview=True)
    assert runs(root) == 1
    write(root, "data/zones.csv", "名称\n乙\n")
    engine.build(root)
    assert runs(root) == 2
    engine.build(root, use_cache=False)
    assert runs(root) == 3
    assert len(list((root / "_build" / "cache").iterdir())) == 1


def test_all_chapters_share_one_kernel(root: Path, monkeypatch: pytest.MonkeyPatch):
    """What grows with the number of chapters is counted here: `tests/scale.py` measures it."""
    kernels = []
    launch = local_provisioner.launch_kernel
    monkeypatch.setattr(
        local_provisioner, "launch_kernel", lambda *a, **k: kernels.append(a) or launch(*a, **k)
    )
    look = "print('left' in globals())\nleft = {0}"
    for n in range(3):
        write(
            root,
            f"book/c{n}.md",
            f"---\nfile_format: mystnb\n---\n# 图\n\n```{{code-cell}}\n{look.format(n)}\n```\n",
        )
    write(
        root,
        "_toc.yml",
        "format: jb-book\nroot: index\nchapters:\n- file: c0\n- file: c1\n- file: c2\n",
    )
    engine.build(root)
    assert len(kernels) == 1
    pages = [(root / "_build" / "html" / f"c{n}.html").read_text("utf-8") for n in range(3)]
    assert all("False" in page and "True" not in page for page in pages)


@pytest.mark.parametrize(
    "file",
    [
        "data/zones.csv",
        "data/new.csv",
        "scripts/explainer/chart.py",
        "scripts/charts/wheel.py",
        "requirements.txt",
    ],
)
def test_fingerprint_changes_with_every_input(root: Path, file: str):
    before = fingerprints.of_charts(root)
    write(root, file, "别的\n")
    assert fingerprints.of_charts(root) != before


def test_fingerprint_stays_when_no_input_changed(root: Path):
    before = fingerprints.of_charts(root)
    write(root, "book/index.md", "# 别的\n")
    write(root, "scripts/explainer/__pycache__/chart.pyc", "")
    write(root, "data/~$zones.csv", "")
    write(root, "scripts/explainer/theme/site.css", "p { margin: 0 }")
    assert fingerprints.of_charts(root) == before


def test_cache_of_a_killed_build_is_not_trusted(tmp_path: Path):
    name = fingerprints.of_charts(tmp_path)
    with pytest.raises(KeyboardInterrupt), engine._cached_outputs(tmp_path, name) as folder:
        write(folder, "half.db", "")
        raise KeyboardInterrupt
    with engine._cached_outputs(tmp_path, name) as folder:
        assert [path.name for path in folder.iterdir()] == ["unfinished"]
        write(folder, "whole.db", "")
    with engine._cached_outputs(tmp_path, name) as folder:
        assert (folder / "whole.db").exists()


def test_charts_drawn_while_a_table_was_saved_are_not_trusted(tmp_path: Path):
    name = fingerprints.of_charts(tmp_path)
    with engine._cached_outputs(tmp_path, name) as folder:
        write(folder, "of-before-or-after.db", "")
        write(tmp_path, "data/zones.csv", "名称\n乙\n")
    (tmp_path / "data" / "zones.csv").unlink()
    with engine._cached_outputs(tmp_path, name) as folder:
        assert [path.name for path in folder.iterdir()] == ["unfinished"]


def test_failed_build_keeps_the_last_good_site(text_only: Path, capsys: pytest.CaptureFixture[str]):
    engine.build(text_only)
    write(text_only, "book/index.md", "# 首页\n\n第二版，{doc}`nowhere`。\n")
    assert findings(text_only) == [
        "book/index.md:3: 链接的章节“nowhere”不存在。改法：改成 book/ 里已有的文件名，不带 .md。"
    ]
    assert "第一版" in home_page(text_only)
    assert "仍是上一次生成的网站" in capsys.readouterr().out
    write(text_only, "book/index.md", "# 首页\n\n第二版。\n")
    engine.build(text_only)
    assert "第二版" in home_page(text_only)


def test_page_that_left_the_contents_is_gone(root: Path):
    engine.build(root)
    write(root, "_toc.yml", "format: jb-book\nroot: index\n")
    engine.build(root)
    assert not (root / "_build" / "html" / "chart.html").exists()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[链接](nofile.md)", "book/index.md:3: 链接的目标“nofile.md”不存在"),
        ("{ref}`nolabel`", "book/index.md:3: 引用的标签“nolabel”不存在"),
        ("{qoute}`x`", "book/index.md:3: 没有名为“qoute”的行内标记"),
        ("```{qoute} x\n```", "book/index.md:3: 没有名为“qoute”的版块"),
        ("### 三级", "book/index.md:3: 标题从第 1 级跳到了第 3 级"),
        ("一段。\n\n![图](no.png)", "book/index.md:5: 找不到文件“no.png”"),
        ("```{figure}\n```", "book/index.md:3: “figure”版块的花括号后面应写 1 项内容，现有 0 项"),
        ("```{note}\n:colour: red\n注\n```", "book/index.md:3: “note”版块没有名为 'colour' 的选项"),
        ("```{include} no.md\n```", "book/index.md:3: 找不到要插入的文件“book/no.md”"),
        ("(a)=\n## 甲\n\n(a)=\n## 乙", "book/index.md:6: 标签“a”用了不止一次"),
    ],
)
def test_warnings_are_findings_in_chinese(text_only: Path, text: str, expected: str):
    write(text_only, "book/index.md", f"# 首页\n\n{text}\n")
    assert any(
        finding.startswith(expected) and "改法：" in finding for finding in findings(text_only)
    ), findings(text_only)


def test_many_mistakes_are_all_found_in_one_build_and_all_in_chinese(text_only: Path):
    """What `check` does not know, because only the tools themselves do."""
    chapters = {
        "index": [
            (
                ":::{tab-item} 甲\n话。\n:::",
                "“tab-item”版块没有放在“tab-set”版块里。改法：在外面套一层：上面加一行“::::{tab-set}”",
            ),
            (":::{grid-item-card} 甲\n话。\n:::", "没有放在“grid”版块里"),
            ("```{foolang}\n```", "没有名为“foolang”的版块"),
            ("```{image} a.png\n:width: 很宽\n```", "选项 width 不能写成“很宽”"),
        ],
        "more": [
            ("```{list-table}\n* 甲\n* - 乙\n```", "“list-table”版块里的内容排得不对"),
            ("```{csv-table}\n:header-rows: 5\n\na,b\n```", "表格只有 1 行，却写了 5 行表头"),
            (":::{only} html and\n话。\n:::", "写成 :::{only} html"),
            ("```{toctree}\nnothing\n```", "章节的次序写在 _toc.yml 里"),
            ("[话](index.md#nowhere)", "例如 [文字](#nowhere)"),
        ],
    }
    write(text_only, "_toc.yml", "format: jb-book\nroot: index\nchapters:\n- file: more\n")
    expected = []
    for name, mistakes in chapters.items():
        text = "# 题\n"
        for mistake, words in mistakes:
            expected.append((f"book/{name}.md:{text.count(chr(10)) + 2}: ", words))
            text += f"\n{mistake}\n"
        write(text_only, f"book/{name}.md", text)
    found = findings(text_only)
    for place, words in expected:
        assert any(finding.startswith(place) and words in finding for finding in found), (
            place,
            words,
            found,
        )
    assert not any("工具的原话" in finding for finding in found)


def test_unknown_setting_is_found_in_its_line(text_only: Path):
    write(text_only, "_config.yml", CONFIG + "    langauge: zh_CN\n")
    assert findings(text_only) == [
        "_config.yml:12: 没有名为“langauge”的设置。改法：写成“language”。"
    ]


def test_failing_cell_is_reported_with_its_line(root: Path):
    cell = "```{code-cell}\n:tags: [hide-input]\n\nlimit = 0\n1 / limit\n```\n"
    write(root, "book/chart.md", NOTEBOOK + "\n" + cell)
    assert findings(root) == [
        "book/chart.md:17: 第 2 个代码格运行出错：ZeroDivisionError: division by zero。改法：改正这一行的代码，或它用到的数据。"
    ]


def test_editor_error_in_a_cell_is_shown_as_it_is(root: Path):
    code = "class EditorError(Exception): pass\nraise EditorError('data/x.csv:3: 错。改法：改。')"
    write(
        root,
        "book/chart.md",
        f"---\nfile_format: mystnb\n---\n# 图\n\n```{{code-cell}}\n{code}\n```\n",
    )
    assert findings(root) == [
        "book/chart.md:7: 第 1 个代码格运行出错：data/x.csv:3: 错。改法：改。"
    ]


def test_unknown_kernel_is_an_editor_s_mistake(root: Path):
    write(
        root, "book/chart.md", NOTEBOOK.replace("mystnb\n", "mystnb\nkernelspec:\n  name: julia\n")
    )
    (finding,) = findings(root)
    assert finding.startswith("book/chart.md: 没有名为“julia”的运行环境")


@pytest.mark.parametrize(
    ("file", "text", "expected"),
    [
        ("_config.yml", 'title: 试\nauthor: "某\n', "_config.yml:3: 这一行或上一行读不懂"),
        (
            "_config.yml",
            "title: 试\nexecute:\n  timeout: 很久\n",
            "_config.yml:3: 设置“execute.timeout”写得不对",
        ),
        (
            "_config.yml",
            "title: 试\nhtml:\n  baseurl: www.example.cn\n",
            "_config.yml:3: 网站的网址“www.example.cn”不完整",
        ),
        (
            "_toc.yml",
            "format: jb-book\nroot: index\nchapters:\n\t- file: a\n",
            "_toc.yml:4: 这一行或上一行读不懂",
        ),
        (
            "_toc.yml",
            "format: jb-book\nroot: index\nchapters:\n- fle: chart\n",
            "_toc.yml:4: 目录写得不对",
        ),
        (
            "_toc.yml",
            "format: jb-book\nroot: index\nchapters:\n- file: nowhere\n",
            "_toc.yml:4: 目录里的“nowhere”在 book/ 里没有",
        ),
    ],
)
def test_mistakes_in_the_settings_have_a_line(root: Path, file: str, text: str, expected: str):
    write(root, file, text)
    with pytest.raises(EditorError) as caught:
        settings.check(root)
    (error,) = caught.value.errors
    assert str(error).startswith(expected)


def test_missing_and_badly_saved_settings(root: Path):
    (root / "_toc.yml").unlink()
    (root / "_config.yml").write_bytes("title: 试\n".encode("gbk"))
    with pytest.raises(EditorError) as caught:
        settings.check(root)
    assert [str(error) for error in caught.value.errors] == [
        "_config.yml: 文件不是 UTF-8 编码。改法：在编辑器里另存为 UTF-8。",
        "_toc.yml: 缺少这个文件。改法：从版本库里恢复它。",
    ]


def test_windows_habits_survive(root: Path):
    for file in ("_config.yml", "_toc.yml", "book/index.md", "book/chart.md"):
        path = root / file
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert engine.build(root).pages == 2
    assert runs(root) == 1


def started(root: Path) -> subprocess.Popen:
    """A build in a process group of its own."""
    program = "from explainer import cli, engine; raise SystemExit(cli.guarded(lambda: engine.build(Path(sys.argv[1]))))"
    return subprocess.Popen(
        [sys.executable, "-c", f"import sys; from pathlib import Path; {program}", str(root)],
        env={**os.environ, "PYTHONPATH": str(ROOT / "scripts"), "PYTHONUTF8": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


@pytest.mark.skipif(os.name == "nt", reason="signals a process group")
@pytest.mark.parametrize(
    ("number", "code", "words"), [(signal.SIGKILL, -9, ""), (signal.SIGINT, 130, "已停止。\n")]
)
def test_stopped_build_leaves_the_last_good_site(root: Path, number: int, code: int, words: str):
    engine.build(root)
    good = home_page(root)
    write(root, "book/index.md", "# 首页\n\n第二版。\n")
    slow = "import time, pathlib\npathlib.Path('../started').touch()\ntime.sleep(60)"
    write(
        root,
        "book/chart.md",
        f"---\nfile_format: mystnb\n---\n# 图\n\n```{{code-cell}}\n{slow}\n```\n",
    )
    running = started(root)
    while not (root / "started").exists():
        time.sleep(0.01)
    os.killpg(running.pid, number)
    assert running.communicate()[1].decode() == words
    assert running.returncode == code
    assert (root / "_build" / ".staging").exists() and home_page(root) == good
    write(root, "book/chart.md", NOTEBOOK)
    engine.build(root)
    assert "第二版" in home_page(root)


def test_build_killed_between_two_renames_is_undone(tmp_path: Path):
    for name in ("html", "pdf"):
        write(tmp_path, f".staging/old-{name}/index.html", "旧")
        write(tmp_path, f".staging/{name}/index.html", "新")
    engine._clean_up(tmp_path, tmp_path / ".staging")
    for name in ("html", "pdf"):
        assert (tmp_path / name / "index.html").read_text(encoding="utf-8") == "旧"
    assert not (tmp_path / ".staging").exists()


class Killed(BaseException):
    """As if the process were gone: no `except Exception` of ours may tidy up after it."""


@pytest.mark.parametrize("in_one_step", [True, False])
def test_publishing_killed_at_any_step_leaves_whole_products(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, in_one_step: bool
):
    if not in_one_step:
        monkeypatch.setattr(exchange, "_exchange", lambda one, other: False)
    elif os.name == "nt":
        pytest.skip("Windows has no such step")
    steps = 0

    def step(real):
        def counted(*arguments, **options):
            nonlocal steps
            steps += 1
            if steps > allowed:
                raise Killed
            return real(*arguments, **options)

        return counted

    real = exchange._rename, exchange._exchange, shutil.rmtree
    for allowed in range(10):
        output = tmp_path / str(allowed)
        for name in ("html", "pdf"):
            for page in ("a", "b"):
                write(output, f"{name}/{page}", "旧")
                write(output, f".staging/{name}/{page}", "新")
        steps = 0
        monkeypatch.setattr(exchange, "_rename", step(real[0]))
        monkeypatch.setattr(exchange, "_exchange", step(real[1]))
        monkeypatch.setattr(shutil, "rmtree", step(real[2]))
        with contextlib.suppress(Killed):
            engine._publish(output / ".staging", output)
        for module, name, function in (
            (exchange, "_rename", real[0]),
            (exchange, "_exchange", real[1]),
            (shutil, "rmtree", real[2]),
        ):
            monkeypatch.setattr(module, name, function)
        if in_one_step:  # at no moment is a product missing, even before anything is mended
            assert (output / "html").exists() and (output / "pdf").exists()
        engine._clean_up(output, output / ".staging")
        for name in ("html", "pdf"):
            assert len({(output / name / page).read_text("utf-8") for page in ("a", "b")}) == 1
    assert steps < 10  # the last was not killed at all
    assert (
        (output / "pdf" / "a").read_text("utf-8")
        == (output / "html" / "a").read_text("utf-8")
        == "新"
    )


@pytest.mark.skipif(os.name == "nt", reason="sends SIGKILL")
def test_build_killed_at_any_step_leaves_a_whole_site(text_only: Path):
    engine.build(text_only)
    for n in range(4):
        write(text_only, "book/index.md", f"# 首页\n\n第{n}次。\n")
        running = started(text_only)
        for _ in range(n):  # as far as it says so itself
            assert running.stdout.readline()
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()
        page = home_page(text_only)
        assert page.rstrip().endswith("</html>")
    engine.build(text_only)
    assert "第3次" in home_page(text_only)


@pytest.mark.parametrize(
    ("file", "number", "words"),
    [
        ("index.html", errno.ENOSPC, "磁盘空间不够"),
        ("index.html", errno.EROFS, "没有写入权限"),
        ("environment.pickle", errno.ENOSPC, "磁盘空间不够"),
        ("sphinx.log", errno.EACCES, "没有写入权限"),
        (".build-lock", errno.EROFS, "没有写入权限"),
    ],
)
def test_full_disk_and_read_only_folder_are_one_sentence(
    text_only: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    file: str,
    number: int,
    words: str,
):
    engine.build(text_only)
    good = home_page(text_only)
    write(text_only, "book/index.md", "# 首页\n\n第二版。\n")
    real = io.open

    def refusing(path, mode="r", *arguments, **options):
        if (
            isinstance(path, (str, os.PathLike))
            and set(mode) & set("wax+")
            and Path(path).as_posix().endswith(file)
        ):
            raise OSError(number, os.strerror(number), str(path))
        return real(path, mode, *arguments, **options)

    monkeypatch.setattr(io, "open", refusing)
    monkeypatch.setattr("builtins.open", refusing)
    capsys.readouterr()
    assert cli.guarded(lambda: engine.build(text_only) and 0) == 1
    said = capsys.readouterr().err
    assert words in said and "改法：" in said and len(said.splitlines()) == 1, said
    assert home_page(text_only) == good


def test_inputs_are_only_read(root: Path):
    """Held in folders that nobody may write to, the book builds all the same."""
    write(root, "book/chart.md", NOTEBOOK.replace("../runs.txt", "../_build/runs.txt"))
    (root / "_build").mkdir()
    inputs = [
        path
        for name in ("book", "data", "scripts")
        for path in [root / name, *(root / name).rglob("*")]
    ]
    before = {path: path.stat().st_mtime_ns for path in inputs}
    for path in inputs:
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        assert engine.build(root).pages == 2
        assert {
            path: path.stat().st_mtime_ns for path in inputs
        } == before  # root may write anywhere
    finally:
        for path in inputs:
            path.chmod(0o755 if path.is_dir() else 0o644)
