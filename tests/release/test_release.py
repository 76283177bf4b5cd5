"""Editions: stamped, packed, kept. The build and the verification, which have tests of their own, are stood in for."""

from __future__ import annotations

import hashlib
import json
import subprocess
import tarfile
import zipfile
from pathlib import Path

import pytest

from explainer import clone, release
from explainer.errors import EditorError
from explainer.paths import ROOT
from explainer.release import archive, editions, stamp

PAGE = (
    '<!DOCTYPE html>\n<html lang="zh-CN"><body>\n<a class="skip-link" href="#main">跳到正文</a>'
    '<main id="main"><svg viewBox="0 0 1 1"></svg><h1>{title}</h1></main>\n<footer><a href="changes.html">更新记录</a></footer></body></html>\n'
)
CHANGELOG = "# 更新记录\n\n(first)=\n## 2026.1（编写中）\n\n新增：\n\n- 第一版。\n"


def git(root: Path, *arguments: str) -> str:
    return subprocess.run(
        ["git", "-C", root, "-c", "user.name=编者", "-c", "user.email=a@b", *arguments],
        check=True,
        capture_output=True,
        encoding="utf-8",
    ).stdout.strip()


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with what an edition is stamped into; its “build” writes two pages and a PDF."""
    root = tmp_path / "一 本书"
    for file in (
        "_config.yml",
        "data/datapackage.json",
        "requirements.txt",
        "LICENSE",
        ".gitignore",
    ):
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_bytes((ROOT / file).read_bytes())
    (root / "CHANGELOG.md").write_text(CHANGELOG, "utf-8")
    git(tmp_path, "init", "-q", "-b", "main", str(root))
    git(root, "config", "user.name", "编者")
    git(root, "config", "user.email", "a@b")
    git(root, "add", ".")
    git(root, "commit", "-qm", "开头")
    monkeypatch.setattr(clone, "run", run)
    return root


def run(
    folder: Path, root: Path, *command: str, epoch: int | None = None
) -> subprocess.CompletedProcess[str]:
    if command[0] == "build":
        assert "--no-cache" in command and not (folder / "_build").exists()
        edition = stamp.current(folder)
        for file, text in {
            "html/index.html": PAGE.format(title=edition),
            "html/changes.html": PAGE.format(title="更新记录"),
            "html/_static/site.css": "p {}",
            "pdf/meeting-edition.pdf": edition,
        }.items():
            path = folder / "_build" / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
    return subprocess.CompletedProcess(command, 0, "", "")


def commit_entry(root: Path, version: str) -> None:
    (root / "CHANGELOG.md").write_text(
        (root / "CHANGELOG.md").read_text("utf-8")
        + f"\n## {version}（编写中）\n\n改动：\n\n- 又一处。\n",
        "utf-8",
    )
    git(root, "commit", "-qam", "记一笔")


def test_an_edition_is_stamped_everywhere_committed_and_tagged(root: Path):
    folder = release.release("2026.1", root)
    assert folder == root / "_build" / "release" / "2026.1"
    assert stamp.current(root) == "2026.1"
    assert (
        json.loads((root / "data" / "datapackage.json").read_text("utf-8"))["version"] == "2026.1"
    )
    assert "## 2026.1（20" in (root / "CHANGELOG.md").read_text("utf-8")
    assert git(root, "log", "-1", "--format=%s %an") == "版本 2026.1 编者"
    assert (
        git(root, "tag", "--points-at", "HEAD") == "v2026.1"
        and git(root, "status", "--porcelain") == ""
    )
    changed = git(root, "show", "--name-only", "--format=").splitlines()
    assert changed == ["CHANGELOG.md", "_config.yml", "data/addresses.txt", "data/datapackage.json"]
    assert (
        len(git(root, "show", "--format=", "--unified=0").split("\n@@")) == 5
    )  # a line in each, and the addresses


def test_addresses_are_kept_from_edition_to_edition(root: Path):
    page = root / "book" / "aim.md"
    page.parent.mkdir()
    page.write_text("(aim)=\n# 目的\n\n(Part_one)=\n## 一\n", "utf-8")
    (root / "_toc.yml").write_text("format: jb-book\nroot: aim\n", "utf-8")
    git(root, "add", ".")
    git(root, "commit", "-qm", "一章")
    release.release("2026.1", root)
    kept = (root / "data/addresses.txt").read_text("utf-8").splitlines()[1:]
    assert kept == ["aim", "aim#aim", "aim#part-one"]
    page.rename(page.with_name("goal.md"))
    (root / "_toc.yml").write_text("format: jb-book\nroot: goal\n", "utf-8")
    git(root, "add", ".")
    commit_entry(root, "2026.2")
    release.release("2026.2", root)
    kept = (root / "data/addresses.txt").read_text("utf-8").splitlines()[1:]
    assert kept == ["aim", "aim#aim", "aim#part-one", "goal", "goal#aim", "goal#part-one"]


def test_what_is_packed(root: Path):
    folder = release.release("2026.1", root)
    assert archive.sums_hold(folder)
    name = "qingcheng-sti-plan-2021-2025-2026.1"
    assert {path.name for path in folder.iterdir()} == {
        "SHA256SUMS",
        "meeting-edition.pdf",
        f"{name}-site.tar.gz",
        f"{name}-offline.zip",
        f"{name}-data.zip",
        f"{name}-sbom.cdx.json",
    }
    with zipfile.ZipFile(folder / f"{name}-offline.zip") as offline:
        assert offline.namelist() == sorted(
            f"{name}/{path}" for path in ("_static/site.css", "changes.html", "index.html")
        )
        assert "2026.1" in offline.read(f"{name}/index.html").decode()
    with tarfile.open(folder / f"{name}-site.tar.gz") as site:
        assert site.getnames() == ["_static/site.css", "changes.html", "index.html"]
        committed = int(git(root, "log", "-1", "--format=%ct"))
        assert {(entry.uname, entry.mode, entry.mtime) for entry in site} == {
            ("", 0o644, committed)
        }
    with zipfile.ZipFile(folder / f"{name}-data.zip") as data:
        assert json.loads(data.read(f"{name}/datapackage.json"))["version"] == "2026.1"
        assert f"{name}/LICENSE" in data.namelist()


def test_the_bill_of_materials_names_every_locked_library_and_what_is_in_the_product(root: Path):
    (sbom,) = release.release("2026.1", root).glob("*.cdx.json")
    bom = json.loads(sbom.read_text("utf-8"))
    assert bom["bomFormat"] == "CycloneDX" and bom["metadata"]["component"]["version"] == "2026.1"
    names = {component["name"] for component in bom["components"]}
    assert {"jupyter-book", "typst", "vega", "vega-embed", "fandol"} <= names and len(names) > 100
    without = [
        c["name"]
        for c in bom["components"]
        if not c.get("licenses") and "explainer" not in c["name"]
    ]
    assert len(without) < 10, without


def test_the_same_edition_again_gives_the_same_bytes(root: Path):
    first = {path.name: path.read_bytes() for path in release.release("2026.1", root).iterdir()}
    again = {path.name: path.read_bytes() for path in release.release("2026.1", root).iterdir()}
    assert again == first and git(root, "rev-list", "--count", "HEAD") == "2"


@pytest.mark.parametrize(
    ("version", "said"),
    [
        ("2026", "写得不对"),
        ("2026.01", "写得不对"),
        ("v2026.1", "写得不对"),
        ("2026.2", "更新记录里没有 2026.2 这一版"),
    ],
)
def test_what_is_no_edition(root: Path, version: str, said: str):
    with pytest.raises(EditorError, match=said):
        release.release(version, root)


def test_uncommitted_changes_an_empty_entry_and_an_older_number_are_refused(root: Path):
    (root / "CHANGELOG.md").write_text(CHANGELOG.replace("- 第一版。", ""), "utf-8")
    with pytest.raises(EditorError, match="还没有提交"):
        release.release("2026.1", root)
    git(root, "commit", "-qam", "空的")
    with pytest.raises(EditorError, match="还是空的"):
        release.release("2026.1", root)
    git(root, "tag", "v2026.3")
    commit_entry(root, "2026.2")
    with pytest.raises(EditorError, match="不比已有的 2026.3 新.*2026.4"):
        release.release("2026.2", root)
    assert not (root / "_build" / "release").exists()


@pytest.fixture
def server(root: Path, tmp_path: Path) -> Path:
    """The bare repository that `root` shares with others."""
    bare = tmp_path / "server.git"
    git(tmp_path, "clone", "-q", "--bare", str(root), str(bare))
    git(root, "remote", "add", "origin", str(bare))
    return bare


def test_only_the_main_branch_with_all_that_its_remote_has_is_released(
    root: Path, server: Path, tmp_path: Path
):
    git(root, "switch", "-qc", "draft")
    with pytest.raises(EditorError, match="现在的分支是“draft”，不是 main"):
        release.release("2026.1", root)
    git(root, "checkout", "-q", "--detach")
    with pytest.raises(EditorError, match="不在任何分支上"):
        release.release("2026.1", root)
    git(root, "switch", "-q", "main")
    colleague = tmp_path / "colleague"
    git(tmp_path, "clone", "-q", str(server), str(colleague))
    commit_entry(colleague, "2026.2")
    git(colleague, "push", "-q")
    for _ in range(2):  # whether the new commit has been fetched or not
        with pytest.raises(
            EditorError, match="服务器上的 main 有这台电脑上没有的提交。改法：先运行 git pull"
        ):
            release.release("2026.1", root)
        git(root, "fetch", "-q")
    git(root, "pull", "-q", "--ff-only", "origin", "main")
    release.release("2026.1", root)
    # What is ahead of the remote is one's own to push; the edition again asks nobody.
    server.rename(tmp_path / "gone")
    release.release("2026.1", root)
    with pytest.raises(EditorError, match="问不到服务器上有没有更新的提交.*改法：检查网络"):
        release.release("2026.2", root)


def test_an_edition_that_somebody_else_has_released_is_not_made_again(root: Path, server: Path):
    git(server, "tag", "v2026.1")
    with pytest.raises(EditorError, match="2026.1 已经有人发布过"):
        release.release("2026.1", root)
    git(server, "tag", "--delete", "v2026.1")
    git(server, "tag", "-a", "v2026.3", "-m", "附注")
    with pytest.raises(EditorError, match="不比已有的 2026.3 新"):
        release.release("2026.1", root)


def test_the_main_branch_is_the_one_that_the_remote_calls_so(root: Path, server: Path):
    git(server, "branch", "-m", "main", "trunk")
    with pytest.raises(EditorError, match="现在的分支是“main”，不是 trunk"):
        release.release("2026.1", root)
    git(root, "branch", "-m", "main", "trunk")
    release.release("2026.1", root)


def test_git_must_know_who_releases(root: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(root / "none"))
    git(root, "config", "--unset", "user.email")
    with pytest.raises(EditorError, match="git 还不知道是谁在发布"):
        release.release("2026.1", root)


@pytest.mark.parametrize("stage", ["build", "verify"])
def test_a_release_that_fails_leaves_nothing_behind(
    root: Path, monkeypatch: pytest.MonkeyPatch, stage: str
):
    def failing(folder, root, *command, epoch=None):
        if command[0] == stage:
            return subprocess.CompletedProcess(command, 1, "", "book/a.md:3: 不对。")
        return run(folder, root, *command)

    monkeypatch.setattr(clone, "run", failing)
    with pytest.raises(EditorError, match="没有发布(.|\n)*book/a.md:3: 不对。"):
        release.release("2026.1", root)
    assert (
        git(root, "tag") == ""
        and stamp.current(root) == ""
        and git(root, "status", "--porcelain") == ""
    )
    assert not (root / "_build" / "release" / "2026.1").exists()


@pytest.mark.parametrize("moment", ["_run", "_pack", "_tag", "_put"])
def test_killed_at_any_moment_the_next_attempt_makes_it_whole(
    root: Path, monkeypatch: pytest.MonkeyPatch, moment: str
):
    releases = root / "_build" / "release"
    packed(releases, "2025.9")
    step = getattr(release, moment)

    def killed(*arguments):
        if moment == "_pack":
            step(*arguments)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(release, moment, killed)
        with pytest.raises(KeyboardInterrupt):
            release.release("2026.1", root)
    assert {path.name.partition("-")[0] for path in releases.iterdir()} == {"2025.9", ".unfinished"}
    assert archive.sums_hold(releases / "2025.9")
    assert archive.sums_hold(release.release("2026.1", root))
    assert {path.name for path in releases.iterdir()} == {"2025.9", "2026.1"}
    assert git(root, "tag") == "v2026.1" and git(root, "rev-list", "--count", "HEAD") == "2"


def packed(releases: Path, version: str) -> Path:
    """A release as it lies in its folder, without the pains of making it."""
    site = releases.parent / "html"
    site.mkdir(parents=True, exist_ok=True)
    for name, title in (("index", version), ("changes", "更新记录")):
        (site / f"{name}.html").write_text(PAGE.format(title=title), "utf-8")
    folder = releases / version
    folder.mkdir(parents=True)
    archive.tar(folder / f"book-{version}-site.tar.gz", archive.tree(site), 0)
    archive.write_sums(folder)
    return folder


def test_old_editions_stay_at_their_address_and_say_that_a_newer_one_exists(tmp_path: Path):
    releases = tmp_path / "release"
    for version in ("2026.1", "2026.2", "2026.10"):
        packed(releases, version)
    public = tmp_path / "public"
    assert editions.gather(public, releases) == ["2026.10", "2026.2", "2026.1"]
    assert "<h1>2026.10</h1>" in (public / "index.html").read_text("utf-8")
    for version in ("2026.1", "2026.2"):
        old = (public / "editions" / version / "index.html").read_text("utf-8")
        notice = (
            f'\n<p class="edition-notice" role="note">这是{version}版，已经有了更新的版本。'
            '<a href="../../index.html">看最新的2026.10版</a></p>'
        )
        assert old == PAGE.format(title=version).replace('id="main">', f'id="main">{notice}')
    assert (public / "editions" / "2026.10" / "index.html").read_text("utf-8") == PAGE.format(
        title="2026.10"
    )
    for version in ("2026.1", "2026.2", "2026.10"):
        assert f'href="editions/{version}/index.html"' in (public / "changes.html").read_text(
            "utf-8"
        )
    before = {name: path.read_bytes() for name, path in archive.tree(public).items()}
    editions.gather(public, releases)
    assert {name: path.read_bytes() for name, path in archive.tree(public).items()} == before
    assert [path.name for path in tmp_path.iterdir() if "public" in path.name] == ["public"]


def test_an_edition_that_has_a_tag_but_is_not_there_is_missed(tmp_path: Path):
    releases, public = tmp_path / "release", tmp_path / "public"
    packed(releases, "2026.10")
    tagged = ["v2026.1", "v2026.2", "v2026.10"]
    with pytest.raises(EditorError, match="缺 2026.1、2026.2 版：.*改法：从存档"):
        editions.gather(public, releases, tagged)
    assert not public.exists()
    packed(releases, "2026.1")
    assert editions.gather(public, releases, tagged, without=["2026.2"]) == ["2026.10", "2026.1"]
    assert editions.gather(public, releases, tagged, without=["2026.2", "2026.10"]) == ["2026.1"]
    assert not (public / "editions" / "2026.10").exists()


def test_a_damaged_release_is_not_published(tmp_path: Path):
    folder = packed(tmp_path / "release", "2026.1")
    (folder / "book-2026.1-site.tar.gz").write_text("坏了", "utf-8")
    with pytest.raises(EditorError, match="与 SHA256SUMS 不符"):
        editions.gather(tmp_path / "public", folder.parent)
    assert not (tmp_path / "public").exists()


def test_no_release_yet(tmp_path: Path):
    with pytest.raises(EditorError, match="还没有发布过版本"):
        editions.gather(tmp_path / "public", tmp_path)


def test_archives_depend_on_their_contents_alone(tmp_path: Path):
    digests = set()
    for attempt in ("a", "b"):
        folder = tmp_path / attempt
        folder.mkdir()
        for name in sorted(("乙.txt", "甲.txt"), reverse=attempt == "b"):
            (folder / name).write_text(name, "utf-8")
        (folder / "甲.txt").chmod(0o600 if attempt == "a" else 0o644)
        archive.tar(tmp_path / f"{attempt}.tar.gz", archive.tree(folder), 1_700_000_000)
        archive.zip(tmp_path / f"{attempt}.zip", archive.tree(folder), 1_700_000_000)
        digests.add(
            tuple(
                hashlib.sha256((tmp_path / f"{attempt}{end}").read_bytes()).digest()
                for end in (".tar.gz", ".zip")
            )
        )
    assert len(digests) == 1
