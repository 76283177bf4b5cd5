"""Makes the PDFs from the doctrees of the site's build, so that a mistake in a chapter is reported once for both."""

from __future__ import annotations

import json
import re
import shutil
import traceback
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
import segno
import typst
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.tags import Tags

from .. import style
from ..drawings import Drawing
from ..errors import EditorError
from ..project import of
from ..sphinx import charts, places
from ..sphinx.listings import glossary_entry
from . import edition as editions
from . import fonts
from .edition import FORMS, FULL, Edition, Form
from .markup import call, printable, text, without_runt
from .writer import Book, Writer, say

logger = logging.getLogger(__name__)

TEMPLATE = Path(__file__).parent / "template.typ"
NAME = "meeting"
FRONT_TITLE = "一页读懂"
LAST_TITLE = "会上要确认的"
# In a title: before what a document's own title has in brackets at its end, after that title, before what is made of it.
_PAUSES = re.compile("(?=（[^（）》]*）》)|(?<=》)(?=[^》]+$)|(?=政策解读$)|(?<!政策)(?=解读$)")
ET.register_namespace("", "http://www.w3.org/2000/svg")  # an SVG is written as it was read
HOLE = 1 / 6  # of the page's height: what a chart that does not fit may leave empty
DATA_TITLE = "附：图的数据"
DATA_NOTE = "图里的每一块都有出处，出处是原文里句子的编号。引文从略，按编号就能在“{}”里找到。"


@dataclass(frozen=True)
class Printed:
    """A PDF with what the pages say of it."""

    title: str
    use: str
    file: str
    date: str
    pdf: bytes

    @property
    def size(self) -> str:
        return f"{len(self.pdf) / 1e6:.1f} MB"


