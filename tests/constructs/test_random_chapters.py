"""Whatever the checks let pass can be built for both media, and no slip of the hand is the program's own fault."""

from __future__ import annotations

import base64
from pathlib import Path
from random import Random

import pytest

from explainer import checks, engine
from explainer.errors import EditorError
from explainer.project import Project
from small import make_book

from .chapters import Chapter, damaged

# Tried by hand with some thousands; these few are for the suite.
SEEDS = range(1000, 1024)
SLIPS = range(5000, 5060)
DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
CONSTRUCTS = (Path(__file__).parent / "constructs.md").read_text("utf-8")


def write(root: Path, chapters: dict[str, str]) -> Path:
    make_book(root, chapters)
    (root / "book" / "images" / "dot.png").write_bytes(DOT)
    return root


def chapter(seed: int) -> str:
    return Chapter(Random(seed)).text()


def with_slips(seed: int) -> str:
    """Every second time of the page of all constructs, whose labels are then this chapter's own."""
    constructs = CONSTRUCTS.replace("constructs)=", f"constructs-{seed})=").replace(
        "section-of-", f"section-{seed}-of-"
    )
    return damaged(Random(seed), constructs if seed % 2 else chapter(seed))


def test_what_passes_the_checks_can_be_built(tmp_path: Path) -> None:
    chapters = {f"c{seed}": chapter(seed) for seed in SEEDS} | {
        f"d{seed}": with_slips(seed) for seed in SLIPS
    }
    found = {
        Path(f.file or "").stem
        for f in checks.run(Project(write(tmp_path / "all", chapters)))
        if f.rule.blocks and f.rule.name != "coverage"
    }
    good = {name: text for name, text in chapters.items() if name not in found}
    whole = [name for name in good if name.startswith("c")]
    assert len(whole) > 0.8 * len(SEEDS) and len(good) - len(whole) > 0.1 * len(
        SLIPS
    )  # or nothing would be tried
    site = engine.build(write(tmp_path / "good", good))
    assert site.pages == len(good) + 3
    assert len(list((tmp_path / "good" / "_build" / "pdf").glob("*.pdf"))) == 2


def test_what_no_library_survives_is_said_with_its_line(tmp_path: Path) -> None:
    """Even where the checks were not asked: docutils stumbles over a figure with blank lines in it."""
    text = "---\ndescription: 一章。\n---\n\n# 章\n\n```{figure} images/circle.svg\n:alt: 圆\n\n\n\n```\n"
    with pytest.raises(EditorError) as caught:
        engine.build(write(tmp_path / "book", {"a": text}), preview=True)
    (error,) = caught.value.errors
    assert (
        (error.file, error.line) == ("book/a.md", 7)
        and "“figure”" in error.message
        and error.remedy
    )
