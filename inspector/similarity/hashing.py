"""SHA-256 of files and tensors from the reads that a comparison makes anyway.

Workers read tensors side by side, so bytes arrive slightly out of order. `InOrderHash` keeps what comes early, up to
a limit, and hashes it when its turn comes; what was never offered, or came too early, is read at the end.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable

_PENDING_LIMIT = 128 << 20

Piece = memoryview | bytes  # offered now, or kept from an earlier offer


class InOrderHash:
    """SHA-256 of a byte range that is offered in pieces, roughly in order. Safe for several threads.

    One thread at a time hashes; another that offers meanwhile leaves a copy and goes on with its own work. It waits
    only where the memory for copies is full: dropped, the bytes would have to be read again.
    """

    def __init__(self, size: int, pending_limit: int = _PENDING_LIMIT) -> None:
        self._hash = hashlib.sha256()
        self._size = size
        self._cursor = 0
        self._busy = False
        self._pending: dict[int, bytes] = {}
        self._pending_bytes = 0
        self._pending_limit = pending_limit
        self._lock = threading.Condition()

    def offer(self, start: int, data: memoryview) -> None:
        """Take the bytes at `start`; pieces that were hashed already or do not fit into memory are dropped."""
        with self._lock:
            while self._busy and start >= self._cursor and not self._fits(len(data)):
                self._lock.wait()
            if self._busy or start > self._cursor:
                self._keep(start, data)
                return
            piece: Piece | None = self._claim(data[self._cursor - start :])
        while piece:
            self._hash.update(piece)
            with self._lock:
                piece = self._claim(self._pending.pop(self._cursor, None))

    def finish(self, read: Callable[[int, int], memoryview], block: int = 4 << 20) -> str:
        """Read what is missing with `read(start, stop)` and return the hexadecimal digest."""
        while self._cursor < self._size:
            start = self._cursor
            until = min([start + block, self._size, *(early for early in self._pending if early > start)])
            self.offer(start, read(start, until))
        return self._hash.hexdigest()

    def _keep(self, start: int, data: memoryview) -> None:
        wanted = start >= self._cursor and start not in self._pending
        if wanted and data and self._fits(len(data)):
            self._pending[start] = bytes(data)
            self._pending_bytes += len(data)

    def _fits(self, size: int) -> bool:
        return self._pending_bytes + size <= self._pending_limit

    def _claim(self, piece: Piece | None) -> Piece | None:
        """Move the cursor over what this thread hashes next; with nothing to hash, others may."""
        self._busy = bool(piece)
        if piece:
            self._cursor += len(piece)
        if isinstance(piece, bytes):
            self._pending_bytes -= len(piece)
        self._lock.notify_all()
        return piece
