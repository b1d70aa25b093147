"""The pictures of a tensor pair as a table of numbers: one of the three at a time."""

from __future__ import annotations

from inspector.results import TensorRegion
from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QTableView, QVBoxLayout, QWidget

from gui import theme
from gui.models.tensor_cells import TensorCells
from gui.views.combo import Selector
from gui.views.tensor_spot import Spot

_CELL_WIDTH, _CELL_HEIGHT = 96, 26


class TensorTwin(QWidget):
    """What the pictures show, as numbers.

    Attributes:
        table, cells: the view and its model.

    Signals:
        pointed: (Spot or None) the cell that the cursor is on.
    """

    pointed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cells = TensorCells(self)
        self.table = QTableView()
        self.table.setModel(self.cells)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setTabKeyNavigation(False)
        self.table.setWordWrap(False)
        self.table.horizontalHeader().setDefaultSectionSize(theme.px(_CELL_WIDTH))
        self.table.verticalHeader().setDefaultSectionSize(theme.px(_CELL_HEIGHT))
        self.table.selectionModel().currentChanged.connect(self._point)
        self._side = Selector(beside=True)
        self._side.chosen.connect(lambda key: self._show(self.cells.region, int(key)))
        head = QHBoxLayout()
        head.addWidget(self._side)
        head.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(head)
        layout.addWidget(self.table, 1)
        self.setFocusProxy(self.table)

    def set_region(self, region: TensorRegion | None) -> None:
        """Show the numbers of another region; the cursor stays on its cell where the region has one there."""
        self._show(region, self.cells.side)

    def choose(self, side: int) -> None:
        """Show `CANDIDATE`, `REFERENCE` or `DIFFERENCE`."""
        self._side.choose(str(side))

    def set_titles(self, title: str, names: tuple[str, str, str], accessible: str) -> None:
        """Name the choice, what there is to choose, and the table."""
        self._side.set_title(title)
        self._side.set_choices([(str(number), name) for number, name in enumerate(names)])
        self.table.setAccessibleName(accessible)

    def _show(self, region: TensorRegion | None, side: int) -> None:
        now = self.table.currentIndex()
        row, column = now.row(), now.column()
        self.cells.show(region, side)
        self.table.setCurrentIndex(self.cells.index(row, column))

    def _point(self, now: QModelIndex, _before: QModelIndex) -> None:
        region = self.cells.region
        if region is None or not now.isValid():
            self.pointed.emit(None)
            return
        row = region.rows[0] + now.row() * region.step[0]
        column = region.columns[0] + now.column() * region.step[1]
        self.pointed.emit(Spot(row, column, region.step, self.cells.values(now.row(), now.column())))
