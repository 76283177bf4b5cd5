"""The browsers (and the screen reader) that the site is tested in: what is promised to each, where it is found and how it is got."""

from __future__ import annotations

import base64
import hashlib
import io
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

import brotli

from . import apt
from .errors import EditorError, EditorErrors
from .lock import exclusive
from .paths import BUILD, COMMAND
from .progress import Progress

STORE = BUILD / "browsers"
ALL = "EXPLAINER_ALL_BROWSERS"  # the variable that says that none may be missing
USUAL_PLACES = {
    "win32": [
        f"{folder}\\{browser}"
        for folder in map(os.environ.get, ("ProgramFiles", "ProgramFiles(x86)", "LocalAppData"))
        for browser in (
            "Google\\Chrome\\Application\\chrome.exe",
            "Microsoft\\Edge\\Application\\msedge.exe",
        )
    ],
    "darwin": [
        f"/Applications/{name}.app/Contents/MacOS/{name}"
        for name in ("Google Chrome", "Chromium", "Microsoft Edge")
    ],
}


@dataclass(frozen=True)
class Browser:
    """One of them, from Debian or, an old Chromium for Linux on x86-64, from inside an npm package."""

    name: str
    protocol: str  # which driver speaks to it, see tests/browsers/drivers.py
    programs: tuple[str, ...] = ()  # any of these is it
    variable: str = ""  # or the one that it names
    helpers: tuple[str, ...] = ()  # and it needs all of these
    debian: tuple[str, ...] = ()
    package: str = ""
    sha512: str = ""  # of the package, as the npm registry writes it
    everything: bool = (
        True  # else: text, pictures, tables, navigation and links, and no control that does nothing
    )

    def find(self) -> str | None:
        """Its program; a variable of the environment may name another than the usual ones."""
        if named := os.environ.get(self.variable):
            return shutil.which(named)
        if self.package:
            return shutil.which(self.folder / "chromium")
        found = all(map(shutil.which, self.helpers))
        return next(filter(None, map(shutil.which, self.programs)), None) if found else None

    @property
    def folder(self) -> Path:
        return STORE / self.package

    @property
    def missing(self) -> str:
        return f"{self.name} 不在这台电脑上，运行 {COMMAND} test --engines 会去取"


# Which all other tests use too.
CHROMIUM = Browser(
    "Chromium",
    "chromium",
    variable="CHROMIUM",
    debian=("chromium",),
    programs=(
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
        "microsoft-edge",
        *USUAL_PLACES.get(sys.platform, ()),
    ),
)
# Today's, and the oldest of each kind that promises are made to (README.md), as far as they can be had.
BROWSERS = (
    CHROMIUM,
    Browser(
        "Chromium 86",
        "chromium",
        package="chrome-aws-lambda@5.3.1",
        sha512="KklZTy2p2U/86cCh1hKL3PGDqoirQCAg7uejvNIn0rDBkWj4Su4GOjYMRVB3kthLwmnWhh3x63RDBTCAaQ9Q3Q==",
    ),
    Browser(
        "Chromium 69",
        "chromium",
        package="chrome-aws-lambda@1.6.3",
        everything=False,
        sha512="K22/X+AqpSFPmBxuIOHhmzH4Id7Od9GpKvEksuaV7fy+WLvS/TYlwpc4I4B36Wz9u/NmvL9wKsQ1TT9cMhdYhg==",
    ),
    Browser("Firefox ESR", "firefox", ("firefox-esr", "firefox"), debian=("firefox-esr",)),
    Browser(
        "WebKitGTK",
        "webkit",
        ("WebKitWebDriver",),
        helpers=("Xvfb",),
        debian=("webkit2gtk-driver", "xvfb"),
    ),
)