class MeetingBuilder(Builder):
    """Resolves the chapters for paper, and sets them."""

    name = NAME
    format = "typst"
    epilog = ""
    supported_image_types = ["image/svg+xml", "image/png", "image/jpeg"]
    allow_parallel = False

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

    def make(self, work: Path, root: Path) -> list[Printed]:
        """The PDFs, set from files in `work`; none when a chapter has something that cannot be printed, which has been
        said."""
        chosen = fonts.chosen(self.config.explainer_meeting_fonts)
        for face, family in chosen.missing:
            logger.info(
                "会议版：这台电脑上没有字体“%s”，%s改用随书的字体。", family, face, type="explainer"
            )
        forms = [*FORMS, FULL] if self.config.explainer_meeting_holds else FORMS
        folders = {
            brief: work / ("brief" if brief else "full") for brief in {form.brief for form in forms}
        }
        if len(folders) == 1:  # nothing is chosen, so that all is printed
            written = {True: self._write(folders[True], root, chosen, brief=False)}
        else:
            written = {
                brief: self._write(folder, root, chosen, brief) for brief, folder in folders.items()
            }
        if None in written.values():
            return []
        with ThreadPoolExecutor() as threads:  # Typst lets Python work meanwhile
            pdfs = [
                threads.submit(
                    _compile, folders[form.brief], written[form.brief], form, chosen.files
                )
                for form in forms
            ]
        return [
            Printed(
                form.title,
                f"{form.use}（{_pages(pdf.result())}页）",
                written[form.brief].file(form),
                written[form.brief].date,
                pdf.result(),
            )
            for form, pdf in zip(forms, pdfs, strict=True)
        ]

    def _write(self, work: Path, root: Path, chosen: fonts.Fonts, brief: bool) -> Edition | None:
        """All that Typst reads, in a folder of its own; None when something cannot be printed, which has been said."""
        (work / "images").mkdir(parents=True)
        shutil.copy(TEMPLATE, work)
        address = self.config.html_baseurl
        book = Book(
            Path(self.srcdir),
            lambda node: charts.drawing(self.app, node),
            places.page_of(self.env, places.FULL_TEXT),
            address=f"{address.rstrip('/')}/" if address else "",
            left_out=frozenset() if brief else frozenset(self.config.explainer_meeting_without),
            brief=brief,
        )
        markup = self._brief(book) if brief else self._book(book)
        if not brief:  # in the brief form, what is not printed is no link
            book.check_references()
        if book.faulty:
            return None
        for drawing in book.charts.values():
            _put_chart(work, drawing, chosen.families["黑体"])
        for name, path in book.images.items():
            shutil.copy(path, work / name)
        for name, target in book.qr_codes.items():
            segno.make_qr(target, error="m").save(
                str(work / name), border=0, xmldecl=False, svgns=True
            )
        edition = self._edition(root, markup, chosen, work)
        settings = self._settings(edition) | {
            "fonts": chosen.families,
            "places": sorted(book.places) if brief else None,
        }
        words = printable(json.dumps(settings, ensure_ascii=False))
        (work / "edition.json").write_text(words, "utf-8")
        (work / "book.typ").write_text(f'#import "template.typ": *\n{markup}', "utf-8")
        return edition

    # ---- the chapters

    def _brief(self, book: Book) -> str:
        """What the settings choose, in their order: pages, and sections by their labels; the first fills page one."""
        root = self.config.root_doc
        book.chapters = {root, *self._below(self.env.toctree_includes.get(root, []))}
        doctrees = {name: self._resolved(name) for name in sorted(book.chapters)}
        sections = {
            id: (name, section)
            for name, doctree in doctrees.items()
            for section in doctree.findall(nodes.section)
            for id in section["ids"]
        }
        book.terms = frozenset(self.config.explainer_meeting_terms)
        # A chart stands after the paragraph of the source that it explains.
        after = {name: str(id) for id, name in self.config.explainer_meeting_charts.items()}
        for doctree in doctrees.values():
            for node in doctree.findall(charts.chart):
                if node["name"] in after:
                    book.charts_after[after.pop(node["name"])] = node
        for name in after:
            book.warn(
                "哪一章里都没有图“%s”。改法：核对 explainer_meeting_charts。",
                name,
                node=None,
                docname=root,
            )
        parts = []
        for label in self.config.explainer_meeting_holds:
            if label in doctrees:
                docname, part = label, next(doctrees[label].findall(nodes.section))
            elif label in sections:
                docname, part = sections[label]
            else:
                book.warn(
                    "没有“%s”这一节。改法：核对 explainer_meeting_holds。",
                    label,
                    node=None,
                    docname=root,
                )
                continue
            writer = Writer(book, docname)
            writer.learn_footnotes(doctrees[docname])
            if parts:
                if next(
                    part.findall(glossary_entry), None
                ):  # how all terms were looked up is the full form's
                    part.children = [
                        child for child in part.children if not isinstance(child, nodes.paragraph)
                    ]
                parts.append(writer.render(part))
            else:
                anchors = "".join(writer.anchor(id) for id in part["ids"])
                front = anchors + writer.all(part.children[1:])
                parts.append(f"[{text(part[0].astext())}], [{front}]")
        return (
            call("brief", parts[0], f"[{text(LAST_TITLE)}]", body="".join(parts[1:])) + "\n"
            if parts
            else ""
        )

    def _book(self, book: Book) -> str:
        """All chapters, the home page last: what it shows before its time is printed in full where it belongs."""
        root = self.config.root_doc
        included = [
            name
            for name in self._below(self.env.toctree_includes.get(root, []))
            if name not in book.left_out
        ]
        book.chapters = {root, *included}
        chapters = [
            Writer(book, docname, number).chapter(self._resolved(docname))
            for number, docname in enumerate(included, 1)
        ]
        front, rest = self._front(book, self._resolved(root))
        title = text(FRONT_TITLE) if front else ""
        return (
            call(
                "book",
                f"[{title}]",
                f"[{front}]",
                body="".join(
                    [
                        rest,
                        *chapters,
                        _chart_data(book, places.title_of(self.env, places.FULL_TEXT)),
                    ]
                ),
            )
            + "\n"
        )

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
        short = next(
            (
                section
                for section in sections
                if self.config.explainer_meeting_front in section["ids"]
            ),
            None,
        )
        writer = Writer(book, self.config.root_doc)
        writer.learn_footnotes(doctree)
        if short is None:
            return "", writer.chapter(doctree)
        loose = [
            child for child in top.children if not isinstance(child, (nodes.section, nodes.title))
        ]
        anchors = "".join(writer.anchor(id) for id in ("", *top["ids"], *short["ids"]))
        front = anchors + writer.all(loose) + writer.all(short.children[1:])
        return front, writer.all(section for section in sections if section is not short)

    # ---- charts, edition

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


def _put_chart(work: Path, drawing: Drawing, families: list[str]) -> None:
    """The chart as the site offers it, and narrow, in the edition's font."""
    for file, shape in ((drawing.name, "wide"), (f"{drawing.name}-narrow", "narrow")):
        drawn = printable(without_unseen(drawing.svg[shape]), "〓")
        svg = style.with_font(drawn, ", ".join(families))
        (work / f"{file}.svg").write_text(svg, "utf-8")


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
    return "\n".join(
        [
            "",
            heading,
            call("para", body=without_runt(text(DATA_NOTE.format(full_text)))),
            *book.chart_data,
            "",
        ]
    )


