"""What a page is made of: a box has a height for a width, is drawn at a place, and may be cut in two."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from inspector.report_results import BREAK
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen

from gui.paper.styles import POINT


class Box:
    """Nothing of a certain height.

    Attributes:
        before: space above it, left out at the top of a page. keep: it stays on the page of the box after it.
        heads: boxes that are repeated above it where it begins a page.
    """

    def __init__(self, before: float = 0.0, *, keep: bool = False) -> None:
        self.before, self.keep = before * POINT, keep
        self.heads: tuple[Box, ...] = ()

    def height(self, width: float) -> float:
        """Return how high it is at this width."""
        return 0.0

    def draw(self, painter: QPainter, at: QPointF, width: float) -> None:
        """Draw it with its upper left corner at a place."""

    def split(self, width: float, room: float) -> tuple[Box, Box] | None:
        """Return what fits into a height, and the rest; None where it cannot be cut there."""
        return None

    def texts(self) -> Iterator[str]:
        """Yield what can be read in it, in the order of reading."""
        return iter(())


class Stack(Box):
    """Boxes below each other, with room inside its edges (left, top, right, bottom, in points).

    Attributes:
        boxes: what is in it. fill, line, bar: its ground, a line around it, a bar at its left; "" for none.
    """

    def __init__(
        self,
        boxes: Sequence[Box],
        edges: tuple[float, float, float, float] = (0, 0, 0, 0),
        *,
        before: float = 0.0,
        keep: bool = False,
        fill: str = "",
        line: str = "",
        bar: str = "",
    ) -> None:
        super().__init__(before, keep=keep)
        self.boxes = tuple(boxes)
        self.fill, self.line, self.bar = fill, line, bar
        self._edges = edges

    def height(self, width: float) -> float:
        """Return the height of all and of the room around them."""
        _, top, _, bottom = self._edges
        inner = self._inner(width)
        heights = sum(box.height(inner) for box in self.boxes) + sum(box.before for box in self.boxes[1:])
        return heights + (top + bottom) * POINT

    def draw(self, painter: QPainter, at: QPointF, width: float) -> None:
        """Draw the ground, the lines, then the boxes."""
        place = QRectF(at.x(), at.y(), width, self.height(width))
        if self.fill:
            painter.fillRect(place, QColor(self.fill))
        if self.line:
            painter.setPen(QPen(QColor(self.line), 0.8 * POINT))
            painter.drawRect(place)
        if self.bar:
            painter.fillRect(QRectF(at.x(), at.y(), 3.2 * POINT, place.height()), QColor(self.bar))
        left, top, _, _ = self._edges
        inner, y = self._inner(width), at.y() + top * POINT
        for number, box in enumerate(self.boxes):
            y += box.before if number else 0.0
            box.draw(painter, QPointF(at.x() + left * POINT, y), inner)
            y += box.height(inner)

    def split(self, width: float, room: float) -> tuple[Box, Box] | None:
        """Cut between two boxes, or in one that is cut itself."""
        _, top, _, bottom = self._edges
        inner, left = self._inner(width), room - (top + bottom) * POINT
        for number, box in enumerate(self.boxes):
            left -= box.before if number else 0.0
            if box.height(inner) > left:
                cut = box.split(inner, left)
                first = [*self.boxes[:number], *([cut[0]] if cut else [])]
                rest = [cut[1] if cut else box, *self.boxes[number + 1 :]]
                return (self._with(first), self._with(rest)) if first else None
            left -= box.height(inner)
        return None

    def texts(self) -> Iterator[str]:
        """Yield the texts of all boxes."""
        for box in self.boxes:
            yield from box.texts()

    def _inner(self, width: float) -> float:
        return width - (self._edges[0] + self._edges[2]) * POINT

    def _with(self, boxes: Sequence[Box]) -> Stack:
        made = (self.fill, self.line, self.bar)
        return Stack(boxes, self._edges, fill=made[0], line=made[1], bar=made[2])


class Beside(Box):
    """Boxes beside each other, equally wide, with a gap in points between them."""

    def __init__(self, boxes: Sequence[Box], columns: int, gap: float = 12, before: float = 0.0) -> None:
        super().__init__(before)
        self._boxes, self._columns, self._gap = tuple(boxes), columns, gap * POINT

    def height(self, width: float) -> float:
        """Return the height of the highest."""
        return max((box.height(self._each(width)) for box in self._boxes), default=0.0)

    def draw(self, painter: QPainter, at: QPointF, width: float) -> None:
        """Draw them from left to right."""
        each = self._each(width)
        for place, box in enumerate(self._boxes):
            box.draw(painter, QPointF(at.x() + place * (each + self._gap), at.y()), each)

    def texts(self) -> Iterator[str]:
        """Yield the texts of all boxes."""
        for box in self._boxes:
            yield from box.texts()

    def _each(self, width: float) -> float:
        return (width - (self._columns - 1) * self._gap) / self._columns


class Rule(Box):
    """A line across the page."""

    def __init__(self, colour: str, thick: float, before: float = 0.0, *, keep: bool = False) -> None:
        super().__init__(before, keep=keep)
        self._colour, self._thick = colour, thick * POINT

    def height(self, width: float) -> float:
        """Return how thick it is."""
        return self._thick

    def draw(self, painter: QPainter, at: QPointF, width: float) -> None:
        """Draw it."""
        painter.fillRect(QRectF(at.x(), at.y(), width, self._thick), QColor(self._colour))


def plain(text: str) -> str:
    """Return a text without the marks of places where it may be broken."""
    return text.replace(BREAK, "")
