"""Installs Debian packages, where that is allowed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from .errors import EditorError
from .paths import BUILD
from .progress import Progress


def allowed() -> bool:
    return sys.platform == "linux" and os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(packages: list[str]) -> None:
    names = " ".join(packages)
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
