"""Our own line icons, drawn in the colour of the theme."""

from __future__ import annotations

from functools import cache

import resources
from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QWidget

from gui import theme

_SIZES = (16, 20, 24, 32, 48, 64)


@cache
def _source(name: str) -> str:
    return resources.path(f"icons/{name}.svg").read_text(encoding="utf-8")


@cache
def pixmap(name: str, colour: str, size: int) -> QPixmap:
    """Return one icon, `size` pixels square, its lines in `colour` ("#rrggbb")."""
    renderer = QSvgRenderer(QByteArray(_source(name).replace("currentColor", colour).encode()))
    out = QPixmap(QSize(size, size))
    out.fill(Qt.GlobalColor.transparent)
    painter = QPainter(out)
    renderer.render(painter)
    painter.end()
    return out


def label_pixmap(label: QWidget, name: str, colour: str, size: int) -> QPixmap:
    """Return one icon for a label, sharp on its screen."""
    ratio = label.devicePixelRatioF()
    out = QPixmap(pixmap(name, colour, round(theme.px(size) * ratio)))
    out.setDevicePixelRatio(ratio)
    return out


@cache
def icon(name: str, colour: str) -> QIcon:
    """Return one icon in every size that the window uses."""
    out = QIcon()
    for size in _SIZES:
        out.addPixmap(pixmap(name, colour, size))
    return out
