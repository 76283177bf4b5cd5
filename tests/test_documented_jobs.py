"""The jobs that CONTRIBUTING describes, all done on one clone as it says: `check` is silent, and the book's tests stay green.

All at once, since each only adds to what the tests meet, and building and testing take most of the time. Only those
test files are run that look at the book; the others cannot see what an editor changes. `.ci/jobs` runs this.
"""

from __future__ import annotations

import csv
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from explainer import clone
from explainer.paths import ROOT

pytestmark = pytest.mark.ci

CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
# How a test file looks at the book: by what is built of it, or by its files.
LOOKS_AT_BOOK = re.compile(
    r"\b(site|address|pages): |\bcopy_of_the_book\b|ROOT / \"(book|data)\"|checks\.run\(\)"
)
OTHER_ENGINES = (
    "tests/browsers/",
    "tests/ears/",
)  # the same pages once more, in browsers that have to be got first
OLD, NEW = "purpose", "aims"  # the page that most tests open


def a_new_chapter_with_a_chart(root: Path) -> None:
    (block,) = re.findall(r"^````markdown\n(---\ndescription.*?)^````$", CONTRIBUTING, re.M | re.S)
    (root / "book" / "new-chapter.md").write_text(block, "utf-8")
    edit(
        root / "_toc.yml",
        f"      - file: {OLD}\n",
        f"      - file: {OLD}\n      - file: new-chapter\n",
    )


def a_renamed_page(root: Path) -> None:
    (root / "book" / f"{OLD}.md").rename(root / "book" / f"{NEW}.md")
    edit(root / "_toc.yml", f"- file: {OLD}\n", f"- file: {NEW}\n")
    for path in (root / "book").glob("*.md"):
        path.write_text(path.read_text("utf-8").replace(f"({OLD}.md", f"({NEW}.md"), "utf-8")
    key, line, _ = re.search(
        r"```yaml\n(    explainer_redirects:\n)(.*?)  #.*?\n(.*?)```", CONTRIBUTING, re.S
    ).groups()
    edit(
        root / "_config.yml",
        key,
        f"{key}{line.replace('old-name', OLD).replace('new-name', NEW).rstrip()}\n",
    )


def other_words(root: Path) -> None:
    """Those of two chapters, all but what stands around marks; in tables, headings and the change log what check lets pass."""
    for name in ("characteristics", "about"):
        path = root / "book" / f"{name}.md"
        text = re.sub(
            r"(?m)^[\u4e00-\u9fff，、；：。“”]+。$",
            "这里换了一种说法，意思没有变。",
            path.read_text("utf-8"),
        )
        path.write_text(re.sub(r"(?m)^## (?!接着读什么)", "## 换了说法：", text), "utf-8")
    for name in ("task_wheel", "measure_task"):
        path = root / "data" / f"{name}.csv"
        rows = list(csv.DictReader(path.read_text("utf-8-sig").splitlines()))
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0], lineterminator="\n")
            writer.writeheader()
            writer.writerows(
                row | ({"理由": "编者换了一个说法。"} if row["理由"] else {}) for row in rows
            )
    edit(
        root / "book" / f"{NEW}.md",
        "一句话：",
        "研发（R&D）、GDP、5G、AI这些词，本页百分之百不用。一句话：",
    )
    edit(root / "book" / "contents.md", "\n## ", "\n## GDP、R&D不在这里：")
    edit(root / "CHANGELOG.md", "\n- ", "\n- 新的一章，讲PPP、EPC和BIM。\n- ")


def a_longer_table(root: Path) -> None:
    for name, first in (("glossary", ["a-new-term", "一个新词"]), ("usage", ["不用的写法"])):
        path = root / "data" / f"{name}.csv"
        rows = list(csv.reader(path.read_text("utf-8-sig").splitlines()))
        with path.open("a", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerow([*first, *rows[-1][len(first) :]])


def who_publishes(root: Path) -> None:
    for key, value in {
        "主办单位": "清城区科技局",
        "文号": "清科〔2026〕1号",
        "发布日期": "2026-01-31",
        "联系方式": "0763-1234567",
    }.items():
        edit(root / "_config.yml", f'      {key}: ""', f'      {key}: "{value}"')


JOBS = (a_new_chapter_with_a_chart, a_renamed_page, other_words, a_longer_table, who_publishes)


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text, (path, old)
    path.write_text(text.replace(old, new, 1), "utf-8")


def run(root: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(root / "scripts"), "PYTHONUTF8": "1"}
    return subprocess.run(
        [sys.executable, "-P", "-m", *command],
        cwd=root,
        env=environment,
        capture_output=True,
        encoding="utf-8",
    )


@pytest.fixture(scope="module")
def edited_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("jobs") / "book"
    clone.clone(ROOT, "HEAD", root)
    for job in JOBS:
        job(root)
    git = ["git", "-C", str(root), "-c", "user.name=a", "-c", "user.email=a@b"]
    subprocess.run([*git, "add", "."], check=True)
    subprocess.run([*git, "commit", "-qm", "jobs"], check=True)
    return root


def test_the_documented_jobs_leave_the_checks_silent_and_the_book_s_tests_green(
    edited_book: Path,
) -> None:
    checked = run(edited_book, "explainer.cli", "check")
    assert checked.returncode == 0, checked.stderr
    files = [
        path
        for path in sorted((edited_book / "tests").rglob("test_*.py"))
        if LOOKS_AT_BOOK.search(path.read_text("utf-8"))
    ]
    names = [path.relative_to(edited_book).as_posix() for path in files]
    names = [
        name
        for name in names
        if name != f"tests/{Path(__file__).name}" and not name.startswith(OTHER_ENGINES)
    ]
    tested = run(edited_book, "pytest", "-q", "-p", "no:cacheprovider", *names)
    assert tested.returncode == 0, tested.stdout[-20_000:]
