"""`new` starts another book from a text; here from one that was INVENTED for this test and is no real policy."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from explainer import new
from explainer.errors import EditorError
from explainer.paths import ROOT
from explainer.project import Project, current

INVENTED = """《虚构县图书室开放办法》政策解读（为测试而编，不是真的政策）
近日，虚构县印发《虚构县图书室开放办法》（以下简称《办法》），现解读如下：
（一）为什么要出台《办法》？
一是方便读者。读者说：“晚上也想看书。”
二是用好旧书；旧书不扔，新书常换。
（二）《办法》有哪些内容
《办法》共有两条。第一，每天开放到21:00；第二，借书不收费。
（三）什么时候施行
自2030年1月1日起施行
"""

BUILT = """import pathlib, pytest
@pytest.fixture(scope="session")
def site():
    return pathlib.Path(__file__).parents[1] / "_build" / "html"
"""


def book(root: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """A command in that book, with its code and this environment."""
    return subprocess.run(
        [sys.executable, "-P", "-m", *command],
        cwd=root,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(root / "scripts"), "PYTHONUTF8": "1"},
    )


def test_a_new_book_builds_and_passes_the_checks_and_its_own_tests(tmp_path: Path) -> None:
    text = tmp_path / "解 读.txt"
    text.write_bytes(b"\xef\xbb\xbf" + INVENTED.replace("\n", "\r\n").encode())
    root = tmp_path / "一本 新书"
    assert [chapter.title for chapter in new.start(current(), root, text)] == [
        "开头",
        "（一）为什么要出台《办法》？",
        "（二）《办法》有哪些内容",
        "（三）什么时候施行",
    ]
    assert (root / "data" / "source" / "interpretation.txt").read_bytes() == text.read_bytes()
    assert {path.name for path in tmp_path.iterdir()} == {text.name, root.name}
    built = book(root, "explainer.cli", "build")
    assert built.returncode == 0, built.stdout + built.stderr
    # Its own builds by `book.py`, which would first install an environment of its own.
    (root / "tests" / "conftest.py").write_text(BUILT, encoding="utf-8")
    tested = book(root, "pytest", "-q", "-n0", "tests/test_any_book.py", "-p", "no:cacheprovider")
    assert tested.returncode == 0, tested.stdout + tested.stderr
    checked = book(root, "explainer.cli", "check")
    assert checked.returncode == 0 and "没有发现问题" in checked.stdout, checked.stderr
    home = (root / "_build" / "html" / "index.html").read_text("utf-8")
    assert "虚构县" in home and "chapter-3.html" in home
    own = ("清城", "双轮", "十四五")
    places = [
        root / name
        for name in (
            "_config.yml",
            "_toc.yml",
            "README.md",
            "CHANGELOG.md",
            "book",
            "data",
            "_build/html",
        )
    ]
    files = [
        path for place in places for path in ([place] if place.is_file() else place.rglob("*"))
    ]
    texts = [
        path for path in files if path.suffix in (".md", ".yml", ".json", ".csv", ".html", ".txt")
    ]
    assert texts and not [
        path for path in texts if any(word in path.read_text("utf-8-sig") for word in own)
    ]


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "原文是空的"),
        ("标题\n正文。\n".encode(), "没有找到章标题"),
        ("一、章\n正文。\n".encode(), "缺少标题"),
        ("标题\n一、章\n二、章二\n正文。\n".encode(), "“一、章”下面没有正文"),
        (INVENTED.encode("gbk"), "多半是 GBK"),
        (INVENTED.encode("utf-16"), "UTF-16"),
        (b"PK\x03\x04docx", "不是纯文本"),
        (None, "没有找到原文"),
    ],
)
def test_a_text_that_cannot_be_used_is_told_in_a_sentence(
    tmp_path: Path, raw: bytes | None, words: str
) -> None:
    text = tmp_path / "text.txt"
    if raw is not None:
        text.write_bytes(raw)
    with pytest.raises(EditorError) as caught:
        new.start(current(), tmp_path / "new", text)
    assert words in str(caught.value) and "改法：" in str(caught.value)
    assert not (tmp_path / "new").exists()


def test_what_belongs_to_this_book_s_addresses_stays_here(tmp_path: Path) -> None:
    text = (
        (ROOT / "_config.yml")
        .read_text("utf-8")
        .replace(
            "    explainer_redirects:\n",
            "    explainer_redirects:  # 旧名\n      old: purpose\n      # 又一个\n      older: index#place\n",
        )
    )
    (tmp_path / "_config.yml").write_text(text, "utf-8")
    before = "".join(new._settings(current(), "题"))
    assert (
        "".join(new._settings(Project(tmp_path), "题")) == before
        and "    explainer_redirects:\n" in before
    )
    assert "data" not in new.COPIED  # the addresses lie there


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    text = tmp_path / "text.txt"
    text.write_text(INVENTED, encoding="utf-8")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("我的", encoding="utf-8")
    for target, words in (
        (tmp_path / "full", "已经有东西"),
        (text, "已经有东西"),
        (ROOT / "book" / "x", "不能放在这本书"),
    ):
        with pytest.raises(EditorError, match=words):
            new.start(current(), target, text)
    assert (tmp_path / "full" / "mine.txt").read_text("utf-8") == "我的"
    assert not (ROOT / "book" / "x").exists()


def test_a_target_that_cannot_be_written_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = tmp_path / "text.txt"
    text.write_text(INVENTED, encoding="utf-8")
    monkeypatch.setattr(
        new,
        "_write_pages",
        lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")),
    )
    with pytest.raises(OSError):
        new.start(current(), tmp_path / "new", text)
    assert [path.name for path in tmp_path.iterdir()] == ["text.txt"]
