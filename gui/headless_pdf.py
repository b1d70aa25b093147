"""A review as a PDF without a window: `assayer-window REVIEW.assay --pdf FILE --language ko`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from inspector.errors import Note, shown, worded
from inspector.protocol import Event
from inspector.report_results import LANGUAGES, ReportPages
from inspector.review_results import OpenedReview
from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from gui import exports
from gui.engine import Engine
from gui.paper.writing import pdf
from gui.workarounds import keep_singletons_alive

_DONE, _CANNOT_READ, _CANNOT_WRITE = 0, 3, 4  # as the commands of the terminal


def run(review: Path, target: Path, language: str) -> int:
    """Write the PDF, say so, and return the exit code."""
    keep_singletons_alive()
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    app = QGuiApplication(sys.argv[:1])
    work = _Work(review, target, language)
    app.exec()
    return work.code


class _Work(QObject):
    """Asks the engine for the review, then for its report; the end of the engine ends the program."""

    def __init__(self, review: Path, target: Path, language: str) -> None:
        super().__init__()
        self.code = _CANNOT_READ
        self._review, self._target, self._language = review, target, language
        self._engine = Engine(parent=self)
        self._engine.result.connect(self._result)
        self._engine.failure.connect(self._failure)
        self._engine.stopped.connect(QGuiApplication.quit)
        self._engine.request("review_open", {"path": str(review)}, shown(review.name))

    def _result(self, event: Event) -> None:
        if isinstance(event.payload, OpenedReview):
            params = {"review": event.payload.review, "path": str(self._review), "format": "pdf",
                      "languages": LANGUAGES[self._language]}  # fmt: skip
            for note in event.payload.review.notes:
                _say(worded(note))
            self._engine.request("review_report", params, shown(self._review.name))
            return
        try:
            if isinstance(event.payload, ReportPages):
                self._write(event.payload)
        finally:  # what the engine sent may be no report, in whatever way
            self._engine.stop()

    def _failure(self, event: Event) -> None:
        _say(worded(event.note) if event.note is not None else "")
        self._engine.stop()

    def _write(self, pages: ReportPages) -> None:
        problem = exports.write(self._target, pdf(pages))
        self.code = _DONE if problem is None else _CANNOT_WRITE
        _say(worded(problem or Note("gui.saved", {"path": shown(str(self._target))})))


def _say(sentence: str) -> None:
    if sys.stderr is not None:  # started without a terminal on Windows
        sys.stderr.write(sentence + "\n")
