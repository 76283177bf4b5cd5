"""Charts drawn once for all outputs: by a process of their own, or where that cannot, by whoever asks."""

from __future__ import annotations

from pathlib import Path

import pytest

from charts import FIGURES
from explainer import drawings, figures
from explainer.drawings import Drawing, Drawings

ONE = next(iter(FIGURES))


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> dict:
    """The charts of a book with one."""
    made = {ONE: FIGURES[ONE]}
    monkeypatch.setattr(figures, "of_book", lambda: made)
    return made


@pytest.fixture
def folder(tmp_path: Path, made: dict, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(drawings, "_vega", lambda: b"vega")
    return tmp_path / "drawings"


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The folders for which a process was started; here none is."""
    folders: list[Path] = []
    monkeypatch.setattr(drawings, "_start", lambda folder, root: folders.append(folder))
    return folders


def test_what_is_drawn_is_kept(
    folder: Path, made: dict, started: list[Path], monkeypatch: pytest.MonkeyPatch
):
    drawings._draw_all(folder)
    monkeypatch.setitem(made, ONE, lambda: pytest.fail("drawn again"))
    kept = Drawings(folder, folder)
    assert not started and kept.vega == b"vega"
    assert kept.all() == [kept.of(ONE)] == [Drawing.of(FIGURES[ONE]())]
    assert {path.name for path in folder.iterdir()} == {
        "charts.json",
        "vega.js",
    }  # nothing unfinished


def test_what_no_process_drew_is_drawn_when_asked_for(folder: Path, started: list[Path]):
    asked = Drawings(folder, folder)
    assert started == [folder]
    assert asked.of(ONE).title == FIGURES[ONE]().title and asked.vega == b"vega"


def test_what_cannot_be_drawn_is_asked_for_again_by_the_next_build(
    folder: Path, made: dict, started: list[Path], monkeypatch: pytest.MonkeyPatch
):
    def broken():
        raise ValueError("坏了")

    monkeypatch.setitem(made, "broken", broken)
    drawings._draw_all(folder)
    asked = Drawings(folder, folder)
    assert started == [folder] and asked.of(ONE)
    for ask in (lambda: asked.of("broken"), asked.all):
        with pytest.raises(ValueError, match="坏了"):
            ask()
