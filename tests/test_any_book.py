"""What holds for every book of this kind, whatever policy it explains; `new` gives these to a new book."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pypdf
import pytest
from bs4 import BeautifulSoup

from explainer import checks
from explainer.project import current


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, BeautifulSoup]:
    return {
        path.stem: BeautifulSoup(path.read_text("utf-8"), "html.parser")
        for path in site.glob("*.html")
    }


def words(element) -> str:
    return re.sub(r"\s", "", element.get_text())


def test_the_checks_find_nothing() -> None:
    assert [str(finding) for finding in checks.run(current())] == []


def test_every_sentence_of_the_source_stands_in_a_chapter_and_in_the_full_text(pages) -> None:
    quoted = "".join(
        words(block) for name in current().explaining for block in pages[name].select("blockquote")
    )
    for id, sentence in current().source.sentences.items():
        assert re.sub(r"\s", "", sentence.text) in quoted, id
        assert words(pages["source"].find(id=sentence.anchor)) == re.sub(r"\s", "", sentence.text)


def test_headings_of_the_full_text_are_the_source_s(pages) -> None:
    headings = [heading.find(string=True) for heading in pages["source"].select("article h2")]
    assert headings == [chapter.title for chapter in current().source.chapters]


def test_all_quotations_link_to_where_they_stand(pages) -> None:
    for name in current().explaining:
        links = pages[name].select("article .source-link")
        assert links
        for link in links:
            file, _, anchor = link["href"].partition("#")
            assert file == "source.html" and pages["source"].find(id=anchor), (name, link["href"])


def test_links_lead_somewhere_and_nothing_is_asked_of_other_hosts(site: Path, pages) -> None:
    for name, page in pages.items():
        for element in page.select("[href], [src]"):
            address = element.get("href") or element.get("src")
            parts = urlsplit(address)
            if parts.scheme and (element.name == "a" or "canonical" in element.get("rel", ())):
                continue
            assert not parts.scheme and not parts.netloc, (name, address)
            # A lost reader's page begins at the root, wherever that may be.
            file = re.sub(r"^(\.\.)?(/\.\.)*/", "", unquote(parts.path)) or f"{name}.html"
            assert (site / file).exists(), (name, address)
            if parts.fragment and file.endswith(".html"):
                assert pages[Path(file).stem].find(id=unquote(parts.fragment)), (name, address)


def test_the_meeting_edition_has_every_chapter(site: Path) -> None:
    (path,) = (site.parent / "pdf").glob("meeting-edition-2*.pdf")
    text = "".join(page.extract_text() for page in pypdf.PdfReader(path).pages)
    text = re.sub(r"\s", "", text)
    for chapter in current().source.chapters:
        assert re.sub(r"\s", "", chapter.heading) in text
