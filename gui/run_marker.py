"""Whether the last run ended as it should: a marker that a run holds locked while it lives and empties when it ends.

Each running window has a slot of its own, "run-1.json", "run-2.json" and so on. The system lets go of the lock however
a process ends, so a marker that is not empty and not locked was left by a run that did not close. Slots are emptied,
never removed: a file that is removed while another process opens it would be locked twice.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

_SLOTS = 16
_MAX_MARKER = 4096
_LOCKED_BYTE = 1 << 30  # far behind the text: Windows lets nobody read what is locked


@dataclass(frozen=True, slots=True)
class Ended:
    """A run that did not close.

    Attributes:
        started: when it began, ISO 8601 with the time zone, "" where the marker does not say.
        slot: the number of its marker and of its files.
    """

    started: str
    slot: int


class RunMarker:
    """The slot of this run.

    Attributes:
        slot: its number. ended: the runs that did not close since the last start, the newest last.
    """

    def __init__(self, folder: Path) -> None:
        """Take a slot in `folder`.

        Raises:
            OSError: the folder takes no files, or cannot lock them.
        """
        folder.mkdir(parents=True, exist_ok=True)
        self.ended: tuple[Ended, ...] = ()
        self.slot = 0
        self._file = -1
        for slot in range(1, _SLOTS + 1):
            self._look_at(folder / f"run-{slot}.json", slot)
        if self._file < 0:
            raise OSError("every slot is taken")
        self.ended = tuple(sorted(self.ended, key=lambda run: run.started))
        told = {"started": datetime.now().astimezone().isoformat(timespec="seconds"), "process": os.getpid()}
        os.write(self._file, json.dumps(told).encode())
        os.fsync(self._file)

    def close(self) -> None:
        """The run ends as it should."""
        if self._file >= 0:
            os.ftruncate(self._file, 0)
            os.close(self._file)
            self._file = -1

    def _look_at(self, path: Path, slot: int) -> None:
        """Take a slot if none is taken yet; tell of a run that left its marker there."""
        if self._file >= 0 and not path.exists():
            return
        file = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
        if not lock(file):
            os.close(file)
            return
        text = os.read(file, _MAX_MARKER)
        if text:
            self.ended += (Ended(_started(text), slot),)
            os.lseek(file, 0, os.SEEK_SET)
            os.ftruncate(file, 0)
        if self._file < 0:
            self._file, self.slot = file, slot
        else:
            os.close(file)


def _started(text: bytes) -> str:
    with suppress(ValueError, KeyError, TypeError):
        return datetime.fromisoformat(json.loads(text)["started"]).isoformat()
    return ""


def lock(file: int) -> bool:
    """Lock a file unless another process has; the system lets go of it when the process ends."""
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(file, _LOCKED_BYTE, os.SEEK_SET)
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
            os.lseek(file, 0, os.SEEK_SET)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except PermissionError:  # what Windows says of a locked byte
        return False
    return True
