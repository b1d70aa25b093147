"""A number with its name above and its baseline below."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from gui import icons, theme

_HINT_ICON = 14


class Figure(QWidget):
    """Three lines: name, value, baseline; the value is `factor` times as large as other type."""

    def __init__(self, factor: float = 1.5, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = theme.label(tone="muted", factor=0.92)
        self._value = theme.label(factor=factor, bold=True)
        self._below = theme.label(tone="muted", factor=0.92, wrap=True)
        self._mark = QLabel()
        self._mark.hide()
        head = QHBoxLayout()
        head.setSpacing(4)
        head.addWidget(self._name)
        head.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignVCenter)
        head.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(head)
        for part in (self._value, self._below):
            layout.addWidget(part)
        layout.addStretch(1)  # figures beside each other begin at one height

    @property
    def texts(self) -> tuple[str, str, str]:
        """Name, value and baseline, as displayed."""
        return self._name.text(), self._value.text(), self._below.text()

    def tell(self, name: str, value: str, below: str) -> None:
        """Show another number."""
        self._name.setText(name)
        self._value.setText(value)
        self._below.setText(below)

    def explain(self, hint: str) -> None:
        """Say what the number means, in a tooltip that a mark beside the name announces."""
        theme.tip(self, hint)
        self._mark.setVisible(bool(hint))
        self.recolour()

    def recolour(self) -> None:
        """Draw the mark in the colours of the theme."""
        self._mark.setPixmap(icons.label_pixmap(self._mark, "info", theme.current().muted, _HINT_ICON))
