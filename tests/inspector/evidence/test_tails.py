"""Every bound against the exact distribution that it bounds, by counting all orders."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from inspector.evidence import tails
from inspector.evidence_results import FloatArray

_ROUNDING = 1e-9
SHAPES = {
    "gaussian": lambda rng, h: rng.standard_normal((h, h)),
    "heavy-tailed": lambda rng, h: rng.standard_cauchy((h, h)),
    "skewed": lambda rng, h: np.exp(2 * rng.standard_normal((h, h))),
    "rank one": lambda rng, h: np.outer(rng.standard_normal(h), rng.standard_normal(h)),
    "rank one, heavy-tailed": lambda rng, h: np.outer(rng.standard_cauchy(h), rng.standard_cauchy(h)),
    "one entry": lambda rng, h: np.eye(1, h * h).reshape(h, h),
    "sparse": lambda rng, h: np.eye(1, h * h, 1).reshape(h, h) + (rng.random((h, h)) < 0.2),
    "copied": lambda rng, h: np.eye(h) + 0.1 * rng.standard_normal((h, h)),
}


def centred(matrix: FloatArray) -> FloatArray:
    return matrix - matrix.mean(0) - matrix.mean(1, keepdims=True) + matrix.mean()


def standardised(matrix: FloatArray) -> FloatArray:
    """Return the doubly centred matrix whose permuted sum has variance 1."""
    moved = centred(matrix)
    sd = math.sqrt((moved**2).sum() / (len(moved) - 1))
    return moved / sd if sd > 1e-9 else 0 * moved


def concentration(*matrices: FloatArray) -> tails.Concentration:
    square = sum(float((matrix**2).sum()) / len(matrix) for matrix in matrices)
    return tails.Concentration(square, max(float(np.abs(matrix).max()) for matrix in matrices))


def sums(matrix: FloatArray) -> FloatArray:
    """Return f of all orders, in a plain way."""
    return np.array([matrix[np.arange(len(matrix)), order].sum() for order in tails.orders(len(matrix))])


def achievable(values: FloatArray) -> FloatArray:
    """Return the distinct values above 0 that a statistic can take."""
    found = np.unique(np.round(values, 10))
    return found[found > 1e-6]


def exact(values: FloatArray, at: float) -> float:
    return math.log10(np.count_nonzero(values >= at - _ROUNDING) / len(values))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(("units", "matrices"), [(2, 5), (3, 10), (4, 10), (5, 6), (6, 1)])
def test_the_bound_is_above_the_exact_tail_at_every_value(shape: str, units: int, matrices: int) -> None:
    rng = np.random.default_rng([units, len(shape)])
    for _ in range(matrices):
        matrix = standardised(SHAPES[shape](rng, units))
        values, cumulants = sums(matrix), [concentration(matrix)]
        for at in achievable(values):
            assert tails.log10_tail(cumulants, at) >= exact(values, at)


@pytest.mark.parametrize("shape", SHAPES)
def test_the_bound_is_above_the_exact_tail_of_seven_units(shape: str) -> None:
    matrix = standardised(SHAPES[shape](np.random.default_rng(7), 7))
    values = np.sort(sums(matrix))
    every = achievable(values)
    for at in np.concatenate([every[-400:], every[:-400:8]]):  # nearer the middle the bound is slacker
        assert tails.log10_tail([concentration(matrix)], at) >= exact(values, at)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("units", [3, 5, 7])
def test_every_step_of_the_proof_holds(shape: str, units: int) -> None:
    matrix = standardised(SHAPES[shape](np.random.default_rng(units), units))
    orders, rows = tails.orders(units), np.arange(units)
    v, m = float((matrix**2).sum()) / units, float(np.abs(matrix).max())
    f = matrix[rows, orders].sum(1)
    g = (matrix[rows, orders] ** 2).sum(1)
    assert g.mean() == pytest.approx(v)
    for order, own_f, own_g in zip(orders[::97], f[::97], g[::97], strict=True):
        moved = matrix[:, order]
        differences = moved.diagonal()[:, None] + moved.diagonal()[None, :] - moved - moved.T
        assert differences.mean() == pytest.approx(2 / units * own_f, abs=1e-9)
        delta = float((differences**2).sum()) / (4 * units)
        spelled_out = (2 * units * own_g + 2 * own_f**2 + float(((moved + moved.T) ** 2).sum())) / (4 * units)
        assert delta == pytest.approx(spelled_out)
        assert delta <= own_g + v + _ROUNDING
    for u, part in product((0.05, 0.3, 0.6, 0.9), (0.1, 0.5, 0.9)):
        assert math.log(np.exp(u * g / m**2).mean()) <= v / m**2 * u / (1 - u) + _ROUNDING
        a, k = m**2 / u, v * (2 - u) / (1 - u)
        at = part / math.sqrt(a)
        weights = np.exp(at * f)
        psi, slope = math.log(weights.mean()), float((f * weights).mean() / weights.mean())
        tilted = float((g * weights).mean() / weights.mean())
        assert slope <= at * (tilted + v) + _ROUNDING
        assert tilted <= v / (1 - u) + a * (at * slope - psi) + _ROUNDING
        assert (1 - a * at**2) * slope + a * at * psi <= k * at + _ROUNDING
        assert psi <= k / a * (1 - math.sqrt(1 - a * at**2)) + _ROUNDING


@pytest.mark.parametrize(
    ("variance", "largest", "at"), [(1, 0.1, 3.0), (1, 0.4, 12.0), (0.99, 1.5, 2.0), (64, 0.2, 90)]
)
def test_the_tail_is_the_closed_form_at_its_best_u(variance: float, largest: float, at: float) -> None:
    u = np.linspace(0.02, 0.98, 49)
    a, k = largest**2 / u, variance * (2 - u) / (1 - u)
    closed = float((-(np.sqrt(k**2 + a * at**2) - k) / a).min()) / math.log(10)
    assert closed <= tails.log10_tail([tails.Concentration(variance, largest)], at) <= 0.99 * closed


@pytest.mark.parametrize(("units", "columns"), [(256, 96), (3420, 1280), (4096, 4096)])
@pytest.mark.parametrize("layers", [1, 32])
def test_a_whole_copy_is_found_at_every_size(units: int, columns: int, layers: int) -> None:
    """Three views copied whole: z is far above where the bound's l ends, and the search must still find it."""
    sd = math.sqrt(9 + 3 * units / columns)
    z, largest = 3 * units / sd, 3 / sd
    found = tails.log10_tail([tails.Concentration(1.0, largest)] * layers, z * layers)
    u = np.linspace(0.02, 0.98, 49)
    a, k = largest**2 / u, (2 - u) / (1 - u)
    closed = layers * float((-(np.sqrt(k**2 + a * z**2) - k) / a).min()) / math.log(10)
    assert closed <= found <= 0.99 * closed


