"""Which columns of a table are shown: a menu behind a button and behind the header, remembered."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QPushButton, QTableView

from gui.models.flat_table import FlatTable
from gui.settings import Settings


class ColumnsMenu(QMenu):
    """One action a column; the first column always stays.

    Attributes:
        button: opens the menu from the keyboard.
    """

    def __init__(self, table: QTableView, model: FlatTable, settings: Settings | None, name: str) -> None:
        super().__init__(table)
        self._table, self._model, self._settings, self._name = table, model, settings, name
        self.button = QPushButton()
        self.button.setProperty("menu", True)
        self.button.setMenu(self)
        hidden = bytes(settings.layout(name).data()).decode("utf-8", "replace").split("\n") if settings else []
        for number, column in enumerate(model.columns[1:], 1):
            action = QAction(self, checkable=True, checked=column.title not in hidden)
            table.setColumnHidden(number, column.title in hidden)
            action.toggled.connect(lambda on, number=number: self._show(number, on=on))
            self.addAction(action)
        header = table.horizontalHeader()
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._open)
        self.retranslate()

    def retranslate(self) -> None:
        """Word everything again."""
        self.button.setText(self.tr("Columns"))
        self.button.setAccessibleName(self.tr("Columns that are shown"))
        for action, column in zip(self.actions(), self._model.columns[1:], strict=True):
            action.setText(column.heading())

    def _show(self, number: int, *, on: bool) -> None:
        self._table.setColumnHidden(number, not on)
        if self._settings is not None:
            columns = enumerate(self._model.columns)
            hidden = [column.title for place, column in columns if self._table.isColumnHidden(place)]
            self._settings.save_layout(self._name, QByteArray("\n".join(hidden).encode()))

    def _open(self, place: QPoint) -> None:
        self.popup(self._table.horizontalHeader().mapToGlobal(place))
