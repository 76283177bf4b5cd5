"""An edition: stamped, built from a clean copy, verified, packed. Nothing is left behind when any of it fails.

The stamp is committed in the copy first; it comes into the repository, with its tag, only when the product is
whole. On a commit that carries the stamp already (a tag, say) the same edition is made again, byte for byte
where the same libraries pack it.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from pathlib import Path

from .. import clone, history
from ..errors import EditorError
from ..lock import exclusive
from ..paths import ROOT
from ..pdf.edition import epoch
from ..progress import Progress
from . import archive, sbom, stamp


def release(version: str, root: Path = ROOT) -> Path:
    """Makes _build/release/<version>/ and gives its path; an earlier one stays until the new one is whole."""
    progress = Progress()
    again = _check(version, root)
    releases = root / "_build" / "release"
    with exclusive(root / "_build" / ".release-lock", lambda: progress.say("另一个窗口正在发布，等它完成……")):
        releases.mkdir(parents=True, exist_ok=True)
        for left in releases.glob(".unfinished*"):
            clone.remove(left)
        # A folder of its own: what a killed release has started may still be writing into the last one.
        unfinished = Path(tempfile.mkdtemp(prefix=".unfinished-", dir=releases))
        book, packed = unfinished / "book", unfinished / version
        clone.clone(root, "HEAD", book)
        if not again:
            _stamp(version, book, root)
        progress.step("从版本库取得干净的副本")
        _run(book, root, "build", "--no-cache")
        progress.step("重新生成网站和会议版")
        _run(book, root, "verify")
        progress.step("核验成品")
        _pack(book, packed, version)
        progress.step("打包")
        _tag(version, book, root, again)
        _put(packed, releases / version)
        clone.remove(unfinished)
    return releases / version


def _check(version: str, root: Path) -> bool:
    """Whether this commit is the edition already. Raises EditorError when it cannot become it."""
    wanted = stamp.number(version)
    if clone.git(root, "status", "--porcelain"):
        raise EditorError("有改动还没有提交", remedy="先提交（git commit）或撤销这些改动，再发布；用 git status 查看是哪些")
    stamp.check_entry(root, version)
    tag = f"v{version}"
    released = clone.git(root, "tag", "--list", "v*").split()
    again = stamp.current(root) == version
    if tag in released and not (again and clone.commit(root, tag) == clone.commit(root, "HEAD")):
        raise EditorError(f"{version} 已经发布过", remedy=f"用新的版本号；要重做这一版，先运行 git checkout {tag}")
    if not again:
        older = [stamp.current(root), *(name.removeprefix("v") for name in released)]
        newest = max((stamp.number(name) for name in older if name and _is_edition(name)), default=(0, 0))
        if wanted <= newest:
            raise EditorError(
                f"{version} 不比已有的 {newest[0]}.{newest[1]} 新", remedy=f"例如用 {newest[0]}.{newest[1] + 1}"
            )
    return again


def _is_edition(name: str) -> bool:
    try:
        stamp.number(name)
    except EditorError:
        return False
    return True


def _stamp(version: str, book: Path, root: Path) -> None:
    now = int(time.time())
    stamp.stamp(book, version, history.date(now))
    who = {key: clone.git(root, "config", "--default", "", f"user.{key.lower()}") for key in ("NAME", "EMAIL")}
    if not all(who.values()):
        raise EditorError(
            "git 还不知道是谁在发布", remedy="先运行 git config user.name 你的名字，再运行 git config user.email 你的邮箱"
        )
    by = {f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in who.items()}
    at = {f"GIT_{role}_DATE": f"{now} +0800" for role in ("AUTHOR", "COMMITTER")}
    clone.git(book, "commit", "--quiet", "--all", "--message", f"版本 {version}", **by, **at)


def _run(book: Path, root: Path, *command: str) -> None:
    done = clone.run(book, root, *command, epoch=epoch(book))
    if done.returncode:
        raise EditorError(f"没有发布，版本库也没有动过：{command[0]} 没有通过\n{done.stderr.strip()}")


def _pack(book: Path, folder: Path, version: str) -> None:
    folder.mkdir()
    html, data, date = book / "_build" / "html", book / "data", epoch(book)
    name = json.loads((data / "datapackage.json").read_text("utf-8-sig"))["name"]
    inside, site = f"{name}-{version}", archive.tree(html)
    archive.tar(folder / f"{inside}-site.tar.gz", site, date)
    for kind, files in (("offline", site), ("data", archive.tree(data) | {"LICENSE": book / "LICENSE"})):
        archive.zip(folder / f"{inside}-{kind}.zip", {f"{inside}/{path}": file for path, file in files.items()}, date)
    for pdf in sorted((book / "_build" / "pdf").glob("*.pdf")):
        shutil.copy(pdf, folder)
    sbom.write(folder / f"{inside}-sbom.cdx.json", book / clone.LOCK, name, version, date)
    archive.write_sums(folder)


def _tag(version: str, book: Path, root: Path, again: bool) -> None:
    """Brings the stamp home. Killed before or after, the next attempt makes the same edition."""
    if not again:
        clone.git(root, "fetch", "--quiet", str(book), "HEAD")
        clone.git(root, "merge", "--quiet", "--ff-only", "FETCH_HEAD")
    if f"v{version}" not in clone.git(root, "tag", "--list", "v*").split():
        clone.git(root, "tag", f"v{version}")


def _put(new: Path, place: Path) -> None:
    """By renaming; an earlier attempt at the same edition goes."""
    if place.exists():
        place.rename(new.with_name("old"))
    new.rename(place)
