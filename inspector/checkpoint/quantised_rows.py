"""Integers packed in 32-bit words along the rows, as compressed-tensors publishes them (pack-quantized).

`weight_packed` (out, in × bits / 32) from the low end, `weight_scale` (out, groups), `weight_shape` (out, in); where
the grid is not symmetric `weight_zero_point` (out × bits / 32, groups). A weight is scale × (q - zero), the zero of a
symmetric grid being its middle. Source: compressed-tensors, compressors/quantized_compressors/pack_quantized.py.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from inspector.checkpoint.quantised_group import SCALES, Group, LeftOut, Restored
from inspector.checkpoint.quantised_packed import INDEX, WORDS, input_groups, unpacked
from inspector.checkpoint.quantised_tiles import Floats, Grid, gathered

LAYOUT = "compressed-tensors"
_WIDTHS = (4, 8)


@dataclass(frozen=True, slots=True)
class PackedRows:
    """A weight (out, in) of packed integers.

    Attributes:
        words, scales, zeros, index: the matrices; zeros is None for a symmetric grid, index where groups are runs.
        bits: of an integer. shape: (out, in). group: inputs in a group.
    """

    words: Grid
    scales: Grid
    zeros: Grid | None
    index: Grid | None
    bits: int
    shape: tuple[int, int]
    group: int

    def values(self, start: int, stop: int) -> Floats:
        """Return elements start..stop (C order), decoded; InputError where the index leads past the groups."""
        return gathered(self.shape[1], start, stop, self._tile)

    def _tile(self, first: int, stop: int, left: int, right: int) -> Floats:
        place, low, high = input_groups(self.index, self.group, self.scales.shape[1], left, right)
        per = 32 // self.bits
        skip = left - left // per * per
        stored = self.words.block(first, stop, left // per, -(-right // per))
        found = self._integers(stored)[:, skip : skip + right - left].astype(np.float32)
        with np.errstate(over="ignore", invalid="ignore"):
            found -= self._zeros(first, stop, low, high)[:, place - low]
            found *= self.scales.floats(first, stop, low, high)[:, place - low]
        return found

    def _integers(self, words: npt.NDArray[np.generic]) -> npt.NDArray[np.uint8]:
        return unpacked(words, tuple(range(0, 32, self.bits)), self.bits)

    def _zeros(self, first: int, stop: int, low: int, high: int) -> Floats:
        """Return the zeros of rows first..stop in groups low..high."""
        if self.zeros is None:
            return np.full((stop - first, high - low), 1 << (self.bits - 1), np.float32)
        per = 32 // self.bits
        skip = first - first // per * per
        words = self.zeros.block(first // per, -(-stop // per), low, high)
        return self._integers(words.T)[:, skip : skip + stop - first].T.astype(np.float32)


def packed_rows(group: Group) -> Restored:
    """Return the weight of a module with `weight_packed`; LeftOut where its tensors do not fit together."""
    declared = group.grid(LAYOUT, "weight_shape", INDEX, (1, 2)).head(2).tolist()
    outputs, inputs = int(declared[0]), int(declared[1])
    words = group.grid(LAYOUT, "weight_packed", WORDS)
    if outputs != words.shape[0] or inputs < 1:
        raise LeftOut("checkpoint.quantised_sizes", LAYOUT, "weight_shape")
    fitting = [bits for bits in _WIDTHS if words.shape[1] == -(-inputs * bits // 32)]
    if len(fitting) != 1:
        raise LeftOut("checkpoint.quantised_unknown", LAYOUT, "weight_packed")
    bits = fitting[0]
    scales = group.grid(LAYOUT, "weight_scale", SCALES)
    index = group.grid(LAYOUT, "weight_g_idx", INDEX, (1, inputs)) if "weight_g_idx" in group.parts else None
    if scales.shape[0] != outputs or (index is None and inputs % scales.shape[1]):
        raise LeftOut("checkpoint.quantised_sizes", LAYOUT, "weight_scale")
    zeros = None
    if "weight_zero_point" in group.parts:
        zeros = group.grid(LAYOUT, "weight_zero_point", WORDS)
        if zeros.shape != (-(-outputs * bits // 32), scales.shape[1]):
            raise LeftOut("checkpoint.quantised_sizes", LAYOUT, "weight_zero_point")
    shape = outputs, inputs
    decoder = PackedRows(words, scales, zeros, index, bits, shape, -(-inputs // scales.shape[1]))
    return Restored(f"PACKED_INT{bits}", shape, decoder, "weight_packed")
