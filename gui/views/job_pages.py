"""Jobs and messages, one beside the other behind a switch, with what can be done with the chosen one."""

from __future__ import annotations

from collections.abc import Callable

from inspector.errors import shown
from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from gui import words
from gui.models.jobs import DETAILS, STARTED, STATE, TIME, WHAT, Job, JobsModel
from gui.session import Message
from gui.views.jobs import JobsTable
from gui.views.messages import MessageList, show_details

JOBS, MESSAGES = range(2)


class JobPages(QWidget):
    """The two pages.

    Attributes:
        table: the jobs. list: the messages. details: shows what lies behind the chosen message, job_details behind
            the chosen job.
        may_repeat: says of a job's id whether it can be started again.

    Signals:
        again_wanted: (job id) start it again.
    """

    again_wanted = Signal(object)

    def __init__(self, model: JobsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.may_repeat: Callable[[int], bool] = lambda _: False
        self._model = model
        self.table, self.list = JobsTable(model), MessageList()
        self.table.may_repeat = lambda job: self.may_repeat(job.id)
        self.switch = QButtonGroup(self)
        self.again, self.details, self.job_details, self.copy = (QPushButton() for _ in range(4))
        self._stack = QStackedWidget()
        self._lay_out()
        self._connect()
        self.retranslate()
        self.show_page(JOBS)

    @property
    def page(self) -> int:
        """Which page is shown, `JOBS` or `MESSAGES`."""
        return self._stack.currentIndex()

    @property
    def pane(self) -> QWidget:
        """What takes the focus."""
        return self.table if self.page == JOBS else self.list

    def show_page(self, page: int) -> None:
        """Show the jobs or the messages."""
        self.switch.button(page).setChecked(True)
        self._stack.setCurrentIndex(page)
        self.refresh()

    def refresh(self) -> None:
        """Look again at what can be done with the chosen job or message."""
        job, message = self.table.current, self.list.current
        on_jobs = self.page == JOBS
        self.details.setEnabled(message is not None and bool(message.details))
        self.job_details.setEnabled(job is not None)
        self.details.setVisible(not on_jobs)
        self.job_details.setVisible(on_jobs)
        self.again.setVisible(not on_jobs and message is not None and self.may_repeat(message.job))
        count = len(self.list.messages)
        messages = self.tr("Messages")
        self.switch.button(MESSAGES).setText(f"{messages} ({count})" if count else messages)

    def log_text(self) -> str:
        """Return the jobs, oldest first, then the messages with their details."""
        columns = (STARTED, STATE, WHAT, TIME, DETAILS)
        lines = ["\t".join(self._model.text(job, column) for column in columns) for job in reversed(self._model.jobs)]
        for message in self.list.messages:
            lines += ["", words.told(message.note), *(shown(line, 2000) for line in message.details.splitlines())]
        return "\n".join(lines)

    def retranslate(self) -> None:
        """Word everything again."""
        self.switch.button(JOBS).setText(self.tr("Jobs"))
        for button in (self.details, self.job_details):
            button.setText(self.tr("Details"))
        self.again.setText(self.tr("Start again"))
        self.copy.setText(self.tr("Copy log"))
        self.table.retranslate()
        self.list.retranslate()
        self.refresh()

    def recolour(self) -> None:
        """Draw everything again in the colours of the theme."""
        self.table.viewport().update()
        self.list.recolour()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(0)
        for page, side in ((JOBS, "left"), (MESSAGES, "right")):
            button = QPushButton()
            button.setCheckable(True)
            button.setProperty("segment", side)
            self.switch.addButton(button, page)
            head.addWidget(button)
        head.addStretch(1)
        for button in (self.again, self.details, self.job_details, self.copy):
            head.addSpacing(8)
            head.addWidget(button)
        for pane in (self.table, self.list):
            self._stack.addWidget(pane)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(head)
        layout.addWidget(self._stack, 1)

    def _connect(self) -> None:
        self.switch.idClicked.connect(self.show_page)
        self.details.clicked.connect(self._show_message)
        self.job_details.clicked.connect(lambda: self._show_job(self.table.current))
        self.again.clicked.connect(self._start_again)
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.log_text()))
        self.list.currentRowChanged.connect(self.refresh)
        self.list.itemActivated.connect(self._show_message)
        self.table.again_wanted.connect(self.again_wanted)
        self.table.details_wanted.connect(lambda job_id: self._show_job(self._model.job(job_id)))
        self.table.selectionModel().currentRowChanged.connect(self.refresh)
        self._model.altered.connect(self.refresh)

    def _start_again(self) -> None:
        message = self.list.current
        if message is not None:
            self.again_wanted.emit(message.job)

    def _show_message(self) -> None:
        message: Message | None = self.list.current
        if message is not None and message.details:
            show_details(self, self.tr("Details"), words.told(message.note), message.details)

    def _show_job(self, job: Job | None) -> None:
        if job is not None:
            lines = [self._model.text(job, column) for column in (WHAT, STATE, STARTED, TIME, DETAILS)]
            told = "\n".join(line for line in lines[1:] if line)
            show_details(self, self.tr("Details"), lines[0], f"{told}\n{job.details}")
