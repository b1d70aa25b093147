"""Biased linear CKA on weights, after Kornblith, Norouzi, Lee and Hinton, "Similarity of Neural Network Representations
Revisited", ICML 2019, equation 3 with the biased (V-statistic) HSIC of Gretton et al. 2005.

The paper compares activations; here the rows of a matrix (its units) are the samples and its columns the features. With
n samples of d features the biased estimate is near d / (d + n) between matrices that share nothing. The paper sets no
threshold.
"""

from __future__ import annotations

import numpy as np

from benchmarks.rivals.model import Matrix, Model, shared


def biased_cka_similarity(candidate: Model, reference: Model) -> float | None:
    """Mean CKA, 0 to 1, of matrices at the same place with as many rows; None where there are none."""
    values = [linear_cka(a, b) for _, a, b in shared(candidate, reference) if len(a) == len(b)]
    return float(np.mean(values)) if values else None


def linear_cka(a: Matrix, b: Matrix) -> float:
    """Biased linear CKA of two sets of columns over the same samples, (n, p) and (n, q): |A'B|² / (|A'A| |B'B|)."""
    x, y = (side.astype(np.float64) - side.mean(axis=0, dtype=np.float64) for side in (a, b))
    scale = float(np.linalg.norm(x.T @ x) * np.linalg.norm(y.T @ y))
    return float(np.square(x.T @ y).sum()) / scale if scale else 0.0
