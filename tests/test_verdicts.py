"""Which sentences are the source's: judged alike by the program and in the reader's browser."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import phone
from explainer import drafts
from explainer.errors import EditorError
from explainer.paths import ROOT
from explainer.project import Project
from explainer.text import SourceText
from explainer.verdicts import CHANGED, FOREIGN, VERBATIM, Judge

SOURCE = SourceText(
    "虚构县图书室开放办法\n"
    "一、开放时间\n"
    "图书室每天上午九点开门，晚上八点关门。节假日照常开放，遇到“停电”提前关门。\n"
    "二、借书\n"
    "每位读者一次可以借三本书；借期为三十天；到期可以续借一次。损坏图书的，按定价赔偿。\n"
)
JUDGE = Judge(SOURCE)

# What is pasted; of each sentence the kind, the id of its unit, and what would have to change.
CASES = [
    ("图书室每天上午九点开门，晚上八点关门。", [(VERBATIM, "1.1.1", "")]),
    ("晚上八点关门", [(VERBATIM, "1.1.1", "")]),
    ("借期为三十天", [(VERBATIM, "2.1.1.2", "")]),
    ("节假日照常开放，遇到停电提前关门。", [(VERBATIM, "1.1.2", "")]),  # quotation marks
    ("节假日照常开放,遇到「停电」提前关门｡", [(VERBATIM, "1.1.2", "")]),  # width
    ("图书室 每天上午九点\n开门，晚上\u200b八点关门。", [(VERBATIM, "1.1.1", "")]),  # lines
    ("1.1.2 节假日照常开放，遇到“停电”提前关门。", [(VERBATIM, "1.1.2", "")]),  # our number
    ("一、开放时间\n节假日照常开放，遇到“停电”提前关门。", [(VERBATIM, None, ""), (VERBATIM, "1.1.2", "")]),
    ("图书室每天上午八点开门，晚上八点关门。", [(CHANGED, "1.1.1", "“八”应为“九”")]),
    ("每位读者一次可以借三十本书", [(CHANGED, "2.1.1.1", "多了“十”")]),
    ("损坏图书，按定价赔偿。", [(CHANGED, "2.1.2", "少了“的”")]),
    ("每位读者一次可以借2.5.1本书；", [(CHANGED, "2.1.1.1", "“2.5.1”应为“三”")]),  # no number of ours
    ("到期可以续借一次；借期为三十天；每位读者一次可以借三本书；", [(CHANGED, "2.1.1", "")]),
    ("请把手机调成静音。", [(FOREIGN, None, "")]),
    ("读者可以在网上预约座位，每次两小时。", [(FOREIGN, "2.1.1.1", "")]),
    ("图书室每天上午九点开门，晚上八点关门。请把手机调成静音。", [(VERBATIM, "1.1.1", ""), (FOREIGN, None, "")]),
    ("……\n——\n", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_each_sentence_gets_its_verdict(text: str, expected: list) -> None:
    verdicts = JUDGE.judge(text)
    assert [(v.kind, v.unit and v.unit.id) for v in verdicts] == [
        (kind, unit) for kind, unit, _ in expected
    ]
    for verdict, (_, _, difference) in zip(verdicts, expected):
        assert difference in verdict.difference


def test_what_was_forgiven_is_told() -> None:
    plain, spaced, part = JUDGE.judge("借期为三十天；\n\n借期 为三十天；\n\n三十")
    assert (plain.forgiven, plain.whole) == (False, True)
    assert (spaced.forgiven, spaced.whole, spaced.source) == (True, True, "借期为三十天；")
    assert (part.forgiven, part.whole, part.elsewhere) == (False, False, 0)
    assert JUDGE.judge("关门")[0].elsewhere == 1


def test_quotation_marks_come_in_pairs() -> None:
    """The source's words for a stretch that ends at a quotation mark."""
    assert JUDGE.judge("遇到停电")[0].source == "遇到“停电”"
    assert JUDGE.judge("停电")[0].source == "停电"
    assert JUDGE.judge("停电提前关门")[0].source == "“停电”提前关门"


@given(st.text(alphabet="图书室一三每天，。；“”\n 1.（）é\u0301\ud83d\ude00x", max_size=60))
def test_nothing_that_is_pasted_breaks_it(text: str) -> None:
    for verdict in JUDGE.judge(text):
        assert verdict.kind in (VERBATIM, CHANGED, FOREIGN)
        assert verdict.kind == FOREIGN or verdict.source in SOURCE.headings or any(
            verdict.source in paragraph.text for paragraph in SOURCE.paragraphs.values()
        ) or any(verdict.source in heading for heading in SOURCE.headings)  # fmt: skip


# ---- drafts on the command line


