"""What can be done with jobs: stop them, start them again; and the panel that shows them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from inspector.errors import Note
from inspector.protocol import Request
from PySide6.QtCore import QObject

from gui.engine import Engine
from gui.job_recorder import JobRecorder
from gui.models.jobs import Job
from gui.notifier import Notifier

if TYPE_CHECKING:
    from gui.window import MainWindow

_SESSION = frozenset({"inspect", "compare", "screen"})
_OF_THE_ENGINE = frozenset({"gui.engine_died", "gui.engine_cannot_start"})


def is_of_the_engine(note: Note | None) -> bool:
    """Say whether a failure is the engine's own end and not what a file says: then a fresh engine may do better."""
    return note is not None and (note.code in _OF_THE_ENGINE or note.code.startswith("engine."))


class JobsControl(QObject):
    """Carries out what is wanted of the jobs.

    Attributes:
        notifier: what tells of them over the window's corner.
    """

    def __init__(self, window: MainWindow, engine: Engine, recorder: JobRecorder) -> None:
        super().__init__(window)
        self._window, self._engine, self._recorder = window, engine, recorder
        self.notifier = Notifier(window, recorder, self)
        window.log.pages.may_repeat = self.may_repeat
        window.log.pages.table.cancel_wanted.connect(self.cancel)
        window.log.again_wanted.connect(self.again)
        window.log.open_changed.connect(lambda _: window.actions_table.refresh())
        window.summary.again_wanted.connect(lambda: window.reviews.inputs.rescan())
        recorder.quieted.connect(self._quieted)

    def cancel(self, job_id: int) -> None:
        """Stop one job, through whoever asked for it."""
        window = self._window
        if job_id == window.session.job:
            window.session.cancel()
        elif job_id == window.shelf.job:
            window.shelf.cancel()
        elif job_id == window.lineage.job:
            window.lineage.stop()
        elif job_id == window.trips.values.job:
            window.trips.cancel()
        else:
            self._engine.cancel(job_id)

    def may_repeat(self, job_id: int) -> bool:
        """Say whether a job came to nothing through the engine and can be asked for again."""
        job = self._recorder.job(job_id)
        if job is None or job.request is None:
            return False
        stuck = job.active and job.quiet
        return (stuck or (job.state == "failed" and is_of_the_engine(job.note))) and self._has_owner(job)

    def again(self, job_id: int) -> None:
        """Ask once more for the work of a job that failed or says nothing any more, of a fresh engine."""
        job = self._recorder.job(job_id)
        if job is None or job.request is None or not self.may_repeat(job_id):
            return
        request, window = job.request, self._window
        self.notifier.notices.drop(job_id)
        if request.kind in _SESSION:
            window.session.rescan()
            return
        if job.active:
            self.cancel(job_id)
        if request.kind == "lineage":
            window.lineage.open()
            window.lineage.ask()
        elif request.kind == "tensor":
            window.trips.show_undone(window.trips.undone)
        else:
            window.shelf.repeat(request)

    def toggle(self) -> None:
        """Open the panel and go to it, or close it."""
        log = self._window.log
        log.set_open(not log.is_open)
        if log.is_open:
            log.pane.setFocus()

    def close(self) -> None:
        """Say that the engine is being ended, and keep how high the panel is."""
        self.notifier.notices.clear()
        self._recorder.stop()
        self._window.log.show_stopping()
        self._window.below.save(self._window.settings)

    def _has_owner(self, job: Job) -> bool:
        """Say whether what asked for a job still stands for the same."""
        request, window = job.request, self._window
        if request is None:
            return False
        if request.kind in _SESSION:
            idle = not window.session.job or window.session.job == job.id
            return idle and self._of_session(request)
        if request.kind == "lineage":
            return window.lineage.page is not None and window.lineage.job in (0, job.id)
        if request.kind == "tensor":
            return window.trips.has_pair()
        mine = request.library == str(window.shelf.folder) and window.shelf.job in (0, job.id)
        return mine and request.kind.startswith("library")

    def _of_session(self, request: Request) -> bool:
        session, params = self._window.session, request.params
        open_now = {session.candidate, *(reference.path for reference in session.references)}
        named = [params.get("candidate") or params.get("path"), *params.get("references", ())]
        same_way = (params.get("library") is None) == (session.library is None)
        return same_way and all(isinstance(path, str) and Path(path) in open_now for path in named)

    def _quieted(self, job: Job) -> None:
        """Tell that nothing is heard of a job, or that something is again."""
        if job.id == self._window.session.job:
            note = Note("gui.engine_quiet", file=job.about) if job.quiet else None
            self._window.summary.show_silence(note)
            self._window.log.set_quiet(note, job.id)
        elif job.quiet:
            self.notifier.tell_quiet(job)
