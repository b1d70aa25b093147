"""What this run does, in a file on this machine that nobody sends anywhere: for the page after a crash.

Holds what was opened (paths), what the engine said by its code, errors with their trace, and what Qt complains of;
never what is inside a checkpoint. The trace of a fault (a segfault) goes into a file of its own beside it.
"""

from __future__ import annotations

import faulthandler
import logging
import os
import platform
import sys
from collections import deque
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import platformdirs
from inspector.errors import shown
from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler, qVersion

if TYPE_CHECKING:
    from gui.session import Message, Session

_MAX_BYTES, _FILES = 1 << 20, 3
_LAST_LINES = 40
_MAX_LINE = 2000
_MAX_TRACE = 64 << 10
_log, _notes = logging.getLogger(__name__), logging.getLogger(f"{__name__}.notes")
_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def state_folder() -> Path:
    """Return where the logs of this user's runs live."""
    return platformdirs.user_state_path("assayer", appauthor=False)


def log_file(folder: Path, slot: int) -> Path:
    """Return the log of the runs in a slot."""
    return folder / f"window-{slot}.log"


def trace_file(folder: Path, slot: int) -> Path:
    """Return where a fault of the runs in a slot leaves its trace."""
    return folder / f"window-{slot}.fault"


def last_lines(path: Path, count: int = _LAST_LINES) -> list[str]:
    """Return the end of a text file, hidden characters escaped; [] where there is none."""
    with suppress(OSError), path.open(encoding="utf-8", errors="replace") as file:
        return [shown(line.rstrip("\n"), _MAX_LINE) for line in deque(file, count)]
    return []


def trace_of(path: Path) -> str:
    """Return what a fault left behind, "" where there was none."""
    with suppress(OSError), path.open("rb") as file:
        text = file.read(_MAX_TRACE).decode("utf-8", "replace")
        return "\n".join(shown(line, _MAX_LINE) for line in text.splitlines())
    return ""


class RunLog:
    """The log of this run, open until `close`."""

    def __init__(self, folder: Path, slot: int) -> None:
        """Begin to write; what the slot's last run left must have been read before.

        Raises:
            OSError: the folder takes no files.
        """
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._handler = RotatingFileHandler(
            log_file(folder, slot), maxBytes=_MAX_BYTES, backupCount=_FILES - 1, encoding="utf-8", errors="replace"
        )
        self._handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        self._trace: TextIO = trace_file(folder, slot).open("w", encoding="utf-8")
        handlers: list[logging.Handler] = [self._handler]
        if sys.stderr is not None:  # a handler of its own keeps warnings off the terminal, where they were before
            terminal = logging.StreamHandler()
            terminal.setLevel(logging.WARNING)
            terminal.addFilter(lambda record: record.name != _notes.name)
            handlers.append(terminal)
        root = logging.getLogger()
        self._before, self._handlers = root.level, handlers
        root.setLevel(min(root.level or logging.INFO, logging.INFO))
        for handler in handlers:
            root.addHandler(handler)
        faulthandler.enable(self._trace)
        self._qt = qInstallMessageHandler(_from_qt)
        versions = f"Python {platform.python_version()}, Qt {qVersion()}, {platform.system()} {platform.machine()}"
        _log.info("start: process %d, %s", os.getpid(), versions)

    def follow(self, session: Session) -> None:
        """Write down what is opened and what is told."""
        session.inputs_changed.connect(lambda: _log.info("open: %s", _inputs(session)))
        session.work_changed.connect(lambda: _log.info("work: %s", f"job {session.job}" if session.job else "done"))
        session.noted.connect(_noted)

    def close(self) -> None:
        """Stop writing."""
        _log.info("end")
        qInstallMessageHandler(self._qt)
        faulthandler.disable()
        self._trace.close()
        root = logging.getLogger()
        for handler in self._handlers:
            root.removeHandler(handler)
            handler.close()
        root.setLevel(self._before)


def _inputs(session: Session) -> str:
    paths = [session.candidate, *(reference.path for reference in session.references)]
    return " | ".join(shown(str(path), _MAX_LINE) if path is not None else "-" for path in paths)


def _noted(message: Message) -> None:
    """Write a note by its code: its parameters may be names out of a file."""
    level = {"error": logging.ERROR, "warning": logging.WARNING, "info": logging.INFO}[message.level]
    details = "".join(f"\n  {shown(line, _MAX_LINE)}" for line in message.details.splitlines()[-_LAST_LINES:])
    _notes.log(level, "note %s %s%s", message.note.code, shown(message.note.file), details)


def _from_qt(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
    _log.log(_LEVELS.get(kind, logging.WARNING), "Qt: %s", shown(text, _MAX_LINE))
