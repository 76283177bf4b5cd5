"""An edition: stamped, built from a clean copy, verified, packed. Nothing is left behind when any of it fails.

The stamp is committed in the copy first; it comes into the repository, with its tag, only when the product is
whole. On a commit that carries the stamp already (a tag, say) the same edition is made again, byte for byte
where the same libraries pack it.
"""

from __future__ import annotations

import json
import re
import shutil
import tempfile
import time
from pathlib import Path

from .. import clone, history
from ..checks import addresses
from ..errors import EditorError
from ..lock import exclusive
from ..pdf.edition import epoch
from ..progress import Progress
from . import archive, sbom, stamp

REMOTE = "origin"
MAIN = ("main", "master")  # where no remote says how its main branch is called


def release(version: str, root: Path) -> Path:
    """Makes _build/release/<version>/ and gives its path; an earlier one stays until the new one is whole."""
    progress = Progress()
    again = _check(version, root)
    releases = root / "_build" / "release"
    with exclusive(
        root / "_build" / ".release-lock", lambda: progress.say("另一个窗口正在发布，等它完成……")
    ):
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
        raise EditorError(
            "有改动还没有提交",
            remedy="先提交（git commit）或撤销这些改动，再发布；用 git status 查看是哪些",
        )
    stamp.check_entry(root, version)
    tag = f"v{version}"
    released = set(stamp.tags(root))
    again = stamp.current(root) == version
    if tag in released and not (again and clone.commit(root, tag) == clone.commit(root, "HEAD")):
        raise EditorError(
            f"{version} 已经发布过", remedy=f"用新的版本号；要重做这一版，先运行 git checkout {tag}"
        )
    if (
        tag not in released
    ):  # else it is made again, as continuous integration does at the tag, on no branch
        released |= _check_place(root, tag)
    if not again:
        older = [stamp.current(root), *(name.removeprefix("v") for name in released)]
        newest = max(
            (stamp.number(name) for name in older if stamp.is_number(name)), default=(0, 0)
        )
        if wanted <= newest:
            raise EditorError(
                f"{version} 不比已有的 {newest[0]}.{newest[1]} 新",
                remedy=f"例如用 {newest[0]}.{newest[1] + 1}",
            )
    return again


def _check_place(root: Path, tag: str) -> set[str]:
    """Raises EditorError unless this is the main branch with all that its remote has; gives the remote's tags."""
    shared = REMOTE in clone.git(root, "remote").split()
    there = _remote(root) if shared else {}
    main = (there["HEAD"].removeprefix("refs/heads/"),) if "HEAD" in there else MAIN
    branch = clone.git(root, "branch", "--show-current")
    if branch not in main:
        raise EditorError(
            f"现在的分支是“{branch}”，不是 {main[0]}"
            if branch
            else "现在不在任何分支上，也不是一个发布过的版本",
            remedy=f"合并到 {main[0]}，运行 git switch {main[0]}，再发布",
        )
    tags = {
        name.removeprefix("refs/tags/") for name in there if re.fullmatch(r"refs/tags/v[^^]*", name)
    }
    if tag in tags:
        raise EditorError(
            f"{tag[1:]} 已经有人发布过，这台电脑上还没有",
            remedy="运行 git pull --tags，用下一个版本号",
        )
    newest = there.get(f"refs/heads/{branch}")
    if newest and not _holds(root, newest):
        raise EditorError(
            f"服务器上的 {branch} 有这台电脑上没有的提交",
            remedy="先运行 git pull，看过新来的改动，再发布",
        )
    return tags


def _remote(root: Path) -> dict[str, str]:
    """What the remote has by now: name -> commit, and its main branch's name under HEAD."""
    try:
        lines = clone.git(root, "ls-remote", "--symref", REMOTE).splitlines()
    except EditorError as error:
        raise EditorError(
            f"问不到服务器上有没有更新的提交：{error.message}",
            remedy="检查网络和权限，用 git fetch 试一试，能连上了再发布",
        ) from None
    there = {}
    for line in lines:
        what, _, name = line.partition("\t")
        if name != "HEAD" or what.startswith("ref: "):
            there[name] = what.removeprefix("ref: ")
    return there


def _holds(root: Path, commit: str) -> bool:
    """Whether the present commit has another behind it; not so when that one is not even here."""
    try:
        return clone.git(root, "merge-base", commit, "HEAD") == commit
    except EditorError:
        return False


def _stamp(version: str, book: Path, root: Path) -> None:
    now = int(time.time())
    stamp.stamp(book, version, history.date(now))
    addresses.record(book)
    clone.git(book, "add", addresses.PUBLISHED)
    who = {
        key: clone.git(root, "config", "--default", "", f"user.{key.lower()}")
        for key in ("NAME", "EMAIL")
    }
    if not all(who.values()):
        raise EditorError(
            "git 还不知道是谁在发布",
            remedy="先运行 git config user.name 你的名字，再运行 git config user.email 你的邮箱",
        )
    by = {
        f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in who.items()
    }
    at = {f"GIT_{role}_DATE": f"{now} +0800" for role in ("AUTHOR", "COMMITTER")}
    clone.git(book, "commit", "--quiet", "--all", "--message", f"版本 {version}", **by, **at)


def _run(book: Path, root: Path, *command: str) -> None:
    done = clone.run(book, root, *command, epoch=epoch(book))
    if done.returncode:
        raise EditorError(
            f"没有发布，版本库也没有动过：{command[0]} 没有通过\n{done.stderr.strip()}"
        )


def _pack(book: Path, folder: Path, version: str) -> None:
    folder.mkdir()
    html, data, date = book / "_build" / "html", book / "data", epoch(book)
    name = json.loads((data / "datapackage.json").read_text("utf-8-sig"))["name"]
    inside, site = f"{name}-{version}", archive.tree(html)
    archive.tar(folder / f"{inside}-site.tar.gz", site, date)
    for kind, files in (
        ("offline", site),
        ("data", archive.tree(data) | {"LICENSE": book / "LICENSE"}),
    ):
        archive.zip(
            folder / f"{inside}-{kind}.zip",
            {f"{inside}/{path}": file for path, file in files.items()},
            date,
        )
    for pdf in sorted((book / "_build" / "pdf").glob("*.pdf")):
        shutil.copy(pdf, folder)
    sbom.write(folder / f"{inside}-sbom.cdx.json", book / clone.LOCK, name, version, date)
    archive.write_sums(folder)


def _tag(version: str, book: Path, root: Path, again: bool) -> None:
    """Brings the stamp home. Killed before or after, the next attempt makes the same edition."""
    if not again:
        clone.git(root, "fetch", "--quiet", str(book), "HEAD")
        clone.git(root, "merge", "--quiet", "--ff-only", "FETCH_HEAD")
    if f"v{version}" not in stamp.tags(root):
        clone.git(root, "tag", f"v{version}")


def _put(new: Path, place: Path) -> None:
    """By renaming; an earlier attempt at the same edition goes."""
    if place.exists():
        place.rename(new.with_name("old"))
    new.rename(place)
