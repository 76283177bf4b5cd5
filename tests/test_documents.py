"""What README and CONTRIBUTING promise is there: files, places, commands, settings."""

from __future__ import annotations

import re

import pytest
import yaml

import scale
from explainer import checks, cli
from explainer.paths import ROOT
from explainer.project import Project

DOCUMENTS = {name: (ROOT / name).read_text("utf-8") for name in ("README.md", "CONTRIBUTING.md")}


def anchors(text: str) -> set[str]:
    """The ids that hosts give to headings: lower case, spaces as hyphens, no punctuation."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {
        re.sub(r"[^\w -]", "", heading).strip().lower().replace(" ", "-") for heading in headings
    }


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_link_and_image_is_there(name: str):
    without_code = re.sub(r"(`+).+?\1", "", DOCUMENTS[name])
    targets = re.findall(r"\]\(([^)\s]+)\)", without_code)
    assert targets
    for target in targets:
        file, _, place = target.partition("#")
        assert not file or (ROOT / file).exists(), target
        assert not place or place in anchors(DOCUMENTS[file or name]), target


def test_pictures_are_small():
    for picture in (ROOT / ".github" / "images").iterdir():
        assert picture.name in DOCUMENTS["CONTRIBUTING.md"] and picture.stat().st_size <= 60_000


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_command_is_one(name: str):
    examples = re.findall(r"scripts/book\.py ([a-z].*?)(?:`|\n| -->)", DOCUMENTS[name])
    table = re.search(r"^\| 命令 \|.*\n((?:\|.*\n)+)", DOCUMENTS[name], re.MULTILINE)
    rows = re.findall(r"^\| `([a-z][^`]*)` \|", table[1], re.MULTILINE) if table else []
    assert examples or rows
    for words in map(str.split, examples + rows):
        assert cli.parse(words).command == words[0]


def test_every_setting_that_is_named_exists():
    settings = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))["sphinx"]["config"]
    for text in DOCUMENTS.values():
        assert set(re.findall(r"explainer_[a-z_]+", text)) <= set(settings)


@pytest.mark.parametrize("charts", [False, True])
def test_the_book_that_growth_is_measured_with_is_a_good_one(tmp_path, charts: bool):
    scale.make(tmp_path / "book", 3, charts=charts)
    assert [str(finding) for finding in checks.run(Project(tmp_path / "book"))] == []
