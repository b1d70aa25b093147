"""What a user's hands and eyes do to the window: drop, click, press, type, wait, look."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QAction, QDragEnterEvent, QDragMoveEvent, QDropEvent, QGuiApplication, QKeySequence, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QMenu, QWidget

from gui.window import MainWindow

LEFT, RIGHT = 0.4, 0.7  # where to drop: shares of the window's width
_SECONDS = 90.0
_LEFT_BUTTON = Qt.MouseButton.LeftButton


class Stuck(Exception):
    """What a journey waited for did not come."""


class Hands:
    """One user at one window.

    Attributes:
        window: the window. folder: where the inputs lie that were prepared.
        told: what the journey saw, for its test. snapped: its picture was taken.
    """

    def __init__(self, window: MainWindow, folder: Path, picture: Path) -> None:
        self.window, self.folder = window, folder
        self.told: dict[str, object] = {}
        self.snapped = False
        self._picture = picture

    def wait_for(self, condition: Callable[[], object], what: str, seconds: float = _SECONDS) -> None:
        """Let the program work until something is so."""
        until = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > until:
                raise Stuck(f"waited {seconds:.0f} s for {what}")
            QTest.qWait(20)

    def wait_for_findings(self) -> None:
        """Wait until the work is done and has found something."""
        self.wait_for(lambda: self.window.session.findings and not self.window.session.job, "the findings")
        self.wait_for(lambda: len(self.window.summary.cards) == len(self.window.session.findings), "the cards")

    def drop(self, names: Sequence[str | QUrl], at: float | QWidget, *, shift: bool = False) -> None:
        """Drag prepared files, or addresses, over the window and let go: at a share of its width, or on a widget."""
        window, data = self.window, QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(self.folder / name)) if isinstance(name, str) else name for name in names])
        if isinstance(at, QWidget):
            place = QPointF(at.mapTo(window, at.rect().center()))
        else:
            place = QPointF(window.width() * at, window.height() / 2)
        modifiers = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
        rest = (Qt.DropAction.CopyAction, data, _LEFT_BUTTON, modifiers)
        QApplication.sendEvent(window, QDragEnterEvent(place.toPoint(), *rest))
        QApplication.sendEvent(window, QDragMoveEvent(place.toPoint(), *rest))
        QApplication.sendEvent(window, QDropEvent(place, *rest))

    def press(self, *keys: str) -> None:
        """Press keys such as "Ctrl+F", one after the other, in the window that has the focus."""
        for text in keys:
            pressed = QKeySequence(text)[0]
            QTest.keyClick(_focused(), pressed.key(), pressed.keyboardModifiers())
            QTest.qWait(20)

    def type(self, text: str) -> None:
        """Type plain ASCII text where the focus is."""
        for letter in text:
            QTest.keyClick(_focused(), letter)
        QTest.qWait(20)

    def click(self, widget: QWidget, at: QPoint | None = None) -> None:
        """Press and release the left button on a widget, in its middle unless told where."""
        window = widget.window()
        handle = window.windowHandle()
        assert handle is not None
        place = widget.mapTo(window, at if at is not None else widget.rect().center())
        QTest.mouseClick(handle, _LEFT_BUTTON, Qt.KeyboardModifier.NoModifier, place)
        QTest.qWait(20)

    def choose(self, *ids: str) -> None:
        """Open a menu, go through its submenus by the mouse, and click the last command: "view", "language", ..."""
        *menus, last = ids
        bar, table = self.window.menuBar(), self.window.actions_table
        shown = table.menu(menus[0])
        self.click(bar, bar.actionGeometry(shown.menuAction()).center())
        for name in menus[1:]:
            self._click_in(shown, table.menu(name).menuAction())
            shown = table.menu(name)
        self._click_in(shown, table.by_id[last])

    def dialog(self) -> QDialog | None:
        """Return the dialog that is open, None for none."""
        return next((w for w in QApplication.topLevelWidgets() if isinstance(w, QDialog) and w.isVisible()), None)

    def fill_dialog(self, path: Path) -> None:
        """Type a path into the file dialog that has opened, and press Enter."""
        self.wait_for(lambda: isinstance(self.dialog(), QFileDialog), "a file dialog", 10)
        dialog = self.dialog()
        assert dialog is not None
        self.wait_for(lambda: QGuiApplication.focusWindow() is dialog.windowHandle(), "its focus", 10)
        self.press("Ctrl+A")
        self.type(str(path))
        self.press("Return")
        self.wait_for(lambda: self.dialog() is None, "the dialog to close", 10)
        self.window.activateWindow()  # a window manager would; Xvfb has none
        self.wait_for(lambda: QGuiApplication.focusWindow() is self.window.windowHandle(), "the window's focus", 10)

    def snap(self) -> None:
        """Take the screen's picture where the window is, whatever lies over it."""
        QTest.qWait(400)
        place, screen = self.window.geometry(), self.window.screen()
        shot = screen.grabWindow(0, place.x(), place.y(), place.width(), place.height())
        self.snapped = shot.save(str(self._picture))

    def errors(self) -> list[str]:
        """Return the sentences of the errors in the log."""
        return self.sentences("error")

    def sentences(self, level: str) -> list[str]:
        """Return the sentences of the log that have this level, as they are shown."""
        log = self.window.log
        return [log.list.item(row).text() for row, told in enumerate(log.messages) if told.level == level]

    def _click_in(self, menu: QMenu, action: QAction) -> None:
        self.wait_for(menu.isVisible, "a menu", 5)
        self.click(menu, menu.actionGeometry(action).center())


def _focused() -> QWindow | QWidget:
    """Return what the keyboard goes to: the window with the focus, or the widget of an open popup that has it."""
    popup = QApplication.activePopupWidget()
    if popup is not None:  # its window's wrapper may be one of a window that is gone (PySide6 6.12)
        return popup.focusWidget() or popup
    window = QGuiApplication.focusWindow()
    if window is None:
        raise Stuck("no window has the keyboard")
    return window
