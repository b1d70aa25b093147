"""The bottom: a line with the progress and Cancel or the last message; behind a key, what ran and what was told."""

from __future__ import annotations

from inspector.errors import Note
from inspector.protocol import Event
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from gui import icons, theme, words
from gui.models.jobs import Job, JobsModel
from gui.session import Message
from gui.views.elided import ElidedLabel
from gui.views.job_pages import MESSAGES, JobPages
from gui.views.messages import level_colour


class LogPanel(QWidget):
    """Progress, jobs and messages.

    Attributes:
        pages: jobs and messages, hidden until they are opened. list, messages, details: parts of them.
        status: the line below.

    Signals:
        cancel_pressed: the user wants the work to stop.
        open_changed: (bool) the pages are shown now, or hidden.
        again_wanted: (job id) start it again.
    """

    cancel_pressed = Signal()
    open_changed = Signal(bool)
    again_wanted = Signal(object)

    def __init__(self, model: JobsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._event: Event | None = None
        self._activity: Note | None = None
        self._running = self._stopping = False
        self._silence: tuple[Note, int] | None = None
        self.pages = JobPages(model)
        self.list, self.details, self.messages = self.pages.list, self.pages.details, self.pages.list.messages
        self._mark, self.status = QLabel(), ElidedLabel(at_end=True)
        self._left = theme.label(tone="muted")
        self.bar = QProgressBar()
        self.bar.setRange(0, 10_000)
        self.bar.setTextVisible(False)
        self.cancel, self.again, self.toggle = QPushButton(), QPushButton(), QPushButton()
        self.toggle.setCheckable(True)
        self.cancel.clicked.connect(self._cancel)
        self.toggle.toggled.connect(self.set_open)
        self.again.clicked.connect(lambda: self.again_wanted.emit(self._repeatable()))
        self.pages.again_wanted.connect(self.again_wanted)
        model.altered.connect(self._word_progress)
        model.dataChanged.connect(self._other_progressed)
        self._lay_out()
        self.retranslate()
        self.set_open(False)

    @property
    def pane(self) -> QWidget:
        """What takes the focus when the pages are open."""
        return self.pages.pane

    @property
    def is_open(self) -> bool:
        """Whether jobs and messages are shown."""
        return not self.pages.isHidden()

    def set_open(self, on: bool) -> None:
        """Show the jobs and messages, or only the line below them."""
        focus = self.window().focusWidget()
        if not on and focus is not None and self.pages.isAncestorOf(focus):
            self.toggle.setFocus()  # and not whatever comes next
        self.toggle.setChecked(on)
        self.pages.setVisible(on)
        vertical = QSizePolicy.Policy.Expanding if on else QSizePolicy.Policy.Fixed
        self.setSizePolicy(QSizePolicy.Policy.Preferred, vertical)
        self._paint_toggle()
        self.open_changed.emit(on)

    def show_messages(self) -> None:
        """Open the messages."""
        self.pages.show_page(MESSAGES)
        self.set_open(True)

    def add(self, message: Message) -> None:
        """Put a message at the end and show it."""
        self.list.add(message)
        self.pages.refresh()
        self._word_progress()

    def put_beside(self, line: QWidget) -> None:
        """Put a widget into the room that the status line leaves."""
        self._line.insertWidget(self._line.count() - 2, line, 1)

    def clear(self) -> None:
        """Forget all messages."""
        self.list.forget()
        self.pages.refresh()
        self._word_progress()

    def set_running(self, on: bool) -> None:
        """Work has begun or ended."""
        self._running = on
        self._event, self._activity, self._silence = None, None, None
        self.bar.setRange(0, 0 if on else 10_000)
        self._word_progress()

    def set_progress(self, event: Event) -> None:
        """Show how far the work is."""
        self._event = event
        self.bar.setRange(0, 10_000)
        self.bar.setValue(min(max(event.done, 0), 10_000))
        self._word_progress()

    def set_activity(self, note: Note) -> None:
        """Say what is being done."""
        self._activity = note
        self._word_progress()

    def set_quiet(self, note: Note | None, job: int) -> None:
        """Say that nothing is heard of the running job any more, or that something is again."""
        self._silence = (note, job) if note is not None else None
        self._word_progress()

    def show_stopping(self) -> None:
        """Say that the engine is being ended; nothing can be pressed any more."""
        self._stopping = True
        self.bar.setRange(0, 0)
        self._word_progress()

    def retranslate(self) -> None:
        """Word everything again."""
        self.cancel.setText(self.tr("Cancel"))
        self.again.setText(self.tr("Start again"))
        self.toggle.setText(self.tr("Jobs and messages"))
        theme.tip(self.toggle, self.tr("What ran and how long, and what was told (Ctrl+J)"))
        self.bar.setAccessibleName(self.tr("Progress"))
        self.pages.retranslate()
        self._word_progress()

    def recolour(self) -> None:
        """Draw the icons in the colours of the theme."""
        self.pages.recolour()
        self._paint_toggle()
        self._word_progress()

    def _paint_toggle(self) -> None:
        name = "panel_close" if self.is_open else "panel_open"
        colours = theme.current()
        self.toggle.setIcon(icons.icon(name, colours.muted))

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(12)
        for part in (self._mark, self.status, self.bar, self._left, self.cancel, self.again):
            row.addWidget(part, int(part is self.bar))
        row.addStretch(0)
        row.addWidget(self.toggle)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 4, 12, 8)
        layout.setSpacing(8)
        layout.addWidget(self.pages, 1)
        layout.addLayout(row)
        self._line = row

    def _word_progress(self) -> None:
        other = self._other()
        busy = self._running or other is not None
        last = self.messages[-1] if self.messages and not busy and not self._stopping else None
        self.bar.setVisible(busy or self._stopping)
        for widget in (self.cancel, self._left):
            widget.setVisible(busy and not self._stopping)
        self.again.setVisible(not self._stopping and bool(self._repeatable()))
        self._mark.setVisible(last is not None)
        if last is not None:
            self._mark.setPixmap(icons.label_pixmap(self._mark, last.level, level_colour(last.level), 16))
        left = self._event.seconds_left if self._event else None
        if other is not None:
            left = other.seconds_left
            self.bar.setRange(0, 10_000 if other.done else 0)
            self.bar.setValue(other.done)
        self.status.say(self._status_text(last, other))
        self._left.setText(words.left_text(left))

    def _repeatable(self) -> int:
        """Return the id of the job that the line is about and that can be started again, 0 for none."""
        if self._running:
            return self._silence[1] if self._silence is not None else 0
        last = self.messages[-1].job if self.messages and self._other() is None else 0
        return last if last and self.pages.may_repeat(last) else 0

    def _other(self) -> Job | None:
        """Return the job that the line is about while no comparison runs: the newest one."""
        active = [] if self._running or self._stopping else self._model.active
        return active[0] if active else None

    def _other_progressed(self) -> None:
        if self._other() is not None:
            self._word_progress()

    def _cancel(self) -> None:
        other = self._other()
        if other is not None:
            self.pages.table.cancel_wanted.emit(other.id)
        else:
            self.cancel_pressed.emit()

    def _status_text(self, last: Message | None, other: Job | None) -> str:
        if self._stopping:
            return self.tr("Stopping…")
        if self._running and self._silence is not None:
            return words.told(self._silence[0])
        if self._running:
            doing = words.told(self._activity) if self._activity else self.tr("Working…")
            return words.joined([doing, f"{self._event.done // 100} %" if self._event else ""])
        if other is not None:
            return words.joined([other.what.text(), f"{other.done // 100} %" if other.done else ""])
        return words.told(last.note) if last is not None else self.tr("Ready")
