"""Search as readers use it: what is found, where it leads, how it behaves while one types."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from explainer.text import source

MARKS = "，。、；：！？（）《》“”〔〕…—\n "


@pytest.fixture(params=["http", "file"])
def page(request, browser, address: str, site: Path) -> Iterator:
    context = browser.new_context(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    page = context.new_page()
    errors = []
    page.on("console", lambda m: errors.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{address if request.param == 'http' else site.as_uri()}/search.html")
    page.wait_for_function("() => Boolean(window.searchFor)")
    yield page
    assert errors == []
    context.close()


def found(page, query: str) -> list[str]:
    return page.evaluate("query => window.searchFor(query).map((page) => page.address)", query)


def test_any_words_of_the_source_are_found(page) -> None:
    """300 stretches of one to twelve characters, as they stand and without their punctuation."""
    chance = random.Random(2021)
    sentences = list(source().sentences.values())
    missed = []
    for _ in range(300):
        sentence = chance.choice(sentences).text
        start = chance.randrange(len(sentence))
        words = sentence[start : start + chance.randint(1, 12)].strip(MARKS)
        for query in {words, "".join(c for c in words if c not in MARKS)} - {""}:
            if "source.html" not in found(page, query):
                missed.append(query)
    assert missed == []


def test_what_is_found_is_really_there(page, site: Path) -> None:
    texts = {
        path.name: "".join(
            c for c in BeautifulSoup(path.read_text("utf-8"), "html.parser").article.get_text() if c not in MARKS
        )
        for path in site.glob("*.html")
    }
    for query in ("双轮驱动", "排头兵", "高质量", "监督考核", "华南声谷", "财政", "人才", "2025"):
        assert found(page, query), query
        assert all(query in texts[address] for address in found(page, query)), query


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("双轮驱动", "characteristics.html"),  # the source has “双轮”驱动
        ("2025", "contents.html"),
        ("２０２５年", "contents.html"),  # full width
        ("雙輪驅動", "characteristics.html"),  # Traditional
        ("轮", "characteristics.html"),
        ("粤港澳 先行区", "source.html"),
        ("入珠融湾", "glossary.html"),
        ("2021-2025", "index.html"),
    ],
)
def test_words_as_a_reader_remembers_them(page, query: str, expected: str) -> None:
    assert expected in found(page, query)


def test_titles_and_headings_come_first(page) -> None:
    page.get_by_label("想找什么").fill("名词解释")
    assert page.locator(".search-results h2").first.inner_text() == "名词解释"
    page.get_by_label("想找什么").fill("双轮")
    first = page.locator(".search-results section").first.locator("a").first
    assert "为什么说是“双轮”" in first.inner_text() or "双轮驱动图" in first.inner_text()


def test_a_tap_leads_to_the_sentence_and_lights_it_up(page) -> None:
    page.get_by_label("想找什么").fill("无从依附")
    section = page.locator(".search-results section", has=page.get_by_role("heading", name="原文全文"))
    link = section.locator("a").first
    assert link.locator("mark").inner_text() == "无从依附"
    link.click()
    page.wait_for_selector("mark.found")
    assert page.url.endswith("#s3.1.3")
    assert page.locator("mark.found").first.inner_text() == "无从依附"
    assert page.locator(":target").inner_text() == "没有制度创新，科技创新就无从依附。"
    box = page.locator("mark.found").first.bounding_box()
    assert 56 < box["y"] < 844


def test_words_that_run_over_several_elements_light_up_too(page) -> None:
    page.get_by_label("想找什么").fill("有利于聚焦高质量发展 创新驱动型")
    page.locator(".search-results section", has=page.get_by_role("heading", name="规划作用和意义")).locator("a").first.click()
    page.wait_for_selector("mark.found")
    assert "创新驱动型" in "".join(page.locator("mark.found").all_inner_texts())


def test_nothing_is_searched_while_an_input_method_composes(page) -> None:
    box = page.get_by_label("想找什么")
    box.evaluate(
        """(input) => {
             input.value = "shuang";
             input.dispatchEvent(new InputEvent("input", { isComposing: true, bubbles: true }));
           }"""
    )
    assert page.locator(".search-nothing").is_hidden()
    box.evaluate(
        """(input) => {
             input.value = "双轮";
             input.dispatchEvent(new CompositionEvent("compositionend", { bubbles: true }));
           }"""
    )
    assert page.locator(".search-results section").count() > 0


def test_an_empty_result_offers_ways_on(page) -> None:
    page.get_by_label("想找什么").fill("元宇宙")
    nothing = page.locator(".search-nothing")
    assert nothing.is_visible() and nothing.get_by_role("link", name="名词解释").is_visible()
    assert page.locator(".search-count").inner_text() == ""


def test_a_query_in_the_address_is_answered(page) -> None:
    page.goto(page.url.split("?")[0] + "?q=产业链")
    page.wait_for_selector(".search-results mark")
    assert page.get_by_label("想找什么").input_value() == "产业链"
