"""One writer at a time: an advisory lock on a file, which the system gives up when its process ends."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from inspector.errors import InputError
from inspector.output import OutputError

SECONDS = 30.0
_PAUSE = 0.02
_FLAGS = os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0)


@contextmanager
def locked(path: Path, seconds: float = SECONDS) -> Iterator[None]:
    """Hold the lock on `path`, which is made where it is missing and never removed.

    Raises:
        InputError: another process held it all the time. OutputError: the file cannot be made.
    """
    try:
        descriptor = os.open(path, _FLAGS, 0o600)
    except OSError as error:
        raise OutputError(str(path.parent), error) from None
    try:
        _wait(descriptor, path.parent, seconds)
        try:
            yield
        finally:
            _give_up(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def alone(path: Path, busy: InputError, seconds: float = 0.0) -> Iterator[None]:
    """Hold the lock on `path` or wait no longer than so; the file is made for it and is gone afterwards.

    On a file system that has no locks nothing tells of another process.

    Raises:
        InputError: another process holds it: `busy`. OutputError: the file cannot be made.
    """
    descriptor = _open_and_take(path, busy, time.monotonic() + seconds)
    try:
        yield
    finally:
        with suppress(OSError):
            path.unlink()  # while it is held: who waits for this file sees that it is not the one there any more
        with suppress(OSError):
            _give_up(descriptor)
        os.close(descriptor)


def _open_and_take(path: Path, busy: InputError, until: float) -> int:
    while True:
        try:
            descriptor = os.open(path, _FLAGS, 0o600)
        except OSError as error:
            raise OutputError(str(path), error) from None
        try:
            taken = _taken(descriptor)
        except OSError:
            return descriptor
        with suppress(OSError):
            if taken and os.path.samestat(os.fstat(descriptor), path.stat()):
                return descriptor
        os.close(descriptor)
        if not taken:  # else another held it, and removed it, in between
            if time.monotonic() >= until:
                raise busy
            time.sleep(_PAUSE)


def _wait(descriptor: int, folder: Path, seconds: float) -> None:
    until = time.monotonic() + seconds
    try:
        while not _taken(descriptor):
            if time.monotonic() >= until:
                raise InputError("references.locked", file=str(folder), seconds=round(seconds))
            time.sleep(_PAUSE)
    except OSError as error:  # a file system without locks
        raise OutputError(str(folder), error) from None


if sys.platform == "win32":
    import msvcrt

    def _taken(descriptor: int) -> bool:
        with suppress(OSError):
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
            return True
        return False

    def _give_up(descriptor: int) -> None:
        with suppress(OSError):
            msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _taken(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _give_up(descriptor: int) -> None:
        with suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_UN)
