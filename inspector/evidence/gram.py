"""Gram (Mantel): do the similarities between units agree? Invariant to any rotation of the residual stream.

T = <K_A, K_B> off the diagonal, both centred; the null permutes rows and columns together. A quadratic statistic is
skewed, so its p-value counts shuffles, and the test is calibrated: it proposes a rotation, it does not decide.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from inspector.evidence import units
from inspector.evidence_results import FloatArray

SHUFFLES = 200
FEWEST = 8


@dataclass(frozen=True, slots=True)
class GramScore:
    """Mantel's statistic of one group: correlation, z, and z of the shuffles (SHUFFLES,)."""

    correlation: float
    z: float
    shuffled: FloatArray


def gram_score(a: torch.Tensor, b: torch.Tensor) -> GramScore | None:
    """Return the statistic of two (units, units) Gram matrices, None where one of them is constant."""
    size = a.shape[0]
    if size < FEWEST:
        return None
    first, second = (_centred(side) for side in (a, b))
    norm = float(torch.linalg.vector_norm(first) * torch.linalg.vector_norm(second))
    if not norm > 0:
        return None
    random = np.random.default_rng([units.SEED + 6, size])
    orders = torch.from_numpy(np.stack([random.permutation(size) for _ in range(SHUFFLES)]))
    observed = float((first * second).sum()) / norm
    shuffled = np.array([_shuffled(first, second, order) for order in orders]) / norm
    sd = float(shuffled.std())
    if not sd > 0:
        return None
    return GramScore(observed, (observed - float(shuffled.mean())) / sd, (shuffled - shuffled.mean()) / sd)


def _shuffled(first: torch.Tensor, second: torch.Tensor, order: torch.Tensor) -> float:
    moved = second.index_select(0, order).index_select(1, order)
    return float(torch.dot(first.reshape(-1), moved.reshape(-1)))


def _centred(gram: torch.Tensor) -> torch.Tensor:
    """Return the Gram matrix with a zero diagonal and the mean of the other entries removed."""
    size = gram.shape[0]
    off = gram.clone().fill_diagonal_(0.0)
    off -= off.sum() / (size * (size - 1))
    return off.fill_diagonal_(0.0)
