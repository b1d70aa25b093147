"""Keras kernels in PyTorch's order, as views: nothing is copied and no value changes.

Keras stores the input before the output and both behind the window: Dense (in, out), Conv2D (h, w, in, out),
recurrent (in, gates × units). PyTorch has (out, in), (out, in, h, w), (gates × units, in). The order of the
gates stays as stored: Keras and PyTorch agree for LSTM, and differ for GRU (z, r, h against r, z, n).
"""

from __future__ import annotations

import math
from dataclasses import replace

from inspector.checkpoint.storage import Placed

PLAIN, DEPTHWISE, HEADS_OUT, HEADS_IN, FLAT = "plain", "depthwise", "heads_out", "heads_in", "flat"

Shape = tuple[int, ...]


def turned(placed: Placed, kind: str) -> Placed:
    """Return a tensor in PyTorch's order.

    `kind`: PLAIN (..., in, out) -> (out, in, ...); DEPTHWISE (..., in, m) -> (in × m, 1, ...), grouped convolution;
    HEADS_OUT (in, heads, size) -> (heads × size, in); HEADS_IN (heads, size, out) -> (out, heads × size);
    FLAT -> one dimension. A shape that the kind does not fit stays as it is.
    """
    stored = placed.shape
    if 0 in stored:
        return placed
    if kind == FLAT:
        return replace(placed, shape=(math.prod(stored),))
    if len(stored) < (3 if kind in (HEADS_OUT, HEADS_IN) else 2):
        return placed
    shape, strides = _KINDS[kind](stored)
    return replace(placed, shape=shape, strides=strides)


def _steps(stored: Shape) -> Shape:
    """Return the distance of neighbours along each dimension, in elements."""
    return tuple(math.prod(stored[axis + 1 :]) for axis in range(len(stored)))


def _plain(stored: Shape) -> tuple[Shape, Shape]:
    axes = (len(stored) - 1, len(stored) - 2, *range(len(stored) - 2))
    steps = _steps(stored)
    return tuple(stored[axis] for axis in axes), tuple(steps[axis] for axis in axes)


def _depthwise(stored: Shape) -> tuple[Shape, Shape]:
    channels = stored[-2] * stored[-1]
    return (channels, 1, *stored[:-2]), (1, channels, *_steps(stored)[:-2])


def _heads_out(stored: Shape) -> tuple[Shape, Shape]:
    width = math.prod(stored[1:])
    return (width, stored[0]), (1, width)


def _heads_in(stored: Shape) -> tuple[Shape, Shape]:
    return (stored[-1], math.prod(stored[:-1])), (1, stored[-1])


_KINDS = {PLAIN: _plain, DEPTHWISE: _depthwise, HEADS_OUT: _heads_out, HEADS_IN: _heads_in}
