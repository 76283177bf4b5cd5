"""`book.py check`: which files, which format, mend or only say."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from ..errors import EditorError
from ..paths import COMMAND
from ..project import Project
from . import GROUPS, report, run
from .fix import fix
from .rule import relative


def command(
    project: Project, files: Sequence[str] = (), format: str = "text", mend: bool = False
) -> int:
    """Checks a book, or only some of its files, and prints what was found; 1 when there was anything."""
    wanted = [_named(name, project.root) for name in files]

    def chosen(file: str | None) -> bool:
        return not wanted or any(
            file == name or name == "." or (file or "").startswith(f"{name}/") for name in wanted
        )

    if mend:
        _mend(project, chosen)
        project = Project(project.root)
    found = run(project)
    findings = [finding for finding in found if chosen(finding.file)]
    if format == "json":
        print(report.as_json(findings))
        return 1 if findings else 0
    if findings:
        shown = report.github(findings) if format == "github" else report.text(findings)
        print(shown, file=sys.stdout if format == "github" else sys.stderr)
    print(_summary(findings, len(found) - len(findings)))
    return 1 if findings else 0


def print_rules() -> int:
    print(report.rules(GROUPS))
    return 0


def _mend(project: Project, chosen: Callable[[str | None], bool]) -> None:
    said = fix(project, [rule for group in GROUPS for rule in group.rules], chosen)
    print("\n".join(said) if said else "没有能自动改的地方。", file=sys.stderr)


def _summary(findings: Sequence, elsewhere: int) -> str:
    if findings:
        mendable = sum(finding.fixable for finding in findings)
        more = f"其中 {mendable} 处可以自动改好：{COMMAND} check --fix。" if mendable else ""
        words = f"检查完成：发现 {len(findings)} 处要改。{more}"
    else:
        words = "检查完成：没有发现问题。"
    return f"{words}别的文件里还有 {elsewhere} 处。" if elsewhere else words


def _named(name: str, root: Path) -> str:
    """A file or folder as the findings name it. Raises EditorError when there is none of this name in the book."""
    spelt = name.replace("\\", "/")
    for path in (
        Path(spelt),
        root / spelt,
        root / "book" / spelt,
        root / "book" / f"{spelt}.md",
        root / "data" / spelt,
    ):
        path = Path.cwd() / path
        if path.exists() and path.resolve().is_relative_to(root.resolve()):
            return relative(path.resolve(), root.resolve())
    raise EditorError(
        f"没有“{name}”这个文件", remedy="写从项目文件夹算起的文件名，例如 book/index.md"
    )
