"""Tables: a row is never cut while it fits on a page, and the head stands again above a page's first row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter

from gui.paper.box import Box
from gui.paper.styles import CELL, HEAD, POINT, Style
from gui.paper.text import Text
from gui.theme import LIGHT

_PAD_X, _PAD_Y = 4.0 * POINT, 2.6 * POINT
_NARROWEST = 22 * POINT  # of a column
Cell = str | Box | Sequence[Box]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its title, whether its texts end at the right, their style, and its share of the width.

    `share` 0: as wide as its texts are, of what the others leave.
    """

    title: str
    right: bool = False
    style: Style = CELL
    share: float = 0.0


class Row(Box):
    """Cells beside each other, with a line below; `spans` says over how many columns each goes."""

    def __init__(
        self, cells: Sequence[Sequence[Box]], widths: Sequence[float], spans: Sequence[int], thick: float, colour: str
    ) -> None:
        super().__init__()
        self.cells, self.thick = [tuple(cell) for cell in cells], thick * POINT
        self._widths, self._spans, self._colour = widths, spans, colour

    def height(self, width: float) -> float:
        """Return the height of the highest cell, with its edges and the line."""
        tallest = max((_height(cell, inner) for cell, _, inner in self._places()), default=0.0)
        return tallest + 2 * _PAD_Y + self.thick

    def draw(self, painter: QPainter, at: QPointF, width: float) -> None:
        """Draw the cells and the line."""
        for cell, left, inner in self._places():
            y = at.y() + _PAD_Y
            for box in cell:
                box.draw(painter, QPointF(at.x() + left, y), inner)
                y += box.height(inner)
        bottom = at.y() + self.height(width) - self.thick
        painter.fillRect(QRectF(at.x(), bottom, sum(self._widths), self.thick), QColor(self._colour))

    def split(self, width: float, room: float) -> tuple[Box, Box] | None:
        """Cut every cell at the same height."""
        left = room - 2 * _PAD_Y - self.thick
        firsts, rests = [], []
        for cell, _, inner in self._places():
            first, rest = _cut(cell, inner, left)
            firsts.append(first)
            rests.append(rest)
        if not any(firsts) or not any(rests):
            return None
        made = [Row(cells, self._widths, self._spans, self.thick / POINT, self._colour) for cells in (firsts, rests)]
        made[1].heads = self.heads
        return made[0], made[1]

    def texts(self) -> Iterator[str]:
        """Yield the texts of all cells."""
        for cell in self.cells:
            for box in cell:
                yield from box.texts()

    def _places(self) -> Iterator[tuple[tuple[Box, ...], float, float]]:
        left, place = 0.0, 0
        for cell, span in zip(self.cells, self._spans, strict=True):
            wide = sum(self._widths[place : place + span])
            yield cell, left + _PAD_X, max(wide - 2 * _PAD_X, 1.0)
            left, place = left + wide, place + span


def table(columns: Sequence[Column], rows: Sequence[Sequence[Cell]], width: float, before: float = 4) -> list[Box]:
    """Return a head and rows for a table as wide as `width`."""
    cells = [[_cell(cell, column) for cell, column in zip(row, columns, strict=True)] for row in rows]
    titles = [(Text(column.title, HEAD, right=column.right),) for column in columns]
    widths = _widths(columns, [titles, *cells], width)
    heads = []
    if any(column.title for column in columns):
        heads = [row(titles, widths, thick=1.1, colour=LIGHT.text)]
    return body(heads, [row(each, widths) for each in cells], before)


def body(heads: Sequence[Row], rows: Sequence[Row], before: float = 4) -> list[Box]:
    """Return heads and rows that belong together."""
    for head in heads:
        head.keep = True
    for each in rows:
        each.heads = tuple(heads)
    if len(rows) > 2:  # two rows at least on either side of a page's end
        rows[0].keep = rows[-2].keep = True
    out: list[Box] = [*heads, *rows]
    if out:
        out[0].before = before * POINT
    return out


def row(
    cells: Sequence[Sequence[Box]],
    widths: Sequence[float],
    spans: Sequence[int] | None = None,
    thick: float = 0.6,
    colour: str = LIGHT.border,
) -> Row:
    """Return one row."""
    return Row(cells, widths, spans or [1] * len(cells), thick, colour)


def _cell(cell: Cell, column: Column) -> tuple[Box, ...]:
    if isinstance(cell, str):
        return (Text(cell, column.style, right=column.right),)
    return (cell,) if isinstance(cell, Box) else tuple(cell)


def _widths(columns: Sequence[Column], rows: Sequence[Sequence[Sequence[Box]]], width: float) -> list[float]:
    """Share the width out: those with a share have it, the rest by what their longest texts need."""
    needs = [
        max((box.natural_width() for row in rows for box in row[place] if isinstance(box, Text)), default=0.0)
        + 2 * _PAD_X + 1
        for place in range(len(columns))
    ]  # fmt: skip
    fixed = [column.share * width for column in columns]
    free = [place for place, column in enumerate(columns) if not column.share]
    room = width - sum(fixed)
    wanted = {place: needs[place] for place in free}
    if sum(wanted.values()) > room:
        wanted = _squeezed(wanted, room)
    elif wanted:
        extra = (room - sum(wanted.values())) / len(wanted)
        wanted = {place: need + extra for place, need in wanted.items()}
    return [wanted.get(place, fixed[place]) for place in range(len(columns))]


def _squeezed(wanted: dict[int, float], room: float) -> dict[int, float]:
    """Give narrow columns what they need and share the rest out among the wide ones, by the root of their needs."""
    out: dict[int, float] = {}
    left = dict(wanted)
    while left:
        roots = {place: need**0.5 for place, need in left.items()}
        each = max(room, 1.0) / sum(roots.values())
        small = {place: need for place, need in left.items() if need <= roots[place] * each}
        if not small:
            return out | {place: max(root * each, _NARROWEST) for place, root in roots.items()}
        out |= small
        room -= sum(small.values())
        left = {place: need for place, need in left.items() if place not in small}
    return out


def _height(cell: Sequence[Box], width: float) -> float:
    return sum(box.height(width) for box in cell)


def _cut(cell: Sequence[Box], width: float, room: float) -> tuple[list[Box], list[Box]]:
    first: list[Box] = []
    for place, box in enumerate(cell):
        if box.height(width) <= room:
            first.append(box)
            room -= box.height(width)
            continue
        cut = box.split(width, room)
        if cut is None:
            return first, list(cell[place:])
        return [*first, cut[0]], [cut[1], *cell[place + 1 :]]
    return first, []
