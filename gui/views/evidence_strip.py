"""z of every permutation group in layer order: filled marks reject, hollow ones do not; variants stand fainter."""

from __future__ import annotations

import math

import numpy as np
import pyqtgraph as pg
from inspector.evidence_results import GroupTable
from inspector.results import FloatArray, IntArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPen
from PySide6.QtWidgets import QWidget

from gui import spoken, theme, words
from gui.models.evidence_groups import layer_order, layer_text
from gui.theme import current
from gui.views.plotting import cosmetic, own_spacing, quiet_plot, style_axis

MILLION = 4.7534  # one-sided z of one in a million, were a group alone and its null normal
_KNEE = 3.0  # the axis is straight below and logarithmic above
_TICKS = (-100, -30, -10, -3, 0, 3, 10, 30, 100, 300, 1000, 3000)
_ASIDE = 0.38  # groups between a mark and those of its variants
_LABELS = 20  # layers named along the axis at most


def height(z: FloatArray) -> FloatArray:
    """Return where z stands on the axis: straight near 0, logarithmic beyond."""
    return np.asarray(np.sign(z) * np.log1p(np.abs(z) / _KNEE))


class GroupStrip(pg.GraphicsLayoutWidget):
    """One mark a group.

    Attributes:
        order: rows of the table from left to right. place: of the cursor among them, -1 without groups.

    Signals:
        pointed: (row of the table or -1) the cursor or the mouse is on another group.
        selected: (row of the table) the cursor was moved to another group.
        opened: (row of the table) Enter or a double click wants its layers.
    """

    pointed = Signal(object)
    selected = Signal(object)
    opened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._table: GroupTable | None = None
        self.order: IntArray = np.empty(0, np.int64)
        self.place = -1
        spoken.play(self, spoken.Role.Chart)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAcceptDrops(False)
        own_spacing(self)
        self.setMinimumSize(theme.px(240), theme.px(120))
        self._make_plot()
        self.scene().sigMouseMoved.connect(self._hover)
        self.scene().sigMouseClicked.connect(self._click)
        self.retranslate()

    def set_table(self, table: GroupTable | None) -> None:
        """Show other groups."""
        self._table = table
        self.order = layer_order(table) if table is not None else np.empty(0, np.int64)
        self.place = 0 if len(self.order) else -1
        self._draw()

    def move_to(self, row: int) -> None:
        """Put the cursor on a row of the table, silently."""
        found = np.flatnonzero(self.order == row)
        if len(found):
            self.place = int(found[0])
            self._show_cursor()

    def retranslate(self) -> None:
        """Word everything again."""
        self.setAccessibleName(self.tr("z of every group in layer order; arrow keys move, Enter shows the layers"))
        self.recolour()

    def recolour(self) -> None:
        """Draw again in the colours of the theme."""
        colours = current()
        self.setBackground(colours.raised)
        style_axis(self._plot.getAxis("bottom"), colours, self.tr("Layer of the candidate"))
        style_axis(self._plot.getAxis("left"), colours, "z")
        band = QColor(colours.band)
        band.setAlpha(110)
        self._chance.setBrush(band)
        for line in self._chance.lines:
            line.setPen(QPen(Qt.PenStyle.NoPen))
        self._line.setPen(pg.mkPen(colours.other, width=1.5, style=Qt.PenStyle.DashLine))
        self._line.label.setColor(QColor(colours.other))
        self._line.label.setFormat(self.tr("one in a million"))
        self._cursor.setPen(cosmetic(colours.text, 1))
        self._draw()

    def _make_plot(self) -> None:
        self._plot = self.addPlot(row=0, col=0)
        quiet_plot(self._plot)
        self._plot.setMouseEnabled(x=True, y=False)
        self._plot.getAxis("left").setWidth(48)
        self._plot.getAxis("bottom").setHeight(40)
        edge = float(height(np.array([3.0]))[0])
        self._chance = pg.LinearRegionItem((-edge, edge), orientation="horizontal", movable=False)
        self._line = pg.InfiniteLine(
            float(height(np.array([MILLION]))[0]),
            0,
            label="",
            labelOpts={"position": 0.98, "anchors": [(1, 1), (1, 1)]},
        )
        self._cursor = pg.InfiniteLine(0, 90)
        self._marks, self._rank, self._sign = (pg.ScatterPlotItem() for _ in range(3))
        for level, item in enumerate((self._chance, self._line, self._cursor, self._rank, self._sign, self._marks)):
            item.setZValue(level)
            self._plot.addItem(item)

    def _draw(self) -> None:
        table = self._table
        if table is None or not len(self.order):
            for item in (self._marks, self._rank, self._sign):
                item.clear()
            self._cursor.hide()
            return
        colours, places = current(), np.arange(len(self.order))
        heights = height(table.z[self.order])
        faint = QColor(colours.muted)
        variants = ((self._rank, table.rank_z, "t1", -_ASIDE), (self._sign, table.sign_z, "x", _ASIDE))
        for item, values, symbol, aside in variants:
            pen = pg.mkPen(faint, width=0.8)
            item.setData(places + aside, height(values[self.order]), symbol=symbol, size=6, pen=pen, brush=None)
        full, hollow = pg.mkBrush(colours.accent), pg.mkBrush(colours.raised)
        brushes = [full if rejects else hollow for rejects in table.rejects[self.order].tolist()]
        self._marks.setData(places, heights, symbol="o", size=9, pen=pg.mkPen(colours.accent, width=1.5), brush=brushes)
        self._fit(heights)
        self._show_cursor()

    def _fit(self, heights: FloatArray) -> None:
        finite = heights[np.isfinite(heights)]
        low, high = (float(finite.min()), float(finite.max())) if len(finite) else (0.0, 0.0)
        low, high = min(low, -1.0) - 0.2, max(high, 1.4) + 0.35
        count = len(self.order)
        self._plot.setRange(xRange=(-0.8, count - 0.2), yRange=(low, high), padding=0)
        self._plot.getViewBox().setLimits(xMin=-0.8, xMax=count - 0.2, yMin=low, yMax=high)
        marks = height(np.array(_TICKS, np.float64)).tolist()
        ticks = [(at, words.whole(z)) for at, z in zip(marks, _TICKS, strict=True) if low <= at <= high]
        self._plot.getAxis("left").setTicks([ticks])
        self._plot.getAxis("bottom").setTicks([self._layer_ticks()])

    def _layer_ticks(self) -> list[tuple[float, str]]:
        assert self._table is not None
        layers = self._table.candidate_layers[self.order]
        named = sorted(set(layers.tolist()), key=lambda layer: (layer < 0, layer))
        step = max(1, math.ceil(len(named) / _LABELS))
        kept = [layer for number, layer in enumerate(named) if number % step == 0 or layer < 0]
        return [(float(np.flatnonzero(layers == layer).mean()), layer_text(layer)) for layer in kept]

    def _show_cursor(self) -> None:
        self._cursor.setVisible(self.place >= 0)
        if self.place >= 0:
            self._cursor.setPos(self.place)

    def _place_at(self, position: object) -> int:
        box = self._plot.getViewBox()
        place = round(box.mapSceneToView(position).x())
        inside = box.sceneBoundingRect().contains(position)
        return place if inside and 0 <= place < len(self.order) else -1

    def _hover(self, position: object) -> None:
        place = self._place_at(position)
        at = place if place >= 0 else self.place
        self.pointed.emit(int(self.order[at]) if at >= 0 else -1)

    def _click(self, event: object) -> None:
        place = self._place_at(event.scenePos())  # type: ignore[attr-defined]
        if place >= 0:
            self.setFocus()
            self._go(place)
            if event.double():  # type: ignore[attr-defined]
                self.opened.emit(int(self.order[place]))

    def _go(self, place: int) -> None:
        self.place = place
        self._show_cursor()
        self.pointed.emit(int(self.order[place]))
        self.selected.emit(int(self.order[place]))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Home: -(10**9), Qt.Key.Key_End: 10**9}
        key = Qt.Key(event.key())
        if key in steps and self.place >= 0:
            self._go(min(max(self.place + steps[key], 0), len(self.order) - 1))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.place >= 0:
            self.opened.emit(int(self.order[self.place]))
        elif key == Qt.Key.Key_Space:
            self._draw()
        else:
            super().keyPressEvent(event)
