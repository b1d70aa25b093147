"""The cells of a layer matrix, whatever draws them: their colours, and the one that two layers meet in."""

from __future__ import annotations

import numpy as np
from inspector import scales
from inspector.results import FloatArray, LayerMatrix

from gui import colormaps


def coloured(matrix: LayerMatrix) -> np.ndarray:
    """Return a matrix as RGBA bytes on the fixed scale of its measure; NaN is transparent."""
    values = matrix.values
    undefined = np.isnan(values)
    steps = (scales.drawn(np.where(undefined, 0.0, values), matrix.measure) * 255).astype(np.uint8)
    out = np.empty((*values.shape, 4), np.uint8)
    out[..., :3] = colormaps.current()[steps]
    out[..., 3] = np.where(undefined, 0, 255)
    return out


def nearest_cell(values: FloatArray, row: int, column: int) -> tuple[int, int] | None:
    """Return the cell of two layers; where one is not given (-1), the best of the other's row or column."""
    rows, columns = values.shape
    if row >= rows or column >= columns or max(row, column) < 0:
        return None
    if row >= 0 and column >= 0:
        return row, column
    line = values[:, column] if row < 0 else values[row]
    best = int(np.where(np.isnan(line), -np.inf, line).argmax())
    return (best, column) if row < 0 else (row, best)
