"""A layer matrix as a table: the heatmap's twin for the keyboard and for screen readers."""

from __future__ import annotations

from typing import Any

from inspector.results import LayerMatrix
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from gui import words
from gui.models.columns import guarded

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class MatrixModel(QAbstractTableModel):
    """Candidate layers down, reference layers across."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._matrix: LayerMatrix | None = None

    def set_matrix(self, matrix: LayerMatrix | None) -> None:
        """Show another matrix."""
        self.beginResetModel()
        self._matrix = matrix
        self.endResetModel()

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() or self._matrix is None else self._matrix.values.shape[0]

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() or self._matrix is None else self._matrix.values.shape[1]

    @guarded
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or self._matrix is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return words.cell_text(float(self._matrix.values[index.row(), index.column()]), self._matrix.measure)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignCenter)
        return None

    @guarded
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        return str(section) if role == Qt.ItemDataRole.DisplayRole else None
