"""The same rows of every layer, read and converted together, and their running products.

Stored rows of all layers are read in long runs; their float32 values are made and multiplied in short ones, which the
multiplication finds in the cache.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import torch

from inspector.checkpoint.dtypes import value_type
from inspector.results import FloatArray
from inspector.similarity.reading import IN_TORCH, Buffers, PartReader, to_floats

CHUNK_ELEMENTS = 1 << 17  # of one layer, read at a time: 64 layers × 256 KB of bf16
_STEP_ELEMENTS = 1 << 20  # of all layers, converted and multiplied at a time
# Relative size of a centred norm that is only rounding (rows all equal).
_CENTRED_FLOOR = 1e-6


class _Slot(Buffers):
    """One layer's room in the memory of all."""

    def __init__(self, room: npt.NDArray[np.uint8]) -> None:
        super().__init__()
        self._raw = room


class LayerRows:
    """The rows of one part of every layer of one side, as stored."""

    def __init__(self, readers: list[PartReader], rows: int) -> None:
        dtypes = {value_type(reader.checkpoint.tensors[reader.part.tensor].dtype) for reader in readers}
        width = rows * readers[0].columns * max(dtype.itemsize for dtype in dtypes)
        memory = torch.empty((len(readers), -(-width // 64) * 64), dtype=torch.uint8)
        self._readers = readers
        self._slots = [_Slot(room) for room in memory.numpy()]
        self._values = [np.zeros(0, np.float32)] * len(readers)
        kind = IN_TORCH.get(dtypes.pop()) if len(dtypes) == 1 else None
        self._together = None if kind is None else memory.view(kind)

    def read(self, start: int, stop: int) -> None:
        """Read rows start..stop of every layer."""
        for index, (reader, slot) in enumerate(zip(self._readers, self._slots, strict=True)):
            raw = reader.raw(start, stop, slot)
            room = slot.raw(raw.nbytes)
            if self._together is not None and not np.may_share_memory(raw, room):
                room[...] = raw.view(np.uint8)  # turned, in memory of its own
            self._values[index] = raw

    def floats(self, low: int, high: int, out: torch.Tensor) -> None:
        """Convert elements low..high of what was read into `out`, float32 (layers, high - low)."""
        if self._together is not None:
            out.copy_(self._together[:, low:high])
            return
        for raw, row in zip(self._values, out, strict=True):
            to_floats(raw[low:high], row)


class Products:
    """Running products of one stack, float64 (candidate layers, reference layers)."""

    def __init__(self, candidate: int, reference: int, columns: int) -> None:
        self._sides = candidate, reference
        self._dot = torch.zeros((candidate, reference), dtype=torch.float64)
        self._squares = torch.zeros(candidate + reference, dtype=torch.float64)
        self._columns = torch.zeros((candidate + reference, columns), dtype=torch.float64)
        self._step = max(1, _STEP_ELEMENTS // ((candidate + reference) * max(columns, 1)))
        self._memory = torch.empty((candidate + reference) * self._step * columns)

    def add(self, a: LayerRows, b: LayerRows, rows: int) -> None:
        """Add the rows that both sides have read; where squares overflow, all are done again in float64."""
        dot, squares, columns = self._sums(self._blocks(a, b, rows), torch.float32)
        if not bool(torch.isfinite(dot).all() & torch.isfinite(squares).all()):
            wide = (torch.nan_to_num(x.double(), nan=0.0, posinf=0.0, neginf=0.0) for x in self._blocks(a, b, rows))
            dot, squares, columns = self._sums(wide, torch.float64)
        self._dot += dot
        self._squares += squares
        self._columns += columns

    def _blocks(self, a: LayerRows, b: LayerRows, rows: int) -> Iterator[torch.Tensor]:
        """Yield a few rows of all layers, (candidate layers + reference layers, rows, columns), in turn."""
        layers, columns = self._columns.shape
        for first in range(0, rows, self._step):
            last = min(first + self._step, rows)
            block = self._memory[: layers * (last - first) * columns].view(layers, -1)
            a.floats(first * columns, last * columns, block[: self._sides[0]])
            b.floats(first * columns, last * columns, block[self._sides[0] :])
            yield block.view(layers, last - first, columns)

    def _sums(self, blocks: Iterator[torch.Tensor], dtype: torch.dtype) -> tuple[torch.Tensor, ...]:
        """Return the inner products, the squared norms and the column sums of blocks, added up in order."""
        dot, squares = torch.zeros_like(self._dot), torch.zeros_like(self._squares)
        columns = torch.zeros((self._columns.shape[0], 1, self._columns.shape[1]), dtype=dtype)
        for block in blocks:
            flat = block.flatten(1)
            dot += torch.mm(flat[: self._sides[0]], flat[self._sides[0] :].t())
            squares += torch.linalg.vector_norm(flat, dim=1).double().square()
            columns.baddbmm_(torch.ones((1, 1, block.shape[1]), dtype=dtype).expand(block.shape[0], -1, -1), block)
        return dot, squares, columns[:, 0]

    def cosine(self) -> FloatArray:
        """Return the cosines, NaN where a layer is all zero."""
        return _ratio(self._dot.numpy(), *self._split(self._squares))

    def centred(self, rows: int) -> FloatArray:
        """Return the cosines after removing each layer's mean row."""
        squares = self._squares - self._columns.square().sum(1) / rows
        squares[squares <= _CENTRED_FLOOR * self._squares] = 0.0
        column_a, column_b = self._split(self._columns)
        return _ratio(self._dot.numpy() - column_a @ column_b.T / rows, *self._split(squares))

    def _split(self, both: torch.Tensor) -> tuple[FloatArray, FloatArray]:
        return both[: self._sides[0]].numpy(), both[self._sides[0] :].numpy()


def _ratio(dot: FloatArray, square_a: FloatArray, square_b: FloatArray) -> FloatArray:
    with np.errstate(invalid="ignore", divide="ignore"):
        value = dot / (np.sqrt(square_a)[:, None] * np.sqrt(square_b)[None, :])
    return np.where(np.isfinite(value), np.clip(value, -1.0, 1.0), np.nan)
