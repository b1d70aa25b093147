"""The fixed colour scale of every measure of a layer matrix, the same in the window and in a report.

Similarities are drawn from 0 to 1. Permutation z has no upper end: it is drawn on log(1 + z / 3), up to 300.
Below 0 every measure has the lowest colour.
"""

from __future__ import annotations

import numpy as np

from inspector.results import FloatArray

Z_MEASURE = "permutation_z"
Z_TOP = 300.0  # larger values have the highest colour; the colour bar says so
_Z_KNEE = 3.0  # about where chance ends: the scale is straight below and logarithmic above
_Z_TICKS = (0, 3, 10, 30, 100, 300)
_TICKS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)


def drawn(values: FloatArray, measure: str) -> FloatArray:
    """Return where each value lies on the colour scale of `measure`, 0..1; NaN stays NaN."""
    if measure != Z_MEASURE:
        return np.clip(values, 0.0, 1.0)
    clipped = np.clip(values, 0.0, Z_TOP)
    return np.asarray(np.log1p(clipped / _Z_KNEE) / np.log1p(Z_TOP / _Z_KNEE))


def ticks(measure: str) -> list[tuple[float, str]]:
    """Return places on the colour scale, 0..1, with their labels."""
    marks = _Z_TICKS if measure == Z_MEASURE else _TICKS
    places = drawn(np.array(marks, np.float64), measure).tolist()
    return [(place, f"{mark:g}") for place, mark in zip(places, marks, strict=True)]
