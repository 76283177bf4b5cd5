"""Archives whose bytes depend on their contents alone: sorted, every date the edition's, nobody's user name."""

from __future__ import annotations

import gzip
import hashlib
import tarfile
import time
import zipfile
from collections.abc import Mapping
from pathlib import Path

SUMS = "SHA256SUMS"


def tree(folder: Path) -> dict[str, Path]:
    """All files below a folder by their names in an archive, in order."""
    return {
        path.relative_to(folder).as_posix(): path
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def tar(target: Path, files: Mapping[str, Path], epoch: int) -> None:
    with target.open("wb") as raw, gzip.GzipFile("", "wb", fileobj=raw, mtime=epoch) as packed:
        with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive:
            for name, path in sorted(files.items()):
                entry = tarfile.TarInfo(name)
                entry.size, entry.mtime, entry.mode = path.stat().st_size, epoch, 0o644
                with path.open("rb") as content:
                    archive.addfile(entry, content)


def zip(target: Path, files: Mapping[str, Path], epoch: int) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, path in sorted(files.items()):
            entry = zipfile.ZipInfo(name, time.gmtime(epoch)[:6])
            entry.compress_type, entry.external_attr, entry.create_system = (
                zipfile.ZIP_DEFLATED,
                0o644 << 16,
                3,
            )
            archive.writestr(entry, path.read_bytes())


def write_sums(folder: Path) -> None:
    """As `sha256sum -c SHA256SUMS` reads it."""
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {name}\n"
        for name, path in tree(folder).items()
    ]
    (folder / SUMS).write_text("".join(lines), "utf-8", newline="\n")


def sums_hold(folder: Path) -> bool:
    """Whether a folder has every file of its list, unchanged."""
    lines = (folder / SUMS).read_text("utf-8").splitlines() if (folder / SUMS).is_file() else []
    pairs = [line.split("  ", 1) for line in lines]
    return bool(pairs) and all(
        (folder / name).is_file()
        and hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
        for digest, name in pairs
    )
