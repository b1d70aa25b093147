"""A number with its name above and its baseline below."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui import theme


class Figure(QWidget):
    """Three lines: name, value, baseline; the value is `factor` times as large as other type."""

    def __init__(self, factor: float = 1.5, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = theme.label(tone="muted", factor=0.92)
        self._value = theme.label(factor=factor, bold=True)
        self._below = theme.label(tone="muted", factor=0.92)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        for part in (self._name, self._value, self._below):
            layout.addWidget(part)

    @property
    def texts(self) -> tuple[str, str, str]:
        """Name, value and baseline, as displayed."""
        return self._name.text(), self._value.text(), self._below.text()

    def tell(self, name: str, value: str, below: str) -> None:
        """Show another number."""
        self._name.setText(name)
        self._value.setText(value)
        self._below.setText(below)
