"""The null of one test, drawn: how often shuffled units gave each z, the largest control, and what was observed.

An observed z far outside is not drawn to scale, which would squash the null to a line: the axis is broken there and
the number stands beside an arrow.
"""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from inspector.evidence_results import EvidenceTest, NullCurve
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QColor, QResizeEvent
from PySide6.QtWidgets import QWidget

from gui import spoken, theme, words
from gui.theme import Colours, current
from gui.views.plotting import Said, own_spacing, quiet_plot, round_ticks, style_axis

_FAR = 1.0  # widths of the null beyond which an observed z is not drawn to scale
_ROOM = 0.42  # widths of the null that the broken part of the axis takes
_AXIS_HEIGHT = 40
_TOP = 1.1  # heights of the null


class NullPlot(pg.GraphicsLayoutWidget):
    """One null with the observed value marked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._test: EvidenceTest | None = None
        self.off_scale = False
        spoken.play(self, spoken.Role.Chart)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAcceptDrops(False)
        own_spacing(self)
        self.setMinimumSize(theme.px(240), theme.px(120))
        self._plot = self.addPlot(row=0, col=0)
        quiet_plot(self._plot)
        self._plot.setMouseEnabled(x=False, y=False)
        self._plot.hideAxis("left")
        self._plot.getAxis("bottom").enableAutoSIPrefix(False)
        self._null = self._plot.plot()
        self._observed, self._control = pg.PlotDataItem(), pg.PlotDataItem()
        self._break = pg.PlotDataItem(connect="pairs")
        self._arrow = pg.ArrowItem(angle=180, headLen=16, headWidth=16, tailLen=30, tailWidth=4, pen=None)
        self._number = pg.TextItem(anchor=(1, 1))
        for item in (self._control, self._observed, self._break, self._arrow, self._number):
            self._plot.addItem(item)
        self._said = Said(self._plot)
        self._places = QTimer(self, singleShot=True, interval=0)
        self._places.timeout.connect(self._said.centre)
        self.retranslate()

    @property
    def sentence(self) -> str:
        """What stands in the place of the curve, "" while it is drawn."""
        return self._said.text

    @property
    def marks(self) -> tuple[str, str]:
        """The observed value and the largest control in words, "" where they are not drawn."""
        test = self._test
        if test is None or not self._null.isVisible():
            return "", ""
        observed = self.tr("observed z {z}").format(z=words.z_text(test.z)) if test.z is not None else ""
        if self.off_scale:
            observed = self.tr("{observed}, off this scale").format(observed=observed)
        control = test.controls.max_z
        return observed, "" if control is None else self.tr("largest control {z}").format(z=words.z_text(control))

    def set_test(self, test: EvidenceTest | None) -> None:
        """Draw the null of another test."""
        self._test = test
        self._draw()

    def retranslate(self) -> None:
        """Word everything again."""
        self.recolour()
        self._draw()

    def recolour(self) -> None:
        """Draw again in the colours of the theme."""
        colours = current()
        self.setBackground(colours.raised)
        self._plot.getAxis("bottom").setHeight(theme.px(_AXIS_HEIGHT))
        style_axis(self._plot.getAxis("bottom"), colours, self.tr("z in standard deviations of the null"))
        fill = QColor(colours.muted)
        fill.setAlpha(90)
        self._null.setPen(pg.mkPen(colours.muted, width=1.5))
        self._null.setFillLevel(0.0)
        self._null.setFillBrush(fill)
        self._colour_marks(colours)
        self._said.recolour(colours)

    def _colour_marks(self, colours: Colours) -> None:
        self._observed.setPen(pg.mkPen(colours.accent, width=3))
        self._control.setPen(pg.mkPen(colours.other, width=2, style=Qt.PenStyle.DashLine))
        self._break.setPen(pg.mkPen(colours.text, width=1.5))
        self._arrow.setStyle(brush=QColor(colours.accent))
        self._number.setColor(QColor(colours.accent))

    def _draw(self) -> None:
        test = self._test
        drawn = test is not None and test.curve is not None and len(test.curve.counts) > 0
        for item in (self._null, self._observed, self._control, self._break, self._arrow, self._number):
            item.setVisible(drawn)
        self._plot.getAxis("bottom").setVisible(drawn)
        self._said.say("" if drawn or test is None else self._why(test))
        if test is not None and test.curve is not None and drawn:
            self._draw_curve(test, test.curve)
        self.setAccessibleName(self.tr("Null of the test"))
        self.setAccessibleDescription(" ".join(part for part in (self._said.text, *self.marks) if part))

    def _why(self, test: EvidenceTest) -> str:
        sentence = self.tr("This test counts; it has no curve of shuffled values. Its baseline stands beside it.")
        return str(sentence if test.n else self.tr("This test was not run here."))

    def _draw_curve(self, test: EvidenceTest, curve: NullCurve) -> None:
        heights = curve.counts / max(1, int(curve.counts.max()))
        self._null.setData(np.repeat(curve.edges, 2), np.concatenate([[0.0], np.repeat(heights, 2), [0.0]]))
        low, high = float(curve.edges[0]), float(curve.edges[-1])
        width, z, control = high - low, test.z, test.controls.max_z
        near = (low - _FAR * width, high + _FAR * width)
        self.off_scale = z is not None and not near[0] <= z <= near[1]
        on_scale = [value for value in (z, control) if value is not None and near[0] <= value <= near[1]]
        left, right = min([low, *on_scale]) - 0.04 * width, max([high, *on_scale]) + 0.04 * width
        places = [(place, f"{place:g}".replace("-", "−")) for place in round_ticks(left, right, 8)]
        self._plot.getAxis("bottom").setTicks([places])
        shown = (left, right)
        if self.off_scale and z is not None:
            shown = (left, right + _ROOM * width) if z > 0 else (left - _ROOM * width, right)
        self._plot.setRange(xRange=shown, yRange=(0.0, _TOP), padding=0)
        self._control.setVisible(control in on_scale)
        if control in on_scale:
            self._control.setData([control, control], [0.0, 1.04])
        self._observed.setVisible(z is not None and not self.off_scale)
        for item in (self._arrow, self._break, self._number):
            item.setVisible(self.off_scale)
        if z is not None and not self.off_scale:
            self._observed.setData([z, z], [0.0, _TOP])
        elif z is not None:
            self._mark_far(z, right if z > 0 else left, shown)

    def _mark_far(self, z: float, scale_end: float, shown: tuple[float, float]) -> None:
        """Break the axis where its scale ends, and point to where z would be."""
        upward = z > 0
        at = shown[1] if upward else shown[0]
        self._arrow.setStyle(angle=180 if upward else 0)
        self._arrow.setPos(at, 0.45)
        self._number.setText(f"z {words.z_text(z)}")
        self._number.setAnchor((1, 1) if upward else (0, 1))
        self._number.setPos(at, 0.6)
        step = (shown[1] - shown[0]) * 0.008
        places = [scale_end - step, scale_end + step, scale_end + step, scale_end + 3 * step]
        self._break.setData(places, [0.0, 0.12, 0.0, 0.12], connect="pairs")

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        if event is not None:
            self._places.start()
