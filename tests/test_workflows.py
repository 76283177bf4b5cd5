"""The files that drive continuous integration and the forms: read as their hosts read them, not run here."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from explainer import cli
from explainer.paths import ROOT

GITHUB = ROOT / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
FORMS = sorted(
    path for path in (GITHUB / "ISSUE_TEMPLATE").glob("*.yml") if path.name != "config.yml"
)
SCRIPTS = sorted((ROOT / ".ci").iterdir())


def load(path: Path) -> dict:
    return yaml.safe_load(path.read_text("utf-8"))


def steps(workflow: dict) -> list[dict]:
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_every_action_is_pinned_by_its_commit_and_says_its_version(path: Path):
    for line in path.read_text("utf-8").splitlines():
        if "uses:" in line:
            assert re.fullmatch(
                r"\s*(- )?uses: actions/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line
            ), line


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_rights_are_given_job_by_job_and_no_job_runs_for_ever(path: Path):
    workflow = load(path)
    assert workflow["permissions"] == {}
    for job in workflow["jobs"].values():
        assert job["timeout-minutes"] <= 40 and job["permissions"]
        assert not re.search(
            r"\$\{\{", " ".join(step.get("run", "") for step in job["steps"])
        )  # through env only


def test_who_runs_a_change_s_own_code_may_only_read():
    for path in WORKFLOWS:
        text, workflow = path.read_text("utf-8"), load(path)
        assert "pull_request_target" not in text
        for job in workflow["jobs"].values():
            if any("checkout" in step.get("uses", "") for step in job["steps"]):
                assert job["permissions"] == {"contents": "read"}, path.name
                checkout = next(step for step in job["steps"] if "checkout" in step.get("uses", ""))
                assert checkout["with"]["persist-credentials"] is False


def test_what_publishes_runs_on_tags_only():
    # YAML reads the key `on` as true.
    assert load(GITHUB / "workflows" / "publish.yml")[True] == {
        "push": {"tags": ["v[0-9]+.[0-9]+"]}
    }
    for path in WORKFLOWS:
        writes = [
            right
            for job in load(path)["jobs"].values()
            for right, level in job["permissions"].items()
            if level == "write"
        ]
        assert not {"contents", "pages", "id-token"} & set(writes) or path.name == "publish.yml"


def test_the_weekly_link_check_stands_in_nobody_s_way():
    assert set(load(GITHUB / "workflows" / "links.yml")[True]) == {"schedule", "workflow_dispatch"}


def test_all_hosts_call_the_same_scripts():
    gitlab = load(ROOT / ".gitlab-ci.yml")
    called = {
        "pull-request": ("pull-request.yml", gitlab["merge-request"]),
        "run": ("tests.yml", gitlab["tests"]),
        "jobs": ("tests.yml", gitlab["jobs"]),
        "publish": ("publish.yml", gitlab["publish"]),
    }
    for script, (workflow, job) in called.items():
        runs = [step.get("run", "") for step in steps(load(GITHUB / "workflows" / workflow))]
        assert any(run.split()[:1] == [f".ci/{script}"] for run in runs)
        assert any(line.split()[0] == f".ci/{script}" for line in job["script"])


def test_the_summary_waits_for_no_test():
    workflow = load(GITHUB / "workflows" / "pull-request.yml")
    assert load(GITHUB / "workflows" / "comment.yml")[True]["workflow_run"]["workflows"] == [
        workflow["name"]
    ]
    assert not any(".ci/run" in step.get("run", "") for step in steps(workflow))
    script = (ROOT / ".ci" / "pull-request").read_text("utf-8").splitlines()
    assert not any(
        ".ci/run" in line or "book.py test" in line for line in script if not line.startswith("#")
    )
    kept = {
        step["with"]["name"]: step["if"]
        for step in steps(workflow)
        if "upload" in step.get("uses", "")
    }
    assert kept["summary"] == "always()"


@pytest.mark.skipif(os.name == "nt", reason="no bash")
@pytest.mark.parametrize(
    ("check", "compare", "outcome"), [(0, 0, 0), (1, 0, 1), (0, 70, 1), (70, 70, 1)]
)
def test_a_summary_is_left_whatever_fails_and_the_failure_is_told(
    tmp_path: Path, check: int, compare: int, outcome: int
):
    shutil.copytree(ROOT / ".ci", tmp_path / ".ci")
    program = tmp_path / "bin" / "python3"
    program.parent.mkdir()
    writes = ":" if compare else "echo '对照' > _build/compare/summary.md"
    program.write_text(
        f"#!/bin/bash\nif [ $2 = check ]; then exit {check}; fi\n[ $2 = compare ] && {writes}; exit {compare}\n",
        "utf-8",
    )
    program.chmod(0o755)
    environment = {
        **os.environ,
        "PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}",
        "GITHUB_STEP_SUMMARY": str(tmp_path / "page"),
    }
    done = subprocess.run(
        [tmp_path / ".ci" / "pull-request", "base"], env=environment, capture_output=True
    )
    assert done.returncode == outcome, done.stderr
    said = (tmp_path / "_build" / "compare" / "summary.md").read_text("utf-8")
    assert said == (tmp_path / "page").read_text("utf-8") and (
        "没有做成" in said if compare else "对照" in said
    )


def request(number: int, sha: str, repository: str | None) -> dict:
    return {
        "number": number,
        "head": {"sha": sha, "repo": repository and {"full_name": repository}},
    }


OURS = request(7, "new", "them/book")
GH = """
import json, pathlib, subprocess, sys
here = pathlib.Path(__file__).parent
words = sys.argv[1:]
if words[0] == "api":
    answer = "files" if "/files" in words[2] else "pulls"
    done = subprocess.run(["jq", "-r", words[words.index("--jq") + 1], here / answer], stdout=subprocess.PIPE)
    sys.stdout.buffer.write(done.stdout)
    sys.exit(done.returncode)
