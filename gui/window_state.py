"""How the window was left: place, splitters, tab, and the columns of its tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QRect
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QSplitter, QTableView, QTreeView

from gui.column_menu import TableColumns
from gui.control import EVIDENCE, LAYERS, LIBRARY, MATCHES, SCREENING, SUMMARY, TENSOR

if TYPE_CHECKING:
    from gui.window import MainWindow

_TABS = {"summary": SUMMARY, "layers": LAYERS, "matches": MATCHES, "evidence": EVIDENCE,
         "screening": SCREENING, "library": LIBRARY}  # fmt: skip
_IN_SIGHT = 120  # pixels of a window, each way, by which it can be found and pulled


class WindowState(QObject):
    """Puts the window back as it was left, and keeps how it is left.

    Attributes:
        columns: the tables whose columns are kept, by name.
    """

    def __init__(self, window: MainWindow, side: QSplitter) -> None:
        super().__init__(window)
        self._window, self._settings = window, window.settings
        self._splitters: dict[str, QSplitter] = {}
        self.columns: dict[str, TableColumns] = {}
        window.restoreGeometry(self._settings.layout("window"))
        self._keep_splitter("sides", side)
        self._keep_splitter("library", window.library.findChild(QSplitter))
        self._keep_splitter("screening", window.screening.findChild(QSplitter))
        tables: dict[str, QTableView | QTreeView] = {
            "tree": window.inputs.tree,
            "matches": window.matches.table,
            "library": window.library.table,
            "screening": window.screening.table,
        }
        for name, view in tables.items():
            self.columns[name] = TableColumns(view, name, self._settings)
        matches = window.matches.columns
        matches.clicked.connect(lambda: self.columns["matches"].open_below(matches))
        if self._settings.tab != "library":  # which is asked for when it is shown; nobody asked yet
            window.tabs.setCurrentIndex(_TABS.get(self._settings.tab, SUMMARY))
        window.below.restore(self._settings)
        window.painted.connect(self._pull_in)

    def plots_made(self) -> None:
        """Put back what lies in the tabs that are made late."""
        evidence = self._window.evidence
        if evidence is not None:
            self._keep_splitter("evidence", evidence.tests)
            for name, table in (("tests", evidence.tests.table), ("groups", evidence.groups.table)):
                self.columns[name] = TableColumns(table, name, self._settings)

    def save(self) -> None:
        """Keep how the window is left."""
        self._settings.save_layout("window", self._window.saveGeometry())
        for name, splitter in self._splitters.items():
            if splitter.isVisible() or name == "sides":
                self._settings.save_layout(name, splitter.saveState())
        for table in self.columns.values():
            table.save()
        index = self._window.tabs.currentIndex()
        index = LAYERS if index == TENSOR else index  # no tensors are open after a start
        self._settings.tab = next((name for name, place in _TABS.items() if place == index), "")

    def _keep_splitter(self, name: str, splitter: object) -> None:
        if isinstance(splitter, QSplitter):
            self._splitters[name] = splitter
            state = self._settings.layout(name)
            if not state.isEmpty():
                splitter.restoreState(state)

    def _pull_in(self) -> None:
        """Bring a window back that was left on a screen that is gone."""
        window = self._window
        screens = [screen.availableGeometry() for screen in QGuiApplication.screens()]
        place = in_sight(window.frameGeometry(), screens)
        if place != window.frameGeometry().topLeft():
            window.move(place)


def in_sight(frame: QRect, screens: list[QRect]) -> QPoint:
    """Return where a window has to be to be seen: where it is if enough of its top can be grasped on a screen."""
    top = QRect(frame.left(), frame.top(), frame.width(), min(frame.height(), _IN_SIGHT))
    seen = [top.intersected(screen) for screen in screens]
    if not screens or any(part.width() >= _IN_SIGHT and part.height() >= _IN_SIGHT // 4 for part in seen):
        return frame.topLeft()
    room = screens[0]
    corner = room.center() - QPoint(frame.width() // 2, frame.height() // 2)
    return QPoint(max(corner.x(), room.left()), max(corner.y(), room.top()))
