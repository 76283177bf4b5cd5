"""How the code is written: one form, no common mistakes, types where everything else stands on them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SCRIPTS = ("scripts/explainer/theme/static", "scripts/explainer/serve/preview.js")
TYPED = ("text", "tables", "project", "coverage", "errors")


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("ruff", ["format", "--check", "scripts", "tests"]),
        ("ruff", ["check", "scripts", "tests"]),
        ("mypy", [f"scripts/explainer/{name}.py" for name in TYPED]),
        ("oxlint", ["--deny-warnings", *SCRIPTS]),
    ],
    ids=["format", "lint", "types", "scripts"],
)
def test_the_code_is_as_its_tools_want_it(tool: str, arguments: list[str]) -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name(tool), *arguments],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout + done.stderr
