"""The unpacked pieces that one file keeps, so that reading a tensor block by block unpacks each piece once."""

from __future__ import annotations

import threading
from collections import OrderedDict

KEPT_BYTES = 64 << 20


class ChunkCache:
    """The unpacked pieces that one file keeps, the latest `KEPT_BYTES` of them (always at least one).

    A key is a number of the run, never used for another, and the number of the piece in it.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[int, int], bytes] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def get(self, key: tuple[int, int]) -> bytes | None:
        """Return a kept piece."""
        with self._lock:
            content = self._kept.get(key)
            if content is not None:
                self._kept.move_to_end(key)
            return content

    def put(self, key: tuple[int, int], content: bytes) -> None:
        """Keep a piece; the oldest ones go."""
        with self._lock:
            self._size -= len(self._kept.pop(key, b""))
            self._kept[key] = content
            self._size += len(content)
            while self._size > KEPT_BYTES and len(self._kept) > 1:
                self._size -= len(self._kept.popitem(last=False)[1])
