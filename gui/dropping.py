"""What a drop on the window means: left half candidate, right half references, the library where it is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inspector.errors import Note
from PySide6.QtCore import QObject, Qt, QUrl
from PySide6.QtGui import QDropEvent

from gui import drops

if TYPE_CHECKING:
    from gui.window import MainWindow


class Dropping(QObject):
    """Shows where a drag would land, and opens what was dropped. Shift makes a reference anywhere."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window

    def over(self, event: QDropEvent | None) -> None:
        """Mark the place that a drop would go to, none for None."""
        window, zones = self._window, self._window.inputs
        on_library = event is not None and window.shelves.takes(event.position().toPoint())
        window.library.aim(on_library)
        if event is None or on_library:
            zones.aim(None)
        else:
            zones.aim(zones.references if self._is_reference(event) else zones.candidate)

    def take(self, urls: list[QUrl], event: QDropEvent) -> None:
        """Open what was dropped; what is no file of this machine is told."""
        window, found = self._window, drops.local(urls)
        if window.shelves.takes(event.position().toPoint()):
            window.shelves.take(found.paths)
        else:
            window.control.take(found.paths, reference=self._is_reference(event))
        if found.foreign:
            window.session.tell("warning", Note("gui.not_local", {"count": found.foreign}))

    def _is_reference(self, event: QDropEvent) -> bool:
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            return True
        window, place = self._window, event.position().toPoint()
        zone = window.inputs.zone_at(window.inputs.mapFrom(window, place))
        return place.x() >= window.width() / 2 if zone is None else zone is window.inputs.references
