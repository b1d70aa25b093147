"""Coincidence: units that are each other's nearest in the two models, and how many of those stand in the same place.

Under independence the matching knows nothing of the order, so each of m matched units of h stands in its place with
probability 1/h, and P(K >= k) <= (m)_k / ((h)_k k!) without asymptotics. Scanned over the top m = 1, 2, 4, ... pairs by
similarity (Bonferroni), it finds transplants of a few units. Units that occur twice in a model were set apart before;
those whose nearest is not the only one (pruned ones of which only a bias is left) are left out here: their nearest
neighbour would be decided by the order.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch

from inspector.evidence import tails
from inspector.evidence_results import FloatArray, IntArray

FALSE_DISCOVERIES = 0.01
_TAIL = 0.02  # share of the off-diagonal entries that is sorted; p-values above it are only bounded
_SEARCHED = 1 << 20
_ROUNDING = 1e-5  # of the largest similarity: closer than this, float32 products are equal


@dataclass(frozen=True, slots=True)
class Coincidence:
    """Mutual nearest neighbours of one group.

    Attributes:
        mutual: how many pairs. in_place: of those, in the same place. expected: of in_place under the null.
        log10_p: the bound over the scan. blocks: sets of units. tied: their orders may be
            one.
    """

    mutual: int
    in_place: int
    expected: float
    log10_p: float
    blocks: int
    tied: bool = False


def coincidence(matrix: torch.Tensor, *, tied: bool = False) -> Coincidence:
    """Return the coincidences of a (blocks, units, units) matrix of similarities; `tied` blocks may share one order."""
    blocks, size, _ = matrix.shape
    (nearest, only), (back, only_back) = _nearest(matrix, 2), _nearest(matrix, 1)
    mutual = (torch.gather(back, 1, nearest) == torch.arange(size)) & only & torch.gather(only_back, 1, nearest)
    block, unit = (index.numpy() for index in torch.nonzero(mutual, as_tuple=True))
    partner = nearest.numpy()[block, unit]
    order = np.argsort(-matrix.numpy()[block, unit, partner], kind="stable")
    in_place = (partner == unit)[order]
    return Coincidence(
        mutual=len(order),
        in_place=int(in_place.sum()),
        expected=len(order) / size,
        log10_p=_best_scan(in_place, size, blocks, block[order]) if tied else _scan(in_place, size, blocks),
        blocks=blocks,
        tied=tied,
    )


def _nearest(matrix: torch.Tensor, dim: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Return each unit's nearest, and whether it is ahead of all others by more than rounding: (blocks, units) each.

    The largest entries of the matrix are taken out to find the second ones, and put back.
    """
    best = matrix.max(dim, keepdim=True)
    matrix.scatter_(dim, best.indices, -torch.inf)
    ahead = best.values - matrix.amax(dim, keepdim=True)
    matrix.scatter_(dim, best.indices, best.values)
    only = ahead > _ROUNDING * best.values.amax((1, 2), keepdim=True).abs()
    return best.indices.squeeze(dim), only.squeeze(dim)


def _best_scan(in_place: FloatArray, size: int, blocks: int, block: IntArray) -> float:
    """Return the smallest bound of any block, times their number: blocks may share one order, each has a random one."""
    bounds = [_scan(in_place[block == number], size, 1) for number in range(blocks)]
    return min(0.0, min(bounds) + math.log10(blocks))


def _scan(in_place: FloatArray, size: int, blocks: int) -> float:
    """Return the smallest bound over the top m = 1, 2, 4, ..., all pairs, with Bonferroni's factor."""
    total = len(in_place)
    tops = sorted({*(1 << power for power in range(total.bit_length()) if 1 << power <= total), total} - {0})
    if not tops:
        return 0.0
    counts = np.cumsum(in_place)
    best = 0.0
    for top in tops:
        k = int(counts[top - 1])
        bound = tails.log10_coincidence(k, top, size) if blocks == 1 else tails.log10_many_coincidences(k, top / size)
        best = min(best, bound)
    return min(0.0, best + math.log10(len(tops)))


def inherited_units(stack: FloatArray) -> IntArray:
    """Return the units in place whose similarity beats the pairs out of place, at a false discovery rate of 1 %.

    Benjamini and Hochberg (1995) over the units; each p-value is the share of all pairs of different places that are
    at least as similar.

    Args:
        stack: (blocks, units, units).

    Returns:
        flat places, block by block.
    """
    blocks, size, _ = stack.shape
    own = np.einsum("bii->bi", stack).reshape(-1)
    pairs = blocks * size * (size - 1)
    threshold = _threshold(stack, pairs)
    flat = stack.reshape(-1)
    tail = np.sort(flat[flat >= threshold])
    own_sorted = np.sort(own)
    above = len(tail) - np.searchsorted(tail, own, side="left")  # the units' own entries are among them
    above -= len(own) - np.searchsorted(own_sorted, own, side="left")
    p = np.where(own >= threshold, (1 + np.maximum(above, 0)) / (1 + pairs), 1.0)
    order = np.argsort(p, kind="stable")
    passed = p[order] <= FALSE_DISCOVERIES * np.arange(1, len(p) + 1) / len(p)
    last = int(np.flatnonzero(passed)[-1]) + 1 if passed.any() else 0
    return np.sort(order[:last])


def _threshold(stack: FloatArray, pairs: int) -> float:
    """Return about the 98th percentile of all entries, from an even sample: below it no p-value can pass."""
    flat = stack.reshape(-1)
    few = flat[:: max(1, flat.size // _SEARCHED)]
    return float(np.quantile(few, 1 - _TAIL)) if pairs > len(stack) * 50 else -math.inf
