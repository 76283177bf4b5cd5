"""What the built pages load: how much, from where, under which names."""

from __future__ import annotations

import gzip
import hashlib
import re
import shutil
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup

from conftest import html_pages
from explainer.checks.book import Book
from explainer.project import current
from explainer.sphinx import assets

MOST = {False: 60_000, True: 80_000}  # bytes of a first load without and with a chart
HOST = re.compile(
    r"(?:https?:)?//[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}[^\s\"'<>)`]*", re.IGNORECASE
)
# Addresses that stand in files and that nothing asks for, each with its reason.
NAMES_OF_THINGS = {
    "http://www.w3.org/2000/svg": "the name of SVG's elements",
    "http://www.w3.org/1999/xlink": "the name of SVG's links",
    "http://www.w3.org/2000/xmlns/": "the name of XML's namespaces",
    "https://creativecommons.org/licenses/by/4.0/deed.zh-hans": "the tables' licence, in datapackage.json",
}
# Where links may lead, which a reader follows or not.
ALLOWED = Book(current()).listed("explainer_hosts")
TEXTS = {".html", ".css", ".js", ".svg", ".json", ".csv", ".xml", ".txt"}


def loaded(site: Path, page: Path) -> set[Path]:
    """The files that a browser asks for when it opens the page."""
    soup = BeautifulSoup(page.read_text("utf-8"), "html.parser")
    elements = soup.select("script[src], img[src], link[rel=stylesheet], link[rel=icon]")
    files = {site / urljoin(page.name, e.get("src") or e.get("href")).lstrip("/") for e in elements}
    if page.name == "search.html":
        files |= set(site.glob("_static/search-data.*"))
    return {page, *files}


def allowed(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    return any(host == name or host.endswith(f".{name}") for name in ALLOWED)


def test_a_first_load_is_small(site: Path) -> None:
    for page in site.glob("*.html"):
        size = sum(len(gzip.compress(file.read_bytes())) for file in loaded(site, page))
        assert size <= MOST['class="chart"' in page.read_text("utf-8")], (page.name, size)


def test_no_file_names_another_host(site: Path) -> None:
    files = [file for file in site.rglob("*") if file.suffix in TEXTS]
    assert {file.suffix for file in files} >= {".html", ".css", ".js", ".svg", ".json", ".csv"}
    for file in files:
        found = {
            address
            for address in HOST.findall(file.read_text("utf-8"))
            if address not in NAMES_OF_THINGS and not allowed(address)
        }
        assert found == set(), file


def test_every_asset_is_used_and_named_after_its_bytes(site: Path) -> None:
    files = list((site / "_static").iterdir())
    texts = {
        file: file.read_text("utf-8") for file in [*site.glob("*.html"), *site.glob("_static/*.js")]
    }
    for file in files:
        digest = re.fullmatch(r"[\w-]+\.([0-9a-f]{10})\.\w+", file.name)[1]
        assert hashlib.sha256(file.read_bytes()).hexdigest().startswith(digest)
        assert any(file.name in text for other, text in texts.items() if other != file), file.name
    assert {file.suffix for file in files} == {".css", ".js", ".svg"}


def test_one_style_sheet_and_no_script_that_holds_up_the_page(site: Path) -> None:
    # The page for lost readers does not know how deep they are: it names its files from every depth.
    for page in set(html_pages(site)) - {site / "404.html"}:
        soup = BeautifulSoup(page.read_text("utf-8"), "html.parser")
        assert len(soup.select("link[rel=stylesheet]")) == 1 and not soup.select("[type=module]")
        # Only the one that chooses the colours comes before the first paint, and it is tiny.
        early = [script for script in soup.select("script[src]") if not script.has_attr("defer")]
        assert (
            len(early) == 1
            and (site / urljoin(page.name, early[0]["src"]).lstrip("/")).stat().st_size < 4000
        )


def test_only_what_is_used_of_a_library_stays() -> None:
    library = (
        "@keyframes turn{to{opacity:0}}@keyframes drop{to{opacity:1}}"
        ".sd-a:hover>.sd-b{color:red;animation:turn 1s}.sd-a:not(.sd-x) p{color:blue}.sd-x,.sd-a::after{color:green}"
        "@media print{.sd-x{color:pink;animation:drop 1s}}"
    )
    sheet = assets.one_sheet("p { color: var(--ink) }", library, {"sd-a", "sd-b"})
    assert ".sd-a:hover>.sd-b" in sheet and ".sd-a:after" in sheet and ".sd-a:not(.sd-x) p" in sheet
    assert "@keyframes turn" in sheet and "drop" not in sheet and "@media" not in sheet
    assert sheet.endswith("p{color:var(--ink)}")
    assert "sd-" not in assets.one_sheet("p{color:red}", library, {"p"})


@pytest.fixture
def out(tmp_path: Path) -> Path:
    files = {
        "a/page.html": '<link href="../_static/site.css?v=12"><script src="../_static/run.js"></script>'
        '<meta content="https://x.cn/_static/card.png"><p class="sd-a">_static/site.css</p>',
        "_static/site.css": ".sd-a, .b { color: red }",
        "_static/run.js": '// what it is\nnew URL("data.js", document.currentScript.src);\n',
        "_static/data.js": "window.data = 1;\n",
        "_static/card.png": "PNG",
        "_static/unused.js": "",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    return tmp_path


def names(out: Path) -> set[str]:
    return {path.name for path in (out / "_static").iterdir()}


def test_pages_and_scripts_ask_for_the_lasting_names(out: Path) -> None:
    assets.finish(out, ["run.js"])
    page = (out / "a" / "page.html").read_text("utf-8")
    assert len(names(out)) == 4 and not any(name.startswith("unused") for name in names(out))
    asked = re.findall(r'_static/([\w.]+)"', page)
    script = (
        out / "_static" / next(name for name in names(out) if name.startswith("run"))
    ).read_text("utf-8")
    assert "//" not in script
    assert {*asked, re.search(r'"([\w.]+)"', script)[1]} == names(out)
    assert ">_static/site.css<" in page  # words stay words


def test_a_changed_file_changes_the_names_of_those_that_ask_for_it(out: Path) -> None:
    again = out.with_name("again")
    shutil.copytree(out, again)
    (again / "_static" / "data.js").write_text("window.data = 2;\n", "utf-8")
    for folder in (again, out):
        assets.finish(folder, ["run.js"])
    assert {name.split(".")[0] for name in names(out) - names(again)} == {"run", "data"}
