"""The edition's fonts: the shipped ones, so that every machine prints the same; before them the office's own, if wished."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import typst

from ..errors import EditorError
from ..glyphs import FOLDER

SHIPPED = {"仿宋": "FandolFang R", "楷体": "FandolKai", "黑体": "FandolHei", "小标宋": "FandolSong"}
OFFICE_FOLDER = "文件夹"
SETTING = "explainer_meeting_fonts"


@dataclass(frozen=True)
class Fonts:
    """The families of each face, the first that has a character sets it; `missing` are wished for and not there."""

    families: dict[str, list[str]]
    missing: list[tuple[str, str]]
    files: typst.Fonts


def chosen(wishes: Mapping[str, str]) -> Fonts:
    """The shipped fonts, and before them those of the setting that this machine has."""
    unknown = [key for key in wishes if key not in SHIPPED and key != OFFICE_FOLDER]
    if unknown:
        known = "、".join([*SHIPPED, OFFICE_FOLDER])
        raise EditorError(
            f"设置 {SETTING} 里没有“{unknown[0]}”这一项", "_config.yml", remedy=f"只能写：{known}"
        )
    wished = {face: str(wishes[face]) for face in SHIPPED if wishes.get(face)}
    folders = [str(wishes[OFFICE_FOLDER])] if wishes.get(OFFICE_FOLDER) else []
    files = typst.Fonts(include_system_fonts=bool(wished), font_paths=[str(FOLDER), *folders])
    there = {family.lower(): family for family in files.families()} if wished else {}
    families = {
        face: [
            *([there[wished[face].lower()]] if wished.get(face, "").lower() in there else []),
            shipped,
        ]
        for face, shipped in SHIPPED.items()
    }
    missing = [(face, family) for face, family in wished.items() if family.lower() not in there]
    return Fonts(families, missing, files)
