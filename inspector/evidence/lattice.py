"""Values on a grid: weights that were rounded to a few levels, each row (or run of a row) with a step of its own."""

from __future__ import annotations

import re

import torch

from inspector.checkpoint.dtypes import ENCODED

RUNS = (0, 32, 64, 128)  # columns that share a step; 0 for the whole row
STEPS = (7, 8, 127, 128)  # the largest magnitude is this many steps: int4 and int8, symmetric or not
_ON_GRID = 0.99
_OFF = 0.02  # of a step; chance puts 4 % of the values that near
_ROWS = 256


def quantisation_levels(matrix: torch.Tensor) -> int | None:
    """Return how many levels a row has (16 or 256) where its values lie on a grid of int4 or int8, else None.

    Args:
        matrix: (rows, columns) float32.
    """
    few = matrix[:: max(1, matrix.shape[0] // _ROWS)][:_ROWS]
    for steps in STEPS:
        for run in RUNS:
            if (run == 0 or (few.shape[1] % run == 0 and few.shape[1] > run)) and _on_grid(few, steps, run):
                return 16 if steps < 16 else 256
    return None


def declared_levels(dtype: str, reference: str) -> int | None:
    """Return how many values a run of weights has by the code that they are stored in, None where there is none.

    Args:
        dtype, reference: stored types of candidate and reference; a code that both have was not put on since. Codes
            are named after their bits (Q4_K has 16 values in a run).
    """
    bits = re.search(r"\d+", dtype) if dtype in ENCODED and dtype != reference else None
    return 2 ** int(bits[0]) if bits else None


def _on_grid(matrix: torch.Tensor, steps: int, run: int) -> bool:
    blocks = matrix.reshape(-1, run or matrix.shape[1])
    largest = blocks.abs().amax(1, keepdim=True)
    alive = largest[:, 0] > 0
    if not bool(alive.any()):
        return False
    scaled = blocks[alive] / largest[alive] * steps
    return float(((scaled - scaled.round()).abs() <= _OFF).float().mean()) >= _ON_GRID
