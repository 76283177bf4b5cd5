"""Listens to Sphinx: progress for the user, and every warning as a note.

It is loaded as an extension, and as the first, so that the others' warnings are heard as well.
"""

from __future__ import annotations

import logging
from typing import NamedTuple

from sphinx.application import Sphinx
from sphinx.util.logging import NAMESPACE, NewLineStreamHandler, WarningStreamHandler

from ..drawings import Drawings
from ..progress import Progress


class Note(NamedTuple):
    """One warning: where (`path:line`, as Sphinx gives it), of which type, in which words."""

    place: str
    type: str
    text: str


class Monitor:
    """What has happened so far in one build."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self.notes: list[Note] = []
        self.reading: list[str] = []
        self.executed: set[str] = set()
        self.written = 0
        self.chapter: str | None = None
        self.file: str | None = None

    def attach(self, app: Sphinx) -> None:
        for handler in logging.getLogger(NAMESPACE).handlers:
            # Last among the filters: after Sphinx has dropped what is suppressed and found the place.
            if isinstance(handler, WarningStreamHandler):
                handler.addFilter(self._warning)
            elif isinstance(handler, NewLineStreamHandler):
                handler.addFilter(self._status)
        app.connect("builder-inited", lambda app: self.progress.step("准备：已读取设置"))
        app.connect(
            "env-before-read-docs", lambda app, env, chapters: self.reading.extend(chapters)
        )
        app.connect("source-read", self._read)
        app.connect("env-check-consistency", self._all_read)
        app.connect("html-page-context", self._write)

    def _warning(self, record: logging.LogRecord) -> bool:
        note = Note(
            getattr(record, "location", None) or "",
            getattr(record, "type", None) or "",
            logging.LogRecord.getMessage(record).strip(),
        )
        if note not in self.notes:
            self.notes.append(note)
        return True

    def _status(self, record: logging.LogRecord) -> bool:
        if getattr(record, "type", None) == "explainer":  # our own words
            say = (
                self.progress.step
                if getattr(record, "subtype", None) == "step"
                else self.progress.say
            )
            say(record.getMessage())
        # MyST-NB has no event for this.
        if str(record.msg).startswith("Executing notebook"):
            self.executed.add(self.chapter)
            self._show_chapter("，正在运行图表代码")
        return True

    def _read(self, app: Sphinx, chapter: str, source: list[str]) -> None:
        self.chapter = chapter
        self.file = f"book/{app.env.doc2path(chapter, base=False)}"
        self._show_chapter("")

    def _show_chapter(self, doing: str) -> None:
        number = self.reading.index(self.chapter) + 1
        self.progress.update(f"读取章节 {number}/{len(self.reading)}：{self.chapter}{doing}")

    def _all_read(self, app: Sphinx, env: object) -> None:
        self.chapter = self.file = None
        self.progress.step(
            f"读取章节：{len(self.reading)} 章，其中 {len(self.executed)} 章运行了图表代码"
        )

    def _write(self, app: Sphinx, page: str, *_: object) -> None:
        if page in app.env.found_docs:
            self.written += 1
            self.progress.update(f"写出页面 {self.written}/{len(app.env.found_docs)}：{page}")


class BookApp(Sphinx):
    """Sphinx, with a monitor that its first extension can find, and the charts that are being drawn."""

    def __init__(self, monitor: Monitor, drawings: Drawings | None, **kwargs) -> None:
        self.monitor = monitor
        self.explainer_drawings = drawings
        self.explainer_unprinted = False  # whether there should be PDFs, and are none
        super().__init__(**kwargs)


def setup(app: BookApp) -> dict[str, bool]:
    app.monitor.attach(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
