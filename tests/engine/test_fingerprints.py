"""When nothing has changed since the last whole build, and when that cannot be said."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from explainer import engine, git
from explainer.engine import fingerprints
from explainer.engine.fingerprints import LastBuild


def write(root: Path, file: str, text: str) -> None:
    (root / file).parent.mkdir(parents=True, exist_ok=True)
    (root / file).write_text(text, "utf-8")


def commit(root: Path) -> None:
    git.run(
        root,
        "-c",
        "user.name=某",
        "-c",
        "user.email=a@b.cn",
        "commit",
        "-qam",
        "x",
        "--allow-empty",
    )


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A book in a repository of its own, as the last build left it."""
    monkeypatch.setitem(fingerprints.FONTS, fingerprints.sys.platform, (str(tmp_path / "fonts"),))
    # pytest's own changes from step to step of a test.
    monkeypatch.setattr(fingerprints, "NOT_HEARD", (*fingerprints.NOT_HEARD, "PYTEST_CURRENT_TEST"))
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    root = tmp_path / "一 本书"
    for file in (
        "_config.yml",
        "_toc.yml",
        "CHANGELOG.md",
        "requirements.txt",
        "book/a.md",
        "data/a.csv",
        "scripts/a.py",
    ):
        write(root, file, "甲")
    subprocess.run(["git", "init", "-q", root], check=True, env=git.environment())
    git.run(root, "add", ".")
    commit(root)
    for file in ("_build/html/index.html", "_build/html/_static/a.css", "_build/pdf/a.pdf"):
        write(root, file, "乙")
    LastBuild(root, root / "_build").remember(fingerprints.inputs(root), 12)
    return root


def test_nothing_has_changed(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    write(root, "scripts/__pycache__/a.pyc", "丙")
    write(root, "_build/logs/sphinx.log", "丙")
    write(root, "data/~$a.csv", "丙")
    monkeypatch.setenv("PWD", "/elsewhere")
    assert engine.unchanged(root)
    said = capsys.readouterr().out
    assert "没有改动" in said and "共 12 页" in said and "a.pdf" in said


CHANGES: dict[str, Callable[[Path], object]] = {
    "chapter": lambda root: write(root, "book/a.md", "丙"),
    "new file": lambda root: write(root, "book/part/b.md", ""),
    "renamed": lambda root: (root / "data" / "a.csv").rename(root / "data" / "b.csv"),
    "settings": lambda root: write(root, "_config.yml", "丙"),
    "lock": lambda root: write(root, "requirements.txt", "丙"),
    "code": lambda root: write(root, "scripts/a.py", "丙"),
    "style": lambda root: write(root, "scripts/explainer/theme/site.css", "丙"),
    "page": lambda root: write(root, "_build/html/index.html", "丙"),
    "lost page": lambda root: (root / "_build" / "html" / "index.html").unlink(),
    "other page": lambda root: write(root, "_build/html/more.html", ""),
    "pdf": lambda root: (root / "_build" / "pdf" / "a.pdf").unlink(),
    "font": lambda root: write(root.parent, "fonts/a.otf", "丙"),
    "elsewhere": lambda root: (root / "more").symlink_to(root.parent),
    "forgotten": lambda root: LastBuild(root, root / "_build").forget(),
    "unreadable": lambda root: write(root, "_build/.last-build.json", "{"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_can_change_a_page_counts(root: Path, change: str):
    assert engine.unchanged(root)
    CHANGES[change](root)
    assert not engine.unchanged(root)


@pytest.mark.parametrize("name", ["SOURCE_DATE_EPOCH", "TZ", "ANYTHING"])
def test_the_environment_counts(root: Path, monkeypatch: pytest.MonkeyPatch, name: str):
    assert engine.unchanged(root)
    monkeypatch.setenv(name, "1767225600")
    assert not engine.unchanged(root)


def test_the_date_of_a_commit_counts(root: Path, monkeypatch: pytest.MonkeyPatch):
    """The words are as before, but the PDFs bear the day of the last commit."""
    assert engine.unchanged(root)
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2001-01-01T00:00:00Z")
    commit(root)
    monkeypatch.delenv("GIT_COMMITTER_DATE")
    assert not engine.unchanged(root)


def test_without_git_the_times_of_the_files_count(root: Path):
    (root / ".git").rename(root.parent / "git")
    LastBuild(root, root / "_build").remember(fingerprints.inputs(root), 12)
    assert engine.unchanged(root)
    (root / "book" / "a.md").touch()
    assert not engine.unchanged(root)


def test_what_is_saved_during_a_build_is_new_to_the_next(
    root: Path, monkeypatch: pytest.MonkeyPatch
):
    def build(*_: object) -> tuple[int, bool]:
        assert not engine.unchanged(root)  # of a build that is killed, nothing is remembered
        write(root, "book/a.md", "丙")
        return 1, False

    monkeypatch.setattr(engine, "_build", build)
    engine.build(root)
    assert not engine.unchanged(root)
    monkeypatch.setattr(engine, "_build", lambda *_: (1, False))
    engine.build(root)
    assert engine.unchanged(root)
    monkeypatch.setattr(
        engine, "_build", lambda *_: (1, True)
    )  # with something from outside the folder
    engine.build(root)
    assert not engine.unchanged(root)
