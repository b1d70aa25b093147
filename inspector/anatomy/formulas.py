"""Numeric tests of fixed tables: each returns whether the values follow its formula.

Values come as float64 in the stored shape, rows sampled where the table is large (`rows` are then their numbers).
A table may have been rounded to one dtype and stored in another, so the rounding allowed is that of the smallest
type that holds all the values.
Sources: `resources/catalogue/fixed.json`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import isqrt, log

import ml_dtypes
import numpy as np
import numpy.typing as npt

TOLERANCE = 1e-3
Values = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]
Formula = Callable[[Values, Rows, int], bool]

_BASE = 10000.0
# Types with the largest relative error of rounding to them; float16 rounds finer than the tolerance.
_ROUNDING = ((ml_dtypes.float8_e5m2, 2**-3), (ml_dtypes.float8_e4m3fn, 2**-4), (ml_dtypes.bfloat16, 2**-9))
_IMAGE_CONSTANTS = (
    (-0.030, -0.088, -0.188),
    (0.458, 0.448, 0.450),
    (0.485, 0.456, 0.406),
    (0.229, 0.224, 0.225),
    (0.48145466, 0.4578275, 0.40821073),
    (0.26862954, 0.26130258, 0.27577711),
    (0.5, 0.5, 0.5),
)


def agree(values: Values, formula: Values) -> bool:
    """Return whether all values are the formula's, within `TOLERANCE` and the rounding of the type they fit in."""
    room = np.full(formula.shape, TOLERANCE)
    for kind, rounding in _ROUNDING:
        if np.array_equal(values.astype(kind).astype(np.float64), values):
            room += rounding * np.abs(formula)
            break
    return bool(np.all(np.abs(values - formula) <= room))


def sinusoid(values: Values, rows: Rows, length: int) -> bool:
    """Return whether (n, d) rows are a sinusoidal position table: 1-D or 2-D, halves or interleaved, any n and d."""
    width = values.shape[1]
    if width < 4 or width % 2 or length < 4:
        return False
    return any(agree(values[:1], formula[:1]) and agree(values, formula) for formula in _sinusoids(rows, width, length))


def _sinusoids(rows: Rows, width: int, length: int) -> Iterator[Values]:
    half = width // 2
    for steps in (half - 1, half):
        angles = _angles(rows, half, steps)
        yield np.concatenate([np.sin(angles), np.cos(angles)], axis=1)
        yield np.stack([np.sin(angles), np.cos(angles)], axis=2).reshape(len(rows), width)
    for class_rows in (0, 1):
        side = isqrt(max(length - class_rows, 0))
        if width % 4 == 0 and side > 1 and side * side == length - class_rows:
            yield from _grids(rows - class_rows, width, side)


def _angles(positions: npt.NDArray[np.int64], half: int, steps: int) -> Values:
    return np.outer(positions, np.exp(-log(_BASE) / steps * np.arange(half)))


