"""What a page loads, made small and given lasting names: one style sheet, short scripts, nothing that no page uses.

Done on the finished pages, since only they show which of sphinx-design's 600 classes are in use. A file's name holds
a digest of its bytes, so that a server may tell browsers to keep it for ever.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

import lightningcss

from .script import shortened

# The oldest browsers in which pages keep their layout (the promise stands in README.md). Without them
# lightningcss writes media queries as ranges, which nothing before Chrome 104 and Safari 16.4 can read.
OLDEST = ["chrome 69", "safari 12", "firefox 78"]
SHEET = "site.css"
LIBRARY = "sphinx-design.min.css"

_WORD = re.compile(r"[A-Za-z][\w-]*", re.ASCII)
_CLASS = re.compile(r"\.([A-Za-z][\w-]*)", re.ASCII)
_KEYFRAMES = re.compile(r"@keyframes ([\w-]+)", re.ASCII)
_IN_PAGE = re.compile(r'(="[^"]*\b_static/)([\w.-]+)(?:\?v=\w+)?(?=")', re.ASCII)
_IN_FILE = re.compile(rb'"([\w-]+\.\w+)"')


def one_sheet(own: str, library: str, words: set[str]) -> str:
    """Our own sheet after what is used of the library's: a class that is no word of the pages and scripts goes."""
    classes = set(_CLASS.findall(library))
    if not classes & words:
        return lightningcss.process_stylesheet(own, browsers_list=OLDEST)
    unused = classes - words
    sheet = lightningcss.process_stylesheet(
        library + own, unused_symbols=unused, browsers_list=OLDEST
    )
    idle = {
        name for name in _KEYFRAMES.findall(sheet) if len(re.findall(rf"\b{name}\b", sheet)) == 1
    }
    return lightningcss.process_stylesheet(sheet, unused_symbols=idle, browsers_list=OLDEST)


class LastingNames:
    """The files of a folder under names that change with their bytes; what they mention follows."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.names: dict[str, str] = {}

    def of(self, name: str) -> str:
        """The lasting name; any other word comes back as it is."""
        if name not in self.names:
            path = self.folder / name
            if not path.is_file():
                return name
            content = path.read_bytes()
            if path.suffix in (".css", ".js"):
                content = _IN_FILE.sub(
                    lambda found: b'"%s"' % self.of(found[1].decode()).encode(), content
                )
            digest = hashlib.sha256(content).hexdigest()[:10]
            self.names[name] = f"{path.stem}.{digest}{path.suffix}"
            (self.folder / self.names[name]).write_bytes(content)
        return self.names[name]

    def drop_others(self) -> None:
        """Removes the files that were never asked for, and the old names of those that were."""
        for path in self.folder.iterdir():
            if path.name not in self.names.values():
                path.unlink()


def finish(out: Path, scripts: Iterable[str]) -> None:
    """Makes the site's files small and its pages ask for them by their lasting names."""
    static = out / "_static"
    pages = {path: path.read_text("utf-8") for path in sorted(out.rglob("*.html"))}
    words = set(_WORD.findall("".join(pages.values())))
    for name in scripts:
        script = (static / name).read_text("utf-8")
        words.update(_WORD.findall(script))
        (static / name).write_bytes(shortened(script).encode())
    library = (static / LIBRARY).read_text("utf-8") if (static / LIBRARY).exists() else ""
    sheet = one_sheet((static / SHEET).read_text("utf-8"), library, words)
    (static / SHEET).write_bytes(sheet.encode())
    names = LastingNames(static)
    for path, page in pages.items():
        path.write_bytes(_IN_PAGE.sub(lambda found: found[1] + names.of(found[2]), page).encode())
    names.drop_others()
