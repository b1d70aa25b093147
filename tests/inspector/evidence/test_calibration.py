"""Proven bounds are bounds: on synthetic pairs that share what independent models share (the full run: benchmarks)."""

from __future__ import annotations

import math

import pytest

from benchmarks.calibration import LEVELS, Calibration, calibrate

PAIRS = 1000
_SDS = 4.0  # of a share that is counted on so many pairs


@pytest.fixture(scope="module")
def independent() -> Calibration:
    return calibrate(PAIRS, seed=2)


def test_no_independent_pair_is_rejected(independent: Calibration) -> None:
    assert independent.pairs == PAIRS
    assert independent.rejected == 0


@pytest.mark.parametrize("level", LEVELS)
def test_no_bound_is_small_more_often_than_it_says(independent: Calibration, level: float) -> None:
    assert set(independent.bounds) == {
        f"{test}{kind}" for test in ("permutation_z", "coincidence") for kind in ("", " summed")
    } | {"permutation_z counted"}
    for test, bounds in independent.bounds.items():
        assert bounds.max() <= 0
        room = _SDS * math.sqrt(level / len(bounds))
        assert independent.share(test, level) <= level + room, test


def test_counted_orders_waste_nothing(independent: Calibration) -> None:
    assert independent.share("permutation_z counted", 0.1) == pytest.approx(0.1, abs=0.06)


def test_copies_are_rejected() -> None:
    """What makes the tests above mean something: the same pairs with nine tenths of every value copied."""
    copied = calibrate(100, seed=3, copied=0.9)
    assert copied.rejected > 25
    assert copied.share("permutation_z", 0.001) > 0.1
    assert copied.share("coincidence", 0.001) > 0.3
