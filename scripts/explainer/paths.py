"""Where things lie in the repository, derived from this file's own place."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BOOK = ROOT / "book"
DATA = ROOT / "data"
SOURCE_TEXT = DATA / "source" / "interpretation.txt"
BUILD = ROOT / "_build"
