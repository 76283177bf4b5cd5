"""Runs the test suite, having seen to it that there are browsers to test the site with."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys

from . import apt, browsers
from .errors import EditorError
from .paths import ROOT

SERVER = ["nginx", "libnginx-mod-http-brotli-static"]
HOW_TO_INSTALL = {
    "linux": "例如在 Debian、Ubuntu 上运行 sudo apt install chromium fontconfig fonts-noto-cjk",
    "win32": "安装 Google Chrome 或 Microsoft Edge",
    "darwin": "安装 Google Chrome",
}


def run(arguments: list[str], engines: bool = False) -> int:
    """Runs pytest from the root; the tests find the browser in the variable CHROMIUM.

    With `engines` the other browsers are got first, and tests in one that is missing fail instead of being skipped.
    """
    named = os.environ.get("CHROMIUM")
    if named and not browsers.CHROMIUM.find():
        raise EditorError(
            f"环境变量 CHROMIUM 写的“{named}”不是浏览器程序", remedy="改正它，或取消这个环境变量"
        )
    missing = _missing()
    if missing and not apt.allowed():
        raise EditorError(
            "测试要用浏览器和中文字体，这台电脑上没有找到", remedy=HOW_TO_INSTALL.get(sys.platform)
        )
    if missing:
        apt.install(missing)
    if not find_server() and apt.allowed():
        with contextlib.suppress(EditorError):  # the server's tests are skipped then, and say why
            apt.install(SERVER)
    environment = {**os.environ, "CHROMIUM": browsers.CHROMIUM.find()}
    if engines:
        browsers.get()
        environment[browsers.ALL] = "1"
    elif others := browsers.missing():
        names = "、".join(browser.name for browser in others)
        print(f"没有 {names}，在其中的测试跳过；加上 --engines 会先去取。", flush=True)
    return subprocess.run(
        [sys.executable, "-m", "pytest", *arguments], cwd=ROOT, env=environment
    ).returncode


def find_server() -> str | None:
    """nginx, which Debian puts where only root looks."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


def _missing() -> list[str]:
    """The Debian packages whose work nothing on this computer does."""
    missing = [] if browsers.CHROMIUM.find() else ["chromium"]
    if sys.platform == "linux" and not _has_chinese_font():
        missing += ["fontconfig", "fonts-noto-cjk"]
    return missing


def _has_chinese_font() -> bool:
    if shutil.which("fc-list") is None:
        return False
    return bool(subprocess.run(["fc-list", ":lang=zh"], capture_output=True).stdout.strip())
