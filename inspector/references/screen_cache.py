"""Results of screenings, kept in the library's folder `cache` up to a size: the least recently used go first.

A result is a file under its key, written aside and renamed: a reader has all of it or none. It begins with the SHA-256
of its key and content: one that was changed, or moved to another key, is none. When it was last used is its time of
change. Nothing is locked: several processes may write, read and make room at a time, and one that finds a
file gone computes anew. A cache that cannot be written is no error.
"""

from __future__ import annotations

import hashlib
import os
import time
from contextlib import suppress
from pathlib import Path

from inspector.output import TEMPORARY, OutputError, write_whole

MOST_BYTES = 256 << 20  # of all results together
_DIGEST = hashlib.sha256().digest_size
_ABANDONED = 3600.0  # seconds after which a file that is being written is taken for what a kill left behind


def read(folder: Path, key: str) -> bytes | None:
    """Return a result, which counts as used now; None where there is none that can be read and is as it was written."""
    path = folder / key
    try:
        found = path.read_bytes()
    except OSError:
        return None
    content = found[_DIGEST:]
    if _digest(key, content) != found[:_DIGEST]:
        return None
    with suppress(OSError):
        os.utime(path)
    return content


def write(folder: Path, key: str, content: bytes, most: int = MOST_BYTES) -> None:
    """Keep a result and make room for it; one that is larger than `most` bytes is not kept."""
    if len(content) > most:
        return
    with suppress(OutputError, OSError):
        write_whole(folder / key, _digest(key, content) + content)
        _make_room(folder, key, most)


def _digest(key: str, content: bytes) -> bytes:
    return hashlib.sha256(key.encode() + content).digest()


def _make_room(folder: Path, key: str, most: int) -> None:
    """Delete the least recently used results until all are within `most` bytes; `key` stays."""
    old = time.time() - _ABANDONED
    for path in folder.glob(TEMPORARY):
        with suppress(OSError):
            if path.stat().st_mtime < old:
                path.unlink()
    found = []
    for entry in os.scandir(folder):
        with suppress(OSError):  # another process made room too
            if entry.is_file(follow_symlinks=False) and not entry.name.startswith("."):
                status = entry.stat(follow_symlinks=False)
                found.append((entry.name == key, status.st_mtime_ns, status.st_size, entry.name))
    left = sum(size for _, _, size, _ in found)
    for newest, _, size, name in sorted(found):
        if left <= most or newest:
            break
        left -= size
        with suppress(OSError):
            (folder / name).unlink()
