"""What a change does to the published book, for somebody who reviews by reading: a small site and a summary.

Two products are compared, not two sources: the book as it is here, and as it was at a commit.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from .. import clone, engine
from ..errors import EditorError
from ..lock import exclusive
from ..pdf import edition
from ..progress import Progress
from ..project import Project
from ..text import Unit
from . import changes, report
from .product import Product, read

BRANCHES = ("origin/main", "main")


def run(base: str | None, book: Project) -> Path:
    """Compares the working tree with `base`, by default with where it left main; gives the folder with the result.

    What `check` says is in the summary at once, and stays there whatever becomes of the rest.
    """
    progress, root = Progress(), book.root
    folder = root / "_build" / "compare"
    findings = _checked(root, root)
    report.begin(findings, folder)
    revision = clone.commit(root, base) if base else _branching_point(root)
    date = clone.git(root, "log", "-1", "--format=%cs", revision)
    name = f"{clone.git(root, 'describe', '--always', '--tags', '--abbrev=8', revision)}（{date}）"
    after = _built(root, findings)
    progress.step("生成改动后的书")
    with exclusive(
        root / "_build" / ".compare-lock", lambda: progress.say("另一个窗口正在比较，等它完成……")
    ):
        before = _built_at(root, revision, progress)
        progress.step(f"取得改动前的书 {name}")
        return report.write(
            changes.between(before, after), before, after, name, folder, _sentences(book)
        )


def _sentences(book: Project) -> dict[str, Unit]:
    """The source's, by id; none where it cannot be read, which `check` says."""
    try:
        return book.source.sentences
    except EditorError:
        return {}


def _built(root: Path, findings: list[str]) -> Product:
    """The book as it is here. One that cannot be built is compared as far as it goes."""
    try:
        engine.build(root)
    except EditorError as error:
        return read(root, findings, str(error))
    return read(root, findings)


def _branching_point(root: Path) -> str:
    for branch in BRANCHES:
        try:
            return clone.git(root, "merge-base", "HEAD", branch)
        except EditorError:
            continue
    return clone.commit(root, "HEAD")


def _checked(folder: Path, root: Path) -> list[str]:
    """What a book's own `check` says of it."""
    return clone.run(folder, root, "check").stderr.strip().splitlines()


def _built_at(root: Path, revision: str, progress: Progress) -> Product:
    """The book at a commit, dated as the present one is: the date of an edition is not a change of the text.

    What was built once is kept, for as long as the same two are compared.
    """
    epoch = edition.epoch(root)
    kept = root / "_build" / "base"
    folder = kept / f"{revision[:12]}-{epoch}"
    outcome = folder / "_build" / "outcome.json"
    if not outcome.exists():
        clone.remove(kept)
        clone.clone(root, revision, folder)
        progress.say("生成改动前的书，约需半分钟……")
        done = clone.run(folder, root, "build", epoch=epoch)
        fault = done.stderr.strip() if done.returncode else ""
        checked = _checked(folder, root)
        shutil.rmtree(folder / ".venv", ignore_errors=True)  # where it had a lock of its own
        outcome.parent.mkdir(exist_ok=True)
        outcome.write_text(
            json.dumps({"fault": fault, "findings": checked}, ensure_ascii=False), "utf-8"
        )
    known = json.loads(outcome.read_text("utf-8"))
    return read(folder, known["findings"], known["fault"])
