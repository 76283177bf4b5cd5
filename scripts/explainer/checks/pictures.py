"""Picture files: what they are by their first bytes, and what is written in them beside the picture."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

SUFFIXES = {
    ".png": "png",
    ".jpg": "jpeg",
    ".jpeg": "jpeg",
    ".gif": "gif",
    ".webp": "webp",
    ".svg": "svg",
}
OTHERS = {
    ".heic",
    ".heif",
    ".bmp",
    ".tif",
    ".tiff",
    ".avif",
    ".ico",
    ".psd",
    ".raw",
    ".emf",
    ".wmf",
    ".jfif",
}
_ACTIVE = re.compile(
    rb"<\s*(?:script|foreignObject|iframe|object|embed)\b|\son[a-z]+\s*=|javascript:|(?:href|src)\s*=\s*[\"']\s*(?:https?:)?//|@import|url\(\s*[\"']?https?:",
    re.I,
)


def files(root: Path) -> list[Path]:
    """What lies in the book under the name of a picture."""
    paths = sorted((root / "book").rglob("*"))
    return [
        path
        for path in paths
        if path.suffix.lower() in SUFFIXES.keys() | OTHERS
        and path.is_file()
        and path.name[0] not in ".~"
    ]


def kind(raw: bytes) -> str | None:
    """Which kind of file this is; None when none that is known."""
    if raw.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if raw.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if raw[:6] in (b"GIF87a", b"GIF89a"):
        return "gif"
    if raw.startswith(b"RIFF") and raw[8:12] == b"WEBP":
        return "webp"
    if raw[4:8] == b"ftyp":
        return "heic"
    if raw.startswith(b"BM"):
        return "bmp"
    if raw[:4] in (b"II*\0", b"MM\0*"):
        return "tiff"
    if re.match(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml|<!--|<!DOCTYPE svg|<svg)", raw) and b"<svg" in raw:
        return "svg"
    return None


def active(raw: bytes) -> str:
    """What in an SVG does something, or asks another site for something; empty when nothing does."""
    match = _ACTIVE.search(raw)
    return match[0].decode("utf-8", "replace").strip() if match else ""


def written_in(raw: bytes) -> str:
    """The words that a picture file holds beside the picture."""
    words = b"\n".join(_notes(raw))
    return "\n".join(
        (words.decode("utf-8", "ignore"), words.replace(b"\0", b"").decode("utf-8", "ignore"))
    )


def tells_place(raw: bytes) -> bool:
    """Whether the camera has written down where it stood."""
    return any(_has_place(note) for note in _notes(raw))


def _notes(raw: bytes) -> Iterator[bytes]:
    what = kind(raw)
    if what == "svg":
        yield raw
    elif what == "png":
        for name, data in _chunks(raw, 8, ">", 4):
            if name in (b"zTXt", b"iTXt"):
                yield data
                yield _inflated(data)
            elif name in (b"tEXt", b"eXIf"):
                yield data
    elif what == "webp":
        yield from (data for name, data in _chunks(raw, 12, "<", 0) if name in (b"EXIF", b"XMP "))
    elif what == "jpeg":
        at = 2
        while at + 4 <= len(raw) and raw[at] == 0xFF and raw[at + 1] not in (0xDA, 0xD9):
            length = struct.unpack(">H", raw[at + 2 : at + 4])[0]
            if raw[at + 1] in (0xE1, 0xED, 0xFE):
                yield raw[at + 4 : at + 2 + length]
            at += 2 + length


def _chunks(raw: bytes, at: int, order: str, check: int) -> Iterator[tuple[bytes, bytes]]:
    """Name and content of each chunk: a PNG gives the length first, a WebP the name."""
    while at + 8 <= len(raw):
        first, second = raw[at : at + 4], raw[at + 4 : at + 8]
        length, name = (first, second) if order == ">" else (second, first)
        size = struct.unpack(f"{order}I", length)[0]
        yield name, raw[at + 8 : at + 8 + size]
        at += 8 + size + check + (size % 2 if order == "<" else 0)


def _inflated(data: bytes) -> bytes:
    start = data.find(b"\x78")
    try:
        return zlib.decompressobj().decompress(data[start:], 100_000) if start >= 0 else b""
    except zlib.error:
        return b""


def _has_place(note: bytes) -> bool:
    """Whether an Exif block names a block on the place (tag 0x8825), or an XMP one has a latitude."""
    if b"GPSLatitude" in note:
        return True
    at = max(note.find(b"II*\0"), note.find(b"MM\0*"))
    if at < 0:
        return False
    order = "<" if note[at : at + 2] == b"II" else ">"
    try:
        begin = at + struct.unpack(f"{order}I", note[at + 4 : at + 8])[0]
        count = struct.unpack(f"{order}H", note[begin : begin + 2])[0]
        tags = [
            struct.unpack(f"{order}H", note[begin + 2 + 12 * n : begin + 4 + 12 * n])[0]
            for n in range(count)
        ]
    except struct.error:
        return False
    return 0x8825 in tags
