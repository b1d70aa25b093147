"""Three plots of a tensor pair: the values of both, their singular values, and how alike each row is."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from inspector.results import FloatArray, IntArray, TensorSide, TensorView
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QColor, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from gui import spoken, theme, words
from gui.theme import current
from gui.views.plotting import TITLE_EDGE, Said, own_spacing, quiet_plot, round_ticks, share_width, style_axis

_POINTS = 1200  # of a row plot; more rows are drawn as the lowest and the highest of each run
_FEWEST = 200  # values a bin on average; a histogram of fewer shows chance, so its bins are put together
_EDGE = 12  # pixels at the right, for the half of a number that stands below the end of an axis
_AXIS_WIDTH, _AXIS_HEIGHT = 48, 40


def outline(counts: IntArray, edges: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the x and y of a histogram's outline, as shares of all values; it begins and ends on the ground."""
    shares = counts / max(1, int(counts.sum()))
    return np.repeat(edges, 2), np.concatenate([[0.0], np.repeat(shares, 2), [0.0]])


def merged(counts: IntArray, edges: FloatArray) -> tuple[IntArray, FloatArray]:
    """Put neighbouring bins together while there are few values a bin, down to 30 bins."""
    while len(counts) >= 60 and len(counts) % 2 == 0 and int(counts.sum()) < _FEWEST * len(counts):
        counts, edges = counts[0::2] + counts[1::2], edges[::2]
    return counts, edges


