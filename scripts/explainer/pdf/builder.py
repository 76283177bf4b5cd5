"""Makes the PDF while the site is being built: after all chapters are read, before the first page is written.

So the pages can link to it with its size, and a mistake in a chapter is reported once for both.
"""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import segno
import typst
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.util import logging
from sphinx.util.tags import Tags

from .. import style
from ..errors import EditorError
from ..project import of
from ..sphinx import downloads, places
from . import edition as editions
from . import fonts
from .edition import FORMS, Edition, Form
from .markup import call, text, without_runt
from .writer import Book, Writer

logger = logging.getLogger(__name__)

TEMPLATE = Path(__file__).parent / "template.typ"
NAME = "meeting"
FRONT_TITLE = "一页读懂"
# In a title: before what a document's own title has in brackets at its end, after that title, before what is made of it.
_PAUSES = re.compile("(?=（[^（）》]*）》)|(?<=》)(?=[^》]+$)|(?=政策解读$)|(?<!政策)(?=解读$)")
ROUNDS = 6  # in each, Typst settles three or four charts more
FROZEN_ROUNDS = 3
DATA_TITLE = "附：图的数据"
DATA_NOTE = "图里的每一块都有出处，出处是原文里句子的编号。引文从略，按编号就能在“{}”里找到。"


