"""The client of the engine: requests out; progress, results and failures in. It outlives every engine process.

Each request has an id, and what comes for an id that is no longer wanted is dropped. One idle process is kept
beside those that work, so that a new one is at hand when one dies or will not stop, or when inputs come that the
others may not read: a process confines itself to the folders of its first inputs. A passphrase goes to a process that
has opened nothing, and ends with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from inspector.errors import Note
from inspector.protocol import Event, Request, RequestKind
from PySide6.QtCore import QObject, QTimer, Signal

from gui.process import EngineProcess, engine_command

CANCEL_MS = 1000
STOP_MS = 2000
_MAX_PROCESSES = 3
_MAX_FAILED_STARTS = 3


@dataclass(slots=True)
class _Job:
    request: Request
    about: str
    process: EngineProcess | None = None
    reading: str = ""


class Engine(QObject):
    """Requests to the engine processes.

    Signals (each carries the Event):
        asked: (Request, about) work was asked for. begun: (id) a process has taken it up.
        progress, message, partial, result, failure, cancelled: news about a request that is still wanted.
        isolated: (Isolation) how far the process is confined that has just begun to work.
        stopped: every process has ended after `stop` (no argument).
    """

    asked = Signal(object, object)
    begun = Signal(object)
    progress = Signal(object)
    message = Signal(object)
    partial = Signal(object)
    result = Signal(object)
    failure = Signal(object)
    cancelled = Signal(object)
    isolated = Signal(object)
    stopped = Signal()

    def __init__(self, command: Sequence[str] | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._command = list(command) if command is not None else engine_command()
        self._processes: list[EngineProcess] = []
        self._jobs: dict[int, _Job] = {}
        self._limits: Mapping[str, str] = {}
        self._last_id = 0
        self._failed_starts = 0
        self._stopping = False

    @property
    def processes(self) -> tuple[EngineProcess, ...]:
        """The processes that live now, for tests and for the log."""
        return tuple(self._processes)

    def start(self) -> None:
        """Start the first process, so that it is warm when the first request comes."""
        self._keep_spare()

    def limit(self, limits: Mapping[str, str]) -> None:
        """Give new processes these limits (inspector.sandbox.limits); idle ones of before make room for them."""
        if limits == self._limits:
            return
        self._limits = dict(limits)
        for process in self._processes:
            if not process.job and not process.leaving:
                self._let_go(process)
        if self._processes:
            self._keep_spare()

    def request(self, kind: RequestKind, params: Mapping[str, Any], about: str = "") -> int:
        """Ask for work and return its id; `about` names the file for the message of a death."""
        self._last_id += 1
        job = self._jobs[self._last_id] = _Job(Request(self._last_id, kind, params), about)
        self._failed_starts = 0
        self.asked.emit(job.request.told, about)
        self._assign()
        return job.request.id

    def cancel(self, job_id: int) -> None:
        """Give up a request: acknowledged at once, and its process has a second to stop."""
        job = self._jobs.pop(job_id, None)
        if job is None:
            return
        if job.process is not None:
            job.process.send(Request(job_id, "cancel"))
            job.process.kill_after(CANCEL_MS, job_id)
        self.cancelled.emit(Event(job_id, "cancelled"))
        self._keep_spare()

    def stop(self) -> None:
        """End every process: asked first, killed after two seconds. `stopped` says when."""
        self._stopping = True
        self._jobs.clear()
        for process in self._processes:
            if process.job:
                process.send(Request(process.job, "cancel"))
            process.finish()
        QTimer.singleShot(STOP_MS, self, self._kill_all)
        if not self._processes:
            QTimer.singleShot(0, self, self.stopped.emit)

    def _kill_all(self) -> None:
        for process in self._processes:
            process.kill()

    def _assign(self) -> None:
        for job in list(self._jobs.values()):
            if job.process is None:
                process = self._idle(job.request)
                if process is None:
                    continue
                job.process = process
                process.job, process.confidential = job.request.id, job.request.confidential
                process.send(job.request)
                self.begun.emit(job.request.id)
        self._keep_spare()

    def _idle(self, request: Request) -> EngineProcess | None:
        """Return a process that may open what a request names; idle ones that may not are ended."""
        idle = [process for process in self._processes if not process.job and not process.leaving]
        free = [process for process in idle if process.may_open(request)]
        if request.confidential:
            free = [process for process in free if process.readable is None]
        for process in idle:
            if process not in free:
                self._let_go(process)
        if free:
            return min(free, key=lambda process: (not process.ready, process.readable is None))
        return self._spawn() if len(self._processes) < _MAX_PROCESSES else None

    @staticmethod
    def _let_go(process: EngineProcess) -> None:
        process.finish()
        QTimer.singleShot(STOP_MS, process, process.kill)

    def _keep_spare(self) -> None:
        """Start an idle process if there is none; while one still starts, a second would only slow it down."""
        if self._stopping or self._failed_starts >= _MAX_FAILED_STARTS:
            return
        starting = any(not process.ready for process in self._processes)
        if not starting and len(self._processes) < _MAX_PROCESSES and not any(p.spare for p in self._processes):
            self._spawn()

    def _spawn(self) -> EngineProcess:
        process = EngineProcess(self._command, self, self._limits)
        process.arrived.connect(self._take)
        process.ended.connect(self._process_ended)
        self._processes.append(process)
        process.start()
        return process

    def _take(self, process: EngineProcess, event: Event) -> None:
        if event.kind == "ready":
            self._failed_starts = 0
            self._keep_spare()
            return
        if event.kind == "isolation":
            self.isolated.emit(event.payload)
            return
        if event.id != process.job:
            return
        job = self._jobs.get(event.id)
        over = event.kind in ("result", "failure", "cancelled")
        if over:
            process.job = 0
            self._jobs.pop(event.id, None)
            if process.confidential:
                self._let_go(process)
        if job is not None:
            job.reading = _reading(event, job.about) or job.reading
            self._tell(_named(event, job))
        if over:
            self._assign()

    def _tell(self, event: Event) -> None:
        signals = {
            "progress": self.progress,
            "message": self.message,
            "partial": self.partial,
            "result": self.result,
            "failure": self.failure,
            "cancelled": self.cancelled,
        }
        signal = signals.get(event.kind)
        if signal is not None:
            signal.emit(event)

    def _process_ended(self, process: EngineProcess, why: Note | None) -> None:
        if process in self._processes:
            self._processes.remove(process)
        process.deleteLater()
        if self._stopping:
            if not self._processes:
                self.stopped.emit()
            return
        if not process.ready:
            self._failed_starts += 1
        job = self._jobs.get(process.job)
        if job is not None and not process.ready and self._failed_starts < _MAX_FAILED_STARTS:
            job.process = None  # it never began: the next process takes it
        elif job is not None:
            self._report_death(job, process, why)
        if self._failed_starts >= _MAX_FAILED_STARTS:
            self._give_up(process)
        else:
            self._assign()

    def _report_death(self, job: _Job, process: EngineProcess, why: Note | None) -> None:
        del self._jobs[job.request.id]
        if not process.ready:
            note = Note("gui.engine_cannot_start")
        else:
            note = why or Note("gui.engine_died", {"reason": process.end}, file=job.reading or job.about)
        self.failure.emit(Event(job.request.id, "failure", note=note, details=process.log))

    def _give_up(self, process: EngineProcess) -> None:
        """Fail what waits: the engine does not start on this machine."""
        for job in list(self._jobs.values()):
            if job.process is None:
                self._report_death(job, process, None)


def _named(event: Event, job: _Job) -> Event:
    """Return a failure of the engine itself with the file that it was reading."""
    note = event.note
    if event.kind != "failure" or note is None or note.file or not note.code.startswith("engine."):
        return event
    return replace(event, note=replace(note, file=job.reading or job.about))


def _reading(event: Event, about: str) -> str:
    """Return what the engine says it reads now, "" when it says nothing of it."""
    if event.kind != "message" or event.note is None:
        return ""
    name, reference = event.note.params.get("name"), event.note.params.get("reference")
    if reference is not None:
        return f"{about}, {reference}"
    return event.note.file or str(name or "")
