"""git, asked in one way: of the repository that is named, whatever the environment says of another."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from .errors import EditorError

# In a hook git itself sets these, for the repository that the hook belongs to: a command meant for a copy would
# then work on the user's own files. What says who commits, how to sign in, and which settings hold, stays.
_OF_ANOTHER = (
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_PREFIX",
    "GIT_COMMON_DIR",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_NAMESPACE",
    "GIT_SHALLOW_FILE",
    "GIT_GRAFT_FILE",
    "GIT_REPLACE_REF_BASE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INTERNAL_SUPER_PREFIX",
    "GIT_CEILING_DIRECTORIES",
    "GIT_QUARANTINE_PATH",
)


def environment(**more: str) -> dict[str, str]:
    """The user's environment without what would lead git to another repository."""
    return {key: value for key, value in os.environ.items() if key not in _OF_ANOTHER} | more


def run(root: Path, *arguments: str, **more: str) -> str:
    """What git prints. Raises EditorError when git refuses, or is not there."""
    try:
        # No path quoting: file names may be Chinese.
        command = ["git", "-C", str(root), "-c", "core.quotePath=false", *arguments]
        # LC_ALL: so that its words are those that are looked for below.
        done = subprocess.run(
            command,
            env=environment(LC_ALL="C", **more),
            capture_output=True,
            encoding="utf-8",
            errors="replace",
        )
    except OSError:
        raise EditorError("这台电脑上没有 git", remedy="安装 git（git-scm.com）后再运行") from None
    if done.returncode:
        raise _refusal(root, arguments, done.stderr)
    return done.stdout.strip()


def _refusal(root: Path, arguments: tuple[str, ...], said: str) -> EditorError:
    if "dubious ownership" in said:
        folder = root.as_posix()
        return EditorError(
            "git 不肯读这个文件夹，因为它属于另一个用户",
            remedy=f'确认文件夹可靠，再运行 git config --global --add safe.directory "{folder}"',
        )
    if "not a git repository" in said:
        return EditorError(
            "这个文件夹不是 git 版本库", remedy="用 git clone 取得全书，不要用下载的压缩包"
        )
    words = said.strip().splitlines() or [""]
    return EditorError(f"git 没有做成“git {' '.join(arguments)}”（git 的原话：{words[-1]}）")
