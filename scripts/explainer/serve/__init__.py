"""Live preview: builds on save, and the page in the browser refreshes itself or shows what is to be mended."""

from __future__ import annotations

import asyncio
import json
import os
import re
import socket
import subprocess
import sys
import webbrowser
from collections.abc import Callable
from pathlib import Path

import uvicorn
from docutils.nodes import make_id
from sphinx_autobuild.filter import IgnoreFilter
from sphinx_autobuild.middleware import JavascriptInjectorMiddleware
from sphinx_autobuild.server import RebuildServer
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.websockets import WebSocket
from watchfiles import DefaultFilter, awatch

from ..errors import EditorError
from ..project import HERE, Project

HOST = "127.0.0.1"  # nobody else on the network sees a draft

NOTHING_YET = """<!DOCTYPE html><html lang="zh-CN"><meta charset="utf-8"><title>预览</title>
<p>没有这个网页。若是第一次生成就没有成功：请先改好列出的各处，存盘后这里会自动刷新。</p></html>"""
_LABEL = re.compile(r"\(([^()\s]+)\)=\s*")
_MARKUP = re.compile(r"\{[\w-]+\}|<[\d.()]+>|\]\([^)]*\)|[`*#>\[\]|:\s-]")


def serve(book: Project, port: int, *, open_browser: bool) -> None:
    """Builds, serves and rebuilds until the user stops it."""
    listener = _listen(port)
    address = f"http://{HOST}:{listener.getsockname()[1]}/"
    preview = Preview(book)
    try:
        preview.build()
        print(f"预览网址：{address}　存盘后自动刷新，按 Ctrl+C 结束。")
        if open_browser:
            webbrowser.open(address)
        config = uvicorn.Config(
            _app(preview, book), log_level="warning", timeout_graceful_shutdown=1
        )
        uvicorn.Server(config).run(sockets=[listener])
    finally:
        preview.close()


def _listen(port: int) -> socket.socket:
    """The port asked for, or the next that is free."""
    for candidate in range(port, min(port + 100, 65536)):
        try:
            return socket.create_server((HOST, candidate))
        except OSError:
            continue
    raise EditorError(f"端口 {port} 及其后的都被占用", remedy="用 --port 换一个，例如 --port 9000")


class Preview:
    """What the pages show: how often they have been built, and what is to be mended. A worker waits for the next save."""

    def __init__(self, book: Project) -> None:
        self.book = book
        self.version = 0
        self.built = False
        self.findings: list[dict] = []
        self.worker = _start_worker(self.book)

    def build(
        self, *, changed_code: bool = False, news: Callable[[], object] = lambda: None
    ) -> None:
        """Builds once; calls `news` each time there is something to tell the pages."""
        if changed_code or self.worker.poll() is not None:
            self.close()
            self.worker = _start_worker(self.book)
        worker = self.worker
        heard = False
        try:
            worker.stdin.write(b"\n")
            worker.stdin.close()
            for line in worker.stdout:
                if not line.startswith(b"{"):
                    continue  # not its own: what some library prints
                content = json.loads(line)
                if content["built"] and not heard:
                    self.version += 1
                heard = True
                self.built, self.findings = (
                    content["built"],
                    [_placed(found, self.book) for found in content["findings"]],
                )
                news()
        except OSError:
            pass  # it died: said below
        if not heard:
            words = "程序自己出了错，没有生成。改法：请把终端里的话告诉维护人员。"
            self.built, self.findings = (
                False,
                [_placed({"place": "", "file": "", "line": None, "words": words}, self.book)],
            )
            news()
        worker.wait()
        self.worker = _start_worker(self.book)

    def close(self) -> None:
        self.worker.kill()
        self.worker.wait()

    @property
    def state(self) -> dict:
        return {"version": self.version, "built": self.built, "findings": self.findings}


def _start_worker(book: Project) -> subprocess.Popen:
    command = [sys.executable, "-P", "-m", "explainer.serve.worker"]
    environment = {**os.environ, HERE: str(book.root)}
    return subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def _placed(finding: dict, book: Project) -> dict:
    """With the page, its section and the words of the line that it is about, where they are known."""
    path = book.root / finding["file"]
    page = section = text = ""
    if path.is_file() and path.is_relative_to(book.chapters):
        page = path.relative_to(book.chapters).with_suffix(".html").as_posix()
        lines = path.read_text("utf-8-sig", errors="replace").splitlines()[: finding["line"] or 0]
        text = _MARKUP.sub("", lines[-1]) if lines else ""
        labels = [label[1] for line in lines if (label := _LABEL.fullmatch(line))]
        section = make_id(labels[-1]) if labels else ""
    return {**finding, "page": page, "section": section, "text": text}


