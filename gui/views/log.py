"""The bottom: progress with time left and Cancel, and one plain sentence a message with its details behind a button."""

from __future__ import annotations

from inspector.errors import Note, shown
from inspector.protocol import Event
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gui import icons, theme, words
from gui.session import Message

_MAX_MESSAGES = 500
_SHOWN_MESSAGES = 3
_MAX_DETAILS = 100_000


class LogPanel(QWidget):
    """Progress and messages.

    Attributes:
        list: the messages, newest last. messages: the same as data.

    Signals:
        cancel_pressed: the user wants the work to stop.
    """

    cancel_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.messages: list[Message] = []
        self._event: Event | None = None
        self._activity: Note | None = None
        self._running = False
        self.status = theme.label()
        self._left = theme.label(tone="muted")
        self.bar = QProgressBar()
        self.bar.setRange(0, 10_000)
        self.bar.setTextVisible(False)
        self.cancel = QPushButton()
        self.cancel.clicked.connect(self.cancel_pressed)
        self.list = QListWidget()
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.details = QPushButton()
        self.details.clicked.connect(self._show_details)
        self.list.currentRowChanged.connect(self._refresh_button)
        self.list.itemActivated.connect(lambda _: self._show_details())
        self._lay_out()
        self.retranslate()

    def add(self, message: Message) -> None:
        """Put a message at the end and show it."""
        if len(self.messages) >= _MAX_MESSAGES:
            del self.messages[0]
            self.list.takeItem(0)
        self.messages.append(message)
        self._add_item(message)
        self.list.setCurrentRow(self.list.count() - 1)
        self.list.setFixedHeight(min(self.list.count(), _SHOWN_MESSAGES) * self.list.sizeHintForRow(0) + 4)
        self._row.setVisible(True)

    def put_beside(self, line: QWidget) -> None:
        """Put a widget into the room that the status line leaves."""
        self._progress.insertWidget(self._progress.count() - 1, line, 1)

    def clear(self) -> None:
        """Forget all messages."""
        self.messages.clear()
        self.list.clear()
        self._row.setVisible(False)

    def set_running(self, on: bool) -> None:
        """Work has begun or ended."""
        self._running = on
        self._event, self._activity = None, None
        self.bar.setRange(0, 0 if on else 10_000)
        self.retranslate()

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

    def retranslate(self) -> None:
        """Word everything again."""
        self.cancel.setText(self.tr("Cancel"))
        self.details.setText(self.tr("Details"))
        self.list.setAccessibleName(self.tr("Messages"))
        self.bar.setAccessibleName(self.tr("Progress"))
        for widget in (self.bar, self.cancel, self._left):
            widget.setVisible(self._running)
        self._word_progress()
        for row, message in enumerate(self.messages):
            self.list.item(row).setText(words.told(message.note))

    def recolour(self) -> None:
        """Draw the icons in the colours of the theme."""
        for row, message in enumerate(self.messages):
            self._paint_item(self.list.item(row), message)

    def _lay_out(self) -> None:
        progress = QHBoxLayout()
        progress.setSpacing(12)
        progress.addWidget(self.status)
        progress.addWidget(self.bar, 1)
        progress.addWidget(self._left)
        progress.addWidget(self.cancel)
        progress.addStretch(0)
        self._row = QWidget()
        row = QHBoxLayout(self._row)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.list, 1)
        row.addWidget(self.details, 0, Qt.AlignmentFlag.AlignTop)
        self._row.setVisible(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 4, 12, 8)
        layout.setSpacing(8)
        layout.addWidget(self._row)
        layout.addLayout(progress)
        self._progress = progress

    def _word_progress(self) -> None:
        if not self._running:
            self.status.setText(self.tr("Ready"))
            return
        doing = words.told(self._activity) if self._activity else self.tr("Working…")
        self.status.setText(words.joined([doing, f"{self._event.done // 100} %" if self._event else ""]))
        self._left.setText(words.left_text(self._event.seconds_left if self._event else None))

    def _add_item(self, message: Message) -> None:
        item = QListWidgetItem(words.told(message.note))
        self._paint_item(item, message)
        self.list.addItem(item)

    def _paint_item(self, item: QListWidgetItem, message: Message) -> None:
        colours = theme.current()
        colour = {"error": colours.error, "warning": colours.warning, "info": colours.accent}[message.level]
        item.setIcon(icons.icon(message.level, colour))

    def _refresh_button(self, row: int) -> None:
        self.details.setEnabled(0 <= row < len(self.messages) and bool(self.messages[row].details))

    def _show_details(self) -> None:
        row = self.list.currentRow()
        if not 0 <= row < len(self.messages) or not self.messages[row].details:
            return
        dialog = QDialog(self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle(self.tr("Details"))
        dialog.resize(720, 420)
        text = QPlainTextEdit()
        text.setReadOnly(True)
        lines = self.messages[row].details[-_MAX_DETAILS:].split("\n")
        text.setPlainText("\n".join([self.list.item(row).text(), "", *(shown(line, 2000) for line in lines)]))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(dialog.close)
        layout = QVBoxLayout(dialog)
        layout.addWidget(text)
        layout.addWidget(buttons)
        dialog.open()
