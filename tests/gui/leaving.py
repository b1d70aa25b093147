"""What windows leave, made for tests of the window's journal."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

import resources
from gui.journal_control import JournalControl
from gui.journals import Journal, Journals, Work
from gui.window import MainWindow
from inspector.decisions import DecisionLog, Subject
from inspector.errors import Cancelled
from inspector.job import QuietJob
from inspector.review import compare
from inspector.review_file.journal import Journal as EngineJournal

DEMO = resources.path("demo")
CANDIDATE, REFERENCES = DEMO / "candidate", [DEMO / "reference_vision", DEMO / "reference_audio"]
LOG = DecisionLog().added("confirm", Subject("vision_encoder"), text="seen")


class StopAt(QuietJob):
    """Cancels when the second comparison is to be judged."""

    def __init__(self) -> None:
        self._seen = 0

    def message(self, code: str, **params: str | int | float) -> None:
        self._seen += code == "review.judging"
        if self._seen == 2:
            raise Cancelled


def unfinished(path: Path, references: Sequence[Path] = REFERENCES) -> Path:
    """Write an unfinished review of the sample: one comparison is done, of 3 with its own references."""
    with pytest.raises(Cancelled):
        compare(CANDIDATE, references, journal=EngineJournal(path), job=StopAt())
    return path


def leave(base: Path, work: Work, keep_review: Callable[[Path], object] | None = None) -> None:
    """Leave what a window that was killed leaves; its review is written in place, for the sake of relative paths."""
    journals = Journals(base)
    journal = journals.new()
    journals.release()
    assert journal is not None
    journal.note(work)
    if keep_review is not None:
        keep_review(journal.file)
    os.close(journal._handle)


def sample_work(**changes: Any) -> Work:
    paths = tuple(map(str, REFERENCES))
    return replace(Work(str(CANDIDATE), paths, "2026-01-05T10:00:00+09:00"), **changes)


def folders(base: Path) -> list[Path]:
    return sorted(base.iterdir()) if base.exists() else []


def keep(window: MainWindow, base: Path) -> JournalControl:
    return JournalControl(window, Journals(base))


def inputs(folder: Path, name: str = "candidate") -> tuple[Path, Path]:
    """Return a candidate and a reference that exist."""
    paths = folder / name, folder / "reference"
    for path in paths:
        path.mkdir(parents=True, exist_ok=True)
    return paths


def work_on(folder: Path, **changes: object) -> Work:
    candidate, reference = inputs(folder)
    return replace(Work(str(candidate), (str(reference),), "2026-01-05T10:00:00+09:00"), **changes)  # type: ignore[arg-type]


def copied(path: Path, to: Path) -> Path:
    return Path(shutil.copyfile(path, to))


def compared(window: MainWindow, qtbot: QtBot, control: JournalControl, paths: tuple[Path, Path], kept: Path) -> None:
    """Compare with the engine that writes no journal, and put one in its place."""
    window.session.open(paths[0], [paths[1]])
    ends = not paths[0].name.endswith("halfway")
    done = (lambda: window.session.comparison is not None) if ends else (lambda: bool(window.session.findings))
    qtbot.waitUntil(done, timeout=20_000)
    assert control._own is not None
    copied(kept, control._own.file)


def close(window: MainWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.closed, timeout=8000):
        window.close()
    assert window.reviews.question.isHidden()


def left(base: Path) -> list[Journal]:
    """Return what the next start offers, and let go of it."""
    every = Journals(base)
    found = list(every.left)
    every.release()
    return found


def listed(paths: tuple[Path, Path]) -> tuple[Path, list[Path]]:
    """Return them as `Session.open` takes them."""
    return paths[0], [paths[1]]
