"""What a waiting user sees: steps that stay, and a line that changes."""

from __future__ import annotations

import shutil
import sys
import time
import unicodedata

LOG_INTERVAL = 10  # seconds between two changing lines where lines cannot be rewritten


def prepare_console() -> None:
    """Both processes write UTF-8, and no console, however old, is a reason to crash."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace", line_buffering=True)


class Progress:
    """On a terminal the changing line is rewritten in place; in a log it appears now and then."""

    def __init__(self) -> None:
        self.stream = sys.stdout
        self.live = self.stream.isatty()
        self.started = self.step_started = self.last_line = time.monotonic()
        self.width = 0

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.started

    def step(self, text: str) -> None:
        """A line that stays, with the seconds since the one before."""
        now = time.monotonic()
        self.say(f"{text}（{now - self.step_started:.1f} 秒）")
        self.step_started = now

    def say(self, text: str) -> None:
        self._write(text, "\n")

    def update(self, text: str) -> None:
        """A line that the next one replaces."""
        if self.live:
            self._write(_cut(text, shutil.get_terminal_size().columns - 1), "")
        elif time.monotonic() - self.last_line >= LOG_INTERVAL:
            self.say(text)

    def _write(self, text: str, end: str) -> None:
        # Spaces rather than an escape sequence: old Windows consoles print those.
        padding = " " * max(0, self.width - _columns(text))
        start = "\r" if self.width else ""
        self.stream.write(f"{start}{text}{padding}{end}")
        self.stream.flush()
        self.width = 0 if end else _columns(text)
        self.last_line = time.monotonic()


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _cut(text: str, columns: int) -> str:
    while _columns(text) > columns:
        text = text[:-1]
    return text
