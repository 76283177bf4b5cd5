"""Ears for the tests: a screen reader (Orca) on a screen of its own, keys as a reader presses them, and what is heard.

What is heard is also written, a line for each key, to a log for people: `_build/walk/`.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import textwrap
import time
from pathlib import Path

from explainer import browsers

BROWSERS = {"firefox": "firefox-esr", "chromium": os.environ.get("CHROMIUM", "chromium")}
PATIENCE = 60  # s for what must be heard
SILENCE = 1.0  # s without a word end an answer
ORCA = Path(__file__).with_name("orca_on_paper.py")
# What the pages' tests set as well, and neither questions of the browser's own nor its bar that the system has no
# voices: the page asks for them when its settings open, and “警告” would be heard in the midst of the answer.
FIREFOX = {
    "app.update.enabled": False,
    "browser.aboutwelcome.enabled": False,
    "browser.newtab.preload": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.translations.enable": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "media.webspeech.synth.dont_notify_on_error": True,
    "network.captive-portal-service.enabled": False,
    "ui.prefersReducedMotion": 1,
}
CHROMIUM = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-sync",
    "--force-prefers-reduced-motion",
    "--force-renderer-accessibility",
    "--no-first-run",
)


def missing(browser: str) -> list[str]:
    """The commands that this computer lacks for a walk with this browser."""
    return browsers.missing_for_reader() + [
        command for command in [BROWSERS[browser]] if not shutil.which(command)
    ]


class Ears:
    """A browser at one page, and a blind reader's keys. Leave it, and everything that it started has ended."""

    def __init__(self, browser: str, address: str, log: Path, until: str = "^载入 .* 完成") -> None:
        self.browser = browser
        self.home = Path(tempfile.mkdtemp(prefix="walk-"))
        self.heard = self.home / "heard"
        self.heard.touch()
        self.read = 0
        log.parent.mkdir(parents=True, exist_ok=True)
        self.log = log.open("w", encoding="utf-8")
        self.started = []
        for folder in ("run", "profile"):
            (self.home / folder).mkdir(mode=0o700)
        places = {
            f"XDG_{name}_HOME": str(self.home / name.lower())
            for name in ("DATA", "CONFIG", "CACHE")
        }
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "XDG_RUNTIME_DIR": str(self.home / "run"),
            **places,
            "LANG": "C.UTF-8",
            "LANGUAGE": "zh_CN",
            "GNOME_ACCESSIBILITY": "1",
            "HEARD": str(self.heard),
        }
        try:
            self.environment["DISPLAY"] = ":" + self._start(
                "Xvfb",
                "-displayfd",
                "1",
                "-screen",
                "0",
                "1280x1000x24",
                "-nolisten",
                "tcp",
                says=True,
            )
            self.environment["DBUS_SESSION_BUS_ADDRESS"] = self._start(
                "dbus-daemon", "--session", "--nofork", "--print-address=1", says=True
            )
            self._start("/usr/bin/python3", str(ORCA))
            self._answer("屏幕阅读器启用")
            self._browse(browser, address)
            self.note(f"打开 {address.partition('//')[2].partition('/')[2]}", self._answer(until))
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Ears:
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def close(self) -> None:
        self.log.close()
        for process in reversed(self.started):
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            process.wait()
        shutil.rmtree(self.home, ignore_errors=True)

    def press(self, key: str, until: str = ".", times: int = 1) -> str:
        """What is heard after a key; with `times`, pressed until it is heard, so often at most."""
        for _ in range(times):
            self._run("xdotool", "key", key)
            said = self.note(key, self._answer(until if times == 1 else "."))
            if re.search(until, said):
                return said
        raise AssertionError(f"按了{times}次 {key}，没有听到“{until}”，见 {self.log.name}")

    def type(self, words: str, until: str) -> str:
        """Words that come all at once, as from an input method."""
        self._run("xclip", "-selection", "clipboard", words=words)
        self._run("xdotool", "key", "ctrl+v")
        return self.note(f"输入“{words}”", self._answer(until))

    def note(self, did: str, said: str) -> str:
        lines = textwrap.wrap(said.replace("\n", "｜"), 60, break_long_words=True)
        self.log.write(f"{did} → " + "\n    ".join(lines) + "\n")
        self.log.flush()
        return said

    def _answer(self, until: str) -> str:
        """What is heard from now on until it has been heard and silence follows: utterances, apart by bars."""
        started = last = time.monotonic()
        before = -1
        while True:
            lines = self.heard.read_text("utf-8").split("\n")[:-1]
            if len(lines) != before:
                before, last = len(lines), time.monotonic()
            said = spoken([json.loads(line) for line in lines[self.read :]])
            now = time.monotonic()
            if now - last >= SILENCE and (
                re.search(until, said, re.MULTILINE) or now - started > PATIENCE
            ):
                break
            time.sleep(0.05)
        self.read = len(lines)
        if not re.search(until, said, re.MULTILINE):
            self.note("（没有等到）", said)
            raise AssertionError(
                f"{PATIENCE}秒里没有听到“{until}”，听到的是：{said or '（什么也没有）'}"
            )
        return said.replace("\n", "｜")

    def _browse(self, browser: str, address: str) -> None:
        profile = self.home / "profile"
        if browser == "firefox":
            lines = (
                f"user_pref({json.dumps(name)}, {json.dumps(value)});\n"
                for name, value in FIREFOX.items()
            )
            (profile / "user.js").write_text("".join(lines), "utf-8")
            self._start(BROWSERS[browser], "--kiosk", "--profile", str(profile), address)
        else:
            (profile / "Default").mkdir()
            (profile / "Default" / "Preferences").write_text(
                '{"translate": {"enabled": false}}', "utf-8"
            )
            sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
            self._start(
                BROWSERS[browser],
                "--kiosk",
                *CHROMIUM,
                *sandbox,
                f"--user-data-dir={profile}",
                address,
            )

    def _start(self, *command: str, says: bool = False) -> str:
        process = subprocess.Popen(
            command,
            env=self.environment,
            start_new_session=True,
            stdout=subprocess.PIPE if says else subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
        )
        self.started.append(process)
        return process.stdout.readline().strip() if says else ""

    def _run(self, *command: str, words: str = "") -> None:
        subprocess.run(
            command,
            env=self.environment,
            check=True,
            stderr=subprocess.DEVNULL,
            input=words,
            encoding="utf-8",
        )


def spoken(utterances: list[str | None]) -> str:
    """One utterance a line, without the full stops that Orca puts; what was cut off at once says so."""
    lines = []
    for words in utterances:
        if words is None:
            lines = [line if line.endswith("（被打断）") else f"{line}（被打断）" for line in lines]
        else:
            lines.append(" ".join(words.removesuffix(".").split()))
    return "\n".join(lines)
