"""The mutants of a file: every byte set to 0, 1, 0x7F and 0xFF, every shorter length, then random changes."""

from __future__ import annotations

import random

SET_TO = (0, 1, 0x7F, 0xFF)
_NUMBERS = (0, 1, 1 << 31, (1 << 32) - 1, 1 << 32, (1 << 62) + 1, 1 << 63, (1 << 64) - 1)
_MOST_EDITS = 6


def systematic(size: int) -> int:
    """Return how many mutants come before the random ones."""
    return size * (len(SET_TO) + 1)


def mutant(seed: bytes, number: int) -> bytes:
    """Return mutant `number` of a file, the same one each time; it may equal the file where a byte is so already."""
    size = len(seed)
    if number < size * len(SET_TO):
        at, which = divmod(number, len(SET_TO))
        return seed[:at] + bytes([SET_TO[which]]) + seed[at + 1 :]
    if number < systematic(size):
        return seed[: number - size * len(SET_TO)]
    rng = random.Random(number)
    out = bytearray(seed)
    for _ in range(rng.randint(1, _MOST_EDITS)):
        _edit(out, rng)
    return bytes(out)


def _edit(out: bytearray, rng: random.Random) -> None:
    at = rng.randrange(len(out) + 1)
    run = rng.randint(1, 16)
    kind = rng.randrange(7)
    if kind == 0:
        out[at : at + 1] = bytes([rng.randrange(256)])
    elif kind == 1 and at < len(out):
        out[at] ^= 1 << rng.randrange(8)
    elif kind == 2:
        del out[at : at + run]
    elif kind == 3:
        out[at:at] = rng.randbytes(run)
    elif kind == 4:
        start = rng.randrange(len(out) + 1)
        out[at : at + run] = out[start : start + run]
    elif kind == 5:
        width = rng.choice((1, 2, 4, 8))
        number = rng.choice(_NUMBERS) % (1 << (8 * width))
        out[at : at + width] = number.to_bytes(width, rng.choice(("little", "big")))
    else:
        out[at : at + 1] = bytes([rng.choice(b'0123456789-"{}[],:.\\/')])
