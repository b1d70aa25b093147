"""The layer × layer heatmap, drawn with pyqtgraph: image, cell numbers, cell cursor, best-match profile, colour bar."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from inspector import scales
from inspector.results import FloatArray, LayerMatrix, Null
from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPen
from PySide6.QtWidgets import QGraphicsRectItem, QWidget

from gui import colormaps, spoken, theme
from gui.layer_cells import coloured
from gui.theme import Colours, current
from gui.views.cell_numbers import CellNumbers
from gui.views.plot_controls import drop_controls
from gui.views.plotting import colour_map, cosmetic, hatching, own_spacing, quiet_plot, style_axis

_AXIS_HEIGHT = 44  # the same below the map, the profile and the bar, so that they end together
_PROFILE = (96, 120)  # pixels of the profile
_BAR_AXIS = 58  # pixels of the numbers and the title beside the bar
_ZOOM_OUT = 0.5  # cells of margin around the map


class Heatmap(pg.GraphicsLayoutWidget):
    """A layer matrix on a fixed colour scale.

    Attributes:
        cell: (candidate layer, reference layer) of the cursor, None without a matrix.

    Signals:
        cell_changed: (cell) the cursor or the mouse is over another cell.
        cell_moved: (cell) a click or an arrow key put the cursor there.
        cell_opened: (cell) a click or Enter wants to see what is behind it.
    """

    cell_changed = Signal(object)
    cell_moved = Signal(object)
    cell_opened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cell: tuple[int, int] | None = None
        self._matrix: LayerMatrix | None = None
        self._values: FloatArray = np.empty((0, 0))
        self._null: Null | None = None
        self._measure = ""
        self._titles = ("", "", "", "")
        self.setAcceptDrops(False)
        own_spacing(self)
        spoken.play(self, spoken.Role.Chart)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(theme.px(320), theme.px(260))
        self._make_map()
        self._make_profile()
        self._make_bar()
        self.ci.layout.setColumnStretchFactor(0, 1)
        self.ci.layout.setHorizontalSpacing(8)
        self.scene().sigMouseMoved.connect(self._hover)
        self.scene().sigMouseClicked.connect(self._click)
        self.recolour()

    @property
    def values(self) -> FloatArray:
        """The matrix that is shown."""
        return self._values

    def set_titles(self, candidate: str, reference: str, profile: str, bar: str) -> None:
        """Name the axes, the profile and the colour bar."""
        titles = (candidate, reference, profile, bar)
        if titles != self._titles:
            self._titles = titles
            self.recolour()

    def set_matrix(self, matrix: LayerMatrix) -> None:
        """Show a matrix (candidate layers × reference layers) on the scale of its measure, and fit it."""
        stays = self.cell is not None and matrix.values.shape == self._values.shape
        self._matrix, self._measure = matrix, matrix.measure
        self._values, self._null = matrix.values, matrix.null
        values = matrix.values
        rows, columns = values.shape
        rect = QRectF(-0.5, -0.5, columns, rows)
        self._image.setImage(coloured(matrix), autoLevels=False, levels=(0, 255))
        self._image.setRect(rect)
        self._hatch.setRect(rect)
        self._numbers.set_matrix(matrix)
        self._set_scale(matrix.measure)
        for axis, count in ((self._map.getAxis("left"), rows), (self._map.getAxis("bottom"), columns)):
            axis.setTickSpacing(*_spacing(count))
        self._map.getViewBox().setLimits(
            xMin=-0.5 - _ZOOM_OUT, xMax=columns - 0.5 + _ZOOM_OUT, yMin=-0.5 - _ZOOM_OUT, yMax=rows - 0.5 + _ZOOM_OUT
        )
        self.fit()
        self._draw_profile()
        self.move_to(self.cell if stays else (0, 0) if rows and columns else None)

    def fit(self) -> None:
        """Show the whole matrix."""
        rows, columns = self._values.shape
        self._map.setRange(QRectF(-0.5, -0.5, max(1, columns), max(1, rows)), padding=0)

    def move_to(self, cell: tuple[int, int] | None) -> None:
        """Put the cell cursor somewhere."""
        self.cell = cell
        for item in (self._shadow, self._cursor):
            item.setVisible(cell is not None)
            if cell is not None:
                item.setRect(QRectF(cell[1] - 0.5, cell[0] - 0.5, 1, 1))
        self.cell_changed.emit(cell)

    def recolour(self) -> None:
        """Draw again in the colours of the theme and of the map that the user has chosen."""
        colours = current()
        if self._matrix is not None:
            self._image.setImage(coloured(self._matrix), autoLevels=False, levels=(0, 255))
        self._bar.setColorMap(colour_map(colormaps.current()))
        self._numbers.update()
        self.setBackground(colours.raised)
        candidate, reference, profile, bar = self._titles
        axes = (
            (self._map.getAxis("left"), candidate),
            (self._map.getAxis("bottom"), reference),
            (self._profile.getAxis("bottom"), profile),
            (self._bar.axis, bar),
        )
        for axis, title in axes:
            style_axis(axis, colours, title)
        for plot in (self._map, self._profile, self._bar):
            plot.getAxis("bottom").setHeight(theme.px(_AXIS_HEIGHT))
        self._bar.axis.setWidth(theme.px(_BAR_AXIS))
        self._profile.setMinimumWidth(theme.px(_PROFILE[0]))
        self._profile.setMaximumWidth(theme.px(_PROFILE[1]))
        self._hatch.setBrush(hatching(colours))
        self._shadow.setPen(cosmetic("#10151b", 5))
        self._cursor.setPen(cosmetic("#ffffff", 2))
        self._style_profile(colours)

    def _make_map(self) -> None:
        self._map = self.addPlot(row=0, col=0)
        quiet_plot(self._map)
        box = self._map.getViewBox()
        box.invertY(True)
        box.setDefaultPadding(0)
        self._hatch = QGraphicsRectItem()
        self._hatch.setPen(QPen(Qt.PenStyle.NoPen))
        self._image = pg.ImageItem()
        self._numbers = CellNumbers()
        self._cursor = QGraphicsRectItem()
        self._shadow = QGraphicsRectItem()  # the cursor is seen on bright cells too
        for level, item in enumerate((self._hatch, self._image, self._numbers, self._shadow, self._cursor)):
            item.setZValue(level)
            self._map.addItem(item)

    def _make_profile(self) -> None:
        self._profile = self.addPlot(row=0, col=1)
        quiet_plot(self._profile)
        self._profile.hideAxis("left")
        self._profile.setYLink(self._map)
        self._profile.getViewBox().invertY(True)
        self._profile.setMouseEnabled(x=False, y=False)
        self._profile.setXRange(-0.06, 1.06, padding=0)
        self._band = pg.LinearRegionItem((0, 0), movable=False)
        self._best = pg.PlotDataItem()
        self._profile.addItem(self._band)
        self._profile.addItem(self._best)

    def _make_bar(self) -> None:
        self._bar = pg.ColorBarItem(
            values=(0, 1), colorMap=colour_map(colormaps.current()), width=14, interactive=False
        )
        drop_controls(self._bar)
        self._bar.showAxis("bottom")
        below = self._bar.getAxis("bottom")
        below.setStyle(showValues=False, tickLength=0)
        below.setPen(QPen(Qt.PenStyle.NoPen))
        self.addItem(self._bar, row=0, col=2)

    def _set_scale(self, measure: str) -> None:
        """Write the numbers of a measure beside the colours and below the profile."""
        ticks = scales.ticks(measure)
        self._bar.getAxis("right").setTicks([ticks])
        few = [(0.0, "0"), (0.5, "0.5"), (1.0, "1")] if measure != scales.Z_MEASURE else [ticks[0], ticks[2], ticks[4]]
        self._profile.getAxis("bottom").setTicks([few])

    def _draw_profile(self) -> None:
        defined = np.where(np.isnan(self._values), -np.inf, self._values)
        best = defined.max(axis=1) if self._values.size else np.empty(0)
        shown = np.where(np.isfinite(best), scales.drawn(best, self._measure), np.nan)
        self._best.setData(shown, np.arange(len(shown)))
        self._band.setVisible(self._null is not None)
        if self._null is not None:
            spread = max(2 * (self._null.sd or 0.0), 0.01)
            ends = np.array([self._null.mean - spread, self._null.mean + spread])
            drawn = scales.drawn(ends, self._measure) if self._measure == scales.Z_MEASURE else ends
            self._band.setRegion(tuple(drawn.tolist()))

    def _style_profile(self, colours: Colours) -> None:
        band = QColor(colours.band)
        band.setAlpha(150)
        self._band.setBrush(band)
        for line in self._band.lines:
            line.setPen(QPen(Qt.PenStyle.NoPen))
        self._best.setPen(pg.mkPen(colours.accent, width=1.5))
        self._best.setSymbol("o")
        self._best.setSymbolSize(6)
        self._best.setSymbolBrush(colours.accent)
        self._best.setSymbolPen(None)

    def _cell_at(self, position: object) -> tuple[int, int] | None:
        point = self._map.getViewBox().mapSceneToView(position)
        row, column = round(point.y()), round(point.x())
        rows, columns = self._values.shape
        inside = self._map.getViewBox().sceneBoundingRect().contains(position)
        return (row, column) if inside and 0 <= row < rows and 0 <= column < columns else None

    def _hover(self, position: object) -> None:
        cell = self._cell_at(position)
        self.cell_changed.emit(cell if cell is not None else self.cell)

    def _click(self, event: object) -> None:
        cell = self._cell_at(event.scenePos())  # type: ignore[attr-defined]
        if cell is not None:
            self.setFocus()
            self._go(cell)
            if event.button() == Qt.MouseButton.LeftButton:  # type: ignore[attr-defined]
                self.cell_opened.emit(cell)

    def _go(self, cell: tuple[int, int]) -> None:
        self.move_to(cell)
        self.cell_moved.emit(cell)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Up: (-1, 0),
            Qt.Key.Key_Down: (1, 0),
            Qt.Key.Key_Left: (0, -1),
            Qt.Key.Key_Right: (0, 1),
        }
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Space:
            self.fit()
        elif key in steps and self._values.size:
            limits, start = self._values.shape, self.cell or (0, 0)
            row, column = (min(max(at + by, 0), end - 1) for at, by, end in zip(start, steps[key], limits, strict=True))
            self._go((row, column))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.cell is not None:
            self.cell_opened.emit(self.cell)
        else:
            super().keyPressEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self.cell_changed.emit(self.cell)
        super().leaveEvent(event)


def _spacing(count: int) -> tuple[float, float]:
    """Return major and minor tick distances: whole layers, at most about 20 labels."""
    step = next((s for s in (1, 2, 5, 10, 20, 50, 100) if count / s <= 20), 200)
    return float(step), float(step)
