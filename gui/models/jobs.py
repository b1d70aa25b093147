"""What the engine was asked for: one row a job, the newest first, and what became of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from inspector.errors import Note
from inspector.protocol import Request
from PySide6.QtCore import (
    QAbstractTableModel,
    QCoreApplication,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from gui import icons, job_words, theme, words
from gui.job_words import Wording
from gui.marks import QT_TRANSLATE_NOOP
from gui.models.columns import guarded

State = Literal["queued", "running", "done", "failed", "cancelled"]
MAX_JOBS = 500
ID_ROLE, DONE_ROLE, STATE_ROLE = (Qt.ItemDataRole.UserRole + place for place in range(3))
STATE, WHAT, PROGRESS, TIME, DETAILS, STARTED, ACTION = range(7)
_TITLES = (
    QT_TRANSLATE_NOOP("columns", "State"),
    QT_TRANSLATE_NOOP("columns", "Work"),
    QT_TRANSLATE_NOOP("columns", "Progress"),
    QT_TRANSLATE_NOOP("columns", "Time"),
    QT_TRANSLATE_NOOP("columns", "Reads now, or came to"),
    QT_TRANSLATE_NOOP("columns", "Started"),
    "",
)
WIDTHS = (116, 300, 150, 130, 320, 80, 110)
_ICONS = {"queued": "queued", "running": "running", "done": "done", "failed": "error", "cancelled": "cancel"}

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


@dataclass(slots=True, eq=False)
class Job:
    """One request to the engine.

    Attributes:
        kind: what sort of request. request: what was asked for; None once it is over and cannot be asked again.
        about: the file in its name.
        what: the work in words. asked: when.
        begun, ended: seconds of a clock that only runs forward, None until then.
        done: 0 to 10,000. seconds_left: as the engine estimates it.
        reading: what it reads now. outcome: what it came to. note, details: why it failed.
        heard: when the engine said something of it last. quiet: that is long ago.
    """

    id: int
    kind: str
    request: Request | None
    about: str
    what: Wording
    asked: datetime
    state: State = "queued"
    begun: float | None = None
    ended: float | None = None
    done: int = 0
    seconds_left: float | None = None
    reading: Note | None = None
    outcome: Wording | None = None
    note: Note | None = None
    details: str = ""
    heard: float = 0.0
    quiet: bool = False

    @property
    def active(self) -> bool:
        """It waits or works."""
        return self.state in ("queued", "running")

    def seconds(self, now: float) -> float | None:
        """Return how long it has worked, None when it never began."""
        if self.begun is None:
            return None
        return (self.ended if self.ended is not None else now) - self.begun

    def details_text(self) -> str:
        """Return why it failed, what it came to, or what it reads now."""
        if self.note is not None:
            return words.told(self.note)
        if self.outcome is not None:
            return self.outcome.text()
        return words.told(self.reading) if self.active and self.reading is not None else ""


class JobsModel(QAbstractTableModel):
    """The jobs as a table.

    Attributes:
        jobs: the newest first.

    Signals:
        altered: a job came, went or has another state.
    """

    altered = Signal()

    def __init__(self, clock: Callable[[], float], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.jobs: list[Job] = []
        self._clock = clock

    @property
    def active(self) -> list[Job]:
        """What waits or works, the newest first."""
        return [job for job in self.jobs if job.active]

    def job(self, job_id: int) -> Job | None:
        """Return a job by its id."""
        return next((job for job in self.jobs if job.id == job_id), None)

    def add(self, job: Job) -> None:
        """Put a job on top; the oldest one that is over makes room."""
        if len(self.jobs) >= MAX_JOBS:
            self._remove(next((row for row in range(len(self.jobs) - 1, -1, -1) if not self.jobs[row].active), -1))
        self.beginInsertRows(_ROOT, 0, 0)
        self.jobs.insert(0, job)
        self.endInsertRows()
        self.altered.emit()

    def change(self, job: Job, *, state: bool = False) -> None:
        """Show again what has changed in a job; `state` says that its state is among it."""
        if job in self.jobs:
            row = self.jobs.index(job)
            self.dataChanged.emit(self.index(row, 0), self.index(row, len(_TITLES) - 1))
            if state:
                self.altered.emit()

    def retranslate(self) -> None:
        """Word and draw everything again."""
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(_TITLES) - 1)
        if self.jobs:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.jobs) - 1, len(_TITLES) - 1))

    def text(self, job: Job, column: int) -> str:
        """Return what a cell says."""
        if column == STATE:
            return job_words.state_text(job.state)
        if column == WHAT:
            return job.what.text()
        if column == PROGRESS:
            return f"{job.done // 100} %" if job.begun is not None else ""
        if column == TIME:
            return job_words.time_text(job.seconds(self._clock()), job.seconds_left, over=not job.active)
        if column == DETAILS:
            return job.details_text()
        return job.asked.strftime("%H:%M:%S") if column == STARTED else ""

    def _remove(self, row: int) -> None:
        if row >= 0:
            self.beginRemoveRows(_ROOT, row, row)
            del self.jobs[row]
            self.endRemoveRows()

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.jobs)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(_TITLES)

    @guarded
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        job, column = self.jobs[index.row()], index.column()
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.text(job, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return theme.tip_text(self.text(job, column))
        if role == Qt.ItemDataRole.DecorationRole and column == STATE:
            colours = theme.current()
            tones = {"failed": colours.error, "running": colours.accent, "done": colours.clear}
            return icons.icon(_ICONS[job.state], tones.get(job.state, colours.muted))
        return {ID_ROLE: job.id, DONE_ROLE: job.done, STATE_ROLE: job.state}.get(role)

    @guarded
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(_TITLES):
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            title = _TITLES[section]
            return QCoreApplication.translate("columns", title) if title else ""
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return int(left) if role == Qt.ItemDataRole.TextAlignmentRole else None