def _app(preview: Preview, book: Project) -> Starlette:
    def build(changed: list[Path]) -> None:
        names = "、".join(sorted(path.relative_to(book.root).as_posix() for path in changed)[:3])
        print(f"\n已改动 {names}，重新生成……")
        preview.build(
            changed_code=any(path.is_relative_to(book.root / "scripts") for path in changed),
            news=watcher.tell,
        )
        print(
            "网页已刷新。" if preview.built else "网页仍是上一次成功的样子；改好后存盘，会再生成。"
        )

    watcher = Watcher(book, build)
    return Starlette(
        routes=[
            WebSocketRoute("/_preview/changes", watcher),
            Route("/_preview/state.json", lambda request: JSONResponse(preview.state)),
            Route(
                "/_preview/preview.js",
                lambda request: FileResponse(Path(__file__).with_name("preview.js")),
            ),
            Route(
                "/_preview/preview.css",
                lambda request: FileResponse(Path(__file__).with_name("preview.css")),
            ),
            Mount("/", app=Pages(directory=built(book), html=True, check_dir=False)),
        ],
        middleware=[Middleware(PreviewScript, preview=preview)],
        exception_handlers={404: _not_found},
        lifespan=watcher.lifespan,
    )


def _not_found(request: Request, error: Exception) -> HTMLResponse:
    return HTMLResponse(NOTHING_YET, status_code=404)


def watched(book: Project) -> tuple[Path, ...]:
    """The folders in which somebody may save something; the code of charts is below scripts/."""
    return book.chapters, book.data, book.root / "scripts"


def built(book: Project) -> Path:
    """The last good site."""
    return book.build / "preview" / "html"


class Saved(DefaultFilter):
    """What somebody saved, without what editors and Excel keep for themselves."""

    ignore_dirs = (*DefaultFilter.ignore_dirs, ".ipynb_checkpoints")
    ignore_entity_patterns = (*DefaultFilter.ignore_entity_patterns, r"^~\$", r"\.tmp$", r"^\.")


class Watcher(RebuildServer):
    """sphinx-autobuild's, without its forking to build, with the settings files watched as well, and missing no page."""

    def __init__(self, book: Project, changed: Callable[[list[Path]], None]) -> None:
        super().__init__(watched(book), IgnoreFilter([], []), changed)
        self.book = book

    async def watch(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.building = asyncio.Lock()
        settings = {str(self.book.settings), str(self.book.contents)}
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._follow(*self.paths, watch_filter=Saved()))
            # The folder rather than the files: editors save by putting a new file in the old one's place.
            only_settings = lambda change, path: path in settings  # noqa: E731
            tasks.create_task(
                self._follow(self.book.root, watch_filter=only_settings, recursive=False)
            )

    async def _follow(self, *paths: Path, **options: object) -> None:
        async for changes in awatch(*paths, **options):
            async with self.building:
                await asyncio.to_thread(self.change_callback, [Path(path) for _, path in changes])

    def tell(self) -> None:
        """Tells the open pages, from whichever thread, that there is news."""
        self.loop.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        self.flag.set()
        self.flag = asyncio.Event()  # the next news is another event: nobody's to clear

    async def watch_reloads(self, page: WebSocket) -> None:
        """Speaks on connecting and at each news, also at what comes while the page is being told."""
        while True:
            news = self.flag
            await page.send_text("news")
            await news.wait()


class PreviewScript(JavascriptInjectorMiddleware):
    """sphinx-autobuild's, with the script in a file: the site's policy allows no inline scripts."""

    def __init__(self, app: object, preview: Preview) -> None:
        self.app = app
        self.preview = preview

    @property
    def script(self) -> bytes:
        """With the number of the build that the page is from."""
        return f'<script src="/_preview/preview.js?{self.preview.version}"></script>'.encode()


class Pages(StaticFiles):
    """The last good site, always asked for anew."""

    async def check_config(self) -> None:
        """Before the first success there is no folder, and that is no error."""

    def file_response(self, *args: object, **kwargs: object) -> Response:
        response = super().file_response(*args, **kwargs)
        # Not even to be asked whether it is still good: a kept page would name the build that it is from.
        response.headers["Cache-Control"] = "no-store"
        return response
