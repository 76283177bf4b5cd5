"""A book: where its files lie, and what they say, each read when it is first asked for."""

from __future__ import annotations

import contextlib
import hashlib
import os
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import yaml
from sphinx_external_toc.api import SiteMap
from sphinx_external_toc.parsing import MalformedError, parse_toc_data

from . import text
from .errors import EditorError, EditorErrors
from .paths import ROOT
from .text import SourceText

if TYPE_CHECKING:
    import pandas as pd
    from sphinx.application import Sphinx

    from .tables import Table

LOADER = getattr(
    yaml, "CSafeLoader", yaml.SafeLoader
)  # many times as fast; its words for mistakes are others
HERE = "EXPLAINER_ROOT"  # names the book's folder to a process that works for a book elsewhere than this program


@dataclass(frozen=True)
class Part:
    """A part of the contents: its name, its pages, and all of them with those below."""

    caption: str
    pages: tuple[str, ...]
    all_pages: tuple[str, ...]


class Project:
    """The book under `root`. Made once for a task and passed down: a new one reads all anew."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.chapters, self.data, self.build = root / "book", root / "data", root / "_build"
        self.settings, self.contents = root / "_config.yml", root / "_toc.yml"
        self.source_file = self.data / "source" / "interpretation.txt"
        self.source_register = self.source_file.with_name(f"{self.source_file.name}.sha256")

    @cached_property
    def source(self) -> SourceText:
        """The source text. Raises EditorError."""
        return text.read(self.source_file)

    @property
    def tables(self) -> dict[str, Table]:
        """All tables by name. Raises EditorErrors."""
        found, errors = self.tables_or_errors
        if errors:
            raise EditorErrors(list(errors))
        return found

    @cached_property
    def tables_or_errors(self) -> tuple[dict[str, Table], tuple[EditorError, ...]]:
        """All tables by name, or what is wrong with them. Raises EditorError for what is wrong with the source."""
        source, digest = (
            self.source,
            hashlib.sha256(Path(__file__).with_name("tables.py").read_bytes()),
        )
        for path in sorted([*self.data.glob("*.csv"), *self.data.glob("*.json")]):
            if path.is_file():
                digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
        return _tables(self.data, source, digest.hexdigest(), self.build / "tables-are-well-formed")

    def table(self, name: str) -> Table:
        """One table by its name in datapackage.json. Raises EditorError when there is none."""
        if name not in self.tables:
            raise EditorError(
                f"没有名叫“{name}”的表格", remedy=f"可用的有 {'、'.join(self.tables)}"
            )
        return self.tables[name]

    def frame(self, name: str) -> pd.DataFrame:
        """A copy of one table's frame, to reshape at will."""
        return self.table(name).frame.copy()

    def term_id(self, term: str) -> str:
        """The id of a term on the glossary page. Raises EditorError when it is not in the glossary."""
        from .tables import GLOSSARY

        glossary = self.table(GLOSSARY)
        ids = glossary.frame.set_index("term")["id"]
        if term not in ids.index:
            raise EditorError(
                f"名词解释里没有“{term}”", remedy=f"在 data/{glossary.path.name} 里加一行，或不标它"
            )
        return str(ids[term])

    @cached_property
    def sites(self) -> SiteMap | None:
        """`_toc.yml`; None when it cannot be read, which `settings` reports."""
        try:
            return parse_toc_data(yaml.load(self.contents.read_text("utf-8-sig"), LOADER))
        except (OSError, UnicodeDecodeError, yaml.YAMLError, ValueError, MalformedError):
            return None

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """The parts of the contents; none when they cannot be read."""
        sites = self.sites
        if sites is None:
            return ()

        def below(page: str) -> list[str]:
            inner = [
                str(item)
                for tree in sites[page].subtrees
                for item in tree.items
                if str(item) in sites
            ]
            return [page, *(name for child in inner for name in below(child))]

        parts = []
        for tree in sites.root.subtrees:
            pages = tuple(str(item) for item in tree.items if str(item) in sites)
            parts.append(
                Part(
                    tree.caption or "", pages, tuple(name for page in pages for name in below(page))
                )
            )
        return tuple(parts)

    @property
    def pages(self) -> list[str] | None:
        """All pages, the home page first; None when `_toc.yml` cannot be read."""
        if self.sites is None:
            return None
        return list(dict.fromkeys([self.sites.root.docname, *self.sites]))

    @property
    def explaining(self) -> tuple[str, ...]:
        """The pages that explain the source, and together hold all of it: those of the first part, and those below them."""
        return self.parts[0].all_pages if self.parts else ()


@lru_cache(maxsize=4)
def _tables(
    data: Path, source: SourceText, digest: str, proof: Path
) -> tuple[dict[str, Table], tuple[EditorError, ...]]:
    """The tables with this fingerprint: reading them anew would take most of a check.

    That their form is right is remembered in `proof`: to find out takes longer than all other checks together.
    """
    from . import tables  # pandas takes a second, which not every command should cost

    known = proof.is_file() and proof.read_text("ascii") == digest
    try:
        found = tables.load(data, source, well_formed=known)
    except EditorError as error:
        return {}, tuple(error.errors)
    if not known:
        with contextlib.suppress(OSError):  # a folder that may only be read
            proof.parent.mkdir(exist_ok=True)
            proof.write_text(digest, "ascii")
    return found, ()


def of(app: Sphinx) -> Project:
    """The book that Sphinx builds; as long as it builds, nothing is read twice."""
    known: dict[str, Project] = vars(app)
    return known.setdefault("explainer_book", Project(Path(app.srcdir).parent))


def current() -> Project:
    """The book that this process works for: the one beside this program, unless another was named to it."""
    return Project(Path(os.environ.get(HERE) or ROOT))
