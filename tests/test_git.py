"""git, asked of one repository only."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from explainer import clone, git, history
from explainer.errors import EditorError
from explainer.paths import ROOT


def ask(root: Path, *arguments: str) -> str:
    who = ["-c", "user.name=某", "-c", "user.email=a@b.cn"]
    return subprocess.run(
        ["git", "-C", root, *who, *arguments], check=True, capture_output=True, encoding="utf-8"
    ).stdout.strip()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository of two commits, on its branch."""
    root = tmp_path / "一 本书"
    root.mkdir()
    ask(root, "init", "-q", "-b", "main")
    for words in ("甲", "乙"):
        (root / "a.txt").write_text(words, "utf-8")
        ask(root, "add", "-A")
        ask(root, "commit", "-qm", words)
    return root


def test_a_hook_s_environment_leads_no_command_into_the_user_s_own_repository(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    first = ask(root, "rev-parse", "HEAD~1")
    # All that git itself says of a repository (`rev-parse --local-env-vars`), but for settings.
    own = {
        "GIT_DIR": root / ".git",
        "GIT_WORK_TREE": root,
        "GIT_INDEX_FILE": root / ".git" / "index",
        "GIT_PREFIX": "",
    }
    for name, value in own.items():
        monkeypatch.setenv(name, str(value))
    copy = tmp_path / "copy"
    clone.clone(root, "HEAD~1", copy)
    assert (
        git.run(copy, "rev-parse", "HEAD") == first and (copy / "a.txt").read_text("utf-8") == "甲"
    )
    for name in own:
        monkeypatch.delenv(name)
    assert (
        ask(root, "symbolic-ref", "HEAD") == "refs/heads/main"
        and ask(root, "status", "--porcelain") == ""
    )


def test_every_name_of_another_repository_is_left_out(monkeypatch: pytest.MonkeyPatch):
    names = ask(ROOT, "rev-parse", "--local-env-vars").split()
    settings = {"GIT_CONFIG", "GIT_CONFIG_PARAMETERS", "GIT_CONFIG_COUNT", "GIT_NO_REPLACE_OBJECTS"}
    for name in [*names, "GIT_SSH_COMMAND"]:
        monkeypatch.setenv(name, "x")
    left = {name for name in git.environment(GIT_AUTHOR_NAME="某") if name.startswith("GIT_")}
    assert set(names) & left <= settings and {"GIT_SSH_COMMAND", "GIT_AUTHOR_NAME"} <= left


def test_only_one_module_runs_git():
    calls = re.compile(r'\[\s*"git"|\bwhich\("git"')
    assert [
        path.name
        for path in (ROOT / "scripts").rglob("*.py")
        if calls.search(path.read_text("utf-8"))
    ] == ["git.py"]


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        (
            {"GIT_TEST_ASSUME_DIFFERENT_OWNER": "1"},
            "属于另一个用户。改法：.* git config --global --add safe.directory",
        ),
        ({"PATH": os.devnull}, "没有 git。改法：安装 git"),
    ],
)
def test_what_git_refuses_is_a_sentence(
    root: Path, monkeypatch: pytest.MonkeyPatch, environment: dict, words: str
):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(EditorError) as caught:
        history.last_changes(root)
    assert re.search(words, str(caught.value)), str(caught.value)
    assert history.last_commit(root) is None
