"""What all tables of numbered rows share."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QFrame, QTableView, QVBoxLayout, QWidget

from gui import theme
from gui.models.flat_table import FlatTable
from gui.models.matrix import MatrixModel


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


def matrix_view(model: MatrixModel) -> QTableView:
    """Return a view of a layer matrix with one cell selected."""
    table = QTableView()
    table.setModel(model)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.horizontalHeader().setDefaultSectionSize(theme.px(64))
    table.verticalHeader().setDefaultSectionSize(theme.px(26))
    return table


def framed(inner: QWidget) -> QFrame:
    """Return a panel around a view."""
    frame = QFrame()
    frame.setObjectName("panel")
    layout = QVBoxLayout(frame)
    layout.setContentsMargins(8, 8, 8, 8)
    layout.addWidget(inner)
    return frame