def test_a_draft_in_any_encoding_or_from_word_is_judged(tmp_path: Path, capsys) -> None:
    sentence = next(iter(Project(ROOT).source.sentences.values())).text
    document = docx.Document()
    document.add_table(1, 1).cell(0, 0).text = sentence
    document.save(str(tmp_path / "稿.docx"))
    (tmp_path / "a.txt").write_bytes(sentence.encode("gb18030"))
    (tmp_path / "b.txt").write_bytes(sentence.encode("utf-8-sig"))
    for name in ("稿.docx", "a.txt", "b.txt"):
        assert drafts.command(Project(ROOT), tmp_path / name) == 0
        assert "共 1 句：一字不差 1 句" in capsys.readouterr().out
    (tmp_path / "b.txt").write_text(f"{sentence[:-2]}鑫。", "utf-8")
    assert drafts.command(Project(ROOT), tmp_path / "b.txt") == 1
    assert "应为" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["没有.txt", "图.docx", "图.txt", "表.xlsx"])
def test_what_is_no_text_is_refused_in_one_sentence(tmp_path: Path, name: str) -> None:
    if not name.startswith("没有"):
        (tmp_path / name).write_bytes(b"\x89PNG\r\n\x1a\n\x00\xff\xfe\xff")
    with pytest.raises(EditorError) as caught:
        drafts.read(tmp_path / name)
    assert caught.value.remedy


# ---- in the browser


def pasted(source: SourceText) -> dict[str, list[str]]:
    """A hundred sentences to the letter, a hundred with one to three characters changed, a hundred foreign."""
    chance = random.Random(2025)
    leaves = [
        leaf.text
        for sentence in source.sentences.values()
        for leaf in sentence.parts or (sentence,)
    ]

    def changed(words: str) -> str:
        letters = list(words[:-1])
        for _ in range(chance.randint(1, 3)):
            place = chance.randrange(len(letters))
            letters[place] = chance.choice(["", "鑫", letters[place] + "淼"])
        return "".join(letters) + "鑫"  # not in the source, so that it is changed for certain

    foreign = re.findall(
        "[\u4e00-\u9fff，、]{8,60}。", (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    )
    long = [words for words in leaves if len(words) > 12]
    return {
        VERBATIM: chance.choices(leaves, k=100),
        CHANGED: [changed(words) for words in chance.choices(long, k=100)],
        FOREIGN: chance.choices([words for words in foreign if not source.find(words)], k=100),
    }


@pytest.fixture
def page(browser, anywhere: str) -> Iterator:
    with phone(browser, f"{anywhere}/verdicts.html", "judge") as page:
        yield page


def test_the_browser_judges_as_the_program_does(page) -> None:
    source = Project(ROOT).source
    judge = Judge(source)
    for kind, texts in pasted(source).items():
        texts = list(dict.fromkeys(texts))
        by_program = [judge.judge(text) for text in texts]
        assert {v.kind for verdicts in by_program for v in verdicts} == {kind}
        by_browser = page.evaluate("texts => texts.map((text) => window.judge(text))", texts)
        for verdicts, others in zip(by_program, by_browser, strict=True):
            for mine, other in zip(verdicts, others, strict=True):
                assert (mine.kind, mine.source) == (other["kind"], other["source"])
                assert (mine.unit and mine.unit.id) == (other["unit"] and other["unit"]["id"])
    mixed = "一、规划\n“甲”, \n".join(pasted(source)[CHANGED])
    kinds = page.evaluate("text => window.judge(text).map((verdict) => verdict.kind)", mixed)
    assert [verdict.kind for verdict in judge.judge(mixed)] == kinds


def test_a_reader_pastes_a_sentence_and_sees_what_is_wrong_with_it(page) -> None:
    sentence = next(iter(Project(ROOT).source.sentences.values()))
    page.get_by_label("要核对的话").fill(f"{sentence.text}\n{sentence.text[:-1]}鑫。\n鑫鑫淼淼。")
    page.get_by_role("button", name="核一核").click()
    sum_ = page.locator(".verdicts-sum")
    assert sum_.inner_text() == "共3句：一字不差1句，与原文不同1句，不在原文1句。"
    assert sum_.evaluate("node => node === document.activeElement")  # heard, and brought into view
    same, other, foreign = page.locator(".verdicts > li").all()
    assert sentence.id in same.inner_text() and "整句" in same.inner_text()
    assert other.locator("del").inner_text() == "鑫" and "多了“鑫”" in other.inner_text()
    assert "没有与它相近的句子" in foreign.inner_text()
    same.get_by_role("link").click()
    page.wait_for_url(re.compile(rf"#s{re.escape(sentence.id)}$"))
    assert page.locator(f"[id='s{sentence.id}']").inner_text().strip()


def test_an_empty_box_is_answered(page) -> None:
    page.get_by_role("button", name="核一核").click()
    assert page.locator(".verdicts-sum").inner_text() == "请先贴上要核对的话。"
    assert page.locator("textarea").evaluate("node => node === document.activeElement")
