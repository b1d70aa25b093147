"""Weights that a graph stores as integers beside a scale and a zero point, given as the numbers that it computes with.

Format: https://onnx.ai/onnx/operators/onnx__DequantizeLinear.html: y = (x - zero_point) * scale, with one scale for
the tensor, one for each place along an axis, or one for each block along an axis.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from inspector.checkpoint.onnx_model import Node
from inspector.checkpoint.storage import Encoded, Placed, element_count, read_run, read_turned

MAX_SCALES = 16 << 20
_SCALES = {"F32", "F16", "BF16", "FLOAT8E8M0"}
_PIECE = 4 << 20


@dataclass(frozen=True, slots=True)
class Plain:
    """Stored numbers as float32, also of a turned matrix."""

    placed: Placed

    def values(self, start: int, stop: int) -> npt.NDArray[np.float32]:
        """Return elements start..stop, shape (stop - start,)."""
        placed = self.placed
        if placed.strides is None or start == stop:
            raw = read_run(placed, start, stop, None)
        else:
            width = placed.shape[1]
            first = start // width
            block = np.ascontiguousarray(read_turned(placed, first, -(-stop // width))).reshape(-1)
            raw = block[start - first * width : stop - first * width]
        return raw.astype(np.float32)


@dataclass(frozen=True, slots=True)
class Turned:
    """The transpose of encoded values, of which `rows` and `columns` are stored."""

    stored: Encoded
    rows: int
    columns: int

    def values(self, start: int, stop: int) -> npt.NDArray[np.float32]:
        """Return elements start..stop of the transpose, shape (stop - start,)."""
        if start == stop:
            return np.empty(0, np.float32)
        first, last = start // self.rows, -(-stop // self.rows)
        block = np.empty((last - first, self.rows), np.float32)
        step = max(1, _PIECE // self.columns)
        for row in range(0, self.rows, step):
            end = min(row + step, self.rows)
            lines = self.stored.values(row * self.columns, end * self.columns).reshape(-1, self.columns)
            block[:, row:end] = lines[:, first:last].T
        return block.reshape(-1)[start - first * self.rows : stop - first * self.rows]


@dataclass(frozen=True, slots=True)
class Dequantised:
    """Stored numbers, less their zero points, times their scales.

    Attributes:
        stored, scales, zeros: their values; zeros is None where they are all 0. count: how many scales there are.
        size, inner: places along the axis, and elements from one to the next. block: places that share a scale.
        whole: one scale for each place, whatever the other dimensions. rows, columns: of what is stored, where that
            is turned, else 0.
    """

    stored: Encoded
    scales: Encoded
    zeros: Encoded | None
    count: int
    size: int
    inner: int
    block: int
    whole: bool
    rows: int = 0
    columns: int = 0

    def values(self, start: int, stop: int) -> npt.NDArray[np.float32]:
        """Return elements start..stop, shape (stop - start,)."""
        numbers = self.stored.values(start, stop)
        scales = self.scales.values(0, self.count)
        zeros = self.zeros.values(0, self.count) if self.zeros else None
        if self.count > 1:
            places = self._places(start, stop)
            scales = scales[places]
            zeros = None if zeros is None else zeros[places]
        if zeros is not None:
            numbers = numbers - zeros
        with np.errstate(over="ignore", invalid="ignore"):  # infinities of a hostile file are judged, not warned of
            return numbers * scales

    def _places(self, start: int, stop: int) -> npt.NDArray[np.int64]:
        """Return the index of each element's scale."""
        flat = np.arange(start, stop)
        if self.columns:
            flat = flat % self.rows * self.columns + flat // self.rows
        along = flat // self.inner % self.size
        if self.whole:
            return along
        blocks = -(-self.size // self.block)
        outer = flat // (self.inner * self.size)
        return (outer * blocks + along // self.block) * self.inner + flat % self.inner


def turned(placed: Placed) -> Placed:
    """Return a stored matrix as its transpose."""
    rows, columns = placed.shape
    if placed.encoded is not None:
        return replace(placed, shape=(columns, rows), encoded=Turned(placed.encoded, rows, columns))
    return replace(placed, shape=(columns, rows), strides=(1, columns))


def dequantised(stored: Placed, node: Node, known: Mapping[str, Placed], turn: bool) -> Placed | None:
    """Return the values that a DequantizeLinear node gives, None where the file does not hold all that is needed."""
    parts = [known.get(name) for name in node.inputs[1:3] if name]
    scale = parts[0] if parts else None
    zero = parts[1] if len(parts) > 1 else None
    if scale is None or scale.dtype not in _SCALES or (zero is None and len(parts) > 1):
        return None
    if zero is not None and (zero.shape != scale.shape or zero.dtype != stored.dtype):
        return None
    count = element_count(scale.shape)
    rank = len(stored.shape)
    axis = node.numbers.get("axis", 1)
    axis += rank if axis < 0 else 0
    block = node.numbers.get("block_size", 0)
    single = count == 1 and len(scale.shape) <= 1
    if not 0 < count <= MAX_SCALES or (not single and not 0 <= axis < rank):
        return None
    size = 1 if single else stored.shape[axis]
    whole = not block
    if not single:
        wanted = (size,) if whole else _blocks(stored.shape, axis, block)
        if scale.shape != wanted:
            return None
    inner = 1 if single else element_count(stored.shape[axis + 1 :])
    shown = turned(stored) if turn else stored
    rows, columns = stored.shape if turn else (0, 0)
    encoded = Dequantised(
        shown.encoded or Plain(shown),
        scale.encoded or Plain(scale),
        None if zero is None else zero.encoded or Plain(zero),
        count,
        size,
        inner,
        block,
        whole,
        rows,
        columns,
    )
    return Placed(f"DQ_{stored.dtype}", shown.shape, stored.storage, 0, encoded=encoded, file=stored.file)


def _blocks(shape: tuple[int, ...], axis: int, block: int) -> tuple[int, ...]:
    if block < 0:
        return ()
    return (*shape[:axis], -(-shape[axis] // block), *shape[axis + 1 :])
