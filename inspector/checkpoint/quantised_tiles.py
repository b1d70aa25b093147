"""Rectangles of stored matrices, for decoders whose rows do not lie in one run.

Matrices of up to `KEPT` bytes are read once and kept while they are used, within `ROOM` bytes in all; larger ones are
read by the piece. What is kept is never written to, so that several threads may read at a time.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from inspector.checkpoint.dtypes import DTYPES, to_float32
from inspector.checkpoint.storage import Placed, element_count, read_run, read_span

TILE = 1 << 20  # elements decoded at a time
KEPT = 64 << 20
ROOM = 256 << 20
_WHOLE_LINES = 1 << 20  # bytes of a line from which on only the wanted part of it is read

Floats = npt.NDArray[np.float32]
Tile = Callable[[int, int, int, int], Floats]


class Recent:
    """The matrices that were read last, shared by all tensors of a checkpoint."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[int, tuple[Placed, npt.NDArray[Any]]] = {}  # an id counts while its tensor is held

    def whole(self, placed: Placed) -> npt.NDArray[Any]:
        """Return all values of a tensor in its own shape; not to be written to."""
        with self._lock:
            found = self._kept.pop(id(placed), None)
            if found is not None:
                self._kept[id(placed)] = found  # now the youngest
                return found[1]
        values = _read_whole(placed)
        with self._lock:
            self._kept[id(placed)] = placed, values
            while len(self._kept) > 1 and sum(held.nbytes for _, held in self._kept.values()) > ROOM:
                del self._kept[next(iter(self._kept))]
        return values


def _read_whole(placed: Placed) -> npt.NDArray[Any]:
    if placed.strides is not None:
        return read_span(placed)
    return read_run(placed, 0, element_count(placed.shape), None).reshape(placed.shape)


class Grid:
    """A stored matrix (lines, columns) from which rectangles are read; `shape` is its shape."""

    def __init__(self, placed: Placed, shape: tuple[int, int], recent: Recent) -> None:
        self.shape = shape
        self._placed = placed
        self._recent = recent
        nbytes = element_count(shape) * DTYPES[placed.dtype].itemsize
        self._keep = nbytes <= KEPT or placed.strides is not None

    @property
    def file(self) -> str:
        """Name of the file that holds it."""
        return self._placed.file.name if self._placed.file is not None else ""

    def block(self, first: int, stop: int, left: int, right: int) -> npt.NDArray[Any]:
        """Return lines first..stop of columns left..right in the stored type."""
        if self._keep:
            whole = self._recent.whole(self._placed).reshape(self.shape)
            found: npt.NDArray[Any] = whole[first:stop, left:right]
            return found
        width = self.shape[1]
        item = DTYPES[self._placed.dtype].itemsize
        out = np.empty((stop - first, right - left), DTYPES[self._placed.dtype])
        step = max(1, _WHOLE_LINES // max(width * item, 1))
        if width * item > _WHOLE_LINES:
            for line in range(first, stop):
                out[line - first] = read_run(self._placed, line * width + left, line * width + right, None)
            return out
        for line in range(first, stop, step):
            end = min(line + step, stop)
            lines = read_run(self._placed, line * width, end * width, None).reshape(end - line, width)
            out[line - first : end - first] = lines[:, left:right]
        return out

    def head(self, count: int) -> npt.NDArray[Any]:
        """Return the first `count` values of the first line, without reading the rest."""
        if self._placed.strides is not None:
            return np.ascontiguousarray(self.block(0, 1, 0, count)).reshape(-1)
        return read_run(self._placed, 0, count, None)

    def floats(self, first: int, stop: int, left: int, right: int) -> Floats:
        """Return the rectangle as float32."""
        block = self.block(first, stop, left, right)
        return to_float32(np.ascontiguousarray(block).reshape(-1)).reshape(block.shape)


def gathered(columns: int, start: int, stop: int, tile: Tile) -> Floats:
    """Return elements start..stop (C order) of a matrix of which `tile` decodes (first, stop) rows, columns."""
    out = np.empty(stop - start, np.float32)
    at = start
    while at < stop:
        row, column = divmod(at, columns)
        if column or stop - at < columns or columns > TILE:
            end = min(stop, at - column + columns, at + TILE)
            block = tile(row, row + 1, column, column + end - at)
        else:
            rows = min((stop - at) // columns, TILE // columns)
            end = at + rows * columns
            block = tile(row, row + rows, 0, columns)
        out[at - start : end - start] = block.reshape(-1)
        at = end
    return out
