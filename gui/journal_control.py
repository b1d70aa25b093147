"""Keeps what this window works on, and offers what an earlier window has left."""

from __future__ import annotations

import math
import time
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import resources
from inspector.decisions import DecisionLog
from inspector.errors import shown
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QBoxLayout

from gui import words
from gui.journals import Journal, Journals, Work, started_now
from gui.showing_reviews import Left
from gui.views.left_band import LeftBand

if TYPE_CHECKING:
    from gui.window import MainWindow

_MOMENT = 5.0  # seconds of work that are not worth a question at the next start


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
        self._worked, self._since = 0.0, math.nan  # seconds of the engine's work on it, and since when it works
        self.band: LeftBand | None = None
        session, reviews = window.session, window.reviews
        session.journalled, session.keeps = self._asked, self._keeps
        reviews.left_for_later = self._left_for_later
        session.work_changed.connect(self._note)
        reviews.log_changed.connect(self._note)
        reviews.written.connect(self._note)
        window.closed.connect(self.close)
        if journals.left:
            self._show_band()

    def close(self) -> None:
        """The window closes: what is not saved, and what was left and not taken, is offered at the next start."""
        self._let_go()
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

    def _keeps(self) -> bool:
        """Say whether something of the work is kept now, so that it can go on."""
        before = self._window.reviews.unfinished_at
        if self._own is None and before is not None:
            self._own = self._journals.new()
        return self._own is not None and (before is not None or self._own.kept is not None)

    def _asked(self) -> dict[str, str]:
        """Return what a comparison is asked with so that it is kept, {} where it cannot be."""
        if self._own is None:
            self._own = self._journals.new()
        own = self._own
        if own is None:
            return {}
        self._count()
        old, before = own.work, self._window.reviews.unfinished_at
        work = self._work(finished=False)
        if self._taking:  # the session is not told yet what was decided
            work = replace(work, log=old.log, saved=old.saved, review=old.review)
        elif old.finished or (old.candidate, old.references) != (work.candidate, work.references):
            self._worked = 0.0
        own.note(work)
        own.drop_reviews(() if old.finished else (own.file, before))
        self._since = time.monotonic()
        return {"journal": str(own.file)} | ({"resume": str(before)} if before is not None else {})

    def _note(self) -> None:
        """Note what is worked on now, or nothing where everything is saved."""
        session, reviews = self._window.session, self._window.reviews
        if self._taking or reviews.showing:
            return
        if not session.job:
            self._count()
        if session.comparison is not None:
            reviews.unfinished_at = None
        if session.library is not None and self._own is not None and not self._own.work.library:
            self._let_go(decisions=False)  # they stay with the candidate
        saved = reviews.path is not None and not reviews.unsaved and not session.job and not session.unfinished
        if saved or session.candidate is None:
            self._forget()
        elif session.library is not None and not reviews.log.entries:
            self._forget()  # the engine keeps nothing of a screening
        elif self._own is not None or reviews.log.entries:
            self._own = self._own or self._journals.new()
            if self._own is not None:
                self._own.note(self._work(finished=session.comparison is not None))

    def _work(self, *, finished: bool) -> Work:
        session, reviews = self._window.session, self._window.reviews
        library = str(session.library) if session.library is not None else ""
        now = Work(
            str(session.candidate) if session.candidate is not None else "",
            tuple(str(reference.path) for reference in session.references) if not library else (),
            finished=finished,
            review=str(reviews.path) if reviews.path is not None else "",
            log=reviews.log,
            saved=reviews.saved_log,
            library=library,
            sources=session.sources if library else (),
        )
        before = self._own.work if self._own is not None else Work()
        same = (now.candidate, now.references, library) == (before.candidate, before.references, before.library)
        return replace(now, started=before.started if same and before.started else started_now())

    def _count(self) -> None:
        """Add the time since the engine began to what it has worked."""
        if not math.isnan(self._since):
            self._worked += time.monotonic() - self._since
            self._since = math.nan

    def _forget(self) -> None:
        if self._own is not None and self._own.work != Work():
            self._own.forget()
        self._worked = 0.0

    def _let_go(self, *, decisions: bool = True) -> None:
        """Leave this window's work to the next start where it is worth that, else remove it."""
        self._count()
        own, self._own = self._own, None
        if own is not None:
            if self._is_worth(own, decisions=decisions):
                own.leave()
            else:
                own.close()
        self._worked = 0.0

    def _is_worth(self, own: Journal, *, decisions: bool = True) -> bool:
        """Say whether some work would be missed: more than a moment of the engine's, or decisions."""
        if _is_sample(own.work) or not own.found:
            return False
        computed = own.kept is not None and self._worked >= _MOMENT
        return computed or (decisions and own.work.decided > 0 and self._window.reviews.decided)

    def _left_for_later(self) -> bool:
        own = self._own
        return own is not None and own.noted and own.work.log == self._window.reviews.log and self._is_worth(own)

    def _open(self, journal: Journal) -> None:
        offer = journal.offer()
        if journal not in self._journals.left:
            return
        if offer.file is None:
            self._refresh_band()
            return
        work, review = journal.work, offer.review
        saved = work.saved if review is not None else DecisionLog()
        take, unreadable = partial(self._take, journal), partial(self._cannot_read, journal, offer.file)
        self._window.reviews.open_left(Left(offer.file, review, work.log, saved, take, unreadable))

    def _cannot_read(self, journal: Journal, file: Path) -> None:
        journal.unreadable = journal.unreadable or file == journal.kept
        self._refresh_band()

    def _go_on(self, journal: Journal) -> None:
        offer = journal.offer()
        if not offer.again:
            self._refresh_band()
            return
        if not self._take(journal):
            return
        self._taking = True
        try:
            self._begin(journal.work)
            saved = journal.work.saved if offer.review is not None else DecisionLog()
            self._window.reviews.go_on_with(offer.review, journal.work.log, saved)
        finally:
            self._taking = False
        self._note()

    def _begin(self, work: Work) -> None:
        candidate, references = Path(work.candidate), [Path(path) for path in work.references]
        if not _is_sample(work):
            self._window.control.remember(candidate, references or None)
        self._window.session.open(candidate, references)
        if work.library:
            self._window.session.screen(Path(work.library), work.sources)
            self._window.shelves.show_mosaic()

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
        self._let_go()
        self._own, self._worked = journal, math.inf
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

    def _refresh_band(self) -> None:
        if self.band is not None:
            self.band.refresh()

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


def _is_sample(work: Work) -> bool:
    """Say whether this is the sample, which is computed again in a moment and which nobody misses."""
    return Path(work.candidate) == resources.path("demo") / "candidate"
