"""The jobs as a table: how each stands, how far it is, and a button to stop it or to start it again."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from gui import theme
from gui.models.jobs import ACTION, DETAILS, DONE_ROLE, ID_ROLE, PROGRESS, STATE_ROLE, WHAT, WIDTHS, Job, JobsModel

_ROW, _BAR = 34, 6  # pixels: a row, the bar's height
_TYPE = 20  # pixels a line of the type for which the columns' widths are right


class ProgressDelegate(QStyledItemDelegate):
    """Draws how far a job is as a bar, with the number beside it."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        text = index.data()
        shown = QStyleOptionViewItem(option)
        self.initStyleOption(shown, index)
        shown.text = ""
        widget = option.widget
        widget.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, shown, painter, widget)
        if not text:
            return
        colours = theme.current()
        room = QRectF(option.rect).adjusted(8, 0, -8, 0)
        number = option.fontMetrics.horizontalAdvance("100 %") + 2 * _BAR
        groove = QRectF(room.left(), room.center().y() - _BAR / 2, max(room.width() - number, 0), _BAR)
        done = QRectF(groove)
        done.setWidth(groove.width() * int(index.data(DONE_ROLE) or 0) / 10_000)
        front = colours.accent if index.data(STATE_ROLE) == "running" else colours.muted
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for part, colour in ((groove, colours.border), (done, front)):
            painter.setBrush(QColor(colour))
            painter.drawRoundedRect(part, _BAR / 2, _BAR / 2)
        painter.setPen(QColor(colours.text))
        painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        painter.restore()


class JobsTable(QTableView):
    """The table; Delete stops the job under the cursor, Enter shows its details.

    Signals:
        cancel_wanted, again_wanted: (job id) its button was pressed. details_wanted: (job id).
    """

    cancel_wanted = Signal(object)
    again_wanted = Signal(object)
    details_wanted = Signal(object)

    def __init__(self, model: JobsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._jobs = model
        self._buttons: dict[int, tuple[str, QPushButton]] = {}
        self.may_repeat: Callable[[Job], bool] = lambda _: False
        self.setModel(model)
        self.setItemDelegateForColumn(PROGRESS, ProgressDelegate(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(max(_ROW, self.fontMetrics().height() + 18))
        self.horizontalHeader().setHighlightSections(False)
        larger = max(self.fontMetrics().height() / _TYPE, 1.0)
        for column, width in enumerate(WIDTHS):
            self.setColumnWidth(column, round(width * larger))
        for column in (WHAT, DETAILS):
            self.horizontalHeader().setSectionResizeMode(column, self.horizontalHeader().ResizeMode.Stretch)
        self.doubleClicked.connect(lambda index: self.details_wanted.emit(index.data(ID_ROLE)))
        model.rowsAboutToBeRemoved.connect(self._forget_buttons)
        model.altered.connect(self.place_buttons)
        self.retranslate()

    @property
    def current(self) -> Job | None:
        """The job under the cursor."""
        return self._jobs.job(self.currentIndex().data(ID_ROLE)) if self.currentIndex().isValid() else None

    def button(self, job_id: int) -> QPushButton | None:
        """Return the button of a job's row, None where there is nothing to press."""
        return self._buttons[job_id][1] if job_id in self._buttons else None

    def retranslate(self) -> None:
        """Word and draw everything again."""
        self.setAccessibleName(self.tr("Jobs"))
        self._jobs.retranslate()
        for job_id in list(self._buttons):
            self._take_button(job_id)
        self.place_buttons()

    def place_buttons(self) -> None:
        """Give every job that runs or waits a Cancel button, and the failed ones that can be repeated another."""
        wanted = {job.id: use for job in self._jobs.jobs if (use := self._use(job))}
        for job_id, (use, _) in list(self._buttons.items()):
            if wanted.get(job_id) != use:
                self._take_button(job_id)
        for job_id, use in wanted.items():
            if job_id not in self._buttons:
                self._put_button(job_id, use)

    def _use(self, job: Job) -> str:
        if job.active:
            return "cancel"
        return "again" if job.state == "failed" and self.may_repeat(job) else ""

    def _put_button(self, job_id: int, use: str) -> None:
        job = self._jobs.job(job_id)
        if job is None:
            return
        button = QPushButton(self.tr("Cancel") if use == "cancel" else self.tr("Start again"))
        button.setProperty("cell", True)
        button.setAccessibleName(f"{button.text()}: {job.what.text()}")
        signal = self.cancel_wanted if use == "cancel" else self.again_wanted
        button.clicked.connect(lambda: signal.emit(job_id))
        self._buttons[job_id] = (use, button)
        self.setIndexWidget(self._jobs.index(self._jobs.jobs.index(job), ACTION), button)

    def _forget_buttons(self, _: QModelIndex, first: int, last: int) -> None:
        """Leave the buttons of rows that go to the table, which deletes them."""
        for job in self._jobs.jobs[first : last + 1]:
            self._buttons.pop(job.id, None)

    def _take_button(self, job_id: int) -> None:
        _, button = self._buttons.pop(job_id)
        if button.hasFocus():
            self.setFocus()
        job = self._jobs.job(job_id)
        if job is not None:
            self.setIndexWidget(self._jobs.index(self._jobs.jobs.index(job), ACTION), None)  # type: ignore[arg-type]

    def focusInEvent(self, event: QFocusEvent) -> None:
        if not self.currentIndex().isValid() and self._jobs.jobs:
            self.selectRow(0)  # Qt would only move the cursor there
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        job = self.current
        if job is not None and event.key() == Qt.Key.Key_Delete and job.active:
            self.cancel_wanted.emit(job.id)
        elif job is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.details_wanted.emit(job.id)
        else:
            super().keyPressEvent(event)
