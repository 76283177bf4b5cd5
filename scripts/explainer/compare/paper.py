"""Two PDFs, page by page: which pages look different, and their pictures side by side."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

import pypdfium2

from .words import align

COARSE = 0.7  # pixels a point: enough to see a comma
WIDTH = 700  # of a picture, in pixels
# What changes though a page's words do not: its number, and the fingerprint of all pages.
_NUMBER = re.compile(r"—\d+—")
_FINGERPRINT = re.compile(r"(?<=内容指纹)[0-9a-f]{16}")


@dataclass(frozen=True)
class PaperChange:
    """`before` and `after` are page numbers from 1, None where there is no such page; the pictures are file names."""

    before: int | None
    after: int | None
    pictures: tuple[str | None, str | None]


@dataclass(frozen=True)
class Paper:
    pages: tuple[int, int]
    changes: list[PaperChange]
    renumbered: int  # pages with the same words elsewhere in the order


def compare(before: Path, after: Path, folder: Path) -> Paper:
    """Pictures of the pages that changed go into `folder`."""
    with pypdfium2.PdfDocument(before) as old, pypdfium2.PdfDocument(after) as new:
        if before.read_bytes() == after.read_bytes():
            return Paper((len(old), len(new)), [], 0)
        looks = [[_look(page) for page in side] for side in (old, new)]
        texts = [[_text(page) for page in side] for side in (old, new)]
        # Words first, for a page that only moved is the same page; where words are alike, looks decide.
        changes, renumbered = [], 0
        for i, j in align(*texts):
            if i is not None and j is not None:
                if looks[0][i] == looks[1][j]:
                    continue
                same_words = texts[0][i] == texts[1][j]
                if same_words and "内容指纹" in texts[1][j]:
                    continue
                if same_words and i != j:
                    renumbered += 1
                    continue
            pictures = (_picture(old, i, folder, "before"), _picture(new, j, folder, "after"))
            changes.append(PaperChange(_number(i), _number(j), pictures))
        return Paper((len(old), len(new)), changes, renumbered)


def _number(index: int | None) -> int | None:
    return None if index is None else index + 1


def _look(page: pypdfium2.PdfPage) -> bytes:
    return hashlib.sha256(page.render(scale=COARSE, grayscale=True).buffer).digest()


def _text(page: pypdfium2.PdfPage) -> str:
    return _FINGERPRINT.sub(
        "", _NUMBER.sub("", "".join(page.get_textpage().get_text_range().split()))
    )


def _picture(
    document: pypdfium2.PdfDocument, index: int | None, folder: Path, side: str
) -> str | None:
    if index is None:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{side}-{index + 1}.webp"
    page = document[index]
    page.render(scale=WIDTH / page.get_width()).to_pil().save(folder / name, quality=80)
    return name
