"""The editors' checks: fast, without a build. One rule, one function; a finding says file, line and remedy."""

from __future__ import annotations

from .. import tables
from ..coverage import CHAPTERS, missing
from ..errors import EditorError, EditorErrors
from ..paths import BOOK
from .chapters import read
from .rules import RULES


def run() -> list[EditorError]:
    """Everything that is wrong with data/ and book/, in the order of the files."""
    try:
        tables.tables()
    except EditorErrors as errors:
        return errors.errors
    except EditorError as error:
        return [error]
    chapters = [read(path) for path in sorted(BOOK.glob("*.md"))]
    findings = [finding for chapter in chapters for rule in RULES for finding in rule(chapter)]
    if not findings and set(CHAPTERS) <= {chapter.path.stem for chapter in chapters}:
        findings = missing({chapter.path.stem: chapter.places for chapter in chapters})
    return sorted(findings, key=lambda finding: (str(finding.file or ""), finding.line or 0))


