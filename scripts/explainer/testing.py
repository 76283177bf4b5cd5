"""Runs the test suite, having seen to it that there is a browser to test the site with."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys

from .errors import EditorError
from .paths import BUILD, ROOT
from .progress import Progress

COMMANDS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
USUAL_PLACES = {
    "win32": [
        f"{folder}\\{browser}"
        for folder in map(os.environ.get, ("ProgramFiles", "ProgramFiles(x86)", "LocalAppData"))
        for browser in ("Google\\Chrome\\Application\\chrome.exe", "Microsoft\\Edge\\Application\\msedge.exe")
    ],
    "darwin": [
        f"/Applications/{name}.app/Contents/MacOS/{name}" for name in ("Google Chrome", "Chromium", "Microsoft Edge")
    ],
}
SERVER = ["nginx", "libnginx-mod-http-brotli-static"]
HOW_TO_INSTALL = {
    "linux": "例如在 Debian、Ubuntu 上运行 sudo apt install chromium fontconfig fonts-noto-cjk",
    "win32": "安装 Google Chrome 或 Microsoft Edge",
    "darwin": "安装 Google Chrome",
}


def run(arguments: list[str]) -> int:
    """Runs pytest from the root; the tests find the browser in the variable CHROMIUM."""
    named = os.environ.get("CHROMIUM")
    if named and not find_browser():
        raise EditorError(f"环境变量 CHROMIUM 写的“{named}”不是浏览器程序", remedy="改正它，或取消这个环境变量")
    missing = _missing()
    if missing:
        _install(missing)
    if not find_server() and _can_install():
        with contextlib.suppress(EditorError):  # the server's tests are skipped then, and say why
            _install(SERVER)
    environment = {**os.environ, "CHROMIUM": find_browser()}
    return subprocess.run([sys.executable, "-m", "pytest", *arguments], cwd=ROOT, env=environment).returncode


def find_browser() -> str | None:
    named = os.environ.get("CHROMIUM")
    candidates = [named] if named else [*COMMANDS, *USUAL_PLACES.get(sys.platform, [])]
    return next(filter(None, map(shutil.which, candidates)), None)


def find_server() -> str | None:
    """nginx, which Debian puts where only root looks."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


def _missing() -> list[str]:
    """The Debian packages whose work nothing on this computer does."""
    missing = [] if find_browser() else ["chromium"]
    if sys.platform == "linux" and not _has_chinese_font():
        missing += ["fontconfig", "fonts-noto-cjk"]
    return missing


def _has_chinese_font() -> bool:
    if shutil.which("fc-list") is None:
        return False
    return bool(subprocess.run(["fc-list", ":lang=zh"], capture_output=True).stdout.strip())


def _can_install() -> bool:
    return sys.platform == "linux" and os.geteuid() == 0 and shutil.which("apt-get") is not None


def _install(packages: list[str]) -> None:
    names = " ".join(packages)
    if not _can_install():
        raise EditorError("测试要用浏览器和中文字体，这台电脑上没有找到", remedy=HOW_TO_INSTALL.get(sys.platform))
    log = BUILD / "logs" / "apt.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    progress = Progress()
    progress.say(f"测试需要 {names}，正在用 apt 安装，约需几分钟……")
    with log.open("wb") as output:
        for command in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
            done = subprocess.run(
                ["apt-get", *command],
                stdout=output,
                stderr=subprocess.STDOUT,
                # In runlevel 1 a package starts no service: nginx is only for the tests.
                env={**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"},
            )
            if done.returncode:
                remedy = f"检查网络后再运行，或自己运行 apt-get install {names}"
                raise EditorError(f"没有装成 {names}（详情见 {log}）", remedy=remedy)
    progress.step(f"已安装 {names}")
