"""A colour map as a strip with its ends named: what a choice of colours looks like."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui import colormaps, theme

_HEIGHT = 18


class ColourSample(QWidget):
    """One map from its lowest to its highest value.

    Attributes:
        map: its name.
    """

    def __init__(self, map_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.map = map_name
        self._ends = ("", "")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_map(self, name: str, low: str, high: str) -> None:
        """Show another map; its ends mean `low` and `high`."""
        self.map, self._ends = name, (low, high)
        self.setAccessibleDescription(name)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(220, _HEIGHT + self.fontMetrics().height() + 4)

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        table = colormaps.table(self.map)
        image = QImage(table.tobytes(), len(table), 1, 3 * len(table), QImage.Format.Format_RGB888)
        painter = QPainter(self)
        painter.drawImage(QRectF(0, 0, self.width(), _HEIGHT), image)
        painter.setPen(theme.current().muted)
        below = QRectF(0, _HEIGHT + 2, self.width(), self.height() - _HEIGHT - 2)
        for text, side in zip(self._ends, (Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight), strict=True):
            painter.drawText(below, side | Qt.AlignmentFlag.AlignTop, text)
