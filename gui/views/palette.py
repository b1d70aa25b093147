"""The command palette: every command in one list that narrows as you type."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QDialog, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from gui import spoken, theme
from gui.dress import dress


class CommandPalette(QDialog):
    """A filterable list of the actions that can be used now, each with more words that find it.

    Attributes:
        field: what is typed. list: what is left.
    """

    def __init__(self, actions: Callable[[], Sequence[tuple[QAction, str]]], parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._actions = actions
        self._shown: list[QAction] = []
        self.field = QLineEdit()
        self.field.setAcceptDrops(False)
        self.list = QListWidget()
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(8)
        layout.addWidget(self.field)
        layout.addWidget(self.list)
        dress(self)
        self.field.textChanged.connect(self._fill)
        self.field.returnPressed.connect(self._run)
        self.field.installEventFilter(self)
        self.list.currentTextChanged.connect(lambda text: spoken.say(self.field, text))
        self.list.itemClicked.connect(lambda _: self._run())

    def open_over(self, window: QWidget) -> None:
        """Show the palette at the top of `window`."""
        self.field.setPlaceholderText(self.tr("Type a command"))
        self.field.setAccessibleName(self.tr("Type a command"))
        self.field.clear()
        self.list.setAccessibleName(self.tr("Commands"))
        self._fill("")
        self.resize(min(theme.px(520), window.width() - 80), min(theme.px(360), window.height() - 80))
        corner = window.mapToGlobal(window.rect().topLeft())
        self.move(corner.x() + (window.width() - self.width()) // 2, corner.y() + 72)
        self.show()
        self.field.setFocus()

    def _fill(self, text: str) -> None:
        wanted = text.strip().lower()
        offered = [(action, f"{_name(action)}\n{more}".lower()) for action, more in self._actions()]
        self._shown = [action for action, text in offered if action.isEnabled() and wanted in text]
        self.list.clear()
        for action in self._shown:
            key = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            self.list.addItem(QListWidgetItem(action.icon(), f"{_name(action)}   {key}" if key else _name(action)))
        self.list.setCurrentRow(0)

    def _run(self) -> None:
        row = self.list.currentRow()
        self.hide()
        if 0 <= row < len(self._shown):
            self._shown[row].trigger()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
            if step and self._shown:
                self.list.setCurrentRow((self.list.currentRow() + step) % len(self._shown))
                return True
        return super().eventFilter(watched, event)


def _name(action: QAction) -> str:
    return action.text().replace("&", "")
