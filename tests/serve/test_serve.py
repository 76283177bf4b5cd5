"""The live preview: what it answers, what it watches, which port it takes, and what it says in the pages."""

from __future__ import annotations

import asyncio
import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn

from explainer import serve
from explainer.paths import CHARTS, ROOT
from explainer.project import Project, current

BOOK = current()

# A worker that says what the test has put into a file, or dies without a word.
WORKER = """
import pathlib, sys
if sys.stdin.readline():
    sys.stdout.write(pathlib.Path(sys.argv[1]).read_text("utf-8"))
"""


class State:
    """Stands for a Preview: what the pages are told."""

    def __init__(self) -> None:
        self.version, self.built, self.findings = 3, True, []

    @property
    def state(self) -> dict:
        return {"version": self.version, "built": self.built, "findings": self.findings}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path.resolve()
    for name in ("book", "data", "scripts"):
        (root / name).mkdir()
    return root


def answer(root: Path, path: str) -> tuple[int, dict[str, str], str]:
    """What the preview's application says to a browser."""
    sent: list[dict] = []

    async def ask() -> None:
        scope = {
            "type": "http",
            "method": "GET",
            "path": path,
            "headers": [],
            "query_string": b"",
            "root_path": "",
        }

        async def receive() -> None:
            await asyncio.Event().wait()

        async def send(message: dict) -> None:
            sent.append(message)

        await serve._app(State(), Project(root))(scope, receive, send)

    asyncio.run(ask())
    headers = {name.decode().lower(): value.decode() for name, value in sent[0]["headers"]}
    return (
        sent[0]["status"],
        headers,
        b"".join(message.get("body", b"") for message in sent).decode(),
    )


def test_pages_come_with_the_script_and_are_not_kept(root: Path):
    (root / "_build" / "preview" / "html").mkdir(parents=True)
    (root / "_build" / "preview" / "html" / "index.html").write_text(
        "<p>首页</p>", encoding="utf-8"
    )
    status, headers, body = answer(root, "/")
    assert status == 200 and body == '<p>首页</p><script src="/_preview/preview.js?3"></script>'
    assert headers["cache-control"] == "no-store" and int(headers["content-length"]) == len(
        body.encode()
    )
    assert "location.reload" in answer(root, "/_preview/preview.js")[2]


def test_before_the_first_success_there_is_a_sentence(root: Path):
    status, _, body = answer(root, "/")
    assert status == 404 and "请先改好列出的各处" in body and "preview.js?3" in body


def test_taken_port_is_passed_over():
    with socket.create_server((serve.HOST, 0)) as taken:
        port = taken.getsockname()[1]
        with serve._listen(port) as free:
            assert free.getsockname()[0] == "127.0.0.1"
            assert free.getsockname()[1] > port


def test_every_save_is_seen_and_nothing_else(root: Path):
    """What is not to be seen is saved before something that is, in the same folder."""
    seen: list[str] = []

    def save(name: str) -> None:
        """As careful editors do: a new file takes the old one's place."""
        (root / "new").write_text(name, encoding="utf-8")
        os.replace(root / "new", root / name)

    async def hears(name: str, again: float = 3600) -> None:
        """Until it has been seen once more than before; saved `again` after so many seconds."""
        count, wait = seen.count(Path(name).name), 0.0
        while seen.count(Path(name).name) == count:
            if wait <= 0:
                save(name)
                wait = again
            await asyncio.sleep(0.05)
            wait -= 0.05

    async def watch() -> None:
        watcher = serve.Watcher(
            Project(root), lambda paths: seen.extend(path.name for path in paths)
        )
        watching = asyncio.create_task(watcher.watch())
        for name in ("book/a.md", "_config.yml"):  # from when on it watches it does not say
            await hears(name, again=1)
        for unseen, name in (
            ("book/~$a.xlsx", "book/a.md"),
            ("book/.a.md.swp", "book/a.md"),
            ("other.txt", "_config.yml"),
            ("other.txt", "_config.yml"),
        ):
            save(unseen)
            await hears(name)
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)

    asyncio.run(asyncio.wait_for(watch(), 120))
    assert set(seen) == {"a.md", "_config.yml"}


