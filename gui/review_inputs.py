"""The inputs of the review that is open: whether they are where it says, and what it says they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inspector.errors import Note
from inspector.protocol import Event
from inspector.results import Against
from inspector.review_results import InputState, InputStates
from PySide6.QtCore import QObject

from gui.engine import Engine

if TYPE_CHECKING:
    from gui.window import MainWindow


class ReviewInputs(QObject):
    """Knows how the inputs of a reopened review are, and lets the engine read them.

    Attributes:
        states: how they are now, () where the results were computed here.
    """

    def __init__(self, window: MainWindow, engine: Engine) -> None:
        super().__init__(window)
        self.states: tuple[InputState, ...] = ()
        self._window, self._engine = window, engine
        self._job = 0
        engine.result.connect(self._result)
        engine.failure.connect(self._failure)
        engine.cancelled.connect(self._failure)

    def take(self, states: tuple[InputState, ...]) -> None:
        """Take how they are, and say what is wrong with them."""
        self.states = states
        for note in self._wrong():
            self._window.session.tell("warning", note)

    def can_check(self) -> bool:
        """Say whether a reopened review has inputs here to compare with."""
        return not self._job and any(state.state != "held" for state in self.states)

    def check(self) -> None:
        """Compare the SHA-256 of the inputs with those of the review; reads all of them."""
        opened = self._window.reviews.opened
        if opened is not None and self.can_check():
            paths = tuple(item.path for item in opened.inputs if item.path)
            params = {"inputs": opened.inputs, "beside": paths}
            self._job = self._engine.request("review_check", params, self._window.reviews.name)
            self._window.session.tell("info", Note("gui.review_checking"))

    def absent(self, against: Against) -> Note | None:
        """Return why the tensors of a comparison cannot be read, None where nothing stands against it."""
        for state in self.states:
            if state.note is not None and (state.role == "candidate" or state.name == against.reference):
                return state.note
        return None

    def rescan(self) -> None:
        """Read everything again, unless inputs of a reopened review are gone: its results would be lost."""
        missing = [state.note for state in self.states if state.state == "missing" and state.note is not None]
        for note in missing:
            self._window.session.tell("warning", note)
        if not missing:
            self._window.session.rescan()

    def _wrong(self) -> list[Note]:
        return [state.note for state in self.states if state.note is not None]

    def _result(self, event: Event) -> None:
        if event.id != self._job or not isinstance(event.payload, InputStates):
            return
        self._job = 0
        self.take(event.payload.states)
        if not self._wrong():
            verified = sum(state.state == "verified" for state in self.states)
            self._window.session.tell("info", Note("gui.review_verified", {"count": verified}))

    def _failure(self, event: Event) -> None:
        """The session tells it."""
        if event.id == self._job:
            self._job = 0
