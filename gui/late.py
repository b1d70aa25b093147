"""Words, colours and style sheets of many views: what is on the screen first, a turn of the event loop each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QMenuBar, QTabBar

from gui.dress import dressed, follow

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


class LateViews(QObject):
    """Lets views follow the language and the theme, hidden ones late but always before they are seen.

    Attributes:
        due: how many views still have something to do.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._due: dict[tuple[QWidget, str], Callable[[], None]] = {}
        self._turns = QTimer(self, interval=0)
        self._turns.timeout.connect(self._do_next)

    @property
    def due(self) -> int:
        """How many views still have something to do."""
        return len({view for view, _ in self._due})

    def retranslate(self, views: Sequence[QWidget]) -> None:
        """Word views again; all at once while the window itself is hidden."""
        self._go_through(views, "retranslate")

    def recolour(self, views: Sequence[QWidget]) -> None:
        """Colour views again; all at once while the window itself is hidden."""
        self._go_through(views, "recolour")

    def dress(self) -> None:
        """Let every part that is dressed have the style sheet of the theme, those on the screen first."""
        for part in sorted(dressed(), key=lambda part: not part.isVisible()):
            if self._window.isVisible() and not isinstance(part, QMenuBar | QTabBar):  # see dress.dressed
                self._put_off(part, "dress", partial(follow, part))
            else:
                follow(part)

    def _go_through(self, views: Sequence[QWidget], what: str) -> None:
        for view in views:
            action = getattr(view, what)
            if view.isVisible() or not self._window.isVisible():
                self._due.pop((view, what), None)
                action()
            else:
                self._put_off(view, what, action)

    def _put_off(self, view: QWidget, what: str, action: Callable[[], None]) -> None:
        self._due[view, what] = action
        view.installEventFilter(self)
        self._turns.start()

    def _do_next(self) -> None:
        """Let one hidden view follow."""
        if self._due:
            self._catch_up(next(iter(self._due))[0])
        if not self._due:
            self._turns.stop()

    def _catch_up(self, view: QWidget) -> None:
        if shiboken6.isValid(view):
            view.removeEventFilter(self)
        for key in [key for key in self._due if key[0] is view]:
            action = self._due.pop(key)
            if shiboken6.isValid(view):  # a part may go while it waits, with what it is in
                action()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show:
            self._catch_up(watched)  # type: ignore[arg-type]
        return False
