"""Keeps what this window works on, and offers what a window that did not close has left."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from inspector.errors import shown
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QBoxLayout

from gui import words
from gui.journals import Journal, Journals, Work, started_now
from gui.views.left_band import LeftBand

if TYPE_CHECKING:
    from gui.window import MainWindow


class JournalControl(QObject):
    """Has the engine keep what is done, notes the decisions, and takes up what was left.

    Attributes:
        band: what was left, above everything; None where nothing was.
    """

    def __init__(self, window: MainWindow, journals: Journals) -> None:
        super().__init__(window)
        self._window, self._journals = window, journals
        self._own: Journal | None = None
        self._taking = False
        self.band: LeftBand | None = None
        session, reviews = window.session, window.reviews
        session.journalled, session.keeps = self._asked, True
        session.work_changed.connect(self._note)
        reviews.log_changed.connect(self._note)
        reviews.written.connect(self._note)
        window.closed.connect(self.close)
        if journals.left:
            self._show_band()

    def close(self) -> None:
        """The window closes as it should: nothing of it is kept; what was left and not taken is offered again."""
        if self._own is not None:
            self._own.close()
            self._own = None
        self._journals.release()

    def open_left(self, journal: Journal) -> None:
        """Show what was done, and decide on it."""
        self._window.reviews.before_leaving(partial(self._open, journal))

    def go_on(self, journal: Journal) -> None:
        """Let the work go on where it was left."""
        self._window.reviews.before_leaving(partial(self._go_on, journal))

    def discard(self, journal: Journal) -> None:
        """Remove what was left, once the user has said so."""
        self._window.reviews.question.ask(
            self.tr("What was done of {name} will be gone.").format(name=name_of(journal.work)),
            self.tr("Discard"),
            self.tr("Cancel"),
            partial(self._discard, journal),
        )

    def _asked(self) -> dict[str, str]:
        """Return what a comparison is asked with so that it is kept, {} where it cannot be."""
        if self._own is None:
            self._own = self._journals.new()
        own = self._own
        if own is None:
            return {}
        finished, before = own.work.finished, self._window.reviews.unfinished_at
        own.note(self._work(finished=False))
        own.drop_reviews(() if finished else (own.file, before))
        return {"journal": str(own.file)} | ({"resume": str(before)} if before is not None else {})

    def _note(self) -> None:
        """Note what is worked on now, or nothing where everything is saved."""
        session, reviews = self._window.session, self._window.reviews
        if self._taking:
            return
        if session.comparison is not None:
            reviews.unfinished_at = None
        finished = session.comparison is not None
        saved = reviews.path is not None and not reviews.unsaved and not session.job and not session.unfinished
        decided = bool(reviews.log.entries)
        if saved or session.candidate is None:
            if self._own is not None and self._own.work != Work():
                self._own.forget()
        elif self._own is not None or decided:
            self._own = self._own or self._journals.new()
            if self._own is not None:
                self._own.note(self._work(finished=finished))

    def _work(self, *, finished: bool) -> Work:
        session, reviews = self._window.session, self._window.reviews
        candidate = str(session.candidate) if session.candidate is not None else ""
        references = tuple(str(reference.path) for reference in session.references)
        before = self._own.work if self._own is not None else Work()
        same = (candidate, references) == (before.candidate, before.references)
        started = before.started if same and before.started else started_now()
        review = str(reviews.path) if reviews.path is not None else ""
        return Work(candidate, references, started, finished, review, reviews.log)

    def _open(self, journal: Journal) -> None:
        if journal not in self._journals.left:
            return
        work = journal.work
        path = Path(work.review) if work.review else None
        file = journal.kept or path
        if file is not None:
            self._window.reviews.open_left(file, path, work.log, partial(self._take, journal))

    def _go_on(self, journal: Journal) -> None:
        if not self._take(journal):
            return
        work = journal.work
        self._taking = True
        try:
            references = [Path(path) for path in work.references]
            self._window.control.remember(Path(work.candidate), references)
            self._window.session.open(Path(work.candidate), references)
            self._window.reviews.go_on_with(Path(work.review) if work.review else None, work.log)
        finally:
            self._taking = False
        self._note()

    def _discard(self, journal: Journal) -> None:
        if journal not in self._journals.left:
            return
        self._journals.left.remove(journal)
        journal.close()
        self._forget_row(journal)

    def _take(self, journal: Journal) -> bool:
        """Let what was left be this window's own; say whether it was still there to take."""
        if journal not in self._journals.left:
            return False
        self._journals.left.remove(journal)
        if self._own is not None:
            self._own.close()
        self._own = journal
        self._forget_row(journal)
        return True

    def _show_band(self) -> None:
        body = self._window.centralWidget()
        column = body.layout() if body is not None else None
        if isinstance(column, QBoxLayout):
            self.band = LeftBand(self._journals.left)
            self.band.go_on_wanted.connect(self.go_on)
            self.band.open_wanted.connect(self.open_left)
            self.band.discard_wanted.connect(self.discard)
            self.band.later_wanted.connect(self._later)
            column.insertWidget(0, self.band)

    def _later(self) -> None:
        self._journals.release()
        self._drop_band()

    def _forget_row(self, journal: Journal) -> None:
        if self.band is not None:
            self.band.remove(journal)
            if not self.band.rows:
                self._drop_band()

    def _drop_band(self) -> None:
        if self.band is not None:
            self.band.hide()
            self.band.deleteLater()
            self.band = None


def name_of(work: Work) -> str:
    """Return what some work is called."""
    return words.path_text(Path(work.candidate)) if work.candidate else shown(Path(work.review).name)
