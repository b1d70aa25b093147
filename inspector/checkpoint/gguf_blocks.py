"""Values of GGUF's block codes: blocks of stored bytes -> float32, in numpy.

A block is a run of 32 or 256 neighbouring values with scales of its own. Layouts: ggml-common.h and ggml-quants.c of
https://github.com/ggml-org/ggml; each decoder multiplies and adds in the order of the `gguf` package's numpy code
(gguf-py, quants.py), so that both give the same bits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from inspector.checkpoint.storage import Storage

Bytes = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]
_STEP = 1 << 19  # values decoded at a time
_HALF = np.dtype("<f2")
_LOW_FOUR, _LOW_SIX, _BITS_45 = np.uint32(0x0F0F0F0F), np.uint32(0x3F3F3F3F), np.uint32(0x30303030)
# The values of the 16 codes of IQ4_NL and IQ4_XS, for each unit of the scale: ggml-common.h, kvalues_iq4nl.
_IQ4 = np.array([-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113], np.float32)


@dataclass(frozen=True, slots=True)
class Code:
    """One block code.

    Attributes:
        name: as ggml spells it. elements, nbytes: of one block. fields: (position, width) of its numbers of several
            bytes, which a big-endian file holds in the other byte order.
        decode: fills out (blocks, elements) from blocks (blocks, nbytes).
    """

    name: str
    elements: int
    nbytes: int
    fields: tuple[tuple[int, int], ...]
    decode: Callable[[Bytes, Floats], None]


@dataclass(frozen=True, slots=True)
class Blocks:
    """The values of an encoded tensor (`storage.Encoded`): its blocks lie in `storage` one after another.

    Attributes:
        code: how they are encoded. storage: where they lie. start: byte of the first block within it.
        big_endian: the bytes of every number in a block are in reverse order.
    """

    code: Code
    storage: Storage
    start: int
    big_endian: bool = False

    def values(self, start: int, stop: int) -> Floats:
        """Return elements start..stop (C order) as float32; InputError where the file ends early or changed."""
        code = self.code
        first, last = start // code.elements, -(-stop // code.elements)
        out = np.empty((last - first, code.elements), np.float32)
        step = _STEP // code.elements
        room = np.empty((min(step, last - first), code.nbytes), np.uint8)
        for at in range(first, last, step):
            blocks = room[: min(step, last - at)]
            self.storage.read_into(self.start + at * code.nbytes, blocks.reshape(-1).data)
            if self.big_endian:
                for place, width in code.fields:
                    blocks[:, place : place + width] = blocks[:, place : place + width][:, ::-1].copy()
            # A scale that is infinite or no number gives such values, which are judged and not warned of here.
            with np.errstate(over="ignore", invalid="ignore"):
                code.decode(blocks, out[at - first : at - first + len(blocks)])
        return out.reshape(-1)[start - first * code.elements : stop - first * code.elements]


def _half(blocks: Bytes, at: int) -> Floats:
    """Return the float16 field at a byte of every block as float32, (blocks, 1)."""
    return np.ascontiguousarray(blocks[:, at : at + 2]).view(_HALF).astype(np.float32)


def _nibbles(packed: Bytes, run: int) -> Bytes:
    """Split bytes (blocks, n) into 4-bit codes (blocks, n / run, 2, run): of each run the low halves, then the high."""
    runs = np.ascontiguousarray(packed).reshape(len(packed), -1, run)
    codes = np.empty((len(packed), runs.shape[1], 2, run), np.uint8)
    np.bitwise_and(runs, 15, out=codes[:, :, 0])
    np.right_shift(runs, 4, out=codes[:, :, 1])
    return codes


def _bits(packed: Bytes, run: int, width: int) -> Bytes:
    """Split bytes (blocks, n) into codes of `width` bits, (blocks, n / run, 8 / width, run): the lowest bits first."""
    runs = np.ascontiguousarray(packed).reshape(len(packed), -1, run)
    codes = np.empty((len(packed), runs.shape[1], 8 // width, run), np.uint8)
    for place in range(8 // width):
        np.right_shift(runs, place * width, out=codes[:, :, place])
    codes &= (1 << width) - 1
    return codes


def _scaled(codes: npt.NDArray[Any], out: Floats, scale: Floats, offset: Floats | None = None) -> None:
    """Fill `out` with codes × scale - offset; both have one value for each run of equal length, (blocks, runs)."""
    out[...] = codes.reshape(out.shape)
    runs = out.reshape(*scale.shape, -1)
    runs *= scale[:, :, None]
    if offset is not None:
        runs -= offset[:, :, None]


def _q4_0(blocks: Bytes, out: Floats) -> None:
    _scaled(_nibbles(blocks[:, 2:], 16).view(np.int8) - np.int8(8), out, _half(blocks, 0))


def _q4_1(blocks: Bytes, out: Floats) -> None:
    _scaled(_nibbles(blocks[:, 4:], 16), out, _half(blocks, 0), -_half(blocks, 2))


def _five(high: Bytes, low: Bytes) -> Bytes:
    """Return 5-bit codes (blocks, 32) of the fifth bits (blocks, 4) and the others (blocks, 16)."""
    fifth = np.unpackbits(np.ascontiguousarray(high), axis=1, bitorder="little")
    codes: Bytes = _nibbles(low, 16).reshape(len(low), 32) | (fifth << np.uint8(4))
    return codes


def _q5_0(blocks: Bytes, out: Floats) -> None:
    _scaled(_five(blocks[:, 2:6], blocks[:, 6:]).view(np.int8) - np.int8(16), out, _half(blocks, 0))


def _q5_1(blocks: Bytes, out: Floats) -> None:
    _scaled(_five(blocks[:, 4:8], blocks[:, 8:]), out, _half(blocks, 0), -_half(blocks, 2))


def _q8_0(blocks: Bytes, out: Floats) -> None:
    _scaled(blocks[:, 2:].view(np.int8), out, _half(blocks, 0))


def _q8_k(blocks: Bytes, out: Floats) -> None:
    scale = np.ascontiguousarray(blocks[:, :4]).view("<f4")
    _scaled(blocks[:, 4:260].view(np.int8), out, scale)


def _q2_k(blocks: Bytes, out: Floats) -> None:
    scale = _half(blocks, 80) * (blocks[:, :16] & 15).astype(np.float32)
    offset = _half(blocks, 82) * (blocks[:, :16] >> 4).astype(np.float32)
    _scaled(_bits(blocks[:, 16:80], 32, 2), out, scale, offset)


def _q3_k(blocks: Bytes, out: Floats) -> None:
    packed = blocks[:, 96:108]
    high = _bits(packed[:, 8:], 4, 2).reshape(-1, 16)
    steps = (_nibbles(packed[:, :8], 8).reshape(-1, 16) | (high << np.uint8(4))).view(np.int8) - np.int8(32)
    third = _bits(blocks[:, :32], 32, 1).reshape(-1, 256) ^ np.uint8(1)  # a set bit takes nothing away
    codes = _bits(blocks[:, 32:96], 32, 2).reshape(-1, 256).view(np.int8) - (third << np.uint8(2)).view(np.int8)
    _scaled(codes, out, _half(blocks, 108) * steps.astype(np.float32))


def _k_scales(blocks: Bytes) -> tuple[Floats, Floats]:
    """Return scales and offsets, (blocks, 8) each, of Q4_K and Q5_K: 6 bits each in the 12 bytes from byte 4 on.

    Of both, the first four lie in the low bits of 4 bytes; the others have their upper two bits there and the lower
    four in the last 4 bytes. Four bytes are handled as one word: the masks keep bits from crossing over.
    """
    words = np.ascontiguousarray(blocks[:, 4:16]).view(np.uint32)
    packed = np.empty((len(blocks), 2, 2), np.uint32)
    for side in (0, 1):
        np.bitwise_and(words[:, side], _LOW_SIX, out=packed[:, side, 0])
        rest = (words[:, 2] >> (4 * side)) & _LOW_FOUR
        np.bitwise_or(rest, (words[:, side] >> 2) & _BITS_45, out=packed[:, side, 1])
    steps = packed.view(np.uint8).reshape(-1, 2, 8).astype(np.float32)
    return _half(blocks, 0) * steps[:, 0], _half(blocks, 2) * steps[:, 1]


def _q4_k(blocks: Bytes, out: Floats) -> None:
    _scaled(_nibbles(blocks[:, 16:], 32), out, *_k_scales(blocks))


def _q5_k(blocks: Bytes, out: Floats) -> None:
    fifth = _bits(blocks[:, 16:48], 32, 1)
    fifth <<= np.uint8(4)
    codes = _nibbles(blocks[:, 48:], 32).reshape(fifth.shape)
    codes |= fifth
    _scaled(codes, out, *_k_scales(blocks))


def _q6_k(blocks: Bytes, out: Floats) -> None:
    high = _bits(blocks[:, 128:192], 32, 2)
    high <<= np.uint8(4)
    high |= _nibbles(blocks[:, :128], 64).reshape(high.shape)
    scale = _half(blocks, 208) * blocks[:, 192:208].view(np.int8).astype(np.float32)
    _scaled(high.view(np.int8) - np.int8(32), out, scale)


def _iq4_nl(blocks: Bytes, out: Floats) -> None:
    _scaled(_IQ4[_nibbles(blocks[:, 2:], 16)], out, _half(blocks, 0))


def _iq4_xs(blocks: Bytes, out: Floats) -> None:
    high = np.ascontiguousarray(blocks[:, 2:4]).view("<u2") >> np.arange(0, 16, 2, dtype=np.uint16)
    low = _bits(blocks[:, 4:8], 1, 4).reshape(-1, 8)
    steps = (low | ((high & 3) << 4).astype(np.uint8)).view(np.int8) - np.int8(32)
    _scaled(_IQ4[_nibbles(blocks[:, 8:], 16)], out, _half(blocks, 0) * steps.astype(np.float32))


CODES: Mapping[str, Code] = {
    code.name: code
    for code in (
        Code("Q4_0", 32, 18, ((0, 2),), _q4_0),
        Code("Q4_1", 32, 20, ((0, 2), (2, 2)), _q4_1),
        Code("Q5_0", 32, 22, ((0, 2),), _q5_0),
        Code("Q5_1", 32, 24, ((0, 2), (2, 2)), _q5_1),
        Code("Q8_0", 32, 34, ((0, 2),), _q8_0),
        Code("Q2_K", 256, 84, ((80, 2), (82, 2)), _q2_k),
        Code("Q3_K", 256, 110, ((108, 2),), _q3_k),
        Code("Q4_K", 256, 144, ((0, 2), (2, 2)), _q4_k),
        Code("Q5_K", 256, 176, ((0, 2), (2, 2)), _q5_k),
        Code("Q6_K", 256, 210, ((208, 2),), _q6_k),
        Code("Q8_K", 256, 292, ((0, 4),), _q8_k),
        Code("IQ4_NL", 32, 18, ((0, 2),), _iq4_nl),
        Code("IQ4_XS", 256, 136, ((0, 2), (2, 2)), _iq4_xs),
    )
}
