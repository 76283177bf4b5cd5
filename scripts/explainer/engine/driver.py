"""Builds the site and the PDF: the same as `jupyter-book build -n -W --keep-going --all`, but never half and never stale."""

from __future__ import annotations

import hashlib
import platform
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from jupyter_book.config import get_final_config
from sphinx.util.console import nocolor
from sphinx.util.docutils import docutils_namespace, patch_docutils

from .. import settings
from ..errors import EditorError, EditorErrors
from ..lock import exclusive
from ..paths import ROOT
from ..progress import Progress
from . import diagnosis, exchange, kernel
from .monitor import BookApp, Monitor

PRODUCTS = ("html", "pdf")
NOT_FOR_CHARTS = ("theme", "pdf")  # rooms of scripts/explainer/ that figures/ never uses


@dataclass(frozen=True)
class Site:
    """A finished site."""

    html: Path
    seconds: float
    pages: int


def build(root: Path = ROOT, *, use_cache: bool = True, preview: bool = False) -> Site:
    """Builds the book under `root` into its _build/html/; what was there stays until the new site is whole.

    For a preview it builds into _build/preview/html/, and without the PDFs.
    """
    progress = Progress()
    output = root / "_build" / ("preview" if preview else "")
    with exclusive(root / "_build" / ".build-lock", lambda: progress.say("另一个窗口正在生成，等它完成……")):
        try:
            pages = _build(root, output, use_cache, preview, progress)
        except EditorError:
            kept = f"{(output / 'html').relative_to(root).as_posix()} 里仍是上一次生成的网站。" if (output / "html").exists() else ""
            progress.say(f"没有生成，请先改好下面各处。{kept}")
            raise
    site = Site(output / "html" / "index.html", progress.seconds, pages)
    for pdf in sorted((output / "pdf").glob("*.pdf")):
        progress.say(f"供打印：{pdf}（{pdf.stat().st_size / 1e6:.1f} MB）")
    progress.say(f"完成：{site.html}，共 {pages} 页，用时 {site.seconds:.1f} 秒。")
    return site


def fingerprint(root: Path = ROOT) -> str:
    """Changes with everything that a chart may depend on, apart from its own code cell."""
    digest = hashlib.sha256(platform.python_version().encode())
    for path in _inputs(root):
        for part in (path.relative_to(root).as_posix().encode(), path.read_bytes()):
            digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def _inputs(root: Path) -> list[Path]:
    """The tables, the code and the lock; not what only pages or the PDF are made with, which no chart can see."""
    folders = (root / "data", root / "scripts" / "explainer")
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file() and _counts(path.relative_to(root))]
    lock = root / "requirements.txt"
    return sorted(files) + ([lock] if lock.is_file() else [])


def _counts(path: Path) -> bool:
    """Not what Python, Excel and editors leave beside the files; Excel's cannot even be read."""
    beside = {"__pycache__", *NOT_FOR_CHARTS} & set(path.parts)
    return not beside and not path.name.startswith(("~$", "."))


def _build(root: Path, output: Path, use_cache: bool, preview: bool, progress: Progress) -> int:
    staging = output / ".staging"
    _clean_up(output, staging)
    settings.check(root)
    monitor = Monitor(progress)
    with _cached_outputs(root / "_build" / "cache", fingerprint(root)) as cache:
        execution = {"nb_execution_mode": "cache" if use_cache else "force", "nb_execution_cache_path": str(cache)}
        _run_sphinx(root, staging, execution, ["preview"] if preview else [], monitor)
    findings = diagnosis.findings(monitor.notes, root, staging / "jupyter_execute")
    if findings:
        raise EditorErrors(findings)
    progress.step(f"写出页面：{monitor.written} 页")
    if (staging / "doctrees" / "pdf").exists():
        (staging / "doctrees" / "pdf").rename(staging / "pdf")
    _publish(staging, output)
    return monitor.written


def _clean_up(output: Path, staging: Path) -> None:
    """Removes what a killed build left, and puts back what it had only moved aside."""
    for name in PRODUCTS:
        exchange.restore(output / name, staging / f"old-{name}")
    exchange.remove(staging)


@contextmanager
def _cached_outputs(cache: Path, name: str) -> Iterator[Path]:
    """The charts drawn from the present inputs; those of other inputs go, as do those of a killed build."""
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
        unfinished.unlink()  # a mistake in a chapter spoils no chart
        raise
    unfinished.unlink()


def _run_sphinx(root: Path, staging: Path, execution: dict[str, str], tags: list[str], monitor: Monitor) -> None:
    # As `jupyter_book.sphinx.build_sphinx`, which writes to the user's screen and swallows errors.
    overrides = {
        **execution,
        "external_toc_path": (root / "_toc.yml").as_posix(),
        "latex_individualpages": False,
        "nitpicky": True,
    }
    with _log(root) as log, kernel.private(log), patch_docutils(), docutils_namespace():
        config, _ = get_final_config(user_yaml=root / "_config.yml", cli_config=overrides, sourcedir=root / "book")
        config["extensions"].insert(0, "explainer.engine.monitor")
        try:
            app = BookApp(
                monitor,
                srcdir=root / "book",
                confdir=None,
                outdir=staging / "html",
                doctreedir=staging / "doctrees",
                buildername="html",
                confoverrides=config,
                status=log,
                warning=log,
                freshenv=True,
                tags=tags,
                warningiserror=True,
                keep_going=True,
            )
            app.build(force_all=True)
        except Exception as error:
            # What was complained of before comes first: it may well be the cause, and it is the editor's to mend.
            if known := diagnosis.findings(monitor.notes, root, staging / "jupyter_execute"):
                raise EditorErrors(known) from error
            raise diagnosis.from_exception(error, monitor.file) from None


@contextmanager
def _log(root: Path) -> Iterator[TextIO]:
    """Sphinx's own English, and what libraries print, goes into a file."""
    path = root / "_build" / "logs" / "sphinx.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    nocolor()
    with path.open("w", encoding="utf-8") as log, redirect_stdout(log), redirect_stderr(log):
        yield log


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
