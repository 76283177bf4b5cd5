"""The engine (scripts/explainer) knows no book: what this one is made of, words and names, is nowhere in it."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterable, Iterator

from explainer import tables
from explainer.checks.book import Book
from explainer.checks.chapters import Target
from explainer.paths import CHARTS, ROOT
from explainer.project import Project, current

ENGINE = ROOT / "scripts" / "explainer"
TEMPLATE = ENGINE / "new" / "template"  # the pages that another book begins with
KINDS = {".py", ".js", ".css", ".html", ".typ", ".conf", ".svg"}
HAN = re.compile("[\u4e00-\u9fff]+")
# A run with one of these in it is ordinary speech.
ORDINARY = set("的和是了在不这那有一")
GENRE = "政策解读"  # what the engine is for: books that explain such a document
# Words of the source that the engine says of whatever it serves: in which file, and why.
ITS_OWN = {
    "checks/authority.py: 规划": "one of the kinds of documents whose words are asked for",
    "checks/authority.py: 政策": "another",
    "checks/unsaid.py: 规划": "what every plan is called",
    "checks/unsaid.py: 发展": "an office's name, and an idiom of success",
    "checks/unsaid.py: 科技": "an office's name",
    "pdf/builder.py: 政策": "a cover's last line is 政策解读, or 解读",
}
# Names that mean something else in the engine, or on the web: between quotation marks, and as a file.
WORDS = {
    "index": "a directive of Sphinx",
    "contents": "a directive of docutils",
    "source": "data/source/, and the column that ties a row to the text",
    "data": "the folder of the tables",
    "coverage": "the rule of this name, and what Sphinx calls its warnings",
    "official": "the class of a line in every page's foot",
    "browsers": "the folder of browsers to test with",
    "offline": "one of the files of a release",
}
FILES = {"index": "a server's name for the page at an address without one"}


def engine() -> dict[str, str]:
    """Every file of the engine, those that it gives to a new book included, by its place."""
    files = [
        path
        for path in ENGINE.rglob("*")
        if path.suffix in KINDS or TEMPLATE in path.parents and path.is_file()
    ]
    assert len(files) > 100
    return {
        path.relative_to(ENGINE).as_posix(): path.read_text("utf-8")
        for path in sorted(files)
        if "__pycache__" not in path.parts
    }


def runs(texts: Iterable[str], length: int) -> Counter[str]:
    """How often each run of so many Chinese characters stands in these texts, ordinary speech left out."""
    found = (match[0] for text in texts for match in HAN.finditer(text))
    parts = (run[i : i + length] for run in found for i in range(len(run) - length + 1))
    return Counter(part for part in parts if not ORDINARY & set(part))


def words_of_the_source() -> set[str]:
    """Three characters that follow each other in it, and any two that do so again and again."""
    texts = [
        current().source.title,
        *(chapter.heading for chapter in current().source.chapters),
        *(p.text for p in current().source.paragraphs.values()),
    ]
    return {*runs(texts, 3), *(pair for pair, count in runs(texts, 2).items() if count > 7)}


def words_of_the_tables() -> set[str]:
    """The terms, and what the tables say in the source's words; their titles."""
    cells = [
        str(row[field.alias])
        for table in current().tables.values()
        for field in table.fields
        if field.source not in (None, "authority")
        or table.name == tables.GLOSSARY
        and field.alias == "term"
        for row in table.frame.to_dict("records")
    ]
    own = (tables.GLOSSARY, tables.AUTHORITIES, tables.ODDITIES, tables.USAGE)
    titles = [table.title for table in current().tables.values() if table.name not in own]
    return {
        word
        for word in (*titles, *(HAN.findall(cell)[0] for cell in cells if HAN.search(cell)))
        if len(word) > 2
    }


def words_of_the_charts() -> set[str]:
    """What a chart's own code calls things by: the keys of its marks, the source's words that it is drawn with."""
    found: set[str] = set()
    for path in (ROOT / CHARTS).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and 4 < len(node.value) < 25
                and HAN.fullmatch(node.value)
            ):
                found.add(node.value)
    return found


def found_in(files: dict[str, str], words: Iterable[str]) -> Iterator[str]:
    bare = {name: text.replace(GENRE, "\n") for name, text in files.items()}
    everything = "\n".join(bare.values())
    for word in sorted(set(words) - {GENRE}):
        if word in everything:
            yield from (f"{name}: {word}" for name, text in bare.items() if word in text)


