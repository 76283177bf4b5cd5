"""The live preview: what it answers, what it watches, which port it takes."""

from __future__ import annotations

import asyncio
import os
import socket
from pathlib import Path

import pytest
from sphinx_autobuild.filter import IgnoreFilter

from explainer import serve


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path.resolve()
    (root / "book").mkdir()
    monkeypatch.setattr(serve, "ROOT", root)
    monkeypatch.setattr(serve, "HTML", root / "html")
    monkeypatch.setattr(serve, "FOLDERS", (root / "book",))
    monkeypatch.setattr(serve, "SETTINGS", (root / "_config.yml",))
    return root


def answer(path: str) -> tuple[int, dict[str, str], str]:
    """What the preview's application says to a browser."""
    sent: list[dict] = []

    async def ask() -> None:
        scope = {"type": "http", "method": "GET", "path": path, "headers": [], "query_string": b"", "root_path": ""}

        async def receive() -> None:
            await asyncio.Event().wait()

        async def send(message: dict) -> None:
            sent.append(message)

        await serve._app()(scope, receive, send)

    asyncio.run(ask())
    headers = {name.decode().lower(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], headers, b"".join(message.get("body", b"") for message in sent).decode()


def test_pages_come_with_the_script_and_are_not_kept(root: Path):
    (root / "html").mkdir()
    (root / "html" / "index.html").write_text("<p>首页</p>", encoding="utf-8")
    status, headers, body = answer("/")
    assert status == 200 and body == f'<p>首页</p><script src="{serve.SCRIPT_PATH}"></script>'
    assert headers["cache-control"] == "no-cache" and int(headers["content-length"]) == len(body.encode())
    assert answer(serve.SCRIPT_PATH)[2] == serve.SCRIPT


def test_before_the_first_success_there_is_a_sentence(root: Path):
    status, _, body = answer("/")
    assert status == 404 and "请先改好终端里列出的各处" in body and serve.SCRIPT_PATH in body


def test_taken_port_is_passed_over():
    with socket.create_server((serve.HOST, 0)) as taken:
        port = taken.getsockname()[1]
        with serve._listen(port) as free:
            assert free.getsockname()[0] == "127.0.0.1"
            assert free.getsockname()[1] > port


def test_every_save_is_seen_and_nothing_else(root: Path):
    async def watch() -> list[str]:
        seen: list[str] = []
        watcher = serve.Watcher(serve.FOLDERS, IgnoreFilter([], []), lambda paths: seen.extend(path.name for path in paths))
        watching = asyncio.create_task(watcher.watch())
        await asyncio.sleep(0.5)
        for name in ("book/a.md", "_config.yml", "_config.yml", "book/~$a.xlsx", "book/.a.md.swp", "other.txt"):
            # As careful editors save: a new file takes the old one's place.
            (root / "new").write_text(str(len(seen)), encoding="utf-8")
            os.replace(root / "new", root / name)
            await asyncio.sleep(1)
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
        return seen

    seen = asyncio.run(watch())
    assert set(seen) == {"a.md", "_config.yml"} and seen.count("_config.yml") >= 2
