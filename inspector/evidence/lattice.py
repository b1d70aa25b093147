"""Values on a grid: weights that were rounded to a few levels, each row (or run of a row) with a step of its own."""

from __future__ import annotations

import torch

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


def _on_grid(matrix: torch.Tensor, steps: int, run: int) -> bool:
    blocks = matrix.reshape(-1, run or matrix.shape[1])
    largest = blocks.abs().amax(1, keepdim=True)
    alive = largest[:, 0] > 0
    if not bool(alive.any()):
        return False
    scaled = blocks[alive] / largest[alive] * steps
    return float(((scaled - scaled.round()).abs() <= _OFF).float().mean()) >= _ON_GRID
