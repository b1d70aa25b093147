"""The columns of a table: shown or hidden from a menu on its header, kept with widths and order from run to run."""

from __future__ import annotations

from typing import Protocol, cast

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHeaderView, QMenu, QTableView, QTreeView, QWidget

from gui import theme
from gui.marks import QT_TRANSLATE_NOOP
from gui.models.columns import Column
from gui.settings import Columns, Settings

_RESET = QT_TRANSLATE_NOOP("column menu", "Usual columns")


class _HasColumns(Protocol):
    columns: list[Column]


class TableColumns(QObject):
    """One table's columns."""

    def __init__(self, view: QTableView | QTreeView, name: str, settings: Settings) -> None:
        super().__init__(view)
        self._view, self._name, self._settings = view, name, settings
        self.header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.header.customContextMenuRequested.connect(self._ask)
        view.installEventFilter(self)
        self._usual = self._now()
        self.restore(settings.columns(name))

    @property
    def header(self) -> QHeaderView:
        """The header of the table, asked for each time: one that is kept dies under PySide 6.12 while the header lives.

        Seen when layouts ask for their sizes during an event filter; it can go when `test_window_state` passes without.
        """
        view = self._view
        return view.horizontalHeader() if isinstance(view, QTableView) else view.header()

    @property
    def hidden(self) -> set[str]:
        """The columns that are not shown."""
        return {title for place, title in enumerate(self._titles()) if self.header.isSectionHidden(place)}

    def show_column(self, title: str, on: bool) -> None:
        """Show or hide a column; the last one stays."""
        shown = self.header.count() - self.header.hiddenSectionCount()
        if on or shown > 1:
            self.header.setSectionHidden(self._titles().index(title), not on)

    def restore(self, state: Columns) -> None:
        """Bring the columns into a state; what it does not name stays."""
        titles = self._titles()
        for place, title in enumerate(titles):
            if title in state.widths:
                self.header.resizeSection(place, theme.px(state.widths[title]))
            self.header.setSectionHidden(place, title in state.hidden and not state.hidden.issuperset(titles))
        if state.sorted_by in titles:
            order = Qt.SortOrder.DescendingOrder if state.falling else Qt.SortOrder.AscendingOrder
            self._view.sortByColumn(titles.index(state.sorted_by), order)

    def reset(self) -> None:
        """Show every column again in its usual width."""
        self.restore(Columns(self._usual.widths, self._usual.hidden))

    def save(self) -> None:
        """Keep the columns as they are."""
        self._settings.save_columns(self._name, self._now())

    def menu(self) -> QMenu:
        """Return the menu that shows and hides columns."""
        menu = QMenu(self._view)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for place, column in enumerate(self._columns()):
            action = menu.addAction(column.heading().replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(not self.header.isSectionHidden(place))
            action.toggled.connect(lambda on, title=column.title: self.show_column(title, on))
        menu.addSeparator()
        menu.addAction(QCoreApplication.translate("column menu", _RESET)).triggered.connect(self.reset)
        return menu

    def open_below(self, button: QWidget) -> None:
        """Show the menu below a button."""
        self.menu().popup(button.mapToGlobal(QPoint(0, button.height())))

    def _columns(self) -> list[Column]:
        return cast(_HasColumns, self._view.model()).columns

    def _titles(self) -> list[str]:
        return [column.title for column in self._columns()]

    def _now(self) -> Columns:
        titles, scale = self._titles(), theme.px(1000) / 1000
        widths = {
            t: round(self.header.sectionSize(p) / scale) for p, t in enumerate(titles) if self.header.sectionSize(p)
        }
        by = self.header.sortIndicatorSection()
        falling = self.header.sortIndicatorOrder() == Qt.SortOrder.DescendingOrder
        return Columns(widths, frozenset(self.hidden), titles[by] if 0 <= by < len(titles) else "", falling)

    def _ask(self, place: QPoint) -> None:
        self.menu().popup(self.header.mapToGlobal(place))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Menu:
            self._ask(QPoint(0, self.header.height()))
            return True
        return super().eventFilter(watched, event)
