"""What this window is working on, in a folder that outlives it: the engine's journal, and the decisions.

Each window has a folder of its own and holds it locked; the system lets go of the lock however a process ends, so a
folder that nobody holds was left by a window: one that did not close, or one that closed while something was not saved.
It is offered at the next start, and gone once it was saved or discarded. What nobody takes is kept for 30 days, and of
more than 20 only the newest; analyst decisions are never swept.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from inspector.decisions import DecisionLog
from inspector.protocol import ProtocolError, Request, decode, encode

from gui import exports
from gui.run_marker import lock

_LOCK, _STATE, _SUFFIX = "lock", "state", ".assay"
_MAX_STATE = 64 << 20
_MOST = 200  # folders that are looked at, the newest
_KEPT_DAYS, _KEPT_MOST = 30, 20  # of what nobody takes up and holds no decisions
_TRIES = 3


@dataclass(frozen=True, slots=True)
class Work:
    """What a window is working on.

    Attributes:
        candidate: its path, "" for none. references: theirs. started: when it was opened, ISO 8601.
        finished: the comparison is done. review: the file that it was saved to or opened from, "" for none.
        log: the analyst's decisions. saved: those of them that are in that file.
        library: the folder that the candidate is screened against, "" for a comparison with references; the engine
            keeps nothing of a screening. sources: full weights that the library may use.
    """

    candidate: str = ""
    references: tuple[str, ...] = ()
    started: str = ""
    finished: bool = False
    review: str = ""
    log: DecisionLog = field(default_factory=DecisionLog)
    saved: DecisionLog = field(default_factory=DecisionLog)
    library: str = ""
    sources: tuple[str, ...] = ()

    @property
    def decided(self) -> int:
        """How many decisions are nowhere else."""
        common = len(self.saved.entries) if self.log.entries[: len(self.saved.entries)] == self.saved.entries else 0
        return len(self.log.entries) - common


@dataclass(frozen=True, slots=True)
class Offer:
    """What can be done with some work now, as the files are.

    Attributes:
        file: the review that can be opened, None for none. review: the file that it is of, None where there is none.
        again: it can be worked on. begun: then it goes on where it stopped, else it begins anew.
        missing: what it would take and is not where it was.
    """

    file: Path | None
    review: Path | None
    again: bool
    begun: bool
    missing: tuple[Path, ...]


class Journal:
    """The folder of one window, held until `close` or `leave`.

    Attributes:
        folder: where it is. work: what was noted last. noted: it is on the disk.
        unreadable: the engine could not read the review that it has kept.
    """

    def __init__(self, folder: Path, handle: int, work: Work) -> None:
        self.folder, self.work = folder, work
        self.noted, self.unreadable = True, False
        self._handle = handle

    @property
    def file(self) -> Path:
        """The review that the engine keeps of this work: other inputs have another, which may still be written."""
        inputs = "\0".join((self.work.candidate, *self.work.references))
        return self.folder / f"{hashlib.sha256(inputs.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}{_SUFFIX}"

    @property
    def kept(self) -> Path | None:
        """The review that the engine has kept last, None where there is none."""
        with suppress(OSError):
            return max(self.folder.glob(f"*{_SUFFIX}"), key=lambda file: file.stat().st_mtime, default=None)
        return None

    @property
    def found(self) -> bool:
        """Whether the next start would find it."""
        return (self.folder / _STATE).exists()

    def note(self, work: Work) -> None:
        """Note what is worked on; where that cannot be written, there is nothing to go on from."""
        if (work != self.work or not self.noted) and self._handle >= 0:
            self.work = work
            self.noted = exports.write(self.folder / _STATE, encode(_message(work))) is None

    def forget(self) -> None:
        """Remove what was kept, and what was noted of it."""
        self.work = Work()
        self.drop_reviews()
        with suppress(OSError):
            (self.folder / _STATE).unlink()

    def drop_reviews(self, but: Sequence[Path | None] = ()) -> None:
        """Remove what the engine has kept, but for some files."""
        for file in self.folder.glob(f"*{_SUFFIX}"):
            if file not in but:
                with suppress(OSError):
                    file.unlink()

    def leave(self) -> None:
        """Let go of it and leave everything where it is, for the next start to offer."""
        if self._handle >= 0:
            with suppress(OSError):
                os.utime(self.folder / _STATE)
            os.close(self._handle)
            self._handle = -1

    def offer(self) -> Offer:
        """Say what can be done with it; looks at the disk."""
        work, kept = self.work, self.kept if not self.unreadable else None
        review = Path(work.review) if work.review else None
        there = review if review is not None and _is_there(review) else None
        file = kept or there
        wanted = [Path(path) for path in (work.candidate, *([work.library] if work.library else work.references))]
        gone = tuple(path for path in wanted if not _is_there(path)) if work.candidate else ()
        open_ended = bool(work.candidate) and not (work.finished and file is not None)
        missing = (*((review,) if review is not None and there is None else ()), *(gone if open_ended else ()))
        return Offer(file, there, open_ended and not gone, kept is not None and not work.finished, missing)

    def close(self) -> None:
        """Remove everything: it was saved, or is not wanted."""
        if self._handle >= 0:
            shutil.rmtree(self.folder, ignore_errors=True)
            os.close(self._handle)
            self._handle = -1


class Journals:
    """The folders of all windows of this user.

    Attributes:
        left: those that were left, the newest first; they are held, so that no other window offers them.
    """

    def __init__(self, base: Path) -> None:
        """Look for what was left; where the folder takes no files, nothing is kept and nothing offered."""
        self._base = base
        self.left: list[Journal] = []
        with suppress(OSError):
            for folder in sorted((item for item in base.iterdir() if item.is_dir()), key=_age)[:_MOST]:
                self._look_at(folder)
        self.left.sort(key=lambda journal: _age(journal.folder / _STATE))
        self._sweep()

    def new(self) -> Journal | None:
        """Return a folder for this window, None where there can be none."""
        for _ in range(_TRIES):  # another start may sweep it before it is held
            folder = self._base / secrets.token_hex(8)
            with suppress(OSError):
                folder.mkdir(parents=True, mode=0o700)
                handle = _held(folder)
                if handle is not None:
                    return Journal(folder, handle, Work())
        return None

    def release(self) -> None:
        """Let go of what was left and not taken: the next start offers it again."""
        for journal in self.left:
            os.close(journal._handle)
        self.left = []

    def _look_at(self, folder: Path) -> None:
        """Take what can be offered and remove what holds nothing; a folder that is not understood is not touched."""
        with suppress(OSError):
            if _noted(folder / _STATE) is None and not _is_bare(folder):
                return
            handle = _held(folder)
            if handle is None:
                return
            work = _noted(folder / _STATE)  # as it is now that nobody else writes it
            journal = Journal(folder, handle, work or Work())
            if work is not None and (journal.kept is not None or work.decided):
                self.left.append(journal)
            elif work is not None or _is_bare(folder):
                journal.close()
            else:
                os.close(handle)

    def _sweep(self) -> None:
        """Remove what nobody took for long; decisions are a person's work, which only a person gives up."""
        computed = [journal for journal in self.left if not journal.work.decided]
        for place, journal in enumerate(computed):
            if place >= _KEPT_MOST or _age(journal.folder / _STATE) > _KEPT_DAYS * 24 * 3600:
                self.left.remove(journal)
                journal.close()


