"""A main window that takes checkpoints from a drag; the disk is never touched before the drop."""

from __future__ import annotations

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QMainWindow


class DropWindow(QMainWindow):
    """Tells where a drag is and what was dropped; the main window says what that means."""

    def drag_over(self, event: QDropEvent | None) -> None:
        """Show where the drop would go, nowhere for None."""

    def dropped(self, urls: list[QUrl], event: QDropEvent) -> None:
        """Open what was dropped."""

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        if event.mimeData().hasUrls():
            self.drag_over(event)
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.drag_over(None)

    def dropEvent(self, event: QDropEvent) -> None:
        self.drag_over(None)
        if event.mimeData().hasUrls():
            event.acceptProposedAction()
            self.dropped(event.mimeData().urls(), event)
