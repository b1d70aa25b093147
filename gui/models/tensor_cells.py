"""One picture of a tensor pair as a table: the pictures' twin for the keyboard and for screen readers."""

from __future__ import annotations

from typing import Any

from inspector.results import TensorRegion
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from gui import words
from gui.models.columns import guarded

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
CANDIDATE, REFERENCE, DIFFERENCE = range(3)


class TensorCells(QAbstractTableModel):
    """The cells of a region, rows of the tensor down, columns across; a cell is its value of largest magnitude.

    Attributes:
        region: what is shown, None while nothing is. side: `CANDIDATE`, `REFERENCE` or `DIFFERENCE`.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.region: TensorRegion | None = None
        self.side = CANDIDATE

    def show(self, region: TensorRegion | None, side: int) -> None:
        """Show another region or another picture of it."""
        if region is not self.region or side != self.side:
            self.beginResetModel()
            self.region, self.side = region, side
            self.endResetModel()

    def values(self, row: int, column: int) -> tuple[float, float, float]:
        """Return what candidate, reference and difference have in a cell."""
        region = self.region
        assert region is not None
        one, two, three = (float(p[row, column]) for p in (region.candidate, region.reference, region.difference))
        return one, two, three

    def place(self, section: int, orientation: Qt.Orientation) -> str:
        """Return which rows or columns of the tensor a section covers: "12", or "12–15"."""
        if self.region is None:
            return ""
        down = orientation == Qt.Orientation.Vertical
        span, step = (self.region.rows, self.region.step[0]) if down else (self.region.columns, self.region.step[1])
        first = span[0] + section * step
        last = min(first + step, span[1]) - 1
        return str(first) if last <= first else f"{first}–{last}"

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() or self.region is None else self.region.candidate.shape[0]

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() or self.region is None else self.region.candidate.shape[1]

    @guarded
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or self.region is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return words.weight_text(self.values(index.row(), index.column())[self.side])
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    @guarded
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        return self.place(section, orientation) if role == Qt.ItemDataRole.DisplayRole else None
