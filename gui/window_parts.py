"""Where the parts of the main window stand: menus and toolbar above, three columns, the log below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QToolBar, QVBoxLayout, QWidget

from gui import theme
from gui.views.below import Below
from gui.views.recent import RecentMenu

if TYPE_CHECKING:
    from gui.window import MainWindow


def make_bars(window: MainWindow) -> tuple[RecentMenu, QToolBar]:
    """Fill menus, toolbar and the buttons of the zones; return the menu of recent candidates and the toolbar."""
    table = window.actions_table
    table.fill_menus(window.menuBar())
    recent = RecentMenu(window.settings, window, table.by_id["clear_recent"])
    recent.chosen.connect(window.control.open_recent)
    table.menu("file").insertMenu(table.by_id["sample"], recent)
    table.menu("file").removeAction(table.by_id["clear_recent"])
    toolbar = QToolBar()
    toolbar.setMovable(False)
    toolbar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    table.fill_toolbar(toolbar)
    toolbar.addWidget(window.isolation)
    window.addToolBar(toolbar)
    for menu, ids in ((window.inputs.candidate.menu, ("open", "open_folder")),
                      (window.inputs.references.menu, ("add_reference", "add_reference_folder")),
                      (window.library.menu, ("library_add", "library_add_folder"))):  # fmt: skip
        menu.addActions([table.by_id[name] for name in ids])
    return recent, toolbar


def bands(window: MainWindow) -> list[QWidget]:
    """Return what stands above everything, from the top."""
    body = window.centralWidget()
    column = body.layout() if body is not None else None
    count = column.count() if column is not None else 0
    parts = [item.widget() for place in range(count) if column is not None and (item := column.itemAt(place))]
    return [part for part in parts if part is not None and part is not window.below]


def lay_out(window: MainWindow) -> tuple[QWidget, Below, QSplitter]:
    """Put the views into the window; return the column of properties, and the splitters of log and columns."""
    side = QSplitter(Qt.Orientation.Horizontal)
    properties = theme.padded(theme.above(window.properties, window.decisions.panel), left=0)
    properties.hide()
    for place, part in enumerate((theme.padded(window.inputs, right=0), window.centre, properties)):
        side.addWidget(part)
        side.setStretchFactor(place, int(part is window.centre))
    side.setSizes([360, 840, 272])
    side.setChildrenCollapsible(False)
    window.log.put_beside(window.linking.line)
    below = Below(side, window.log)
    body = QWidget()
    column = QVBoxLayout(body)  # what the last run left may stand above
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    for part in (window.reviews.question, window.proofs.band):
        column.addWidget(part)
    column.addWidget(below)
    window.setCentralWidget(body)
    window.resize(1440, 900)
    return properties, below, side
