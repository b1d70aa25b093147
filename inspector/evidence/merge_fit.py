"""Which references a matrix is a mixture of, from inner products alone (no weights are read here).

A regression alone would call relatives a merge: a light fine-tune of A regressed on A and on another fine-tune of A
gives both a clear weight, because updates on like data are alike, and siblings average out to their ancestor. Separate
trainings from common ancestors (a tree, steps uncorrelated) leave at least half of the best fit without a reference
unexplained once it is added, and so do matrices put together from units of two models; a mixture leaves nothing but
what was done to it later. So a reference counts where its absence multiplies the unexplained part by twenty, or where
it is unrelated to the others, has a weight, and has it in the same rows and columns as they have.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import nnls

from inspector.results import FloatArray

LEAST_WEIGHT = 0.05
_UNEXPLAINED = 0.05  # of what is unexplained without a reference: checkpoints of one training come down to 0.1
_UNRELATED = 0.03  # correlation; a common ancestor that far away gives a weight of 0.03 at most
_TOGETHER = 0.5  # of the product of two weights found row by row: 1 for a mixture, 0 for units of one or the other
_ROUNDING = 1e-10  # of the candidate's square: below, a residual is nothing
_ALIKE = 1e-9  # references that differ less, as a square, cannot be told apart in this matrix


@dataclass(frozen=True, slots=True)
class Products:
    """Inner products of one matrix of a candidate and of its k references, over the candidate's square.

    Attributes:
        cross: (k,) candidate with references. gram: (k, k) references with references.
        together: (k, k) how far two references have their weights in the same rows and columns, 1 for a mixture and 0
            where each row or each column is of one of them only.
    """

    cross: FloatArray
    gram: FloatArray
    together: FloatArray

    @property
    def distinct(self) -> bool:
        """Whether no reference is a combination of the others here, so that weights have a meaning."""
        lengths = np.sqrt(np.diag(self.gram))
        if not (lengths > 0).all():
            return False
        return bool(np.linalg.eigvalsh(self.gram / np.outer(lengths, lengths))[0] > _ALIKE)


def products(whole: FloatArray, rows: FloatArray, columns: FloatArray) -> Products | None:
    """Return the products of a matrix, None where the candidate is nought.

    Args:
        whole: (k + 1, k + 1) inner products, the candidate first, mean row removed.
        rows, columns: the same of every row, (rows, k + 1, k + 1), and of every column.
    """
    square = float(whole[0, 0])
    if not (np.isfinite(whole).all() and square > 0):
        return None
    together = np.minimum(_together(rows), _together(columns))
    return Products(whole[0, 1:] / square, whole[1:, 1:] / square, together)


def _together(lines: FloatArray) -> FloatArray:
    """Return, for two references at a time, the mean product of their weights in a line over that of their means."""
    count = lines.shape[1] - 1
    found = np.zeros((count, count))
    for i in range(count):
        for j in range(i):
            a, b = lines[:, 1 + i, 1 + i], lines[:, 1 + j, 1 + j]
            ab, ca, cb = lines[:, 1 + i, 1 + j], lines[:, 0, 1 + i], lines[:, 0, 1 + j]
            size, det = np.sqrt(a * b), a * b - ab * ab
            kept = det > _ALIKE * a * b
            if not kept.any():
                continue
            first = (ca * b - cb * ab)[kept] / det[kept]
            second = (cb * a - ca * ab)[kept] / det[kept]
            of_means = np.average(first, weights=size[kept]) * np.average(second, weights=size[kept])
            if of_means > 0:
                found[i, j] = found[j, i] = np.average(first * second, weights=size[kept]) / of_means
    return found


def pooled(found: Sequence[Products]) -> Products:
    """Return the mean of several matrices, each with equal weight."""
    return Products(
        np.mean([item.cross for item in found], axis=0),
        np.mean([item.gram for item in found], axis=0),
        np.mean([item.together for item in found], axis=0),
    )


def fit(found: Products, members: Sequence[int]) -> tuple[FloatArray, float]:
    """Return non-negative least squares weights of some references, and the share of the candidate left unexplained."""
    chosen = list(members)
    if not chosen:
        return np.zeros(0), 1.0
    gram, cross = found.gram[np.ix_(chosen, chosen)], found.cross[chosen]
    root = np.linalg.cholesky(gram)
    weights, _ = nnls(root.T, np.linalg.solve(root, cross))
    rest = 1.0 - 2.0 * float(weights @ cross) + float(weights @ gram @ weights)
    return weights, max(rest, 0.0)


def members(found: Products) -> tuple[int, ...]:
    """Return the references that this is a mixture of; those that the others can do without are dropped one by one."""
    left = list(range(len(found.cross)))
    while left:
        weights, rest = fit(found, left)
        weak = [
            (weight, place)
            for place, weight in enumerate(weights)
            if not _needed(found, left, place, float(weight), rest)
        ]
        if not weak:
            break
        del left[min(weak)[1]]
    return tuple(left)


def _needed(found: Products, left: Sequence[int], place: int, weight: float, rest: float) -> bool:
    own = left[place]
    others = [other for other in left if other != own]
    if min(weight, weight * float(np.sqrt(found.gram[own, own]))) < LEAST_WEIGHT:
        return False
    if all(_related(found, own, other) < _UNRELATED for other in others):
        return all(found.together[own, other] >= _TOGETHER for other in others)
    _, without = fit(found, others)
    return rest + _ROUNDING <= _UNEXPLAINED * (without + _ROUNDING)


def _related(found: Products, one: int, other: int) -> float:
    return float(found.gram[one, other] / np.sqrt(found.gram[one, one] * found.gram[other, other]))


def standard_errors(found: Sequence[Products], members: Sequence[int]) -> FloatArray:
    """Return the standard errors of the weights, by leaving out one matrix at a time (jackknife).

    The elements of a matrix depend on each other, matrices far less: so the spread between matrices is what counts.
    Without the bound at 0, which would hide the spread of a weight that lies on it.
    """
    chosen, count = list(members), len(found)
    crosses = np.array([item.cross[chosen] for item in found])
    grams = np.array([item.gram[np.ix_(chosen, chosen)] for item in found])
    left_out = np.array(
        [
            np.linalg.solve(grams.sum(0) - gram, crosses.sum(0) - cross)
            for gram, cross in zip(grams, crosses, strict=True)
        ]
    )
    spread = np.square(left_out - left_out.mean(0)).sum(0)
    errors: FloatArray = np.sqrt((count - 1) / count * spread)
    return errors
