"""The Layers tab's heatmap as a picture for a report: its title, its baseline and the drawing."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QLabel

from gui import theme
from gui.views.heatmap import Heatmap

_SCALE = 2  # an exported picture has twice the pixels of the screen
_MARGIN, _HEAD = 16, 72


def layers_picture(heatmap: Heatmap, title: QLabel, baseline: str, type_of: QLabel) -> QImage:
    """Return the heatmap with its title and a line below it in the type of a label, at twice the pixels."""
    image = QImage(
        (heatmap.width() + 2 * _MARGIN) * _SCALE,
        (heatmap.height() + _HEAD + _MARGIN) * _SCALE,
        QImage.Format.Format_RGB32,
    )
    image.setDevicePixelRatio(_SCALE)
    colours = theme.current()
    image.fill(colours.raised)
    painter = QPainter(image)
    painter.setPen(colours.text)
    painter.setFont(title.font())
    room = QRectF(_MARGIN, 8, heatmap.width(), 30)
    fitting = painter.fontMetrics().elidedText(title.text(), Qt.TextElideMode.ElideMiddle, int(room.width()))
    painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, fitting)
    painter.setFont(type_of.font())
    painter.setPen(colours.muted)
    painter.drawText(_MARGIN, 54, baseline)
    place = QRectF(_MARGIN, _HEAD, heatmap.width(), heatmap.height())
    heatmap.render(painter, place, heatmap.viewport().rect())
    painter.end()
    return image
