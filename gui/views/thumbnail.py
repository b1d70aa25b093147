"""A layer matrix as a small picture on a card: is there a diagonal?"""

from __future__ import annotations

import numpy as np
from inspector.results import ALL_ROLES, Against, LayerMatrix
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from gui.theme import current

_SIDE = 120


def overview(against: Against) -> LayerMatrix | None:
    """Return the cosine matrix over all roles, None where there is none."""
    return next((m for m in against.matrices if (m.role, m.measure) == (ALL_ROLES, "cosine")), None)


class Thumbnail(QWidget):
    """The overview matrix of one comparison."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image: QImage | None = None
        self._room = True
        self.setFixedSize(_SIDE, _SIDE)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def set_matrix(self, matrix: LayerMatrix | None) -> None:
        """Show another matrix."""
        if matrix is None or not matrix.values.size:
            self._image = None
            self.setVisible(False)
            return
        from gui.views.heatmap import coloured  # pyqtgraph, never before the first result

        pixels = np.ascontiguousarray(coloured(matrix))
        rows, columns = matrix.values.shape
        self._image = QImage(pixels.data, columns, rows, 4 * columns, QImage.Format.Format_RGBA8888).copy()
        self.setVisible(self._room)
        self.update()

    def make_room(self, on: bool) -> None:
        """Say whether the card is wide enough for the picture."""
        self._room = on
        self.setVisible(on and self._image is not None)

    def sizeHint(self) -> QSize:
        return QSize(_SIDE, _SIDE)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._image is None:
            return
        painter = QPainter(self)
        size = self._image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRectF(
            (self.width() - size.width()) / 2, (self.height() - size.height()) / 2, size.width(), size.height()
        )
        painter.fillRect(place, QBrush(QColor(current().muted), Qt.BrushStyle.BDiagPattern))
        painter.drawImage(place, self._image)
