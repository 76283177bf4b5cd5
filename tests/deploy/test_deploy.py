"""Publishing, and a real nginx on loopback with the configuration that is shipped."""

from __future__ import annotations

import gzip
import http.client
import http.server
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import brotli
import pytest

from conftest import POLICY
from explainer import deploy, security
from explainer.errors import EditorError
from explainer.testing import find_server

READERS = deploy.READERS
CONFIGURATION = Path(deploy.__file__).with_name("nginx.conf")
MODULE = next(Path("/usr/lib/nginx/modules").glob("*brotli_static*.so"), None)

pytestmark = pytest.mark.skipif(
    os.name == "nt", reason="the site is published on a server with links between folders"
)
needs_server = pytest.mark.skipif(
    find_server() is None, reason="no nginx here, and no right to install it"
)


@pytest.fixture(scope="module", autouse=True)
def no_other_reader() -> Iterator[None]:
    """The tests' own folders are nobody else's to enter, and nginx runs as whoever runs the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(deploy, "READERS", ())
        yield


@pytest.fixture
def open_place(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that others may enter, with the server's user as he is, made by somebody who keeps files to himself."""
    monkeypatch.setattr(deploy, "READERS", READERS)
    before = os.umask(0o077)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)
    os.umask(before)


def write_site(html: Path, version: str) -> Path:
    """A site of one page, whose style sheet is named after its bytes; another sheet is the same in every version."""
    (html / "_static").mkdir(parents=True, exist_ok=True)
    for old in (html / "_static").iterdir():
        old.unlink()
    name = f"site.{version * 10}.css"
    (html / "index.html").write_text(f'<link href="_static/{name}">{version * 2000}', "utf-8")
    (html / "_static" / name).write_text(f"p{{color:#{version * 6}}}" * 100, "utf-8")
    (html / "_static" / "same.0123456789.css").write_text("p{margin:0}" * 100, "utf-8")
    return html


# ---- folders


def test_a_release_is_whole_and_shown_at_once(tmp_path: Path) -> None:
    html = write_site(tmp_path / "html", "a")
    release = deploy.publish(tmp_path / "served", html)
    assert (tmp_path / "served" / "current").resolve() == release.resolve()
    page = (html / "index.html").read_bytes()
    assert (release / "index.html").read_bytes() == page
    assert gzip.decompress((release / "index.html.gz").read_bytes()) == page
    assert brotli.decompress((release / "index.html.br").read_bytes()) == page
    assert sorted(path.name for path in (tmp_path / "served" / "releases").iterdir()) == [
        release.name
    ]


def test_compressed_files_are_the_same_bytes_each_time_and_only_where_they_help(
    tmp_path: Path,
) -> None:
    html = write_site(tmp_path / "html", "a")
    (html / "tiny.txt").write_text("a", "utf-8")
    first, second = (deploy.publish(tmp_path / name, html) for name in ("one", "two"))
    for path in first.rglob("*.gz"):
        assert path.read_bytes() == (second / path.relative_to(first)).read_bytes()
    assert not (first / "tiny.txt.gz").exists() and (first / "tiny.txt").exists()


def test_there_is_a_way_back_and_forth(tmp_path: Path) -> None:
    folder = tmp_path / "served"
    with pytest.raises(EditorError, match="没有更早的版本"):
        deploy.go_back(folder)
    first = deploy.publish(folder, write_site(tmp_path / "html", "a"))
    second = deploy.publish(folder, write_site(tmp_path / "html", "b"))
    assert first != second
    for shown in (first, second, first):
        assert deploy.go_back(folder) == shown
        assert (folder / "current").resolve() == shown.resolve()
    # The same site again is the release that is there already, and what was shown before stays within reach.
    assert deploy.publish(folder, tmp_path / "html") == second
    assert deploy.publish(folder, tmp_path / "html") == second
    assert (folder / "previous").resolve() == first.resolve()


def test_old_releases_go_and_those_in_use_stay(tmp_path: Path) -> None:
    folder = tmp_path / "served"
    releases = [
        deploy.publish(folder, write_site(tmp_path / "html", version)) for version in "abcdef0"
    ]
    left = set((folder / "releases").iterdir())
    assert releases[-1] in left and releases[-2] in left and len(left) == deploy.KEPT
    styles = {path.name for path in (folder / "assets" / "_static").glob("*.css")}
    assert styles == {path.name for release in left for path in release.glob("_static/*.css")}


