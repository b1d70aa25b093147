"""What the last run left when it did not close, and the watch over this one."""

from __future__ import annotations

import logging
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Literal

from PySide6.QtWidgets import QBoxLayout

from gui.run_log import RunLog, last_lines, log_file, state_folder, trace_file, trace_of
from gui.run_marker import Ended, RunMarker

if TYPE_CHECKING:
    from gui.window import MainWindow

_START, _FATAL = "gui.run_log: start:", " CRITICAL "
_log = logging.getLogger(__name__)

Cause = Literal["fault", "error", "outside"]


@dataclass(frozen=True, slots=True)
class CrashReport:
    """A run that did not close.

    Attributes:
        started: when it began. last: when it last wrote; None where nothing says.
        lines: the end of its log. trace: what a fault left, "" where there was none.
    """

    started: datetime | None
    last: datetime | None
    lines: tuple[str, ...]
    trace: str

    @property
    def cause(self) -> Cause:
        """What ended it: a fault in a library, an error in Python, or something outside, which leaves no word."""
        if self.trace:
            return "fault"
        return "error" if any(_FATAL in line for line in self.lines) else "outside"

    @property
    def text(self) -> str:
        """Everything, to be copied."""
        parts = ("\n".join(self.lines), self.trace.strip())
        return "\n\n".join(part for part in parts if part)


class CrashWatch:
    """Watches this run, and tells of those that did not close.

    Attributes:
        reports: the runs that did not close since the last start, the newest last.
    """

    def __init__(self, settings_folder: Path, logs: Path | None = None) -> None:
        """Begin; where the folders take no files there is no watch, and the program runs without."""
        folder = logs if logs is not None else state_folder()
        self.reports: tuple[CrashReport, ...] = ()
        self._marker: RunMarker | None = None
        self._run_log: RunLog | None = None
        try:
            self._marker = RunMarker(settings_folder)
            self.reports = tuple(_report(folder, run) for run in self._marker.ended)
            self._run_log = RunLog(folder, self._marker.slot)
        except OSError as error:
            _log.warning("no watch over this run: %s", error)
        before = sys.excepthook

        def report(kind: type[BaseException], error: BaseException, where: TracebackType | None) -> None:
            _log.critical("ended by an error", exc_info=(kind, error, where))
            before(kind, error, where)

        sys.excepthook = report  # until the window is there and takes errors into its own log

    def attach(self, window: MainWindow) -> None:
        """Follow a window until it has closed; show what the last run left."""
        if self._run_log is not None:
            self._run_log.follow(window.session)
        window.closed.connect(self.close)
        body = window.centralWidget()
        column = body.layout() if body is not None else None
        if self.reports and isinstance(column, QBoxLayout):
            from gui.views.crash_band import CrashBand

            column.insertWidget(0, CrashBand(self.reports))

    def close(self) -> None:
        """The run ends as it should."""
        if self._run_log is not None:
            self._run_log.close()
            self._run_log = None
        if self._marker is not None:
            self._marker.close()
            self._marker = None


def _report(folder: Path, run: Ended) -> CrashReport:
    log = log_file(folder, run.slot)
    lines = last_lines(log)
    starts = [place for place, line in enumerate(lines) if _START in line]
    lines = lines[starts[-1] :] if starts else lines
    last = datetime.fromtimestamp(log.stat().st_mtime).astimezone() if lines else None
    started = datetime.fromisoformat(run.started) if run.started else None
    return CrashReport(started, last, tuple(lines), trace_of(trace_file(folder, run.slot)))
