"""Debiased CKA against its formula, and without the bias of plain CKA."""

from __future__ import annotations

import numpy as np
import torch

from inspector.similarity.cka import EXAMPLES, sampled_rows, u_centred


def hsic(k: np.ndarray, l: np.ndarray) -> float:  # noqa: E741  (the names of the formula)
    """Equation 5 of Song et al. 2012."""
    n = len(k)
    k, l = k - np.diag(np.diag(k)), l - np.diag(np.diag(l))  # noqa: E741
    one = np.ones(n)
    total = (
        np.trace(k @ l) + (one @ k @ one) * (one @ l @ one) / ((n - 1) * (n - 2)) - 2 / (n - 2) * (one @ k @ l @ one)
    )
    return float(total / (n * (n - 3)))


def test_u_centred_inner_products_are_the_unbiased_estimator() -> None:
    rng = np.random.default_rng(0)
    a, b = rng.standard_normal((30, 7)), rng.standard_normal((30, 9))
    k, l = a @ a.T, b @ b.T  # noqa: E741
    product = (u_centred(torch.from_numpy(k)) * u_centred(torch.from_numpy(l))).sum() / (30 * 27)
    assert np.isclose(float(product), hsic(k, l))


def test_random_matrices_have_no_bias_where_plain_cka_has() -> None:
    rng = np.random.default_rng(1)
    a, b = (torch.from_numpy(rng.standard_normal((256, 2048))) for _ in range(2))
    k, l = (u_centred(x @ x.t()).flatten() for x in (a, b))  # noqa: E741
    assert abs(float(k @ l / (k.norm() * l.norm()))) < 0.05


def test_the_sample_is_spread_over_all_rows() -> None:
    runs = sampled_rows(3420)
    assert sum(stop - start for start, stop in runs) == EXAMPLES
    assert runs[0][0] == 0
    assert runs[-1][1] == 3420
    assert sampled_rows(100) == [(0, 100)]
