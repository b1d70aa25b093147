"""The way back: which tab was left for another, and what had the focus there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from gui import panes

if TYPE_CHECKING:
    from gui.window import MainWindow

_LONGEST = 50


class Trail(QObject):
    """The tabs that were left by opening something, the last one last."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._left: list[tuple[QWidget, QWidget | None]] = []
        window.session.inputs_changed.connect(self.clear)

    def leave(self) -> None:
        """Remember the tab and the focus: something else is about to be shown."""
        page = self._window.tabs.currentWidget()
        self._left = [*self._left[1 - _LONGEST :], (page, self._window.focusWidget())]

    def can_go_back(self) -> bool:
        """Say whether something was left for what is shown now."""
        return bool(self._left)

    def back(self) -> None:
        """Show what was left last, with its focus."""
        if not self._left:
            return
        page, focus = self._left.pop()
        if isValid(page):
            self._window.tabs.setCurrentWidget(page)
        if focus is None or not isValid(focus) or not focus.isVisible():
            focus = panes.page(self._window)
        focus.setFocus(Qt.FocusReason.OtherFocusReason)
        self._window.actions_table.refresh()

    def clear(self) -> None:
        """Forget everything: other checkpoints are open."""
        self._left = []