@settings(deadline=None, max_examples=60)
@given(
    matrix=st.integers(2, 5).flatmap(lambda h: arrays(np.float64, (h, h), elements=st.floats(-1e3, 1e3, width=32))),
    scale=st.sampled_from([1e-3, 1.0, 1e3]),
)
def test_no_matrix_beats_its_bound(matrix: FloatArray, scale: float) -> None:
    moved = centred(matrix)
    if np.abs(moved).max() < 1e-3:
        return
    moved /= np.abs(moved).max()
    values = sums(moved)
    for at in achievable(values):
        found = tails.log10_tail([concentration(moved * scale)], at * scale)
        assert found >= exact(values, at)
        assert found == pytest.approx(tails.log10_tail([concentration(moved)], at), abs=1e-9)


@settings(deadline=None, max_examples=100)
@given(variance=st.floats(0.01, 100), largest=st.floats(0.001, 10), low=st.floats(0, 100), more=st.floats(0.001, 100))
def test_the_tail_falls_with_the_sum_and_is_never_above_one(
    variance: float, largest: float, low: float, more: float
) -> None:
    cumulants: list[tails.Cumulant] = [tails.Concentration(variance, largest)]
    first, second = tails.log10_tail(cumulants, low), tails.log10_tail(cumulants, low + more)
    assert second <= first <= 0.0 or second == pytest.approx(first, rel=1e-3)
    assert tails.log10_tail([tails.Concentration(variance, 2 * largest)], low) >= first - 1e-9


@pytest.mark.parametrize("nothing", [0.0, -3.0, math.nan, math.inf])
def test_nothing_is_claimed_of_sums_that_say_nothing(nothing: float) -> None:
    assert tails.log10_tail([tails.Concentration(1.0, 0.5)], nothing) == 0.0
    assert tails.log10_tail([tails.Concentration(0.0, 0.0)], 1.0) == 0.0


def test_counted_blocks_have_the_exact_cumulant() -> None:
    rng = np.random.default_rng(0)
    blocks = np.stack([standardised(rng.standard_normal((4, 4))) for _ in range(5)])
    counted = tails.Enumeration(tails.enumerate_blocks(blocks))
    at = np.array([0.0, 0.3, 1.0, 50.0])
    plain = [sum(float(np.logaddexp.reduce(step * sums(block))) - math.log(24) for block in blocks) for step in at]
    assert counted(at) == pytest.approx(plain)
    assert counted.variance == pytest.approx(5.0)


