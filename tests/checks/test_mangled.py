"""Files mangled at random: check never crashes, always names a file; --fix settles and touches no quotation."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from editing import FIGURES
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from explainer import checks
from explainer.checks.book import Book
from explainer.checks.chapters import Chapter
from explainer.checks.command import command
from explainer.paths import ROOT
from explainer.project import Project
from small import settings_for_other_pages

CHAPTERS = ["contents.md", "characteristics.md", "about.md", "index.md"]
TABLES = ["zones.csv", "tasks.csv", "glossary.csv", "authorities.csv", "positionings.csv"]
# What means something to Markdown, YAML, CSV or to the rules, beside whatever else there is.
TELLING = [
    ":::", "::::{note}", "```", "```{code-cell} python", "{quote}`", "`", "---", "# ", "|", "| a | b |", "[^1]:", "](", "![](", "<b>",
    "{", "}", "(a)=", ": ", "“", "”", "《", "（", ",", "，，", "的的", "１２", " 3 ", "15%", "麼", "\t", "    ", "　", "\0", "\r", "\x0b",
    "\u2028", "\ufeff", "\ue000", "%", "\\", "&#0;", '"', '""', ";", "十四五", "待补", "<<<<<<< HEAD", "***", "=", "{{", "$$", "٣", "²",
]  # fmt: skip
pieces = st.one_of(st.sampled_from(TELLING), st.text(max_size=8))
mangles = st.lists(
    st.tuples(st.sampled_from(["delete", "insert", "double", "swap", "into"]), st.integers(0, 10_000), st.integers(0, 10_000), pieces),
    min_size=1, max_size=8,
)  # fmt: skip
quick = {"deadline": None, "suppress_health_check": list(HealthCheck), "derandomize": True}


def mangled(text: str, steps: list[tuple[str, int, int, str]]) -> str:
    lines = text.split("\n")
    for how, a, b, piece in steps:
        a, b = a % len(lines), b % len(lines)
        if how == "delete" and len(lines) > 1:
            del lines[a : max(a + 1, min(b, a + 3))]
        elif how == "insert":
            lines.insert(a, piece)
        elif how == "double":
            lines.insert(a, lines[b])
        elif how == "swap":
            lines[a], lines[b] = lines[b], lines[a]
        elif how == "into":
            at = b % (len(lines[a]) + 1)
            lines[a] = lines[a][:at] + piece + lines[a][at:]
    return "\n".join(lines)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small book: what is mangled, and what it is held against."""
    root = tmp_path_factory.mktemp("mangled") / "一 本书"
    shutil.copytree(ROOT / "data" / "source", root / "data" / "source")
    package = json.loads((ROOT / "data" / "datapackage.json").read_text("utf-8"))
    package["resources"] = [r for r in package["resources"] if r["path"] in TABLES]
    (root / "data" / "datapackage.json").write_text(
        json.dumps(package, ensure_ascii=False), "utf-8"
    )
    for name in TABLES:
        shutil.copy(ROOT / "data" / name, root / "data")
    shutil.copytree(ROOT / FIGURES, root / FIGURES, ignore=shutil.ignore_patterns("__pycache__"))
    config = re.sub("explainer_meeting_front:.*", "", settings_for_other_pages())
    (root / "_config.yml").write_text(config, "utf-8")
    shutil.copy(ROOT / "CHANGELOG.md", root)
    (root / "book").mkdir()
    (root / "_toc.yml").write_text("format: jb-book\nroot: page\n", "utf-8")
    (root / "book" / "page.md").write_text("---\ndescription: 试。\n---\n\n# 题\n", "utf-8")
    return root


def assert_sound(root: Path) -> None:
    for finding in checks.run(Project(root)):
        assert finding.file and not finding.file.startswith("/") and "\\" not in finding.file
        assert finding.line is None or finding.line >= 1
        assert finding.message and "Traceback" not in str(finding)


@settings(max_examples=50, **quick)
@given(
    st.sampled_from(CHAPTERS),
    mangles,
    st.binary(max_size=3),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.booleans(),
)
def test_a_mangled_chapter(
    root: Path, name: str, steps, tail: bytes, newline: str, bom: bool
) -> None:
    page = root / "book" / "page.md"
    text = mangled((ROOT / "book" / name).read_text("utf-8"), steps).replace("\n", newline)
    raw = text.encode("utf-8-sig" if bom else "utf-8", "surrogatepass") + tail
    page.write_bytes(raw)
    assert_sound(root)
    before = quotations(page)
    command(Project(root), mend=True)
    after = page.read_bytes()
    assert quotations(page) == before
    command(Project(root), mend=True)
    assert page.read_bytes() == after


def quotations(page: Path) -> list[str]:
    try:
        text = page.read_bytes().decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError:
        return []
    chapter = Chapter(page, text)
    return [role.text for role in chapter.roles if role.name == "quote"] + [
        d.content for d in chapter.directives if d.name in ("quote", "code-cell", "code-block")
    ]


@settings(max_examples=20, **quick)
@given(
    st.sampled_from(TABLES), mangles, st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]),
    st.sampled_from([",", ";", "\t", "，"]), st.sampled_from(["\n", "\r\n"]), st.binary(max_size=2),
)  # fmt: skip
def test_a_mangled_table(
    root: Path, name: str, steps, encoding: str, separator: str, newline: str, tail: bytes
) -> None:
    path = root / "data" / name
    good = path.read_bytes()
    try:
        text = (
            mangled((ROOT / "data" / name).read_text("utf-8"), steps)
            .replace(",", separator)
            .replace("\n", newline)
        )
        path.write_bytes(text.encode(encoding, "replace") + tail)
        assert_sound(root)
        command(Project(root), mend=True)
        after = path.read_bytes()
        command(Project(root), mend=True)
        assert path.read_bytes() == after
    finally:
        path.write_bytes(good)


@settings(max_examples=40, **quick)
@given(
    st.sampled_from(
        [
            "_config.yml",
            "_toc.yml",
            "CHANGELOG.md",
            "data/datapackage.json",
            f"{FIGURES}/two_turns.py",
            f"{FIGURES}/__init__.py",
        ]
    ),
    mangles,
    st.binary(max_size=2),
)
def test_a_mangled_file_beside_them(root: Path, name: str, steps, tail: bytes) -> None:
    path = root / name
    good = path.read_bytes()
    try:
        path.write_bytes(
            mangled(good.decode("utf-8"), steps).encode("utf-8", "surrogatepass") + tail
        )
        assert_sound(root)
    finally:
        path.write_bytes(good)


def test_the_small_book_is_good(root: Path) -> None:
    (root / "book" / "page.md").write_text("---\ndescription: 试。\n---\n\n# 题\n", "utf-8")
    assert checks.run(Project(root)) == []
    assert Book(Project(root)).tables
