"""Makes .venv and keeps it as requirements.txt says. Standard library only: it runs before anything is installed."""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import DISK_FULL, EditorError, no_permission
from .paths import BUILD, ROOT

if TYPE_CHECKING:
    from .progress import Progress

LOCK = ROOT / "requirements.txt"
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
# Written last, so that an installation that was interrupted is not taken for a whole one.
STAMP = VENV / "explainer-stamp.txt"
LOG = BUILD / "logs" / "install.log"
# Where Python puts what it has compiled is the user's own business; the rest could change what the program does.
KEPT = ("PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX")

# What pip's log says when it fails, most telling first.
FAILURES = (
    (("No space left on device", "Errno 28", "WinError 112"), DISK_FULL),
    (
        ("Permission denied", "Read-only file system", "WinError 5]", "WinError 32]"),
        no_permission(VENV),
    ),
    (
        ("DO NOT MATCH THE HASHES",),
        EditorError(
            "下载到的文件与 requirements.txt 里的校验值不符",
            remedy="换一个网络或镜像再运行；仍不行请告诉维护人员",
        ),
    ),
    (
        ("Failed to establish", "onnection", "timed out", "ProxyError", "SSLError"),
        EditorError(
            "连不上软件包仓库，运行环境没有装成",
            remedy="检查网络后再运行；单位有内部镜像的，先运行 pip config set global.index-url 你单位的镜像地址",
        ),
    ),
    (
        ("No matching distribution found",),
        EditorError(
            f"仓库里没有适合这台电脑的软件包（Python {sys.version_info.major}.{sys.version_info.minor}）",
            remedy="换用 64 位的 Python 3.11、3.12 或 3.13；用镜像的，等镜像更新后再运行",
        ),
    ),
)


def run(argv: list[str]) -> int:
    """Runs the command line in the environment, which is made first where it is not there yet."""
    ensure()
    command = [str(PYTHON), "-P", "-m", "explainer.cli", *argv]
    env = _clean_environment()
    if os.name == "posix":
        # Become the command: signals reach it, and nobody is left behind when this process is killed.
        os.execve(PYTHON, command, env)
    return _run_as_child(command, env)


def ensure() -> None:
    """Makes or renews .venv unless its stamp says that it is as it should be."""
    if _is_ready():
        return
    from .lock import exclusive
    from .progress import Progress

    progress = Progress()
    with exclusive(
        BUILD / ".install-lock", lambda: progress.say("另一个窗口正在准备运行环境，等它完成……")
    ):
        if not _is_ready():
            _prepare(progress)


def _is_ready() -> bool:
    return _works() and _stamp() == _wanted_stamp()


def _works() -> bool:
    """Whether .venv still has its interpreter, and the interpreter its installation."""
    return PYTHON.exists() and Path(_settings().get("home", VENV / "missing")).is_dir()


def _settings() -> dict[str, str]:
    try:
        lines = (VENV / "pyvenv.cfg").read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return {}
    return {key.strip(): value.strip() for key, _, value in (line.partition("=") for line in lines)}


def _stamp() -> list[str]:
    try:
        return STAMP.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return []


def _wanted_stamp() -> list[str]:
    interpreter = f"{_settings().get('version')} {os.path.realpath(PYTHON)}"
    return [interpreter, hashlib.sha256(LOCK.read_bytes()).hexdigest()]


def _prepare(progress: Progress) -> None:
    stamp = _stamp()
    if _works() and stamp[:1] == _wanted_stamp()[:1] and _upgrade(stamp, progress):
        _finish(progress)
        return
    progress.say("准备运行环境 .venv：下载约 140 MB，需要几分钟，只做这一次……")
    _create()
    progress.step("已建立 .venv")
    _install(progress)
    _finish(progress)


def _upgrade(stamp: list[str], progress: Progress) -> bool:
    """Brings a whole environment up to a new lock; False when it has to be made anew."""
    progress.say("requirements.txt 有变化，更新运行环境……")
    STAMP.unlink()
    try:
        _install(progress)
    except EditorError:
        if "Installing collected packages" in _log():
            progress.say("更新没有成功，重新建立 .venv……")
            return False
        # Nothing was touched: what was there still serves the old lock.
        STAMP.write_text("\n".join(stamp), encoding="utf-8")
        raise
    return True