def test_without_a_site_nothing_is_published(tmp_path: Path) -> None:
    with pytest.raises(EditorError, match="还没有生成网站"):
        deploy.publish(tmp_path / "served", tmp_path / "html")
    assert not (tmp_path / "served").exists()


def test_what_only_its_maker_may_read_is_opened_for_everybody(open_place: Path) -> None:
    folder = open_place / "served"
    release = deploy.publish(folder, write_site(open_place / "html", "a"))
    modes = {
        path.stat().st_mode & 0o777
        for path in (*folder.rglob("*"),)
        if path.is_file() and path.name[0] != "."
    }
    assert modes == {0o644}
    assert {
        path.stat().st_mode & 0o777
        for path in (folder, release, *folder.rglob("*"))
        if path.is_dir()
    } == {0o755}
    (release / "index.html").chmod(0o600)
    assert (
        deploy.publish(folder, open_place / "html") == release
    )  # the same again mends what an earlier one left
    assert (release / "index.html").stat().st_mode & 0o777 == 0o644


def test_a_folder_that_the_server_cannot_enter_is_told_before_anybody_is_shown_it(
    open_place: Path,
) -> None:
    closed = open_place / "closed"
    closed.mkdir()
    with pytest.raises(
        EditorError, match=f"没有发布：网页服务器（用户 .+）读不到 {closed}。改法：运行 chmod"
    ):
        deploy.publish(closed / "served", write_site(open_place / "html", "a"))
    assert not (closed / "served" / "current").exists()
    closed.chmod(0o755)
    deploy.publish(closed / "served", open_place / "html")


def test_a_page_that_readers_have_goes_only_when_that_is_meant(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, html = tmp_path / "served", write_site(tmp_path / "html", "a")
    (html / "editions" / "2026.1").mkdir(parents=True)
    (html / "editions" / "2026.1" / "index.html").write_text("旧版", "utf-8")
    (html / "downloads").mkdir()
    (html / "downloads" / "book-2026.pdf").write_text("甲", "utf-8")
    first = deploy.publish(folder, html)
    (html / "downloads" / "book-2026.pdf").rename(html / "downloads" / "book-2027.pdf")
    second = deploy.publish(folder, html)
    assert capsys.readouterr().out == "上一次有、这一次没有的 1 个文件：downloads/book-2026.pdf。\n"
    shutil.rmtree(html / "editions")
    with pytest.raises(
        EditorError,
        match="没有发布：.* 1 个网页，新的里没有：editions/2026.1/index.html。改法：.*--site _build/public",
    ):
        deploy.publish(folder, html)
    assert (folder / "current").resolve() == second.resolve() != first.resolve()
    dropped = deploy.publish(folder, html, drop=True)
    assert (
        "editions/2026.1/index.html" in capsys.readouterr().out
        and (folder / "current").resolve() == dropped.resolve()
    )
    assert deploy.publish(folder, html) == dropped and capsys.readouterr().out == ""


def test_the_server_itself_is_asked(tmp_path: Path) -> None:
    html, folder = write_site(tmp_path / "html", "a"), tmp_path / "served"

    class Shown(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments) -> None:
            super().__init__(*arguments, directory=folder / "current")

        def log_message(self, *arguments) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Shown) as server:
        threading.Thread(target=server.serve_forever).start()
        try:
            address = f"http://127.0.0.1:{server.server_port}/"
            deploy.publish(folder, html, address=address)
            deploy.publish(folder, write_site(html, "b"), address=address)
            deploy.go_back(folder, address)
            for wrong, said in (
                ("nowhere/", "404（没有这个网页）"),
                ("_static/same.0123456789.css", "别的内容"),
            ):
                with pytest.raises(EditorError, match=f"要首页，得到的是{said}"):
                    deploy.publish(folder, html, address=address + wrong)
        finally:
            server.shutdown()
    with pytest.raises(EditorError, match="得到的是不通"):
        deploy.publish(folder, html, address=address)