class MeetingBuilder(Builder):
    """Resolves the chapters for paper, and sets them."""

    name = NAME
    format = "typst"
    epilog = ""
    supported_image_types = ["image/svg+xml", "image/png", "image/jpeg"]
    allow_parallel = False

    def __init__(self, app: Sphinx, env) -> None:
        tags = app.tags
        app.tags = Tags([self.name, self.format])  # `only` blocks for the web stay out
        super().__init__(app, env)
        app.tags = tags

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        return f"%{docname}"

    def get_relative_uri(self, from_: str, to: str, typ: str | None = None) -> str:
        return self.get_target_uri(to, typ)

    def get_outdated_docs(self) -> str:
        return "all chapters"

    def prepare_writing(self, docnames: set[str]) -> None:
        pass

    def write_doc(self, docname: str, doctree: nodes.document) -> None:
        pass

    def make(self, folder: Path, root: Path) -> Edition | None:
        """Puts the PDFs into `folder`; None when a chapter has something that cannot be printed, which has been said."""
        work = folder / "typst"
        (work / "images").mkdir(parents=True)
        shutil.copy(TEMPLATE, work)
        chosen = fonts.chosen(self.config.explainer_meeting_fonts)
        for face, family in chosen.missing:
            logger.info("会议版：这台电脑上没有字体“%s”，%s改用随书的字体。", family, face, type="explainer")
        address = self.config.html_baseurl
        book = Book(
            Path(self.srcdir),
            lambda name: self._chart(work, name, chosen.families["黑体"]),
            places.page_of(self.env, places.FULL_TEXT),
            address=f"{address.rstrip('/')}/" if address else "",
            left_out=frozenset(self.config.explainer_meeting_without),
        )
        markup = self._book(book)
        book.check_references()
        if book.faulty:
            return None
        for name, path in book.images.items():
            shutil.copy(path, work / name)
        for name, target in book.qr_codes.items():
            segno.make_qr(target, error="m").save(str(work / name), border=0, xmldecl=False, svgns=True)
        edition = self._edition(root, markup, chosen, work)
        settings = self._settings(edition) | {"fonts": chosen.families}
        (work / "edition.json").write_text(json.dumps(settings, ensure_ascii=False), "utf-8")
        (work / "book.typ").write_text(f'#import "template.typ": *\n{markup}', "utf-8")
        for form in FORMS:
            _compile(work, folder / edition.file(form), edition, form, chosen.files)
        shutil.rmtree(work)
        return edition

    # ---- the chapters

    def _book(self, book: Book) -> str:
        """All chapters, the home page last: what it shows before its time is printed in full where it belongs."""
        root = self.config.root_doc
        included = [name for name in self._below(self.env.toctree_includes.get(root, [])) if name not in book.left_out]
        book.chapters = {root, *included}
        chapters = [
            Writer(book, docname, number).chapter(self._resolved(docname))
            for number, docname in enumerate(included, 1)
        ]
        front, rest = self._front(book, self._resolved(root))
        title = text(FRONT_TITLE) if front else ""
        return call("book", f"[{title}]", f"[{front}]", body="".join([rest, *chapters, _chart_data(book, places.title_of(self.env, places.FULL_TEXT))])) + "\n"

    def _below(self, docnames: list[str]) -> Iterator[str]:
        """The chapters in the order of the contents, those below others included; each once."""
        waiting, seen = list(docnames), {self.config.root_doc}
        while waiting:
            docname = waiting.pop(0)
            if docname not in seen:
                seen.add(docname)
                yield docname
                waiting[:0] = self.env.toctree_includes.get(docname, [])

    def _resolved(self, docname: str) -> nodes.document:
        doctree = self.env.get_doctree(docname)
        self.env.apply_post_transforms(doctree, docname)
        return doctree

    def _front(self, book: Book, doctree: nodes.document) -> tuple[str, str]:
        """The home page in two: what fits on the one page at the front, and its other sections as chapters."""
        top = next(doctree.findall(nodes.section))
        sections = [child for child in top.children if isinstance(child, nodes.section)]
        short = next((section for section in sections if self.config.explainer_meeting_front in section["ids"]), None)
        writer = Writer(book, self.config.root_doc)
        writer.learn_footnotes(doctree)
        if short is None:
            return "", writer.chapter(doctree)
        loose = [child for child in top.children if not isinstance(child, (nodes.section, nodes.title))]
        anchors = "".join(writer.anchor(id) for id in ("", *top["ids"], *short["ids"]))
        front = anchors + writer.all(loose) + writer.all(short.children[1:])
        return front, writer.all(section for section in sections if section is not short)

    # ---- charts, edition

    def _chart(self, work: Path, name: str, families: list[str]) -> str:
        """The chart as the site offers it, and narrow, in the edition's font; the name of its file."""
        folder = downloads.charts(self.app)
        for file, source in ((name, folder), (f"{name}-narrow", folder / downloads.NARROW)):
            drawn = (source / f"figure-{name}.svg").read_text("utf-8")
            (work / f"{file}.svg").write_text(style.with_font(without_unseen(drawn), ", ".join(families)), "utf-8")
        return f"{name}.svg"

    def _edition(self, root: Path, markup: str, chosen: fonts.Fonts, work: Path) -> Edition:
        files = [path.read_bytes() for path in sorted(work.rglob("*")) if path.is_file()]
        source = of(self.app).source_register.read_text("ascii").split()[0]
        content = editions.digest(markup.encode(), repr(chosen.families).encode(), *files)
        number = str(self.config.explainer_edition)
        return Edition(number, editions.epoch(root), editions.grouped(source), content)

    def _settings(self, edition: Edition) -> dict:
        year, month, day = map(int, edition.date.split("-"))
        title = self.env.titles[self.config.root_doc].astext()
        colors = {"ink": "ink", "soft": "ink-soft", "main": "main", "edge": "edge"}
        filled = [[key, value] for key, value in self.config.explainer_publication.items() if value]
        return {
            "title": title,
            "short": self.config.html_title,
            "author": self.config.author,
            "full-text": places.title_of(self.env, places.FULL_TEXT),
            "cover-lines": _cover_lines(title),
            "date": {"year": year, "month": month, "day": day},
            "colors": {name: style.PALETTE[color][0] for name, color in colors.items()},
            "publication": filled,
            "edition": edition.number,
            "edition-date": edition.date,
            "source-fingerprint": edition.source,
            "content-fingerprint": edition.content,
        }


def without_unseen(svg: str) -> str:
    """A chart without what is wholly transparent: on paper it never shows, but a PDF's text would have its words."""
    root = ET.fromstring(svg)
    for parent in list(root.iter()):
        for child in [child for child in parent if float(child.get("opacity", "1")) == 0]:
            parent.remove(child)
    return ET.tostring(root, encoding="unicode")


