"""Chunked HDF5 datasets, read without the HDF5 library: where each chunk lies, unpacked with a length check.

The chunks' places are collected when the file is opened; values are then read by offset, so several threads
may read at a time and no damaged chunk can give anything but an InputError. Filters: gzip (deflate), shuffle
and fletcher32. Format: HDF5 File Format Specification 3.0, IV.A.2.l (Data Storage - Filter Pipeline).
"""

from __future__ import annotations

import itertools
import math
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from inspector.checkpoint.chunk_cache import ChunkCache
from inspector.checkpoint.source import SourceFile
from inspector.errors import InputError

DEFLATE, SHUFFLE, FLETCHER32 = 1, 2, 3
_CHECKSUM = 4
_SUM_BLOCK = 1 << 16
_PACKED_MORE = 2  # a deflated chunk is at most a little longer than its content

Box = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Chunk:
    """Where one chunk lies: bytes offset..offset + nbytes of the file; bit i of `mask`: filter i was not applied."""

    offset: int
    nbytes: int
    mask: int


@dataclass(frozen=True, slots=True)
class Grid:
    """A chunked dataset.

    Attributes:
        shape, chunk_shape: in elements. item: bytes an element. filters: codes in the order of writing.
        chunks: number of the chunk in C order of the grid -> where it lies; complete.
    """

    shape: tuple[int, ...]
    chunk_shape: tuple[int, ...]
    item: int
    filters: tuple[int, ...]
    chunks: Mapping[int, Chunk]

    @property
    def counts(self) -> tuple[int, ...]:
        """How many chunks lie along each dimension."""
        return tuple(-(-size // step) for size, step in zip(self.shape, self.chunk_shape, strict=True))

    @property
    def chunk_bytes(self) -> int:
        """Bytes of one unpacked chunk."""
        return math.prod(self.chunk_shape) * self.item

    def is_cut(self, number: int) -> bool:
        """Say whether a chunk reaches over the edge of the dataset."""
        place = np.unravel_index(number, self.counts)
        ends = ((int(at) + 1) * step for at, step in zip(place, self.chunk_shape, strict=True))
        return any(end > size for end, size in zip(ends, self.shape, strict=True))


class Chunked:
    """The values of a chunked dataset as one run of bytes in C order."""

    def __init__(self, file: SourceFile, grid: Grid, cache: ChunkCache) -> None:
        self._file = file
        self._grid = grid
        self._cache = cache
        self._key = id(self)
        self._type = np.dtype((np.void, grid.item))
        self.offset = -1
        self.nbytes = math.prod(grid.shape) * grid.item

    def read_into(self, start: int, out: memoryview) -> None:
        """Fill `out` from byte `start` of the run; both are whole elements.

        Raises:
            InputError: a chunk's checksum, its compressed content or its length is wrong.
        """
        item = self._grid.item
        at = 0
        for box in boxes(self._grid.shape, start // item, (start + len(out)) // item):
            size = math.prod(high - low for low, high in box) * item
            self._fill(box, np.frombuffer(out[at : at + size], self._type))
            at += size

    def _fill(self, box: Box, out: npt.NDArray[Any]) -> None:
        """Copy one box of elements from the chunks that it touches."""
        grid = self._grid
        target = out.reshape([high - low for low, high in box])
        steps = grid.chunk_shape
        spans = [range(low // step, -(-high // step)) for (low, high), step in zip(box, steps, strict=True)]
        for place in itertools.product(*spans):
            theirs, ours = [], []
            for at, step, (low, high) in zip(place, steps, box, strict=True):
                first, last = max(low, at * step), min(high, (at + 1) * step)
                theirs.append(slice(first - at * step, last - at * step))
                ours.append(slice(first - low, last - low))
            number = int(np.ravel_multi_index(place, grid.counts))
            chunk = np.frombuffer(self.content(number), self._type).reshape(steps)
            target[tuple(ours)] = chunk[tuple(theirs)]

    def content(self, number: int) -> bytes:
        """Return one unpacked chunk."""
        kept = self._cache.get((self._key, number))
        if kept is not None:
            return kept
        chunk = self._grid.chunks[number]
        packed = bytearray(chunk.nbytes)
        self._file.read_into(chunk.offset, memoryview(packed))
        content = unpack(bytes(packed), self._grid, chunk.mask)
        if content is None:
            raise InputError("checkpoint.hdf5_chunk_damaged", file=self._file.name, chunk=number)
        self._cache.put((self._key, number), content)
        return content


def boxes(shape: tuple[int, ...], start: int, stop: int) -> Iterator[Box]:
    """Cut elements start..stop (C order) of an array into boxes, each of which is one run of elements.

    >>> list(boxes((3, 4), 2, 9))
    [((0, 1), (2, 4)), ((1, 2), (0, 4)), ((2, 3), (0, 1))]
    """
    if start >= stop:
        return
    if not shape:
        yield ()
        return
    inner = math.prod(shape[1:])
    first, last = -(-start // inner), stop // inner
    if first > last:  # within one row
        row = start // inner
        yield from _in_row(shape, row, start - row * inner, stop - row * inner)
        return
    if first * inner > start:
        yield from _in_row(shape, first - 1, start - (first - 1) * inner, inner)
    if last > first:
        yield ((first, last), *((0, size) for size in shape[1:]))
    if last * inner < stop:
        yield from _in_row(shape, last, 0, stop - last * inner)


def _in_row(shape: tuple[int, ...], row: int, start: int, stop: int) -> Iterator[Box]:
    for box in boxes(shape[1:], start, stop):
        yield ((row, row + 1), *box)


def packed_limit(grid_bytes: int) -> int:
    """Return how long a packed chunk can be at most."""
    return _PACKED_MORE * grid_bytes + (1 << 10)


def unpack(packed: bytes, grid: Grid, mask: int) -> bytes | None:
    """Undo a chunk's filters, last one first; None when a checksum, the compressed content or a length is wrong."""
    content = packed
    for index in reversed(range(len(grid.filters))):
        if mask >> index & 1:
            continue
        undone = _undone(grid.filters[index], content, grid)
        if undone is None:
            return None
        content = undone
    return content if len(content) == grid.chunk_bytes else None


def _undone(code: int, content: bytes, grid: Grid) -> bytes | None:
    if code == FLETCHER32:
        return _verified(content)
    if code == DEFLATE:
        return _inflated(content, grid.chunk_bytes + _CHECKSUM)
    return _unshuffled(content, grid.item)


def _inflated(packed: bytes, limit: int) -> bytes | None:
    stream = zlib.decompressobj()
    try:
        content = stream.decompress(packed, limit + 1)
    except zlib.error:
        return None
    return content if stream.eof and not stream.unused_data and len(content) <= limit else None


def _unshuffled(content: bytes, item: int) -> bytes:
    """Put the bytes of each element together again; bytes behind the last whole element stay where they are."""
    whole = len(content) // item * item
    parts = np.frombuffer(content, np.uint8, whole).reshape(item, -1)
    return parts.T.tobytes() + content[whole:]


def _verified(content: bytes) -> bytes | None:
    if len(content) < _CHECKSUM:
        return None
    data, stored = content[:-_CHECKSUM], int.from_bytes(content[-_CHECKSUM:], "little")
    found = fletcher32(data)
    # Files written before HDF5 1.6.3 have the two bytes of each half exchanged: H5Zfletcher32.c.
    old = ((found & 0x00FF00FF) << 8) | (found >> 8 & 0x00FF00FF)
    return data if stored in (found, old) else None


def fletcher32(data: bytes) -> int:
    """Return the checksum of H5_checksum_fletcher32 (H5checksum.c): sums over big-endian 16-bit words."""
    words = np.frombuffer(data + b"\0" if len(data) % 2 else data, ">u2")
    low = high = 0
    for start in range(0, words.size, _SUM_BLOCK):
        block = words[start : start + _SUM_BLOCK].astype(np.uint64)
        weights = np.arange(block.size, 0, -1, dtype=np.uint64)
        high += block.size * low + int((block * weights).sum())
        low += int(block.sum())
    return _folded(high) << 16 | _folded(low)


def _folded(total: int) -> int:
    """Reduce modulo 65535 as adding the carries does: only 0 itself gives 0."""
    return total % 0xFFFF or (0xFFFF if total else 0)
