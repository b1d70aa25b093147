"""The matched Spearman test of Zhu, Ahmed, Kuditipudi and Liang, "Independence Tests for Language Models", ICML 2025.

The units of two MLPs are matched twice by linear assignment on cosines (the paper's MATCH), once on each of two views;
if the models are independent, the two matchings should agree no better than chance. Their Spearman correlation gives a
p-value (SPEARMAN, Student's t with n - 2 degrees of freedom), and the layers are put together by FISHER. The paper
takes the activations of gate and up as views; their cosines under standard normal inputs are those of the weight rows,
so the weights stand for them and no data is needed. The price: with activations on the model's own inputs a rotation
of the residual stream would not matter, here it does. A GELU MLP has no gate: its views are the rows of fc1 and the
columns of fc2. The paper finds that the value behaves like a p-value and proves no more.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.special import logsumexp
from scipy.stats import rankdata, t

from benchmarks.rivals.model import Matrix, Model

ALPHA = 1e-6  # the level that Assayer itself decides at; the paper reports p-values and sets none
SMALLEST = float(np.finfo(np.float64).tiny)  # the smallest p-value that the paper reports
FEWEST = 8  # matched units

Views = tuple[Matrix, Matrix]


def matched_spearman_evidence(candidate: Model, reference: Model) -> float | None:
    """-log10 p of the aggregated test, 0 upwards; None where no two MLPs can be compared.

    Each MLP of the candidate is tested against every MLP of the reference (the paper's localised form), its smallest
    p-value times their number counts, so that layers or experts dropped or in another order cost the method nothing.
    """
    p_values = []
    theirs = list(_mlps(reference))
    for ours in _mlps(candidate):
        tried = [_p_value(ours, other) for other in theirs]
        known = [p for p in tried if p is not None]
        if known:
            p_values.append(min(1.0, len(known) * min(known)))
    return -fisher_log10_p(p_values) if p_values else None


def fisher_log10_p(p_values: Sequence[float]) -> float:
    """log10 of Fisher's combined p: the upper tail of chi-squared with 2 n degrees of freedom, in closed form."""
    half = -math.fsum(math.log(max(p, SMALLEST)) for p in p_values)
    if half == 0:
        return 0.0
    terms = [k * math.log(half) - math.lgamma(k + 1) for k in range(len(p_values))]
    return min(0.0, (float(logsumexp(terms)) - half) / math.log(10))


def spearman_p(first: Sequence[int], second: Sequence[int]) -> float:
    """One-sided p-value of the rank correlation of two matchings, (n,) each, n at least 3."""
    a, b = rankdata(first), rankdata(second)
    r = float(np.corrcoef(a, b)[0, 1])
    freedom = len(a) - 2
    if 1 - abs(r) < 1e-12:
        return SMALLEST if r > 0 else 1.0
    return max(SMALLEST, float(t.sf(r * math.sqrt(freedom / (1 - r * r)), freedom)))


def _mlps(model: Model) -> Iterator[Views]:
    """Two views of the units of every MLP, (units, width) each."""
    for layer in model.layers:
        for expert in model.experts(layer):
            gate, up = model.matrix(layer, "mlp.gate", expert), model.matrix(layer, "mlp.up", expert)
            first, second = model.matrix(layer, "mlp.fc1", expert), model.matrix(layer, "mlp.fc2", expert)
            if gate is not None and up is not None:
                yield gate, up
            elif first is not None and second is not None:
                yield first, second.T


def _p_value(ours: Views, theirs: Views) -> float | None:
    if any(a.shape[1] != b.shape[1] for a, b in zip(ours, theirs, strict=True)):
        return None
    first, second = (_matching(a, b) for a, b in zip(ours, theirs, strict=True))
    both = sorted(first.keys() & second.keys())
    return spearman_p([first[unit] for unit in both], [second[unit] for unit in both]) if len(both) >= FEWEST else None


def _matching(a: Matrix, b: Matrix) -> dict[int, int]:
    """Unit of a -> unit of b that maximises the sum of cosines; the surplus of the wider MLP stays single."""
    rows, columns = linear_sum_assignment(_unit_rows(a) @ _unit_rows(b).T, maximize=True)
    return dict(zip(rows.tolist(), columns.tolist(), strict=True))


def _unit_rows(matrix: Matrix) -> Matrix:
    length = np.linalg.norm(matrix, axis=1, keepdims=True)
    return (matrix / np.where(length > 0, length, 1)).astype(np.float32)
