"""A lost reader under a path that the settings do not name: the page has its style, and its links lead into the site."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

PATH = "/kjgh/"


@pytest.fixture
def below(site: Path) -> Iterator[str]:
    """The site under a path of a host, where every address that is not there is answered with its page for that."""

    class Host(http.server.SimpleHTTPRequestHandler):
        def translate_path(self, path: str) -> str:
            return (
                super().translate_path(path.removeprefix(PATH))
                if path.startswith(PATH)
                else str(site / "none")
            )

        def send_error(self, code: int, *arguments) -> None:
            self.send_response(code)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("X-Content-Type-Options", "nosniff")
            self.end_headers()
            self.wfile.write((site / "404.html").read_bytes())

        def log_message(self, *arguments) -> None:
            pass

    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Host, directory=site)
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}{PATH}"
    server.shutdown()


def test_a_lost_reader_s_page_finds_its_style_and_the_way_home_at_any_depth(below: str, browser):
    page = browser.new_page()
    page.goto(f"{below}index.html")
    styled = page.evaluate("getComputedStyle(document.body).fontFamily")
    for lost in ("old.html", "a/b.html", "editions/2026.1/c.html"):
        assert page.goto(below + lost).status == 404
        assert page.locator("h1").inner_text().startswith("没有这个网页")
        assert page.evaluate("getComputedStyle(document.body).fontFamily") == styled
        home = page.locator("article a").first
        assert home.evaluate("link => link.href") == f"{below}index.html"
        home.click()
        page.wait_for_url(f"{below}index.html")
    page.close()
