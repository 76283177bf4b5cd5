from __future__ import annotations

from pathlib import Path

import pytest

from explainer import checks
from explainer.checks.chapters import Chapter
from explainer.checks.rules import RULES, block_quotations, glossed_terms, inline_quotations, shown_tables


def found(rule, text: str) -> list[str]:
    """What a rule says of a chapter with this text, each as `line: words`."""
    return [f"{e.line}: {e.words}" for e in rule(Chapter(Path("book/x.md"), text))]


def test_the_book_as_it_stands_has_no_findings() -> None:
    assert checks.run() == []


@pytest.mark.parametrize(
    ("rule", "text", "line", "words"),
    [
        (inline_quotations, "# 题\n\n原文说{quote}`没有制度革新`。\n", 3, "“革”应为“创”"),
        (inline_quotations, "# 题\n\n- 一\n- {quote}`农业科技园 <3.1>`\n", 4, "不在 3.1，而在 2.3.1"),
        (inline_quotations, "---\nx: 1\n---\n\n# 题\n\n一行\n{quote}`毫无关系的字句`\n", 8, "原文里没有这些字"),
        (block_quotations, "# 题\n\n:::{quote} 9.9\n:::\n", 3, "原文没有编号 9.9"),
        (block_quotations, "# 题\n\n:::{quote} 3.1\n没有制度革新\n:::\n", 3, "“革”应为“创”"),
        (block_quotations, "# 题\n\n::::{note}\n文字\n\n:::{quote} 9.9\n:::\n::::\n", 6, "原文没有编号 9.9"),
        (block_quotations, "# 题\n\n:::{quote}\n:::\n", 3, "引文没有写编号"),
        (block_quotations, "# 题\n\n:::{quote} 3.1\n:class: x\n:::\n", 3, "原文里没有这些字"),
        (inline_quotations, "# 题\n\n:::{note}\n一行\n\n说{quote}`毫无关系的字句`\n:::\n", 6, "原文里没有这些字"),
        (inline_quotations, "# 题\n\n毫无关系的字句\n{quote}`毫无关系的字句`\n", 4, "原文里没有这些字"),
        (shown_tables, "# 题\n\n```{data-table} tasks\n:columns: 名称、价格\n```\n", 3, "没有“价格”这一列"),
        (glossed_terms, "# 题\n\n{gloss}`元宇宙`\n", 3, "名词解释里没有“元宇宙”"),
        (shown_tables, "# 题\n\n```{data-table} task\n```\n", 3, "没有名叫“task”的表格"),
    ],
)
def test_a_rule_finds_what_is_wrong(rule, text: str, line: int, words: str) -> None:
    findings = found(rule, text)
    assert len(findings) == 1 and findings[0].startswith(f"{line}: ") and words in findings[0]


@pytest.mark.parametrize(
    "text",
    [
        "# 题\n\n{quote}`没有制度创新，科技创新就无从依附`，{gloss}`产业链`。\n",
        "# 题\n\n:::{quote} 2.2 2.3\n:::\n\n:::{quote} 3.1\n没有制度创新，\n科技创新就无从依附\n:::\n",
        "# 题\n\n```{data-table} tasks\n:columns: 编号、名称\n```\n",
        "# 题\n\n````{code-block} md\n:::{quote} 9.9\n:::\n````\n",
        "# 题\n\n`{quote}` 是标记的名字，不是引文。\n\n```text\n{quote}`随便写`\n```\n",
    ],
)
def test_rules_stay_silent_on_good_text(text: str) -> None:
    assert [words for rule in RULES for words in found(rule, text)] == []


def test_a_sentence_left_out_of_the_four_chapters_is_missed(monkeypatch, tmp_path) -> None:
    for path in checks.BOOK.glob("*.md"):
        text = path.read_text("utf-8")
        (tmp_path / path.name).write_text(text.replace(":::{quote} 3.2\n", ":::{quote} 3.2.1 3.2.3\n"), "utf-8")
    monkeypatch.setattr(checks, "BOOK", tmp_path)
    findings = checks.run()
    assert len(findings) == 1 and "原文 3.2.2 在正文各章里没有完整出现" in findings[0].message
