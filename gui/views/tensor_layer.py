"""One picture of a tensor: the colours of its values on one fixed scale, hatched where there is no number."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from inspector.results import TensorRegion, TensorView
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QGraphicsRectItem

from gui import colormaps
from gui.theme import Colours
from gui.views.plotting import colour_map, hatching

_LUT = colormaps.table(colormaps.SIGNED)
COLOUR_MAP = colour_map(_LUT)
_SDS = 4.0  # the ends of the colour scale, in standard deviations of the wider side

Picture = npt.NDArray[np.float32]


def level_of(view: TensorView) -> float:
    """Return the value at the upper end of the colour scale: |mean| + 4 sd of the wider side, 1 where all is 0."""
    ends = [abs(side.mean) + _SDS * side.sd for side in (view.candidate, view.reference)]
    return max((end for end in ends if math.isfinite(end) and end > 0), default=1.0)


def coloured(values: Picture, level: float) -> npt.NDArray[np.uint8]:
    """Return values as RGBA bytes on the fixed scale ± level; what is not a finite number is transparent."""
    finite = np.isfinite(values)
    share = np.where(finite, values, 0.0).astype(np.float64) / level
    steps = ((np.clip(share, -1.0, 1.0) + 1.0) * 127.5 + 0.5).astype(np.uint8)
    out = np.empty((*values.shape, 4), np.uint8)
    out[..., :3] = _LUT[steps]
    out[..., 3] = np.where(finite, 255, 0)
    return out


class PictureLayer:
    """One picture on hatched ground; the ground hides what lies below it."""

    def __init__(self, plot: pg.PlotItem, level: int) -> None:
        self._ground, self._hatch = QGraphicsRectItem(), QGraphicsRectItem()
        self._image = pg.ImageItem()
        for step, item in enumerate((self._ground, self._hatch, self._image)):
            item.setZValue(level + step)
            plot.addItem(item)
        for rect in (self._ground, self._hatch):
            rect.setPen(QPen(Qt.PenStyle.NoPen))
        self.hide()

    def show(self, values: Picture, region: TensorRegion, level: float) -> None:
        """Show one picture of `region` on the scale ± level."""
        rows, columns = values.shape
        rect = QRectF(region.columns[0] - 0.5, region.rows[0] - 0.5, columns * region.step[1], rows * region.step[0])
        self._image.setImage(coloured(values, level), autoLevels=False, levels=(0, 255))
        self._image.setRect(rect)
        for item in (self._ground, self._hatch):
            item.setRect(rect)
        self._set_visible(True)

    def hide(self) -> None:
        """Show what lies below."""
        self._set_visible(False)

    def recolour(self, colours: Colours) -> None:
        """Take the colours of the theme for what has no number."""
        self._ground.setBrush(QColor(colours.raised))
        self._hatch.setBrush(hatching(colours))

    def _set_visible(self, on: bool) -> None:
        for item in (self._ground, self._hatch, self._image):
            item.setVisible(on)
