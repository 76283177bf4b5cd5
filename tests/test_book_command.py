"""scripts/book.py on a clone whose path has spaces and Chinese characters, with a lock that asks for nothing."""

from __future__ import annotations

import ast
import errno
import importlib.util
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from explainer import browsers, cli, environment, errors, paths
from explainer.paths import ROOT

BOOTSTRAP = ("__init__", "cli", "environment", "errors", "lock", "paths", "progress")
ONE_PACKAGE = "nobody-has-this==1.0 --hash=sha256:" + "0" * 64 + "\n"


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def make_clone(folder: Path) -> Path:
    package = folder / "scripts" / "explainer"
    package.mkdir(parents=True)
    shutil.copy(ROOT / "scripts" / "book.py", folder / "scripts")
    for name in BOOTSTRAP:
        shutil.copy(ROOT / "scripts" / "explainer" / f"{name}.py", package)
    write(package / "project.py", "def current():\n    return None\n")
    (package / "checks").mkdir()
    write(package / "checks" / "__init__.py", "")
    write_check(
        folder, "import os, sys; print('在', sys.prefix, os.environ.get('PYTHONPATH')); return 0"
    )
    write(folder / "requirements.txt", "")
    return folder


def write_check(clone: Path, body: str) -> None:
    """What `check` does in this clone, which has none of the libraries."""
    write(
        clone / "scripts" / "explainer" / "checks" / "command.py", f"def command(*_):\n    {body}\n"
    )


def book(clone: Path, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(clone / "scripts" / "book.py"), *arguments]
    return subprocess.run(
        command, capture_output=True, encoding="utf-8", cwd="/", env={**os.environ, **env}
    )


def installed_anew(clone: Path) -> bool:
    """Whether .venv is another than the one that `clone` was given."""
    return not (clone / ".venv" / "of-the-fixture").exists()


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    clone = make_clone(tmp_path_factory.mktemp("一次") / "克 隆")
    done = book(clone, "check")
    assert done.returncode == 0, done.stderr
    write(clone / ".venv" / "of-the-fixture", "")
    return clone, done.stdout


@pytest.fixture
def clone(prepared: tuple[Path, str], tmp_path: Path) -> Path:
    """A clone of its own, moved elsewhere, whose environment stands."""
    return Path(shutil.copytree(prepared[0], tmp_path / "搬 走", symlinks=True))


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    return make_clone(tmp_path / "空 的")


def test_any_python_can_read_the_command():
    ast.parse((ROOT / "scripts" / "book.py").read_text(encoding="utf-8"), feature_version=(3, 4))


def test_old_python_is_told_so():
    spec = importlib.util.spec_from_file_location("book", ROOT / "scripts" / "book.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.too_old((3, 11, 0)) is None
    assert module.too_old((3, 10, 13)).startswith(
        "需要 Python 3.11 或更新的版本，现在用的是 3.10。改法："
    )


def test_what_to_run_is_said_in_one_place():
    """In the words of this system: `py` on Windows."""
    said = [
        path.name
        for path in (ROOT / "scripts").rglob("*.py")
        if re.search(r"\bpython3 scripts", path.read_text("utf-8"))
    ]
    assert sorted(said) == [
        "book.py",
        "report.py",
    ]  # for programmers, and in a file that is the same on every system
    assert (
        paths.command_on("nt") == "py scripts/book.py"
        and paths.command_on("posix") == "python3 scripts/book.py"
    )


def test_help_needs_no_environment(bare: Path):
    done = book(bare, "--help", LC_ALL="C")
    assert done.returncode == 0
    for words in ("用法：", "build", "serve", "check", "test", "生成网站"):
        assert words in done.stdout
    assert "usage" not in done.stdout and "show this" not in done.stdout
    assert not (bare / ".venv").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["bulid"], "没有“bulid”；可用的有：build, serve, check, "),
        (["build", "--fast"], "看不懂“--fast”"),
        (["serve", "--port", "80"], "要是 1024 到 65535 之间的整数"),
        (["serve", "--port"], "后面要跟一个值"),
    ],
)
def test_misspelt_commands_get_one_sentence(bare: Path, arguments: list[str], words: str):
    done = book(bare, *arguments)
    assert done.returncode == 2
    assert words in done.stderr and "改法：" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not (bare / ".venv").exists()


def test_pytest_gets_its_arguments_as_they_are():
    assert cli.parse(["test", "-k", "build", "-x", "tests/engine/test_build.py"]).rest == [
        "-k",
        "build",
        "-x",
        "tests/engine/test_build.py",
    ]


def test_first_use_makes_the_environment(prepared: tuple[Path, str]):
    clone, output = prepared
    assert "准备运行环境" in output and "运行环境已就绪" in output
    assert f"在 {clone / '.venv'}" in output