# What the walk with a screen reader (tests/ears) needs beside Chromium and Firefox: commands, and Debian's packages.
READER = {
    "orca": ("orca", "at-spi2-core"),
    "Xvfb": ("xvfb",),
    "dbus-daemon": ("dbus",),
    "xclip": ("xclip",),
    "xdotool": ("xdotool",),
}


def missing() -> list[Browser]:
    return [browser for browser in BROWSERS if not browser.find()]


def missing_for_reader() -> list[str]:
    """The commands that a walk with the screen reader lacks here."""
    return [command for command in READER if not shutil.which(command)]


def get() -> None:
    """Gets all that are missing; what cannot be had is told of all together."""
    debian = [package for browser in missing() for package in browser.debian]
    debian += [package for command in missing_for_reader() for package in READER[command]]
    old = [browser for browser in missing() if browser.package]
    if old and not shutil.which("npm"):
        debian.append("npm")
    errors = []
    debian = list(dict.fromkeys(debian))
    if debian and apt.allowed():
        apt.install(debian)
    elif debian:
        errors.append(
            EditorError(
                f"这台电脑上没有 {'、'.join(debian)}",
                remedy=f"在 Debian、Ubuntu 上运行 sudo apt install {' '.join(debian)}，再运行",
            )
        )
    if old and (sys.platform, platform.machine()) != ("linux", "x86_64"):
        names = "、".join(browser.name for browser in old)
        errors.append(
            EditorError(
                f"{names} 只有给 64 位 Linux（x86-64）的",
                remedy="去掉 --engines，或换到这样的电脑上运行",
            )
        )
    elif old and shutil.which("npm"):
        for browser in old:
            try:
                fetch(browser)
            except EditorError as error:
                errors.append(error)
    if errors:
        raise EditorErrors(errors)


def fetch(browser: Browser) -> None:
    """An old Chromium, by npm, into the store; whole or not at all."""
    progress = Progress()
    with exclusive(STORE / ".lock", lambda: progress.say("另一个窗口正在取浏览器，等它完成……")):
        if browser.find():
            return
        progress.say(f"取 {browser.name}（npm 包 {browser.package}，约 40 MB）……")
        with tempfile.TemporaryDirectory(dir=STORE) as folder:
            new = Path(folder) / "new"
            unpack(downloaded(browser, Path(folder)), new)
            new.replace(browser.folder)
        progress.step(f"{browser.name} 在 {browser.folder}")


def downloaded(browser: Browser, folder: Path) -> Path:
    """The package as npm brings it, when it is to the bit what it was when it was chosen."""
    done = subprocess.run(
        [shutil.which("npm"), "pack", "--silent", browser.package],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
    )
    archive = next(folder.glob("*.tgz"), None)
    if done.returncode or not archive:
        log = BUILD / "logs" / "npm.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text(done.stdout + done.stderr, "utf-8")
        remedy = (
            "检查网络后再运行；单位有内部镜像的，先运行 npm config set registry 你单位的镜像地址"
        )
        raise EditorError(f"没有取到 npm 包 {browser.package}（详情见 {log}）", remedy=remedy)
    if base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode() != browser.sha512:
        raise EditorError(
            f"取到的 npm 包 {browser.package} 与登记的校验值（sha512）不符，没有用它",
            remedy="换一个网络或镜像再运行；仍不符，请告诉维护人员",
        )
    return archive


def unpack(archive: Path, folder: Path) -> None:
    """The program, and the libraries that it brings for bare machines; its drawing without a screen is not needed."""
    folder.mkdir()
    with tarfile.open(archive) as package:
        for member in package:
            name = Path(member.name).name
            if name.startswith("chromium") and name.endswith(".br"):
                program = folder / "chromium"
                program.write_bytes(brotli.decompress(package.extractfile(member).read()))
                program.chmod(0o755)
            elif name == "aws.tar.br":
                libraries = io.BytesIO(brotli.decompress(package.extractfile(member).read()))
                with tarfile.open(fileobj=libraries) as inner:
                    inner.extractall(folder, filter="data")
