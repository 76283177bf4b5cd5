"""Inside a kernel: makes it as fresh as before its first notebook, so that nothing of one chapter reaches the next."""

from __future__ import annotations

import os
import sys

# This module is imported before the first notebook runs.
_ENVIRONMENT = dict(os.environ)
if os.environ.get("EXPLAINER_ROOT"):  # the book's own charts, wherever it lies
    sys.path.insert(0, os.path.join(os.environ["EXPLAINER_ROOT"], "scripts"))
_PATH = list(sys.path)


def begin(folder: str) -> None:
    """Forgets the last notebook and goes to the folder of the next; RuntimeError in a kernel that was told to leave."""
    from IPython import get_ipython

    shell = get_ipython()
    if shell.exit_now:
        raise RuntimeError("exit() was called")
    shell.reset(new_session=True)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(_ENVIRONMENT)
    sys.path[:] = _PATH
    if pandas := sys.modules.get("pandas"):
        pandas.reset_option("^display")
    if altair := sys.modules.get("altair"):
        for registry in (altair.theme, altair.data_transformers, altair.renderers):
            registry.enable("default")
