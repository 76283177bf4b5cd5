"""What `check` prints: for people, for GitHub, for programs; and the list of the rules."""

from __future__ import annotations

import json
from collections.abc import Sequence

from .rule import Finding, Rules

# Between these lines of CONTRIBUTING.md stands what `check --rules` prints.
BEGIN, END = (
    "<!-- 规则清单开始：由 python3 scripts/book.py check --rules 生成 -->",
    "<!-- 规则清单结束 -->",
)


def text(findings: Sequence[Finding]) -> str:
    """A line a finding; the reason for a rule only at its first."""
    told: set[str] = set()
    lines = []
    for finding in findings:
        lines.append(finding.short if finding.why in told else str(finding))
        told.add(finding.why)
    return "\n".join(lines)


def github(findings: Sequence[Finding]) -> str:
    """Workflow commands, which GitHub shows beside the lines of a pull request."""
    lines = []
    for finding in findings:
        place = {
            "file": finding.file,
            "line": finding.line,
            "col": finding.column,
            "title": finding.rule.asks,
        }
        properties = ",".join(
            f"{key}={_property(str(value))}" for key, value in place.items() if value
        )
        lines.append(
            f"::{'error' if finding.rule.blocks else 'warning'} {properties}::{_data(finding.words)}"
        )
    return "\n".join(lines)


def as_json(findings: Sequence[Finding]) -> str:
    content = [
        {
            "file": finding.file,
            "line": finding.line,
            "column": finding.column,
            "rule": finding.rule.name,
            "message": finding.message,
            "why": finding.why,
            "remedy": finding.remedy,
            "fixable": finding.fixable,
        }
        for finding in findings
    ]
    return json.dumps(content, ensure_ascii=False, indent=2)


def rules(groups: Sequence[Rules]) -> str:
    """The rules in Markdown, by subject."""
    lines = []
    for group in groups:
        lines += [
            f"**{group.subject}**" + ("（不合的，`build` 也会停下）" if group.blocks else ""),
            "",
        ]
        lines += [f"- `{rule.name}`：{rule.asks}{rule.why}" for rule in group.rules]
        lines.append("")
    return "\n".join(lines).rstrip()


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
