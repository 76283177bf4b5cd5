"""Small books of this project's own kind: its settings and data, other chapters."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from explainer.paths import ROOT

CIRCLE = Path(__file__).parent / "pdf" / "stress" / "circle.svg"
INDEX = "---\ndescription: 一本小书。\n---\n(index)=\n# 一本小书\n\n开头。\n\n(one-minute)=\n\n## 一分钟\n\n一句话。\n"


def settings_for_other_pages() -> str:
    """This book's settings but for what names its pages."""
    settings = (ROOT / "_config.yml").read_text("utf-8")
    settings = re.sub(r"(?<=explainer_meeting_without: )\[.*\]", "[]", settings)
    settings = re.sub(r"(?m)^ +explainer_meeting_(?:holds|terms|charts): .*\n", "", settings)
    return re.sub(
        r"(?m)^(    explainer_(?:redirects|places):).*\n(?:     +.*\n)*", r"\1 {}\n", settings
    )


def make_book(root: Path, chapters: Mapping[str, str]) -> Path:
    """Writes a book with these chapters between its home page and the source's full text."""
    (root / "book" / "images").mkdir(parents=True)
    shutil.copytree(ROOT / "data", root / "data", ignore=shutil.ignore_patterns("addresses.txt"))
    shutil.copytree(ROOT / "scripts" / "charts", root / "scripts" / "charts")
    for name in ("CHANGELOG.md", "requirements.txt"):
        shutil.copy(ROOT / name, root)
    settings = settings_for_other_pages()
    settings = settings.replace("suppress_warnings: [", "suppress_warnings: [explainer.coverage, ")
    settings = settings.replace("explainer_hosts: [", "explainer_hosts: [a.cn, b.cn, ")
    (root / "_config.yml").write_text(settings, "utf-8")
    for name in ("source", "glossary"):
        shutil.copy(ROOT / "book" / f"{name}.md", root / "book")
    shutil.copy(CIRCLE, root / "book" / "images")
    (root / "book" / "index.md").write_text(INDEX, "utf-8")
    for name, words in chapters.items():
        path = root / "book" / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(words, "utf-8")
    files = "".join(f"  - file: {name}\n" for name in [*chapters, "source", "glossary"])
    (root / "_toc.yml").write_text(
        f"format: jb-book\nroot: index\nparts:\n- caption: 全部\n  chapters:\n{files}", "utf-8"
    )
    return root
