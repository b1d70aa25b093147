"""The mosaic: candidate components down, references across, what stands out first; drawn with Qt's own painter."""

from __future__ import annotations

import numpy as np
from inspector import scales
from inspector.errors import shown
from inspector.results import FloatArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QFontMetricsF,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QWidget

from gui import colormaps, evidence_words, icons, spoken, theme, words
from gui.models.screen_table import ScreenRows
from gui.views.mosaic_places import LEAST_ROW, SLANT, Places, footer, header, height_for, place

_MARK = 18  # pixels, at the usual text size, of a verdict's icon
_NAME = 118  # pixels of a slanting name
_NUMBER = 34  # pixels of width that a number needs
Cell = tuple[int, int]


class Mosaic(QWidget):
    """One candidate against many references.

    Attributes:
        rows: what is shown. cell: (component, column) of the cursor, None without cells. places: where the cells lie.

    Signals:
        cell_changed: (cell) the cursor or the mouse is over another cell.
        cell_chosen: (cell) a click or an arrow key went there.
        cell_opened: (cell) a double click or Enter wants to see what is behind it.
    """

    cell_changed = Signal(object)
    cell_chosen = Signal(object)
    cell_opened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = ScreenRows({})
        self.cell: Cell | None = None
        self._levels: FloatArray = np.empty((0, 0))
        self._strip: QImage | None = None
        self.places = self._place()
        spoken.play(self, spoken.Role.Chart)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumWidth(320)

    def set_rows(self, rows: ScreenRows) -> None:
        """Show other rows; the cursor goes to what stands out most."""
        self.rows = rows
        self._levels = self._drawn()
        self._take_room()
        self.move_to(rows.first)

    def move_to(self, cell: Cell | None) -> None:
        """Put the cell cursor somewhere, silently but for `cell_changed`."""
        self.cell = cell
        self.update()
        self.cell_changed.emit(cell)

    def recolour(self) -> None:
        """Draw again in the colours of the theme and of the map that the user has chosen, at the size of the text."""
        self._take_room()
        self.update()

    def _take_room(self) -> None:
        self._lay_out()
        self.setMinimumHeight(height_for(len(self.rows.names), LEAST_ROW))
        self.setMaximumHeight(height_for(len(self.rows.names)))
        self.updateGeometry()

    def _drawn(self) -> FloatArray:
        """Return where each cell lies on the colour scale, NaN where it was not compared."""
        cells, rows = self.rows.cells, self.rows
        if not len(rows.z):
            return np.full(cells.shape, np.nan)
        known = (cells >= 0) & (rows.groups[cells] > 0)
        return np.where(known, scales.drawn(rows.z[cells], scales.Z_MEASURE), np.nan)

    def _lay_out(self) -> None:
        self.places = self._place()
        self._strip = self._strip_image() if self.places.strip else None

    def _place(self) -> Places:
        cells, rows = self.rows.cells, self.rows
        judged = rows.judged[cells] & (cells >= 0) if rows.judged.size else np.zeros(cells.shape, np.bool_)
        notable = int(np.flatnonzero(judged.any(axis=0)).max(initial=-1)) + 1 if cells.size else 0
        metrics = QFontMetricsF(self._small())
        label = max((metrics.horizontalAdvance(text) for text in rows.labels), default=0.0) + 16
        return place(self.width(), self.height(), label, len(rows.names), len(rows.columns), notable)

    def _small(self) -> QFont:
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() * 0.92)
        return font

    def _strip_image(self) -> QImage:
        """Return the narrow columns, one pixel each; of more than fit, each pixel shows its brightest."""
        levels = self._levels[:, self.places.wide :]
        most = max(1, int(self.places.strip))
        if levels.shape[1] > most:
            starts = np.linspace(0, levels.shape[1], most, endpoint=False).astype(np.int64)
            levels = np.fmax.reduceat(levels, starts, axis=1)
        undefined = np.isnan(levels)
        steps = (np.where(undefined, 0.0, levels) * 255).astype(np.uint8)
        pixels = np.empty((*levels.shape, 4), np.uint8)
        pixels[..., :3] = colormaps.current()[steps]
        pixels[..., 3] = np.where(undefined, 0, 255)
        rows, columns = levels.shape
        return QImage(pixels.tobytes(), columns, rows, 4 * columns, QImage.Format.Format_RGBA8888).copy()

    def _paint_cell(self, painter: QPainter, row: int, column: int) -> None:
        colours, rect = theme.current(), self.places.rect(row, column).adjusted(1, 1, -1, -1)
        level, at = self._levels[row, column], int(self.rows.cells[row, column])
        if np.isnan(level):
            painter.fillRect(rect, QBrush(QColor(colours.muted), Qt.BrushStyle.BDiagPattern))
            return
        red, green, blue = colormaps.current()[int(level * 255)].tolist()
        painter.fillRect(rect, QColor(red, green, blue))
        ink = QColor(colormaps.ink(float(level)))
        number = words.z_text(float(self.rows.z[at]), fixed=True) if rect.width() >= theme.px(_NUMBER) else ""
        painter.setPen(ink)
        if not self.rows.judged[at]:
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, number)
            return
        painter.drawText(
            self._paint_mark(painter, rect, self.rows.verdicts[at], ink), Qt.AlignmentFlag.AlignCenter, number
        )

    def _paint_mark(self, painter: QPainter, rect: QRectF, verdict: str, ink: QColor) -> QRectF:
        """Paint the edge and the icon of a tested cell; return where its number fits: below, beside or nowhere."""
        colours = theme.current()
        painter.setPen(QPen(QColor(colours.text), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(rect.adjusted(1, 1, -1, -1))
        chip = QRectF(0, 0, theme.px(_MARK) + 4, theme.px(_MARK) + 4)
        chip.moveCenter(rect.center())
        rest = QRectF()
        if rect.height() >= 2 * theme.px(_MARK) + 8 and rect.width() >= theme.px(_NUMBER):
            chip.moveTop(rect.top() + 4)
            rest = rect.adjusted(0, theme.px(_MARK) + 8, 0, -2)
        elif rect.width() >= theme.px(_MARK) + theme.px(_NUMBER) + 6:
            chip.moveLeft(rect.left() + 5)
            rest = rect.adjusted(theme.px(_MARK) + 8, 0, -2, 0)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.raised))
        painter.drawRoundedRect(chip, 5, 5)
        tone = theme.tone(evidence_words.TONES.get(verdict, "muted"))
        icon = icons.pixmap(verdict or evidence_words.UNJUDGED, tone, theme.px(_MARK) * 2)
        painter.drawPixmap(chip.adjusted(2, 2, -2, -2), icon, QRectF(icon.rect()))
        painter.setPen(ink if rest.isValid() else Qt.PenStyle.NoPen)
        return rest

    def _paint_strip(self, painter: QPainter) -> None:
        if self._strip is None:
            return
        colours, rect = theme.current(), self.places.strip_rect()
        painter.fillRect(rect, QBrush(QColor(colours.muted), Qt.BrushStyle.BDiagPattern))
        painter.drawImage(rect, self._strip)
        painter.setPen(QPen(QColor(colours.raised), 2))
        for row in range(1, self.places.rows):
            y = header() + row * self.places.row
            painter.drawLine(QPointF(rect.left(), y), QPointF(rect.right(), y))
        text = self.tr("{count} more, by falling z").format(count=words.whole(self.places.columns - self.places.wide))
        if self.cell is not None and self.cell[1] >= self.places.wide:
            text = shown(self.rows.columns[self.cell[1]])
        painter.setPen(QColor(colours.muted))
        below = QRectF(rect.left(), rect.bottom() + 2, rect.width(), footer() - 2)
        text = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, int(below.width()))
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_names(self, painter: QPainter) -> None:
        colours, places = theme.current(), self.places
        metrics = painter.fontMetrics()
        for column in range(places.wide):
            at_cursor = self.cell is not None and self.cell[1] == column
            painter.setPen(QColor(colours.text if at_cursor else colours.muted))
            painter.save()
            painter.translate(places.rect(0, column).center().x() + 2, header() - 6)
            painter.rotate(-SLANT)
            name = metrics.elidedText(shown(self.rows.columns[column]), Qt.TextElideMode.ElideMiddle, theme.px(_NAME))
            painter.drawText(QPointF(0, 0), name)
            painter.restore()
        painter.setPen(QColor(colours.text))
        for row, label in enumerate(self.rows.labels):
            rect = QRectF(0, header() + row * places.row, places.label - 10, places.row)
            text = metrics.elidedText(label, Qt.TextElideMode.ElideRight, int(rect.width()))
            painter.drawText(rect, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_cursor(self, painter: QPainter) -> None:
        if self.cell is None:
            return
        rect = self.places.rect(*self.cell)
        if rect.width() < 6:
            rect = QRectF(rect.center().x() - 3, rect.top(), 6, rect.height())
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width in (("#10151b", 5), ("#ffffff", 2)):  # seen on bright and on dark cells
            painter.setPen(QPen(QColor(colour), width))
            painter.drawRect(rect)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        painter.setFont(self._small())
        painter.setClipRect(event.rect())
        for row in range(self.places.rows):
            for column in range(self.places.wide):
                self._paint_cell(painter, row, column)
        self._paint_strip(painter)
        self._paint_names(painter)
        self._paint_cursor(painter)
        if self.hasFocus():
            painter.setClipping(False)
            painter.setPen(QPen(QColor(theme.current().accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._lay_out()

    def sizeHint(self) -> QSize:
        return QSize(640, height_for(len(self.rows.names)))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        found = self.places.cell_at(event.position().x(), event.position().y())
        self.cell_changed.emit(found if found is not None else self.cell)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        found = self.places.cell_at(event.position().x(), event.position().y())
        if found is not None and event.button() == Qt.MouseButton.LeftButton:
            self.setFocus()
            self._choose(found)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        found = self.places.cell_at(event.position().x(), event.position().y())
        if found is not None:
            self.cell_opened.emit(found)

    def leaveEvent(self, event: QEvent) -> None:
        self.cell_changed.emit(self.cell)
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        far = len(self.rows.columns)
        steps = {
            Qt.Key.Key_Up: (-1, 0),
            Qt.Key.Key_Down: (1, 0),
            Qt.Key.Key_Left: (0, -1),
            Qt.Key.Key_Right: (0, 1),
            Qt.Key.Key_Home: (0, -far),
            Qt.Key.Key_End: (0, far),
        }
        key = Qt.Key(event.key())
        if key in steps and self.cell is not None:
            limits = self.rows.cells.shape
            row, column = (
                min(max(at + by, 0), end - 1) for at, by, end in zip(self.cell, steps[key], limits, strict=True)
            )
            self._choose((row, column))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.cell is not None:
            self.cell_opened.emit(self.cell)
        else:
            super().keyPressEvent(event)

    def _choose(self, cell: Cell) -> None:
        self.move_to(cell)
        self.cell_chosen.emit(cell)