def pages() -> set[str]:
    """The names of this book's pages."""
    return {path.stem for path in (ROOT / "book").glob("*.md")}


def names() -> set[str]:
    """Of its pages, of the labels on them, of its tables with their files, of its charts; not of tables that the engine asks for."""
    labels = {
        target.name for chapter in Book(Project(ROOT)).chapters for target in chapter.parts(Target)
    }
    described = {
        name for table in current().tables.values() for name in (table.name, table.path.stem)
    }
    charts = {
        name
        for path in (ROOT / CHARTS).glob("[a-z]*.py")
        for name in (path.stem, path.stem.replace("_", "-"))
    }
    return {*pages(), *labels, *described, *charts} - {
        tables.GLOSSARY,
        tables.AUTHORITIES,
        tables.ODDITIES,
        tables.USAGE,
    }


def words_in(files: dict[str, str], names: Iterable[str]) -> Iterator[str]:
    """Names between quotation marks, and charts that are called by theirs."""
    return _used(files, names, r"([\"'`])%s\1|\bcharts\.%s\b")


def files_in(files: dict[str, str], names: Iterable[str]) -> Iterator[str]:
    """Pages that are named as a file or for an address."""
    return _used(
        files,
        names,
        r"(?<![\w-])%s\.(?:md|html)\b|(?:pathto|hasdoc)\([\"']%s[\"']|_uri\([^()\n]*[\"']%s[\"']",
    )


def _used(files: dict[str, str], names: Iterable[str], pattern: str) -> Iterator[str]:
    for name in sorted(names):
        use = re.compile(pattern.replace("%s", re.escape(name)))
        yield from (f"{file}: {name}" for file, text in files.items() if use.search(text))


def of_the_engine_alone() -> dict[str, str]:
    return {name: text for name, text in engine().items() if not name.startswith("new/")}


def test_no_words_of_the_source_in_the_engine() -> None:
    words = words_of_the_source()
    assert len(words) > 500 and current().source.title[1:4] in words
    assert [line for line in found_in(engine(), words) if line not in ITS_OWN] == []


def test_no_words_of_tables_and_charts_in_the_engine() -> None:
    words = words_of_the_tables() | words_of_the_charts()
    assert len(words) > 50
    assert list(found_in(engine(), words)) == []


def test_no_names_of_this_books_pages_tables_and_charts_in_the_engine() -> None:
    files = of_the_engine_alone()
    assert {*current().explaining} <= pages() <= names() | {tables.GLOSSARY} and len(names()) > 40
    assert list(words_in(files, names() - set(WORDS))) == []
    assert list(files_in(files, pages() - set(FILES))) == []


def test_what_is_shared_is_in_use_on_both_sides() -> None:
    """An exception that is no longer needed would hide the next fault."""
    files = of_the_engine_alone()
    assert {*ITS_OWN} <= {*found_in(files, words_of_the_source())}
    assert {*WORDS, *FILES} <= names()
    assert {line.rpartition(" ")[2] for line in words_in(files, WORDS)} == set(WORDS)
    assert {line.rpartition(" ")[2] for line in files_in(files, FILES)} == set(FILES)


def test_a_word_or_a_name_that_is_put_back_is_found() -> None:
    for word in (
        *sorted(words_of_the_source())[:3],
        *words_of_the_tables(),
        *words_of_the_charts(),
    ):
        if word != GENRE:
            assert list(found_in({"style.py": f"# 甲{word}乙：什么"}, {word})) == [
                f"style.py: {word}"
            ]
    chapter = current().explaining[0]
    for use in (f'"{chapter}"', f"pathto('{chapter}')", f"charts.{chapter}()"):
        assert list(words_in({"layout.html": f"x = {use}"}, {chapter})) == [
            f"layout.html: {chapter}"
        ]
    for use in (f"{chapter}.html#s1", f"book/{chapter}.md", f"例如 ({chapter}.md)"):
        assert list(files_in({"links.py": f"x = {use}"}, {chapter})) == [f"links.py: {chapter}"]
    assert (
        list(words_in({"a.py": f"{chapter}s = {chapter} + 1"}, {chapter}))
        == list(files_in({"a.py": f"some-{chapter}.html"}, {chapter}))
        == []
    )
