"""The lock can be installed on every system that the README names, by ready-made packages alone."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser
from typing import NamedTuple
from urllib.parse import unquote

import pytest
import requests
from packaging.markers import Marker
from packaging.tags import Tag, compatible_tags, cpython_tags, mac_platforms
from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename
from pip._internal.models.index import PyPI

from explainer.environment import LOCK

PYTHONS = [(3, 11), (3, 12), (3, 13), (3, 14)]
OLDEST_GLIBC, OLDEST_MAC = 28, (14, 0)


def manylinux(machine: str) -> list[str]:
    older = {17: "manylinux2014", 12: "manylinux2010", 5: "manylinux1"}
    names = [
        name
        for minor in range(OLDEST_GLIBC, 4, -1)
        for name in (f"manylinux_2_{minor}", older.get(minor))
        if name
    ]
    return [f"{name}_{machine}" for name in [*names, "linux"]]


def mac(machine: str) -> list[str]:
    return list(mac_platforms(OLDEST_MAC, machine))


SYSTEMS = {
    "Windows x64": (
        ["win_amd64"],
        dict(
            sys_platform="win32", platform_system="Windows", os_name="nt", platform_machine="AMD64"
        ),
    ),
    "macOS arm64": (
        mac("arm64"),
        dict(
            sys_platform="darwin",
            platform_system="Darwin",
            os_name="posix",
            platform_machine="arm64",
        ),
    ),
    "macOS x86_64": (
        mac("x86_64"),
        dict(
            sys_platform="darwin",
            platform_system="Darwin",
            os_name="posix",
            platform_machine="x86_64",
        ),
    ),
    "Linux x86_64": (
        manylinux("x86_64"),
        dict(
            sys_platform="linux",
            platform_system="Linux",
            os_name="posix",
            platform_machine="x86_64",
        ),
    ),
    "Linux aarch64": (
        manylinux("aarch64"),
        dict(
            sys_platform="linux",
            platform_system="Linux",
            os_name="posix",
            platform_machine="aarch64",
        ),
    ),
}


class Locked(NamedTuple):
    name: str
    version: str
    marker: Marker | None
    hashes: frozenset[str]


class Wheel(NamedTuple):
    tags: frozenset[Tag]
    sha256: str  # empty where the registry does not say


def locked(text: str) -> list[Locked]:
    """What a lock asks for."""
    result = []
    for entry in re.findall(r"^\w.*?(?=^\w|\Z)", text, re.M | re.S):
        requirement, *_ = entry.partition("\\\n")
        pinned, _, marker = requirement.partition(";")
        name, _, version = pinned.strip().partition("==")
        hashes = frozenset(re.findall(r"sha256:(\w+)", entry))
        result.append(
            Locked(
                canonicalize_name(name),
                version.strip(),
                Marker(marker) if marker.strip() else None,
                hashes,
            )
        )
    return result


def missing(packages: list[Locked], wheels: Callable[[Locked], list[Wheel]]) -> list[str]:
    """Each package that has no wheel for a system where the lock asks for it."""
    found = []
    for system, (platforms, facts) in SYSTEMS.items():
        for python in PYTHONS:
            version = ".".join(map(str, python))
            tags = {
                *cpython_tags(python, platforms=platforms),
                *compatible_tags(python, f"cp{python[0]}{python[1]}", platforms),
            }
            names = facts | {
                "python_version": version,
                "python_full_version": f"{version}.9",
                "implementation_name": "cpython",
                "platform_python_implementation": "CPython",
            }
            for package in packages:
                if package.marker and not package.marker.evaluate(names):
                    continue
                if not any(
                    wheel.tags & tags and wheel.sha256 in {*package.hashes, ""}
                    for wheel in wheels(package)
                ):
                    found.append(f"{package.name} {package.version}: {system}, Python {version}")
    return found


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.files: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attributes: list) -> None:
        path, _, digest = (dict(attributes).get("href") or "").partition("#sha256=")
        self.files.append((unquote(path.rpartition("/")[2]), digest))


def files(page: requests.Response) -> list[tuple[str, str]]:
    """Name and digest of each file on a project's page, in either of the forms in which registries answer."""
    if "json" in page.headers.get("content-type", ""):
        return [
            (file["filename"], file.get("hashes", {}).get("sha256", ""))
            for file in json.loads(page.text)["files"]
        ]
    links = _Links()
    links.feed(page.text)
    return links.files


def wheel(file: str, digest: str, version: str) -> Wheel | None:
    try:
        _, of, _, tags = parse_wheel_filename(file)
    except InvalidWheelFilename:
        return None
    return Wheel(tags, digest) if str(of) == version else None


@pytest.fixture(scope="module")
def registry() -> str:
    """The one that pip uses on this computer."""
    set_up = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"], capture_output=True, encoding="utf-8"
    ).stdout
    given = dict(
        re.findall(r"^(?::env:|global|user|site|install)\.(index-url)='(.*)'$", set_up, re.M)
    )
    return given.get("index-url", PyPI.simple_url).rstrip("/")


def test_every_system_gets_ready_made_packages(registry: str):
    packages = locked(LOCK.read_text("utf-8"))
    session = requests.Session()
    session.headers["Accept"] = "application/vnd.pypi.simple.v1+json, text/html;q=0.5"

    def ask(package: Locked) -> list[Wheel]:
        page = session.get(f"{registry}/{package.name}/", timeout=20)
        page.raise_for_status()
        return [
            found for name, digest in files(page) if (found := wheel(name, digest, package.version))
        ]

    try:
        with ThreadPoolExecutor(8) as pool:
            wheels = dict(zip(packages, pool.map(ask, packages)))
    except requests.RequestException as error:
        pytest.skip(f"the package registry did not answer: {type(error).__name__}")
    assert missing(packages, wheels.__getitem__) == []


LOCK_OF_FOUR = """\
everywhere==1.0 \\
    --hash=sha256:aa
windows-only==2.0 ; sys_platform == 'win32' \\
    --hash=sha256:bb
# a remark
linux.only==3.0 \\
    --hash=sha256:cc \\
    --hash=sha256:dd
new==4.0 ; python_full_version >= '3.14' \\
    --hash=sha256:ee
"""


def test_a_package_without_a_wheel_for_one_system_is_named():
    names = {
        "everywhere": [
            ("everywhere-1.0-py3-none-any.whl", "aa"),
            ("everywhere-0.9-py3-none-any.whl", "zz"),
        ],
        "windows-only": [("windows_only-2.0-cp311-abi3-win_amd64.whl", "")],
        "linux-only": [
            ("linux_only-3.0-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl", "cc"),
            ("linux_only-3.0-py3-none-manylinux_2_34_aarch64.whl", "dd"),
            ("linux_only-3.0.tar.gz", "dd"),
        ],
        "new": [
            ("new-4.0-cp314-cp314-win_amd64.whl", "other"),
            ("new-4.0-cp314-cp314t-win_amd64.whl", "ee"),
        ],
    }
    packages = locked(LOCK_OF_FOUR)
    found = missing(
        packages,
        lambda package: [w for n, d in names[package.name] if (w := wheel(n, d, package.version))],
    )
    assert {line.partition(" ")[0] for line in found} == {"linux-only", "new"}
    systems = {line.partition(": ")[2] for line in found if line.startswith("linux-only")}
    assert systems == {
        f"{system}, Python 3.{minor}"
        for system in SYSTEMS
        if system != "Linux x86_64"
        for minor in range(11, 15)
    }
    assert [line for line in found if "new" in line] == [
        f"new 4.0: {system}, Python 3.14" for system in SYSTEMS
    ]
