"""The site is built once for the whole run, as the command in the README does."""

from __future__ import annotations

import contextlib
import functools
import http.server
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from explainer import security
from explainer.browsers import CHROMIUM
from explainer.checks import addresses
from explainer.lock import exclusive
from explainer.paths import COMMAND

ROOT = Path(__file__).resolve().parents[1]

# The strictest policy that a careful server may send; the pages carry it themselves as well.
POLICY = f"{security.CONTENT}; frame-ancestors 'none'"

# Where this run was started in the background, Ctrl+C would be ignored by what the tests start as well.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_xdist_auto_num_workers() -> int:
    """Two for each core: half of the tests wait for a browser most of the time."""
    return 2 * (os.cpu_count() or 1)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the built site; whichever process of the run needs it first builds it for all."""
    folder = tmp_path_factory.getbasetemp()
    shared = folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder
    with exclusive(shared / "site.lock", lambda: None):
        if not (shared / "site-is-built").exists():
            result = subprocess.run(
                # In this environment, also for a clone that has none of its own.
                [sys.executable, "-P", "-m", "explainer.cli", "build"],
                cwd=ROOT,
                env={**os.environ, "PYTHONPATH": str(ROOT / "scripts"), "PYTHONUTF8": "1"},
                capture_output=True,
                text=True,
                encoding="utf-8",
            )
            assert result.returncode == 0, result.stdout + result.stderr
            (shared / "site-is-built").touch()
    return ROOT / "_build" / "html"


def now(address: str) -> str:
    """Where a page stands now that a test knows as `name.html#place`: renamed, it is found by its redirect, as readers do."""
    page, end, place = address.partition(".html")
    return addresses.redirects(ROOT).get(page, page).partition("#")[0] + end + place


def html_pages(site: Path) -> list[Path]:
    """The pages to be read: without the old addresses, which only lead on (tests/sphinx/test_redirects.py)."""
    return [
        path for path in sorted(site.glob("*.html")) if path.stem not in addresses.redirects(ROOT)
    ]


def stop_clock(page) -> None:
    """From here on no time goes by on the page but what the test lets, with `page.clock.run_for`."""
    page.clock.install()
    page.clock.pause_at(page.evaluate("Date.now() / 1000 + 60"))


# Not for the whole session: while Playwright is open, no other test can run an event loop of its own.
@pytest.fixture(scope="module")
def browser() -> Iterator:
    """A headless Chromium; `book.py test` sees to it that there is one."""
    from playwright.sync_api import sync_playwright

    program = CHROMIUM.find()
    assert program, f"这台电脑上没有找到 {CHROMIUM.name}；运行 {COMMAND} test，会说怎样装"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program,
            args=[
                *(["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []),
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
            ],
        )
        yield browser
        browser.close()


@contextlib.contextmanager
def phone(browser, address: str, ready: str) -> Iterator:
    """A page of the site on a phone, once its script is there; nothing may be amiss until the end."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    page = context.new_page()
    errors = []
    page.on("console", lambda m: errors.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(address)
    page.wait_for_function(f"() => Boolean(window.{ready})")
    yield page
    assert errors == []
    context.close()


@pytest.fixture(params=["http", "file"])
def anywhere(request, address: str, site: Path) -> str:
    """Where the site is, from a server and from disk."""
    return address if request.param == "http" else site.as_uri()


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    with serving(site) as address:
        yield address


@contextlib.contextmanager
def serving(site: Path) -> Iterator[str]:
    """The address of a site over http on this machine, under the strict policy."""

    class Strict(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *args) -> None:
            pass

        def end_headers(self) -> None:
            self.send_header("Content-Security-Policy", POLICY)
            super().end_headers()

    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Strict, directory=site)
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
