"""The files that drive continuous integration and the forms: read as their hosts read them, not run here."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest
import yaml
from explainer import cli
from explainer.paths import ROOT

GITHUB = ROOT / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
FORMS = sorted(path for path in (GITHUB / "ISSUE_TEMPLATE").glob("*.yml") if path.name != "config.yml")
SCRIPTS = sorted((ROOT / ".ci").iterdir())


def load(path: Path) -> dict:
    return yaml.safe_load(path.read_text("utf-8"))


def steps(workflow: dict) -> list[dict]:
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_every_action_is_pinned_by_its_commit_and_says_its_version(path: Path):
    for line in path.read_text("utf-8").splitlines():
        if "uses:" in line:
            assert re.fullmatch(r"\s*(- )?uses: actions/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line), line


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_rights_are_given_job_by_job_and_no_job_runs_for_ever(path: Path):
    workflow = load(path)
    assert workflow["permissions"] == {}
    for job in workflow["jobs"].values():
        assert job["timeout-minutes"] <= 40 and job["permissions"]
        assert not re.search(r"\$\{\{", " ".join(step.get("run", "") for step in job["steps"]))  # through env only


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
    assert load(GITHUB / "workflows" / "publish.yml")[True] == {"push": {"tags": ["v[0-9]+.[0-9]+"]}}
    for path in WORKFLOWS:
        writes = [right for job in load(path)["jobs"].values() for right, level in job["permissions"].items() if level == "write"]
        assert not {"contents", "pages", "id-token"} & set(writes) or path.name == "publish.yml"


def test_the_weekly_link_check_stands_in_nobody_s_way():
    assert set(load(GITHUB / "workflows" / "links.yml")[True]) == {"schedule", "workflow_dispatch"}


def test_all_hosts_call_the_same_scripts():
    gitlab = load(ROOT / ".gitlab-ci.yml")
    called = {
        "pull-request": ("pull-request.yml", gitlab["merge-request"]),
        "publish": ("publish.yml", gitlab["publish"]),
    }
    for script, (workflow, job) in called.items():
        runs = [step.get("run", "") for step in steps(load(GITHUB / "workflows" / workflow))]
        assert any(run.startswith(f".ci/{script} ") for run in runs)
        assert any(line.startswith(f".ci/{script} ") for line in job["script"])
    assert any(step.get("run") == ".ci/links" for step in steps(load(GITHUB / "workflows" / "links.yml")))


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
    assert load(GITHUB / "ISSUE_TEMPLATE" / "config.yml")["blank_issues_enabled"] is False
