"""Addresses that were published stay, through renaming and back again; the remedies say exactly what to write."""

from __future__ import annotations

from pathlib import Path

import pytest

from explainer.checks import addresses, links
from explainer.checks.book import Book
from explainer.project import Project

CONFIG = "sphinx:\n  config:\n    explainer_redirects:\n"
AIM = "(aim)=\n# 目的\n\n(first-part)=\n## 一\n\n```{code-cell} python\nimport charts\ncharts.small_wheel()\n```\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A book of two pages that has been published."""
    for folder in ("book", "data"):
        (tmp_path / folder).mkdir()
    (tmp_path / "book" / "index.md").write_text("(index)=\n# 首页\n\n见[目的](aim.md)。\n", "utf-8")
    (tmp_path / "book" / "aim.md").write_text(AIM, "utf-8")
    (tmp_path / "_config.yml").write_text(CONFIG, "utf-8")
    contents(tmp_path, "aim")
    addresses.record(tmp_path)
    return tmp_path


def contents(root: Path, page: str) -> None:
    (root / "_toc.yml").write_text(
        f"format: jb-book\nroot: index\nchapters:\n- file: {page}\n", "utf-8"
    )


def rename(root: Path, old: str, new: str) -> None:
    (root / "book" / f"{old}.md").rename(root / "book" / f"{new}.md")
    contents(root, new)


def follow(root: Path, line: str) -> None:
    """What the remedy says, to the letter, where the settings say that it goes."""
    with (root / "_config.yml").open("a", encoding="utf-8") as config:
        config.write(f"      {line}\n")


def found(root: Path) -> list[tuple[int, str, str]]:
    errors = addresses.published_addresses(Book(Project(root)))
    return [(error.line, error.message, error.remedy.partition("；")[0]) for error in errors]


def test_what_was_published_is_written_down_and_found_again(root: Path):
    assert (root / "data/addresses.txt").read_text("utf-8").splitlines()[1:] == [
        "aim",
        "aim#aim",
        "aim#figure-small-wheel",
        "aim#first-part",
        "index",
        "index#index",
    ]
    assert found(root) == []
    (root / "data/addresses.txt").unlink()
    assert found(root) == []  # nothing has been published


def test_a_renamed_page_needs_its_redirect_and_back_again_too(root: Path):
    rename(root, "aim", "goal")
    asked = found(root)
    assert asked == [
        (
            2,
            "网址 aim.html 公布过，现在没有这一页，也没有转址",
            "在 _config.yml 的 explainer_redirects 下面加一行“aim: goal”",
        )
    ]
    follow(root, "aim: goal")
    assert found(root) == []
    addresses.record(root)
    # The change is reverted, and with it the redirect.
    rename(root, "goal", "aim")
    (root / "_config.yml").write_text(CONFIG, "utf-8")
    assert [remedy for *_, remedy in found(root)] == [
        "在 _config.yml 的 explainer_redirects 下面加一行“goal: aim”"
    ]
    follow(root, "goal: aim")
    assert found(root) == []


def test_a_place_that_went_is_found_with_its_line(root: Path):
    page = root / "book" / "aim.md"
    page.write_text(
        AIM.replace("(first-part)=\n", "(part-one)=\n").replace("charts.small_wheel()\n", ""),
        "utf-8",
    )
    assert [(line, message) for line, message, _ in found(root)] == [
        (4, "网址 aim.html#figure-small-wheel 公布过，现在 aim.md 里没有这个标签"),
        (5, "网址 aim.html#first-part 公布过，现在 aim.md 里没有这个标签"),
    ]
    page.write_text(AIM.replace("(first-part)=\n", "(first-part)=\n(part-one)=\n"), "utf-8")
    assert found(root) == []
    rename(root, "aim", "goal")
    follow(
        root, "aim: goal#part-one"
    )  # to a place of its own: where the old places are is the editor's business
    assert found(root) == []


def test_a_link_to_a_renamed_page_is_mended_with_the_new_name(root: Path):
    rename(root, "aim", "characteristics-of-aims")
    (root / "book" / "aims.md").write_text("# 别的\n", "utf-8")  # nearer, to the letter

    def remedies() -> list[str]:
        book = Book(Project(root))
        return [
            error.remedy
            for chapter in book.chapters
            for error in links.internal_links(chapter, book)
        ]

    assert remedies() == [
        "写成 [目的](characteristics-of-aims.md)"
    ]  # by the label that went with the page
    page = root / "book" / "characteristics-of-aims.md"
    page.write_text(AIM.replace("(aim)=\n", ""), "utf-8")
    follow(root, "aim: characteristics-of-aims")
    assert remedies() == ["写成 [目的](characteristics-of-aims.md)"]  # by the redirect
