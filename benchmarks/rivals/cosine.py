"""Raw cosine of tensors at the same place: what public claims are usually made with. No paper, no null.

Thresholds in use: 0.5 ("related") and 0.9 ("the same weights"). The norm gains' cosine is the figure of the accusation
of January 2026 against Solar Open 100B (0.989, withdrawn): gains are positive and near constant, so any two models
come close to 1.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from benchmarks.rivals.model import Matrix, Model, shared

RELATED, SAME = 0.5, 0.9
ACCUSATION = 0.989

Values = npt.NDArray[np.float64]


def matrix_cosine_similarity(candidate: Model, reference: Model) -> float | None:
    """Mean cosine, -1 to 1, of the block matrices that have the same place and shape; None where there are none."""
    return _mean_cosine((a, b) for _, a, b in shared(candidate, reference))


def gain_cosine_similarity(candidate: Model, reference: Model) -> float | None:
    """Mean cosine, -1 to 1, of the norms' gain vectors; None where there are none of one length."""
    places = sorted(candidate.gains.keys() & reference.gains.keys())
    return _mean_cosine((candidate.gains[place], reference.gains[place]) for place in places)


def _mean_cosine(pairs: Iterable[tuple[Matrix, Matrix]]) -> float | None:
    cosines = [_cosine(a.astype(np.float64), b.astype(np.float64)) for a, b in pairs if a.shape == b.shape]
    return float(np.mean(cosines)) if cosines else None


def _cosine(a: Values, b: Values) -> float:
    scale = float(np.linalg.norm(a) * np.linalg.norm(b))
    return float((a * b).sum()) / scale if scale else 0.0
