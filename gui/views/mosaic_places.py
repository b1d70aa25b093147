"""Where the cells of the mosaic lie: wide columns for what stands out, a strip of narrow ones for all the others."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF

from gui import theme

HEADER, FOOTER = 104, 22  # pixels, at the usual text size, for the names above the cells and the line below them
SLANT = 50.0  # degrees that the names above the cells rise
ROW, LEAST_ROW = 50, 34
_LABEL = 200
_LEAST_CELL, _MOST_CELL = 30, 84
_OVERHANG = 66  # pixels that the last slanting name needs
_LEAST_STRIP = 120
_GAP = 14


def header() -> int:
    """Return the height of the names above the cells."""
    return theme.px(HEADER)


def footer() -> int:
    """Return the height of the line below the cells."""
    return theme.px(FOOTER)


@dataclass(frozen=True, slots=True)
class Places:
    """The geometry of one mosaic.

    Attributes:
        rows, columns: how many there are. wide: how many of the first columns are wide. label: width of the names at
            the left. cell, row: size of a wide cell. start, strip: where the strip begins and how wide it is, 0 where
            all columns are wide.
    """

    rows: int
    columns: int
    wide: int
    label: float
    cell: float
    row: float
    start: float
    strip: float

    def rect(self, row: int, column: int) -> QRectF:
        """Return where a cell lies."""
        top = header() + row * self.row
        if column < self.wide:
            return QRectF(self.label + column * self.cell, top, self.cell, self.row)
        step = self.strip / (self.columns - self.wide)
        return QRectF(self.start + (column - self.wide) * step, top, step, self.row)

    def strip_rect(self) -> QRectF:
        """Return where the strip lies."""
        return QRectF(self.start, header(), self.strip, self.rows * self.row)

    def cell_at(self, x: float, y: float) -> tuple[int, int] | None:
        """Return the cell at a point, None outside."""
        row = int((y - header()) // self.row) if self.row else -1
        if not 0 <= row < self.rows:
            return None
        if self.label <= x < self.label + self.wide * self.cell:
            return row, min(int((x - self.label) // self.cell), self.wide - 1)
        if self.strip and self.start <= x < self.start + self.strip:
            narrow = self.columns - self.wide
            return row, self.wide + min(int((x - self.start) / self.strip * narrow), narrow - 1)
        return None


def height_for(rows: int, row: int = ROW) -> int:
    """Return the height at which every row has room for a mark and a number, or has `row` pixels."""
    return header() + rows * theme.px(row) + footer()


def place(width: float, height: float, label: float, rows: int, columns: int, notable: int) -> Places:
    """Lay out a mosaic.

    Args:
        width, height: of the room. label: width that the names at the left ask for. rows, columns: of the mosaic.
            notable: how many of the first columns stand out.

    >>> place(840, 400, 120, 2, 12, 2).wide, place(840, 400, 120, 2, 300, 3).wide
    (12, 6)
    """
    least, least_strip, overhang = theme.px(_LEAST_CELL), theme.px(_LEAST_STRIP), theme.px(_OVERHANG)
    label = min(label, theme.px(_LABEL), 0.3 * width)
    room = max(least, width - label - overhang)
    row = max(theme.px(LEAST_ROW), min(theme.px(ROW), (height - header() - footer()) / max(rows, 1)))
    if columns * least <= room:
        cell = min(theme.px(_MOST_CELL), room / max(columns, 1))
        return Places(rows, columns, columns, label, cell, row, 0.0, 0.0)
    room = max(room + overhang - _GAP - 8, least_strip + least)  # the names lean over the strip
    wide = max(1, min(max(notable, 6), int((room - least_strip) // least)))
    cell = max(least, min(theme.px(52), (room - max(least_strip, 0.4 * room)) / wide))
    start = label + wide * cell + _GAP
    return Places(rows, columns, wide, label, cell, row, start, label + room - (start - _GAP))
