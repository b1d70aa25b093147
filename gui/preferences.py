"""Makes the user's choices hold: each takes effect as soon as it is another one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inspector.sandbox import MEMORY, THREADS
from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QHeaderView, QSplitter

from gui import colormaps, dress, numbers, shortcuts, theme
from gui.engine import Engine
from gui.views.preferences.dialog import PreferencesDialog

if TYPE_CHECKING:
    from gui.window import MainWindow

_NUMBERS = ("digits", "scientific", "thousands")


class Preferences(QObject):
    """Applies the settings to a window and its engine, and shows the dialog.

    Attributes:
        dialog: the Preferences dialog, None until it was wanted.
    """

    def __init__(self, window: MainWindow, engine: Engine) -> None:
        super().__init__(window)
        self.dialog: PreferencesDialog | None = None
        self._window, self._engine = window, engine
        self._settings = window.settings
        colormaps.use(self._settings.colormap)
        numbers.use(self._settings.number_format)
        dress.use_text_size(self._settings.text_size)
        self._limit()
        self._use_keys()
        self._settings.changed.connect(self.apply)

    def open(self) -> None:
        """Show the dialog at its first page."""
        dialog = self._made()
        dialog.open_page(dialog.appearance)

    def open_keys(self) -> None:
        """Show the dialog at the page of the keys."""
        dialog = self._made()
        dialog.open_page(dialog.keys)

    def apply(self, name: str) -> None:
        """Make one choice hold."""
        window, settings = self._window, self._settings
        if name == "theme":
            theme.apply(settings.theme)
            window.recolour()
        elif name == "language":
            window.translation.use(settings.language)
        elif name == "text_size":
            self._use_text_size()
        elif name == "colormap" and colormaps.use(settings.colormap):
            self._repaint()
        elif name in _NUMBERS:
            numbers.use(settings.number_format)
            self._repaint()
        elif name in ("memory", "threads"):
            self._limit()
        elif name == "library":
            window.shelf.use(settings.library)
        elif name == "shortcuts":
            self._use_keys()
        window.actions_table.refresh()

    def _made(self) -> PreferencesDialog:
        if self.dialog is None:
            self.dialog = PreferencesDialog(self._settings, self._window.actions_table, self._window)
            self.dialog.library.choose_wanted.connect(self._window.dialogs.choose_library)
        return self.dialog

    def _repaint(self) -> None:
        """Write every number and draw every picture again."""
        self._window.retranslate()
        self._window.recolour()

    def _use_keys(self) -> None:
        actions = self._window.actions_table
        actions.use_keys(shortcuts.known(self._settings.shortcuts, actions))

    def _limit(self) -> None:
        wanted = {MEMORY: self._settings.memory, THREADS: self._settings.threads}
        self._engine.limit({name: str(value) for name, value in wanted.items() if value})

    def _use_text_size(self) -> None:
        """Write larger or smaller, and give the tables room for it."""
        before = theme.px(1000)
        dress.use_text_size(self._settings.text_size)
        factor = theme.px(1000) / before
        for header in self._window.findChildren(QHeaderView):
            if header.orientation() == Qt.Orientation.Vertical:
                header.setDefaultSectionSize(round(header.defaultSectionSize() * factor))
            else:
                for section in range(header.count()):
                    header.resizeSection(section, round(header.sectionSize(section) * factor))
        self._repaint()
        for splitter in self._window.findChildren(QSplitter):
            splitter.refresh()  # its parts need more room now, or less
