"""The menu of recent candidates."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from gui import words
from gui.settings import Review, Settings


class RecentMenu(QMenu):
    """Recent candidates, newest first; their keys work while the menu is closed.

    Signals:
        chosen: (place) the candidate at this place of the settings' list is wanted.
    """

    chosen = Signal(object)

    def __init__(self, settings: Settings, window: QWidget, clear: QAction) -> None:
        super().__init__(window)
        self._settings, self._window, self._clear = settings, window, clear
        self.aboutToShow.connect(self.fill)
        settings.changed.connect(self._settings_changed)
        self._offered: list[QAction] = []
        self.fill()

    def fill(self) -> None:
        """Offer what is recent now."""
        for action in self._offered:
            self._window.removeAction(action)
            action.deleteLater()
        self._offered = []
        self.clear()
        for place, review in enumerate(self._settings.reviews):
            action = self.addAction(self._text(review).replace("&", "&&"))
            self._offered.append(action)
            action.setShortcut(f"Ctrl+{place + 1}")
            action.triggered.connect(lambda _checked=False, at=place: self.chosen.emit(at))
            self._window.addAction(action)
        self.addSeparator()
        self.addAction(self._clear)
        self.setEnabled(bool(self._offered))

    def _text(self, review: Review) -> str:
        """Name the candidate, and its only reference or how many there are."""
        name = words.path_text(review.candidate)
        if len(review.references) > 1:
            return self.tr("{name} and {count} references").format(name=name, count=len(review.references))
        if review.references:
            other = words.path_text(review.references[0])
            return self.tr("{name} against {reference}").format(name=name, reference=other)
        return name

    def _settings_changed(self, name: str) -> None:
        if name == "recent":
            self.fill()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.fill()