def peaks(values: FloatArray, points: int = _POINTS) -> tuple[FloatArray, FloatArray]:
    """Return x and y of a line through `values` with at most about `points` points that keeps every extreme."""
    places = np.arange(len(values), dtype=np.float64)
    if len(values) <= points:
        return places, values
    starts = np.arange(0, len(values), -(-2 * len(values) // points))
    low, high = np.fmin.reduceat(values, starts), np.fmax.reduceat(values, starts)
    return np.repeat(places[starts], 2), np.stack([low, high], axis=1).reshape(-1)


def logs(values: FloatArray) -> FloatArray:
    """Return log10 of positive values, NaN for the others."""
    out = np.full(len(values), np.nan)
    np.log10(values, out=out, where=values > 0)
    return out


class TensorPlots(pg.GraphicsLayoutWidget):
    """Histogram, spectrum and rows of one tensor pair; the candidate's line is whole, the reference's is broken."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view: TensorView | None = None
        spoken.play(self, spoken.Role.Chart)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAcceptDrops(False)
        own_spacing(self)
        self.setMinimumSize(420, theme.px(130))
        self.ci.layout.setContentsMargins(0, 0, _EDGE, TITLE_EDGE)
        self._plots = [self._make_plot(column) for column in range(3)]
        self._values, self._spectrum, self._rows = self._plots
        self._lines = [plot.plot(connect="finite") for plot in (self._values, self._spectrum, self._rows)]
        self._others = [plot.plot(connect="finite") for plot in (self._values, self._spectrum)]
        self._band = pg.LinearRegionItem((0, 0), orientation="horizontal", movable=False)
        self._band.setZValue(-1)
        self._rows.addItem(self._band)
        self._said = [Said(plot) for plot in (self._spectrum, self._rows)]
        self._places = QTimer(self, singleShot=True, interval=0)
        for said in self._said:
            self._places.timeout.connect(said.centre)
        self.retranslate()
        self.recolour()

    @property
    def sentences(self) -> tuple[str, str]:
        """What the spectrum and the row plot say in the place of lines, "" where they draw."""
        return self._said[0].text, self._said[1].text

    def lines(self, plot: int) -> list[FloatArray]:
        """Return the y values of the lines of a plot (0 histogram, 1 spectrum, 2 rows)."""
        items = [self._lines[plot], *self._others[plot : plot + 1]]
        return [np.zeros(0) if item.yData is None else item.yData for item in items]

    def set_view(self, view: TensorView) -> None:
        """Show another tensor pair."""
        self._view = view
        self._draw_values(view)
        self._draw_spectrum((view.candidate, view.reference))
        self._draw_rows(view)
        self._say()

    def retranslate(self) -> None:
        """Word everything again."""
        self._titles = (self.tr("Values"), self.tr("Singular values (log)"), self.tr("Cosine of each row"))
        self._axes = (self.tr("Weight"), self.tr("Number"), self.tr("Row · band: shuffled"))
        self.setAccessibleName(self.tr("Histogram, singular values and similarity of each row"))
        self.recolour()
        self._say()

    def recolour(self) -> None:
        """Draw again in the colours of the theme."""
        colours = current()
        self.setBackground(colours.raised)
        for plot, title, axis in zip(self._plots, self._titles, self._axes, strict=True):
            plot.getAxis("left").setWidth(theme.px(_AXIS_WIDTH))
            plot.getAxis("bottom").setHeight(theme.px(_AXIS_HEIGHT))
            style_axis(plot.getAxis("left"), colours)
            style_axis(plot.getAxis("bottom"), colours, axis)
            plot.setTitle(title, color=colours.text, size=f"{theme.px(10)}pt")
        fill = QColor(colours.accent)
        fill.setAlpha(48)
        for line in self._lines:
            line.setPen(pg.mkPen(colours.accent, width=1.5))
        self._lines[0].setFillLevel(0.0)
        self._lines[0].setFillBrush(fill)
        for line in self._others:
            line.setPen(pg.mkPen(colours.other, width=1.5, style=Qt.PenStyle.DashLine))
        self._band.setBrush(QColor(colours.band))
        for edge in self._band.lines:
            edge.setPen(QPen(Qt.PenStyle.NoPen))
        for said in self._said:
            said.recolour(colours)

    def _make_plot(self, column: int) -> pg.PlotItem:
        plot = self.addPlot(row=0, col=column)
        quiet_plot(plot)
        plot.setMouseEnabled(x=False, y=False)
        for side in ("left", "bottom"):
            plot.getAxis(side).setStyle(maxTickLevel=0, hideOverlappingLabels=False)
            plot.getAxis(side).enableAutoSIPrefix(False)
        return plot

    def _draw_values(self, view: TensorView) -> None:
        sides = (view.candidate, view.reference)
        top = 0.0
        for line, side in zip((self._lines[0], self._others[0]), sides, strict=True):
            x, y = outline(*merged(side.histogram, view.edges))
            line.setData(x, y)
            top = max(top, float(y.max()))
        _set_range(self._values, (float(view.edges[0]), float(view.edges[-1])), (0.0, (top or 1.0) * 1.06))

    def _draw_spectrum(self, sides: tuple[TensorSide, TensorSide]) -> None:
        drawn = []
        for line, side in zip((self._lines[1], self._others[1]), sides, strict=True):
            values = logs(side.singular_values)
            line.setData(np.arange(1, len(values) + 1), values)
            drawn.append(values[np.isfinite(values)])
        every = np.concatenate(drawn)
        if len(every):
            high = float(every.max())
            low = max(float(every.min()), high - 8)  # below is rounding
            low, high = low - 0.06 * (high - low) - 0.05, high + 0.06 * (high - low) + 0.05
            _set_range(self._spectrum, (0.0, float(max(2, *(len(s.singular_values) for s in sides)))), (low, high))
            self._spectrum.getAxis("left").setTicks([_powers(low, high)])
        else:
            for name in ("left", "bottom"):
                self._spectrum.getAxis(name).setTicks([[]])

    def _draw_rows(self, view: TensorView) -> None:
        rows = view.row_similarity
        x, y = peaks(rows)
        self._lines[2].setData(x, y)
        cosine = view.measures.get("cosine")
        null = cosine.null if cosine is not None else None
        self._band.setVisible(null is not None)
        lowest = float(np.nanmin(rows)) if np.isfinite(rows).any() else 0.0
        if null is not None:
            spread = max(null.sd or 0.0, 0.005)
            self._band.setRegion((null.mean - spread, null.mean + spread))
            lowest = min(lowest, null.mean - spread)
        _set_range(self._rows, (0.0, float(max(1, len(rows) - 1))), (min(-0.08, lowest - 0.04), 1.06))

    def _say(self) -> None:
        """Say what is missing in words."""
        spectrum = rows = ""
        if self._view is not None:
            sides = (self._view.candidate, self._view.reference)
            if not all(len(side.singular_values) for side in sides):
                spectrum = self.tr("Singular values: not computed")
            if not np.isfinite(self._view.row_similarity).any():
                rows = self.tr("No row has a cosine: values are zero or not finite")
        for said, sentence in zip(self._said, (spectrum, rows), strict=True):
            said.say(sentence)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        if event is not None:
            share_width(self, event.size().width() - _EDGE, (0, 0, 0))
            self._places.start()


def _set_range(plot: pg.PlotItem, x: tuple[float, float], y: tuple[float, float]) -> None:
    """Show this part of a plot, with round numbers on both axes."""
    plot.setRange(xRange=x, yRange=y, padding=0)
    for side, ends in (("bottom", x), ("left", y)):
        ticks = [(place, words.weight_text(place, 6, fixed=True)) for place in round_ticks(*ends)]
        plot.getAxis(side).setTicks([ticks])


def _powers(low: float, high: float) -> list[tuple[float, str]]:
    """Return the ticks of a log scale from 10^low to 10^high: whole powers, and 2 and 5 where there is room."""
    parts = (1, 2, 5) if high - low < 2.5 else (1,)
    step = max(1, round((high - low) / 5))
    exponents = range(int(np.floor(low)), int(np.ceil(high)) + 1, step)
    ticks = [(float(e + np.log10(part)), part * 10.0**e) for e in exponents for part in parts]
    return [(place, words.weight_text(value, 2, fixed=True)) for place, value in ticks if low <= place <= high]
