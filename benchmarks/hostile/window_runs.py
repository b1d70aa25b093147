"""Hostile cases through the window: one window with its engine, every case dropped on it in turn.

Memory is measured through the command line only, whose processes open one case each.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from benchmarks.hostile.judging import JUDGED_BY_VALUE, SECONDS, Judged, Seen, Touched, judged
from gui.application import create
from gui.engine import Engine
from gui.language import Translation
from gui.process import engine_command
from gui.settings import Settings
from gui.window import MainWindow

_STARTS = 30.0


class DroppedOn:
    """A window that cases are dropped on."""

    def __init__(self, settings: Path, command: Sequence[str]) -> None:
        create(["assayer"])
        self.window = MainWindow(Engine(list(command)), Settings(settings), Translation())
        self.window.resize(1200, 800)
        self.window.show()
        self._closed: list[bool] = []
        self.window.closed.connect(lambda: self._closed.append(True))
        self._engine = self.window.session._engine
        self.wait(lambda: any(process.ready for process in self._engine.processes), _STARTS)

    def wait(self, until: Callable[[], bool], seconds: float) -> bool:
        """Let the window work until something holds; say whether it came to hold."""
        stop = time.monotonic() + seconds
        while not until() and time.monotonic() < stop:
            QApplication.processEvents()
            time.sleep(0.001)
        return until()

    def drop(self, path: str, *, reference: bool = False) -> None:
        """Drop a path on the candidate's or the references' side."""
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(path)])
        place = QPointF(self.window.width() * (0.7 if reference else 0.45), self.window.height() * 0.5)
        how = Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        QApplication.sendEvent(self.window, QDragEnterEvent(place.toPoint(), *how))
        QApplication.sendEvent(self.window, QDropEvent(place, *how))

    def seen(self, path: str, *, compared: bool) -> Seen:
        """Drop a case and return what the window shows of it."""
        session = self.window.session
        session.open(None)
        # A confined engine takes no other input, so each case needs the spare; its start is no part of the case.
        self.wait(lambda: any(process.ready and not process.job for process in self._engine.processes), _STARTS)
        started = time.monotonic()
        self.drop(path)
        if compared:
            self.drop(path, reference=True)
        answered = self.wait(lambda: session.job == 0 and not session._inspecting, SECONDS)
        seconds = time.monotonic() - started
        self.wait(lambda: False, 0.01)
        messages = [message for message in self.window.log.messages if message.level != "info"]
        lines = [self.window.log.list.item(row).text() for row in range(self.window.log.list.count())]
        text = "\n".join([*lines, *(message.details for message in messages)])
        errors = [
            line for line, message in zip(lines, self.window.log.messages, strict=True) if message.level == "error"
        ]
        warnings = [message for message in messages if message.level == "warning"]
        outcome = "error" if errors else "warn" if warnings else "ok" if session.inspection else "nothing shown"
        told = tuple(errors or lines)
        return Seen(outcome if answered else f"no answer in {SECONDS:.0f} s", told, text, (), seconds, 0)

    def close(self) -> None:
        """Close the window and wait for its engine to end."""
        self.window.close()
        self.wait(lambda: bool(self._closed), _STARTS)


def run_cases(root: Path, cases: Sequence[Mapping[str, Any]], *, sandbox: bool) -> Iterator[Judged]:
    """Drop every case of the corpus at `root` on one window and judge what it shows."""
    if not sandbox:
        os.environ["ASSAYER_SANDBOX"] = "off"
    dropped = DroppedOn(root / "settings" / "settings.ini", engine_command())
    touched = Touched(root)
    try:
        for case in cases:
            seen = dropped.seen(str(root / case["open"]), compared=case["id"] in JUDGED_BY_VALUE)
            faults = tuple(fault for fault in touched.faults() if "settings" not in fault)
            yield judged(root, case, Seen(seen.outcome, seen.sentences, seen.text, faults, seen.seconds, seen.memory))
    finally:
        dropped.close()
