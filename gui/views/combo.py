"""A selector whose choices keep their keys when their words or their number change."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from gui import theme


class Selector(QWidget):
    """A labelled drop-down list of keys.

    Signals:
        chosen: (key) the user or the program chose another one.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label = theme.label(tone="muted", factor=0.92)
        self._box = QComboBox()
        self._box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._box.setMinimumContentsLength(8)
        self._label.setBuddy(self._box)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._label)
        layout.addWidget(self._box)
        self._keys: list[str] = []
        self._box.currentIndexChanged.connect(self._tell)

    @property
    def key(self) -> str | None:
        """What is chosen."""
        row = self._box.currentIndex()
        return self._keys[row] if 0 <= row < len(self._keys) else None

    @property
    def text(self) -> str:
        """What is chosen, in words."""
        return self._box.currentText()

    def set_title(self, title: str) -> None:
        """Name the selector."""
        self._label.setText(title)
        self._box.setAccessibleName(title)

    def set_choices(self, choices: Sequence[tuple[str, str]]) -> None:
        """Offer (key, words); what was chosen stays chosen while it exists. Says nothing."""
        before = self.key
        self._box.blockSignals(True)
        self._box.clear()
        self._keys = [key for key, _ in choices]
        self._box.addItems([text for _, text in choices])
        self._box.setCurrentIndex(self._keys.index(before) if before in self._keys else 0 if choices else -1)
        self._box.blockSignals(False)
        self._box.setEnabled(len(choices) > 1)

    def choose(self, key: str) -> None:
        """Choose a key that is offered."""
        if key in self._keys:
            self._box.setCurrentIndex(self._keys.index(key))

    def _tell(self, _row: int) -> None:
        self.chosen.emit(self.key)
