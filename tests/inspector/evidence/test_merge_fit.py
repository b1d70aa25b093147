"""The algebra of mixtures on matrices whose make-up is known: what counts as a member, and the standard error."""

from __future__ import annotations

import numpy as np
import pytest

from inspector.evidence.merge_fit import Products, fit, members, pooled, products, standard_errors
from inspector.results import FloatArray

ROWS, COLUMNS = 96, 128
RNG = np.random.default_rng(5)


def noise(size: float = 1.0) -> FloatArray:
    return size * RNG.normal(size=(ROWS, COLUMNS))


def of(candidate: FloatArray, *references: FloatArray) -> Products:
    sides = np.stack([candidate, *references])
    rows = np.einsum("irc,jrc->rij", sides, sides)
    columns = np.einsum("irc,jrc->cij", sides, sides)
    found = products(rows.sum(axis=0), rows, columns)
    assert found is not None
    return found


def test_a_mixture_of_unrelated_models_is_found_below_much_of_its_own() -> None:
    a, b = noise(), noise()
    found = of(0.9 * a + 0.1 * b + noise(0.6), a, b)
    assert members(found) == (0, 1)
    weights, rest = fit(found, (0, 1))
    assert weights == pytest.approx([0.9, 0.1], abs=0.03)
    assert rest == pytest.approx(0.36 / 1.18, abs=0.02)


@pytest.mark.parametrize("axis", [0, 1])
@pytest.mark.parametrize("every", [2, 8])
def test_units_of_one_or_the_other_are_no_mixture(axis: int, every: int) -> None:
    a, b = noise(), noise()
    taken = np.arange((ROWS, COLUMNS)[axis]) % every == 0
    patched = np.where(taken[:, None] if axis == 0 else taken[None, :], b, a)
    found = of(patched, a, b)
    assert fit(found, (0, 1))[0].min() > 0.1
    assert len(members(found)) < 2


def test_siblings_that_average_out_to_their_ancestor_are_no_mixture() -> None:
    ancestor = noise()
    for count in (2, 4, 8):
        found = of(ancestor, *(ancestor + noise(0.5) for _ in range(count)))
        weights, rest = fit(found, range(count))
        assert weights.min() > 0.05
        assert rest < fit(found, (0,))[1]
        assert len(members(found)) < 2


def test_a_stop_on_the_way_is_no_mixture_unless_it_lies_on_the_line() -> None:
    start = noise()
    step = noise(0.1)
    stop = start + step
    end = stop + step * 0.5 + noise(0.0866)  # the second step correlates with the first at 0.5
    assert len(members(of(stop, start, end))) < 2
    assert members(of(0.4 * start + 0.6 * end, start, end)) == (0, 1)


def test_a_fine_tune_of_one_member_does_not_take_part() -> None:
    a, b = noise(), noise()
    assert members(of(0.7 * a + 0.3 * b + noise(0.2), a, a + noise(0.2), b)) == (0, 2)


def test_references_that_are_alike_cannot_be_told_apart() -> None:
    a = noise()
    assert not of(a + noise(), a, a).distinct
    assert not of(a + noise(), a, np.zeros_like(a)).distinct
    assert of(a + noise(), a, a + noise(0.01)).distinct


def test_the_standard_error_is_the_spread_of_the_matrices_over_the_root_of_their_number() -> None:
    count, spread = 64, 0.05
    shares = 0.6 + spread * np.random.default_rng(1).standard_normal(count)
    found = []
    for share in shares:
        a, b = noise(), noise()
        found.append(of(share * a + 0.4 * b, a, b))
    weights, _ = fit(pooled(found), (0, 1))
    errors = standard_errors(found, (0, 1))
    assert errors[0] == pytest.approx(shares.std(ddof=1) / np.sqrt(count), rel=0.25)
    assert errors[1] < errors[0] / 3
    assert abs(weights[0] - 0.6) < 3 * errors[0]


def test_the_standard_error_grows_as_references_become_alike() -> None:
    def error(apart: float) -> float:
        found = []
        for _ in range(8):
            a = noise()
            b = a + noise(apart)
            found.append(of(0.5 * a + 0.5 * b + noise(0.1), a, b))
        return float(standard_errors(found, (0, 1))[1])

    assert error(0.02) > 5 * error(1.0)
