"""All editions as one static site: the newest at its root, each at editions/<number>/ for ever.

Made from the packed releases, none of which is built again: pages of older editions get one line that says that
a newer one exists, and its change log lists them all. Works without scripts, on any server.
"""

from __future__ import annotations

import re
import shutil
import tarfile
from collections.abc import Iterable, Sequence
from html.parser import HTMLParser
from pathlib import Path

from ..errors import EditorError
from ..paths import COMMAND
from ..settings import CHANGES
from . import archive, stamp

FOLDER = "editions"


def gather(
    folder: Path, releases: Path, tagged: Iterable[str] = (), without: Iterable[str] = ()
) -> list[str]:
    """Fills `folder` (its old content stays until the new one is whole); gives the editions, newest first.

    Every edition that is `tagged` has to be there but those that the site is to go `without`.
    """
    without = set(without)
    packed = {
        place.name: place
        for place in releases.glob("*")
        if place.name not in without and _is_edition(place)
    }
    editions = sorted(packed, key=stamp.number, reverse=True)
    missing = sorted(
        {tag.removeprefix("v") for tag in tagged} - set(editions) - without, key=stamp.number
    )
    if missing:
        raise EditorError(
            f"缺 {'、'.join(missing)} 版：有标签，{releases.name} 文件夹里却没有。合成的网站里不会再有它的网址",
            remedy=f"从存档（GitHub 上在“Releases”里）取回，放进 _build/release/{missing[0]}/；取不回的，运行 "
            f"git checkout v{missing[0]}、release {missing[0]} 重做；确实不要了，加上 --without {missing[0]}",
        )
    if not editions:
        raise EditorError(
            "还没有发布过版本", remedy=f"先运行 {COMMAND} release 2026.1（换成你的版本号）"
        )
    staging = folder.with_name(f".{folder.name}.unfinished")
    shutil.rmtree(staging, ignore_errors=True)
    for edition in editions:
        _unpack(packed[edition], staging / FOLDER / edition)
    newest, *older = editions
    shutil.copytree(staging / FOLDER / newest, staging, dirs_exist_ok=True)
    for edition in older:
        for page in sorted((staging / FOLDER / edition).rglob("*.html")):
            _insert(page, _newer(page, staging, edition, newest))
    _insert(_list_page(staging), _list(editions))
    previous = folder.with_name(f".{folder.name}.old")
    shutil.rmtree(previous, ignore_errors=True)
    if folder.exists():
        folder.rename(previous)
    staging.rename(folder)
    shutil.rmtree(previous, ignore_errors=True)
    return editions


def _is_edition(place: Path) -> bool:
    if not stamp.is_number(place.name):
        return False
    if not archive.sums_hold(place):
        raise EditorError(
            f"发布过的版本 {place.name} 缺了文件，或与 SHA256SUMS 不符",
            place,
            remedy="从备份里恢复这个文件夹，或移走它",
        )
    return True


def _unpack(release: Path, folder: Path) -> None:
    (packed,) = release.glob("*-site.tar.gz")
    with tarfile.open(packed) as site:
        site.extractall(folder, filter="data")


def _newer(page: Path, public: Path, edition: str, newest: str) -> str:
    """The line for a page of an older edition: to the same page of the newest, where that is still there."""
    within = page.relative_to(public / FOLDER / edition)
    up = "../" * (len(within.parts) - 1 + 2)
    same = within.as_posix() if (public / within).is_file() else "index.html"
    return (
        f'<p class="edition-notice" role="note">这是{edition}版，已经有了更新的版本。'
        f'<a href="{up}{same}">看最新的{newest}版</a></p>'
    )


def _list_page(site: Path) -> Path:
    """Where readers look for what changed since: the page that the foot of the home page names; the home page itself
    where it names none."""
    home = site / "index.html"
    named = re.search(rf'<a href="([^"#]+)">{CHANGES}</a>', home.read_text("utf-8"))
    return site / named[1] if named else home


def _list(editions: Sequence[str]) -> str:
    links = "、".join(
        f'<a href="{FOLDER}/{edition}/index.html">{edition}版</a>' for edition in editions
    )
    return f'<p class="edition-list">每一版都有固定的网址，供引用：{links}。</p>'


class _Main(HTMLParser):
    """Finds where the page's own content begins."""

    end: tuple[int, int] | None = None

    def handle_starttag(self, tag: str, attrs: list) -> None:
        if tag == "main" and self.end is None:
            line, column = self.getpos()
            self.end = (line, column + len(self.get_starttag_text()))


def _insert(page: Path, words: str) -> None:
    """At the head of the page's content; every other byte stays. Pages without any (redirects) stay whole."""
    text = page.read_bytes().decode("utf-8")
    finder = _Main()
    finder.feed(text)
    if finder.end:
        line, column = finder.end
        lines = text.split("\n")
        lines[line - 1] = f"{lines[line - 1][:column]}\n{words}{lines[line - 1][column:]}"
        page.write_bytes("\n".join(lines).encode("utf-8"))
