"""Live preview: builds on save, and the page in the browser refreshes itself."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
import webbrowser
from pathlib import Path

import uvicorn
from sphinx_autobuild.filter import IgnoreFilter
from sphinx_autobuild.middleware import JavascriptInjectorMiddleware
from sphinx_autobuild.server import RebuildServer
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from watchfiles import DefaultFilter, awatch

from .errors import EditorError
from .paths import BOOK, BUILD, DATA, ROOT

HOST = "127.0.0.1"  # nobody else on the network sees a draft
HTML = BUILD / "html"
FOLDERS = (BOOK, DATA, ROOT / "scripts" / "explainer")
SETTINGS = (ROOT / "_config.yml", ROOT / "_toc.yml")

SCRIPT_PATH = "/_preview/reload.js"
SCRIPT = "new WebSocket(`ws://${location.host}/_preview/changes`).onmessage = () => location.reload();"
NOTHING_YET = """<!DOCTYPE html><html lang="zh-CN"><meta charset="utf-8"><title>预览</title>
<p>没有这个网页。若是第一次生成就没有成功：请先改好终端里列出的各处，存盘后这里会自动刷新。</p></html>"""


def serve(port: int, *, open_browser: bool) -> None:
    """Builds, serves and rebuilds until the user stops it."""
    listener = _listen(port)
    address = f"http://{HOST}:{listener.getsockname()[1]}/"
    _build()
    print(f"预览网址：{address}　存盘后自动刷新，按 Ctrl+C 结束。")
    if open_browser:
        webbrowser.open(address)
    config = uvicorn.Config(_app(), log_level="warning", timeout_graceful_shutdown=1)
    uvicorn.Server(config).run(sockets=[listener])


def _listen(port: int) -> socket.socket:
    """The port asked for, or the next that is free."""
    for candidate in range(port, min(port + 100, 65536)):
        try:
            return socket.create_server((HOST, candidate))
        except OSError:
            continue
    raise EditorError(f"端口 {port} 及其后的都被占用", remedy="用 --port 换一个，例如 --port 9000")


def _build() -> bool:
    """In a process of its own, so that changed code is in force."""
    return subprocess.run([sys.executable, "-P", "-m", "explainer.cli", "build"]).returncode == 0


def _app() -> Starlette:
    watcher = Watcher(FOLDERS, IgnoreFilter([], []), change_callback=_rebuild)
    return Starlette(
        routes=[
            WebSocketRoute("/_preview/changes", watcher),
            Route(SCRIPT_PATH, lambda request: Response(SCRIPT, media_type="text/javascript")),
            Mount("/", app=Pages(directory=HTML, html=True, check_dir=False)),
        ],
        middleware=[Middleware(ReloadScript)],
        exception_handlers={404: _not_found},
        lifespan=watcher.lifespan,
    )


def _not_found(request: Request, error: Exception) -> HTMLResponse:
    return HTMLResponse(NOTHING_YET, status_code=404)


def _rebuild(changed_paths: list[Path]) -> None:
    names = "、".join(sorted(path.relative_to(ROOT).as_posix() for path in changed_paths)[:3])
    print(f"\n已改动 {names}，重新生成……")
    if _build():
        print("网页已刷新。")
    else:
        print("网页仍是上一次成功的样子；改好后存盘，会再生成。")


class Saved(DefaultFilter):
    """What somebody saved, without what editors and Excel keep for themselves."""

    ignore_dirs = (*DefaultFilter.ignore_dirs, ".ipynb_checkpoints")
    ignore_entity_patterns = (*DefaultFilter.ignore_entity_patterns, r"^~\$", r"\.tmp$", r"^\.")


class Watcher(RebuildServer):
    """sphinx-autobuild's, without its forking to build, and with the settings files watched as well."""

    async def watch(self) -> None:
        self.building = asyncio.Lock()
        settings = {str(path) for path in SETTINGS}
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._follow(*self.paths, watch_filter=Saved()))
            # The folder rather than the files: editors save by putting a new file in the old one's place.
            only_settings = lambda change, path: path in settings  # noqa: E731
            tasks.create_task(self._follow(ROOT, watch_filter=only_settings, recursive=False))

    async def _follow(self, *paths: Path, **options: object) -> None:
        async for changes in awatch(*paths, **options):
            async with self.building:
                await asyncio.to_thread(self.change_callback, [Path(path) for _, path in changes])
            self.flag.set()


class ReloadScript(JavascriptInjectorMiddleware):
    """sphinx-autobuild's, with the script in a file: the site's policy allows no inline scripts."""

    def __init__(self, app: object) -> None:
        self.app = app
        self.script = f'<script src="{SCRIPT_PATH}"></script>'.encode()


class Pages(StaticFiles):
    """The last good site, always asked for anew."""

    async def check_config(self) -> None:
        """Before the first success there is no folder, and that is no error."""

    def file_response(self, *args: object, **kwargs: object) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = "no-cache"
        return response
