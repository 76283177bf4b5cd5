"""One window of a real browser, driven by whatever protocol that browser speaks."""

from __future__ import annotations

import base64
import contextlib
import http.client
import itertools
import json
import os
import re
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from websockets.sync.client import connect

PATIENCE = 30  # seconds for whatever a browser is asked for, beside busy neighbours
# As CDP and as WebDriver call them.
KEYS = {
    "Tab": (9, "\ue004"),
    "Enter": (13, "\ue007"),
    "Escape": (27, "\ue00c"),
    " ": (32, " "),
    "ArrowLeft": (37, "\ue012"),
    "ArrowUp": (38, "\ue013"),
    "ArrowRight": (39, "\ue014"),
    "ArrowDown": (40, "\ue015"),
}


class Driver:
    """What the tests speak to; each protocol says how it opens, evaluates, points and types."""

    def __init__(self, program: str) -> None:
        self.processes: list[subprocess.Popen] = []
        self.folder = Path(tempfile.mkdtemp(prefix="browser-"))
        self.width = 0
        try:
            self.start(program)
        except BaseException:
            self.close()
            raise

    def open(self, url: str, width: int = 1280, height: int = 844) -> None:
        """A fresh load, even where only the part after # is another; below 700 px by finger, else by mouse."""
        self.go("about:blank")
        if width != self.width:
            self.resize(width, height)
            self.width = width
        self.go(url)

    def press(self, x: float, y: float) -> None:
        self.point(x, y, "touch" if self.width < 700 else "mouse")

    def type(self, *keys: str) -> None:
        """Keys by their names, or characters."""
        for key in keys:
            self.key(key)

    def until(self, function: str, *arguments, seconds: float = PATIENCE):
        """The first true answer of a function in the page, which may just be loading; or the last when time is over."""
        end = time.monotonic() + seconds
        while True:
            over = time.monotonic() > end
            try:
                if (answer := self.ask(function, *arguments)) or over:
                    return answer
            except NoAnswer:
                if over:
                    raise
            time.sleep(0.03)

    def ask(self, function: str, *arguments):
        """What a function in the page answers, as JSON."""
        words = ", ".join(json.dumps(argument) for argument in arguments)
        answer = self.evaluate(f"(async () => JSON.stringify([await ({function})({words})]))()")
        return json.loads(answer)[0]

    # ---- processes

    def run(self, *command: str | Path, says: str, **environment: str) -> re.Match[str]:
        """Starts a program and waits for what it says when it is ready."""
        log = self.folder / f"log-{len(self.processes)}"
        home = {
            name: str(self.folder)
            for name in (
                "HOME",
                "XDG_CONFIG_HOME",
                "XDG_CACHE_HOME",
                "XDG_DATA_HOME",
                "XDG_RUNTIME_DIR",
            )
        }
        with log.open("wb") as output:
            process = subprocess.Popen(
                list(map(str, command)),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env={**os.environ, **home, **environment},
                start_new_session=True,
            )
        self.processes.append(process)
        end = time.monotonic() + PATIENCE
        while not (found := re.search(says, log.read_text("utf-8", errors="replace"))):
            assert process.poll() is None and time.monotonic() < end, (
                f"{command[0]} 没有启动：{log.read_text('utf-8')[-2000:]}"
            )
            time.sleep(0.05)
        return found

    def close(self) -> None:
        """Ends all that was started, and what that has started in its turn."""
        for process in reversed(self.processes):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        subprocess.run(["rm", "-rf", self.folder])


class NoAnswer(AssertionError):
    """A request failed: the page threw, was left meanwhile or is not there yet."""


class OverSocket(Driver):
    """Requests and answers over one socket; nothing else that is said there is wanted."""

    leaving = contextlib.ExitStack()

    def join(self, url: str) -> None:
        self.socket = self.leaving.enter_context(
            connect(url, max_size=None, ping_interval=None, open_timeout=PATIENCE)
        )
        self.numbers = itertools.count(1)

    def call(self, method: str, **params) -> dict:
        number = next(self.numbers)
        self.socket.send(json.dumps({"id": number, "method": method, "params": params}))
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            with contextlib.suppress(TimeoutError):
                message = json.loads(self.socket.recv(timeout=end - time.monotonic()))
                if message.get("id") == number:
                    if "error" in message:
                        raise NoAnswer(f"{method}：{message['error']} {message.get('message', '')}")
                    return message["result"]
        raise NoAnswer(f"{method}：{PATIENCE} 秒没有回答")

    def close(self) -> None:
        super().close()
        self.leaving.close()


