"""What a blind reader hears of a chapter, a chart, the search and the settings: in order, with roles, once.

The logs in `_build/walk/` say it all; compared is what it means, without the marks between the words.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag
from walk import BROWSERS, Ears, missing

from charts import FIGURES
from explainer.browsers import ALL
from explainer.paths import BUILD

CHAPTER = "institutions.html"  # quotations of both kinds, lists and charts


@pytest.fixture(params=BROWSERS)
def ears(request, address: str) -> Iterator[Callable[..., Ears]]:
    """Opens a page to walk through; the log has the name of the browser and of the test."""
    if lacking := missing(request.param):
        sentence = (
            f"读屏走查要用的 {'、'.join(lacking)} 这台电脑上没有；book.py test --engines 会安装"
        )
        (pytest.fail if os.environ.get(ALL) else pytest.skip)(sentence)
    opened = []
    name = re.search("what_is_heard_of_(?:the_|a_)?([a-z]+)", request.node.name)[1]

    def open_(page: str, **options) -> Ears:
        opened.append(
            Ears(
                request.param,
                f"{address}/{page}",
                BUILD / "walk" / f"{request.param}-{name}.txt",
                **options,
            )
        )
        return opened[-1]

    yield open_
    for ears in opened:
        ears.close()


def words(tag: Tag) -> str:
    return "".join(tag.get_text().split())


def meaning(said: str) -> str:
    """Only the words: where a voice draws breath differs between browsers."""
    return re.sub(r"[\W_]", "", said)


def test_what_is_heard_of_a_chapter(ears, site: Path) -> None:
    article = BeautifulSoup((site / CHAPTER).read_text("utf-8"), "html.parser").article
    reader = ears(CHAPTER)
    for heading in article.find_all(["h1", "h2", "h3"]):
        assert reader.press("h") == f"{words(heading)} 标题 水平 {heading.name[1]}"
    reader.press("ctrl+Home")
    said = reader.press("KP_Add", until="正在离开主内容")  # reads all
    # Whose words they are comes first, and apart.
    assert re.findall("(?<!｜)编者说明.*?｜|编者说明(?![：｜”]).*?｜", said) == []
    heard = meaning(said)
    for block in article.select(".quotation"):
        source, quoted = words(block.select_one(".source-link")), words(block.blockquote)
        assert heard.count(meaning(f"{source} 链接 块引用 {quoted} 正在离开引用段")) == 1
    quotations = [words(q) for q in article.select("p q, li q") if not q.find_parent("figure")]
    assert quotations
    for quotation in quotations:
        assert meaning(f"引文：{quotation} 链接") in heard
    for noise in ("状态栏", "可点击对象"):
        assert noise not in said


def test_what_is_heard_of_a_chart(ears) -> None:
    figure = FIGURES["zone-layout"]()
    marks = {mark.key: mark for mark in figure.marks}

    steps = {
        key: f"第{step}步，共{len(figure.tour)}步：" for step, key in enumerate(figure.tour, 1)
    }

    def told(key: str) -> str:
        return f"{steps.get(key, '')}{marks[key].name}。原文：“{marks[key].quote}”"

    reader = ears(f"contents.html#figure-{figure.name}")
    # The picture is a list: one stop, and the arrow keys go through it.
    said = reader.press("Tab", until=f"{len(marks)} 的 \\d+")
    at = int(re.search(f"{len(marks)} 的 (\\d+)", said)[1])
    names = {mark.name: key for key, mark in marks.items()}
    for _ in range(3):
        at = at % len(marks) + 1
        name, rest = reader.press("Down").split("｜", 1)
        assert rest.removeprefix("未选中｜") == f"{len(marks)} 的 {at}"
    assert meaning(reader.press("Return")) == meaning(told(names[name]))
    reader.press("Escape", until="")
    # Under it the tour, and then the list that comes with a choice.
    reader.press("Tab", until="一步一步看 按钮", times=3)
    for step, key in enumerate(figure.tour[:2], 1):
        said = reader.press(
            "Return", until=f"第{step}步"
        )  # Orca may say before it what the list now has chosen
        assert meaning(said).endswith(meaning(told(key))) and said.count("第") == 1
    reader.press("Tab", until="看哪一项 组合框")


def test_what_is_heard_of_the_search(ears) -> None:
    reader = ears("search.html", until="想找什么 可编辑的组合框|^载入 .* 完成")
    # The field has the focus by itself. Which of the two Orca tells, the page or the field, is a matter of luck.
    reader.press("shift+Tab")
    reader.press("Tab", until="想找什么 可编辑的组合框")
    assert len(re.findall(r"在\d+页里找到\d+处", reader.type("大湾区", until="找到"))) == 1
    first = re.search("可能要找的.*列表｜.*｜(\\d+) 的 1$", reader.press("Down"))
    assert first and int(first[1]) > 1
    assert re.search(f"^[^｜]*大湾区[^｜]*｜{first[1]} 的 2$", reader.press("Down"))
    assert len(re.findall(r"在\d+页里找到\d+处$", reader.press("Return", until="找到"))) == 1
    assert re.search("链接", reader.press("Tab"))


def test_what_is_heard_of_the_settings(ears, site: Path) -> None:
    page = BeautifulSoup((site / "purpose.html").read_text("utf-8"), "html.parser")
    reader = ears("purpose.html")
    reader.press("Tab", until="阅读设置.*已收起", times=6)
    assert reader.press("Return") == "已展开"
    for group in page.select(".settings fieldset:not(.aloud)"):
        choices = group.select("label")
        name, checked = words(group.legend), words(choices[0])
        heard = f"{name} 面板｜{checked}｜已选中 单选钮｜{len(choices)} 的 1"
        assert (
            reader.press("Tab").removeprefix("正在离开面板。｜").removesuffix("｜浏览模式") == heard
        )