def test_package_is_found_by_a_relative_line(clone: Path):
    (line,) = clone.glob(".venv/**/explainer.pth")
    text = line.read_text(encoding="ascii").strip()
    assert not Path(text).is_absolute()
    assert (line.parent / text).resolve() == clone / "scripts"
    code = "import explainer; print(explainer.__file__)"
    python = clone / environment.PYTHON.relative_to(ROOT)
    found = subprocess.run([python, "-c", code], capture_output=True, encoding="utf-8", cwd="/")
    assert found.stdout.strip() == str(clone / "scripts" / "explainer" / "__init__.py")


def test_nothing_is_installed_when_nothing_changed(clone: Path):
    done = book(clone, "check", PYTHONPATH="/nowhere")
    assert done.returncode == 0
    assert done.stdout == f"在 {clone / '.venv'} None\n"
    assert not installed_anew(clone)


def test_python_s_own_switches_do_not_reach_the_program(clone: Path):
    """PYTHONOPTIMIZE=2 takes the words out of the rules, PYTHONWARNINGS=error makes an error of every remark."""
    write_check(clone, "'words'; import sys; print(sys.flags.optimize, sys.warnoptions); return 0")
    done = book(clone, "check", PYTHONOPTIMIZE="2", PYTHONWARNINGS="error")
    assert done.stdout == "0 []\n", done.stderr


def test_a_console_of_another_code_page_shows_question_marks_at_worst(clone: Path):
    write_check(clone, "print('𬇙 😀 —— “甲”'); return 0")
    done = book(clone, "check", PYTHONIOENCODING="cp936:strict", PYTHONUTF8="0")
    assert done.returncode == 0 and done.stdout == "𬇙 😀 —— “甲”\n"
    assert (
        "生成网站" in book(clone, "--help", PYTHONIOENCODING="cp936:strict", PYTHONUTF8="0").stdout
    )


def test_changed_lock_is_installed_in_place(clone: Path):
    write(clone / "requirements.txt", "# 别的\n")
    done = book(clone, "check")
    assert "requirements.txt 有变化" in done.stdout
    assert not installed_anew(clone)
    assert "requirements.txt 有变化" not in book(clone, "check").stdout


@pytest.mark.parametrize(
    "lost",
    ["explainer-stamp.txt", "pyvenv.cfg", str(environment.PYTHON.relative_to(environment.VENV))],
)
def test_broken_environment_is_made_anew(clone: Path, lost: str):
    (clone / ".venv" / lost).unlink()
    done = book(clone, "check")
    assert done.returncode == 0, done.stderr
    assert installed_anew(clone)


def test_failed_download_has_a_sentence_and_breaks_nothing(clone: Path):
    write(clone / "requirements.txt", ONE_PACKAGE)
    # Nobody listens on the discard port of this machine.
    nobody = {
        "PIP_INDEX_URL": "http://127.0.0.1:9/simple",
        "PIP_EXTRA_INDEX_URL": "",
        "PIP_FIND_LINKS": "",
    }
    done = book(
        clone,
        "check",
        PIP_CONFIG_FILE=os.devnull,
        PIP_RETRIES="1",
        PIP_DEFAULT_TIMEOUT="2",
        **nobody,
    )
    assert done.returncode == 1
    assert "连不上软件包仓库" in done.stderr and "pip config set global.index-url" in done.stderr
    log = clone / "_build" / "logs" / "install.log"
    assert str(log) in done.stderr and "nobody-has-this" in log.read_text(encoding="utf-8")
    assert len(done.stderr.splitlines()) == 1
    write(clone / "requirements.txt", "")
    assert book(clone, "check").returncode == 0
    assert not installed_anew(clone)


def test_python_without_ensurepip(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(errors.EditorError, match="sudo apt install python3-venv"):
        environment._create()


@pytest.mark.parametrize(
    ("log", "words"),
    [
        ("OSError: [Errno 28] No space left on device", "磁盘空间不够"),
        ("ERROR: [Errno 13] Permission denied: '.venv'", "没有写入权限"),
        ("THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", "校验值不符"),
        ("Failed to establish a new connection: [Errno -2]", "连不上软件包仓库"),
        (
            "(from versions: 1.0)\nERROR: No matching distribution found for x==2",
            "没有适合这台电脑的软件包",
        ),
        ("something else", "运行环境没有装成"),
    ],
)
def test_what_pip_says_becomes_a_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, log: str, words: str
):
    monkeypatch.setattr(environment, "LOG", tmp_path / "install.log")
    write(environment.LOG, log)
    assert words in str(environment._failure())


