"""Whether all that the editors say is marked as theirs."""

from __future__ import annotations

from bs4 import Tag


def unmarked(article: Tag) -> list[str]:
    """Words that are neither the source's nor a heading, and stand in no stretch that is marked as the editors'."""
    places = {"headerlink", "editors-note", "quotation", "source-paragraph", "chart", "updated"}
    return [
        words
        for words in article.find_all(string=True)
        if words.strip()
        and not any(
            up.name in ("h1", "h2", "h3", "h4", "script") or places & {*up.get("class", ())}
            for up in words.parents
        )
    ]
