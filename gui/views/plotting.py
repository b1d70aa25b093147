"""What all plots share: pyqtgraph's settings and pens. Imported after the window is on the screen, like pyqtgraph."""

from __future__ import annotations

import html
import math

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QColor, QGuiApplication, QPen

from gui.colormaps import Table
from gui.theme import Colours
from gui.views.plot_controls import drop_controls

TITLE_EDGE = 6.0  # pixels below a view's plots: pyqtgraph 0.14 lets the title of an axis stand out by 5
_SPACING = 6.0  # pixels between the plots of a view

pg.setConfigOptions(imageAxisOrder="row-major", antialias=True)


def cosmetic(colour: str, width: float) -> QPen:
    """Return a pen that is `width` pixels wide whatever the zoom."""
    pen = QPen(QColor(colour), width)
    pen.setCosmetic(True)
    return pen


def colour_map(table: Table) -> pg.ColorMap:
    """Return a table of colours as pyqtgraph wants it."""
    return pg.ColorMap(None, table)


def hatching(colours: Colours) -> QBrush:
    """Return the pattern of what has no number."""
    return QBrush(QColor(colours.muted), Qt.BrushStyle.BDiagPattern)


def style_axis(axis: pg.AxisItem, colours: Colours, title: str = "") -> None:
    """Give an axis the colours of the theme and a title, none where it is empty."""
    axis.setPen(colours.border)
    axis.setTextPen(colours.muted)
    axis.label.setFont(QGuiApplication.font())  # it keeps the size that it was made with
    axis.setLabel(html.escape(title) or None, color=colours.muted)  # the title is read as markup
    axis.resizeEvent()  # pyqtgraph 0.14 leaves a title of another length where the one before it was centred


def round_ticks(low: float, high: float, most: int = 5) -> list[float]:
    """Return at most `most` round numbers from `low` to `high`.

    >>> round_ticks(-0.23, 0.23)
    [-0.2, -0.1, 0.0, 0.1, 0.2]
    """
    if not high > low:
        return [low]
    size = 10.0 ** math.floor(math.log10((high - low) / most))
    step = next(size * part for part in (1, 2, 5, 10) if (high - low) / (size * part) <= most)
    first = math.ceil(low / step - 1e-9)
    return [round(number * step, 12) for number in range(first, math.floor(high / step + 1e-9) + 1)]


def quiet_plot(plot: pg.PlotItem) -> None:
    """Take away pyqtgraph's own buttons and menus, which are in no language of the window."""
    # A title would widen its column and push the last plot out of a narrow page (pyqtgraph 0.14 asks for its width
    # again whenever it is drawn); can go when LabelItem takes a width of its own.
    plot.titleLabel.updateMin = lambda: None
    plot.hideButtons()
    drop_controls(plot)
    plot.setMenuEnabled(False)


def own_spacing(view: pg.GraphicsLayoutWidget) -> None:
    """Give the layout of a view spacings of its own; the style's would be asked for through a pointer that may be dead.

    Seen with Qt 6.12: a segmentation fault after the application's style sheet was cleared (a text size).
    """
    view.ci.layout.setHorizontalSpacing(_SPACING)
    view.ci.layout.setVerticalSpacing(_SPACING)


def share_width(view: pg.GraphicsLayoutWidget, width: float, extra: tuple[float, ...]) -> None:
    """Give the first columns of `view` equal widths, each with its `extra`, together `width`."""
    share = (width - sum(extra) - view.ci.layout.horizontalSpacing() * (len(extra) - 1)) / len(extra)
    for column, more in enumerate(extra):
        view.ci.layout.setColumnFixedWidth(column, max(60.0, share) + more)


class Said:
    """One sentence in the middle of a plot that has nothing to draw."""

    def __init__(self, plot: pg.PlotItem) -> None:
        self._plot = plot
        self._text = pg.TextItem(anchor=(0.5, 0.5))
        self._text.setParentItem(plot.getViewBox())
        self._text.hide()

    def say(self, sentence: str) -> None:
        """Show another sentence, none for ""."""
        self._text.setText(sentence)
        self._text.setVisible(bool(sentence))
        self.centre()

    def centre(self) -> None:
        """Put it into the middle again, after the plot got another size."""
        box = self._plot.getViewBox().rect()
        self._text.setTextWidth(max(80.0, box.width() - 24))
        self._text.setPos(box.center())

    def recolour(self, colours: Colours) -> None:
        """Draw in the colours of the theme."""
        self._text.setColor(QColor(colours.muted))

    @property
    def text(self) -> str:
        """What it says now."""
        return str(self._text.toPlainText()) if self._text.isVisible() else ""