def _finish(progress: Progress) -> None:
    site = _site_packages()
    # A relative line, so that it stays ASCII and true wherever the repository lies or moves to.
    (site / "explainer.pth").write_text(
        os.path.relpath(ROOT / "scripts", site) + "\n", encoding="ascii"
    )
    STAMP.write_text("\n".join(_wanted_stamp()), encoding="utf-8")
    progress.say(f"运行环境已就绪，用时 {progress.seconds:.0f} 秒。")


def _create() -> None:
    import importlib.util
    import subprocess

    if importlib.util.find_spec("ensurepip") is None:
        raise EditorError(
            "这个 Python 缺少 venv 组件，建不成运行环境",
            remedy="Debian、Ubuntu 先运行 sudo apt install python3-venv；其他系统请安装完整的官方版 Python；然后再运行",
        )
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(VENV)],
        env=_clean_environment(),
        capture_output=True,
        encoding="utf-8",
        errors="replace",
    )
    LOG.parent.mkdir(parents=True, exist_ok=True)
    LOG.write_text(made.stdout + made.stderr, encoding="utf-8")
    if made.returncode:
        raise _failure()


def _install(progress: Progress) -> None:
    import subprocess
    import time

    LOG.parent.mkdir(parents=True, exist_ok=True)
    command = [
        str(PYTHON),
        "-m",
        "pip",
        "install",
        "--disable-pip-version-check",
        "--no-input",
        "--progress-bar=off",
    ]
    command += ["--no-deps", "--require-hashes", "--only-binary=:all:", "-r", str(LOCK)]
    with LOG.open("wb") as log:
        pip = subprocess.Popen(
            command, env=_clean_environment(), stdout=log, stderr=subprocess.STDOUT
        )
        try:
            while pip.poll() is None:
                progress.update(_state())
                time.sleep(0.2)
        finally:
            pip.kill()
            pip.wait()
    if pip.returncode:
        raise _failure()
    progress.step("已安装软件包")


def _state() -> str:
    """How far pip has come, read from its log and from what it has put into .venv."""
    log = _log()
    total = sum("==" in line for line in LOCK.read_text(encoding="utf-8").splitlines()) - log.count(
        "\nIgnoring "
    )
    if "Installing collected packages" in log:
        return f"安装软件包 {min(total, len(list(_site_packages().glob('*.dist-info'))))}/{total}"
    return f"下载软件包 {log.count('Collecting ')}/{total}"


def _log() -> str:
    return LOG.read_text(encoding="utf-8", errors="replace")


def _failure() -> EditorError:
    log = _log()
    for signs, error in FAILURES:
        if any(sign in log for sign in signs):
            line = _line_of(log)
            by_hand = "这一行若是手改的，先恢复它；不然" if line else ""
            return EditorError(
                f"{error.message}（详情见 {LOG}）",
                file=LOCK if line else None,
                line=line,
                remedy=by_hand + error.remedy,
            )
    return EditorError(
        f"运行环境没有装成（详情见 {LOG}）", remedy="再运行一次；仍不行请把这个文件发给维护人员"
    )


def _line_of(log: str) -> int | None:
    """The line of the lock with the package and version that pip could not have; None where it names none."""
    import re

    named = re.search(
        r"(?:No matching distribution found for|DO NOT MATCH THE HASHES[^\n]*\n(?:[^\n]*\n)??) *([\w.-]+==[\w.]+)",
        log,
    )
    lines = LOCK.read_text(encoding="utf-8").splitlines()
    return named and next((n for n, row in enumerate(lines, 1) if row.startswith(named[1])), None)


def _site_packages() -> Path:
    import sysconfig

    base = {"base": str(VENV), "platbase": str(VENV)}
    return Path(sysconfig.get_path("purelib", scheme="venv", vars=base))


def _clean_environment() -> dict[str, str]:
    """The user's environment without what would bend ours: another Python's settings, another place for packages."""
    bent = ("PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_DRY_RUN")
    env = {
        key: value
        for key, value in os.environ.items()
        if key not in bent and (not key.startswith("PYTHON") or key in KEPT)
    }
    return {**env, "PYTHONUTF8": "1", "PIP_USER": "0"}


def _run_as_child(command: list[str], env: dict[str, str]) -> int:
    import signal
    import subprocess

    # Ctrl-C is for the child, which has a sentence for it; this process only waits.
    signal.signal(signal.SIGINT, lambda *_: None)
    return subprocess.call(command, env=env)
