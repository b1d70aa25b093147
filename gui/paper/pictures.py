"""Heatmaps and nulls on paper, from the values that the HTML draws: fixed scale, colour bar, numbers, outlines."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cache

import numpy as np
import numpy.typing as npt
from inspector import scales
from inspector.errors import Note, worded
from inspector.report_results import HeatmapFigure, NullFigure
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QImage, QPainter, QPen

from gui import colormaps
from gui.paper.box import Box
from gui.paper.styles import POINT, Style, font
from gui.theme import LIGHT

_LEFT, _TOP, _BELOW, _RIGHT = 46.0, 20.0, 22.0, 76.0  # points around the cells
_SIDE, _LARGEST = 250.0, 28.0  # of the cells together, of one cell
_NUMBERED_FROM = 20.0  # points of a cell
_LABEL = Style(size=7.2, colour=LIGHT.muted)
_IN_CELL = Style(size=6.8)
_MAX_OUTLINED = 400
_FEWEST_PIXELS = 640  # pictures are enlarged here, because printers smooth small ones
_HATCHED_FROM = 4  # pixels of a cell
_NO_VALUE, _HATCH = (230, 232, 235), (154, 163, 173)


class Heatmap(Box):
    """A layer matrix: candidate layers down, reference layers across."""

    def __init__(self, figure: HeatmapFigure, language: str) -> None:
        super().__init__(4, keep=True)
        self._figure, self._language = figure, language
        self._values = figure.matrix.values
        rows, columns = self._values.shape
        self._cell: float = min(_LARGEST, _SIDE / max(rows, columns, 1)) * POINT

    def height(self, width: float) -> float:
        """Return the height of cells, labels and axis."""
        rows = len(self._values)
        return max(rows * self._cell, 90 * POINT) + (_TOP + _BELOW) * POINT

    def texts(self) -> Iterator[str]:
        """Yield the words of the axes."""
        yield from (self._words("candidate"), self._words("reference"))

    def draw(self, painter: QPainter, at: QPointF, width: float) -> None:
        """Draw it."""
        rows, columns = self._values.shape
        place = QRectF(
            at.x() + _LEFT * POINT, at.y() + _TOP * POINT, max(columns * self._cell, 1), max(rows * self._cell, 1)
        )
        painter.drawImage(place, _cells(self._values, self._figure.matrix.measure))
        self._outline(painter, place)
        if self._cell >= _NUMBERED_FROM * POINT:
            self._number(painter, place)
        self._axes(painter, place)
        self._bar(painter, place)

    def _outline(self, painter: QPainter, place: QRectF) -> None:
        rows, columns = self._values.shape
        painter.setPen(QPen(QColor(LIGHT.other), 1.1 * POINT))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        inside = [(r, c) for r, c in self._figure.aligned if 0 <= r < rows and 0 <= c < columns]
        for row, column in inside[:_MAX_OUTLINED]:
            painter.drawRect(self._box(place, row, column).adjusted(5, 5, -5, -5))

    def _number(self, painter: QPainter, place: QRectF) -> None:
        measure = self._figure.matrix.measure
        digits = 1 if measure == scales.Z_MEASURE else 2
        painter.setFont(font(_IN_CELL))
        for (row, column), level in np.ndenumerate(scales.drawn(self._values, measure)):
            if math.isfinite(level):
                value = float(self._values[row, column])
                painter.setPen(QColor(LIGHT.text if level > 0.5 else LIGHT.base))
                box = self._box(place, row, column)
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, _number(value, 0 if abs(value) >= 100 else digits))

    def _axes(self, painter: QPainter, place: QRectF) -> None:
        rows, columns = self._values.shape
        step = max(1, math.ceil(12 * POINT / self._cell))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for row in range(0, rows, step):
            middle = place.top() + (row + 0.5) * self._cell
            _write(painter, QRectF(place.left() - 300, middle - 60, 256, 120), right, str(row))
        for column in range(0, columns, step):
            middle = place.left() + (column + 0.5) * self._cell
            _write(
                painter, QRectF(middle - 100, place.top() - 140, 200, 120), Qt.AlignmentFlag.AlignCenter, str(column)
            )
        below = QRectF(place.center().x() - 1500, place.bottom() + 5 * POINT, 3000, 120)
        _write(painter, below, Qt.AlignmentFlag.AlignCenter, self._words("reference"))
        painter.save()
        painter.translate(place.left() - 36 * POINT, place.center().y())
        painter.rotate(-90)
        _write(painter, QRectF(-1500, -60, 3000, 120), Qt.AlignmentFlag.AlignCenter, self._words("candidate"))
        painter.restore()

    def _bar(self, painter: QPainter, place: QRectF) -> None:
        bar = QRectF(place.right() + 14 * POINT, place.top(), 10 * POINT, max(place.height(), 90 * POINT))
        painter.drawImage(bar, _image(np.repeat(_table()[::-1][:, None], 2, 1)))
        measure = self._figure.matrix.measure
        labels = scales.ticks(measure)
        for level, label in labels:
            code = "less" if level == labels[0][0] else ""
            if measure == scales.Z_MEASURE and level == labels[-1][0]:
                code = "more"
            told = worded(Note(f"report.axis.{code}", {"value": label}), self._language) if code else label
            middle = bar.bottom() - level * bar.height()
            beside = QRectF(bar.right() + 5 * POINT, middle - 60, 48 * POINT, 120)
            _write(painter, beside, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, told)

    def _box(self, place: QRectF, row: int, column: int) -> QRectF:
        return QRectF(place.left() + column * self._cell, place.top() + row * self._cell, self._cell, self._cell)

    def _words(self, axis: str) -> str:
        return worded(Note(f"report.axis.{axis}"), self._language)


class Null(Box):
    """How often shuffled units gave each value, and what was observed: a line, or an arrow off the scale."""

    _HEIGHT, _FOOT, _HEAD, _EDGE = 72.0, 13.0, 14.0, 4.0  # points
    _ROOM = 0.3  # of the width, kept for an observed value that lies off the scale

    def __init__(self, figure: NullFigure, language: str) -> None:
        super().__init__(keep=True)
        self._figure, self._language = figure, language

    @property
    def _known(self) -> float | None:
        z = self._figure.z
        return z if z is not None and math.isfinite(z) else None

    def height(self, width: float) -> float:
        """Return its height, the same for all."""
        return self._HEIGHT * POINT

    def texts(self) -> Iterator[str]:
        """Yield what was observed."""
        if self._known is not None:
            yield self._told()

    def draw(self, painter: QPainter, at: QPointF, width: float) -> None:
        """Draw the bars, the scale and the mark."""
        edges, counts = self._figure.curve.edges, self._figure.curve.counts
        low, high, z = float(edges[0]), float(edges[-1]), self._known
        inner = width - 2 * self._EDGE * POINT
        beyond = z is not None and not low <= z <= high
        left = at.x() + self._EDGE * POINT + (inner * self._ROOM if beyond and z is not None and z < low else 0.0)
        room = inner * (1 - self._ROOM if beyond else 1)
        places = left + (np.asarray(edges) - low) / ((high - low) or 1.0) * room
        ground = at.y() + (self._HEIGHT - self._FOOT) * POINT
        tallest = ground - at.y() - self._HEAD * POINT
        for start, stop, count in zip(places, places[1:], counts, strict=False):
            tall = float(count) / max(int(counts.max()), 1) * tallest
            bar = QRectF(float(start), ground - tall, max(float(stop - start) - 3, 3), tall)
            painter.fillRect(bar, QColor(LIGHT.band))
        painter.fillRect(QRectF(at.x() + self._EDGE * POINT, ground, inner, 6), QColor(LIGHT.muted))
        for value in [value for value in (math.ceil(low), 0, math.floor(high)) if low <= value <= high]:
            x = left + (value - low) / ((high - low) or 1.0) * room
            _write(painter, QRectF(x - 200, ground + 20, 400, 100), Qt.AlignmentFlag.AlignCenter, _number(value, 0))
        if z is not None:
            x = left + (z - low) / ((high - low) or 1.0) * room
            self._mark(painter, QRectF(at.x() + self._EDGE * POINT, at.y(), inner, ground - at.y()), x, beyond=beyond)

    def _mark(self, painter: QPainter, place: QRectF, x: float, *, beyond: bool) -> None:
        painter.setPen(QPen(QColor(LIGHT.found), 1.5 * POINT))
        top = place.top() + (self._HEAD - 3) * POINT
        if not beyond:
            painter.drawLine(QPointF(x, top), QPointF(x, place.bottom()))
            on_right = x < place.center().x()
        else:
            on_right = x < place.left()
            end, sign = (place.left(), -1) if on_right else (place.right(), 1)
            middle = (top + place.bottom()) / 2
            tip = QPointF(end, middle)
            painter.drawLine(QPointF(end - sign * 25 * POINT, middle), tip)
            for side in (-1, 1):
                painter.drawLine(QPointF(end - sign * 5 * POINT, middle + side * 4 * POINT), tip)
            x = end
        flag = Qt.AlignmentFlag.AlignLeft if on_right else Qt.AlignmentFlag.AlignRight
        gap = 0 if beyond else 3 * POINT
        box = QRectF(x + gap, place.top(), 2000, 110) if on_right else QRectF(x - gap - 2000, place.top(), 2000, 110)
        _write(painter, box, flag, self._told(), LIGHT.found)

    def _told(self) -> str:
        return worded(Note("report.observed", {"z": _number(self._known or 0.0, 1)}), self._language)


def _cells(values: npt.NDArray[np.float64], measure: str) -> QImage:
    """Return the cells, those that were not computed hatched."""
    levels = scales.drawn(values, measure)
    unknown = ~np.isfinite(levels)
    colours = _table()[np.rint(np.where(unknown, 0.0, levels) * 255).astype(int)]
    step = math.ceil(_FEWEST_PIXELS / max(*values.shape, 1))
    picture = np.repeat(np.repeat(colours, step, 0), step, 1)
    y, x = np.mgrid[: picture.shape[0], : picture.shape[1]]
    hidden = np.repeat(np.repeat(unknown, step, 0), step, 1)
    picture[hidden] = _NO_VALUE
    if step >= _HATCHED_FROM:
        picture[hidden & ((x + y) % step == 0)] = _HATCH
    return _image(picture)


@cache
def _table() -> npt.NDArray[np.uint8]:
    return colormaps.table("cividis")


def _image(picture: npt.NDArray[np.uint8]) -> QImage:
    whole = np.ascontiguousarray(picture)
    height, width = whole.shape[:2]
    return QImage(whole.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888).copy()


def _write(painter: QPainter, place: QRectF, flags: Qt.AlignmentFlag, text: str, colour: str = LIGHT.muted) -> None:
    painter.setFont(_plain_font())
    painter.setPen(QColor(colour))
    painter.setBrush(QBrush())
    painter.drawText(place, flags | Qt.TextFlag.TextDontClip, text)


def _plain_font() -> QFont:
    return font(_LABEL)


def _number(value: float, digits: int) -> str:
    text = f"{value:,.{digits}f}"
    return text.replace("-", "−") if float(text.replace(",", "")) else text.lstrip("-")
