"""What a lineage is drawn of: boxes, lines and headings in the colours of the theme."""

from __future__ import annotations

from inspector.errors import shown
from inspector.lineage_layout import (
    BOX_HEIGHT,
    BOX_WIDTH,
    Box,
    Frame,
    Heading,
    Line,
    arrow_head,
    label_place,
    line_width,
)
from inspector.lineage_results import LineageEdge
from inspector.lineage_words import caption
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPainterPathStroker, QPen, QPolygonF
from PySide6.QtWidgets import QApplication, QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from gui import theme, words

Key = str | tuple[str, str]  # a component, or a relation of two

_HIT = 12.0  # pixels beside a line that still mean it
_RIGHT, _LEFT = Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignLeft


def _font(pixels: int, *, bold: bool = False) -> QFont:
    font = QFont(QApplication.font())
    font.setPixelSize(pixels)
    font.setBold(bold)
    return font


class Item(QGraphicsItem):
    """Something drawn.

    Attributes:
        key: what it stands for, None for what cannot be chosen. chosen, beside: it, or what it is tied to, is.
    """

    def __init__(self, key: Key | None = None) -> None:
        super().__init__()
        self.key, self.chosen, self.beside = key, False, False

    def mark(self, *, chosen: bool, beside: bool) -> None:
        """Be drawn as chosen, or as tied to what is."""
        self.chosen, self.beside = chosen, beside
        self.update()


class FrameItem(Item):
    """The ground of a family."""

    def __init__(self, frame: Frame) -> None:
        super().__init__()
        self._room = QRectF(frame.x, frame.y, frame.width, frame.height)
        self.setZValue(-2)

    def boundingRect(self) -> QRectF:
        return self._room.adjusted(-1, -1, 1, 1)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        painter.setPen(QPen(QColor(theme.current().border), 1))
        painter.drawRoundedRect(self._room, 10, 10)


class HeadingItem(Item):
    """The name of a family, or the dates of a column."""

    def __init__(self, heading: Heading) -> None:
        super().__init__()
        self._heading = heading
        self._room = QRectF(heading.x, heading.y - 18, heading.room, 24)

    @property
    def text(self) -> str:
        """Its words in the language of the window."""
        text = self._heading.text
        return shown(text) if isinstance(text, str) else words.told(text)

    def boundingRect(self) -> QRectF:
        return self._room

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        strong = self._heading.strong
        font = _font(14 if strong else 12, bold=strong)
        painter.setFont(font)
        painter.setPen(QColor(theme.current().text if strong else theme.current().muted))
        text = QFontMetricsF(font).elidedText(self.text, Qt.TextElideMode.ElideMiddle, self._heading.room)
        painter.drawText(QPointF(self._heading.x, self._heading.y), text)


class BoxItem(Item):
    """One component; a candidate has the accent."""

    def __init__(self, box: Box) -> None:
        super().__init__(box.node.id)
        self.node = box.node
        self.room = QRectF(box.x, box.y, BOX_WIDTH, BOX_HEIGHT)

    @property
    def texts(self) -> tuple[str, str]:
        """The name, and the line below it."""
        parts = [part if isinstance(part, str) else words.told(part) for part in caption(self.node)]
        return shown(self.node.label), words.joined(parts)

    def boundingRect(self) -> QRectF:
        return self.room.adjusted(-4, -4, 4, 4)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        colours, candidate = theme.current(), self.node.source == "candidate"
        painter.setBrush(QColor(colours.tint if candidate else colours.raised))
        edge = colours.text if self.chosen else colours.found if self.beside else ""
        plain = QPen(QColor(colours.accent if candidate else colours.band), 2 if candidate else 1)
        painter.setPen(QPen(QColor(edge), 2) if edge else plain)
        painter.drawRoundedRect(self.room, 7, 7)
        if self.chosen:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(colours.accent), 2))
            painter.drawRoundedRect(self.room.adjusted(-3, -3, 3, 3), 9, 9)
        name, below = self.texts
        for text, font, colour, base in (
            (name, _font(14, bold=True), colours.text, 20),
            (below, _font(12), colours.muted, 38),
        ):
            painter.setFont(font)
            painter.setPen(QColor(colour))
            fitting = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideMiddle, self.room.width() - 22)
            painter.drawText(QPointF(self.room.x() + 11, self.room.y() + base), fitting)


class LineItem(Item):
    """One relation of the tree: as wide as its evidence is strong, with an arrow where it is known what came first."""

    def __init__(self, line: Line) -> None:
        super().__init__((line.edge.a, line.edge.b))
        self._line = line
        start, bend, turn, middle, end = (QPointF(x, y) for x, y in line.points)
        self._path = QPainterPath(start)
        self._path.cubicTo(bend, turn, middle)
        self._path.lineTo(end)
        self.setZValue(-1)

    def boundingRect(self) -> QRectF:
        return self._path.boundingRect().adjusted(-48, -24, 48, 24)

    def shape(self) -> QPainterPath:
        stroker = QPainterPathStroker()
        stroker.setWidth(_HIT)
        return stroker.createStroke(self._path)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        colours = theme.current()
        colour = QColor(colours.text if self.chosen else colours.found)
        painter.setPen(QPen(colour, line_width(self._line.edge.log10_p) + (1.5 if self.chosen or self.beside else 0)))
        painter.drawPath(self._path)
        head = arrow_head(self._line)
        if head is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in head]))
        x, y, ends = label_place(self._line)
        painter.setFont(_font(11))
        painter.setPen(QColor(colours.text if self.chosen else colours.muted))
        room = QRectF(x - 48 if ends else x, y - 13, 48, 16)
        side = _RIGHT if ends else _LEFT
        painter.drawText(room, side | Qt.AlignmentFlag.AlignBottom, f"{self._line.edge.distance:.2f}")


class TieItem(Item):
    """A relation that the tree leaves out, drawn straight and broken while one of its ends is chosen."""

    def __init__(self, edge: LineageEdge, near: QRectF, far: QRectF) -> None:
        super().__init__((edge.a, edge.b))
        self._path = QPainterPath(near.center())
        middle = (near.center() + far.center()) / 2
        if near.left() == far.left():  # the same column: around the boxes between them
            middle += QPointF(BOX_WIDTH * 0.9, 0.0)
        self._path.quadTo(middle, far.center())
        self.setZValue(-1.5)

    def boundingRect(self) -> QRectF:
        return self._path.boundingRect().adjusted(-_HIT, -_HIT, _HIT, _HIT)

    def shape(self) -> QPainterPath:
        stroker = QPainterPathStroker()
        stroker.setWidth(_HIT)
        return stroker.createStroke(self._path)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        colour = QColor(theme.current().text if self.chosen else theme.current().muted)
        painter.setPen(QPen(colour, 2.2 if self.chosen else 1.2, Qt.PenStyle.DashLine))
        painter.drawPath(self._path)
