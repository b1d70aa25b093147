"""Two tensors and their difference as three pictures of one region, zoomed and panned together.

A cell shows the signed value of largest magnitude that it covers. The levels are fixed and the same for all three.
"""

from __future__ import annotations

import html
import math

import pyqtgraph as pg
from inspector.results import TensorRegion, TensorView
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from gui import spoken, theme, words
from gui.theme import current
from gui.views.plot_controls import drop_controls
from gui.views.plotting import TITLE_EDGE, own_spacing, quiet_plot, round_ticks, share_width, style_axis
from gui.views.tensor_layer import COLOUR_MAP, PictureLayer, level_of
from gui.views.tensor_spot import Spot

_PICTURE = 512  # cells that the engine gives a side
_SETTLE_MS = 160  # a zoom has come to rest
_NARROWEST = 8  # cells that stay visible, so that the numbers of an axis are whole
_AXIS_WIDTH, _AXIS_HEIGHT = 40, 40
_LABEL_ROOM = 40  # pixels from one number of an axis to the next
_LABEL, _BAR_WIDTH = 20, 84  # pixels of the first axis's title, of the colour bar with its numbers
_PAN, _ZOOM = 0.15, 0.8  # of what is visible, a key press

Span = tuple[int, int]


class TensorPictures(pg.GraphicsLayoutWidget):
    """Candidate, reference and difference.

    Attributes:
        region: the sharp region that lies on the whole picture, None where the whole is sharp enough.
        level: the value at the upper end of the colour scale.

    Signals:
        region_wanted: (rows, columns) [start, stop) each; a sharper picture of it is wanted.
        pointed: (Spot or None) what lies under the pointer.
        settled: the pictures are at rest in another place.
    """

    region_wanted = Signal(object, object)
    pointed = Signal(object)
    settled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.region: TensorRegion | None = None
        self.level = 1.0
        self._view: TensorView | None = None
        self._titles = ("", "", "", "", "")
        self.setAcceptDrops(False)
        own_spacing(self)
        spoken.play(self, spoken.Role.Chart)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(420, theme.px(180))
        self._plots = [self._make_plot(column) for column in range(3)]
        for plot in self._plots[1:]:
            plot.setXLink(self._plots[0])
            plot.setYLink(self._plots[0])
        self._whole = [PictureLayer(plot, 0) for plot in self._plots]
        self._sharp = [PictureLayer(plot, 10) for plot in self._plots]
        self._make_bar()
        self.ci.layout.setHorizontalSpacing(8)
        self.ci.layout.setContentsMargins(0, 0, 0, TITLE_EDGE)
        self._rest = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._rest.timeout.connect(self._settle)
        self._plots[0].getViewBox().sigRangeChanged.connect(self._move)
        self.scene().sigMouseMoved.connect(self._point)
        self.scene().sigMouseClicked.connect(self._click)
        self.recolour()

    @property
    def visible(self) -> tuple[Span, Span]:
        """The rows and columns that are in sight, [start, stop) each."""
        rows, columns = self._view.shape if self._view is not None else (0, 0)
        (left, right), (top, bottom) = self._plots[0].getViewBox().viewRange()
        return _span(top, bottom, rows), _span(left, right, columns)

    @property
    def step(self) -> tuple[int, int]:
        """How many rows and columns one cell of what is in sight covers."""
        region = self.in_sight
        return (1, 1) if region is None else region.step

    @property
    def in_sight(self) -> TensorRegion | None:
        """The sharpest picture of what is visible, None while nothing is shown."""
        return self._covering(*self.visible)

    def set_titles(self, candidate: str, reference: str, difference: str, row: str, column: str) -> None:
        """Name the pictures and their axes."""
        titles = (candidate, reference, difference, row, column)
        if titles != self._titles:
            self._titles = titles
            self.recolour()

    def set_view(self, view: TensorView) -> None:
        """Show another tensor pair, whole."""
        self._view, self.region, self.level = view, None, level_of(view)
        self._draw(self._whole, view.region)
        for layer in self._sharp:
            layer.hide()
        rows, columns = view.shape
        for plot in self._plots:
            plot.getViewBox().setLimits(
                xMin=-0.5, xMax=columns - 0.5, yMin=-0.5, yMax=rows - 0.5,
                minXRange=min(_NARROWEST, columns), minYRange=min(_NARROWEST, rows),
            )  # fmt: skip
        self._bar.setLevels((-self.level, self.level))
        self._bar.getAxis("right").setTicks([[(s * self.level, _short(s * self.level)) for s in (-1, -0.5, 0, 0.5, 1)]])
        self.fit()
        self._rest.stop()
        self.settled.emit()

    def set_region(self, region: TensorRegion) -> None:
        """Lay a sharper region on the whole picture."""
        if self._view is not None:
            self.region = region
            self._draw(self._sharp, region)
            self.settled.emit()

    def fit(self) -> None:
        """Show the whole tensors."""
        if self._view is not None:
            rows, columns = self._view.shape
            self._go_to(QRectF(-0.5, -0.5, columns, rows))

    def recolour(self) -> None:
        """Draw again in the colours of the theme."""
        colours = current()
        self.setBackground(colours.raised)
        for place, plot in enumerate(self._plots):
            style_axis(plot.getAxis("left"), colours, self._titles[3] if place == 0 else "")
            style_axis(plot.getAxis("bottom"), colours, self._titles[4])
            plot.getAxis("left").setWidth(theme.px(_AXIS_WIDTH + (_LABEL if place == 0 else 0)))
            plot.getAxis("bottom").setHeight(theme.px(_AXIS_HEIGHT))
            plot.setTitle(html.escape(self._titles[place]), color=colours.text, size=f"{theme.px(10)}pt")
        self._bar.getAxis("bottom").setHeight(theme.px(_AXIS_HEIGHT))
        self._bar.setTitle(" ", size=f"{theme.px(10)}pt")  # as high as the others
        self._bar.getAxis("right").setWidth(theme.px(56))
        self.ci.layout.setColumnFixedWidth(3, theme.px(_BAR_WIDTH))
        style_axis(self._bar.axis, colours)
        for layer in (*self._whole, *self._sharp):
            layer.recolour(colours)

    def _make_plot(self, column: int) -> pg.PlotItem:
        plot = self.addPlot(row=0, col=column)
        quiet_plot(plot)
        box = plot.getViewBox()
        box.invertY(True)
        box.setDefaultPadding(0)
        for side in ("left", "bottom"):
            plot.getAxis(side).setStyle(maxTickLevel=0, hideOverlappingLabels=False)
        return plot

    def _make_bar(self) -> None:
        self._bar = pg.ColorBarItem(values=(-1, 1), colorMap=COLOUR_MAP, width=14, interactive=False)
        drop_controls(self._bar)
        self._bar.showAxis("bottom")
        below = self._bar.getAxis("bottom")
        below.setStyle(showValues=False, tickLength=0)
        below.setPen(QPen(Qt.PenStyle.NoPen))
        self.addItem(self._bar, row=0, col=3)

    def _draw(self, layers: list[PictureLayer], region: TensorRegion) -> None:
        for layer, values in zip(layers, (region.candidate, region.reference, region.difference), strict=True):
            layer.show(values, region, self.level)

    def _go_to(self, rect: QRectF) -> None:
        self._plots[0].setRange(rect, padding=0)

    def _covering(self, rows: Span, columns: Span) -> TensorRegion | None:
        """Return the sharpest picture that covers these rows and columns."""
        sharp = self.region
        if sharp is not None and _inside(rows, sharp.rows) and _inside(columns, sharp.columns):
            return sharp
        return self._view.region if self._view is not None else None

    def _move(self) -> None:
        """Number the columns anew: pyqtgraph lets the numbers of a narrow axis run into each other."""
        box = self._plots[0].getViewBox()
        most = max(2, int(box.width() // theme.px(_LABEL_ROOM)))
        left, right = box.viewRange()[0]
        ticks = [(place, str(round(place))) for place in round_ticks(left, right, most)]
        for plot in self._plots:
            plot.getAxis("bottom").setTicks([ticks])
        self._rest.start()

    def _settle(self) -> None:
        """Ask for a sharper region where the pictures at hand are coarser than they need to be."""
        rows, columns = self.visible
        have = self._covering(rows, columns)
        if have is None:
            return
        ideal = tuple(max(1, -(-(stop - start) // _PICTURE)) for start, stop in (rows, columns))
        if any(wanted < at_hand for wanted, at_hand in zip(ideal, have.step, strict=True)):
            self.region_wanted.emit(rows, columns)
        self.settled.emit()

    def _point(self, position: QPointF) -> None:
        self.pointed.emit(self._spot(position))

    def _spot(self, position: QPointF) -> Spot | None:
        for plot in self._plots:
            box = plot.getViewBox()
            if self._view is not None and box.sceneBoundingRect().contains(position):
                point = box.mapSceneToView(position)
                return self._at(round(point.y()), round(point.x()))
        return None

    def _at(self, row: int, column: int) -> Spot | None:
        region = self._covering((row, row + 1), (column, column + 1))
        if region is None:
            return None
        at = (row - region.rows[0]) // region.step[0], (column - region.columns[0]) // region.step[1]
        height, width = region.candidate.shape
        if not (0 <= at[0] < height and 0 <= at[1] < width):
            return None
        first = region.rows[0] + at[0] * region.step[0], region.columns[0] + at[1] * region.step[1]
        pictures = (region.candidate, region.reference, region.difference)
        one, two, three = (float(picture[at]) for picture in pictures)
        return Spot(*first, region.step, (one, two, three))

    def _click(self, event: object) -> None:
        self.setFocus()
        if event.double():  # type: ignore[attr-defined]
            self.fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        pans = {
            Qt.Key.Key_Up: (0, -_PAN),
            Qt.Key.Key_Down: (0, _PAN),
            Qt.Key.Key_Left: (-_PAN, 0),
            Qt.Key.Key_Right: (_PAN, 0),
        }
        zooms = {Qt.Key.Key_Plus: _ZOOM, Qt.Key.Key_Equal: _ZOOM, Qt.Key.Key_Minus: 1 / _ZOOM}
        key = Qt.Key(event.key())
        box = self._plots[0].getViewBox()
        if key == Qt.Key.Key_Space:
            self.fit()
        elif key in pans:
            sight = box.viewRect()
            box.translateBy(x=pans[key][0] * sight.width(), y=pans[key][1] * sight.height())
        elif key in zooms:
            box.scaleBy((zooms[key], zooms[key]))
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        if event is not None:
            share_width(self, event.size().width() - theme.px(_BAR_WIDTH) - 8, (theme.px(_LABEL), 0, 0))
            self._move()

    def leaveEvent(self, event: QEvent) -> None:
        self.pointed.emit(None)
        super().leaveEvent(event)


def _span(low: float, high: float, size: int) -> Span:
    start = min(max(math.floor(low + 0.5), 0), max(size - 1, 0))
    return start, max(min(math.ceil(high + 0.5), size), min(start + 1, size))


def _inside(inner: Span, outer: Span) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def _short(value: float) -> str:
    return words.weight_text(value, 2, fixed=True)