def _cover_lines(title: str) -> list[str]:
    """A long title in lines that end where a reader would pause."""
    return [line for line in _PAUSES.split(title) if line]


def _chart_data(book: Book, full_text: str) -> str:
    """The chapter at the end with what the charts show."""
    if not book.chart_data:
        return ""
    heading = call("chapter", body=text(DATA_TITLE))
    return "\n".join(["", heading, call("para", body=without_runt(text(DATA_NOTE.format(full_text)))), *book.chart_data, ""])


def _compile(work: Path, target: Path, edition: Edition, form: Form, files: typst.Fonts) -> None:
    inputs = {"scale": str(form.scale), "floating": ""}
    try:
        for number in range(ROUNDS + FROZEN_ROUNDS):
            if number == ROUNDS:  # they push each other to and fro: what floats now shall float
                inputs["frozen"] = "yes"
            compiler = typst.Compiler(str(work / "book.typ"), root=str(work), font_paths=files, sys_inputs=inputs)
            pdf, warnings = compiler.compile_with_warnings(pdf_standards=["ua-1"], timestamp=edition.epoch)
            if not any("converge" in warning.message for warning in warnings):
                target.write_bytes(pdf)
                return
            inputs["floating"] = " ".join(json.loads(compiler.query("<floating>", field="value")))
    except typst.TypstError as error:
        raise EditorError(
            f"会议版没有排成（工具的原话：{error.message}）", remedy="请把这句话告诉维护人员"
        ) from error
    raise EditorError("会议版没有排成：图和表的位置定不下来", remedy="请把这句话告诉维护人员")


@contextlib.contextmanager
def _in_place_of_html(app: Sphinx) -> Iterator[MeetingBuilder]:
    """Post-transforms ask the application which builder it is; for the chapters on paper it is this one."""
    html = app.builder
    app.builder = app.create_builder(NAME)
    try:
        app.builder.init()
        yield app.builder
    finally:
        app.builder = html


def folder(app: Sphinx) -> Path:
    """Where the PDFs are made: among Sphinx's own working files, since what lies beside the site may be anybody's."""
    return Path(app.doctreedir) / "pdf"


def _make(app: Sphinx, env) -> None:
    if app.builder.format != "html" or app.tags.has("preview"):
        return
    shutil.rmtree(folder(app), ignore_errors=True)
    with _in_place_of_html(app) as builder:
        app.explainer_edition = builder.make(folder(app), of(app).root)
    if app.explainer_edition:
        logger.info("排好会议版：%d 份 PDF", len(FORMS), type="explainer", subtype="step")


def _page_context(app: Sphinx, pagename, templatename, context, doctree) -> None:
    """What the pages say of the PDFs: their addresses in the site, their size and date."""
    edition = getattr(app, "explainer_edition", None)
    if edition:
        context["editions"] = [
            {
                "title": form.title,
                "file": f"{places.DOWNLOADS}/{edition.file(form)}",
                "size": f"{(folder(app) / edition.file(form)).stat().st_size / 1e6:.1f} MB",
                "date": edition.date,
            }
            for form in FORMS
        ]


def _offer(app: Sphinx, exception: Exception | None) -> None:
    edition = getattr(app, "explainer_edition", None)
    if edition and not exception:
        for form in FORMS:
            shutil.copy(folder(app) / edition.file(form), Path(app.outdir) / places.DOWNLOADS)


def _prefer_html_outputs(app: Sphinx, config) -> None:
    """A chart's cell gives its HTML first, which names the chart."""
    config.nb_mime_priority_overrides = [*config.nb_mime_priority_overrides, (NAME, "text/html", 0)]


def setup(app: Sphinx) -> None:
    app.add_builder(MeetingBuilder)
    app.add_config_value("explainer_meeting_without", [], "")
    app.add_config_value("explainer_meeting_front", "", "")
    app.add_config_value(fonts.SETTING, {}, "")
    app.connect("config-inited", _prefer_html_outputs, priority=100)
    app.connect("env-check-consistency", _make, priority=900)
    app.connect("html-page-context", _page_context)
    # After the site's own downloads, which make the folder.
    app.connect("build-finished", _offer, priority=900)