def _grids(cells: Rows, width: int, side: int) -> Iterator[Values]:
    """A square grid's table: one half of the columns for each axis; a class row before it is zero."""
    axes = []
    for positions in (cells // side, cells % side):
        angles = _angles(positions, width // 4, width // 4)
        axes.append(np.concatenate([np.sin(angles), np.cos(angles)], axis=1) * (cells >= 0)[:, None])
    yield np.concatenate(axes, axis=1)
    yield np.concatenate(axes[::-1], axis=1)


def inverse_frequencies(values: Values, rows: Rows, length: int) -> bool:
    """Return whether (n, 1) values are rotary frequencies or periods: a geometric progression, or a scaled one.

    Long-context scaling bends the progression, so falling values that start at 1 are enough for at least 8 of them.
    """
    series = values[:, 0]
    if length < 4 or not np.all(series > 0):
        return False
    steps = np.diff(np.log(series))
    geometric = abs(float(steps.mean())) > 1e-3 and bool(np.all(np.abs(steps - steps.mean()) < 2e-2))
    return geometric or (length >= 8 and abs(series[0] - 1) < TOLERANCE and bool(np.all(steps < 0)))


def rotary_table(values: Values, rows: Rows, length: int) -> bool:
    """Return whether rows are cosines or sines of position times frequency: row 0 all 1 or all 0, nothing beyond 1."""
    bounded = bool(np.all(np.abs(values) <= 1 + TOLERANCE))
    return bounded and (bool(np.all(np.abs(values[0] - 1) < TOLERANCE)) or bool(np.all(np.abs(values[0]) < TOLERANCE)))


def mask(values: Values, rows: Rows, length: int) -> bool:
    """Return whether there are exactly two values, one of them 0 or 1 (the other may be NaN)."""
    distinct = np.unique(values)
    return distinct.size == 2 and bool(np.isin(distinct, (0.0, 1.0)).any())


def mel_filters(values: Values, rows: Rows, length: int) -> bool:
    """Return whether rows (or columns) are triangular filters: non-negative, one contiguous peak each, mostly zero."""
    if min(values.shape) < 8 or np.any(values < 0) or np.count_nonzero(values) > 0.25 * values.size:
        return False
    return _triangles(values) or _triangles(values.T)


def _triangles(filters: Values) -> bool:
    """Return whether each row rises to one peak and falls, the peaks in order; narrow bands may hold no bin at all."""
    filled = filters[filters.max(axis=1) > 0]
    peaks = filled.argmax(axis=1)
    if 2 * len(filled) < len(filters) or np.any(np.diff(peaks) < 0) or peaks[-1] <= peaks[0]:
        return False
    rises = np.diff(filled, axis=1)
    before = np.arange(1, filled.shape[1])[None, :] <= peaks[:, None]
    return bool(np.all(np.where(before, rises, -rises) >= -1e-3 * filled.max()))


def stft_basis(values: Values, rows: Rows, length: int) -> bool:
    """Return whether (n, taps) rows are a window times cosines, then (or only) times sines, of rising frequency."""
    count, taps = values.shape
    bins = taps // 2 + 1
    if count not in (bins, 2 * bins) or taps < 16:
        return False
    phase = 2 * np.pi * np.outer(np.arange(bins), np.arange(taps)) / taps
    first = values[:bins]
    if count == 2 * bins or np.any(np.abs(first[0]) > TOLERANCE):
        window = first[0]
        scale = np.abs(window).max() or 1.0
        if np.abs(first - window * np.cos(phase)).max() > 1e-2 * scale:
            return False
        return count == bins or bool(
            min(np.abs(values[bins:] - sign * window * np.sin(phase)).max() for sign in (1, -1)) <= 1e-2 * scale
        )
    window = np.abs(first[bins // 2])
    return bool(np.all(np.abs(first) <= np.abs(window).max() + TOLERANCE)) and _sine_rows(first, phase)


def _sine_rows(rows: Values, phase: Values) -> bool:
    """Return whether each row correlates with no basis but its own sine (the window only tapers it)."""
    sines = np.sin(phase[1:-1])
    own = np.abs(np.einsum("ij,ij->i", rows[1:-1], sines))
    return bool(np.all(np.abs(rows[1:-1] @ sines.T).argmax(axis=1) == np.arange(len(sines)))) and bool(np.all(own > 0))


def hann_window(values: Values, rows: Rows, length: int) -> bool:
    """Return whether (n, 1) values are a Hann or Hamming window, periodic or symmetric."""
    if length < 16:
        return False
    turns = np.arange(length)[:, None]
    return any(
        agree(values, base - (1 - base) * np.cos(2 * np.pi * turns / span))
        for base in (0.5, 0.54)
        for span in (length, length - 1)
    )


def image_normalisation(values: Values, rows: Rows, length: int) -> bool:
    """Return whether three values are a published mean or standard deviation of images."""
    flat = values.reshape(-1)
    return flat.size == 3 and any(agree(flat, np.array(known)) for known in _IMAGE_CONSTANTS)


FORMULAS: dict[str, Formula] = {
    formula.__name__: formula
    for formula in (
        sinusoid,
        inverse_frequencies,
        rotary_table,
        mask,
        mel_filters,
        stft_basis,
        hann_window,
        image_normalisation,
    )
}
