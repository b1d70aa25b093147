"""The benchmarks' encoder of Q4_K: blocks that gguf-py reads, near the values that went in."""

from __future__ import annotations

import gguf
import numpy as np

from benchmarks.q4_k import q4_k


def test_gguf_py_reads_what_was_encoded() -> None:
    matrix = np.random.default_rng(2).normal(size=(6, 512)).astype(np.float32)
    matrix[0] = np.abs(matrix[0])
    matrix[1] = 0
    matrix[2, :32] = 3
    coded = q4_k(matrix)
    assert coded.shape == (6, 2 * 144)
    read = gguf.quants.dequantize(coded, gguf.GGMLQuantizationType.Q4_K)
    assert read.shape == matrix.shape
    assert not read[1].any()
    runs = matrix.reshape(-1, 32)
    step = (np.maximum(runs.max(1), 0) - np.minimum(runs.min(1), 0)) / 15
    wrong = np.abs(read.reshape(-1, 32) - runs).max(1)
    # Half a step, and what the 6 bits of scale and offset leave out of the block's largest.
    assert (wrong <= 0.5 * step + 0.1 * np.abs(matrix).max()).all()
    assert np.sqrt(np.mean((read - matrix) ** 2)) < 0.09
