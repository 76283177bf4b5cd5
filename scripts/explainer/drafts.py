"""`book.py check --text`: which sentences of a draft are the source's, for whoever writes a speech or a news item."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import docx
from docx.opc.exceptions import PackageNotFoundError

from .errors import EditorError
from .project import Project
from .text import encoding_of
from .verdicts import CHANGED, FOREIGN, VERBATIM, Judge, Verdict


def command(project: Project, path: Path) -> int:
    """Prints a verdict for each sentence of the file; 1 where one is nearly the source's."""
    verdicts = Judge(project.source).judge(read(path))
    if not verdicts:
        raise EditorError("里面没有字", file=path, remedy="换一个有文字的文件")
    print("\n".join(_told(number, verdict) for number, verdict in enumerate(verdicts, 1)))
    counts = Counter(verdict.kind for verdict in verdicts)
    shares = [f"{kind} {counts[kind]} 句" for kind in (VERBATIM, CHANGED, FOREIGN) if counts[kind]]
    print(f"\n核对的是{project.source.title}。共 {len(verdicts)} 句：{'，'.join(shares)}。")
    return 1 if counts[CHANGED] else 0


def read(path: Path) -> str:
    """The words of a text file in whichever encoding, or of a Word file, its tables after its paragraphs.

    Raises EditorError where it is neither.
    """
    if not path.is_file():
        raise EditorError("没有这个文件", file=path, remedy="写从现在所在的文件夹算起的文件名")
    if path.suffix.lower() == ".docx":
        try:
            document = docx.Document(str(path))
        except (PackageNotFoundError, KeyError, ValueError):
            raise EditorError(
                "不是 Word 的 .docx 文件，或者坏了", file=path, remedy="用 Word 或 WPS 另存为 .docx"
            ) from None
        cells = [cell for table in document.tables for row in table.rows for cell in row.cells]
        return "\n".join(part.text for part in [*document.paragraphs, *cells])
    raw = path.read_bytes()
    encoding = encoding_of(raw)
    if path.suffix.lower() != ".txt" or encoding is None:
        raise EditorError("读不出文字", file=path, remedy="存成 .txt（UTF-8 或 GBK）或 .docx")
    return raw.decode(encoding)


def _told(number: int, verdict: Verdict) -> str:
    where = verdict.unit.shown if verdict.unit else "标题" if verdict.source else ""
    lines = [f"{number}. {verdict.kind}{f'（{where}）' if where else ''}：{verdict.words}"]
    if verdict.kind == CHANGED:
        lines.append(f"   {verdict.difference}。原文写作：“{verdict.source}”")
    elif verdict.kind == FOREIGN and verdict.source:
        lines[0] = f"{number}. {verdict.kind}：{verdict.words}"
        lines.append(f"   最接近的是 {where}：“{verdict.source}”")
    elif verdict.forgiven:
        lines.append("   引号、空格、换行、全角半角或编号不一样，没有计较。")
    return "\n".join(lines)
