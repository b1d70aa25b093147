"""A label that asks for the height of its lines, where the layouts around it do not ask how they break."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel

from gui import theme

_UNBOUNDED = 1 << 20


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
        if not self.isVisible():
            return
        metrics, margins = self.fontMetrics(), self.contentsMargins()
        wide = self.width() - margins.left() - margins.right() - 2 * self.margin()
        flags = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft
        lines = metrics.boundingRect(QRect(0, 0, max(wide, 1), _UNBOUNDED), int(flags), self.text())
        needed = lines.height() + margins.top() + margins.bottom() + 2 * self.margin()
        if needed != self.minimumHeight():  # a label's own height for a width is never less than its minimum
            self.setMinimumHeight(needed)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._ask()
