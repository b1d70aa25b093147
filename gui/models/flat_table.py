"""A table of numbered rows: filter and sort are one permutation, whatever the columns."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from gui import theme
from gui.models.columns import Column, guarded, ordered

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


class FlatTable(QAbstractTableModel):
    """Rows shown through columns.

    Attributes:
        columns: what is shown; set by `set_rows`.
        rows: the rows that pass the filter, in their order.
    """

    def __init__(self, columns: list[Column], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = columns
        self.rows = np.arange(0)
        self._order = np.arange(0)
        self._texts: list[str] = []
        self._filter = ""
        self._sorted: tuple[int, Qt.SortOrder] | None = None

    def set_rows(self, texts: list[str]) -> None:
        """Show other rows; `texts` are what the filter looks at."""
        self._texts = [text.lower() for text in texts]
        self.reset_rows(len(texts))

    def reset_rows(self, count: int) -> None:
        """Show other rows, as many as `count`, in the order that was chosen."""
        self.beginResetModel()
        self._order = np.arange(count)
        if self._sorted is not None:
            self._order = ordered(self.columns[self._sorted[0]].keys(), self._sorted[1])
        self._arrange()
        self.endResetModel()

    def set_filter(self, text: str) -> None:
        """Show only rows that contain `text`, whatever the case."""
        wanted = text.strip().lower()
        if wanted != self._filter:
            self.beginResetModel()
            self._filter = wanted
            self._arrange()
            self.endResetModel()

    def retranslate(self) -> None:
        """Word the headers and cells again."""
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.columns) - 1)
        if len(self.rows):
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, len(self.columns) - 1))

    def _arrange(self) -> None:
        mask = self.passing()
        self.rows = self._order if mask is None else self._order[mask[self._order]]

    def passing(self) -> npt.NDArray[np.bool_] | None:
        """Return which rows pass the filter, None for all."""
        if not self._filter:
            return None
        return np.fromiter((self._filter in text for text in self._texts), np.bool_, len(self._texts))

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.columns)

    @guarded
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        column = self.columns[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.text(int(self.rows[index.row()]))
        if role == Qt.ItemDataRole.DecorationRole and column.icon is not None:
            return column.icon(int(self.rows[index.row()]))
        if role == Qt.ItemDataRole.ToolTipRole and column.tip is not None:
            return theme.tip_text(column.tip(int(self.rows[index.row()])))
        return _RIGHT if role == Qt.ItemDataRole.TextAlignmentRole and column.right else None

    @guarded
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.heading()
        if role == Qt.ItemDataRole.ToolTipRole and column.hint:
            return theme.tip_text(column.explanation())
        if role == Qt.ItemDataRole.TextAlignmentRole and not column.right:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return _RIGHT if role == Qt.ItemDataRole.TextAlignmentRole and column.right else None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        if not 0 <= column < len(self.columns):
            return
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        kept = [(int(self.rows[old.row()]), old.column()) for old in before]
        self._sorted = (column, order)
        self._order = ordered(self.columns[column].keys(), order)
        self._arrange()
        places = np.zeros(len(self._order), np.int64)
        places[self.rows] = np.arange(len(self.rows))
        self.changePersistentIndexList(before, [self.createIndex(int(places[row]), c) for row, c in kept])
        self.layoutChanged.emit()
