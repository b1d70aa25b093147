"""What the colours, edges and marks of the mosaic mean, on lines as wide as they fit."""

from __future__ import annotations

from collections.abc import Sequence

from inspector import scales
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QLinearGradient, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui import colormaps, evidence_words, icons, theme

_LINE, _BAR, _SWATCH, _SPACE, _NEAR = 26, 176, 18, 20, 6


class MosaicLegend(QWidget):
    """The colour scale, then a swatch or an icon with its words for everything that occurs."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._verdicts: Sequence[str] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_verdicts(self, verdicts: Sequence[str]) -> None:
        """Explain the marks of these verdicts."""
        self._verdicts = verdicts
        self.retranslate()

    def retranslate(self) -> None:
        """Word everything again."""
        font = QFont(self.font())
        font.setPointSizeF(theme.label().font().pointSizeF() * 0.92)
        self.setFont(font)
        self.setAccessibleName(", ".join(["z", *(text for _, text in self._items())]))
        self._fit()
        self.update()

    def _items(self) -> list[tuple[str, str]]:
        """Return (what stands before it, words): "tested" and "hatched" are swatches, all others icons."""
        marks = [(verdict, evidence_words.verdict_text(verdict)) for verdict in self._verdicts]
        return [("tested", self.tr("tested")), ("hatched", self.tr("nothing to compare")), *marks]

    def _placed(self) -> list[tuple[QPointF, str, str]]:
        """Return every item with the top left corner of its place."""
        first = float(theme.px(_BAR) + 2 * theme.px(_SPACE))
        x, y, out = first, 0.0, []
        for mark, text in self._items():
            width = theme.px(_SWATCH) + theme.px(_NEAR) + self.fontMetrics().horizontalAdvance(text)
            if x + width > self.width() and x > first:
                x, y = first, y + theme.px(_LINE)
            out.append((QPointF(x, y), mark, text))
            x += width + theme.px(_SPACE)
        return out

    def _fit(self) -> None:
        last = self._placed()[-1][0].y()
        self.setFixedHeight(int(last) + theme.px(_LINE) + 8)

    def _paint_scale(self, painter: QPainter) -> None:
        bar = QRectF(theme.px(18), theme.px(4), theme.px(_BAR - 18), theme.px(12))
        gradient = QLinearGradient(bar.topLeft(), bar.topRight())
        stops = colormaps.current()[::8].tolist()
        for at, (red, green, blue) in enumerate(stops):
            gradient.setColorAt(at / (len(stops) - 1), QColor(red, green, blue))
        painter.fillRect(bar, gradient)
        painter.setPen(QColor(theme.current().muted))
        painter.drawText(QPointF(0, theme.px(15)), "z")
        for share, text in scales.ticks(scales.Z_MEASURE):
            place = QRectF(bar.left() + share * bar.width() - theme.px(20), theme.px(16), theme.px(40), theme.px(18))
            painter.drawText(place, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, text)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colours = QPainter(self), theme.current()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_scale(painter)
        for corner, mark, text in self._placed():
            swatch = QRectF(corner.x(), corner.y() + theme.px(3), theme.px(_SWATCH), theme.px(_SWATCH))
            if mark == "hatched":
                painter.fillRect(swatch, QBrush(QColor(colours.muted), Qt.BrushStyle.BDiagPattern))
            elif mark == "tested":
                painter.setPen(QPen(QColor(colours.text), 2))
                painter.drawRect(swatch.adjusted(1, 1, -1, -1))
            else:
                icon = icons.pixmap(mark, theme.tone(evidence_words.TONES.get(mark, "muted")), theme.px(_SWATCH) * 2)
                painter.drawPixmap(swatch, icon, QRectF(icon.rect()))
            painter.setPen(QColor(colours.text))
            painter.drawText(QPointF(corner.x() + theme.px(_SWATCH) + theme.px(_NEAR), corner.y() + theme.px(17)), text)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(_BAR), theme.px(_LINE))
