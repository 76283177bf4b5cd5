"""The editors' checks: fast, without a build. One rule, one function; a finding says file, line and remedy."""

from __future__ import annotations

from collections.abc import Iterator

from ..project import Project
from . import (
    addresses,
    authorities,
    authority,
    blocks,
    charts,
    claims,
    data,
    files,
    links,
    personal,
    quotations,
    structure,
    unsaid,
    words,
)
from .book import Book
from .rule import Finding, Rules, relative

GROUPS: tuple[Rules, ...] = (
    files.RULES,
    personal.RULES,
    quotations.RULES,
    authority.RULES,
    data.RULES,
    authorities.RULES,
    structure.RULES,
    blocks.RULES,
    links.RULES,
    addresses.RULES,
    charts.RULES,
    data.TIDY,
    claims.RULES,
    unsaid.RULES,
    words.RULES,
)


def run(project: Project) -> list[Finding]:
    """Everything that is wrong with a book, in the order of the files and lines."""
    return _found(Book(project), GROUPS)


def blocking(project: Project) -> list[Finding]:
    """All of it that a build would stumble over."""
    return _found(Book(project), [group for group in GROUPS if group.blocks])


def _found(book: Book, groups: tuple[Rules, ...] | list[Rules]) -> list[Finding]:
    found: dict[tuple, Finding] = {}
    for group in groups:
        for rule in group.rules:
            for finding in rule.find(book):
                finding.file = relative(finding.file, book.root)
                found.setdefault((str(finding), finding.column), finding)
    findings = list(found.values())
    findings = [finding for finding in findings if not _is_said_better(finding, findings)]
    unlisted = {finding.file for finding in findings if finding.rule.name == "chapters-in-contents"}
    findings = [
        f
        for f in findings
        if f.file not in unlisted or f.rule.name not in ("front-matter", "headings")
    ]
    # A conflict makes nonsense of a file, and so does a head without an end; a mistake anywhere may hide a quotation.
    torn = {
        finding.file: finding.rule
        for finding in findings
        if finding.rule.name == "conflict-markers" or finding.message.startswith(structure.ENDLESS)
    }
    findings = [f for f in findings if torn.get(f.file, f.rule) == f.rule]
    if any(finding.rule.blocks and finding.rule.name != "coverage" for finding in findings):
        findings = [finding for finding in findings if finding.rule.name != "coverage"]
    findings.sort(key=lambda finding: (finding.file or "", finding.line or 0, finding.column or 0))
    return list(_of_whole_blocks(findings, book))


def _of_whole_blocks(findings: list[Finding], book: Book) -> Iterator[Finding]:
    """The same, with what one rule finds in row after row of a table drawn with |, or item after item of a list, as one."""
    rows = {
        (relative(chapter.path, book.root), number)
        for chapter in book.chapters for number, line in enumerate(chapter.lines, 1) if line.startswith("|")
    }  # fmt: skip
    first: Finding | None = None
    last = 0
    for finding in findings:
        place = (finding.file, finding.line)
        if (
            first
            and (place in rows or finding.rule.name == "raw-marks")
            and finding.rule == first.rule
            and (finding.file, last + 1) == place
        ):
            first.message = "；".join(
                dict.fromkeys([*first.message.split("；"), *finding.message.split("；")])
            )
            first.remedy = "；".join(
                dict.fromkeys(
                    [*(first.remedy or "").split("；"), *(finding.remedy or "").split("；")]
                )
            )
            last += 1
            continue
        if first:
            yield first
        first, last = finding, finding.line or 0
    if first:
        yield first


# What a fault may also look like: where the first was found on a line, the others have nothing to add.
_SAID = {
    "personal-data": {
        "numbers",
        "full-width-letters",
        "blank-beside-digits",
        "half-width-punctuation",
        "html",
        "bodies",
        "pasted-words",
    },
    "excel-traces": {"numbers", "full-width-letters", "tables", "authorities"},
    "retyped-source": {"usage"},
    "attributed-words": {"retyped-source", "usage", "almost-quoted"},
    "words-of-others": {
        "retyped-source",
        "bodies",
        "results-and-promises",
        "times",
        "numbers",
        "half-width-punctuation",
    },
    "quoted-blocks": {"retyped-source", "usage", "attributed-words", "broken-lines"},
    "raw-marks": {
        "full-width-letters",
        "broken-lines",
        "blank-beside-digits",
        "pictographs",
        "invisible-characters",
        "wide-blank",
        "half-width-punctuation",
        "numbers",
    },
    "half-width-markup": {"numbers", "broken-lines", "raw-marks", "code-of-the-source"},
    "drawn-tables": {"broken-lines"},
    "separators": {"broken-lines", "doubled-characters"},
    "labels": {"half-width-punctuation", "full-width-letters", "unpaired-marks"},
    "written-links": {"half-width-punctuation", "full-width-letters", "unpaired-marks"},
    "formulas": {"numbers", "half-width-punctuation", "broken-lines"},
    "internal-remarks": {"placeholders", "half-width-punctuation", "numbers", "bodies"},
    "numbers": {"blank-beside-digits", "full-width-letters"},
    "places": {"numbers", "bodies"},
    "times": {"numbers", "results-and-promises", "bodies", "blank-beside-digits"},
    "bodies": {"results-and-promises"},
    "pasted-words": {
        "numbers",
        "bodies",
        "results-and-promises",
        "pictographs",
        "times",
        "placeholders",
        "internal-remarks",
    },
    "repeated-words": {"retyped-source"},
    "html": {"invisible-characters"},
}


def _is_said_better(finding: Finding, findings: list[Finding]) -> bool:
    return any(
        other.file == finding.file
        and other.line == finding.line
        and finding.rule.name in _SAID.get(other.rule.name, ())
        for other in findings
    )