elif words[0] == "run":
    if not (here / "kept").exists():
        sys.exit("no artifact matches")
    pathlib.Path("summary").mkdir()
    (pathlib.Path("summary") / "summary.md").write_text("The summary.")
else:
    (here / f"comment-{words[2]}").write_text(pathlib.Path("body.md").read_text("utf-8"), "utf-8")
"""


@pytest.mark.skipif(os.name == "nt" or not shutil.which("jq"), reason="no bash or no jq here")
@pytest.mark.parametrize(
    ("requests", "files", "kept", "conclusion", "said"),
    [
        (
            [OURS, request(8, "other", "them/book")],
            ["book/a.md", "data/b.csv"],
            True,
            "success",
            ["检查通过", "2 个文件", "The summary."],
        ),
        (
            [OURS],
            ["book/a.md", "scripts/book.py"],
            True,
            "success",
            ["还改了程序或别的文件 1 个", "不能当作凭据", "The summary."],
        ),
        ([OURS], ["book/a.md"], False, "failure", ["检查有意见", "这一次没有摘要"]),
        ([request(7, "newer", "them/book")], ["book/a.md"], True, "success", []),  # a stale run
        (
            [request(7, "new", "others/book")],
            ["book/a.md"],
            True,
            "success",
            [],
        ),  # somebody else's with the same commit
        ([request(7, "new", None)], ["book/a.md"], True, "success", []),  # the fork was deleted
        ([OURS, request(8, "new", "them/book")], ["book/a.md"], True, "success", []),
        ([], [], True, "success", []),
    ],
)
def test_the_comment_is_on_the_request_it_is_about_and_says_who_says_what(
    tmp_path: Path,
    requests: list[dict],
    files: list[str],
    kept: bool,
    conclusion: str,
    said: list[str],
):
    (tmp_path / "gh").write_text(f"#!{sys.executable}\n{GH}", "utf-8")
    (tmp_path / "gh").chmod(0o755)
    (tmp_path / "pulls").write_text(json.dumps(requests), "utf-8")
    (tmp_path / "files").write_text(json.dumps([{"filename": name} for name in files]), "utf-8")
    if kept:
        (tmp_path / "kept").touch()
    (step,) = steps(load(GITHUB / "workflows" / "comment.yml"))
    (tmp_path / "work").mkdir()
    gone = not any(request["head"]["repo"] for request in requests)
    environment = {
        "GH_REPO": "us/book",
        "RUN": "1",
        "PAGE": "https://example.com/run",
        "CONCLUSION": conclusion,
        "HEAD": "new",
        "FROM": "" if requests and gone else "them/book",
        "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}",
    }
    done = subprocess.run(
        ["bash", "-e", "-c", step["run"]],
        cwd=tmp_path / "work",
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    comments = {path.name: path.read_text("utf-8") for path in tmp_path.glob("comment-*")}
    assert set(comments) == ({"comment-7"} if said else set())
    for words in said:
        assert words in comments["comment-7"]
    if said:
        own, _, theirs = comments["comment-7"].partition("以下是改动自己的程序写的摘要")
        assert "The summary." not in own and theirs

    assert any(
        step.get("run") == ".ci/links" for step in steps(load(GITHUB / "workflows" / "links.yml"))
    )


@pytest.mark.skipif(os.name == "nt", reason="no bash")
@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_parses_and_calls_commands_that_there_are(path: Path):
    assert os.access(path, os.X_OK) and "set -euo pipefail" in path.read_text("utf-8")
    assert subprocess.run(["bash", "-n", path]).returncode == 0
    calls = re.findall(r"scripts/book\.py ([a-z].*)", path.read_text("utf-8"))
    assert calls or path.name == "run"
    for call in calls:
        words = [word.strip('"') for word in re.sub(r"\s[>|].*|\$\{base.*", "", call).split()]
        assert cli.parse(words).command == words[0]


STANDS_IN = {
    "python3": """