class Chromium(OverSocket):
    """By the DevTools protocol, as Chromium 69 speaks it already."""

    def start(self, program: str) -> None:
        port = self.run(
            program,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--remote-debugging-port=0",
            f"--user-data-dir={self.folder / 'profile'}",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--hide-scrollbars",
            "--lang=zh-CN",
            "about:blank",
            says=r"listening on ws://127\.0\.0\.1:(\d+)/",
            LD_LIBRARY_PATH=str(Path(program).parent / "lib"),
        )[1]
        pages = lambda: [
            target for target in Http(port).call("GET", "/json/list") if target["type"] == "page"
        ]
        self.join(eventually(pages)[0]["webSocketDebuggerUrl"])

    def go(self, url: str) -> None:
        self.call("Page.navigate", url=url)
        there = "(url) => document.readyState === 'complete' && location.href.split('#')[0] === url"
        assert self.until(there, url.split("#")[0]), f"没有打开 {url}"

    def resize(self, width: int, height: int) -> None:
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )
        self.call("Emulation.setTouchEmulationEnabled", enabled=width < 700)

    def evaluate(self, source: str) -> str:
        answer = self.call(
            "Runtime.evaluate", expression=source, awaitPromise=True, userGesture=True
        )
        if "exceptionDetails" in answer:
            raise NoAnswer(answer["exceptionDetails"])
        return answer["result"]["value"]

    def point(self, x: float, y: float, kind: str) -> None:
        if kind == "touch":
            self.call("Input.dispatchTouchEvent", type="touchStart", touchPoints=[{"x": x, "y": y}])
            self.call("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])
        else:
            for type_, button in (
                ("mouseMoved", "none"),
                ("mousePressed", "left"),
                ("mouseReleased", "left"),
            ):
                self.call(
                    "Input.dispatchMouseEvent", type=type_, x=x, y=y, button=button, clickCount=1
                )

    def key(self, key: str) -> None:
        if key not in KEYS:
            self.call("Input.dispatchKeyEvent", type="char", text=key)
            return
        code = {
            "key": key,
            "code": "Space" if key == " " else key,
            "windowsVirtualKeyCode": KEYS[key][0],
        }
        text = {"Enter": "\r", " ": " "}.get(key)
        self.call(
            "Input.dispatchKeyEvent",
            type="keyDown" if text else "rawKeyDown",
            **code,
            **({"text": text} if text else {}),
        )
        self.call("Input.dispatchKeyEvent", type="keyUp", **code)

    def print(self) -> bytes:
        return base64.b64decode(self.call("Page.printToPDF", printBackground=True)["data"])

    def picture(self) -> bytes:
        return base64.b64decode(self.call("Page.captureScreenshot")["data"])


def pointing(x: float, y: float, kind: str) -> list[dict]:
    """A press, as both WebDriver protocols write it."""
    moves = [
        {"type": "pointerMove", "x": round(x), "y": round(y)},
        {"type": "pointerDown", "button": 0},
        {"type": "pointerUp", "button": 0},
    ]
    return [{"type": "pointer", "id": kind, "parameters": {"pointerType": kind}, "actions": moves}]


def typing(key: str) -> list[dict]:
    value = KEYS[key][1] if key in KEYS else key
    return [
        {
            "type": "key",
            "id": "keys",
            "actions": [{"type": type_, "value": value} for type_ in ("keyDown", "keyUp")],
        }
    ]


class Firefox(OverSocket):
    """By WebDriver BiDi, which Firefox speaks without a driver of its own."""

    def start(self, program: str) -> None:
        profile = self.folder / "profile"
        profile.mkdir()
        port = self.run(
            program,
            "--headless",
            "--no-remote",
            "--profile",
            profile,
            "--remote-debugging-port=0",
            "about:blank",
            says=r"WebDriver BiDi listening on ws://127\.0\.0\.1:(\d+)",
        )[1]
        self.join(f"ws://127.0.0.1:{port}/session")
        self.call("session.new", capabilities={})
        # A tab of its own: in the one that it begins with nothing gets the focus.
        self.context = self.call("browsingContext.create", type="tab")["context"]

    def go(self, url: str) -> None:
        self.call("browsingContext.navigate", context=self.context, url=url, wait="complete")

    def resize(self, width: int, height: int) -> None:
        self.call(
            "browsingContext.setViewport",
            context=self.context,
            viewport={"width": width, "height": height},
        )

    def evaluate(self, source: str) -> str:
        answer = self.call(
            "script.evaluate",
            expression=source,
            target={"context": self.context},
            awaitPromise=True,
            userActivation=True,
        )
        if answer["type"] != "success":
            raise NoAnswer(answer["exceptionDetails"])
        return answer["result"]["value"]

    def point(self, x: float, y: float, kind: str) -> None:
        self.call("input.performActions", context=self.context, actions=pointing(x, y, kind))

    def key(self, key: str) -> None:
        self.call("input.performActions", context=self.context, actions=typing(key))

    def print(self) -> bytes:
        return base64.b64decode(self.call("browsingContext.print", context=self.context)["data"])

    def picture(self) -> bytes:
        return base64.b64decode(
            self.call("browsingContext.captureScreenshot", context=self.context)["data"]
        )


class Http:
    """JSON over HTTP on this machine."""

    def __init__(self, port: str) -> None:
        self.port = int(port)

    def call(self, method: str, path: str, body: dict | None = None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2 * PATIENCE)
        connection.request(method, path, json.dumps(body or {}) if method == "POST" else None)
        answer = json.loads(connection.getresponse().read())
        connection.close()
        return answer


class WebKit(Driver):
    """WebKitGTK's small browser on a screen that nobody sees, by classic WebDriver."""

    def start(self, program: str) -> None:
        display = self.run(
            "Xvfb",
            "-displayfd",
            "1",
            "-screen",
            "0",
            "1600x1200x24",
            "-nolisten",
            "tcp",
            says=r"(?m)^(\d+)$",
        )[1]
        port = free_port()
        self.run(
            program,
            f"--port={port}",
            says="",
            DISPLAY=f":{display}",
            NO_AT_BRIDGE="1",
            GDK_BACKEND="x11",
            LIBGL_ALWAYS_SOFTWARE="1",
            GTK_CSD="0",
        )
        self.http = Http(port)
        browser = next(Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser"))
        wanted = {"webkitgtk:browserOptions": {"binary": str(browser), "args": ["--automation"]}}
        eventually(lambda: self.http.call("GET", "/status"))
        answer = self.http.call("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})
        self.session = f"/session/{answer['value']['sessionId']}"
        self.without_buttons()

    def without_buttons(self) -> None:
        """A second window: the first one's row of buttons keeps it wider than a phone."""
        self.go("about:blank")
        self.ask(
            "() => { document.documentElement.style.height = '100%'; onclick = () => void open('about:blank', 'x', 'toolbar=no,location=no'); }"
        )
        self.point(50, 50, "mouse")
        first = self.call("GET", "window")
        others = eventually(
            lambda: [window for window in self.call("GET", "window/handles") if window != first]
        )
        self.call("POST", "window", handle=others[0])

    def call(self, method: str, path: str, **body):
        value = self.http.call(method, f"{self.session}/{path}", body)["value"]
        if isinstance(value, dict) and "error" in value:
            raise NoAnswer(f"{path}：{value}")
        return value

    def go(self, url: str) -> None:
        self.call("POST", "url", url=url)

    def resize(self, width: int, height: int) -> None:
        outer, wanted = [width, height], [width, height]
        end = time.monotonic() + PATIENCE
        while True:
            self.call("POST", "window/rect", x=0, y=0, width=outer[0], height=outer[1])
            if self.until("(w, h) => innerWidth === w && innerHeight === h", *wanted, seconds=1):
                return
            assert time.monotonic() < end, "窗口没有变到要的大小"
            inner = self.ask("() => [innerWidth, innerHeight]")
            outer = [
                o + w - i for o, w, i in zip(outer, wanted, inner)
            ]  # what the window's own frame takes

    def evaluate(self, source: str) -> str:
        return self.call("POST", "execute/sync", script=f"return {source}", args=[])

    def point(self, x: float, y: float, kind: str) -> None:
        self.call("POST", "actions", actions=pointing(x, y, kind))

    def key(self, key: str) -> None:
        self.call("POST", "actions", actions=typing(key))

    def print(self) -> None:
        """It cannot."""

    def picture(self) -> bytes:
        return base64.b64decode(self.call("GET", "screenshot"))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def eventually(ask):
    """The first answer that is not empty, of a server that may not be listening yet."""
    end = time.monotonic() + PATIENCE
    while True:
        with contextlib.suppress(ConnectionRefusedError):
            if answer := ask():
                return answer
        assert time.monotonic() < end, "浏览器没有准备好"
        time.sleep(0.05)


DRIVERS = {"chromium": Chromium, "firefox": Firefox, "webkit": WebKit}
