"""Reads rows of a part into reused buffers, and offers the bytes to the hashes on the way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from inspector.anatomy import Part
from inspector.checkpoint import Checkpoint
from inspector.checkpoint.dtypes import DTYPES, to_float32, to_float64, value_type
from inspector.similarity.hashing import InOrderHash

# Of one side. A block costs a dozen calls under Python's lock: smaller ones keep two workers waiting for each other,
# larger ones leave the cache.
BLOCK_ELEMENTS = 1 << 19

TURNED_ROWS = 512

Raw = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Hashes:
    """The running hashes of one checkpoint: one a file, one a tensor that has values."""

    files: tuple[InOrderHash, ...]
    tensors: Mapping[str, InOrderHash]

    @classmethod
    def of(cls, checkpoint: Checkpoint) -> Hashes:
        """Start the hashes of a checkpoint: of each file, what stands before its first tensor."""
        tensors = {name: InOrderHash(tensor.nbytes) for name, tensor in checkpoint.tensors.items()}
        files = tuple(InOrderHash(entry.bytes) for entry in checkpoint.files)
        first = [entry.bytes for entry in checkpoint.files]
        for tensor in checkpoint.tensors.values():
            if tensor.offset >= 0:
                first[tensor.file] = min(first[tensor.file], tensor.offset)
        for index, (digest, entry) in enumerate(zip(files, checkpoint.files, strict=True)):
            if first[index] < entry.bytes:
                digest.offer(0, checkpoint.read_file(index, 0, first[index]).data)
        return cls(files, tensors)


class Buffers:
    """The memory one worker reuses for one side of a pair: stored bytes and their float32 values."""

    def __init__(self) -> None:
        self._raw = _aligned(0, np.uint8)
        self._values = _aligned(0, np.float32)

    def raw(self, size: int) -> npt.NDArray[np.uint8]:
        """Return `size` bytes of scratch memory."""
        if self._raw.size < size:
            self._raw = _aligned(size, np.uint8)
        return self._raw[:size]

    def values(self, elements: int) -> npt.NDArray[np.float32]:
        """Return room for `elements` float32 values."""
        if self._values.size < elements:
            self._values = _aligned(elements, np.float32)
        return self._values[:elements]


def _aligned(elements: int, dtype: type[np.generic]) -> npt.NDArray[Any]:
    """Return memory on torch's 64-byte boundary: sums in BLAS differ in the last digit with the alignment."""
    size = elements * np.dtype(dtype).itemsize
    return torch.empty(size, dtype=torch.uint8).numpy().view(dtype)


IN_TORCH = {DTYPES["BF16"]: torch.bfloat16, DTYPES["F16"]: torch.float16, DTYPES["F32"]: torch.float32}


def to_floats(raw: Raw, out: torch.Tensor) -> None:
    """Convert stored elements (n,) into `out`, float32 (n,). Of 16 bits, torch converts twice as fast as numpy."""
    kind = IN_TORCH.get(raw.dtype)
    if kind is None or not raw.size or not raw.flags.writeable:
        to_float32(raw, out.numpy())
    else:
        out.copy_(torch.frombuffer(raw.view(np.uint8), dtype=kind))


