"""Questions as people type them, written down before there was any answer: what the tables of this book say to them."""

from __future__ import annotations

import csv
from pathlib import Path

from explainer import tables
from explainer.project import current

ASKED = Path(__file__).parent / "asked" / "questions.csv"


def test_nearly_all_that_people_ask_is_quoted_or_named_as_missing() -> None:
    """38 of 40: the right sentence stands among the quotations, the right gap among what the editors say is not there."""
    with ASKED.open(encoding="utf-8", newline="") as file:
        asked = list(csv.DictReader(file))
    source, answers = current().source, current().frame("questions")
    assert len(asked) == 40 and sum(bool(row["没有"]) for row in asked) >= 10
    assert all(source.has(id) for row in asked for id in row["句子"].split())
    cited = {
        id
        for cell in answers["quotes"]
        for _, place in tables.citations(cell, source)
        for id in place.sentences
    }
    said = "\n".join([*answers["answer"], *answers["missing"]])
    unanswered = [
        row["问题"]
        for row in asked
        if (row["句子"] and cited.isdisjoint(row["句子"].split())) or row["没有"] not in said
    ]
    assert len(unanswered) <= 2, unanswered
