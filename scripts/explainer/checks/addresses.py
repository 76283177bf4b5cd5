"""Addresses that readers may have kept: pages and places in them, once published, stay within reach.

`release` adds those of each edition to `data/addresses.txt`; nothing takes any away but an editor who means it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import yaml
from docutils.nodes import make_id

from ..errors import EditorError
from ..project import Project
from .book import PUBLISHED, Book
from .chapters import Target
from .rule import Rules

RULES = Rules("网址", blocks=True)

_HEAD = "# 公布过的网址，由 release 添上：页名，或页名#标签。不要改；确实不要了的网址，才删去它那一行。\n"
_CHART = re.compile(r"^charts\.(\w+)\(\)$", re.M)


@RULES.book
def published_addresses(book: Book) -> Iterator[EditorError]:
    """公布过的网址都还在：页没有了的有转址，标签没有了的补上。

    读者收藏、别人引用、纸上二维码通到的地方，不能一改名就断了。
    """
    if book.toc is None:
        return
    there, old, said = addresses(book), redirects(book.root), set()
    for number, address in enumerate(_lines(book.root), 1):
        page, _, place = address.partition("#")
        if not address or address.startswith("#") or address in there:
            continue
        goal, _, at = old.get(page, page).partition("#")
        if goal in book.absent:
            continue  # the contents miss it as well
        if goal not in there and page in said:
            continue
        said.add(page)
        if goal not in there:
            yield EditorError(
                f"网址 {page}.html 公布过，现在没有这一页，也没有转址",
                PUBLISHED,
                number,
                _new_home(page, book),
            )
        elif place and not at and f"{goal}#{place}" not in there:
            yield EditorError(
                f"网址 {page}.html#{place} 公布过，现在 {goal}.md 里没有这个标签",
                PUBLISHED,
                number,
                _new_label(place, goal),
            )


def addresses(book: Book) -> set[str]:
    """Every page of the contents, and the labels and charts in it."""
    found: set[str] = set()
    listed = {re.sub(r"\.md$", "", file) for file in book.toc or ()}
    for chapter in book.chapters:
        name = chapter.name
        if name in listed:
            charts = [f"figure-{chart.replace('_', '-')}" for chart in _CHART.findall(chapter.text)]
            places = [make_id(target.name) for target in chapter.parts(Target)]
            found |= {name, *(f"{name}#{place}" for place in (*places, *charts) if place)}
    return found


def record(root: Path) -> None:
    """Adds the addresses of the book under `root` to those that were ever published."""
    known = {address for address in _lines(root) if address and not address.startswith("#")}
    lines = "".join(f"{address}\n" for address in sorted(known | addresses(Book(Project(root)))))
    (root / PUBLISHED).write_text(_HEAD + lines, "utf-8", newline="\n")


def redirects(root: Path) -> dict[str, str]:
    """Old page -> new page, or new page#place, as `_config.yml` says."""
    try:
        settings = yaml.safe_load((root / "_config.yml").read_text("utf-8-sig"))
        return {
            str(old): str(new)
            for old, new in settings["sphinx"]["config"]["explainer_redirects"].items()
        }
    except (OSError, ValueError, yaml.YAMLError, KeyError, TypeError, AttributeError):
        return {}  # what is wrong with the settings is another rule's to say


def renamed(page: str, book: Book) -> str:
    """The page that took an old one's place: by its redirect, by the label that pages begin with, by what was in it."""
    goal = redirects(book.root).get(page, "").partition("#")[0]
    if not goal and page in book.targets:
        goal = book.targets[page][0][0].name
    if not goal:
        places = {
            address.partition("#")[2]
            for address in _lines(book.root)
            if address.startswith(f"{page}#")
        }
        same = [
            new
            for new, _, place in (address.partition("#") for address in addresses(book))
            if place in places
        ]
        goal = max(sorted(set(same)), key=same.count, default="")
    return goal if goal != page and (book.root / "book" / f"{goal}.md").is_file() else ""


def _new_home(page: str, book: Book) -> str:
    new = renamed(page, book)
    line = f"“{page}: {new}”" if new else f"“{page}: 现在的页名”"
    return f"在 _config.yml 的 explainer_redirects 下面加一行{line}；确实不要这个网址了，从 {PUBLISHED} 里删去它的各行"


def _new_label(place: str, page: str) -> str:
    if place.startswith("figure-"):
        return f"把这张图放回 {page}.md；确实不要这个网址了，从 {PUBLISHED} 里删去这一行"
    return f"在 {page}.md 那一节标题的上面加一行“({place})=”，原来的标签也留着；确实不要这个网址了，从 {PUBLISHED} 里删去这一行"


def _lines(root: Path) -> list[str]:
    path = root / PUBLISHED
    return path.read_text("utf-8-sig", errors="replace").splitlines() if path.is_file() else []
