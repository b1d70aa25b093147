"""Convolution kernels as fingerprints keep them: so that they can be flipped although they are projected.

Theano stores the taps of a kernel in reverse order. Each pair of taps that reversing swaps is kept as its sum and its
difference, over the square root of 2: other axes at right angles, in which reversing keeps the even part (sums and the
middle tap) and turns the sign of the odd part (differences). The two are projected apart, each as any row is, so a
kernel is reversed by a change of sign in the columns of the odd part. All of it is fixed before either model is seen
and done to each unit by itself: what `projection` says of the null and of inner products holds.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch

from inspector.references.projection import projection


def taps_of(stored: Sequence[int]) -> int:
    """Return the taps of a kernel stored as (out, in, taps...)."""
    return math.prod(stored[2:])


def odd_columns(width: int, taps: int, columns: int) -> int:
    """Return how many of the last columns belong to the odd part, in proportion to its share of the width."""
    odd = width // taps * (taps // 2)
    return odd if columns == width else max(1, round(columns * odd / width))


def halves(rows: torch.Tensor, taps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the even and the odd part of (units, width) rows, side by side as long as the rows."""
    values = rows.view(len(rows), -1, taps)
    half = taps // 2
    first, last = values[..., :half], values[..., taps - half :].flip(-1)
    even = torch.cat([(first + last) * math.sqrt(0.5), values[..., half : taps - half]], -1)
    return even.flatten(1), ((first - last) * math.sqrt(0.5)).flatten(1)


def kept_kernels(rows: torch.Tensor, taps: int, seed: bytes, columns: int) -> torch.Tensor:
    """Return what is kept of (units, width) rows: (units, columns), the odd part last."""
    odd = odd_columns(rows.shape[1], taps, columns)
    parts = zip(halves(rows, taps), (columns - odd, odd), strict=True)
    return torch.cat([_projected(part, seed, kept) for part, kept in parts], 1)


def _projected(rows: torch.Tensor, seed: bytes, columns: int) -> torch.Tensor:
    units, width = rows.shape
    if width <= columns:
        return rows
    sketch = projection(seed, width, columns)
    return sketch.of_rows(rows, torch.empty(units, width + 1), torch.empty(units, len(sketch.order)))
