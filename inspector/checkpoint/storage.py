"""Where a tensor's bytes lie, and how its elements are picked from them.

A `Storage` is a run of bytes that a file holds as it is or deflated; a `Placed` tensor is a dtype, a shape
and strides over it. Every extent is checked when the file is opened, so reading needs no further checks.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from inspector.checkpoint.dtypes import DTYPES
from inspector.checkpoint.source import SourceFile
from inspector.errors import InputError, Note

# A view whose elements do not lie in one run is read through the whole span of storage that it touches.
MAX_SPAN = 256 << 20
_CRC_BLOCK = 4 << 20
# Of a turned matrix, runs from this length on are read one by one, shorter ones with what lies between them.
_SEGMENT = 8 << 10
_PIECE = 16 << 20


class Storage(Protocol):
    """A run of bytes.

    Attributes:
        offset: its absolute position in the file, -1 where the file holds it deflated. nbytes: its length.
    """

    offset: int
    nbytes: int

    def read_into(self, start: int, out: memoryview) -> None:
        """Fill `out` from byte `start` of the run."""


class Encoded(Protocol):
    """Values that are stored in a code of fewer bits: see `ENCODED`."""

    def values(self, start: int, stop: int) -> npt.NDArray[np.float32]:
        """Return elements start..stop (C order), decoded.

        Raises:
            InputError: the file ends early or changed while open.
        """


class Extent:
    """Bytes that lie in the file as they are."""

    def __init__(self, file: SourceFile, offset: int, nbytes: int) -> None:
        self._file = file
        self._start = offset
        self.offset = file.base + offset if file.base >= 0 else -1
        self.nbytes = nbytes

    def read_into(self, start: int, out: memoryview) -> None:
        """Fill `out` from byte `start` of the run."""
        self._file.read_into(self._start + start, out)


class Held:
    """A few bytes that were read when the file was opened."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self.offset = -1
        self.nbytes = len(content)

    def read_into(self, start: int, out: memoryview) -> None:
        """Fill `out` from byte `start` of the run."""
        out[:] = memoryview(self._content)[start : start + len(out)]


class CheckedExtent(Extent):
    """Bytes with a CRC-32, which is verified over the whole run before any of them is handed out."""

    def __init__(self, file: SourceFile, offset: int, nbytes: int, crc: int | None, record: str) -> None:
        super().__init__(file, offset, nbytes)
        self._crc = crc
        self._record = record
        self._verified = crc is None  # the archive has no checksums, which its reader warns of

    def head(self, size: int) -> bytes:
        """Return the first bytes, `size` at most, before the whole run is verified."""
        content = bytearray(min(size, self.nbytes))
        super().read_into(0, memoryview(content))
        return bytes(content)

    def verify(self) -> None:
        """Read the run once and compare its checksum; InputError("checkpoint.checksum") when it differs."""
        if self._verified:
            return
        buffer = memoryview(bytearray(min(_CRC_BLOCK, self.nbytes)))
        crc = 0
        for start in range(0, self.nbytes, _CRC_BLOCK):
            piece = buffer[: min(_CRC_BLOCK, self.nbytes - start)]
            super().read_into(start, piece)
            crc = zlib.crc32(piece, crc)
        if crc != self._crc:
            raise InputError("checkpoint.checksum", file=self._file.name, record=self._record)
        self._verified = True

    def read_into(self, start: int, out: memoryview) -> None:
        """Fill `out` from byte `start` of the run, whose checksum is verified first."""
        self.verify()
        super().read_into(start, out)


@dataclass(frozen=True, slots=True)
class Placed:
    """A tensor over a storage.

    Attributes:
        dtype: a key of `DTYPES`, or one of `ENCODED`. shape: dimensions. start: byte of its first element within the
            storage. strides: distance of neighbours in elements, None where the elements lie in one run in C order.
        big_endian: the bytes of every element are in reverse order. encoded: gives the values where dtype is one of
            `ENCODED`; strides then stay None.
        file: where its bytes lie, None for the file of its part.
    """

    dtype: str
    shape: tuple[int, ...]
    storage: Storage
    start: int
    strides: tuple[int, ...] | None = None
    big_endian: bool = False
    encoded: Encoded | None = None
    file: SourceFile | None = None

    @property
    def offset(self) -> int:
        """Absolute position of the first element, -1 where the values do not lie in the file in one run."""
        plain = self.strides is None and not self.big_endian and not self.encoded and self.storage.offset >= 0
        return self.storage.offset + self.start if plain else -1