@pytest.mark.parametrize(
    "log",
    [
        "ERROR: No matching distribution found for tall==6.4.0",
        "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE. If you have updated …\n"
        "    tall==6.4.0 from https://example.com/tall.whl (from -r requirements.txt (line 3)):\n",
    ],
)
def test_a_line_of_the_lock_that_cannot_be_had_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, log: str
):
    """For it may have been changed by hand: then neither the network nor Python is to blame."""
    monkeypatch.setattr(environment, "LOG", tmp_path / "install.log")
    monkeypatch.setattr(environment, "LOCK", tmp_path / "requirements.txt")
    write(environment.LOCK, "# 锁定\nwide==1 \\\n    --hash=sha256:00\ntall==6.4.0 \\\n")
    write(environment.LOG, log)
    error = environment._failure()
    assert (error.file, error.line) == (tmp_path / "requirements.txt", 4)
    assert error.remedy.startswith("这一行若是手改的，先恢复它")


@pytest.mark.parametrize(
    ("number", "words"),
    [(errno.ENOSPC, "磁盘空间不够"), (errno.EACCES, "没有写入权限"), (errno.EROFS, "没有写入权限")],
)
def test_what_the_system_refuses_becomes_a_sentence(
    capsys: pytest.CaptureFixture[str], number: int, words: str
):
    def refused() -> int:
        raise OSError(number, "…", "book/x.md")

    assert cli.guarded(refused) == 1
    assert words in capsys.readouterr().err


def from_windows(number: int, winerror: int, file: str) -> OSError:
    error = OSError(number, "…", file)
    error.winerror = winerror  # what only Windows sets
    return error


@pytest.mark.parametrize(
    ("winerror", "words"),
    [
        (32, "正被别的程序打开着：data/x.csv。改法：在 Excel、WPS"),
        (33, "正被别的程序打开着"),
        (5, "没有写入权限"),
        (206, "文件名太长。改法：把整个项目移到"),
        (1314, "不让这个用户建立链接"),
    ],
)
def test_what_windows_refuses_becomes_a_sentence(winerror: int, words: str):
    number = errno.EINVAL if winerror in (206, 1314) else errno.EACCES
    assert words in str(errors.from_os_error(from_windows(number, winerror, "data/x.csv")))


def test_a_file_that_windows_will_not_open_is_held(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """Its `open` gives no number of its own."""
    table = tmp_path / "a.csv"
    table.touch()
    monkeypatch.setattr(errors.os, "name", "nt")
    held, folder = (
        errors.from_os_error(PermissionError(errno.EACCES, "…", str(path)))
        for path in (table, tmp_path)
    )
    monkeypatch.undo()
    assert "正被别的程序打开着" in held.message and "没有写入权限" in folder.message


def test_own_mistake_shows_no_traceback(clone: Path):
    write_check(clone, "raise RuntimeError('坏了')")
    done = book(clone, "check")
    assert done.returncode == 70
    assert "程序自己出了错" in done.stderr and "Traceback" not in done.stderr
    assert "RuntimeError: 坏了" in (clone / "_build" / "logs" / "error.log").read_text(
        encoding="utf-8"
    )


@pytest.mark.skipif(os.name == "nt", reason="no SIGINT for one process")
def test_ctrl_c_has_one_sentence(clone: Path):
    write_check(clone, "import time; print('开始', flush=True); time.sleep(30)")
    command = [sys.executable, str(clone / "scripts" / "book.py"), "check"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    ) as running:
        assert running.stdout.readline() == "开始\n"
        running.send_signal(signal.SIGINT)
        assert running.stderr.read() == "已停止。\n"
    assert running.returncode == 130


def test_without_exec_the_child_s_exit_code_is_passed_on():
    handler = signal.getsignal(signal.SIGINT)
    try:
        assert (
            environment._run_as_child(
                [sys.executable, "-c", "raise SystemExit(7)"], dict(os.environ)
            )
            == 7
        )
    finally:
        signal.signal(signal.SIGINT, handler)


def test_two_windows_at_once_make_one_environment(bare: Path):
    command = [sys.executable, str(bare / "scripts" / "book.py"), "check"]
    first = subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8")
    assert "准备运行环境" in first.stdout.readline()  # it has the lock
    both = [first, subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8")]
    outputs = [running.communicate()[0] for running in both]
    assert [running.returncode for running in both] == [0, 0]
    assert ["已建立 .venv" in output for output in outputs] == [True, False]
    assert "等它完成" in outputs[1]


def test_named_browser_is_the_one(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CHROMIUM", sys.executable)
    assert browsers.CHROMIUM.find() == sys.executable
    monkeypatch.setenv("CHROMIUM", "nobody-has-this")
    assert browsers.CHROMIUM.find() is None
