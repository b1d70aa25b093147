"""Leading singular directions by randomised subspace iteration, and what they tell of a matrix.

Halko, Martinsson, Tropp (2011, SIAM Review 53), with a fixed seed.
"""

from __future__ import annotations

import math

import numpy as np
import torch

from inspector.evidence import units

SPIKE_SHARE = 0.1  # of the singular directions count as leading
_MOST = 128
_EXTRA = 8
_ITERATIONS = 2


def leading(matrix: torch.Tensor, count: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return U (rows, count), S (count,), V (columns, count) of the leading singular values, descending.

    >>> u, s, v = leading(torch.diag(torch.tensor([3.0, 2.0, 1.0])), 1)
    >>> round(float(s[0]), 4)
    3.0
    """
    width = min(count + _EXTRA, min(matrix.shape))
    start = np.random.default_rng(units.SEED + 7).standard_normal((matrix.shape[1], width)).astype(np.float32)
    basis = torch.linalg.qr(matrix @ torch.from_numpy(start))[0]
    for _ in range(_ITERATIONS):
        basis = torch.linalg.qr(matrix @ torch.linalg.qr(matrix.t() @ basis)[0])[0]
    u, s, vt = torch.linalg.svd(basis.t() @ matrix, full_matrices=False)
    return (basis @ u)[:, :count], s[:count], vt[:count].t()


def noise_edge(matrix: torch.Tensor) -> float:
    """Return the largest singular value over that of a random matrix of equal size and variance: 1 for noise.

    The edge of the Marchenko-Pastur law, sigma (sqrt(rows) + sqrt(columns)).
    """
    moved = matrix - matrix.mean(0)
    sigma = float(torch.linalg.vector_norm(moved)) / math.sqrt(moved.numel())
    if not sigma > 0:
        return 0.0
    rows, columns = moved.shape
    return float(leading(moved, 1)[1][0]) / (sigma * (math.sqrt(rows) + math.sqrt(columns)))


def spike_over_bulk(own: torch.Tensor, other: torch.Tensor) -> float:
    """Return the transfer of `own`'s leading directions into `other` over the transfer of the rest.

    Transfer of a part P of `own` is <P, other> / <P, P>: 1 where it stands in the other model unchanged, 0 where it is
    gone. Mean rows are removed.
    """
    a, b = own - own.mean(0), other - other.mean(0)
    count = min(_MOST, max(1, int(SPIKE_SHARE * min(a.shape))))
    u, s, v = leading(a, count)
    shared, energy = float((s * ((u.t() @ b) * v.t()).sum(1)).sum()), float(s.square().sum())
    rest_shared, rest_energy = float((a * b).sum()) - shared, float(a.square().sum()) - energy
    if not (energy > 0 and rest_energy > 0 and rest_shared > 0):
        return math.inf
    return (shared / energy) / (rest_shared / rest_energy)