def test_no_news_is_missed_however_it_falls_between_connecting_and_being_told(root: Path):
    """News before the page is connected, and while it is being told: each is followed by a word to the page."""
    told: list[int] = []

    async def connect() -> None:
        watcher = serve.Watcher(Project(root), lambda paths: None)
        watcher.loop = asyncio.get_running_loop()
        news = 0

        class Page:
            async def send_text(self, words: str) -> None:
                nonlocal news
                told.append(news)
                if len(told) < 3:
                    news += 1
                    watcher.tell()
                    await asyncio.sleep(0)  # what was told is heard before this page waits again

        watcher.tell()
        await asyncio.sleep(0)
        pages = [asyncio.create_task(watcher.watch_reloads(Page())) for _ in range(2)]
        while not told or told[-1] != news or len(told) < 4:
            await asyncio.sleep(0)
        for page in pages:
            page.cancel()
        await asyncio.gather(*pages, return_exceptions=True)

    asyncio.run(asyncio.wait_for(connect(), 30))
    assert told[0] == 0 and told[-1] == 2


def test_a_finding_knows_its_page_its_section_and_its_words(root: Path):
    text = "# 题\n\n(Part_one)=\n## 甲\n\n第一段。\n\n(two)=\n## 乙\n\n这里有{quote}`错的字 <1.1.1>`，见[别处](x.md)。\n"
    (root / "book" / "a.md").write_text(text, encoding="utf-8")
    found = serve._placed(
        {"place": "book/a.md:11", "file": "book/a.md", "line": 11, "words": "错"}, Project(root)
    )
    assert (found["page"], found["section"], found["text"]) == (
        "a.html",
        "two",
        "这里有错的字，见别处。",
    )
    assert serve._placed({"file": "book/a.md", "line": 6}, Project(root))["section"] == "part-one"
    assert serve._placed({"file": "data/x.csv", "line": 2}, BOOK)["page"] == ""


@pytest.fixture
def preview(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[serve.Preview]:
    def start(book: Project) -> subprocess.Popen:
        command = [sys.executable, "-c", WORKER, str(tmp_path / "says")]
        return subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )

    monkeypatch.setattr(serve, "_start_worker", start)
    preview = serve.Preview(BOOK)
    yield preview
    preview.close()


def test_each_build_has_a_worker_of_its_own_that_was_waiting(
    preview: serve.Preview, tmp_path: Path
):
    finding = {"place": "", "file": "", "line": None, "words": "错。"}

    def build(*says: dict, **options: bool) -> tuple[int, int]:
        """The version afterwards, and how often there was news."""
        (tmp_path / "says").write_text(
            "".join(json.dumps(line) + "\n" for line in says), encoding="utf-8"
        )
        news: list[dict] = []
        before = preview.worker.pid
        preview.build(news=lambda: news.append(preview.state), **options)
        assert preview.worker.pid != before and preview.worker.poll() is None
        return preview.version, len(news)

    assert build({"built": True, "findings": []}, {"built": True, "findings": [finding]}) == (1, 2)
    assert preview.built and preview.findings[0]["words"] == "错。"
    assert build({"built": False, "findings": [finding]}) == (1, 1) and not preview.built
    assert build({"built": True, "findings": []}) == (2, 1) and preview.findings == []
    assert build() == (2, 1) and "程序自己出了错" in preview.findings[0]["words"]  # it died
    preview.worker.kill()
    preview.worker.wait()
    assert build({"built": True, "findings": []}) == (3, 1)  # the one in reserve was gone
    assert build({"built": True, "findings": []}, changed_code=True) == (4, 1)


