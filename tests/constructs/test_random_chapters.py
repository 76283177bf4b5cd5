"""Whatever the checks let pass can be built for both media, and no input is the program's own fault."""

from __future__ import annotations

import base64
from pathlib import Path
from random import Random

from explainer import checks, engine
from explainer.project import Project
from small import make_book

from .chapters import Chapter

SEEDS = range(1000, 1024)
DOT = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")


def test_what_passes_the_checks_can_be_built(tmp_path: Path):
    def write(folder: str, names: list[str]) -> Path:
        root = make_book(tmp_path / folder, {name: chapters[name] for name in names})
        (root / "book" / "images" / "dot.png").write_bytes(DOT)
        return root

    chapters = {f"c{seed}": Chapter(Random(seed)).text() for seed in SEEDS}
    found = {Path(f.file or "").stem for f in checks.run(Project(write("all", [*chapters]))) if f.rule.name != "coverage"}
    good = [name for name in chapters if name not in found]
    assert len(good) > len(chapters) / 4  # or nothing would be tried
    site = engine.build(write("good", good))
    assert site.pages == len(good) + 3
