"""The same statistic with the units in random order: Monte Carlo p-values, the drawn null, the shuffled control.

Large groups are shuffled on a subset of their units: a permutation test of a subset is a permutation test.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from inspector.evidence import tails, units
from inspector.evidence.loading import sampled
from inspector.evidence_results import FloatArray

SHUFFLES = 10_000
_UNITS = 512  # shuffled of one group, over all blocks
_BLOCKS = 64


def shuffled_z(stack: FloatArray, number: int = 0) -> npt.NDArray[np.float32]:
    """Return z of the observed order of a subset, then of `SHUFFLES` random ones: (1 + SHUFFLES,) float32.

    Args:
        stack: (blocks, units, units), doubly centred. number: groups of one number and size get the same orders (their
            permutations may be tied), groups of different numbers get independent ones.
    """
    blocks, size, _ = stack.shape
    if size <= tails.ENUMERATED:
        values = tails.enumerate_blocks(stack)
        return _standardised(float(np.einsum("bii->", stack)), _draw_orders(values, number), float(values.var(1).sum()))
    chosen = sampled(blocks, _BLOCKS)
    few = sampled(size, max(8, _UNITS // len(chosen)))
    part = stack[np.ix_(chosen, few, few)]
    part = part - part.mean(1, keepdims=True) - part.mean(2, keepdims=True) + part.mean((1, 2), keepdims=True)
    total = np.zeros(SHUFFLES)
    orders = np.roll(_orders(len(part), len(few)), 997 * number, axis=1)
    for block, picks in zip(part, orders, strict=True):
        total += block[np.arange(len(few))[None, :], picks].sum(1)
    variance = float((part**2).sum()) / (len(few) - 1)
    return _standardised(float(np.einsum("bii->", part)), total, variance)


def _standardised(observed: float, shuffled: FloatArray, variance: float) -> npt.NDArray[np.float32]:
    sd = math.sqrt(variance)
    values = np.concatenate([[observed], shuffled])
    return (values / sd if sd > 0 else np.zeros_like(values)).astype(np.float32)


def _draw_orders(values: FloatArray, number: int) -> FloatArray:
    """Draw a random order of every block: (blocks, orders) -> (SHUFFLES,) sums."""
    random = np.random.default_rng([units.SEED + 4, number])
    total = np.zeros(SHUFFLES)
    for block in values:
        total += block[random.integers(0, len(block), SHUFFLES)]
    return total


@lru_cache(maxsize=8)
def _orders(blocks: int, size: int) -> npt.NDArray[np.int16]:
    """Return SHUFFLES random orders of `size` units, of each block its own: (blocks, SHUFFLES, size)."""
    random = np.random.default_rng([units.SEED + 5, size])
    table = np.tile(np.arange(size, dtype=np.int16), (blocks, SHUFFLES, 1))
    return random.permuted(table, axis=-1)


def monte_carlo_log10_p(shuffled: npt.NDArray[np.float32] | FloatArray) -> float:
    """Return log10 of (1 + hits) / (1 + B), the observed value first."""
    hits = int(np.count_nonzero(shuffled[1:] >= shuffled[0]))
    return math.log10((1 + hits) / len(shuffled))
