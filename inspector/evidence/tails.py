"""Proven upper tails of permutation statistics: what enters the verdict instead of a Gaussian z.

For a doubly centred matrix D (h, h) and a uniformly random permutation p, f(p) = sum_i D[i, p(i)]. `docs/methods.md`
proves, for every 0 < u < 1 and every l >= 0 with l² m² < u,

    log E exp(l f) <= (K / a) (1 - sqrt(1 - a l²)),   a = m² / u,   K = V (2 - u) / (1 - u),

with V = |D|² / h and m = max |D|: Chatterjee's exchangeable pairs (2007, Probab. Theory Relat. Fields 138), closed by
his own bound for sums of non-negative entries and the Donsker-Varadhan inequality. Where all orders can be counted
(blocks of up to `ENUMERATED` units), the cumulant is exact. Cumulants of groups with independent orders add.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from itertools import permutations
from typing import Protocol

import numpy as np
import numpy.typing as npt

from inspector.evidence_results import FloatArray

ENUMERATED = 6  # 720 orders a block
_AT_ONCE = 1 << 18  # exponentials of an enumeration computed together
_SLACK = 1e-5  # float32 rounding of the observed trace, to the safe side
_SHARES = np.linspace(0.02, 0.98, 49)  # u: every value is valid, the smallest bound is taken
_STEPS = np.geomspace(1e-3, 1e3, 601)  # l around t / variance, or where the bound ends: every value is valid too


class Cumulant(Protocol):
    """log E exp(l f) of one group's statistic, or an upper bound on it."""

    def __call__(self, at: FloatArray) -> FloatArray:
        """Return the cumulant at every l >= 0 of `at`, inf where it is not bounded."""

    @property
    def variance(self) -> float:
        """Variance of f, or a bound of its size; it only places the search."""

    @property
    def limit(self) -> float:
        """The l from which on the cumulant is not bounded; it only places the search."""


@dataclass(frozen=True, slots=True)
class Concentration:
    """The bound above.

    Attributes:
        variance: V = |D|² / h, summed over blocks whose orders are independent. largest: m over all blocks.
    """

    variance: float
    largest: float

    @property
    def limit(self) -> float:
        """1 / m: l² m² < u < 1."""
        return 1 / self.largest if self.largest > 0 else math.inf

    def __call__(self, at: FloatArray) -> FloatArray:
        """Return the smallest bound over u at every l."""
        if self.largest <= 0:
            return np.zeros_like(at)
        share = _SHARES[:, None]
        a = self.largest**2 / share
        k = self.variance * (2 - share) / (1 - share)
        inside = 1 - a * at[None, :] ** 2
        value = np.where(inside > 0, k / a * (1 - np.sqrt(np.maximum(inside, 0))), np.inf)
        bound: FloatArray = value.min(0)
        return bound


@dataclass(frozen=True, slots=True)
class Enumeration:
    """The exact cumulant of small blocks: `values` is (blocks, orders), f of every order of every block."""

    values: FloatArray

    @property
    def variance(self) -> float:
        """Variance of f over all orders."""
        return float(self.values.var(1).sum())

    @property
    def limit(self) -> float:
        """No limit: it is a finite sum."""
        return math.inf

    def __call__(self, at: FloatArray) -> FloatArray:
        """Return sum over blocks of log mean exp(l f)."""
        largest = self.values.max(1)
        shifted = self.values - largest[:, None]
        total: FloatArray = at * largest.sum()
        step = max(1, _AT_ONCE // shifted.size)
        for start in range(0, len(at), step):
            some = slice(start, start + step)
            total[some] += np.log(np.exp(at[some, None, None] * shifted[None]).mean(2)).sum(1)
        return total


def log10_tail(cumulants: list[Cumulant], observed: float) -> float:
    """Return log10 of an upper bound on P(sum of f >= observed) for groups with independent orders; never above 0.

    Args:
        cumulants: one a group. observed: the value of the sum; its mean under the null is 0.

    >>> round(log10_tail([Concentration(variance=100.0, largest=0.1)], 200.0), 1)
    -40.6
    """
    variance = sum(cumulant.variance for cumulant in cumulants)
    if not (observed > 0 and variance > 0 and math.isfinite(observed)):
        return 0.0
    at = _STEPS * min(observed / variance, *(cumulant.limit for cumulant in cumulants))
    exponent = np.sum([cumulant(at) for cumulant in cumulants], axis=0) - at * observed
    best = float(np.nanmin(exponent))
    return min(0.0, best / math.log(10))


def critical_value(cumulants: list[Cumulant], log10_p: float) -> float:
    """Return the smallest sum whose bound is at most 10 ** log10_p: min over l of (cumulant - ln p) / l."""
    variance = sum(cumulant.variance for cumulant in cumulants)
    if not variance > 0:
        return math.inf
    goal = -log10_p * math.log(10)
    at = _STEPS * min(math.sqrt(2 * goal / variance), *(cumulant.limit for cumulant in cumulants))
    value = (np.sum([cumulant(at) for cumulant in cumulants], axis=0) + goal) / at
    return float(np.nanmin(value))


@cache
def orders(size: int) -> npt.NDArray[np.int64]:
    """Return all orders of `size` units, (size!, size)."""
    return np.array(list(permutations(range(size))), np.int64)


def enumerate_blocks(blocks: FloatArray) -> FloatArray:
    """Return f of every order of every block: (blocks, size, size) -> (blocks, size!)."""
    size = blocks.shape[1]
    rows = np.arange(size)
    return np.stack([blocks[:, rows, order].sum(1) for order in orders(size)], axis=1)


def exact_log10_tail(values: FloatArray, observed: float) -> float:
    """Return log10 of the share of orders of ONE block whose f is at least the observed one, which is one of them."""
    slack = _SLACK * max(1.0, float(np.abs(values).max()))
    return math.log10(max(1, int(np.count_nonzero(values >= observed - slack))) / values.size)


def log10_factorial(units: int) -> float:
    """Return log10 of units!."""
    return math.lgamma(units + 1) / math.log(10)


def log10_coincidence(in_place: int, matched: int, units: int) -> float:
    """Return log10 of P(K >= in_place) <= (m)_k / ((h)_k k!): fixed points among `matched` of `units` in random order.

    E C(K, k) = C(m, k) / (h)_k, whatever the matching (Markov's inequality on the factorial moment).

    >>> round(log10_coincidence(3, 3, 256), 1)
    -8.0
    """
    if in_place <= 0:
        return 0.0
    k, m, h = in_place, matched, units
    log = math.lgamma(m + 1) - math.lgamma(m - k + 1) - math.lgamma(h + 1) + math.lgamma(h - k + 1) - math.lgamma(k + 1)
    return min(0.0, log / math.log(10))


def log10_many_coincidences(in_place: int, expected: float) -> float:
    """Return log10 of a bound on P(K >= in_place) for fixed points summed over blocks of independent order.

    Each block has E C(K_b, j) <= (m_b / h_b)^j / j!, so E (1 + x)^K <= exp(x * expected): the tail of a Poisson
    variable of mean `expected` = sum of m_b / h_b, by Chernoff's bound.
    """
    if in_place <= expected or in_place <= 0:
        return 0.0
    if expected <= 0:
        return 0.0
    return min(0.0, (in_place - expected + in_place * math.log(expected / in_place)) / math.log(10))
