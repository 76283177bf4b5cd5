"""A clean copy of the repository at one revision, and this book's commands run in it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from .errors import EditorError
from .git import environment as git_environment
from .git import run as git

LOCK = "requirements.txt"


def commit(root: Path, revision: str) -> str:
    """The full id of a commit. Raises EditorError for what names none."""
    try:
        return git(root, "rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}")
    except EditorError:
        git(
            root, "rev-parse", "--git-dir"
        )  # without a repository or git itself, that is what to say
        raise EditorError(
            f"版本库里没有“{revision}”这个版本",
            remedy="核对拼写；若它在服务器上，先运行 git fetch --all --tags",
        ) from None


def clone(root: Path, revision: str, folder: Path) -> None:
    """Puts a clean copy of the repository at `revision` into `folder`, which must not be there yet."""
    git(root, "clone", "--quiet", "--shared", "--no-checkout", "--no-tags", str(root), str(folder))
    git(folder, "checkout", "--quiet", "--detach", commit(root, revision))


def remove(folder: Path) -> None:
    """Removes a copy, and whatever lies beside it in the folder."""
    for path in folder.rglob(".git/objects/**/*"):
        path.chmod(0o700)  # git leaves them read-only, and Windows removes no such file
    shutil.rmtree(folder, ignore_errors=True)


def run(
    folder: Path, root: Path, *arguments: str, epoch: int | None = None
) -> subprocess.CompletedProcess[str]:
    """Runs a command of the copy's own program; in the environment of `root` when both have the same lock."""
    environment = git_environment(
        PYTHONUTF8="1"
    )  # the copy's own program may be an older one, which does not see to it
    if epoch is not None:
        environment["SOURCE_DATE_EPOCH"] = str(epoch)
    command = [sys.executable, str(folder / "scripts" / "book.py")]
    if (folder / LOCK).read_bytes() == (root / LOCK).read_bytes():
        # Before the path that .venv itself knows, which leads to the program of `root`.
        environment["PYTHONPATH"] = str(folder / "scripts")
        command = [sys.executable, "-P", "-m", "explainer.cli"]
    return subprocess.run(
        [*command, *arguments],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
    )
