"""The kernel that runs the chapters' code: alike on every computer, whatever its user has set up.

One for all chapters, since starting it takes longer than most charts; before each it is made fresh again
(`isolation`), and a chapter that breaks it gets its successor a new one.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TextIO
from unittest.mock import patch

from jupyter_cache.executors import utils as executors
from jupyter_client.provisioning import local_provisioner
from jupyter_core.utils import run_sync
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode
from nbformat.v4 import new_notebook

from ..drawings import NAME_ONLY

CONFIG = {
    "HistoryManager": {"enabled": False},
    # What nearly every chart asks for, while Sphinx is still getting ready; what fails here fails again where it is said.
    "InteractiveShellApp": {
        "exec_lines": ["import explainer.isolation", "import explainer.figures.figure"]
    },
}
USUAL = "python3"
SECONDS_TO_BECOME_FRESH = 20


class _Runner:
    """Runs notebook after notebook, in the same kernel while that is in order."""

    def __init__(self) -> None:
        self.last: NotebookClient | None = None
        self.started: NotebookClient | None = None

    def start_early(self) -> None:
        """Starts the kernel that the first notebook will most likely want; `execute` waits until it is there."""
        client = NotebookClient(new_notebook(), kernel_name=USUAL)
        client.km = client.create_kernel_manager()
        client.start_new_kernel()
        self.started = client

    def execute(self, notebook: NotebookNode, cwd: str, **options: object) -> NotebookNode:
        """In place of nbclient's function of this name, which starts a kernel for each notebook."""
        client = NotebookClient(notebook, resources={"metadata": {"path": cwd}}, **options)
        client.kernel_name = notebook.metadata.get("kernelspec", {}).get("name", "") or USUAL
        last, self.last = self.last, None
        if last is not None and last.kernel_name == client.kernel_name and _begin(last, cwd):
            client.km, client.kc = last.km, last.kc
        else:
            if last is not None:
                _let_go(last)
            early, self.started = self.started, None
            if early is not None and early.kernel_name == client.kernel_name:
                client.km = early.km
            else:
                client.km = client.create_kernel_manager()
                client.start_new_kernel()
            client.start_new_kernel_client()
            _begin(client, cwd)
        client.owns_km = False  # or it would shut the kernel down
        try:
            client.execute()
        except CellExecutionError:
            self.last = client  # the code is at fault, not the kernel
            raise
        except Exception:
            _let_go(client)
            raise
        self.last = client
        return notebook

    def close(self) -> None:
        if self.last is not None:
            self.last.kc.stop_channels()


@run_sync
async def _begin(client: NotebookClient, folder: str) -> bool:
    """Whether the kernel is ready for the next notebook, with nothing left in it of the last."""
    code = f"__import__('explainer.isolation').isolation.begin({folder!r})"
    reply = asyncio.ensure_future(
        client.kc.execute(code, silent=True, reply=True, timeout=SECONDS_TO_BECOME_FRESH)
    )
    while not reply.done():
        if not await client.km.is_alive():
            reply.cancel()
            return False
        await asyncio.wait([reply], timeout=0.2)
    return reply.exception() is None and reply.result()["content"]["status"] == "ok"


@run_sync
async def _let_go(client: NotebookClient) -> None:
    client.kc.stop_channels()
    await client.km.shutdown_kernel(now=True)


@contextmanager
def private(log: TextIO) -> Iterator[_Runner]:
    """Settings, start-up files and kernels of the user's own Jupyter stay out of the charts.

    What kernels print for themselves goes into the log; none outlives this context.
    """
    kernels: list[subprocess.Popen] = []
    launch = local_provisioner.launch_kernel
    runner = _Runner()

    def launch_quietly(*command: object, **options: object) -> subprocess.Popen:
        kernels.append(launch(*command, **{**options, "stdout": log, "stderr": log}))
        return kernels[-1]

    with ExitStack() as stack:
        folder = stack.enter_context(
            tempfile.TemporaryDirectory(prefix="explainer-", ignore_cleanup_errors=True)
        )
        profile = Path(folder, "profile_default")
        profile.mkdir()
        (profile / "ipython_kernel_config.json").write_text(json.dumps(CONFIG), encoding="utf-8")
        places = dict.fromkeys(
            ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR"), folder
        )
        switches = {
            "JUPYTER_PATH": "",
            "JUPYTER_PREFER_ENV_PATH": "1",
            "PYDEVD_DISABLE_FILE_VALIDATION": "1",
            NAME_ONLY: "1",
        }
        stack.enter_context(patch.dict(os.environ, places | switches))
        stack.enter_context(patch.object(local_provisioner, "launch_kernel", launch_quietly))
        stack.enter_context(patch.object(executors, "executenb", runner.execute))
        # nbclient's own handling of Ctrl-C loses it now and then; refused, it leaves it to Python.
        stack.enter_context(
            patch.object(asyncio.SelectorEventLoop, "add_signal_handler", side_effect=RuntimeError)
        )
        try:
            yield runner
        finally:
            runner.close()
            for kernel in kernels:
                kernel.kill()
                kernel.wait()
