"""The messages: one plain sentence each, and what lies behind it in a dialog."""

from __future__ import annotations

from inspector.errors import shown
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from gui import icons, theme, words
from gui.dress import dress
from gui.session import Message

_MAX_MESSAGES = 500
_MAX_DETAILS = 100_000


class MessageList(QListWidget):
    """What was told, newest last.

    Attributes:
        messages: the same as data.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.messages: list[Message] = []
        self.setWordWrap(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.retranslate()

    @property
    def current(self) -> Message | None:
        """The message under the cursor."""
        return self.messages[self.currentRow()] if 0 <= self.currentRow() < len(self.messages) else None

    def add(self, message: Message) -> None:
        """Put a message at the end and go to it."""
        if len(self.messages) >= _MAX_MESSAGES:
            del self.messages[0]
            self.takeItem(0)
        self.messages.append(message)
        item = QListWidgetItem(words.told(message.note))
        self._paint(item, message)
        self.addItem(item)
        self.setCurrentRow(self.count() - 1)

    def forget(self) -> None:
        """Forget all messages."""
        self.messages.clear()
        self.clear()

    def retranslate(self) -> None:
        """Word everything again."""
        self.setAccessibleName(self.tr("Messages"))
        for row, message in enumerate(self.messages):
            self.item(row).setText(words.told(message.note))

    def recolour(self) -> None:
        """Draw the icons in the colours of the theme."""
        for row, message in enumerate(self.messages):
            self._paint(self.item(row), message)

    @staticmethod
    def _paint(item: QListWidgetItem, message: Message) -> None:
        item.setIcon(icons.icon(message.level, level_colour(message.level)))


def level_colour(level: str) -> str:
    """Return the colour of a message's icon."""
    colours = theme.current()
    return {"error": colours.error, "warning": colours.warning}.get(level, colours.accent)


def show_details(parent: QWidget, title: str, sentence: str, details: str) -> None:
    """Show a sentence with the lines behind it; nothing waits for the dialog."""
    dialog = QDialog(parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle(title)
    dialog.resize(720, 420)
    text = QPlainTextEdit()
    text.setReadOnly(True)
    text.setAccessibleName(title)
    lines = details[-_MAX_DETAILS:].split("\n")
    text.setPlainText("\n".join([sentence, "", *(shown(line, 2000) for line in lines)]))
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    buttons.rejected.connect(dialog.close)
    layout = QVBoxLayout(dialog)
    layout.addWidget(text)
    layout.addWidget(buttons)
    dress(dialog)
    dialog.open()
