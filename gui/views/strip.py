"""One similarity on its scale from 0 to 1, with the range that shuffled weights give beside it."""

from __future__ import annotations

from inspector.results import Measured
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui import words
from gui.theme import current

_HEIGHT = 40
_EDGE = 8


class ScaleStrip(QWidget):
    """A track from 0 to 1: a band for the shuffled baseline, a dot for what was measured."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._measured: Measured | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_measured(self, measured: Measured | None) -> None:
        """Show another number."""
        self._measured = measured
        name = words.measure_text(measured.method) if measured else ""
        value = words.value_text(measured.value if measured else None)
        self.setAccessibleName(words.joined([name, value, words.null_text(measured.null if measured else None)]))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = current()
        width, middle = self.width() - 2 * _EDGE, 12.0
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.border))
        painter.drawRoundedRect(QRectF(_EDGE, middle - 2, width, 4), 2, 2)
        font = painter.font()
        font.setPointSizeF(font.pointSizeF() * 0.85)
        painter.setFont(font)
        painter.setPen(QColor(colours.muted))
        for share, text, side in ((0.0, "0", Qt.AlignmentFlag.AlignLeft), (1.0, "1", Qt.AlignmentFlag.AlignRight)):
            place = QRectF(share * width - (60 if share else 0) + _EDGE, middle + 11, 60, 16)
            painter.drawText(place, side | Qt.AlignmentFlag.AlignTop, text)
        if self._measured is None or self._measured.value is None:
            return
        painter.setPen(Qt.PenStyle.NoPen)
        null = self._measured.null
        if null is not None:
            spread = 3 * (null.sd or 0.0)
            low, high = (min(max(edge, 0.0), 1.0) for edge in (null.mean - spread, null.mean + spread))
            left = _EDGE + low * width - 2
            painter.setBrush(QColor(colours.muted))
            painter.drawRoundedRect(QRectF(left, middle - 10, max(4.0, (high - low) * width), 20), 2, 2)
        at = _EDGE + min(max(self._measured.value, 0.0), 1.0) * width
        painter.setBrush(QColor(colours.accent))
        painter.setPen(QPen(QColor(colours.raised), 2))
        painter.drawEllipse(QPointF(at, middle), 7, 7)
