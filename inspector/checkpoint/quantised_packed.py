"""Integers packed in 32-bit words with a scale and a zero a group of inputs, as AWQ and GPTQ publish them.

GPTQ: qweight (in × bits / 32, out), bits from the low end; AWQ: qweight (in, out / 8), its nibbles interleaved. Both:
scales (groups, out), qzeros (groups, out × bits / 32). A weight is scale × (q - zero).
Sources: AutoGPTQ, auto_gptq/nn_modules/qlinear (pack); AutoAWQ, awq/utils/packing_utils.py.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from inspector.checkpoint.quantised_group import SCALES, Group, LeftOut, Restored
from inspector.checkpoint.quantised_tiles import Floats, Grid, gathered
from inspector.errors import InputError

WORDS = frozenset({"I32", "U32"})
INDEX = frozenset({"I32", "I64"})
_WIDTHS = (2, 4, 8)
_AWQ_ORDER = (0, 2, 4, 6, 1, 3, 5, 7)  # the column, of eight, that each nibble holds
_SAMPLE = 256


@dataclass(frozen=True, slots=True)
class PackedColumns:
    """A weight (out, in) of packed integers that the file holds turned, (in, out).

    Attributes:
        words, zeros, scales, index: the matrices; index gives each input's group, None where groups are runs.
        bits: of an integer. shifts: where, in a word, the integer of each of its places starts. along_inputs: whether
        a word of `words` holds integers of neighbouring inputs, not outputs. offset: added to every stored zero.
        shape: (out, in). group: inputs in a group.
    """

    words: Grid
    zeros: Grid
    scales: Grid
    index: Grid | None
    bits: int
    shifts: tuple[int, ...]
    along_inputs: bool
    offset: int
    shape: tuple[int, int]
    group: int

    def values(self, start: int, stop: int) -> Floats:
        """Return elements start..stop (C order), decoded; InputError where g_idx leads past the groups."""
        return gathered(self.shape[1], start, stop, self._tile)

    def _tile(self, first: int, stop: int, left: int, right: int) -> Floats:
        """Return outputs first..stop of inputs left..right."""
        group, low, high = input_groups(self.index, self.group, self.scales.shape[0], left, right)
        per = len(self.shifts)
        if self.along_inputs:
            stored = self.words.block(left // per, -(-right // per), first, stop)
            skip = left - left // per * per
            levels = unpacked(stored.T, self.shifts, self.bits)[:, skip : skip + right - left]
        else:
            levels = self._outputs(self.words, left, right, first, stop)
        mask = np.uint8((1 << self.bits) - 1)
        zeros = (self._outputs(self.zeros, low, high, first, stop) + np.uint8(self.offset)) & mask
        scales = self.scales.floats(low, high, first, stop).T
        place = group - low
        with np.errstate(over="ignore", invalid="ignore"):
            found = levels.astype(np.float32)
            found -= zeros.astype(np.float32)[:, place]
            found *= scales[:, place]
        return found

    def _outputs(self, grid: Grid, top: int, bottom: int, first: int, stop: int) -> npt.NDArray[np.uint8]:
        """Unpack outputs first..stop of lines top..bottom, whose words hold neighbouring outputs: (outputs, lines)."""
        per = len(self.shifts)
        words = unpacked(grid.block(top, bottom, first // per, -(-stop // per)), self.shifts, self.bits)
        skip = first - first // per * per
        return words[:, skip : skip + stop - first].T


def input_groups(
    index: Grid | None, size: int, count: int, left: int, right: int
) -> tuple[npt.NDArray[np.int64], int, int]:
    """Return the group of each input left..right, and the range that these groups are in.

    Args:
        index: each input's group, None where groups are runs of `size` inputs. count: how many groups there are.

    Raises:
        InputError: the index leads past the groups.
    """
    if index is None:
        groups = np.arange(left, right, dtype=np.int64) // size
    else:
        groups = index.block(0, 1, left, right)[0].astype(np.int64)
    low, high = int(groups.min()), int(groups.max()) + 1
    if low < 0 or high > count:
        raise InputError("checkpoint.quantised_index", file=index.file if index is not None else "", groups=count)
    return groups, low, high


def unpacked(words: npt.NDArray[np.generic], shifts: tuple[int, ...], bits: int) -> npt.NDArray[np.uint8]:
    """Return the integers of (n, m) words, (n, m × places), each of so many bits from its shift on."""
    plain = np.ascontiguousarray(words).view(np.uint32)
    out = np.empty((*plain.shape, len(shifts)), np.uint8)
    for place, shift in enumerate(shifts):
        np.bitwise_and(plain >> np.uint32(shift), np.uint32((1 << bits) - 1), out=out[:, :, place], casting="unsafe")
    return out.reshape(plain.shape[0], -1)


def packed_columns(group: Group) -> Restored:
    """Return the weight of a module with `qweight`; LeftOut where its tensors do not fit together."""
    layout = "AWQ / GPTQ"
    words = group.grid(layout, "qweight", WORDS)
    scales = group.grid(layout, "scales", SCALES)
    zeros = group.grid(layout, "qzeros", WORDS)
    groups, outputs = scales.shape
    if zeros.shape[0] != groups:
        raise LeftOut("checkpoint.quantised_sizes", layout, "qzeros")
    if words.shape[1] == outputs:
        return _gptq(group, words, zeros, scales)
    if words.shape[1] == zeros.shape[1] == -(-outputs // 8):
        return _awq(words, zeros, scales)
    raise LeftOut("checkpoint.quantised_sizes", layout, "qweight")


def _awq(words: Grid, zeros: Grid, scales: Grid) -> Restored:
    groups, outputs = scales.shape
    inputs = words.shape[0]
    if inputs % groups:
        raise LeftOut("checkpoint.quantised_sizes", "AWQ", "scales")
    shifts = tuple(4 * _AWQ_ORDER.index(column) for column in range(8))
    shape = outputs, inputs
    decoder = PackedColumns(words, zeros, scales, None, 4, shifts, False, 0, shape, inputs // groups)
    return Restored("AWQ_INT4", shape, decoder, "qweight")


def _gptq(group: Group, words: Grid, zeros: Grid, scales: Grid) -> Restored:
    groups, outputs = scales.shape
    fitting = [bits for bits in _WIDTHS if zeros.shape[1] == -(-outputs * bits // 32)]
    if len(fitting) > 1:  # fewer outputs than a word holds
        fitting = [bits for bits in fitting if _fits_index(group, words, bits)]
    if len(fitting) != 1:
        raise LeftOut("checkpoint.quantised_unknown", "GPTQ", "qzeros")
    bits = fitting[0]
    per = 32 // bits
    inputs, index = words.shape[0] * per, None
    if "g_idx" in group.parts:
        inputs = group.parts["g_idx"].shape[0] if len(group.parts["g_idx"].shape) == 1 else 0
        index = group.grid("GPTQ", "g_idx", INDEX, (1, inputs))
    if words.shape[0] != -(-inputs // per) or (index is None and inputs % groups):
        raise LeftOut("checkpoint.quantised_sizes", "GPTQ", "qweight" if index is None else "g_idx")
    shifts = tuple(range(0, 32, bits))
    offset = 0 if _second_version(group, zeros, outputs, bits) else 1
    shape = outputs, inputs
    decoder = PackedColumns(words, zeros, scales, index, bits, shifts, True, offset, shape, -(-inputs // groups))
    return Restored(f"GPTQ_INT{bits}", shape, decoder, "qweight")


def _fits_index(group: Group, words: Grid, bits: int) -> bool:
    """Say whether the length of g_idx is that of the inputs, with so many bits each."""
    index = group.parts.get("g_idx")
    return index is not None and len(index.shape) == 1 and words.shape[0] == -(-index.shape[0] * bits // 32)


def _second_version(group: Group, zeros: Grid, outputs: int, bits: int) -> bool:
    """Say whether zeros are stored as they are (checkpoint_format gptq_v2), not less one.

    A symmetric grid has its zero in the middle, which the stored words show; else the configuration is believed.
    """
    sample = zeros.head(min(outputs * bits // 32, _SAMPLE)).view(np.uint32)  # the last word may be half empty
    middle = 1 << (bits - 1)
    ones = sum(1 << shift for shift in range(0, 32, bits))
    if sample.size and bool((sample == middle * ones).all()):
        return True
    if sample.size and bool((sample == (middle - 1) * ones).all()):
        return False
    return group.hints.get("checkpoint_format") == "gptq_v2"
