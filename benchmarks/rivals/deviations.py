"""The profile of standard deviations ("PDF") of Yoon, Chun, Allen, Müller, Wang and Sharma, "Intrinsic Fingerprint of
LLMs: Continue Training is NOT All You Need to Steal A Model!", arXiv 2507.03014, 2025.

Of q, k, v and out: the standard deviation of the matrix in every layer, as a sequence over the layers, normalised; two
models are compared by the Pearson correlation of their sequences. The paper accused Pangu Pro MoE at an average of
0.927 and sets no threshold that could be confirmed. Depths that differ are brought together by linear interpolation,
which is ours, as is the plain mean over the four roles.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from benchmarks.rivals.model import Model

ACCUSATION = 0.927
ROLES = ("attn.q", "attn.k", "attn.v", "attn.out")
FEWEST = 3  # layers: two points always correlate by 1 or -1

Profile = npt.NDArray[np.float64]


def deviation_profile_similarity(candidate: Model, reference: Model) -> float | None:
    """Mean Pearson correlation, -1 to 1, of the four profiles; None where no profile can be compared."""
    correlations = []
    for role in ROLES:
        ours, theirs = _profile(candidate, role), _profile(reference, role)
        if min(len(ours), len(theirs)) < FEWEST:
            continue
        points = np.linspace(0, 1, max(len(ours), len(theirs)))
        a, b = (np.interp(points, np.linspace(0, 1, len(side)), side) for side in (ours, theirs))
        if a.std() > 0 and b.std() > 0:
            correlations.append(float(np.corrcoef(a, b)[0, 1]))
    return float(np.mean(correlations)) if correlations else None


def _profile(model: Model, role: str) -> Profile:
    """The standard deviations of a role, (layers,); Pearson's correlation does the normalising."""
    found = (model.matrix(layer, role) for layer in model.layers)
    return np.array([matrix.astype(np.float64).std() for matrix in found if matrix is not None])
