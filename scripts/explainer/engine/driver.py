"""Drives Sphinx through one build; `pipeline` says what is made when."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, TextIO
from unittest.mock import patch

from .. import settings
from ..drawings import Drawings
from ..errors import EditorErrors
from ..progress import Progress
from ..project import HERE

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def run(
    root: Path, staging: Path, cache: Path, *, use_cache: bool, preview: bool, progress: Progress
) -> tuple[int, bool]:
    """Makes the site and the PDFs under `staging`: how many pages, and whether another build may give others at once.

    Raises EditorErrors where something is to be mended.
    """
    settings.check(root)
    with ExitStack() as stack:
        log = stack.enter_context(_log(root))
        stack.enter_context(
            patch.dict(os.environ, {HERE: str(root)})
        )  # for what works for it in other processes
        # What is slow starts first, in processes of its own, and is waited for where it is used.
        drawings = None
        if "explainer.sphinx" in (root / "_config.yml").read_text("utf-8-sig"):
            drawings = stack.enter_context(
                closing(Drawings((cache if use_cache else staging) / "drawings", root))
            )
        from . import kernel

        kernels = stack.enter_context(kernel.private(log))
        if not (use_cache and (cache / "global.db").exists()) and _has_cells(root / "book"):
            kernels.start_early()
        execution = {
            "nb_execution_mode": "cache" if use_cache else "force",
            "nb_execution_cache_path": str(cache),
        }
        return _sphinx(
            root, staging, execution, ["preview"] if preview else [], drawings, log, progress
        )


def _has_cells(book: Path) -> bool:
    return any(b"{code-cell}" in path.read_bytes() for path in book.rglob("*.md"))


def _sphinx(
    root: Path,
    staging: Path,
    execution: dict[str, str],
    tags: list[str],
    drawings: Drawings | None,
    log: TextIO,
    progress: Progress,
) -> tuple[int, bool]:
    # As `jupyter_book.sphinx.build_sphinx`, which writes to the user's screen and swallows errors.
    from jupyter_book.config import get_final_config
    from sphinx.util.console import nocolor
    from sphinx.util.docutils import docutils_namespace, patch_docutils

    from . import diagnosis
    from .monitor import BookApp, Monitor

    nocolor()
    monitor = Monitor(progress)
    overrides = {
        **execution,
        "external_toc_path": (root / "_toc.yml").as_posix(),
        "latex_individualpages": False,
        "nitpicky": True,
    }
    with patch_docutils(), docutils_namespace():
        config, _ = get_final_config(
            user_yaml=root / "_config.yml", cli_config=overrides, sourcedir=root / "book"
        )
        config["extensions"].insert(0, "explainer.engine.monitor")
        try:
            app = BookApp(
                monitor,
                drawings,
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
    if findings := diagnosis.findings(monitor.notes, root, staging / "jupyter_execute"):
        raise EditorErrors(findings)
    progress.step(f"写出页面：{monitor.written} 页")
    return monitor.written, app.explainer_unprinted or _from_elsewhere(app, root)


def _from_elsewhere(app: Sphinx, root: Path) -> bool:
    """Whether files that are not below `root` went into a chapter, or fonts of the office into the PDFs."""
    taken_in = (
        {name for names in app.env.dependencies.values() for name in names}
        | set(app.env.images)
        | set(app.env.dlfiles)
    )
    outside = any(
        not Path(app.srcdir, name).resolve().is_relative_to(root.resolve()) for name in taken_in
    )
    return outside or bool(getattr(app.config, "explainer_meeting_fonts", {}).get("文件夹"))


@contextmanager
def _log(root: Path) -> Iterator[TextIO]:
    """Sphinx's own English, and what libraries print, goes into a file."""
    path = root / "_build" / "logs" / "sphinx.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as log, redirect_stdout(log), redirect_stderr(log):
        yield log
