"""Puts the built site where a web server finds it: each release in a folder of its own, one link that says which is shown.

folder/releases/20260131-093000-1a2b3c4d/   what was built then, never changed again
folder/current, folder/previous             links to the release that is shown, and to the one before it
folder/assets/_static/                      style sheets and scripts of all releases: a page that a reader has open asks
                                            for its own, whichever release is shown by now
nginx.conf, beside this file, is the server's side of it.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import shutil
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path

import brotli

from ..errors import EditorError
from ..history import CHINA
from ..lock import exclusive
from ..paths import BUILD, COMMAND

TEXTS = {".html", ".css", ".js", ".svg", ".json", ".csv", ".xml", ".txt"}
KEPT = 5  # releases; those that are shown now or were before always stay


def publish(folder: Path, html: Path = BUILD / "html") -> Path:
    """Makes a release of the built site and shows it; at every moment the server has one whole site."""
    _check_system()
    if not (html / "index.html").is_file():
        raise EditorError("还没有生成网站", remedy=f"先运行 {COMMAND} build")
    releases = folder / "releases"
    releases.mkdir(parents=True, exist_ok=True)
    with _alone(folder / ".publish-lock"):
        with _alone(html.parent / ".build-lock"):
            release = _release(html, releases)
        _share_assets(folder, release)
        if release != _target(folder / "current"):
            _show(folder, release)
        _remove_old(folder)
    return release


def go_back(folder: Path) -> Path:
    """Shows the release before the present one; doing it again shows the present one again."""
    _check_system()
    before = _target(folder / "previous")
    if before is None:
        raise EditorError(f"{folder} 里没有更早的版本", remedy="核对文件夹；至少发布过两次才能退回")
    with _alone(folder / ".publish-lock"):
        _show(folder, before)
    return before


def _alone(lock: Path) -> AbstractContextManager[None]:
    return exclusive(lock, lambda: print("另一个窗口正在生成或发布，等它完成……"))


def _check_system() -> None:
    if os.name != "posix":
        raise EditorError(
            "publish 要在放网站的 Linux 服务器上运行，Windows 上不能用",
            remedy="把 _build/html 整个文件夹交给管服务器的人，或在服务器上运行这条命令",
        )


def _release(html: Path, releases: Path) -> Path:
    """A folder with these bytes: that of an earlier release where they are the same, else a new one."""
    digest = hashlib.sha256()
    for path in sorted(path for path in html.rglob("*") if path.is_file()):
        for part in (path.relative_to(html).as_posix().encode(), path.read_bytes()):
            digest.update(len(part).to_bytes(8, "big") + part)
    same = sorted(releases.glob(f"*-{digest.hexdigest()[:8]}"))
    if same:
        return same[-1]
    unfinished = releases / ".unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    shutil.copytree(html, unfinished)
    _compress(unfinished)
    now = datetime.now(CHINA).strftime("%Y%m%d-%H%M%S")
    return unfinished.rename(releases / f"{now}-{digest.hexdigest()[:8]}")


def _compress(folder: Path) -> None:
    """Beside each text what the server sends instead; where that would not be smaller, nothing."""
    for path in [path for path in folder.rglob("*") if path.suffix in TEXTS]:
        content = path.read_bytes()
        for ending, compressed in (
            (".gz", gzip.compress(content, 9, mtime=0)),
            (".br", brotli.compress(content, brotli.MODE_TEXT)),
        ):
            if len(compressed) < len(content):
                path.with_name(path.name + ending).write_bytes(compressed)


def _target(link: Path) -> Path | None:
    return link.parent / os.readlink(link) if link.is_symlink() else None


def _share_assets(folder: Path, release: Path) -> None:
    """Their names hold a digest, so one never stands in another's way; as links they take no room."""
    assets = folder / "assets" / "_static"
    assets.mkdir(parents=True, exist_ok=True)
    for path in (release / "_static").iterdir():
        if not (assets / path.name).exists():
            os.link(path, assets / path.name)


def _show(folder: Path, release: Path) -> None:
    before = _target(folder / "current")
    _link(folder / "current", release)
    if before:
        _link(folder / "previous", before)


def _link(link: Path, release: Path) -> None:
    """In one step: there is no moment without the link."""
    new = link.with_name(f".{link.name}-new")
    new.unlink(missing_ok=True)
    new.symlink_to(release.relative_to(link.parent))
    new.replace(link)


def _remove_old(folder: Path) -> None:
    releases = sorted((folder / "releases").glob("[0-9]*"))
    shown = {_target(folder / "current"), _target(folder / "previous")}
    kept = [release for release in releases if release in shown or release in releases[-KEPT:]]
    for release in set(releases) - set(kept):
        shutil.rmtree(release)
    wanted = {path.name for release in kept for path in (release / "_static").iterdir()}
    for asset in (folder / "assets" / "_static").iterdir():
        if asset.name not in wanted:
            asset.unlink()
