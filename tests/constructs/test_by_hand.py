"""Jupyter Book by hand: the pages of the product, however often and from wherever it is run."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from explainer import engine
from explainer.paths import ROOT
from small import make_book

CHAPTER = (
    "---\ndescription: 一章。\n---\n# 一章\n\n一句话，{quote}`没有制度创新，科技创新就无从依附`。\n"
)


def by_hand(folder: Path, *arguments: object) -> None:
    command = [
        sys.executable,
        "-c",
        "from jupyter_book.cli.main import main; main()",
        "build",
        *map(str, arguments),
    ]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, encoding="utf-8", errors="replace"
    )
    assert done.returncode == 0 and "build succeeded" in done.stdout, done.stdout + done.stderr


def files(folder: Path) -> dict[str, bytes]:
    found = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
    found.pop(".buildinfo", None)  # Sphinx's own, which the product leaves out
    return found


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")
    return make_book(tmp_path / "一 本书", {"a": CHAPTER})


def test_by_hand_gives_the_product_s_pages(root: Path):
    html = root / "_build" / "html"
    inputs = {path for path in root.rglob("*") if path.is_file()}
    engine.build(root)
    product, beside = files(html), root / "_build" / "pdf" / "mine.txt"
    beside.write_text("", "utf-8")
    # Over the product's own, then over what the last left.
    by_hand(root, ".")
    assert files(html) == product and beside.exists()
    by_hand(root, "book", "--config", "_config.yml", "--toc", "_toc.yml")
    assert files(html) == product and beside.exists()
    left = {
        path.relative_to(root).parts[0]
        for path in root.rglob("*")
        if path.is_file() and path not in inputs
    }
    assert left == {"_build"}


def test_by_hand_from_anywhere(root: Path, tmp_path: Path):
    """With whole paths, and into another folder: what lies beside the pages stays."""
    mine = tmp_path / "out" / "_build" / "pdf" / "mine.txt"
    mine.parent.mkdir(parents=True)
    mine.write_text("", "utf-8")
    book, settings, contents = root / "book", root / "_config.yml", root / "_toc.yml"
    by_hand(
        tmp_path, book, "--config", settings, "--toc", contents, "--path-output", tmp_path / "out"
    )
    assert mine.exists() and (tmp_path / "out" / "_build" / "html" / "a.html").exists()


def test_a_chapter_saved_in_jupyterlab_keeps_its_description():
    """Jupytext keeps of the front matter only what it is told to (tried with 1.19: it drops the rest)."""
    told = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["jupytext"][
        "notebook_metadata_filter"
    ]
    kept = {key for key in told.split(",") if not key.startswith("-")} | {"jupytext", "kernelspec"}
    for path in (ROOT / "book").glob("*.md"):
        assert set(yaml.safe_load(path.read_text("utf-8").split("---")[1])) <= kept, path.name
