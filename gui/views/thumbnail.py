"""A layer matrix as a small picture on a card: is there a diagonal?"""

from __future__ import annotations

import numpy as np
from inspector.results import ALL_ROLES, Against, LayerMatrix
from inspector.undone_map import UNDONE_MEASURE
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui import theme
from gui.layer_cells import coloured

_SIDE = 120


def overview(against: Against) -> LayerMatrix | None:
    """Return the matrix over all roles that tells most: undone where something was, else the cosine; None for none."""
    return against.matrix(ALL_ROLES, UNDONE_MEASURE) or against.matrix(ALL_ROLES, "cosine")


class Thumbnail(QWidget):
    """The overview matrix of one comparison, with a caption where it is not the weights as they are stored.

    Attributes:
        caption: the words below the picture, "" for none.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._matrix: LayerMatrix | None = None
        self._room = True
        self._picture = _Picture()
        self._caption = theme.label(tone="muted", factor=0.92)
        self._caption.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        self.setMinimumWidth(theme.px(_SIDE))
        layout.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(self._caption)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    @property
    def caption(self) -> str:
        """The words below the picture."""
        return self._caption.text()

    def set_matrix(self, matrix: LayerMatrix | None) -> None:
        """Show another matrix."""
        self._matrix = matrix if matrix is not None and matrix.values.size else None
        undone = self._matrix is not None and self._matrix.measure == UNDONE_MEASURE
        self._caption.setText(self.tr("disguise undone") if undone else "")
        self._caption.setVisible(undone)
        if self._matrix is not None:
            self._picture.set_matrix(self._matrix)
        self.make_room(self._room)

    def make_room(self, on: bool) -> None:
        """Say whether the card is wide enough for the picture."""
        self._room = on
        self.setVisible(on and self._matrix is not None)


class _Picture(QWidget):
    """The cells, as large as they fit."""

    def __init__(self) -> None:
        super().__init__()
        self._image: QImage | None = None

    def set_matrix(self, matrix: LayerMatrix) -> None:
        pixels = np.ascontiguousarray(coloured(matrix))
        rows, columns = matrix.values.shape
        self._image = QImage(pixels.data, columns, rows, 4 * columns, QImage.Format.Format_RGBA8888).copy()
        self.setFixedSize(
            self._image.size().scaled(theme.px(_SIDE), theme.px(_SIDE), Qt.AspectRatioMode.KeepAspectRatio)
        )
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._image is None:
            return
        painter = QPainter(self)
        place = QRectF(self.rect())
        painter.fillRect(place, QBrush(QColor(theme.current().muted), Qt.BrushStyle.BDiagPattern))
        painter.drawImage(place, self._image)
