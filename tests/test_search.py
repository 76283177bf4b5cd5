"""Search as readers use it: what is found, where it leads, how it behaves while one types."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag

from conftest import now, phone, stop_clock
from explainer.paths import ROOT
from explainer.project import Project


@pytest.fixture
def page(browser, anywhere: str) -> Iterator:
    with phone(browser, f"{anywhere}/search.html", "searchFor") as page:
        yield page


def found(page, query: str) -> list[str]:
    return page.evaluate("query => window.searchFor(query).map((page) => page.address)", query)


@pytest.fixture(scope="module")
def articles(site: Path) -> dict[str, Tag]:
    """What stands on each page, without what nobody reads."""
    result = {}
    for path in site.glob("*.html"):
        if path.name not in ("search.html", "verdicts.html", "404.html"):
            article = BeautifulSoup(path.read_text("utf-8"), "html.parser").article
            if article is None:
                continue  # an old address
            for unread in article.select("script, style, .headerlink"):
                unread.extract()
            result[path.name] = article
    return result


def text(node: Tag) -> str:
    return re.sub(r"\s", "", node.get_text())


def test_whatever_stands_on_a_page_is_found_there_and_nowhere_else(page, articles) -> None:
    """200 stretches of 2 to 8 characters of all pages: headings, prose, charts, tables, labels, punctuation."""
    texts = {name: text(article) for name, article in articles.items()}
    for number in articles["source.html"].select(".permalink"):
        number.extract()  # on the full-text page words are found with the numbers between them and without
    without_numbers = text(articles["source.html"])
    chance = random.Random(2025)
    names = chance.choices(list(texts), [len(words) for words in texts.values()], k=200)
    queries = []
    for name in names:
        length = chance.randint(2, 8)
        start = chance.randrange(len(texts[name]) - length)
        queries.append(texts[name][start : start + length])
    answers = page.evaluate(
        "queries => queries.map((query) => window.searchFor(query).map((page) => page.address))",
        queries,
    )
    # Marks are forgiven, in the query and on the page (双轮驱动 is to find “双轮”驱动): a page is wrong when it has not
    # even the letters of the query in a row. How often marks matter is chance, so only this can be held.
    letters = {name: re.sub(r"[\W_]", "", words) for name, words in texts.items()}
    right = found = 0
    for query, pages in zip(queries, answers):
        true = {name for name, words in texts.items() if query in words}
        assert true <= set(pages), (query, true - set(pages))
        bare = re.sub(r"[\W_]", "", query)
        near = {name for name, words in letters.items() if bare and bare in words}
        numbered = {"source.html"} if query in without_numbers else set()
        right += len(set(pages) & (true | near | numbered))
        found += len(pages)
    assert right / found >= 0.95


def test_a_page_with_the_words_in_a_heading_comes_first(page, articles) -> None:
    headings = {
        name: [text(heading) for heading in article.select("h1, h2, h3")]
        for name, article in articles.items()
    }
    chance = random.Random(12)
    wanted = {heading for all in headings.values() for heading in all}
    wanted |= {
        heading[start : start + 3]
        for heading in sorted(wanted)
        for start in [chance.randrange(len(heading))]
    }
    letters = {words for words in wanted if re.fullmatch(r"[\u4e00-\u9fff]{2,}", words)}
    assert len(letters) > 60
    # What the source says comes before what is said about it.
    paragraphs = Project(ROOT).source.paragraphs.values()
    said = re.sub(r"\W", "", "".join(paragraph.text for paragraph in paragraphs))
    for words in letters:
        first = next(
            name for name in found(page, words) if name != "source.html" or words not in said
        )
        assert any(words in re.sub(r"\W", "", heading) for heading in headings[first]), (
            words,
            first,
        )


def test_words_as_a_reader_remembers_them(page) -> None:
    for query, expected in (
        ("双轮驱动", "characteristics.html"),  # the source has “双轮”驱动
        ("2025", "contents.html"),
        ("２０２５年", "contents.html"),  # full width
        ("雙輪驅動", "characteristics.html"),  # Traditional
        ("轮", "characteristics.html"),
        ("粤港澳 先行区", "source.html"),
        ("入珠融湾", "glossary.html"),
        ("2021-2025", "source.html"),
        ("3.1.3", "source.html"),
    ):
        assert now(expected) in found(page, query), query
    assert found(page, "3.1.3")[0] == "source.html"  # what stands there, not who refers to it


def test_a_tap_leads_to_the_sentence_and_lights_it_up(page) -> None:
    page.get_by_label("想找什么").fill("无从依附")
    section = page.locator(
        ".search-results section", has=page.get_by_role("heading", name="原文全文")
    )
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
    page.locator(
        ".search-results section", has=page.get_by_role("heading", name="规划作用和意义")
    ).locator("a").first.click()
    page.wait_for_selector("mark.found")
    assert "创新驱动型" in "".join(page.locator("mark.found").all_inner_texts())


def own(nodes: Iterable[Tag], *others: Tag) -> str:
    """The beginning of the first of these that the others do not have, in Han characters alone."""
    known = "".join(map(text, others))
    return next(
        run
        for node in nodes
        for run in re.findall(r"[\u4e00-\u9fff]{5,9}", text(node))
        if run not in known
    )


def test_each_hit_leads_to_its_own_words(page, articles) -> None:
    """In prose, over two sentences and the number between them, in a closed table, far down, in a picture."""
    wheels, measures = (
        articles[now(name)] for name in ("characteristics.html", "institutions.html")
    )
    drawn = measures.select("svg")
    around = BeautifulSoup(str(measures), "html.parser")
    for picture in around.select("svg"):
        picture.decompose()
    start = page.url.split("?")[0]
    in_sight = "(e) => { const b = e.getBoundingClientRect(); return b.bottom > 56 && b.top < innerHeight && b.height > 0; }"

    def follow(query: str, address: str, words: str = "", last: bool = False):
        page.goto(start)
        page.wait_for_function("() => Boolean(window.searchFor)")
        page.get_by_label("想找什么").fill(query)
        section = page.locator(
            ".search-results section", has=page.locator(f'a[href^="{now(address)}"]')
        )
        for more in section.locator("button").all():
            more.click()
        links = section.locator("a", has_text=words)
        (links.last if last else links.first).click()
        page.wait_for_selector(".found", state="attached")

    for query, address, words, last in (
        (own(wheels.select(".editors-note > p")), "characteristics.html", "", False),
        ("无从依附。《科技创新发展规划》一方面", "source.html", "没有制度创新", False),
        (
            own(wheels.select("details td"), *wheels.select("svg")),
            "characteristics.html",
            "",
            False,
        ),
        ("制度创新", "characteristics.html", "", True),
    ):
        follow(query, address, words, last)
        seen = page.locator("mark.found").evaluate_all(
            f"all => all.filter({in_sight}).map((e) => e.textContent)"
        )
        assert query in "".join(seen), query
    follow("3.1.3", "source.html", "3.1.3")
    assert page.locator(":target").evaluate(in_sight) and page.locator(
        ":target"
    ).inner_text().startswith("没有制度创新")
    follow(own(drawn, around), "institutions.html")
    assert page.locator("figure.found").evaluate(in_sight)


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


def test_suggestions_are_chosen_by_keyboard_and_finger(page) -> None:
    box = page.get_by_role("combobox", name="想找什么")
    options = page.get_by_role("listbox").get_by_role("option")
    assert box.get_attribute("aria-expanded") == "false" and options.count() == 0
    box.press_sequentially("创新")
    assert box.get_attribute("aria-expanded") == "true"
    words = options.all_inner_texts()
    assert "创新节点" in words and len(words) <= 6 and all("创新" in w for w in words)
    assert all(option.bounding_box()["height"] >= 44 for option in options.all())
    box.press("ArrowDown")
    box.press("ArrowDown")
    chosen = page.locator('[role=option][aria-selected="true"]')
    assert chosen.get_attribute("id") == box.get_attribute("aria-activedescendant")
    assert chosen.inner_text() == words[1]
    box.press("Enter")
    assert box.input_value() == words[1] and not page.get_by_role("listbox").is_visible()
    assert page.locator(".search-results mark").first.inner_text() == words[1]
    box.press("ArrowDown")  # opens it again
    assert page.get_by_role("listbox").is_visible()
    box.press("Escape")
    assert not page.get_by_role("listbox").is_visible() and box.input_value() == words[1]
    box.fill("双轮")
    options.filter(has_text="“双轮”驱动").first.click()
    assert (
        box.input_value() == "“双轮”驱动"
        and page.evaluate("document.activeElement.id") == "search-input"
    )


def test_an_empty_result_offers_ways_on(page) -> None:
    box = page.get_by_label("想找什么")
    box.fill("元宇宙产业链")
    nothing = page.locator(".search-nothing")
    assert nothing.is_visible() and nothing.get_by_role("link", name="名词解释").is_visible()
    assert page.locator(".search-count").inner_text() == "原文没有“元宇宙产业链”；没有找到"
    nothing.get_by_role("button", name="产业链").click()
    assert (
        box.input_value() == "产业链"
        and page.locator(".search-results mark").first.inner_text() == "产业链"
    )


def test_what_was_found_is_told_once_when_the_typing_pauses(page) -> None:
    stop_clock(page)
    page.evaluate(
        """() => {
             window.told = [];
             const status = document.querySelector(".search-page [aria-live]");
             new MutationObserver(() => told.push(status.textContent)).observe(status, { childList: true });
           }"""
    )
    box = page.get_by_label("想找什么")
    for query in ("创", "创新", "创新驱", "创新驱动"):
        box.fill(query)
        page.clock.run_for(300)
        assert page.locator(".search-count").inner_text().endswith("处")  # seen at once
    assert page.evaluate("told") == []
    page.clock.run_for(1000)
    assert page.evaluate("told") == [page.locator(".search-count").inner_text()]
    assert page.locator(".search-count").get_attribute("aria-live") is None


def test_whether_the_source_says_it_is_told_and_its_own_words_come_first(page, articles) -> None:
    box, count = page.get_by_label("想找什么"), page.locator(".search-count")
    source = articles["source.html"]
    others = [words for name, words in articles.items() if name != "source.html"]
    said = Project(ROOT).source.sentences
    said = max(re.findall("[\u4e00-\u9fff]+", next(iter(said.values())).text), key=len)
    box.fill(said)
    assert re.match(r"原文有\d+段说到；在\d+页里找到\d+处$", count.inner_text())
    assert page.locator(".search-results h2").first.inner_text() == source.h1.get_text().strip(
        "#\n "
    )
    unsaid = next(
        w
        for words in others
        for w in re.findall("[\u4e00-\u9fff]{3}", text(words))
        if w not in text(source)
    )
    box.fill(unsaid)
    assert count.inner_text().startswith(f"原文没有“{unsaid}”；在")
    box.fill(f"{unsaid} {said}")  # of several words nothing is claimed
    assert "原文没有" not in count.inner_text()


def test_the_longest_of_queries_is_answered_in_few_steps(page) -> None:
    """Counted, not timed: a thousand characters that stand nowhere, some of them known."""
    page.evaluate(
        """() => {
             window.steps = 0;
             const { includes } = String.prototype;
             String.prototype.includes = function (...words) {
               steps += 1;
               return includes.apply(this, words);
             };
           }"""
    )
    page.get_by_label("想找什么").fill(
        "".join(chr(0x4E00 + i * 7 % 5000) for i in range(500)) + "产业链" * 2 + "龘" * 494
    )
    assert page.locator(".search-count").inner_text() == "没有找到"
    assert page.evaluate("steps") < 20_000


def test_the_focus_goes_on_to_what_a_button_brings(page) -> None:
    page.get_by_label("想找什么").fill("创新")
    more = page.locator(
        ".search-results section", has=page.get_by_role("heading", name="原文全文")
    ).locator("button")
    assert re.fullmatch(r"这一页还有\d+处：原文全文", more.text_content())
    more.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.closest('li').previousElementSibling !== null")
    page.get_by_label("想找什么").fill("元宇宙产业链")
    page.get_by_role("button", name="产业链").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "search-input"


def test_a_query_in_the_address_is_answered(page) -> None:
    page.goto(page.url.split("?")[0] + "?q=产业链")
    page.wait_for_selector(".search-results mark")
    assert page.get_by_label("想找什么").input_value() == "产业链"
