"""The window's body above, the jobs and messages below; how high they are is remembered."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtWidgets import QSplitter, QWidget

from gui.settings import Settings
from gui.views.log import LogPanel

_LINES = 13  # of type that the open panel is high, until the user draws it


class Below(QSplitter):
    """A splitter that gives the panel one line while it is closed, and its last height when it is opened."""

    def __init__(self, above: QWidget, panel: LogPanel, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self._panel = panel
        self._state = QByteArray()
        self.addWidget(above)
        self.addWidget(panel)
        self.setStretchFactor(0, 1)
        self.setStretchFactor(1, 0)
        self.setChildrenCollapsible(False)
        self.handle(1).setEnabled(False)
        panel.open_changed.connect(self._fit)
        self.splitterMoved.connect(self._keep)

    def restore(self, settings: Settings) -> None:
        """Take the height, and whether the panel was open, from the settings."""
        self._state = settings.layout("below")
        self._panel.set_open(not settings.layout("below_open").isEmpty())

    def save(self, settings: Settings) -> None:
        """Keep the height, and whether the panel is open."""
        settings.save_layout("below", self._state)
        settings.save_layout("below_open", QByteArray(b"1") if self._panel.is_open else QByteArray())

    def _keep(self) -> None:
        if self._panel.is_open:
            self._state = self.saveState()

    def _fit(self, on: bool) -> None:
        self.handle(1).setEnabled(on)
        if on and not self._state.isEmpty():
            self.restoreState(self._state)
        else:
            low = _LINES * self.fontMetrics().height() if on else 0  # closed, it gets the least that its line needs
            self.setSizes([max(self.height() - low, 1), low])
