"""What all tables of numbered rows share."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QTableView

from gui import theme
from gui.models.flat_table import FlatTable


def table_view(model: FlatTable) -> QTableView:
    """Return a view that selects whole rows, sorts by its headers and has the columns' widths."""
    table = QTableView()
    table.setModel(model)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
    table.setTabKeyNavigation(False)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(theme.px(28))
    table.horizontalHeader().setHighlightSections(False)
    table.horizontalHeader().setSortIndicatorShown(True)
    table.horizontalHeader().setSortIndicatorClearable(False)
    for number, column in enumerate(model.columns):
        table.setColumnWidth(number, theme.px(column.width))
    table.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
    table.setSortingEnabled(True)
    return table
