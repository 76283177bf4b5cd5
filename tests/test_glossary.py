"""The glossary as readers see it, on the site and on paper: whose words a meaning is, and on what authority."""

from __future__ import annotations

import re
from pathlib import Path

import pypdf
import pytest
from bs4 import BeautifulSoup, Tag

from explainer import tables
from explainer.project import current


@pytest.fixture(scope="module")
def entries(site: Path) -> dict[str, Tag]:
    page = BeautifulSoup((site / "glossary.html").read_text("utf-8"), "html.parser")
    return {entry["id"]: entry for entry in page.select(".glossary-entry")}


def labelled(entry: Tag, label: str) -> list[str]:
    return [
        p.get_text().removeprefix(label)
        for p in entry.select("p")
        if p.select_one(".entry-label").get_text() == label
    ]


def test_each_term_has_its_meaning_and_says_who_gives_it(entries) -> None:
    glossary = current().frame("glossary")
    assert list(entries) == list(glossary["id"])
    labels = {}
    for row in glossary.itertuples():
        (meaning,) = (p for p in entries[row.id].select("p") if row.explanation in p.get_text())
        labels[row.basis] = meaning.select_one(".entry-label").get_text()
        assert labels[row.basis].startswith("编者")
        assert labelled(entries[row.id], "查找记录：") == ([row.record] if row.record else [])
    assert len(set(labels.values())) == len(labels)


def test_each_authority_is_named_dated_and_quoted_to_the_letter_or_not_at_all(entries) -> None:
    authorities = {row.id: row for row in current().frame("authorities").itertuples()}
    assert {row.seen for row in authorities.values()} > {"一处"}
    for row in current().frame("glossary").itertuples():
        shown = entries[row.id].select(".authority")
        label = "依据：" if row.basis == "依据文件" else "参见："
        assert (
            len(shown) == len(tables.authorities_of(row)) == len(labelled(entries[row.id], label))
        )
        for paragraph, authority in zip(shown, map(authorities.get, tables.authorities_of(row))):
            for words in (
                authority.document,
                authority.article,
                authority.issuer,
                authority.number,
                authority.date,
                authority.later,
            ):
                assert words in paragraph.get_text()
            quoted = [q.get_text() for q in paragraph.select("q")]
            assert quoted == ([authority.words] if authority.seen != "一处" else [])
            assert [a["href"] for a in paragraph.select("a")] == (
                [authority.address] if authority.address else []
            )
            assert ("据转载" in paragraph.get_text()) == (authority.seen == "两处")


def test_the_full_edition_has_the_same(site: Path) -> None:
    (path,) = (site.parent / "pdf").glob("full-edition-2*.pdf")
    pages = [re.sub(r"\s", "", page.extract_text()) for page in pypdf.PdfReader(path).pages]
    text = "".join(pages)
    used = {
        id for row in current().frame("glossary").itertuples() for id in tables.authorities_of(row)
    }
    for row in current().frame("authorities").itertuples():
        if row.id in used and row.words:
            first = re.split("[，。、“”（）]", row.words)[
                0
            ]  # a longer one may go on over the foot of a page
            assert first in text, row.id
    for row in current().frame("glossary").itertuples():
        assert re.split("[，。；、“”]", row.explanation)[0] in text, row.id
