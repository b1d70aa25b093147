"""Encodes matrices in GGUF's Q4_K, which the `gguf` package decodes and does not encode, for benchmarks and tests.

Of each run of 32 values the range from the smallest (or 0) to the largest is cut into 15 steps. llama.cpp searches for
steps with a smaller error; the format is the same: https://github.com/ggml-org/ggml, ggml-common.h (block_q4_K).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]
_RUN, _RUNS = 32, 8  # values of a run, runs of a block
_AT_ONCE = 1 << 12  # blocks


def q4_k(matrix: Floats) -> Bytes:
    """Return the bytes of a matrix (rows, columns), columns a multiple of 256: (rows, columns / 256 × 144)."""
    blocks = np.asarray(matrix, np.float32).reshape(-1, _RUNS, _RUN)
    packed = [_packed(blocks[start : start + _AT_ONCE]) for start in range(0, len(blocks), _AT_ONCE)]
    return np.concatenate(packed).reshape(len(matrix), -1)


def _packed(blocks: Floats) -> Bytes:
    low = np.maximum(-blocks.min(2), 0)
    scale_unit, scales, step = _six_bits(np.maximum(blocks.max(2) + low, 0) / 15)
    low_unit, lows, low = _six_bits(low)
    codes = (blocks + low[:, :, None]) / np.where(step > 0, step, 1)[:, :, None]
    pairs = np.clip(np.rint(codes), 0, 15).astype(np.uint8).reshape(-1, _RUNS // 2, 2, _RUN)
    halves = pairs[:, :, 0] | pairs[:, :, 1] << 4
    return np.concatenate([scale_unit, low_unit, _interleaved(scales, lows), halves.reshape(len(blocks), -1)], 1)


def _six_bits(values: Floats) -> tuple[Bytes, Bytes, Floats]:
    """Return the bytes of each block's unit (float16), how many units each value is (0 to 63), and what that gives."""
    unit = (values.max(1, keepdims=True) / 63).astype(np.float16)
    width = unit.astype(np.float32)
    counts = np.clip(np.rint(values / np.where(width > 0, width, 1)), 0, 63).astype(np.uint8)
    return unit.view(np.uint8), counts, width * counts


def _interleaved(scales: Bytes, lows: Bytes) -> Bytes:
    """Pack two times eight numbers of 6 bits into 12 bytes: the first four whole, of the others 4 bits and 2 bits."""
    first = scales[:, :4] | (scales[:, 4:] >> 4) << 6
    second = lows[:, :4] | (lows[:, 4:] >> 4) << 6
    return np.concatenate([first, second, (scales[:, 4:] & 15) | (lows[:, 4:] & 15) << 4], 1)
