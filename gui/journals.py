"""What this window is working on, in a folder that outlives it: the engine's journal, and the decisions.

Each window has a folder of its own and holds it locked; the system lets go of the lock however a process ends, so a
folder that nobody holds was left by a window that did not close. It is offered at the next start, and gone once it was
saved, finished with, or closed properly.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
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
_MOST = 50  # folders that are looked at


@dataclass(frozen=True, slots=True)
class Work:
    """What a window is working on.

    Attributes:
        candidate: its path, "" for none. references: theirs. started: when it was opened, ISO 8601.
        finished: the comparison is done. review: the file that it was saved to or opened from, "" for none.
        log: the analyst's decisions.
    """

    candidate: str = ""
    references: tuple[str, ...] = ()
    started: str = ""
    finished: bool = False
    review: str = ""
    log: DecisionLog = field(default_factory=DecisionLog)


class Journal:
    """The folder of one window, held until `close` or `leave`.

    Attributes:
        folder: where it is. work: what was noted last.
    """

    def __init__(self, folder: Path, handle: int, work: Work) -> None:
        self.folder, self.work = folder, work
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

    def note(self, work: Work) -> None:
        """Note what is worked on; where that cannot be written, there is nothing to go on from."""
        if work != self.work and self._handle >= 0:
            self.work = work
            exports.write(self.folder / _STATE, encode(_message(work)))

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

    def close(self) -> None:
        """Remove everything: it was saved, or is not wanted."""
        if self._handle >= 0:
            shutil.rmtree(self.folder, ignore_errors=True)
            os.close(self._handle)
            self._handle = -1


class Journals:
    """The folders of all windows of this user.

    Attributes:
        left: those of windows that did not close, the newest last; they are held, so that no other window offers them.
    """

    def __init__(self, base: Path) -> None:
        """Look for what was left; where the folder takes no files, nothing is kept and nothing offered."""
        self._base = base
        self.left: list[Journal] = []
        with suppress(OSError):
            for folder in sorted(item for item in base.iterdir() if item.is_dir())[:_MOST]:
                self._look_at(folder)
        self.left.sort(key=lambda journal: journal.work.started)

    def new(self) -> Journal | None:
        """Return a folder for this window, None where there can be none."""
        folder = self._base / secrets.token_hex(8)
        try:
            folder.mkdir(parents=True, mode=0o700)
            handle = _held(folder)
        except OSError:
            return None
        return Journal(folder, handle, Work()) if handle is not None else None

    def release(self) -> None:
        """Let go of what was left and not taken: the next start offers it again."""
        for journal in self.left:
            os.close(journal._handle)
        self.left = []

    def _look_at(self, folder: Path) -> None:
        with suppress(OSError):
            handle = _held(folder)
            if handle is None:
                return
            work = _noted(folder / _STATE)
            journal = Journal(folder, handle, work or Work())
            worth = work is not None and (journal.kept is not None or work.log.entries)
            if worth:
                self.left.append(journal)
            else:
                journal.close()


def started_now() -> str:
    """Return this moment as `Work.started` has it."""
    return datetime.now().astimezone().isoformat(timespec="seconds")


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
        return replace(work, references=tuple(work.references)) if _fits(work) else None
    except (OSError, ProtocolError, TypeError):
        return None


def _fits(work: Work) -> bool:
    texts: Sequence[object] = (work.candidate, work.started, work.review, *work.references)
    return all(isinstance(text, str) for text in texts) and isinstance(work.log, DecisionLog)
