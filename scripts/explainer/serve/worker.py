"""One build for the preview, in a process that has everything imported and waits for the word to begin.

`serve` keeps one in reserve; each builds once, so that nothing can be stale in it. It speaks on standard output,
a line of JSON each time there is news: {"built": true or false, "findings": [{"place", "file", "line", "words"}]}.
"""

from __future__ import annotations

import json
import sys
import traceback
from typing import TextIO

from ..errors import EditorError, from_os_error
from ..project import Project, current


def main() -> None:
    news, sys.stdout = sys.stdout, sys.stderr  # what people read goes to the terminal
    try:
        try:
            _warm_up()
            unreadable = None
        except SyntaxError as error:  # in a chart's file, as a rule: editors write there
            unreadable = error
        if not sys.stdin.readline():
            return  # serve has left
        _work(news, unreadable)
    except (KeyboardInterrupt, BrokenPipeError):
        sys.exit(130)


def _warm_up() -> None:
    """Imports what a build imports, code only: book and data are read when it begins."""
    import frictionless  # noqa: F401
    import jupyter_book  # noqa: F401
    import myst_nb.sphinx_ext  # noqa: F401
    import sphinx_design.extension  # noqa: F401
    import sphinx_external_toc  # noqa: F401

    from .. import checks, figures, pipeline  # noqa: F401
    from ..engine import diagnosis, driver, kernel, monitor  # noqa: F401
    from ..sphinx import search

    search.simplified()


def _work(news: TextIO, unreadable: SyntaxError | None = None) -> None:
    from .. import checks

    book = Project(current().root)
    found: list[EditorError] = []
    built = False
    try:
        if unreadable:
            raise unreadable
        from .. import engine

        book.tables  # noqa: B018 (their findings, before a build stumbles over them)
        engine.build(book.root, preview=True)
        built = True
    except SyntaxError as error:
        found = _unreadable(error)
    except Exception as error:
        found = _findings(error)
    _say(news, built, found)
    try:
        checked = checks.run(book)
        # Of a line that both speak of, `check` says more.
        places = {finding.where for finding in checked}
        found = [finding for finding in found if finding.where not in places] + checked
    except Exception as error:
        found += _findings(error)
    _say(news, built, found)
    for finding in found:
        print(finding, file=sys.stderr)


def _unreadable(error: SyntaxError) -> list[EditorError]:
    """What `check` says of charts whose code cannot be read; when it says nothing, the code is another's."""
    from .. import checks

    return [
        finding for finding in checks.blocking(current()) if finding.rule.name == "code-of-charts"
    ] or _findings(error)


def _findings(error: Exception) -> list[EditorError]:
    if isinstance(error, EditorError):
        return list(error.errors)
    if isinstance(error, OSError) and (known := from_os_error(error)):
        return [known]
    traceback.print_exception(error, file=sys.stderr)
    return [EditorError("程序自己出了错", remedy="请把终端里的话告诉维护人员")]


def _say(news: TextIO, built: bool, findings: list[EditorError]) -> None:
    content = [
        {
            "place": found.where,
            "file": found.where.rpartition(":")[0] if found.line else found.where,
            "line": found.line,
            "words": found.words,
        }
        for found in findings
    ]
    news.write(json.dumps({"built": built, "findings": content}) + "\n")
    news.flush()


if __name__ == "__main__":
    from ..progress import prepare_console

    prepare_console()
    main()