@dataclass(frozen=True, slots=True)
class PartReader:
    """Reads the rows of one part of one checkpoint.

    Attributes:
        checkpoint, part: what is read. hashes: where the bytes are offered, None to leave hashing out.
        on_read: told how many bytes were read.
    """

    checkpoint: Checkpoint
    part: Part
    hashes: Hashes | None = None
    on_read: Callable[[int], None] | None = None

    @property
    def columns(self) -> int:
        """Elements of one row."""
        return self.part.shape[1]

    def raw(self, start: int, stop: int, buffers: Buffers) -> Raw:
        """Return rows start..stop as stored, shape ((stop - start) × columns,); valid until the next call."""
        if self.part.transposed:
            return self._turned(start, stop)
        stored = self._stored(start, stop, buffers)
        return _unflipped(stored, self.checkpoint, self.part) if self.part.flipped else stored

    def _stored(self, start: int, stop: int, buffers: Buffers) -> Raw:
        dtype = value_type(self.checkpoint.tensors[self.part.tensor].dtype)
        width = self.columns * dtype.itemsize
        target = buffers.raw((stop - start) * width)
        done = 0
        for low, high in _segments(self.part, start, stop):
            piece = target[done : done + (high - low) * width]
            self._read(low * self.columns, high * self.columns, piece)
            done += piece.size
        if self.on_read is not None:
            self.on_read(target.size)
        return target.view(dtype)

    def values(self, start: int, stop: int, buffers: Buffers) -> tuple[Raw, npt.NDArray[np.float32]]:
        """Return (stored elements, float32 values) of rows start..stop, both flat."""
        raw, values = self.raw(start, stop, buffers), buffers.values((stop - start) * self.columns)
        to_floats(raw, torch.from_numpy(values))
        return raw, values

    def wide(self, start: int, stop: int, buffers: Buffers) -> tuple[Raw, npt.NDArray[np.float64]]:
        """Return (stored elements, float64 values) of rows start..stop, both flat."""
        raw = self.raw(start, stop, buffers)
        return raw, to_float64(raw)

    def _turned(self, start: int, stop: int) -> Raw:
        """Read rows of a part whose units are the last stored dimension: a strip of every stored row."""
        units = self.checkpoint.tensors[self.part.tensor].shape[-1]
        pieces = []
        for low, high in _segments(self.part, start, stop):
            while low < high:
                matrix, first = divmod(low, units)  # of a stack of experts, each is turned by itself
                last = min(first + high - low, units)
                pieces.append(self._strips(matrix * self.columns, units, first, last))
                low += last - first
        block = np.concatenate(pieces, axis=1) if len(pieces) != 1 else pieces[0]
        if self.on_read is not None:
            self.on_read(block.nbytes)
        return np.ascontiguousarray(block.T).reshape(-1)

    def _strips(self, row: int, units: int, first: int, last: int) -> Raw:
        """Return elements first..last of `columns` stored rows from `row` on, (columns, last - first)."""
        if (first, last) == (0, units):
            whole = self.checkpoint.read_flat(self.part.tensor, row * units, (row + self.columns) * units)
            return whole.reshape(self.columns, units)
        strips = [
            self.checkpoint.read_flat(self.part.tensor, line * units + first, line * units + last)
            for line in range(row, row + self.columns)
        ]
        return np.stack(strips)

    def _read(self, start: int, stop: int, piece: npt.NDArray[np.uint8]) -> None:
        name = self.part.tensor
        raw = self.checkpoint.read_flat(name, start, stop, piece)
        if not np.may_share_memory(raw, piece):  # strided values come in memory of their own
            piece[...] = raw.view(np.uint8)
        if self.hashes is not None:
            offer(self.checkpoint, self.hashes, name, start * raw.itemsize, piece.data)


@dataclass(frozen=True, slots=True)
class HeldReader(PartReader):
    """Reads the rows of a part from a matrix that stands for it in memory.

    Attributes:
        matrix: (rows, columns) float32, which need not be the part's shape as stored.
    """

    matrix: npt.NDArray[np.float32] = field(default_factory=lambda: np.zeros((0, 0), np.float32))

    @classmethod
    def of(cls, reader: PartReader, matrix: npt.NDArray[np.float32]) -> HeldReader:
        """Return a reader of `matrix` in the place of what `reader` reads."""
        rows, columns = matrix.shape
        part = replace(reader.part, shape=(rows, columns), ranges=(), transposed=False, flipped=False)
        return cls(reader.checkpoint, part, matrix=np.ascontiguousarray(matrix))

    def raw(self, start: int, stop: int, buffers: Buffers) -> Raw:
        """Return rows start..stop of the matrix, shape ((stop - start) × columns,)."""
        return self.matrix[start:stop].reshape(-1)


def _unflipped(values: Raw, checkpoint: Checkpoint, part: Part) -> Raw:
    """Reverse the taps of convolution kernels, (out, in, taps...), in every tap dimension."""
    own = checkpoint.projected.get(part.tensor)
    if own is not None and own.odd:
        rows = values.reshape(-1, part.shape[1]).copy()
        rows[:, -own.odd :] *= -1
        return rows.reshape(-1)
    shape = checkpoint.tensors[part.tensor].shape if own is None else own.shape
    taps = tuple(range(2, len(shape)))
    return np.ascontiguousarray(np.flip(values.reshape(-1, *shape[1:]), taps)).reshape(-1)


def offer(checkpoint: Checkpoint, hashes: Hashes, name: str, start: int, data: memoryview) -> None:
    """Offer bytes of a tensor (from its byte `start`) to the tensor's hash and, where they lie so, the file's."""
    tensor = checkpoint.tensors[name]
    hashes.tensors[name].offer(start, data)
    if tensor.offset >= 0:
        hashes.files[tensor.file].offer(tensor.offset + start, data)


def _segments(part: Part, start: int, stop: int) -> list[tuple[int, int]]:
    """Return the row ranges of the stored matrix that rows start..stop of the part are made of."""
    if not part.ranges:
        return [(start, stop)]
    segments = []
    first = 0
    for low, high in part.ranges:
        begin, end = max(start, first), min(stop, first + high - low)
        if begin < end:
            segments.append((low + begin - first, low + end - first))
        first += high - low
    return segments


def row_blocks(
    rows: int, columns: int, elements: int = BLOCK_ELEMENTS, *, turned: bool = False
) -> list[tuple[int, int]]:
    """Cut rows into fixed blocks of about `elements` elements; the cut depends on the shape (and storage) alone.

    Blocks of a turned part have at least `TURNED_ROWS` rows, because every block reads a strip of every stored row.
    """
    step = max(1, elements // max(columns, 1), TURNED_ROWS if turned else 0)
    return [(start, min(start + step, rows)) for start in range(0, rows, step)]
