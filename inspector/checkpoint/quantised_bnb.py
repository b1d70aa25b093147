"""The layouts of bitsandbytes: 8 bits with a scale a row, and 4 bits as places in a table with a scale a block.

8 bits: `weight` (out, in) int8 and `SCB` (out); a weight is int8 × SCB / 127. 4 bits: `weight` holds two codes a byte,
the first in the high half; `weight.absmax` one scale a block, itself stored as places in `weight.nested_quant_map`
where it was quantised again. Source: bitsandbytes, functional.py (QuantState.as_dict, dequantize_4bit), nn/modules.py.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from inspector.checkpoint.dtypes import DTYPES
from inspector.checkpoint.quantised_group import Group, LeftOut, Restored
from inspector.checkpoint.quantised_tiles import TILE, Floats, Grid, gathered
from inspector.checkpoint.storage import Placed, element_count
from inspector.checkpoint.strict_json import load_object
from inspector.errors import InputError

STATE = "weight.quant_state.bitsandbytes__"
_MAX_STATE = 4096
_MAX_SIDE = 1 << 40
_MAX_OFFSET = 1e30
_BYTES = frozenset({"U8"})
_F32 = frozenset({"F32"})
_ROW_MAJOR = 0  # of weight_format: bitsandbytes, utils.py (LINEAR_8BIT_WEIGHTS_FORMAT_MAPPING)


@dataclass(frozen=True, slots=True)
class ScaledRows:
    """int8 (out, in) with one scale a row, which stands for 127."""

    levels: Grid
    scales: Grid

    def values(self, start: int, stop: int) -> Floats:
        """Return elements start..stop (C order), decoded."""
        return gathered(self.levels.shape[1], start, stop, self._tile)

    def _tile(self, first: int, stop: int, left: int, right: int) -> Floats:
        found = self.levels.block(first, stop, left, right).astype(np.float32)
        with np.errstate(over="ignore", invalid="ignore"):
            found *= self.scales.floats(0, 1, first, stop)[0][:, None] / np.float32(127)
        return found


def eight_bits(group: Group) -> Restored:
    """Return the weight of a module with `SCB`; LeftOut where its tensors do not fit together."""
    layout = "bitsandbytes int8"
    (weight,) = group.need(layout, "weight")
    levels = group.grid(layout, "weight", frozenset({"I8"}))
    scales = group.grid(layout, "SCB", _F32, (1, weight.shape[0]))
    if "weight_format" in group.parts:
        layouts = group.grid(layout, "weight_format", _BYTES, (1, 1))
        if int(layouts.head(1)[0]) != _ROW_MAJOR:
            raise LeftOut("checkpoint.quantised_unknown", layout, "weight_format")
    return Restored("BNB_INT8", weight.shape, ScaledRows(levels, scales), "weight")


@dataclass(frozen=True, slots=True)
class Blocks:
    """Codes of 4 bits, two a byte in C order, that are places in a table, with one scale a block.

    Attributes:
        codes: (1, bytes). table: (1, 16). scales: (1, blocks). block: elements in one. nested: how the scales are
            stored, None where they are as they are.
    """

    codes: Grid
    table: Grid
    scales: Grid
    block: int
    nested: Nested | None

    def values(self, start: int, stop: int) -> Floats:
        """Return elements start..stop (C order), decoded."""
        out = np.empty(stop - start, np.float32)
        for at in range(start, stop, TILE):
            end = min(stop, at + TILE)
            out[at - start : end - start] = self._run(at, end)
        return out

    def _run(self, start: int, stop: int) -> Floats:
        first = start // 2
        packed = self.codes.block(0, 1, first, -(-stop // 2))[0]
        codes = np.empty((packed.size, 2), np.uint8)
        codes[:, 0], codes[:, 1] = packed >> 4, packed & 15
        found: Floats = self.table.floats(0, 1, 0, 16)[0][codes.reshape(-1)[start - 2 * first : stop - 2 * first]]
        low, high = start // self.block, -(-stop // self.block)
        scales = self._scales(low, high)
        if self.block > TILE:
            scales = scales[np.arange(start, stop) // self.block - low]
        else:
            scales = np.repeat(scales, self.block)[start - low * self.block :][: stop - start]
        with np.errstate(over="ignore", invalid="ignore"):
            found *= scales
        return found

    def _scales(self, low: int, high: int) -> Floats:
        if self.nested is None:
            plain: Floats = self.scales.floats(0, 1, low, high)[0]
            return plain
        return self.nested.values(self.scales.block(0, 1, low, high)[0], low)


@dataclass(frozen=True, slots=True)
class Nested:
    """Scales stored as places (uint8) in a table (1, 256), with one scale a block, above an offset."""

    table: Grid
    scales: Grid
    block: int
    offset: float

    def values(self, codes: npt.NDArray[np.uint8], low: int) -> Floats:
        """Return the scales whose codes, from scale `low` on, these are."""
        blocks = np.arange(low, low + codes.size) // self.block
        first = int(blocks[0])
        scales = self.scales.floats(0, 1, first, int(blocks[-1]) + 1)[0][blocks - first]
        found: Floats = self.table.floats(0, 1, 0, 256)[0][codes]
        with np.errstate(over="ignore", invalid="ignore"):
            found *= scales
            found += np.float32(self.offset)
        return found


def four_bits(group: Group) -> Restored:
    """Return the weight of a module with a quant_state; LeftOut where its tensors do not fit together."""
    kind = next((kind for kind in ("nf4", "fp4") if STATE + kind in group.parts), "")
    layout = f"bitsandbytes {kind or 'nf4 / fp4'}"
    if not kind:
        raise LeftOut("checkpoint.quantised_missing", layout, STATE + "*")
    (weight,) = group.need(layout, "weight")
    state = _state(group, layout, STATE + kind)
    shape, block = _shape(state), _size(state.get("blocksize"))
    if not shape or not block or state.get("quant_type", kind) != kind:
        raise LeftOut("checkpoint.quantised_unknown", layout, STATE + kind)
    elements = element_count(shape)
    codes = _codes(group, layout, weight, -(-elements // 2))
    table = group.grid(layout, "weight.quant_map", _F32, (1, 16))
    nested = _nested(group, layout, state, -(-elements // block))
    dtypes = _F32 if nested is None else _BYTES
    scales = group.grid(layout, "weight.absmax", dtypes, (1, -(-elements // block)))
    return Restored(f"BNB_{kind.upper()}", shape, Blocks(codes, table, scales, block, nested), "weight")


def _codes(group: Group, layout: str, weight: Placed, nbytes: int) -> Grid:
    """Return the bytes of the codes, which bnb_4bit_quant_storage may have declared as another type."""
    if element_count(weight.shape) * DTYPES[weight.dtype].itemsize != nbytes or weight.strides or weight.big_endian:
        raise LeftOut("checkpoint.quantised_sizes", layout, "weight")
    plain = replace(weight, dtype="U8", shape=(nbytes,))
    return replace(group, parts={"weight": plain}).grid(layout, "weight", _BYTES, (1, nbytes))


def _nested(group: Group, layout: str, state: dict[str, Any], scales: int) -> Nested | None:
    if "weight.nested_absmax" not in group.parts and "nested_blocksize" not in state:
        return None
    block, offset = _size(state.get("nested_blocksize")), state.get("nested_offset", 0.0)
    if not block or isinstance(offset, bool) or not isinstance(offset, int | float) or not abs(offset) < _MAX_OFFSET:
        raise LeftOut("checkpoint.quantised_unknown", layout, "weight.nested_absmax")
    outer = group.grid(layout, "weight.nested_absmax", _F32, (1, -(-scales // block)))
    table = group.grid(layout, "weight.nested_quant_map", _F32, (1, 256))
    return Nested(table, outer, block, float(offset))


def _state(group: Group, layout: str, name: str) -> dict[str, Any]:
    """Return the JSON text that a tensor of bytes holds."""
    length = element_count(group.parts[name].shape)
    if not 0 < length <= _MAX_STATE:
        raise LeftOut("checkpoint.quantised_unknown", layout, name)
    text = group.grid(layout, name, _BYTES, (1, length)).head(length).tobytes()
    try:
        return load_object(text, name)
    except InputError:
        raise LeftOut("checkpoint.quantised_unknown", layout, name) from None


def _shape(state: dict[str, Any]) -> tuple[int, ...]:
    shape = state.get("shape")
    return tuple(shape) if isinstance(shape, list) and 0 < len(shape) <= 8 and all(map(_size, shape)) else ()


def _size(value: object) -> int:
    """Return a positive number of elements, 0 for anything else."""
    return value if type(value) is int and 0 < value < _MAX_SIDE else 0
