"""What is open and what was found: the state behind the window, and its talk with the engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from inspector.errors import Note, shown
from inspector.protocol import Event
from inspector.results import Comparison, ComponentFinding, Inspection, LayerMatrix, ReferenceFact
from PySide6.QtCore import QObject, QTimer, Signal

from gui import exports
from gui.engine import Engine
from gui.words import path_text

_JOURNAL = ("review_file.journal_", "review_file.resumed")  # what became of what was done before
_GATHER_MS = 100  # findings that come close together are shown together


@dataclass(frozen=True, slots=True)
class Message:
    """One line of the log: a note, what lies behind its Details button, and the id of the job that it is about."""

    level: Literal["error", "warning", "info"]
    note: Note
    details: str = ""
    job: int = 0


@dataclass(slots=True)
class Reference:
    """One reference: its path, and what the engine said of it."""

    path: Path
    fact: ReferenceFact | None = None


class Session(QObject):
    """One candidate, its references and the findings.

    Attributes:
        candidate: path of the candidate, None before one is opened.
        inspection: what the candidate holds, None until its headers are read.
        references: in the order in which they were added.
        comparison: the whole result, None before the work is done.
        library: folder of the library that the candidate is screened against, None where it is compared with the
            references.
        findings: component name -> finding, growing while the work runs.
        job: id of the running request, 0 when idle.
        overall: what may be said of the candidate as a whole, () until the work is done.
        problem: why the last work failed, None when it did not.
        told_elsewhere: says of a request's id that its failure is not this session's to tell.
        unfinished: the last comparison ended before its end, or the review that is shown was written before it.
        journalled: what a comparison is asked with so that what is done of it is kept, {} for nothing.
        keeps: says whether something of it is kept now: asked for once more it goes on where it stopped.
        sources: full weights that the library may use.

    Signals:
        inputs_changed: the candidate or the references are others now.
        inspection_changed: the candidate's or a reference's contents are known.
        findings_changed: a component's finding has come, or all were cleared.
        work_changed: work has begun or ended.
        progressed: (Event) how far it is.
        activity: (Note) what is being done now.
        noted: (Message) something to tell.
        exported: (bytes) a CSV file's content, after `request_csv`.
        saved: (path) a file was written.
    """

    inputs_changed = Signal()
    inspection_changed = Signal()
    findings_changed = Signal()
    work_changed = Signal()
    progressed = Signal(object)
    activity = Signal(object)
    noted = Signal(object)
    exported = Signal(object)
    saved = Signal(object)

    def __init__(self, engine: Engine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.candidate: Path | None = None
        self.inspection: Inspection | None = None
        self.references: list[Reference] = []
        self.library: Path | None = None
        self.sources: tuple[str, ...] = ()
        self.findings: dict[str, ComponentFinding] = {}
        self.overall: tuple[Note, ...] = ()
        self.comparison: Comparison | None = None
        self.job = 0
        self.unfinished = False
        self.journalled: Callable[[], Mapping[str, str]] = dict
        self.keeps: Callable[[], bool] = bool
        self.problem: Note | None = None
        self.told_elsewhere: Callable[[int], bool] = lambda _: False
        self._csv = 0
        self._inspecting: dict[int, Reference] = {}
        self._told: set[tuple[object, ...]] = set()
        self._gathering = QTimer(self, singleShot=True, interval=_GATHER_MS)
        self._gathering.timeout.connect(self.findings_changed)
        self._engine = engine
        engine.progress.connect(self._progress)
        engine.message.connect(self._message)
        engine.partial.connect(self._partial)
        engine.result.connect(self._result)
        engine.failure.connect(self._failure)

    def open(self, candidate: Path | None, references: Sequence[Path] = ()) -> None:
        """Put a candidate and references in the place of what was open, and start."""
        self._drop_work()
        self.candidate = candidate
        self.library = None
        self.references = []
        self._append(references)
        self._start()

    def open_candidate(self, path: Path) -> None:
        """Put another candidate against the same references."""
        self._drop_work()
        self.candidate = path
        self.library = None
        self._start()

    def screen(self, library: Path, sources: Sequence[str] = ()) -> None:
        """Screen the candidate against a library; `sources` are full weights that the library may use."""
        if self.candidate is not None:
            self._drop_work()
            self.library, self.sources = library, tuple(sources)
            self._start()

    def add_references(self, paths: Sequence[Path]) -> None:
        """Add references and compare again."""
        if self._append(paths):
            self._drop_work()
            self.library = None
            self._start()

    def remove_reference(self, index: int) -> None:
        """Leave one reference out and compare again."""
        del self.references[index]
        self._drop_work()
        self.library = None
        self._start()

    def rescan(self) -> None:
        """Read everything again."""
        self._drop_work()
        self._start()

    def cancel(self) -> None:
        """Stop the running work; what was found stays."""
        if self.job:
            self._drop_work()
            self.findings_changed.emit()
            self.work_changed.emit()
            self.noted.emit(Message("info", Note("gui.cancelled")))

    def close(self) -> None:
        """Stop everything, silently."""
        self._drop_work()

    @property
    def incomplete(self) -> bool:
        """Whether the last comparison ended before its end: what was found is only a part."""
        return self.unfinished and not self.job

    @property
    def known_references(self) -> tuple[Inspection, ...]:
        """What the references hold, () until the headers of all of them are read."""
        facts = [reference.fact for reference in self.references]
        return tuple(fact.inspection for fact in facts if fact is not None) if None not in facts else ()

    def request_csv(self, matrix: LayerMatrix, rows: Sequence[str], columns: Sequence[str]) -> None:
        """Ask for a matrix as CSV; `exported` brings it."""
        self._csv = self._engine.request("csv", {"matrix": matrix, "rows": tuple(rows), "columns": tuple(columns)})

    def tell(self, level: Literal["error", "warning", "info"], note: Note, details: str = "") -> None:
        """Put a line into the log."""
        self.noted.emit(Message(level, note, details))

    def save(self, path: Path, content: bytes) -> None:
        """Write a file whole or not at all, and say in the log which it was."""
        problem = exports.write(path, content)
        if problem is None:
            self.tell("info", Note("gui.saved", {"path": shown(str(path))}))
            self.saved.emit(path)
        else:
            self.tell("error", problem)

    def _append(self, paths: Sequence[Path]) -> bool:
        known = {reference.path for reference in self.references}
        fresh = [path for path in dict.fromkeys(paths) if path not in known]
        self.references += [Reference(path) for path in fresh]
        return bool(fresh)

    def _drop_work(self) -> None:
        jobs = [self.job, *self._inspecting]
        self.job = 0
        self._inspecting = {}
        self._gathering.stop()
        for job in jobs:
            self._engine.cancel(job)

    def _start(self) -> None:
        self.inspection = None
        self.problem = None
        self.findings = {}
        self.overall, self.comparison = (), None
        self._told = set()
        for reference in self.references:
            reference.fact = None
        self.unfinished = self.candidate is not None and (self.library is not None or bool(self.references))
        self.inputs_changed.emit()
        self.inspection_changed.emit()
        self.findings_changed.emit()
        if self.candidate is not None and self.library is not None:
            self.job = self._request_screen(self.candidate, self.library)
        elif self.candidate is not None and self.references:
            paths = tuple(str(reference.path) for reference in self.references)
            params = {"candidate": str(self.candidate), "references": paths, "component": None, **self.journalled()}
            self.job = self._engine.request("compare", params, path_text(self.candidate))
        elif self.candidate is not None:
            self.job = self._engine.request("inspect", {"path": str(self.candidate)}, path_text(self.candidate))
        beside = tuple(str(reference.path) for reference in self.references)
        for reference in self.references if self.candidate is None else ():
            params = {"path": str(reference.path), "beside": beside}
            job = self._engine.request("inspect", params, path_text(reference.path))
            self._inspecting[job] = reference
        self.work_changed.emit()

    def _request_screen(self, candidate: Path, library: Path) -> int:
        params = {"candidate": str(candidate), "library": str(library), "component": None, "beside": self.sources}
        return self._engine.request("screen", params, path_text(candidate))

    def _progress(self, event: Event) -> None:
        if event.id == self.job:
            self.progressed.emit(event)

    def _message(self, event: Event) -> None:
        if event.note is not None and event.id == self.job:
            self.activity.emit(event.note)
            if event.note.code.startswith(_JOURNAL):
                self.tell("info", event.note)

    def _partial(self, event: Event) -> None:
        if event.id == self.job:
            self._take(event.payload)

    def _take(self, payload: object) -> None:
        if isinstance(payload, Inspection):
            self.inspection = payload
            self._tell_once(payload.warnings)
            self.inspection_changed.emit()
        elif isinstance(payload, ReferenceFact):
            self._take_reference(payload)
        elif isinstance(payload, ComponentFinding):
            self.findings[payload.name] = payload
            self._tell_once(tuple(note for against in payload.against for note in against.warnings))
            if not self._gathering.isActive():
                self._gathering.start()

    def _take_reference(self, fact: ReferenceFact) -> None:
        """Find the reference that `fact` speaks of by its path, else take the first that has none yet."""
        if self.library is not None:
            return
        same = [reference for reference in self.references if str(reference.path) == fact.inspection.path]
        waiting = [reference for reference in self.references if reference.fact is None]
        for reference in (same or waiting)[:1]:
            reference.fact = fact
        self._tell_once(fact.inspection.warnings)
        self.inspection_changed.emit()

    def _result(self, event: Event) -> None:
        if event.id == self._csv:
            self._csv = 0
            self.exported.emit(event.payload)
        elif event.id in self._inspecting:
            reference = self._inspecting.pop(event.id)
            if isinstance(event.payload, Inspection):
                reference.fact = ReferenceFact(path_text(reference.path), event.payload)
                self._tell_once(event.payload.warnings)
                self.inspection_changed.emit()
        elif event.id == self.job:
            self._take_result(event.payload)

    def _take_result(self, payload: object) -> None:
        self.job = 0
        self.unfinished = False
        if isinstance(payload, Comparison):
            self.inspection, self.comparison = payload.candidate, payload
            for reference, fact in zip(
                self.references if self.library is None else (), payload.references, strict=False
            ):
                reference.fact = fact
            self.findings = {finding.name: finding for finding in payload.components}
            self.overall = payload.overall
            self._gathering.stop()
            self._tell_once(payload.warnings)
            self.inspection_changed.emit()
            self.findings_changed.emit()
        else:
            self._take(payload)
        self.work_changed.emit()

    def _failure(self, event: Event) -> None:
        mine = event.id == self.job
        if mine:
            self.job, self.problem = 0, event.note
        if event.note is not None and not self.told_elsewhere(event.id):
            self.noted.emit(Message("error", event.note, event.details, event.id))
        self._inspecting.pop(event.id, None)
        if mine:
            self.work_changed.emit()

    def _tell_once(self, notes: Sequence[Note]) -> None:
        for note in notes:
            key = (note.code, tuple(sorted(note.params.items())), note.file, note.tensor)
            if key not in self._told:
                self._told.add(key)
                self.noted.emit(Message("warning", note))