import pathlib, sys
print(*sys.argv[2:])
if sys.argv[2] == "release":
    folder = pathlib.Path("_build/release") / sys.argv[3]
    folder.mkdir()
    (folder / "site.tar.gz").write_text("new")
    (folder / "SHA256SUMS").write_text("0  site.tar.gz\\n")
""",
    "gh": """
import pathlib, shutil, sys
_, _, tag, _, folder = sys.argv[1:]
shutil.copytree(pathlib.Path(__file__).parents[1] / "archive" / tag[1:], folder)
""",
    "curl": """
import pathlib, shutil, sys
archive = pathlib.Path(__file__).parents[1] / "archive"
place = archive / sys.argv[-1].partition("/packages/generic/editions/")[2]
assert "JOB-TOKEN: secret" in sys.argv
if "--upload-file" in sys.argv:
    place.parent.mkdir(exist_ok=True)
    shutil.copy(sys.argv[sys.argv.index("--upload-file") + 1], place)
else:
    shutil.copy(place, sys.argv[sys.argv.index("--output") + 1])
""",
}


@pytest.fixture
def fresh_clone(tmp_path: Path) -> Path:
    """A clone at the tag v2026.3, of which nothing has been built; the commands that `.ci` calls are stood in for."""
    root = tmp_path / "clone"
    shutil.copytree(ROOT / ".ci", root / ".ci")
    for command, code in STANDS_IN.items():
        path = tmp_path / "bin" / command
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!{sys.executable}\n{code}", "utf-8")
        path.chmod(0o755)
    who = ["-c", "user.name=a", "-c", "user.email=a@b"]
    for command in (
        ["init", "-q"],
        [*who, "commit", "-q", "--allow-empty", "-m", "a"],
        *(["tag", f"v2026.{n}"] for n in (1, 2, 3)),
    ):
        subprocess.run(["git", "-C", root, *command], check=True)
    for edition in ("2026.1", "2026.2"):
        folder = tmp_path / "archive" / edition
        folder.mkdir(parents=True)
        (folder / "site.tar.gz").write_text(edition)
        (folder / "SHA256SUMS").write_text("0  site.tar.gz\n")
    return root


HOSTS = {
    "a folder": {"EDITIONS": "archive"},
    "GitHub": {"GITHUB_REPOSITORY": "a/b"},
    "GitLab": {
        "CI_API_V4_URL": "https://git.example/api/v4",
        "CI_PROJECT_ID": "7",
        "CI_JOB_TOKEN": "secret",
    },
}


def publish(root: Path, tag: str, **environment: str) -> list[str]:
    """What `.ci/publish` has the command do, in order."""
    environment = {
        name: str(root.parent / value) if name == "EDITIONS" else value
        for name, value in environment.items()
    }
    own = {
        name: value for name, value in os.environ.items() if not name.startswith(("GITHUB_", "CI_"))
    }
    path = f"{root.parent / 'bin'}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [root / ".ci" / "publish", tag],
        env={**own, **environment, "PATH": path},
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.mark.skipif(os.name == "nt", reason="no bash")
@pytest.mark.parametrize("host", HOSTS)
def test_a_fresh_clone_publishes_the_earlier_editions_too(fresh_clone: Path, host: str):
    assert publish(fresh_clone, "v2026.3", **HOSTS[host]) == ["release 2026.3", "editions"]
    releases = fresh_clone / "_build" / "release"
    contents = {folder.name: (folder / "site.tar.gz").read_text() for folder in releases.iterdir()}
    assert contents == {"2026.1": "2026.1", "2026.2": "2026.2", "2026.3": "new"}
    kept = fresh_clone.parent / "archive" / "2026.3"
    assert (kept / "SHA256SUMS").exists() and (kept / "site.tar.gz").exists() or host == "GitHub"
    if host != "GitHub":  # there the workflow keeps it
        shutil.rmtree(fresh_clone / "_build")
        assert publish(fresh_clone, "v2026.3", WITHOUT="2026.1", **HOSTS[host]) == [
            "editions --without 2026.1"
        ]


@pytest.mark.skipif(os.name == "nt", reason="no bash")
@pytest.mark.parametrize("host", HOSTS)
def test_an_edition_that_is_not_in_the_archive_is_left_for_editions_to_miss(
    fresh_clone: Path, host: str
):
    (fresh_clone.parent / "archive" / "2026.2" / "site.tar.gz").unlink()
    shutil.rmtree(fresh_clone.parent / "archive" / "2026.1")
    assert publish(fresh_clone, "v2026.3", **HOSTS[host])[-1] == "editions"
    there = {folder.name for folder in (fresh_clone / "_build" / "release").iterdir()}
    assert there - {"2026.2"} == {"2026.3"}  # of what is damaged, editions finds the sums wrong


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.name)
def test_a_form_is_chinese_and_asks_for_what_is_needed(path: Path):
    form = load(path)
    assert {"name", "description", "title", "labels", "body"} == set(form)
    fields = [field for field in form["body"] if field["type"] != "markdown"]
    assert len({field["id"] for field in fields}) == len(fields)
    assert any(field.get("validations", {}).get("required") for field in fields)
    for field in fields:
        assert field["type"] in ("input", "textarea", "dropdown", "checkboxes")
        assert re.match("[\u4e00-\u9fff]", field["attributes"]["label"])
    assert len(form["description"]) <= 200


def test_there_is_a_form_for_each_intent():
    assert [load(path)["name"] for path in FORMS] == ["改一句话", "报告错误", "新增名词", "换数据"]
    # Without `contact_links`: an empty list of them fits no schema.
    assert load(GITHUB / "ISSUE_TEMPLATE" / "config.yml") == {"blank_issues_enabled": False}
