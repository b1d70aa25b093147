"""Short notices over the corner of the window: nothing waits for them, and they go by themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from gui import icons, theme
from gui.dress import dress
from gui.views.messages import level_colour

MAX_NOTICES = 3
_WIDTH, _MARGIN = 400, 16
_TICK_MS = 1000
_TICKS = {"info": 8, "warning": 15, "error": 30}  # seconds that a notice stays while the window is looked at

Text = Callable[[], str]


@dataclass(frozen=True, slots=True)
class Notice:
    """What is told.

    Attributes:
        say: its words in the language of the window. actions: the words of a button, and what it does.
        job: id of the job that it is about, 0 for none. holds: whether what it says and offers is still so.
    """

    level: Literal["error", "warning", "info"]
    say: Text
    actions: tuple[tuple[Text, Callable[[], object]], ...] = ()
    job: int = 0
    holds: Callable[[], bool] = lambda: True


class NoticeFrame(QFrame):
    """One notice with its buttons.

    Signals:
        over: it was dismissed, or one of its buttons was pressed.
    """

    over = Signal()

    def __init__(self, notice: Notice, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.notice = notice
        self.ticks = _TICKS[notice.level]
        self.setObjectName("notice")
        self.setProperty("level", notice.level)
        self._mark, self.label = QLabel(), theme.label(wrap=True)
        self.buttons = [QPushButton() for _ in notice.actions]
        self.dismiss = QPushButton()
        for button, (_, run) in zip(self.buttons, notice.actions, strict=True):
            button.clicked.connect(run)
            button.clicked.connect(self.over)
        self.dismiss.clicked.connect(self.over)
        self._lay_out()
        self.retranslate()

    def retranslate(self) -> None:
        """Word and draw everything again."""
        self.label.setText(self.notice.say())
        self.setAccessibleName(self.label.text())
        for button, (say, _) in zip(self.buttons, self.notice.actions, strict=True):
            button.setText(say())
            button.setAccessibleName(f"{button.text()}: {self.label.text()}")
        self.dismiss.setText(self.tr("Dismiss"))
        self.dismiss.setAccessibleName(f"{self.dismiss.text()}: {self.label.text()}")
        colour = level_colour(self.notice.level)
        self._mark.setPixmap(icons.label_pixmap(self._mark, self.notice.level, colour, 20))

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.addStretch(1)
        row.setSpacing(8)
        for button in (*self.buttons, self.dismiss):
            button.setProperty("compact", True)
            row.addWidget(button)
        text = QHBoxLayout()
        text.setSpacing(8)
        text.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        text.addWidget(self.label, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 8)
        layout.setSpacing(8)
        layout.addLayout(text)
        layout.addLayout(row)


class NoticeStrip(QWidget):
    """The notices, newest last; at most three, the others are a number.

    Attributes:
        frames: those that are shown. more: how many had to make room.

    Signals:
        messages_wanted: the user wants to read those that made room.
    """

    messages_wanted = Signal()

    def __init__(self, window: QWidget, floor: QWidget) -> None:
        """`floor` is the part of `window` that the notices stand on."""
        super().__init__(window)
        self.frames: list[NoticeFrame] = []
        self.more = 0
        self._floor = floor
        self._rest = QPushButton()
        self._rest.setProperty("compact", True)
        self._rest.clicked.connect(self._show_rest)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(8)
        self._layout.addWidget(self._rest, 0, Qt.AlignmentFlag.AlignRight)
        self._ticking = QTimer(self, interval=_TICK_MS)
        self._ticking.timeout.connect(self.tick)
        dress(self)
        window.installEventFilter(self)
        floor.installEventFilter(self)
        self.hide()

    @property
    def rest_text(self) -> str:
        """What is said of those that made room, "" when none had to."""
        return self._rest.text() if self.more else ""

    def tell(self, notice: Notice) -> None:
        """Show a notice, and have a screen reader say it."""
        while len(self.frames) >= MAX_NOTICES:
            self._remove(self.frames[0])
            self.more += 1
        frame = NoticeFrame(notice)
        frame.over.connect(lambda: self._remove(frame))
        self.frames.append(frame)
        self._layout.insertWidget(self._layout.count() - 1, frame)
        frame.show()
        self._ticking.start()
        self._arrange()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.window(), frame.label.text()))

    def dismiss(self, *, focused: bool = False) -> bool:
        """Take the newest notice away, or only the one that has the focus; say whether there was one."""
        chosen = [frame for frame in self.frames if not focused or frame.isAncestorOf(self.window().focusWidget())]
        if chosen:
            self._remove(chosen[-1])
        return bool(chosen)

    def drop(self, job: int) -> None:
        """Take away what was told of a job: it is past."""
        for frame in [frame for frame in self.frames if job and frame.notice.job == job]:
            self._remove(frame)

    def drop_past(self) -> None:
        """Take away what no longer holds."""
        for frame in [frame for frame in self.frames if not frame.notice.holds()]:
            self._remove(frame)

    def clear(self) -> None:
        """Take every notice away."""
        for frame in list(self.frames):
            self._remove(frame)

    def tick(self) -> None:
        """Let the notices grow older that the user can see and is not busy with."""
        if not self.isActiveWindow():
            return
        for frame in list(self.frames):
            if not frame.underMouse() and not frame.isAncestorOf(self.window().focusWidget()):
                frame.ticks -= 1
                if frame.ticks <= 0:
                    self._remove(frame)

    def retranslate(self) -> None:
        """Word and draw everything again."""
        for frame in self.frames:
            frame.retranslate()
        self._arrange()

    def _remove(self, frame: NoticeFrame) -> None:
        if frame not in self.frames:
            return
        self.frames.remove(frame)
        self._layout.removeWidget(frame)
        frame.hide()
        frame.deleteLater()
        if not self.frames:
            self.more = 0
            self._ticking.stop()
        self._arrange()

    def _show_rest(self) -> None:
        self.clear()
        self.messages_wanted.emit()

    def _arrange(self) -> None:
        """Stand above the floor, at the right."""
        self._rest.setText(self.tr("{count} more in Messages").format(count=self.more))
        self._rest.setVisible(self.more > 0)
        self.setVisible(bool(self.frames))
        if not self.frames:
            return
        window = self.window()
        width = min(_WIDTH * self.fontMetrics().height() // 16, max(window.width() // 2, _WIDTH) - 2 * _MARGIN)
        self._layout.invalidate()
        self._layout.activate()
        height = self._layout.totalHeightForWidth(width)
        bottom = self._floor.mapTo(window, self._floor.rect().topLeft()).y() - _MARGIN
        self.setGeometry(window.width() - width - _MARGIN, max(bottom - height, 0), width, height)
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move) and self.frames:
            self._arrange()
        return False

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.LanguageChange, QEvent.Type.PaletteChange) and hasattr(self, "_ticking"):
            self.retranslate()