def started_now() -> str:
    """Return this moment as `Work.started` has it."""
    return datetime.now().astimezone().isoformat(timespec="seconds")


def _age(path: Path) -> float:
    """Return for how many seconds a file was not written."""
    return time.time() - path.stat().st_mtime


def _is_there(path: Path) -> bool:
    try:
        return path.is_absolute() and path.exists()
    except OSError:  # a name that no file can have, or a folder that may not be entered
        return False


def _is_bare(folder: Path) -> bool:
    """Say whether there is nothing in a folder but locks and what a killed write left."""
    return all(item.name == _LOCK or item.name.startswith(".") for item in folder.iterdir())


def _held(folder: Path) -> int | None:
    """Hold a folder, and return the handle; None where a window that lives holds it."""
    handle = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
    if lock(handle):
        return handle
    os.close(handle)
    return None


def _message(work: Work) -> Request:
    params = {
        "candidate": work.candidate,
        "references": work.references,
        "started": work.started,
        "finished": work.finished,
        "review": work.review,
        "log": work.log,
        "saved": work.saved,
        "library": work.library,
        "sources": work.sources,
    }
    return Request(0, "review_open", params)


def _noted(path: Path) -> Work | None:
    """Return what a window noted, None where that is nothing whole."""
    try:
        with path.open("rb") as file:
            message = decode(file.read(_MAX_STATE))
        if not isinstance(message, Request):
            return None
        work = Work(**message.params)
        if not _fits(work):
            return None
        return replace(work, references=tuple(work.references), sources=tuple(work.sources))
    except (OSError, ProtocolError, TypeError):
        return None


def _fits(work: Work) -> bool:
    texts: Sequence[object] = (
        *(work.candidate, work.started, work.review, work.library),
        *(*work.references, *work.sources),
    )
    logs = isinstance(work.log, DecisionLog) and isinstance(work.saved, DecisionLog)
    return logs and all(isinstance(text, str) for text in texts)
