"""The numbers inside the cells of a heatmap."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from inspector import scales
from inspector.results import FloatArray, LayerMatrix
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from gui import colormaps, theme, words

_MIN_CELL = (38, 16)  # pixels that a number needs
_WIDE_CELL = 52  # pixels that a third digit needs


class CellNumbers(pg.GraphicsObject):
    """The values inside the cells, painted only while they fit."""

    def __init__(self) -> None:
        super().__init__()
        self._values: FloatArray = np.empty((0, 0))
        self._levels = self._values
        self._measure = ""

    def set_matrix(self, matrix: LayerMatrix) -> None:
        """Write the values of another matrix."""
        self.prepareGeometryChange()
        self._values, self._measure = matrix.values, matrix.measure
        self._levels = scales.drawn(matrix.values, matrix.measure)
        self.update()

    def boundingRect(self) -> QRectF:
        rows, columns = self._values.shape
        return QRectF(-0.5, -0.5, columns, rows)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        width, height = painter.transform().m11(), painter.transform().m22()
        if abs(width) < theme.px(_MIN_CELL[0]) or abs(height) < theme.px(_MIN_CELL[1]):
            return
        digits = 3 if abs(width) >= theme.px(_WIDE_CELL) else 2
        transform = painter.transform()
        painter.resetTransform()
        font = QFont(painter.font())
        font.setPixelSize(theme.px(11))
        painter.setFont(font)
        exposed = option.exposedRect
        rows, columns = self._values.shape
        for row in range(max(0, int(exposed.top())), min(rows, int(exposed.bottom()) + 2)):
            for column in range(max(0, int(exposed.left())), min(columns, int(exposed.right()) + 2)):
                value = float(self._values[row, column])
                if not np.isnan(value):
                    painter.setPen(QColor(colormaps.ink(float(self._levels[row, column]))))
                    cell = transform.mapRect(QRectF(column - 0.5, row - 0.5, 1, 1))
                    painter.drawText(
                        cell, Qt.AlignmentFlag.AlignCenter, words.cell_text(value, self._measure, digits, fixed=True)
                    )
