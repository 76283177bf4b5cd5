"""The editors' checks: fast, without a build. One rule, one function; a finding says file, line and remedy."""

from __future__ import annotations

from pathlib import Path

from ..paths import ROOT
from . import charts, claims, data, files, links, quotations, structure, words
from .book import Book
from .rule import Finding, Rules, relative

GROUPS: tuple[Rules, ...] = (
    files.RULES, quotations.RULES, data.RULES, structure.RULES, links.RULES, charts.RULES,
    data.TIDY, claims.RULES, words.RULES,
)


def run(root: Path = ROOT) -> list[Finding]:
    """Everything that is wrong with the book under `root`, in the order of the files and lines."""
    return _found(Book(root), GROUPS)


def blocking(root: Path = ROOT) -> list[Finding]:
    """All of it that a build would stumble over."""
    return _found(Book(root), [group for group in GROUPS if group.blocks])


def _found(book: Book, groups: tuple[Rules, ...] | list[Rules]) -> list[Finding]:
    found: dict[tuple, Finding] = {}
    for group in groups:
        for rule in group.rules:
            for finding in rule.find(book):
                finding.file = relative(finding.file, book.root)
                found.setdefault((str(finding), finding.column), finding)
    findings = list(found.values())
    # A conflict makes nonsense of a file; a mistake anywhere may hide a quotation.
    torn = {finding.file for finding in findings if finding.rule.name == "conflict-markers"}
    findings = [f for f in findings if f.file not in torn or f.rule.name == "conflict-markers"]
    if any(finding.rule.blocks and finding.rule.name != "coverage" for finding in findings):
        findings = [finding for finding in findings if finding.rule.name != "coverage"]
    return sorted(findings, key=lambda finding: (finding.file or "", finding.line or 0, finding.column or 0))
