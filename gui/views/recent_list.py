"""What was opened before, on the first screen: name, when, and the key that opens it again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from inspector.errors import shown
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QFrame, QGridLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from gui import theme, words
from gui.views.elided import ElidedLabel


class RecentButton(QPushButton):
    """One of them.

    Attributes:
        path, opened: what it opens, and when that was opened last.
    """

    def __init__(self, path: Path, opened: datetime | None, place: int) -> None:
        super().__init__()
        self.path, self.opened = path, opened
        self._name, self._when = ElidedLabel(), theme.label(tone="muted", factor=0.92)
        self._key = QKeySequence(f"Ctrl+{place + 1}").toString(QKeySequence.SequenceFormat.NativeText)
        key = theme.label(self._key, tone="muted", factor=0.92)
        grid = self._grid = QGridLayout(self)
        grid.setContentsMargins(12, 6, 12, 6)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(0)
        grid.setColumnStretch(0, 1)
        grid.addWidget(self._name, 0, 0)
        grid.addWidget(key, 0, 1)
        grid.addWidget(self._when, 1, 0, 1, 2)
        for part in (self._name, self._when, key):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        theme.tip(self, shown(str(path), 400))
        self.retranslate()

    def retranslate(self) -> None:
        """Word everything again."""
        self._name.say(words.path_text(self.path))
        self._when.setText(words.time_text(self.opened) if self.opened is not None else "")
        self._when.setVisible(self.opened is not None)
        self.setAccessibleName(words.joined([words.path_text(self.path), self._when.text(), self._key]))

    def sizeHint(self) -> QSize:
        return self._grid.sizeHint()

    def minimumSizeHint(self) -> QSize:
        return self._grid.minimumSize()


class RecentList(QFrame):
    """Hidden while there is nothing to list.

    Attributes:
        buttons: one a candidate, the newest first.

    Signals:
        chosen: (place) one is wanted.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.buttons: list[RecentButton] = []
        self._title = theme.label(factor=1.1, bold=True)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(16, 12, 16, 16)
        self._layout.setSpacing(8)
        self._layout.addWidget(self._title)
        self.hide()
        self.retranslate()

    def fill(self, paths: Sequence[Path], opened: Sequence[datetime | None]) -> None:
        """List other candidates."""
        if [(button.path, button.opened) for button in self.buttons] == list(zip(paths, opened, strict=True)):
            return
        for button in self.buttons:
            self._layout.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.buttons = [RecentButton(path, when, at) for at, (path, when) in enumerate(zip(paths, opened, strict=True))]
        for place, button in enumerate(self.buttons):
            button.clicked.connect(lambda _checked=False, at=place: self.chosen.emit(at))
            self._layout.addWidget(button)
        self.setVisible(bool(self.buttons))

    def retranslate(self) -> None:
        """Word everything again."""
        self._title.setText(self.tr("Opened before"))
        self.setAccessibleName(self._title.text())
        for button in self.buttons:
            button.retranslate()
