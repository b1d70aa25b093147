"""What helps a newcomer: the first page's offers, the guided look, and the page of the verdicts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer

from gui.tour_steps import STEPS, compared, place_text, told
from gui.views.bubble import Bubble
from gui.views.verdicts import VerdictsDialog

if TYPE_CHECKING:
    from gui.window import MainWindow

_LOOK_MS = 150  # what the bubble stands beside may move or come: tabs, splitters, results


class Guide(QObject):
    """The guided look over a window.

    Attributes:
        bubble: the step in sight, None while no look is taken. number: its place.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.bubble: Bubble | None = None
        self.number = 0
        self._window = window
        self._waiting = False
        self._looking = QTimer(self, interval=_LOOK_MS)
        self._looking.timeout.connect(self._look)
        welcome = window.welcome
        welcome.look_wanted.connect(self.start)
        welcome.look_declined.connect(self.decline)
        welcome.verdicts_wanted.connect(self.show_verdicts)
        welcome.recent.chosen.connect(lambda place: window.control.open_recent(place))
        window.settings.changed.connect(self.refresh)
        window.installEventFilter(self)
        self.refresh()

    def refresh(self, _choice: str = "") -> None:
        """Bring the first page up to date."""
        settings = self._window.settings
        self._window.welcome.show_offer(not settings.tour_seen)
        self._window.welcome.show_recent(settings.recent, [review.opened for review in settings.reviews])

    def start(self) -> None:
        """Take the look, on the results that are there, else on the sample."""
        self._seen()
        window = self._window
        if compared(window) is None and not (window.session.job and window.session.references):
            window.control.open_sample()
        if self.bubble is None:
            self.bubble = Bubble(window)
            self.bubble.moved.connect(self._move)
            self.bubble.left.connect(self.leave)
            self._looking.start()
        self._show(0)

    def leave(self) -> bool:
        """End the look; say whether one was taken."""
        if self.bubble is None:
            return False
        bubble, self.bubble = self.bubble, None
        self._looking.stop()
        held = bubble.isAncestorOf(self._window.focusWidget() or self._window)
        bubble.hide()
        bubble.ring.hide()
        bubble.ring.deleteLater()
        bubble.deleteLater()
        if held:
            self._window.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def decline(self) -> None:
        """Never offer it again; the Help menu still has it."""
        self._seen()
        self._window.welcome.sample.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_verdicts(self) -> None:
        """Say what the verdicts mean; the window goes on beside it."""
        VerdictsDialog(self._window).show()

    def _seen(self) -> None:
        self._window.settings.tour_seen = True
        self._window.settings.sync()

    def _move(self, by: int) -> None:
        number = self.number + by
        if number >= len(STEPS):
            self.leave()
        elif number >= 0:
            self._show(number)

    def _show(self, number: int) -> None:
        """Go to a step: bring what it is about into sight, or wait until that is there."""
        self.number = number
        step, bubble = STEPS[number], self.bubble
        if bubble is None:
            return
        self._waiting = step.waits(self._window)
        if not self._waiting:
            step.show(self._window)
            self._waiting = step.waits(self._window)  # what it shows may have to be read first
        self._say()
        bubble.show()
        self._look()
        bubble.setFocus(Qt.FocusReason.OtherFocusReason)

    def _say(self) -> None:
        if self.bubble is not None:
            first, last = self.number == 0, self.number == len(STEPS) - 1
            title = STEPS[self.number].words[0]
            text = told(self.number, waiting=self._waiting)
            self.bubble.tell(place_text(self.number), title, text, first=first, last=last, waiting=self._waiting)

    def _look(self) -> None:
        """Follow what the step stands beside; go on when what it waits for has come."""
        step, bubble = STEPS[self.number], self.bubble
        if bubble is None:
            return
        if self._waiting and not step.waits(self._window):
            self._waiting = False
            had_focus = bubble.hasFocus() or bubble.isAncestorOf(self._window.focusWidget() or self._window)
            if not self._shown(step.target(self._window)):
                step.show(self._window)
            self._say()
            if had_focus:
                bubble.setFocus(Qt.FocusReason.OtherFocusReason)
        bubble.stand_by(step.target(self._window))

    @staticmethod
    def _shown(target: object) -> bool:
        return target is not None and target.isVisible()  # type: ignore[attr-defined]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LanguageChange:
            QTimer.singleShot(0, self, self._say)
        elif event.type() == QEvent.Type.Resize and self.bubble is not None:
            self._look()
        return super().eventFilter(watched, event)
