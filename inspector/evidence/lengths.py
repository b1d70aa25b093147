"""Lengths of units on their two sides: scaled where they are read and scaled back where they write."""

from __future__ import annotations

import numpy as np
import torch

from inspector.evidence_results import FloatArray

_SPREAD = 0.05  # of the logarithms of the lengths
_AGAINST = -0.9  # correlation of what one side gained with what the other did


def opposed(reads: FloatArray, writes: FloatArray) -> bool:
    """Tell whether what one side gained in length, the other side lost."""
    spread = min(reads.std(), writes.std()) > _SPREAD
    return bool(spread and float(np.corrcoef(reads, writes)[0, 1]) < _AGAINST)


def gained(a: torch.Tensor, b: torch.Tensor) -> FloatArray:
    """Return the logarithm of the candidate's lengths over the reference's, 0 where one is zero."""
    lengths = [torch.linalg.vector_norm(side, dim=1).double().numpy() for side in (a, b)]
    alive = (lengths[0] > 0) & (lengths[1] > 0)
    ratio = np.where(alive, lengths[0], 1.0) / np.where(alive, lengths[1], 1.0)
    return np.asarray(np.log(ratio))
