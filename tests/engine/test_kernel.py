"""The kernel that all chapters share: nothing of one reaches the next, and a chapter that breaks it harms only itself."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from jupyter_cache.executors import utils as executors
from jupyter_client.provisioning import local_provisioner

from explainer.engine import kernel


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The processes of the kernels that were started."""
    pids: list[int] = []
    launch = local_provisioner.launch_kernel

    def counted(*command: object, **options: object):
        process = launch(*command, **options)
        pids.append(process.pid)
        return process

    monkeypatch.setattr(local_provisioner, "launch_kernel", counted)
    return pids


@pytest.fixture
def log(tmp_path: Path) -> Iterator:
    with (tmp_path / "log.txt").open("w", encoding="utf-8") as log:
        yield log


def run(folder: Path, *cells: str, timeout: int = 60) -> tuple[list[str], Exception | None]:
    """What the cells print, and what went wrong; as MyST-NB runs a chapter."""
    kernelspec = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    notebook = nbformat.v4.new_notebook(
        metadata=kernelspec, cells=[nbformat.v4.new_code_cell(code) for code in cells]
    )
    try:
        error = executors.single_nb_execution(notebook, str(folder), timeout, False).err
    except Exception as raised:
        error = raised
    printed = [
        "".join(output.get("text", "") for output in cell.outputs).strip()
        for cell in notebook.cells
    ]
    return [words for words in printed if words], error


SPOIL = """
import os, sys, pandas, altair
left_behind = 1
os.environ["LEFT"] = "behind"
sys.path.insert(0, "/left/behind")
os.chdir("/")
pandas.set_option("display.max_rows", 3)
altair.theme.enable("dark")
"""
LOOK = """
import os, sys, pandas, altair
print("left_behind" in globals(), "LEFT" in os.environ, "/left/behind" in sys.path, os.path.basename(os.getcwd()),
      pandas.get_option("display.max_rows"), altair.theme.active)
"""


def test_chapters_share_a_kernel_and_nothing_else(tmp_path: Path, log, started: list[int]) -> None:
    chapters = tmp_path / "章"
    chapters.mkdir()
    with kernel.private(log):
        assert run(tmp_path, LOOK)[0] == run(tmp_path, LOOK)[0]
        before, _ = run(chapters, LOOK)
        _, error = run(chapters, SPOIL)
        assert error is None
        after, _ = run(chapters, LOOK)
        assert before == after == ["False False False 章 60 default"]
        _, error = run(chapters, "left_behind = 2\n1 / 0")
        assert "ZeroDivisionError" in str(error)
        assert run(chapters, LOOK)[0] == before
        assert len(started) == 1


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("import time\ntime.sleep(600)", "timed out"),
        ("import os\nos._exit(1)", "Kernel died"),
        ("exit()", ""),
    ],
)
def test_a_chapter_that_breaks_the_kernel_harms_only_itself(
    tmp_path: Path, log, started: list[int], code: str, words: str
):
    with kernel.private(log):
        _, error = run(tmp_path, code, timeout=2 if "sleep" in code else 60)
        assert words in str(error)
        assert run(tmp_path, "print('好')") == (["好"], None)
    assert len(started) == 2
    for pid in started:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_the_first_chapter_takes_the_kernel_that_was_started_early(
    tmp_path: Path, log, started: list[int]
):
    with kernel.private(log) as kernels:
        kernels.start_early()
        assert len(started) == 1
        assert run(tmp_path, "import sys\nprint('explainer.isolation' in sys.modules)") == (
            ["True"],
            None,
        )
        assert run(tmp_path, "print(1)") == (["1"], None)
        assert len(started) == 1


def test_a_kernel_started_for_nothing_is_ended(log, started: list[int]):
    with kernel.private(log) as kernels:
        kernels.start_early()
    with pytest.raises(ProcessLookupError):
        os.kill(started[0], 0)
