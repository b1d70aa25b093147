"""The review that is open: its file, what is not saved yet, and the way out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from inspector.decisions import DecisionLog
from inspector.errors import Note, shown
from inspector.protocol import Event
from inspector.review_results import OpenedReview, Review
from inspector.sandbox import Isolation
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QFileDialog

from gui import drops, exports, words
from gui.engine import Engine
from gui.file_dialogs import file_dialog, save_dialog
from gui.jobs_control import is_of_the_engine
from gui.report_export import ReportExport
from gui.review_inputs import ReviewInputs
from gui.showing_reviews import Left, session_review, show_review
from gui.views.question import Question

if TYPE_CHECKING:
    from gui.window import MainWindow


class ReviewControl(QObject):
    """Opens and saves reviews, and asks before decisions would be lost.

    Attributes:
        path: of the review's file, None before one was saved or opened.
        log: the analyst's decisions. opened: the review as it was read, None where its results were computed here.
        inputs: how those of a reopened review are now. question: asked above everything else.
        report: what makes reports of it.
        sha256: of the file as it was opened or saved last.
        unfinished_at: the unfinished review that is shown and can be gone on from, None where it is a whole one.
        showing: a review is being shown: what is open and what is decided do not belong together yet.
        left_for_later: says whether what is not saved is offered at the next start once the window has closed.

    Signals:
        log_changed: another decision, or another log.
        read: (OpenedReview) a review was opened. written: the review was saved.
    """

    log_changed = Signal()
    read = Signal(object)
    written = Signal()

    def __init__(self, window: MainWindow, engine: Engine) -> None:
        super().__init__(window)
        self.path: Path | None = None
        self.log = DecisionLog()
        self.opened: Review | None = None
        self.inputs = ReviewInputs(window, engine)
        self.question = Question()
        self.unfinished_at: Path | None = None
        self.showing = False
        self.left_for_later: Callable[[], bool] = bool
        self._left: Left | None = None
        self._window, self._engine = window, engine
        self._saved: tuple[object, DecisionLog] = (None, DecisionLog())
        self._isolation = "none"
        self._opening, self._saving = 0, 0
        self._turn, self._saving_turn = 0, 0  # goes up with each review: which one was being saved
        self._asked, self._target = Path(), Path()
        self._left_out = 0
        self._when_open: Callable[[], None] | None = None
        self._kept: tuple[object, DecisionLog] = self._saved
        self._then: Callable[[], None] | None = None
        self._candidate: Path | None = None
        self.report = ReportExport(window, engine, self)
        self.sha256 = ""
        engine.result.connect(self._result)
        engine.failure.connect(self._failure)
        engine.cancelled.connect(self._failure)
        engine.isolated.connect(self._isolated)
        window.session.inputs_changed.connect(self._inputs_changed)
        window.session.work_changed.connect(self.retitle)

    @property
    def name(self) -> str:
        """What is open, in words: the review's file, else the candidate."""
        path = self.path or self._window.session.candidate
        return words.path_text(path) if path is not None else ""

    @property
    def unsaved(self) -> bool:
        """Whether there is something that the review's file has not."""
        comparison = self._window.session.comparison
        results_differ = self.path is not None and comparison is not None and comparison is not self._saved[0]
        return results_differ or self.decided

    @property
    def saved_log(self) -> DecisionLog:
        """The decisions that the review's file has."""
        return self._saved[1]

    @property
    def decided(self) -> bool:
        """Whether there are decisions that the review's file has not."""
        return self.log != self._saved[1]

    def current(self) -> Review | None:
        """Return what is open as a review with the decisions of now, None where there is none yet."""
        if self.opened is not None:
            return replace(self.opened, decisions=self.log, notes=())
        return session_review(self._window.session, self.log, self._isolation)

    def set_log(self, log: DecisionLog) -> None:
        """Take another log of decisions."""
        self.log = log
        self.log_changed.emit()
        self.retitle()

    def retitle(self) -> None:
        """Say in the window's title what is open, with a star where something is not saved."""
        name = self.name
        text = self.tr("{name}[*] — Assayer").format(name=name) if name else self.tr("Assayer")
        self._window.setWindowTitle(text)
        self._window.setWindowModified(bool(name) and self.unsaved)
        self._window.actions_table.refresh()

    def choose(self) -> None:
        """Let the user pick a review."""
        dialog = file_dialog(self._window, self.tr("Open a review"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([self._filter()])
        dialog.fileSelected.connect(lambda name: self.open(Path(name)))
        dialog.open()

    def open(self, path: Path, left_out: int = 0, then: Callable[[], None] | None = None) -> None:
        """Open a review; the engine reads it.

        Args:
            path: of the file. left_out: how many items beside it are not opened. then: done when it is open.
        """
        self.before_leaving(partial(self._open, path, left_out, then))

    def open_left(self, left: Left) -> None:
        """Open what a window left."""
        self._open(left.file, 0, None)
        self._left = left

    def go_on_with(self, path: Path | None, log: DecisionLog, saved: DecisionLog) -> None:
        """Let the work that has begun be for the review at `path`, with the decisions that there were and it has."""
        self.path, self._saved = path, (None, saved)
        self.set_log(log)

    def can_save(self) -> bool:
        """Say whether there are whole results to save."""
        return self._window.session.comparison is not None and not self._window.session.job

    def save(self) -> None:
        """Save where it was saved before, else ask where."""
        if not self.can_save():
            self._then = None
            self._window.session.tell("warning", Note("gui.review_nothing"))
        elif self.path is not None:
            self.save_to(self.path)
        else:
            self.save_as()

    def save_as(self) -> None:
        """Let the user say where the review goes."""
        candidate = self._window.session.candidate
        name = self.path.name if self.path is not None else (candidate.stem if candidate is not None else "")
        offered = f"{name.removesuffix(drops.REVIEW)}{drops.REVIEW}"
        dialog = save_dialog(self._window, self.tr("Save the review"), drops.REVIEW[1:], offered)
        dialog.setNameFilters([self._filter()])
        dialog.fileSelected.connect(lambda chosen: self.save_to(Path(chosen)))
        dialog.rejected.connect(self._stay)
        dialog.open()

    def save_to(self, path: Path) -> None:
        """Save the review; the engine makes its bytes."""
        review = self.current()
        if review is None or not self.can_save():
            self._then = None
            self._window.session.tell("warning", Note("gui.review_nothing"))
            return
        self._saving_turn = self._turn
        self._target, self._kept = path, (self._window.session.comparison, self.log)
        params = {"review": review, "folder": str(path.parent)}
        self._saving = self._engine.request("review_save", params, shown(path.name))

    def before_leaving(self, then: Callable[[], None]) -> None:
        """Do what ends this review, at once where no decision would be lost, else once the user has answered."""
        if not self.decided:
            then()
            return
        self.question.ask(
            self.tr("The decisions on {name} are not saved.").format(name=self.name),
            self.tr("Discard"),
            self.tr("Cancel"),
            partial(self._discard, then),
            other=(self.tr("Save"), partial(self._save_first, then)),
        )

    def when_saved(self, then: Callable[[], None], question: str, yes: str) -> None:
        """Do what needs the file as it is shown: at once where it is, else once the user has let it be saved."""
        if self._file_is_shown():
            then()
        elif self.can_save():
            self.question.ask(question, yes, self.tr("Cancel"), partial(self._save_first, then))
        else:
            self._window.jobs.notifier.warn(Note("gui.review_not_the_file"))

    def may_close(self) -> bool:
        """Say whether the window may close now; else the user is asked, and the window closed after the answer.

        Decisions on what cannot be saved yet are not asked about where they are left for the next start.
        """
        if not self.decided or (not self.can_save() and self.left_for_later()):
            return True
        self.before_leaving(lambda: QTimer.singleShot(0, self._window, self._window.close))
        return False

    def recolour(self) -> None:
        """Draw the question again in the colours of the theme."""
        self.question.recolour()

    def _file_is_shown(self) -> bool:
        """Say whether the results and decisions on the screen are those of the review's file."""
        read = self.opened is not None and self.unfinished_at in (None, self.path)
        there = read or self._window.session.comparison is not None
        return self.path is not None and there and not self.unsaved

    def _filter(self) -> str:
        return self.tr("Reviews") + f" (*{drops.REVIEW})"

    def _open(self, path: Path, left_out: int, then: Callable[[], None] | None) -> None:
        if self._opening:
            self._engine.cancel(self._opening)
        self._asked, self._left_out, self._when_open, self._left = path, left_out, then, None
        self._opening = self._engine.request("review_open", {"path": str(path)}, words.path_text(path))

    def _discard(self, then: Callable[[], None]) -> None:
        self.set_log(self._saved[1])
        then()

    def _save_first(self, then: Callable[[], None]) -> None:
        self._then = then
        self.save()

    def _stay(self) -> None:
        self._then = None

    def _show(self, opened: OpenedReview) -> None:
        left, self._left = self._left, None
        if left is not None and not left.take():
            return
        self._turn += 1
        self.path, self.opened = self._asked, opened.review
        self.sha256 = opened.sha256
        self.unfinished_at = self._asked if opened.review.unfinished is not None else None
        self.showing = True
        show_review(self._window.session, opened.review)
        self._candidate = self._window.session.candidate
        self._saved = (self._window.session.comparison, opened.review.decisions)
        self.showing = False
        self.inputs.take(opened.states)
        if self._left_out:
            params: dict[str, str | int | float] = {"name": words.path_text(self._asked), "count": self._left_out}
            self._window.session.tell("info", Note("gui.review_alone", params))
        if left is not None:
            if left.path != self._asked:
                self.path, self._saved = left.path, (None, left.saved)
            self.set_log(left.log)
            return
        self._window.control.remember(self._asked)
        self.read.emit(opened)
        self.set_log(opened.review.decisions)
        if self._when_open is not None:
            self._when_open()

    def _inputs_changed(self) -> None:
        """Results are computed anew: the review goes on for the same candidate, and ends with another."""
        if self.showing:
            return
        self.opened = None
        self.inputs.take(())
        candidate = self._window.session.candidate
        if candidate != self._candidate:
            self._turn += 1
            self.path, self._candidate, self.unfinished_at = None, candidate, None
            self._saved = (None, DecisionLog())
            self.set_log(DecisionLog())
        self.retitle()

    def _isolated(self, isolation: Isolation) -> None:
        self._isolation = isolation.level

    def _result(self, event: Event) -> None:
        if event.id == self._opening and isinstance(event.payload, OpenedReview):
            self._opening = 0
            self._show(event.payload)
        elif event.id == self._saving and isinstance(event.payload, bytes):
            self._saving = 0
            self._write(event.payload)

    def _failure(self, event: Event) -> None:
        """The session tells it; what waited for it does not go on."""
        if event.id == self._saving:
            self._saving, self._then = 0, None
        elif event.id == self._opening:
            self._opening = 0
            left = self._left
            if left is not None and event.kind == "failure" and not is_of_the_engine(event.note):
                left.unreadable()

    def _write(self, content: bytes) -> None:
        then, self._then = self._then, None
        problem = exports.write(self._target, content)
        if problem is not None:
            self._window.session.tell("error", problem)
            return
        self._window.settings.folder = self._target.parent
        self._window.control.remember(self._target)
        self._window.session.tell("info", Note("gui.saved", {"path": shown(str(self._target))}))
        if self._saving_turn != self._turn:  # another one was opened meanwhile, which lies elsewhere
            return
        self.path, self._saved = self._target, self._kept
        self.sha256 = sha256(content).hexdigest()
        self.retitle()
        self.written.emit()
        if then is not None:
            self.before_leaving(then)
