"""A copy of the book to spoil, and one edit of one of its files."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from explainer import checks
from explainer.checks import addresses
from explainer.paths import ROOT
from explainer.project import Project

FIGURES = Path("scripts") / "charts"
# Sentences for the examples to spoil, added to the copy: those of the book are its editors' to change.
OWN = {
    "book/contents.md": "\n先回头看，再往前看。回头看，现状怎样，面临什么问题，这是“发展基础”。\n\n这一段很长，其实回答了三个问题。\n\n一共四大部分，依次往下讲。\n\n四项保障：有人管，有钱用。\n",
    "book/purpose.md": "\n- 管什么：五年里的科技创新，也就是2021年到2025年的事。\n\n1. **靠得更近。** 让两地更近，聚焦高质量发展，当“排头兵”和“主力军”。\n",
    "book/characteristics.md": "\n看图时请分清两件事。\n",
    "book/institutions.md": "\n一个是清城区的{gloss}`领导小组`。\n\n原文没有写任何金额。\n",
    "data/glossary.csv": "caili,财力情况,财力情况,,用财政拨款、税收和贷款等办法来帮助，也就是集中力量去突破。,字面,,2026年1月5日，没有查到定义。\n",
}


def copy_of_the_book(folder: Path) -> Path:
    """All that the checks read, below a path with a space and Chinese characters."""
    root = folder / "一 本书"
    for name in ("book", "data", FIGURES):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("_config.yml", "_toc.yml", "CHANGELOG.md"):
        shutil.copy(ROOT / name, root)
    for file, words in OWN.items():
        with (root / _now(file)).open("a", encoding="utf-8", newline="") as copied:
            copied.write(words)
    for old, new in addresses.redirects(root).items():
        _rename(root, new.partition("#")[0], old)
    return root


def _rename(root: Path, page: str, name: str) -> None:
    """Gives a page the name that it had, by which the examples know it."""
    (root / "book" / f"{page}.md").rename(root / "book" / f"{name}.md")
    for path in (*(root / "book").glob("*.md"), root / "_toc.yml", root / "_config.yml"):
        text = (
            path.read_text("utf-8")
            .replace(f"({page}.md", f"({name}.md")
            .replace(f"file: {page}\n", f"file: {name}\n")
        )
        path.write_text(text.replace(f"      {name}: {page}\n", ""), "utf-8")


@contextmanager
def edited(root: Path, file: str, old: str, new: str) -> Iterator[Path]:
    """The first `old` in a file replaced by `new`; a new file when `old` is empty. Undone at the end."""
    path = root / file
    before = path.read_bytes() if path.exists() else None
    if old:
        text = before.decode("utf-8")
        if old not in text:
            pytest.skip(f"{file} 里已经没有“{old}”：书改了，这个例子要换一处")
        new = text.replace(old, new, 1)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(new.encode("utf-8", "surrogateescape"))
    try:
        yield path
    finally:
        if before is None:
            path.unlink()
        else:
            path.write_bytes(before)


def fitting(edits: Iterable[tuple[str, str]]) -> float:
    """The share of edits, each a file and what is replaced in it, whose words stand in a copy of the book."""
    found = [
        not old or old in (ROOT / _now(file)).read_text("utf-8") + OWN.get(file, "")
        for file, old in edits
    ]
    return sum(found) / len(found)


def _now(file: str) -> str:
    """The name that a page has now in the book."""
    names = {
        f"book/{old}.md": f"book/{new.partition('#')[0]}.md"
        for old, new in addresses.redirects(ROOT).items()
    }
    return names.get(file, file)


def findings(root: Path) -> list[str]:
    return [str(finding) for finding in checks.run(Project(root))]


def line_of_edit(root: Path, file: str, old: str, new: str) -> int:
    """The line on which old and new begin to differ."""
    if not old:
        return 1
    begin = (root / file).read_text("utf-8").find(old)
    same = next((n for n, (a, b) in enumerate(zip(old, new)) if a != b), min(len(old), len(new)))
    return (root / file).read_text("utf-8")[: begin + same].count("\n") + 1


def line_of(path: Path, words: str) -> int:
    """The first line that holds these words."""
    return path.read_text("utf-8").split(words)[0].count("\n") + 1
