"""Where things lie in the repository, derived from this file's own place."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "_build"
CHARTS = "scripts/charts"  # below the root of any book: its own charts


def command_on(system: str) -> str:
    """How the user begins a command there; for messages that tell what to run."""
    return f"{'py' if system == 'nt' else 'python3'} scripts/book.py"


COMMAND = command_on(os.name)
