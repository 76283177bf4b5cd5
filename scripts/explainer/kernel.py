"""The kernels that run the chapters' code: alike on every computer, whatever its user has set up."""

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

from jupyter_client.provisioning import local_provisioner
from nbclient import NotebookClient

CONFIG = {"HistoryManager": {"enabled": False}}


@contextmanager
def private(log: TextIO) -> Iterator[None]:
    """Settings, start-up files and kernels of the user's own Jupyter stay out of the charts.

    What kernels print for themselves goes into the log; none outlives this context.
    """
    kernels: list[subprocess.Popen] = []
    launch = local_provisioner.launch_kernel

    def launch_quietly(*command: object, **options: object) -> subprocess.Popen:
        kernels.append(launch(*command, **{**options, "stdout": log, "stderr": log}))
        return kernels[-1]

    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="explainer-", ignore_cleanup_errors=True))
        profile = Path(folder, "profile_default")
        profile.mkdir()
        (profile / "ipython_kernel_config.json").write_text(json.dumps(CONFIG), encoding="utf-8")
        places = dict.fromkeys(("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR"), folder)
        switches = {"JUPYTER_PATH": "", "JUPYTER_PREFER_ENV_PATH": "1", "PYDEVD_DISABLE_FILE_VALIDATION": "1"}
        stack.enter_context(patch.dict(os.environ, places | switches))
        stack.enter_context(patch.object(local_provisioner, "launch_kernel", launch_quietly))
        # Asked politely, one kernel in ten takes 3.5 seconds to leave; there is nothing in it to save.
        stack.enter_context(patch.object(NotebookClient.shutdown_kernel, "default_value", "immediate"))
        # nbclient's own handling of Ctrl-C loses it now and then; refused, it leaves it to Python.
        stack.enter_context(patch.object(asyncio.SelectorEventLoop, "add_signal_handler", side_effect=RuntimeError))
        try:
            yield
        finally:
            for kernel in kernels:
                kernel.kill()
                kernel.wait()