# ---- the server


class Server:
    """nginx, with one worker, as the shipped configuration says; `folder` is what it shows."""

    def __init__(self, place: Path, configuration: str, user: str = "root") -> None:
        self.folder, self.log = place / "served", place / "error.log"
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        configuration = configuration.replace("/srv/explainer", str(self.folder))
        configuration = configuration.replace("listen 80;", f"listen 127.0.0.1:{self.port};")
        user = f"user {user};" if os.geteuid() == 0 else ""
        module = (
            f"load_module {MODULE};" if MODULE and "\n    brotli_static" in configuration else ""
        )
        types = next(
            p
            for p in map(Path, ("/etc/nginx/mime.types", "/usr/local/etc/nginx/mime.types"))
            if p.exists()
        )
        paths = "".join(
            f"{kind}_temp_path {place}/{kind};"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        (place / "nginx.conf").write_text(
            f"{module}{user}worker_processes 1;daemon off;pid {place}/pid;error_log {self.log};events {{}}\n"
            f"http {{ include {types};access_log off;{paths}\n{configuration}\n}}\n",
            "utf-8",
        )
        self.process = subprocess.Popen(
            [find_server(), "-e", self.log, "-p", place, "-c", place / "nginx.conf"]
        )

    def wait(self) -> None:
        for _ in range(100):
            try:
                return socket.create_connection(("127.0.0.1", self.port)).close()
            except OSError:
                assert self.process.poll() is None, self.log.read_text()
                time.sleep(0.05)
        raise TimeoutError

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request(
            "GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()}
        )
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, body


def configuration(brotli: bool) -> str:
    text = CONFIGURATION.read_text("utf-8")
    assert "\n    #brotli_static on;" in text
    return text.replace("#brotli_static on;", "brotli_static on;") if brotli else text


@pytest.fixture(scope="module", params=[False, True], ids=["as shipped", "with brotli"])
def server(request, tmp_path_factory) -> Iterator[Server]:
    if request.param and not MODULE:
        pytest.skip("nginx has no brotli module here")
    server = Server(tmp_path_factory.mktemp("nginx"), configuration(request.param))
    server.brotli = request.param
    server.wait()
    yield server
    server.process.terminate()
    server.process.wait()
    assert not [
        line
        for line in server.log.read_text().splitlines()
        if "[warn]" in line or "[emerg]" in line
    ]


@pytest.fixture(scope="module")
def published(server: Server, site: Path) -> Server:
    """The book itself, on the server."""
    deploy.publish(server.folder, site)
    return server


def asset(server: Server, kind: str) -> str:
    return f"/_static/{next((server.folder / 'current' / '_static').glob(f'*.{kind}')).name}"


@needs_server
def test_the_server_s_own_user_reads_what_was_published_by_one_who_keeps_files_to_himself(
    open_place: Path,
) -> None:
    """As installed: not as the tests' own user, who may read everything."""
    server = Server(open_place, configuration(brotli=False), user=next(deploy._users()))
    try:
        server.wait()
        deploy.publish(
            server.folder,
            write_site(open_place / "html", "a"),
            address=f"http://127.0.0.1:{server.port}/",
        )
        assert server.get("/_static/same.0123456789.css")[0] == 200
        (server.folder / "current" / "index.html").chmod(0o600)
        if os.geteuid() == 0:
            with pytest.raises(EditorError, match="得到的是403"):
                deploy._ask(
                    f"http://127.0.0.1:{server.port}/", server.folder / "current" / "index.html"
                )
    finally:
        server.process.terminate()
        server.process.wait()


@needs_server
def test_every_answer_carries_the_safe_headers(published: Server) -> None:
    for path, status in (
        ("/", 200),
        ("/about.html", 200),
        (asset(published, "css"), 200),
        ("/no/such.html", 404),
    ):
        code, headers, _ = published.get(path)
        assert code == status
        assert headers["content-security-policy"] == POLICY
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert "geolocation=()" in headers["permissions-policy"]
        assert not re.search(r"\d", headers["server"])
    page = (published.folder / "current" / "index.html").read_text("utf-8")
    assert f'content="{security.CONTENT}"' in page


@needs_server
def test_files_have_their_types_and_are_utf8(published: Server) -> None:
    for path, kinds in {
        "/index.html": ["text/html; charset=utf-8"],
        asset(published, "css"): ["text/css; charset=utf-8"],
        asset(published, "js"): [
            "application/javascript; charset=utf-8",
            "text/javascript; charset=utf-8",
        ],
        asset(published, "svg"): ["image/svg+xml; charset=utf-8"],
        "/downloads/tasks.csv": ["text/csv; charset=utf-8"],
        "/downloads/datapackage.json": ["application/json; charset=utf-8"],
    }.items():
        assert published.get(path)[1]["content-type"] in kinds, path


@needs_server
def test_texts_come_compressed(published: Server, site: Path) -> None:
    for path in (
        "/index.html",
        asset(published, "css"),
        asset(published, "js"),
        "/downloads/tasks.csv",
    ):
        plain = (site / path[1:]).read_bytes()
        _, headers, body = published.get(path, Accept_Encoding="gzip")
        assert headers["content-encoding"] == "gzip" and gzip.decompress(body) == plain
        assert "Accept-Encoding" in headers["vary"]
        release = published.folder / "current" / path[1:]
        assert (
            body == release.with_name(release.name + ".gz").read_bytes()
        )  # made at publishing, not for each reader
        if published.brotli:
            _, headers, body = published.get(path, Accept_Encoding="br, gzip")
            assert headers["content-encoding"] == "br" and brotli.decompress(body) == plain
        assert published.get(path)[2] == plain


@needs_server
def test_browsers_keep_what_never_changes_and_ask_about_the_rest(published: Server) -> None:
    assert (
        published.get(asset(published, "js"))[1]["cache-control"]
        == "public, max-age=31536000, immutable"
    )
    for path in ("/", "/index.html", "/downloads/tasks.csv", "/_static/gone.0123456789.css"):
        assert published.get(path)[1]["cache-control"] == "no-cache"
    tag = published.get("/index.html")[1]["etag"]
    assert published.get("/index.html", If_None_Match=tag)[0] == 304


@needs_server
def test_a_lost_reader_is_answered_in_chinese_at_any_depth(published: Server) -> None:
    for path in ("/nowhere", "/a/b/c.html", "/_static/nowhere.js"):
        status, _, body = published.get(path)
        assert status == 404 and "没有这个网页" in body.decode()
    style = re.search(r'href="(/_static/site[^"]+)"', body.decode())[1]
    assert published.get(style)[0] == 200


@needs_server
def test_readers_notice_no_change_of_release(server: Server, tmp_path: Path) -> None:
    """Under load: every page is whole, and its style sheet is there even when another release is shown by then."""
    html = tmp_path / "html"
    for version in "ab":
        deploy.publish(
            server.folder, write_site(html, version), drop=True
        )  # whatever another test has left there
    enough = threading.Event()
    answers, failures = [], []

    def read() -> None:
        while not enough.is_set():
            try:
                status, _, page = server.get("/index.html")
                style, version = re.fullmatch(r'<link href="(\S+)">(.)\2+', page.decode()).groups()
                answers.append((status, version, len(page)))
                answers.append((server.get(f"/{style}")[0], version, len(page)))
            except Exception as error:
                failures.append(error)

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    switches, end = 0, time.monotonic() + 60  # a second or two unless the machine is very busy
    while (switches < 25 or len(answers) < 400) and time.monotonic() < end:
        deploy.go_back(server.folder)
        switches += 1
        time.sleep(0.04)
    enough.set()
    for reader in readers:
        reader.join()
    assert failures == [] and switches >= 25 and len(answers) >= 400
    assert {status for status, *_ in answers} == {200} and len({size for *_, size in answers}) == 1
    assert {version for _, version, _ in answers} == {"a", "b"}


def test_the_command_says_what_it_did(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-P",
        "-m",
        "explainer.cli",
        "publish",
        str(tmp_path / "served"),
        "--back",
    ]
    result = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    assert (
        result.returncode == 1 and "没有更早的版本" in result.stderr and "改法：" in result.stderr
    )