def test_the_worker_builds_the_book_without_the_pdfs(site: Path):
    command = [sys.executable, "-P", "-m", "explainer.serve.worker"]
    done = subprocess.run(command, input=b"\n", capture_output=True, cwd=ROOT)
    news = [json.loads(line) for line in done.stdout.splitlines()]
    assert [content["built"] for content in news] == [True, True] and news[-1]["findings"] == [], (
        done.stderr.decode()
    )
    built = ROOT / "_build" / "preview"
    assert (built / "html" / "index.html").exists() and not (built / "pdf").exists()
    assert (
        subprocess.run(command, input=b"", capture_output=True, cwd=ROOT).stdout == b""
    )  # serve has left


@pytest.fixture
def served(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[str, State, serve.Watcher]]:
    """The site's pages in a preview whose state the test sets."""
    monkeypatch.setattr(serve, "built", lambda book: site)
    state, listener = State(), serve._listen(8100)
    app = serve._app(state, BOOK)
    watcher = next(route.app for route in app.routes if route.path == "/_preview/changes")
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}", state, watcher
    server.should_exit = True
    thread.join()


def test_findings_stand_over_the_words_they_concern_and_vanish_when_mended(browser, served):
    address, state, watcher = served
    page = browser.new_page(viewport={"width": 390, "height": 800})
    errors: list[str] = []
    page.on(
        "console",
        lambda message: (
            errors.append(message.text) if message.type in ("error", "warning") else None
        ),
    )
    page.goto(f"{address}/about.html")
    page.wait_for_selector("link[href='/_preview/preview.css']", state="attached")
    assert page.locator(".preview-banner").count() == 0
    lines = (ROOT / "book" / "about.md").read_text("utf-8-sig").splitlines()
    words = max(re.findall("[\u4e00-\u9fff，；]{12,}", "\n".join(lines)), key=len)
    line = next(number for number, line in enumerate(lines, 1) if words in line)
    state.built = False
    state.findings = [
        serve._placed(
            {
                "place": place,
                "file": place.partition(":")[0],
                "line": number,
                "words": f"第{i}处。改法：改。",
            },
            BOOK,
        )
        for i, (place, number) in enumerate(
            [
                (f"book/about.md:{line}", line),
                ("book/source.md:2", 2),
                ("data/zones.csv:3", 3),
                ("_config.yml", None),
            ]
        )
    ]
    watcher.tell()
    banner = page.locator(".preview-banner")
    banner.wait_for()
    assert "有 4 处要改" in banner.inner_text() and "上一次成功的样子" in banner.inner_text()
    note = page.locator(".preview-note")
    assert note.inner_text() == f"要改：book/about.md:{line} 第0处。改法：改。"
    assert words in note.evaluate("note => note.nextElementSibling.textContent")
    banner.locator("summary").click()
    assert banner.locator("a").evaluate_all(
        "links => links.map((link) => link.getAttribute('href'))"
    ) == ["#preview-0", "/source.html", None, None]
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    state.findings, state.built, state.version = [], True, 4
    with page.expect_navigation():
        watcher.tell()
    page.wait_for_selector("script[src$='?4']", state="attached")
    assert page.locator(".preview-banner, .preview-note").count() == 0
    page.goto(f"{address}/nowhere.html")  # where there is no page, the preview lives all the same
    state.findings = [
        serve._placed(
            {"place": "_toc.yml:3", "file": "_toc.yml", "line": 3, "words": "目录写得不对。"}, BOOK
        )
    ]
    watcher.tell()
    banner.wait_for()
    assert "目录写得不对" in banner.inner_text()
    assert [error for error in errors if "404" not in error] == []
    page.close()


def test_a_chart_that_is_saved_is_seen() -> None:
    module = ROOT / CHARTS / "__init__.py"
    assert module.is_file() and any(
        module.is_relative_to(folder) for folder in serve.watched(current())
    )
