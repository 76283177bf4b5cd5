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
import stat
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path

import brotli

from ..errors import EditorError
from ..history import CHINA
from ..lock import exclusive
from ..paths import COMMAND

TEXTS = {".html", ".css", ".js", ".svg", ".json", ".csv", ".xml", ".txt"}
COMPRESSED = (".gz", ".br")
KEPT = 5  # releases; those that are shown now or were before always stay
# Whom web servers run as, on the systems that there are.
READERS = ("www-data", "nginx", "http", "www", "nobody")


def publish(folder: Path, html: Path, *, drop: bool = False, address: str = "") -> Path:
    """Makes a release of the built site and shows it; at every moment the server has one whole site.

    Addresses of the site that is shown go only with `drop`. Where an `address` is given, it is asked for the page;
    else the page is read as the server will read it, before anybody is shown it.
    """
    _check_system()
    if not (html / "index.html").is_file():
        raise EditorError("还没有生成网站", remedy=f"先运行 {COMMAND} build")
    releases = folder / "releases"
    releases.mkdir(parents=True, exist_ok=True)
    with _alone(folder / ".publish-lock"):
        with _alone(html.parent / ".build-lock"):
            gone = _gone(_target(folder / "current"), html)
            if not drop:
                _check_addresses(gone)
            release = _release(html, releases)
        _share_assets(folder, release)
        _open(
            folder,
            releases,
            folder / "assets",
            folder / "assets" / "_static",
            release,
            *release.rglob("*"),
        )
        if not address:
            _check_readable(release / "index.html")
        if release != _target(folder / "current"):
            _show(folder, release)
        _remove_old(folder)
    _say_gone(gone)
    if address:
        _ask(address, release / "index.html")
    return release


def go_back(folder: Path, address: str = "") -> Path:
    """Shows the release before the present one; doing it again shows the present one again."""
    _check_system()
    before = _target(folder / "previous")
    if before is None:
        raise EditorError(f"{folder} 里没有更早的版本", remedy="核对文件夹；至少发布过两次才能退回")
    with _alone(folder / ".publish-lock"):
        gone = _gone(_target(folder / "current"), before)
        _show(folder, before)
    _say_gone(gone)
    if address:
        _ask(address, before / "index.html")
    return before


def _gone(shown: Path | None, html: Path) -> list[str]:
    """The addresses of the site that is shown which another does not have; style sheets and scripts are kept anyway."""
    if shown is None:
        return []
    return sorted(_addresses(shown) - _addresses(html))


def _addresses(site: Path) -> set[str]:
    names = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    return {name for name in names if "_static/" not in name and not name.endswith(COMPRESSED)}


def _check_addresses(gone: list[str]) -> None:
    """Raises EditorError for pages that readers would no longer find. Other files, a dated PDF say, are only told."""
    pages = [name for name in gone if name.endswith(".html")]
    if not pages:
        return
    remedy = "改了名字的页，在 _config.yml 的 explainer_redirects 里写转址；确实不要的，加上 --drop 再发布"
    if any(name.startswith("editions/") for name in pages):
        remedy = f"旧版也要在的，先运行 editions，再加上 --site _build/public 发布；{remedy}"
    raise EditorError(
        f"没有发布：现在的网站里有 {len(pages)} 个网页，新的里没有：{_some(pages)}", remedy=remedy
    )


def _say_gone(gone: list[str]) -> None:
    if gone:
        print(f"上一次有、这一次没有的 {len(gone)} 个文件：{_some(gone)}。")


def _some(names: list[str]) -> str:
    return "、".join(names[:5]) + ("……" if len(names) > 5 else "")


def _open(*paths: Path) -> None:
    """Lets everybody read files and folders: whoever publishes may be used to keep what he makes to himself."""
    for path in paths:
        mode = path.stat().st_mode
        wanted = mode | (0o755 if stat.S_ISDIR(mode) else 0o644)
        if mode != wanted:
            path.chmod(wanted)


def _check_readable(page: Path) -> None:
    """Raises EditorError when the server will not be able to read the page: as root by reading it as the server's user."""
    reader = next(_users(), None)
    if reader is None:
        return
    if os.geteuid() == 0:
        command = ["cat", str(page.resolve())]
        readable = (
            subprocess.run(
                command,
                user=reader,
                group=_group(reader),
                extra_groups=[],
                cwd="/",
                capture_output=True,
            ).returncode
            == 0
        )
        closed = [] if readable else _closed(page) or [page]
    else:
        closed = _closed(page)
    if closed:
        raise EditorError(
            f"没有发布：网页服务器（用户 {reader}）读不到 {closed[0]}",
            remedy=f"运行 chmod o+rx {closed[0]}，再发布；服务器另有办法读到的，加上 --address 网址，改为直接问它",
        )


def _users() -> Iterator[str]:
    import pwd

    known = {user.pw_name for user in pwd.getpwall()}
    return (name for name in READERS if name in known)


def _group(user: str) -> int:
    import pwd

    return pwd.getpwnam(user).pw_gid


def _closed(page: Path) -> list[Path]:
    """Folders on the way to a page that are not everybody's to enter, from the root down."""
    return [
        folder
        for folder in reversed(page.resolve().parents)
        if not folder.stat().st_mode & stat.S_IXOTH
    ]


def _ask(address: str, page: Path) -> None:
    """Raises EditorError unless the server answers with the page that was just published."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(address, timeout=20) as answer:
            said = "" if answer.read() == page.read_bytes() else "别的内容"
    except urllib.error.HTTPError as error:
        said = {403: "403（服务器读不到文件）", 404: "404（没有这个网页）"}.get(
            error.code, str(error.code)
        )
    except (OSError, ValueError) as error:
        said = f"不通（{getattr(error, 'reason', error)}）"
    if said:
        raise EditorError(
            f"文件已经换好，可是向 {address} 要首页，得到的是{said}",
            remedy="核对网址、nginx 配置里的文件夹和它的错误日志；要先让读者看到上一版，运行 publish 加 --back",
        )


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
