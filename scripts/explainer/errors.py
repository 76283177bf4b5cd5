"""What an editor can get wrong, said in Chinese with file, line and remedy."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from .paths import ROOT


class EditorError(Exception):
    """One finding: what is wrong, where (file, 1-based line), and how to mend it."""

    fixable = False  # whether `check --fix` can mend it

    def __init__(
        self,
        message: str,
        file: Path | str | None = None,
        line: int | None = None,
        remedy: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.file = file
        self.line = line
        self.remedy = remedy
        self.errors: list[EditorError] = [self]

    @property
    def where(self) -> str:
        """`book/chapter.md:31`, relative to the repository where possible; empty when unknown."""
        if self.file is None:
            return ""
        path = Path(self.file)
        if path.is_absolute() and path.is_relative_to(ROOT):
            path = path.relative_to(ROOT)
        name = str(path).replace(os.sep, "/")
        return name if self.line is None else f"{name}:{self.line}"

    @property
    def words(self) -> str:
        """The finding without its place."""
        text = self.message if self.message.endswith("。") else f"{self.message}。"
        if self.remedy:
            text += f"改法：{self.remedy.removesuffix('。')}。"
        return text

    def __str__(self) -> str:
        return f"{self.where}: {self.words}" if self.where else self.words


class EditorErrors(EditorError):
    """Several findings at once; prints one a line."""

    def __init__(self, errors: list[EditorError]) -> None:
        super().__init__(f"共有 {len(errors)} 处要改")
        self.errors = errors

    def __str__(self) -> str:
        return "\n".join(str(error) for error in self.errors)


# Windows' own numbers: 32 and 33 say that another program holds the file.
_HELD, _TOO_LONG, _NO_LINKS = (32, 33), 206, 1314

DISK_FULL = EditorError("磁盘空间不够", remedy="清出至少 2 GB 空间后再运行")


def no_permission(path: object) -> EditorError:
    return EditorError(
        f"没有写入权限，或文件正被别的程序占用：{path}",
        remedy="关掉正在使用它的程序（例如 Excel、编辑器、另一个窗口），或把项目放到自己能写的文件夹里，再运行",
    )


def in_use(path: object) -> EditorError:
    return EditorError(
        f"文件正被别的程序打开着：{path}",
        remedy="在 Excel、WPS 或编辑器里关掉它，关掉资源管理器里的预览，再运行",
    )


def from_os_error(error: OSError) -> EditorError | None:
    """The sentence for what a computer runs out of or forbids; None for what is our own fault."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DISK_FULL
    if getattr(error, "winerror", None) == _NO_LINKS:
        return EditorError(
            "Windows 不让这个用户建立链接",
            remedy="publish 用在 Linux 服务器上；要在 Windows 上试，先打开“开发人员模式”",
        )
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return in_use(error.filename) if _is_held(error) else no_permission(error.filename)
    if error.errno == errno.ENAMETOOLONG or getattr(error, "winerror", None) == _TOO_LONG:
        return EditorError(
            "文件夹放得太深，文件名太长",
            remedy="把整个项目移到离根目录近一点的地方，例如 D:\\book，再运行",
        )
    return None


def _is_held(error: OSError) -> bool:
    """Whether another program has the file open. Opening one, Windows only says that it is not allowed."""
    if getattr(error, "winerror", None) in _HELD:
        return True
    return os.name == "nt" and isinstance(error.filename, str) and os.path.isfile(error.filename)
