"""The reference library as the window knows it, and its talk with the engine: the window opens no file of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from inspector.errors import Note
from inspector.protocol import Event, Request, RequestKind
from inspector.shelf_results import Shelf, ShelfEntry
from PySide6.QtCore import QObject, Signal

from gui.engine import Engine
from gui.session import Message
from gui.words import path_text

UNSIGNED = "references.pack_unsigned"  # the failure of a pack without a signature, which the user may take all the same


class ShelfSession(QObject):
    """One library, and the one request about it that may run.

    Attributes:
        folder: where the library lies. shelf: what stands in it, None until the engine has looked.
        job: id of the running request, 0 when idle.

    Signals:
        changed: other entries, or another folder.
        work_changed: a request has begun or ended.
        progressed: (Event) how far it is. activity: (Note) what is being done now.
        noted: (Message) something to tell.
        unsigned: (path) a pack has no signature; import it again with `unsigned` to take it all the same.
        removed: (names) references were taken out, and can be put back.
    """

    changed = Signal()
    work_changed = Signal()
    progressed = Signal(object)
    activity = Signal(object)
    noted = Signal(object)
    unsigned = Signal(object)
    removed = Signal(object)

    def __init__(self, engine: Engine, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.folder = folder
        self.shelf: Shelf | None = None
        self.job = 0
        self._kind: RequestKind = "library"
        self._pack: Path | None = None
        self._leaving: tuple[str, ...] = ()
        self._asked: set[int] = set()
        self._engine = engine
        engine.progress.connect(self._progress)
        engine.message.connect(self._message)
        engine.result.connect(self._result)
        engine.failure.connect(self._failure)

    @property
    def entries(self) -> tuple[ShelfEntry, ...]:
        """What stands in the library."""
        return self.shelf.entries if self.shelf is not None else ()

    @property
    def sources(self) -> tuple[str, ...]:
        """Where full weights lie that a screening may use."""
        return tuple(entry.source for entry in self.entries if entry.present and entry.source)

    @property
    def restorable(self) -> tuple[str, ...]:
        """Names of what was removed last, () where nothing can be put back."""
        kept = self.shelf.removed if self.shelf is not None else ()
        together = self._leaving if self._leaving and self.can_restore(self._leaving) else ()
        return together or kept[:1]

    def can_restore(self, names: Sequence[str]) -> bool:
        """Say whether the library that is open, where its entries are known, can put all of these back."""
        return self.shelf is not None and set(names) <= set(self.shelf.removed)

    def asked(self, job: int) -> bool:
        """Say whether a request was made here."""
        return job in self._asked

    def use(self, folder: Path) -> None:
        """Look at another library."""
        self.drop()
        self.folder, self.shelf, self._leaving = folder, None, ()
        self.changed.emit()
        self.look()

    def look(self) -> None:
        """Ask what stands in the library."""
        self._ask("library")

    def add(self, paths: Sequence[Path]) -> None:
        """Make fingerprints of checkpoints."""
        self._ask("library_add", references=tuple(map(str, paths)))

    def remove(self, names: Sequence[str]) -> None:
        """Take references out; they can be put back."""
        if self._ask("library_remove", names=tuple(names)):
            self._leaving = tuple(names)

    def restore(self, names: Sequence[str]) -> None:
        """Put references back that were taken out."""
        self._ask("library_restore", names=tuple(names))

    def take_pack(self, path: Path, *, unsigned: bool = False) -> None:
        """Import a pack; one without a signature only where `unsigned` says so."""
        if self._ask("library_import", path=str(path), unsigned=unsigned):
            self._pack = path

    def give_pack(self, names: Sequence[str], path: Path) -> None:
        """Export references as one pack."""
        self._ask("library_export", names=tuple(names), output=str(path))

    def repeat(self, request: Request) -> None:
        """Ask once more for what came to nothing."""
        params = {name: value for name, value in request.params.items() if name != "library"}
        if self._ask(request.kind, **params) and request.kind == "library_import":
            self._pack = Path(str(params["path"]))

    def cancel(self) -> bool:
        """Stop the running request; say whether there was one."""
        if not self.job:
            return False
        self.drop()
        self.noted.emit(Message("info", Note("gui.library_cancelled")))
        self.look()
        return True

    def drop(self) -> None:
        """Stop the running request, silently."""
        if self.job:
            job, self.job = self.job, 0
            self._engine.cancel(job)
            self.work_changed.emit()

    def _ask(self, kind: RequestKind, **params: Any) -> bool:
        if self.job:
            self.noted.emit(Message("warning", Note("gui.library_busy")))
            return False
        self._kind, self._pack = kind, None
        about = path_text(self.folder)
        self.job = self._engine.request(kind, {"library": str(self.folder), **params}, about)
        self._asked.add(self.job)
        self.work_changed.emit()
        return True

    def _progress(self, event: Event) -> None:
        if event.id == self.job:
            self.progressed.emit(event)

    def _message(self, event: Event) -> None:
        if event.id == self.job and event.note is not None:
            self.activity.emit(event.note)

    def _result(self, event: Event) -> None:
        if event.id != self.job:
            return
        self.job, kind = 0, self._kind
        if isinstance(event.payload, Shelf):
            self.shelf = event.payload
            for note in event.payload.notes:
                self.noted.emit(Message("info", note))
            self.changed.emit()
        self.work_changed.emit()
        if kind == "library_remove":
            self.removed.emit(self._leaving)

    def _failure(self, event: Event) -> None:
        if event.id != self.job or event.note is None:
            return
        self.job = 0
        if event.note.code == UNSIGNED and self._pack is not None:
            self.unsigned.emit(self._pack)
        else:
            self.noted.emit(Message("error", event.note, event.details, event.id))
            if self._kind != "library":  # some of it may have been done
                self.look()
        self.work_changed.emit()
