"""Charts: what a code cell may do, and the words that stand beside each."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from difflib import get_close_matches

from ..errors import EditorError
from ..paths import CHARTS
from ..settings import own_files
from .book import Book
from .chapters import Chapter, Directive
from .rule import Rules

RULES = Rules("图", blocks=True)

_IMPORT = "import charts"
_WORDS = {"title": "标题", "conclusion": "结论", "alternative": "替代文字"}


@RULES.chapter
def code_cells(chapter: Chapter, book: Book) -> Iterator[EditorError]:
    """代码格只放一张图：`charts.图的名字()`，第一格前面写 `import charts`。

    图的数据和画法都在 `scripts/charts/` 里，有测试看着；写在章节里就没有。
    """
    imported = False
    for cell in chapter.directives:
        if cell.name != "code-cell":
            continue
        for line, code in _code(cell, chapter):
            if code == _IMPORT:
                imported = True
                continue
            call = re.fullmatch(r"charts\.(\w+)\(\)", code)
            if not call:
                remedy = f"只留一行，例如“charts.{next(iter(book.figures), '图的名字')}()”；要改图，改 {CHARTS}/ 里的文件"
                if meant := re.match(r"charts[.。．]\s*(\w+)", code):
                    remedy = f"写成“charts.{meant[1]}()”，用半角，括号里不写别的"
                yield EditorError(f"代码格里不能写“{code[:30]}”", line=line, remedy=remedy)
            elif book.figures and call[1] not in book.figures:
                near = get_close_matches(call[1], book.figures, 1, 0.5)
                names = "、".join(f"charts.{name}()" for name in book.figures)
                remedy = f"写成“charts.{near[0]}()”" if near else f"可用的有 {names}"
                yield EditorError(f"没有名为“{call[1]}”的图", line=line, remedy=remedy)
            elif not imported:
                yield EditorError(
                    "本页的第一个代码格没有先取用 charts",
                    line=line,
                    remedy=f"在这一行上面加一行“{_IMPORT}”",
                )
                imported = True
        if "remove-input" not in cell.options.get("tags", ""):
            remedy = "在代码格的第二行写“:tags: [remove-input]”"
            yield EditorError("代码会显示给读者看", line=cell.line, remedy=remedy)


def _code(cell: Directive, chapter: Chapter) -> Iterator[tuple[int, str]]:
    """The lines of a cell's code, each with its number."""
    for number, row in enumerate(chapter.lines[cell.line :], cell.line + 1):
        code = row.strip()
        if re.fullmatch(r"`{3,}|~{3,}|:{3,}", code):
            return
        if code and not code.startswith("#") and not re.fullmatch(r":[\w-]+:.*", code):
            yield number, code


@RULES.book
def code_of_charts(book: Book) -> Iterator[EditorError]:
    """`scripts/charts/` 里的文件读得懂：引号、逗号是半角，引号成对，存成 UTF-8。

    一个文件读不懂，所有的图和网站都生成不了。
    """
    for path in own_files(book.root / CHARTS, "*.py"):
        try:
            raw = path.read_bytes()
            ast.parse(raw.decode("utf-8-sig"))
        except OSError:
            yield EditorError(
                "读不了这个文件",
                path,
                remedy="看看它是不是被别的程序占用着，能不能打开；不用它，就删去",
            )
        except UnicodeDecodeError as error:
            line = raw[: error.start].count(b"\n") + 1
            yield EditorError("文件不是 UTF-8 编码", path, line, "在编辑器里另存为 UTF-8")
        except (SyntaxError, ValueError) as error:
            remedy = '看这一行和上一行：字句前后用半角引号 "，成对；各项之间用半角逗号；话里的引号用中文的“ ”'
            yield EditorError(
                "画图的代码从这里起读不懂", path, getattr(error, "lineno", None) or 1, remedy
            )


@RULES.book
def words_of_charts(book: Book) -> Iterator[EditorError]:
    """每张图都有标题、一句结论和替代文字。

    只看图的人要有结论，看不见图的人要有替代文字。
    """
    for name, call in book.figures.items():
        if call is None:
            continue
        path = book.root / CHARTS / f"{name}.py"
        given = {keyword.arg: keyword.value for keyword in call.keywords}
        for key, word in _WORDS.items():
            value = given.get(key)
            if (
                value is None
                or isinstance(value, ast.Constant)
                and not str(value.value or "").strip()
            ):
                line = (value or call).lineno
                yield EditorError(
                    f"这张图没有{word}", path, line, f'在 Figure(…) 里写上 {key}="……"'
                )
