"""Keeps what the engine was asked for and what became of it; it asks for nothing itself."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime

from inspector.protocol import Event, Request
from PySide6.QtCore import QObject, QTimer, Signal

from gui import job_words
from gui.engine import Engine
from gui.models.jobs import Job, JobsModel, State

# told only when slow or failed
PLUMBING = frozenset({"tensor", "region", "csv", "lineage_file", "library", "review_proofs"})
_NEVER_AGAIN = PLUMBING - {"tensor", "library"}
_SLOW_MS = 1000
_SHOW_MS = 50  # progress is shown at most 20 times a second
_TICK_MS = 1000
QUIET_SECONDS = 60.0  # without a word from the engine: then the user is told, and decides


class JobRecorder(QObject):
    """Feeds the model of jobs from an engine's signals.

    Attributes:
        model: the jobs that are shown. quiet_after: seconds without news after which a job counts as quiet.

    Signals:
        ended: (Job) it is done, failed or cancelled.
        quieted: (Job) the engine has said nothing of it for long, or has spoken again.
    """

    ended = Signal(object)
    quieted = Signal(object)

    def __init__(
        self, engine: Engine, parent: QObject | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(parent)
        self.model = JobsModel(clock, self)
        self.quiet_after = QUIET_SECONDS
        self._clock = clock
        self._jobs: dict[int, Job] = {}
        self._hidden: set[int] = set()
        self._changed: dict[int, Job] = {}
        self._showing = QTimer(self, singleShot=True, interval=_SHOW_MS)
        self._showing.timeout.connect(self._show_changes)
        self._ticking = QTimer(self, interval=_TICK_MS)
        self._ticking.timeout.connect(self.tick)
        engine.asked.connect(self._asked)
        engine.begun.connect(self._begun)
        engine.progress.connect(self._progress)
        engine.message.connect(self._message)
        engine.partial.connect(self._heard)
        engine.result.connect(self._result)
        engine.failure.connect(self._failure)
        engine.cancelled.connect(self._cancelled)

    def job(self, job_id: int) -> Job | None:
        """Return a job by its id, shown or not."""
        return self._jobs.get(job_id) or self.model.job(job_id)

    def tick(self) -> None:
        """Show how long the jobs have worked, and notice those of which nothing is heard any more."""
        now = self._clock()
        for job in self._jobs.values():
            if job.state != "running":
                continue
            if not job.quiet and now - job.heard >= self.quiet_after:
                job.quiet = True
                self.quieted.emit(job)
            self._later(job)
        if not self._jobs:
            self._ticking.stop()

    def stop(self) -> None:
        """Call everything that still runs cancelled: the engine is being ended."""
        for job in list(self._jobs.values()):
            self._end(job, "cancelled")
        self._ticking.stop()
        self._showing.stop()

    def _asked(self, request: Request, about: str) -> None:
        job = Job(request.id, request.kind, request, about, job_words.what(request, about), datetime.now())
        job.heard = self._clock()
        self._jobs[job.id] = job
        self._ticking.start()
        if request.kind in PLUMBING:
            self._hidden.add(job.id)
            QTimer.singleShot(_SLOW_MS, self, lambda: self._reveal(job))
        else:
            self.model.add(job)

    def _reveal(self, job: Job) -> None:
        if job.id in self._hidden and job.id in self._jobs:
            self._hidden.discard(job.id)
            self.model.add(job)

    def _begun(self, job_id: int) -> None:
        job = self._jobs.get(job_id)
        if job is not None:
            job.state, job.begun = "running", self._clock()
            job.heard = self._clock()
            self.model.change(job, state=True)

    def _heard(self, event: Event) -> Job | None:
        job = self._jobs.get(event.id)
        if job is not None:
            job.heard = self._clock()
            if job.quiet:
                job.quiet = False
                self.quieted.emit(job)
        return job

    def _progress(self, event: Event) -> None:
        job = self._heard(event)
        if job is not None:
            job.done, job.seconds_left = min(max(event.done, 0), 10_000), event.seconds_left
            self._later(job)

    def _message(self, event: Event) -> None:
        job = self._heard(event)
        if job is not None and event.note is not None:
            job.reading = event.note
            self._later(job)

    def _result(self, event: Event) -> None:
        job = self._heard(event)
        if job is not None:
            job.done, job.outcome = 10_000, job_words.outcome(event.payload)
            self._end(job, "done")

    def _failure(self, event: Event) -> None:
        job = self._heard(event)
        if job is not None:
            job.note, job.details = event.note, event.details
            self._reveal(job)
            self._end(job, "failed")

    def _cancelled(self, event: Event) -> None:
        job = self._jobs.get(event.id)
        if job is not None:
            self._end(job, "cancelled")

    def _end(self, job: Job, state: State) -> None:
        job.state, job.ended, job.quiet = state, self._clock(), False
        if state != "failed" or job.kind in _NEVER_AGAIN:
            job.request = None  # it may hold a large matrix, and is not asked again
        del self._jobs[job.id]
        self._hidden.discard(job.id)
        self._changed.pop(job.id, None)
        self.model.change(job, state=True)
        self.ended.emit(job)

    def _later(self, job: Job) -> None:
        self._changed[job.id] = job
        if not self._showing.isActive():
            self._showing.start()

    def _show_changes(self) -> None:
        changed, self._changed = self._changed, {}
        for job in changed.values():
            self.model.change(job)
