"""The keys that walk what is worth a look: which item comes next, and the tab that shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QComboBox

from gui import words
from gui.control import EVIDENCE, LAYERS, MATCHES, SUMMARY
from gui.notable import Notable, key_of, notable_items, stepped
from gui.notable_words import item_text
from gui.place_words import component_text

if TYPE_CHECKING:
    from gui.linking import Linking
    from gui.window import MainWindow

_TABS = {
    "danger": SUMMARY,
    "verdict": EVIDENCE,
    "matrix": MATCHES,
    "group": EVIDENCE,
}


class NotableWalk(QObject):
    """Goes from one notable item to the next, from wherever the user has gone meanwhile."""

    def __init__(self, window: MainWindow, linking: Linking) -> None:
        super().__init__(linking)
        self._window, self._linking = window, linking
        self._items: tuple[Notable, ...] | None = None
        self._at = -1

    @property
    def items(self) -> tuple[Notable, ...]:
        """What is worth a look, in the order of the tree."""
        if self._items is None:
            session, tree = self._window.session, self._window.inputs.tree.tree
            self._items = notable_items(session.inspection, session.findings, tree.row_of)
        return self._items

    @property
    def text(self) -> str:
        """The item that is looked at, in words, and how far it is; "" for none."""
        item = self.items[self._at] if 0 <= self._at < len(self.items) else None
        if item is None:
            return ""
        of = self.tr("{number} of {count}").format(number=self._at + 1, count=len(self.items))
        linking = self._linking
        return words.joined([of, item_text(item, component_text(linking.places, linking.selection.place.component))])

    def has_items(self) -> bool:
        """Say whether anything was found that could be worth a look."""
        return bool(self._window.session.findings)

    def step(self, by: int) -> None:
        """Go to the next (1) or the previous (-1) item; an open list keeps its own Alt+Down."""
        focus = self._window.focusWidget()
        if isinstance(focus, QComboBox) and by > 0 and not focus.view().isVisible():
            focus.showPopup()
            return
        linking = self._linking
        at = stepped(self.items, self._at, key_of(linking.places, linking.selection.place), by)
        if at < 0:
            end = self.tr("No notable item follows.") if by > 0 else self.tr("No notable item stands before.")
            linking.tell(end)
            return
        self._show(self.items[at])
        self._at = at
        linking.tell()

    def leave(self) -> None:
        """Know that the user has gone elsewhere: the next step starts from there."""
        self._at = -1

    def forget(self) -> None:
        """Look for the items anew: there are other findings."""
        self._items, self._at = None, -1

    def _show(self, item: Notable) -> None:
        """Look at an item on the tab that shows it."""
        window = self._window
        if window.centre.currentIndex() != 1 or window.layers is None:
            return
        tab = _TABS.get(item.sort, LAYERS)
        if window.tabs.currentIndex() != tab:
            window.trail.leave()
        self._linking.selection.move(item.place)
        self._linking.visit(tab)
        if window.evidence is not None and tab == EVIDENCE:
            panes = window.evidence.panes
            panes.setCurrentIndex(1 if item.sort == "group" else 0)
            if item.sort == "group":
                window.evidence.groups.point_at(-1, -1, item.word)
            (window.evidence.groups.table if item.sort == "group" else window.evidence.tests.table).setFocus()
