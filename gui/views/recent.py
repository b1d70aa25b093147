"""The menu of recent candidates."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from gui import words
from gui.settings import Settings


class RecentMenu(QMenu):
    """Recent candidates, newest first; their keys work while the menu is closed.

    Signals:
        chosen: (place) the candidate at this place of the settings' list is wanted.
    """

    chosen = Signal(object)

    def __init__(self, settings: Settings, window: QWidget) -> None:
        super().__init__(window)
        self._settings, self._window = settings, window
        self.aboutToShow.connect(self.fill)
        self.fill()

    def fill(self) -> None:
        """Offer what is recent now."""
        for action in self.actions():
            self._window.removeAction(action)
            action.deleteLater()
        self.clear()
        for place, path in enumerate(self._settings.recent):
            action = self.addAction(words.path_text(path).replace("&", "&&"))
            action.setShortcut(f"Ctrl+{place + 1}")
            action.triggered.connect(lambda _checked=False, at=place: self.chosen.emit(at))
            self._window.addAction(action)
        self.setEnabled(bool(self._settings.recent))
