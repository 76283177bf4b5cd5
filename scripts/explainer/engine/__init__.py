"""Builds the site and the PDF: the same as `jupyter-book build -n -W --keep-going --all`, but never half and never stale.

Light to import: when nothing has changed, nothing else is needed. What drives Sphinx is in `driver`.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ..errors import EditorError
from ..lock import exclusive
from ..progress import Progress
from . import exchange, fingerprints
from .fingerprints import PRODUCTS, LastBuild


@dataclass(frozen=True)
class Site:
    """A finished site."""

    html: Path
    seconds: float
    pages: int


def build(root: Path, *, use_cache: bool = True, preview: bool = False) -> Site:
    """Builds the book under `root` into its _build/html/; what was there stays until the new site is whole.

    For a preview it builds into _build/preview/html/, and without the PDFs.
    """
    progress = Progress()
    output = root / "_build" / ("preview" if preview else "")
    with exclusive(
        root / "_build" / ".build-lock", lambda: progress.say("另一个窗口正在生成，等它完成……")
    ):
        last = LastBuild(root, output)
        inputs = fingerprints.inputs(root)
        last.forget()
        try:
            pages, unsettled = _build(root, output, use_cache, preview, progress)
        except EditorError:
            kept = (
                f"{(output / 'html').relative_to(root).as_posix()} 里仍是上一次生成的网站。"
                if (output / "html").exists()
                else ""
            )
            progress.say(f"没有生成，请先改好下面各处。{kept}")
            raise
        if not unsettled:  # what lies outside the book's folder may change unseen
            last.remember(inputs, pages)
    return _finished(output, pages, progress)


def unchanged(root: Path) -> bool:
    """Whether nothing has changed since the last build; then it says so, and where its products are."""
    progress = Progress()
    output = root / "_build"
    pages = LastBuild(root, output).pages_if_current()
    if pages is None:
        return False
    progress.say("什么都没有改动，网站和会议版还是上一次生成的。")
    _finished(output, pages, progress)
    return True


def _finished(output: Path, pages: int, progress: Progress) -> Site:
    site = Site(output / "html" / "index.html", progress.seconds, pages)
    for pdf in sorted((output / "pdf").glob("*.pdf")):
        progress.say(f"供打印：{pdf}（{pdf.stat().st_size / 1e6:.1f} MB）")
    progress.say(f"完成：{site.html}，共 {pages} 页，用时 {site.seconds:.1f} 秒。")
    return site


def _build(
    root: Path, output: Path, use_cache: bool, preview: bool, progress: Progress
) -> tuple[int, bool]:
    """How many pages there are now, and whether the next build should look at everything anew."""
    staging = output / ".staging"
    _clean_up(output, staging)
    with _cached_outputs(root, fingerprints.of_charts(root)) as cache:
        from . import driver  # not before it is needed

        made = driver.run(
            root, staging, cache, use_cache=use_cache, preview=preview, progress=progress
        )
    if (staging / "doctrees" / "pdf").exists():
        (staging / "doctrees" / "pdf").rename(staging / "pdf")
    _publish(staging, output)
    return made


def _clean_up(output: Path, staging: Path) -> None:
    """Removes what a killed build left, and puts back what it had only moved aside."""
    for name in PRODUCTS:
        exchange.restore(output / name, staging / f"old-{name}")
    exchange.remove(staging)


@contextmanager
def _cached_outputs(root: Path, name: str) -> Iterator[Path]:
    """The charts drawn from the present inputs; those of other inputs go, as do those of a killed build."""
    cache = root / "_build" / "cache"
    folder = cache / name
    unfinished = folder / "unfinished"
    for other in cache.glob("*"):
        if other != folder or unfinished.exists():
            shutil.rmtree(other)
    folder.mkdir(parents=True, exist_ok=True)
    unfinished.touch()
    try:
        yield folder
    except EditorError:
        _keep(
            folder, fingerprints.of_charts(root) == name
        )  # a mistake in a chapter spoils no chart
        raise
    _keep(folder, fingerprints.of_charts(root) == name)


def _keep(folder: Path, unmoved: bool) -> None:
    """What was drawn while somebody saved a table or a chart may be of before or after: the next build draws anew."""
    if unmoved:
        (folder / "unfinished").unlink()


def _publish(staging: Path, output: Path) -> None:
    """Puts the new site and the PDFs in the old ones' places: at no moment is there half of either.

    Both are whole before the first is moved; of a build killed in between, the site is the new one and the PDFs
    beside it are the old ones, while those that the site itself offers are its own.
    """
    (staging / "html" / ".buildinfo").unlink(missing_ok=True)
    for name in PRODUCTS:
        if (staging / name).exists():
            exchange.replace(staging / name, output / name, staging / f"old-{name}")
        else:
            exchange.remove(output / name)
    shutil.rmtree(staging, ignore_errors=True)
