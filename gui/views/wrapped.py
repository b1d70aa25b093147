"""A label that asks for the height of its lines, where the layouts around it do not ask how they break."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel

from gui import theme


class WrappedLabel(QLabel):
    """Plain text that is never cut at its foot: splitters, stacks and tabs know of no height for a width."""

    def __init__(self, *, tone: str = "", factor: float = 1.0, bold: bool = False) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        if tone:
            self.setProperty("tone", tone)
        if factor != 1.0 or bold:
            theme.scaled(self, factor, bold=bold)

    def setText(self, text: str) -> None:
        super().setText(text)
        self._ask()

    def _ask(self) -> None:
        if self.isVisible() and self.minimumHeight() != (needed := max(self.heightForWidth(self.width()), 0)):
            self.setMinimumHeight(needed)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._ask()
