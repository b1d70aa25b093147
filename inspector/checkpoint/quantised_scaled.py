"""FP8 and int8 matrices with scales beside them, as compressed-tensors, FBGEMM and DeepSeek-V3 publish them.

`weight` (out, in) and `weight_scale` or `weight_scale_inv`: one for the tensor, one a row, or one a block of rows and
columns; a weight is value × scale under either name. Sources: compressed-tensors (quantization/lifecycle),
DeepSeek-V3 (inference/fp8_cast_bf16.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from inspector.checkpoint.quantised_group import SCALES, Group, LeftOut, Restored
from inspector.checkpoint.quantised_tiles import Floats, Grid, gathered
from inspector.checkpoint.storage import element_count

LEVELS = frozenset({"F8_E4M3", "F8_E5M2", "I8"})
_BLOCK = (128, 128)
_MAX_BLOCK = 1 << 31


@dataclass(frozen=True, slots=True)
class ScaledBlocks:
    """A matrix of small numbers with one scale a block of `block` (rows, columns)."""

    levels: Grid
    scales: Grid
    block: tuple[int, int]

    def values(self, start: int, stop: int) -> Floats:
        """Return elements start..stop (C order), decoded."""
        return gathered(self.levels.shape[1], start, stop, self._tile)

    def _tile(self, first: int, stop: int, left: int, right: int) -> Floats:
        rows = np.arange(first, stop) // self.block[0]
        columns = np.arange(left, right) // self.block[1]
        top, edge = int(rows[0]), int(columns[0])
        scales = self.scales.floats(top, int(rows[-1]) + 1, edge, int(columns[-1]) + 1)
        found = self.levels.floats(first, stop, left, right)
        with np.errstate(over="ignore", invalid="ignore"):
            found *= scales[rows - top][:, columns - edge]
        return found


def scaled(group: Group) -> Restored:
    """Return the weight of a module with a scale; LeftOut where its tensors do not fit together."""
    inverse = "weight_scale_inv" in group.parts
    name = "weight_scale_inv" if inverse else "weight_scale"
    (weight, scale) = group.need("FP8 / int8", "weight", name)
    layout = "int8" if weight.dtype == "I8" else "FP8"
    levels = group.grid(layout, "weight", LEVELS)
    if "weight_zero_point" in group.parts:
        raise LeftOut("checkpoint.quantised_unknown", layout, "weight_zero_point")
    rows, columns = levels.shape
    count = element_count(scale.shape)
    if count == 1:
        grid, block = (1, 1), (rows, columns)
    elif count == rows and len(scale.shape) <= 2 and scale.shape[0] == rows:
        grid, block = (rows, 1), (1, columns)
    else:
        block = _block(group)
        grid = -(-rows // block[0]), -(-columns // block[1])
        if scale.shape != grid:
            raise LeftOut("checkpoint.quantised_sizes", layout, name)
    dtype = "INT8_SCALED" if layout == "int8" else "FP8_SCALED"
    return Restored(dtype, weight.shape, ScaledBlocks(levels, group.grid(layout, name, SCALES, grid), block), "weight")


def _block(group: Group) -> tuple[int, int]:
    """Return the rows and columns of a block: those that the configuration names, else DeepSeek-V3's."""
    hint = group.hints.get("weight_block_size")
    if isinstance(hint, list) and len(hint) == 2 and all(type(size) is int and 0 < size < _MAX_BLOCK for size in hint):
        return hint[0], hint[1]
    return _BLOCK