def test_sums_over_groups_of_independent_order_are_bounded() -> None:
    rng = np.random.default_rng(1)
    small, large = standardised(rng.standard_cauchy((3, 3))), standardised(rng.standard_normal((5, 5)))
    together = np.add.outer(sums(small), sums(large)).reshape(-1)
    counted = tails.Enumeration(tails.enumerate_blocks(small[None]))
    for cumulants in ([counted, concentration(large)], [concentration(small), concentration(large)]):
        for at in achievable(together)[::-7]:
            assert tails.log10_tail(cumulants, at) >= exact(together, at)
    # Counting is never worse than bounding.
    most = float(together.max())
    assert tails.log10_tail([counted, concentration(large)], most) <= tails.log10_tail(
        [concentration(small), concentration(large)], most
    )


def test_one_concentration_over_several_blocks_is_bounded() -> None:
    rng = np.random.default_rng(2)
    blocks = [standardised(rng.standard_cauchy((4, 4))) for _ in range(3)]
    together = np.add.outer(np.add.outer(sums(blocks[0]), sums(blocks[1])), sums(blocks[2])).reshape(-1)
    values = np.sort(together)
    for at in values[-2000::50]:
        assert tails.log10_tail([concentration(*blocks)], at) >= exact(values, at)


@pytest.mark.parametrize("log10_p", [-3.0, -8.0, -50.0])
def test_the_critical_value_is_where_the_bound_reaches_p(log10_p: float) -> None:
    matrix = standardised(np.random.default_rng(4).standard_normal((40, 40)))
    small = np.stack([standardised(np.random.default_rng(5).standard_normal((4, 4)))] * 30)
    cumulants = [concentration(matrix), tails.Enumeration(tails.enumerate_blocks(small))]
    critical = tails.critical_value(cumulants, log10_p)
    assert tails.log10_tail(cumulants, critical) == pytest.approx(log10_p, rel=1e-3)
    assert tails.log10_tail(cumulants, 0.98 * critical) > log10_p


def test_a_critical_value_of_nothing_is_never_reached() -> None:
    assert tails.critical_value([tails.Concentration(0.0, 0.0)], -6.0) == math.inf


@pytest.mark.parametrize("units", [2, 3, 6])
def test_the_exact_tail_counts_orders(units: int) -> None:
    values = tails.enumerate_blocks(np.eye(units)[None])[0]
    fixed = np.array([np.count_nonzero(order == np.arange(units)) for order in tails.orders(units)])
    assert len(values) == math.factorial(units)
    for at in range(units + 1):
        assert tails.exact_log10_tail(values, at) == pytest.approx(math.log10(np.mean(fixed >= at)))
    assert tails.exact_log10_tail(values, units) == pytest.approx(-tails.log10_factorial(units))


@pytest.mark.parametrize("units", [1, 5, 128, 4096])
def test_log10_factorial(units: int) -> None:
    assert tails.log10_factorial(units) == pytest.approx(sum(math.log10(n) for n in range(1, units + 1)))


def exact_coincidence(in_place: int, matched: int, units: int) -> float:
    """Return P(K >= k) by counting: every order of the units, of which the first `matched` are matched."""
    orders = tails.orders(units)[:, :matched]
    return float(np.mean((orders == np.arange(matched)).sum(1) >= in_place))


@pytest.mark.parametrize("units", [1, 2, 3, 5, 7])
def test_the_coincidence_bound_is_above_the_exact_probability(units: int) -> None:
    for matched in range(1, units + 1):
        for in_place in range(matched + 1):
            probability = exact_coincidence(in_place, matched, units)
            bound = tails.log10_coincidence(in_place, matched, units)
            assert probability == 0 or bound >= math.log10(probability) - _ROUNDING
            assert bound <= -tails.log10_factorial(in_place) + _ROUNDING
    assert tails.log10_coincidence(units, units, units) == pytest.approx(-tails.log10_factorial(units))


@pytest.mark.parametrize("sizes", [((3, 3), (3, 2)), ((4, 2), (5, 5)), ((2, 2), (3, 1), (4, 4))])
def test_the_bound_of_many_coincidences_is_above_the_exact_probability(sizes: tuple[tuple[int, int], ...]) -> None:
    counts = np.zeros(1, np.int64)
    for units, matched in sizes:
        own = (tails.orders(units)[:, :matched] == np.arange(matched)).sum(1)
        counts = np.add.outer(counts, own).reshape(-1)
    expected = sum(matched / units for units, matched in sizes)
    assert counts.mean() == pytest.approx(expected)
    for in_place in range(1, counts.max() + 1):
        assert tails.log10_many_coincidences(in_place, expected) >= math.log10(np.mean(counts >= in_place))
    assert tails.log10_many_coincidences(0, expected) == 0.0
    assert tails.log10_many_coincidences(3, 0.0) == 0.0
    assert tails.log10_many_coincidences(40, 2.0) < -30
