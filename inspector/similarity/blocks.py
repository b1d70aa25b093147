"""The memory of one block of a tensor pair, and the few operations that every sum comes from.

Python's lock changes hands at every call into torch. Threads gain only where calls are few and long, so both sides
lie in one tensor, views are made once a shape, and results are written into memory that is there.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import torch

from inspector.results import FloatArray
from inspector.similarity.reading import Buffers, Raw, to_floats

# Below this share of |A|² + |B|² the difference of the sums would have lost digits: it is computed from A - B.
_CANCELLED = 1e-3
_DOT_ELEMENTS = 1 << 18  # in longer products of bf16 values float32 rounding shows in the fifth digit
_KEPT_SHAPES = 64
_LANES = 16  # the second side starts at a multiple of this many elements, as aligned as the first


class PairBlock:
    """Rows of both sides, (rows, columns), in one run of memory.

    Attributes:
        rows, columns: size of each side. a, b: the values, (rows, columns). flat: both sides, each (rows × columns,).
    """

    def __init__(self, rows: int, columns: int, memory: torch.Tensor) -> None:
        size = rows * columns
        sides = memory[: 2 * padded(size)].view(2, -1)[:, :size]
        self.rows, self.columns = rows, columns
        self.flat = a, b = sides[0], sides[1]
        self._both = sides.view(2, rows, columns)
        self.a, self.b = self._both[0], self._both[1]
        starts = range(0, size, _DOT_ELEMENTS)
        self._pieces = tuple((a[at : at + _DOT_ELEMENTS], b[at : at + _DOT_ELEMENTS]) for at in starts)
        self._dots = torch.zeros((len(self._pieces), 3), dtype=memory.dtype)
        self._each = tuple(dots.unbind() for dots in self._dots)
        self._columns = torch.zeros((2, columns), dtype=memory.dtype)
        self._sums: FloatArray = self._columns.numpy()

    def products(self) -> list[float]:
        """Return [|A|², |B|², A·B, |A - B|²]. The last follows from the others, except where the two nearly cancel.

        Call it last: A - B then takes the place of B.
        """
        for (a, b), (aa, bb, ab) in zip(self._pieces, self._each, strict=True):
            torch.dot(a, a, out=aa)
            torch.dot(b, b, out=bb)
            torch.dot(a, b, out=ab)
        total = [0.0, 0.0, 0.0, 0.0]
        for (a, b), (aa, bb, ab) in zip(self._pieces, self._dots.tolist(), strict=True):
            dd = aa + bb - 2 * ab
            if not dd > _CANCELLED * (aa + bb):
                torch.sub(a, b, out=b)
                dd = float(torch.dot(b, b))
            total = [so_far + more for so_far, more in zip(total, (aa, bb, ab, dd), strict=True)]
        return total

    def column_sums(self) -> FloatArray:
        """Return the sums over rows of both sides, (2, columns); valid until the next call."""
        torch.sum(self._both, 1, out=self._columns)
        return self._sums


def padded(size: int) -> int:
    """Return the room that one side of `size` elements takes."""
    return -(-size // _LANES) * _LANES


class Scratch:
    """What one worker reuses from block to block and from pair to pair.

    Attributes:
        a, b: where the stored elements of each side are read.
    """

    def __init__(self) -> None:
        self.a, self.b = Buffers(), Buffers()
        self._memory = torch.empty(0)
        self._equal = np.zeros(0, np.bool_)
        self._blocks: dict[tuple[int, int], PairBlock] = {}

    def fill(self, raw_a: Raw, raw_b: Raw, rows: int, columns: int) -> PairBlock:
        """Convert the stored elements of both sides to float32, in memory that the next call reuses."""
        block = self._block(rows, columns)
        to_floats(raw_a, block.flat[0])
        to_floats(raw_b, block.flat[1])
        return block

    def equal(self, size: int) -> npt.NDArray[np.bool_]:
        """Return room for the comparison of `size` elements."""
        if self._equal.size < size:
            self._equal = np.zeros(size, np.bool_)
        return self._equal[:size]

    def _block(self, rows: int, columns: int) -> PairBlock:
        found = self._blocks.get((rows, columns))
        if found is None:
            room = 2 * padded(rows * columns)
            if self._memory.numel() < room:
                self._memory = torch.empty(room)
                self._blocks.clear()
            if len(self._blocks) >= _KEPT_SHAPES:
                self._blocks.clear()
            found = self._blocks[rows, columns] = PairBlock(rows, columns, self._memory)
        return found