def _compile(work: Path, edition: Edition, form: Form, files: typst.Fonts) -> bytes:
    try:
        choice = json.loads((work / "edition.json").read_text("utf-8")).get("places") is not None
        for steady in ({}, {"steady": "yes"}):
            inputs = {"scale": str(form.scale), "floating": "", **steady}
            while True:
                compiler = typst.Compiler(
                    str(work / "book.typ"), root=str(work), font_paths=files, sys_inputs=inputs
                )
                pushed = _pushed(json.loads(compiler.query("<flow>", field="value")))
                # In a choice for a meeting a chart stands by the paragraph that it explains, and is small.
                if pushed is None or choice:
                    break
                inputs["floating"] += f" {pushed}"
            pdf, warnings = compiler.compile_with_warnings(
                pdf_standards=["ua-1"], timestamp=edition.epoch
            )
            if not any("converge" in warning.message for warning in warnings):
                break
        return pdf
    except typst.TypstError as error:
        raise EditorError(
            f"会议版没有排成（工具的原话：{error.message}）", remedy="请把这句话告诉维护人员"
        ) from error


def _pages(pdf: bytes) -> int:
    with pypdfium2.PdfDocument(pdf) as document:
        return len(document)


def _pushed(flow: list[dict]) -> str | None:
    """The first that stands whole on a later page than the text before it, and has left a hole there.

    What floats is none of these any more, so each is found once at most: there is an end to it.
    """
    before = None
    for place in flow:
        if place["what"] == "end":
            before = place
        elif before and (
            place["page"] == before["page"] + 1
            and before["left"] > HOLE
            or place["page"] > before["page"] + 1
        ):
            return place["what"]
    return None


def _on_paper(app: Sphinx) -> MeetingBuilder:
    """The builder, in a view of the application: the same chapters and settings, its own builder and tags.

    Sphinx's transforms ask the application for whom they work; the site's own stays as it is.
    """
    paper, env, events = copy(app), object.__new__(BuildEnvironment), copy(app.events)
    env.__dict__ = {**app.env.__dict__, "app": paper, "events": events}
    paper.tags = Tags()  # those of the builder alone: `only` blocks for the web stay out
    paper.env, paper.events, events.app = env, events, paper
    paper.builder = paper.create_builder(NAME)
    paper.builder.init()
    return paper.builder


def folder(app: Sphinx) -> Path:
    """Where the PDFs are made: among Sphinx's own working files, since what lies beside the site may be anybody's."""
    return Path(app.doctreedir) / "pdf"


def make(app: Sphinx) -> None:
    """Sets the PDFs, before the pages that offer them; a preview, and a book without this extension, have none.

    Whatever goes wrong here is said, and the site is made all the same: it has readers whom no PDF concerns.
    """
    if NAME not in app.registry.builders or app.tags.has("preview"):
        return
    shutil.rmtree(folder(app), ignore_errors=True)
    work = folder(app) / "typst"
    try:
        app.explainer_printed = _on_paper(app).make(work, of(app).root)
    except EditorError as error:
        say(str(error))
    except Exception as error:
        traceback.print_exc()  # into the log
        say(
            "会议版没有排成，是程序的毛病（%s：%s）。改法：请把这句话告诉维护人员。",
            type(error).__name__,
            error,
        )
    shutil.rmtree(work, ignore_errors=True)
    if app.explainer_printed:
        words = "排好会议版：%d 份 PDF"
        logger.info(words, len(app.explainer_printed), type="explainer", subtype="step")
    else:
        app.explainer_unprinted = True  # and said again at the next build
        say("没有会议版：先改好上面说的。网站照常生成，上面没有会议版的链接。")


def put(app: Sphinx) -> None:
    """Puts the PDFs among the site's downloads."""
    for printed in app.explainer_printed:
        for place in (folder(app), Path(app.outdir) / places.DOWNLOADS):
            (place / printed.file).write_bytes(printed.pdf)


def _prefer_html_outputs(app: Sphinx, config) -> None:
    """Of what a cell shows, paper looks at the HTML, to say that it cannot print it; a chart is a node of its own."""
    config.nb_mime_priority_overrides = [*config.nb_mime_priority_overrides, (NAME, "text/html", 0)]


def setup(app: Sphinx) -> None:
    app.add_builder(MeetingBuilder)
    app.add_config_value("explainer_meeting_without", [], "")
    app.add_config_value("explainer_meeting_front", "", "")
    app.add_config_value("explainer_meeting_holds", [], "")
    app.add_config_value("explainer_meeting_terms", [], "")
    app.add_config_value("explainer_meeting_charts", {}, "")
    app.add_config_value(fonts.SETTING, {}, "")
    app.connect("config-inited", _prefer_html_outputs, priority=100)  # before MyST-NB looks at it