@dataclass(frozen=True, slots=True)
class Part:
    """What one file of a checkpoint holds.

    Attributes:
        format: see `Checkpoint`. tensors: name -> where it lies. metadata: text pairs of the file.
        not_comparable: tensors left out, name -> what they are ("sparse", "C64").
        warnings: what an evaluator must know about this file.
        hints: what a config.json would say, for formats that say it in the file.
    """

    format: str
    tensors: Mapping[str, Placed]
    metadata: Mapping[str, str]
    not_comparable: Mapping[str, str]
    warnings: tuple[Note, ...] = ()
    hints: Mapping[str, Any] = field(default_factory=dict)


# A file and what it holds.
Opened = tuple[SourceFile, Part]


def located(opened: Opened, name: str) -> Placed:
    """Return a tensor with the file that it lies in, for one that is shown as a part of another."""
    file, part = opened
    placed = part.tensors[name]
    return placed if placed.file is not None else replace(placed, file=file)


def element_count(shape: tuple[int, ...]) -> int:
    """Return the number of elements of a shape (a Python integer: it cannot wrap)."""
    count = 1
    for size in shape:
        count *= size
    return count


def span(shape: tuple[int, ...], strides: tuple[int, ...]) -> int:
    """Return how many elements of storage a view reaches over, 0 for an empty one."""
    if 0 in shape:
        return 0
    return 1 + sum((size - 1) * stride for size, stride in zip(shape, strides, strict=True))


def read_run(placed: Placed, start: int, stop: int, out: npt.NDArray[Any] | None) -> npt.NDArray[Any]:
    """Read elements start..stop of a tensor whose elements lie in one run, into `out` (uint8) where given."""
    dtype = DTYPES[placed.dtype]
    nbytes = (stop - start) * dtype.itemsize
    buffer = np.empty(nbytes, np.uint8) if out is None else out.reshape(-1).view(np.uint8)[:nbytes]
    if nbytes:
        placed.storage.read_into(placed.start + start * dtype.itemsize, buffer.data)
    return _native(buffer, placed)


def read_span(placed: Placed) -> npt.NDArray[Any]:
    """Read the storage that a strided view spans and return the view, in its own shape."""
    dtype = DTYPES[placed.dtype]
    strides = placed.strides or ()
    buffer = np.empty(span(placed.shape, strides) * dtype.itemsize, np.uint8)
    placed.storage.read_into(placed.start, buffer.data)
    values = _native(buffer, placed)
    # Safe: the span was computed from this shape and these strides, and the buffer has exactly that length.
    return np.lib.stride_tricks.as_strided(
        values, placed.shape, tuple(stride * dtype.itemsize for stride in strides), writeable=False
    )


def read_turned(placed: Placed, first: int, stop: int) -> npt.NDArray[Any]:
    """Read rows first..stop of a turned matrix, for one too large to hold: the stored columns first..stop.

    `placed` is a view whose first dimension is the last one of what is stored, so that its rows are columns there.
    """
    item = DTYPES[placed.dtype].itemsize
    width = placed.shape[0]
    picked = stop - first
    lines = element_count(placed.shape[1:])
    buffer = np.empty((lines, picked * item), np.uint8)
    if picked * item >= _SEGMENT:
        for line in range(lines):
            placed.storage.read_into(placed.start + (line * width + first) * item, buffer[line].data)
    else:
        step = max(1, _PIECE // (width * item))
        piece = np.empty((min(step, lines), width * item), np.uint8)
        for line in range(0, lines, step):
            whole = piece[: min(step, lines - line)]
            placed.storage.read_into(placed.start + line * width * item, whole.reshape(-1).data)
            buffer[line : line + step] = whole[:, first * item : stop * item]
    values = _native(buffer.reshape(-1), placed)
    strides = [1, *(stride // width * picked for stride in (placed.strides or ())[1:])]
    return np.lib.stride_tricks.as_strided(
        values, (picked, *placed.shape[1:]), [stride * item for stride in strides], writeable=False
    )


def _native(buffer: npt.NDArray[np.uint8], placed: Placed) -> npt.NDArray[Any]:
    dtype = DTYPES[placed.dtype]
    if placed.big_endian and dtype.itemsize > 1:
        buffer[:] = buffer.reshape(-1, dtype.itemsize)[:, ::-1].reshape(-1)
    return buffer.view(dtype)
