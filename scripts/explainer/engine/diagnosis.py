"""What Sphinx, MyST and the notebooks warn of, as findings in an editor's words."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Sequence
from pathlib import Path
from traceback import walk_tb
from typing import NamedTuple

from docutils.parsers.rst import Directive
from jupyter_client.kernelspec import NoSuchKernel
from nbclient.exceptions import DeadKernelError
from sphinx.errors import SphinxError

from ..errors import EditorError, from_os_error
from ..settings import line_of_text
from .monitor import Note

CONFIG = "_config.yml"


class Rule(NamedTuple):
    """A warning known by its words; its groups fill the {0}, {1} … of message and remedy."""

    pattern: str
    message: str
    remedy: str
    file: str | None = None  # where the warning itself names no place


RULES = (
    Rule(
        r"unknown document: '(.+)'", "链接的章节“{0}”不存在", "改成 book/ 里已有的文件名，不带 .md"
    ),
    Rule(
        r"'myst' cross-reference target not found: '(.*)'|Unknown source document '(.+)'",
        "链接的目标“{0}”不存在",
        "核对文件名或标签；标签写成“(名字)=”，放在标题的上一行",
    ),
    Rule(
        r"undefined label: '(.+)'|Failed to create a cross reference.*: '(.+)'",
        "引用的标签“{0}”不存在，或它后面没有标题",
        "核对拼写；标签写成“(名字)=”，放在标题的上一行",
    ),
    Rule(
        r"term not in (?:otherwise )?glossary: '(.+)'",
        "名词“{0}”不在名词解释里",
        "核对用词，或在名词解释里补上它",
    ),
    Rule(
        r'Unknown interpreted text role "(.+)"\.?', "没有名为“{0}”的行内标记", "核对花括号里的拼写"
    ),
    Rule(r"Unknown directive type: '(.+)'", "没有名为“{0}”的版块", "核对花括号里的拼写"),
    Rule(
        r"Non-consecutive header level increase; H(\d) to H(\d)",
        "标题从第 {0} 级跳到了第 {1} 级",
        "标题一级一级往下：下一级只比上一级多一个 #",
    ),
    Rule(
        r"Document headings start at H(\d), not H1",
        "本页第一个标题是第 {0} 级",
        "页面开头的标题只用一个 #",
    ),
    Rule(
        r"Directive '(.+)': (\d+) argument\(s\) required, (\d+) supplied",
        "“{0}”版块的花括号后面应写 {1} 项内容，现有 {2} 项",
        "在花括号后面补上，例如图片的文件名",
    ),
    Rule(
        r"'(.+)': Unknown option keys: \[(.+)\] \(allowed: \[(.*)\]\)",
        "“{0}”版块没有名为 {1} 的选项",
        "可用的选项有：{2}",
    ),
    Rule(
        r"'(.+)': Invalid option value for '(.+)': (.*): .*",
        "“{0}”版块的选项 {1} 不能写成“{2}”",
        "对照别处同样的版块改正",
    ),
    Rule(
        r"'(.+)': Invalid options format.*",
        "“{0}”版块开头的选项读不懂",
        "每行一个选项，写成“:名字: 内容”，冒号后面空一格",
    ),
    Rule(
        r"'(.+)': Has content, but none permitted", "“{0}”版块里面不能写内容", "把内容移到版块外面"
    ),
    Rule(
        r"Content block expected for the \"(.+)\" directive; none found.*",
        "“{0}”版块是空的",
        "在里面写上内容，或删去这个版块",
    ),
    Rule(
        r"The parent of a '(.+)' should be a '([\w-]+?)(?:-row)?'(?: or .*)?",
        "“{0}”版块没有放在“{1}”版块里",
        "在外面套一层：上面加一行“::::{{{1}}}”，下面加一行“::::”",
    ),
    Rule(
        r"Error parsing content block for the \"(.+)\" directive: .*",
        "“{0}”版块里的内容排得不对",
        "每一行的格数要一样多；对照别处同样的版块改正",
    ),
    Rule(
        r"(\d+) header row\(s\) specified but only (\d+) row\(s\) of data supplied.*",
        "表格只有 {1} 行，却写了 {0} 行表头",
        "改小 header-rows，或补上各行",
    ),
    Rule(
        r"exception while evaluating only directive expression: .*",
        "“only”后面的条件读不懂",
        "只在网页上显示，写成 :::{{only}} html",
    ),
    Rule(
        r"The '\^\^\^'/'\+\+\+' card header/footer separators are deprecated.*",
        "卡片里不能用“^^^”“+++”分出头和尾",
        "删去这一行，写成普通的一段",
    ),
    Rule(
        r"Insufficient data supplied \((\d+) .*",
        "表格只有 {0} 行或 {0} 列，都当了表头，没有内容",
        "改小 header-rows、stub-columns，或补上各行各列",
    ),
    Rule(
        r"more than one target found for '\w+' cross-reference '?(.+?)'?: could be .*",
        "链接的目标“{0}”不止一处：有一章、也有一个标签叫这个名字",
        "链接到整章写文件名：[文字]({0}.md)",
    ),
    Rule(
        r"Failed to create a cross reference\. Any number is not assigned: (.+)",
        "“{0}”没有编号，不能按编号引用",
        "写成链接：[文字](#{0})",
    ),
    Rule(
        r"tableofcontents directive in document with no descendants",
        "章节里不能写“tableofcontents”",
        "删去这个版块；章节的次序写在 _toc.yml 里",
    ),
    Rule(
        r"toctree directive not expected with external-toc|toctree contains reference to nonexisting document '.+'",
        "章节里不能写“toctree”",
        "删去这个版块；章节的次序写在 _toc.yml 里",
    ),
    Rule(
        r"local id not found in doc '.+': '(.+)'",
        "链接的标签“{0}”不能这样写",
        "链接到标签只写标签，例如 [文字](#{0})",
    ),
    Rule(
        r"Malformed YAML|YAML is not a dict.*",
        "页面最前面两条 --- 之间的内容读不懂",
        "对照别的章节改正：缩进只用空格，冒号用半角，后面空一格",
    ),
    Rule(
        r"(?:image|download) file not readable: (.+)",
        "找不到文件“{0}”",
        "核对文件名的拼写和大小写，并把文件放进 book/",
    ),
    Rule(
        r"Directive \"include\": file not found: '(.+)'",
        "找不到要插入的文件“{0}”",
        "核对文件名的拼写和大小写",
    ),
    Rule(
        r"Duplicate explicit target name: \"(.+)\".*|duplicate label (.+), other instance in .*",
        "标签“{0}”用了不止一次",
        "给其中一个换个名字",
    ),
    Rule(r"Duplicate reference definition: (.+)", "“[{0}]: …”写了不止一次", "只留一个"),
    Rule(
        r"Multiple footnote definitions found for label: '(.+)'",
        "脚注“{0}”写了不止一次",
        "只留一个",
    ),
    Rule(
        r"Footnote \[(.+)\] is not referenced\.", "脚注“{0}”没有被引用", "在正文里引用它，或删去它"
    ),
    Rule(r"document isn't included in any toctree", "这一章不在目录里", "在 _toc.yml 里加上它"),
    Rule(r"undecodable source characters, .*", "文件不是 UTF-8 编码", "在编辑器里另存为 UTF-8"),
    Rule(
        r"Pygments lexer name '(.+)' is not known",
        "没有名为“{0}”的代码语言",
        "核对三个反引号后面的拼写，或改成 text",
    ),
    Rule(
        r"unknown config value '(.+)' in override, ignoring",
        "没有名为“{0}”的设置",
        "核对拼写，或删去它",
        CONFIG,
    ),
    Rule(
        r"unsupported theme option '(.+)' given",
        "版式没有名为“{0}”的选项",
        "核对拼写，或删去它",
        CONFIG,
    ),
    Rule(
        r"(?:logo|favicon) file '(.+)' does not exist",
        "找不到图标“{0}”",
        "核对文件名，并把文件放进 book/",
        CONFIG,
    ),
)


# Sphinx warns of each page that it cannot write; that is one fault of the computer, and none of the pages'.
_NOT_WRITTEN = re.compile(r"error writing file (.+): \[Errno (\d+)\].*", re.DOTALL)


def findings(notes: Sequence[Note], root: Path, notebooks: Path) -> list[EditorError]:
    """One finding for each warning, in the order of the files; `notebooks` holds what was executed."""
    for note in notes:
        if (failed := _NOT_WRITTEN.fullmatch(note.text)) and (
            known := from_os_error(OSError(int(failed[2]), "", failed[1]))
        ):
            return [known]
    found = [finding for note in notes if (finding := _finding(note, root, notebooks))]
    different = {str(finding): finding for finding in found}.values()
    return sorted(different, key=lambda finding: (finding.file or "", finding.line or 0))


def from_exception(error: Exception, file: str | None) -> Exception:
    """An editor's mistake as a finding, out of the wrappings that Sphinx puts round it; all else as it came.

    `file` is the chapter that was being read.
    """
    cause = getattr(error, "orig_exc", None) or error
    if isinstance(cause, EditorError):
        return cause
    if isinstance(cause, NoSuchKernel):
        remedy = "把页面最前面 kernelspec 里的 name 改成 python3"
        return EditorError(f"没有名为“{cause.name}”的运行环境", file, remedy=remedy)
    if isinstance(cause, DeadKernelError):
        return EditorError(
            "代码格运行到一半，运行它的程序停止了", file, remedy="简化这一章的代码格，再生成一次"
        )
    if isinstance(cause, (SphinxError, ImportError)):
        return EditorError(
            f"生成网页的工具停下了（工具的原话：{error}）",
            file or CONFIG,
            remedy="多半是设置有误：检查最近改过的设置；仍不行请告诉维护人员",
        )
    if file and (place := _directive_in(cause)):
        name, line = place
        remedy = "对照别处同样的版块改正，例如删去里面的空行；看不懂请告诉维护人员"
        return EditorError(f"“{name}”版块这样写，程序排不了", file, line, remedy)
    if file:
        cause.add_note(f"正在读取 {file}")
    return cause


def _directive_in(error: Exception) -> tuple[str, int] | None:
    """The block, with its line, whose own code in a library did not survive what an editor wrote in it."""
    found, last = None, ""
    for frame, _ in walk_tb(error.__traceback__):
        last = frame.f_globals.get("__name__", "")
        if isinstance(directive := frame.f_locals.get("self"), Directive):
            found = directive.name, directive.lineno
    return None if last.startswith("explainer") else found


def _finding(note: Note, root: Path, notebooks: Path) -> EditorError | None:
    file, line = _place(note.place, root)
    text = re.sub(r"\s*\[[\w.]+\]$", "", note.text).replace(f"{root}{os.sep}", "")
    if note.type == "mystnb" and text.startswith("Notebook exception traceback saved"):
        return None  # goes with the next one, and names a file that is about to go
    if note.type == "mystnb" and text.startswith("Executing notebook failed"):
        return _failed_execution(root / file, file, notebooks)
    if note.type == "explainer" or re.match(r"[\u3007-\u9fff“《]", text):
        return EditorError(text, file, line)  # our own, in Chinese as they are
    for rule in RULES:
        if match := re.fullmatch(rule.pattern, text, re.DOTALL):
            words = [group for group in match.groups() if group is not None]
            file = file or rule.file
            if file and line is None and words:
                line = line_of_text(root / file, words[0])
            return EditorError(rule.message.format(*words), file, line, rule.remedy.format(*words))
    return EditorError(
        f"这里有问题（工具的原话：{text}）",
        file,
        line,
        "对照别处同样的写法改正；看不懂请告诉维护人员",
    )


def _place(place: str, root: Path) -> tuple[str | None, int | None]:
    """`/…/book/chapter.md:31`, `/…/book/chapter.md:` or nothing, as file and line."""
    path, line = re.fullmatch(r"(.*?)(?::(\d+)?)?", place, re.DOTALL).groups()
    file = Path(path)
    if not file.is_absolute():
        return (path or None), None
    shown = file.relative_to(root) if file.is_relative_to(root) else file
    return shown.as_posix(), int(line) if line else None


def _failed_execution(chapter: Path, file: str, notebooks: Path) -> EditorError:
    """Which code cell failed, in which line, and why."""
    executed = notebooks / Path(file).relative_to("book").with_suffix(".ipynb")
    notebook = json.loads(executed.read_text(encoding="utf-8"))
    starts = notebook["metadata"].get("source_map", [0] * len(notebook["cells"]))
    code = [
        (start, cell)
        for start, cell in zip(starts, notebook["cells"], strict=True)
        if cell["cell_type"] == "code"
    ]
    # The last cell that was begun: the kernel stops at the first failure.
    number, (start, cell) = [
        found for found in enumerate(code, 1) if found[1][1]["execution_count"]
    ][-1]
    line = _line_of_cell(chapter, start, cell)
    errors = [output for output in cell["outputs"] if output["output_type"] == "error"]
    if not errors:
        return EditorError(f"第 {number} 个代码格运行超时", file, line, "简化这一格的代码")
    if errors[0]["ename"] in ("EditorError", "EditorErrors"):
        return EditorError(f"第 {number} 个代码格运行出错：{_words(errors[0])}", file, line)
    return EditorError(
        f"第 {number} 个代码格运行出错：{errors[0]['ename']}: {_words(errors[0])}",
        file,
        line and line + _line_in_cell(errors[0]),
        "改正这一行的代码，或它用到的数据",
    )


def _line_of_cell(chapter: Path, start: int, cell: dict) -> int | None:
    """The cell's first line of code: below the options that may stand between it and the fence."""
    first = "".join(cell["source"]).splitlines()[0]
    lines = chapter.read_text(encoding="utf-8-sig").splitlines()[start:]
    return start + lines.index(first) + 1 if first in lines else None


def _line_in_cell(output: dict) -> int:
    """How many lines below the first the error is, according to the traceback."""
    found = re.search(r"Cell In\[\d+\], line (\d+)", _plain("\n".join(output["traceback"])))
    return int(found[1]) - 1 if found else 0


def _words(output: dict) -> str:
    """What the error says, without the name of a file that nobody has."""
    return re.sub(r" \(\d+\.py, line \d+\)$", "", _plain(output["evalue"]).strip())


def _plain(text: str) -> str:
    return re.sub(r"\x1b\[[\d;]*m", "", text)
