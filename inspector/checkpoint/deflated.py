"""Bytes that a file holds deflated, read at any position in bounded memory.

The run is inflated once from start to end, which verifies its length and its checksum before anything is handed
out; on the way the state of the inflater is kept every `PIECE` bytes, so that any piece can be had again.
Format: RFC 1951, without a header, as members of ZIP archives hold it.
"""

from __future__ import annotations

import itertools
import threading
import zlib
from dataclasses import dataclass
from typing import Any

from inspector.checkpoint.chunk_cache import ChunkCache
from inspector.checkpoint.source import SourceFile
from inspector.checkpoint.storage import Extent
from inspector.errors import InputError

PIECE = 16 << 20
_FED = 64 << 10
_KEYS = itertools.count()  # never used twice, as the id of an object may be


@dataclass(frozen=True, slots=True)
class _Mark:
    """The inflater before one piece: its state, and how many packed bytes it has taken.

    The state before the first piece is None: that of every small run would fill the memory.
    """

    state: Any  # zlib has no public name for its type
    fed: int


class Deflated:
    """A deflated run with its unpacked length and CRC-32 (None: the archive has none)."""

    def __init__(
        self, packed: Extent, file: SourceFile, nbytes: int, crc: int | None, record: str, cache: ChunkCache
    ) -> None:
        self._packed = packed
        self._file = file
        self._crc = crc
        self._record = record
        self._cache = cache
        self._key = next(_KEYS)
        self._marks: list[_Mark] | None = None
        self._lock = threading.Lock()
        self.offset = -1
        self.nbytes = nbytes

    def verify(self) -> None:
        """Inflate the run; InputError when its length or its checksum differ from what the file declares."""
        with self._lock:
            if self._marks is None:
                self._marks = self._walked()

    def head(self, size: int) -> bytes:
        """Return the first bytes, `size` at most, before the whole run is verified."""
        return self._inflated(zlib.decompressobj(-15), 0, min(size, self.nbytes))[0]

    def read_into(self, start: int, out: memoryview) -> None:
        """Fill `out` from byte `start` of the unpacked run."""
        self.verify()
        done = 0
        while done < len(out):
            number, skipped = divmod(start + done, PIECE)
            piece = memoryview(self._piece(number))[skipped : skipped + len(out) - done]
            if not piece:
                raise self._damaged()
            out[done : done + len(piece)] = piece
            done += len(piece)

    def _piece(self, number: int) -> bytes:
        kept = self._cache.get((self._key, number))
        if kept is None and self._marks is not None and number < len(self._marks):
            mark = self._marks[number]
            stream = mark.state.copy() if mark.state else zlib.decompressobj(-15)
            kept = self._inflated(stream, mark.fed, self._length(number))[0]
            self._cache.put((self._key, number), kept)
        return kept or b""

    def _length(self, number: int) -> int:
        return min(PIECE, self.nbytes - number * PIECE)

    def _walked(self) -> list[_Mark]:
        marks: list[_Mark] = []
        stream = zlib.decompressobj(-15)
        fed = crc = 0
        for number in range(-(-self.nbytes // PIECE)):
            marks.append(_Mark(stream.copy() if number else None, fed))
            piece, fed = self._inflated(stream, fed, self._length(number))
            crc = zlib.crc32(piece, crc)
            self._cache.put((self._key, number), piece)
        surplus, fed = self._inflated(stream, fed, 1, to_end=True)
        if surplus or fed != self._packed.nbytes or (self._crc is not None and crc != self._crc):
            raise self._damaged()
        return marks

    def _inflated(self, stream: Any, fed: int, size: int, *, to_end: bool = False) -> tuple[bytes, int]:
        """Return the next `size` bytes and how many packed bytes are taken then.

        `to_end`: the stream has to end before that many come.
        """
        out = bytearray()
        while len(out) < size and not stream.eof:
            packed = bytearray(min(_FED, self._packed.nbytes - fed))
            self._packed.read_into(fed, memoryview(packed))
            try:
                got = stream.decompress(packed, size - len(out))
            except zlib.error:
                raise self._damaged() from None
            taken = len(packed) - len(stream.unconsumed_tail) - len(stream.unused_data)
            if not got and not taken and not stream.eof:
                raise self._damaged()
            fed += taken
            out += got
        if len(out) < size and not to_end:
            raise self._damaged()
        return bytes(out), fed

    def _damaged(self) -> InputError:
        return InputError("checkpoint.checksum", file=self._file.name, record=self._record)
