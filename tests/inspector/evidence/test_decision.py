"""Holm by hand, the effect gate, and the rule for controls."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from inspector.evidence.decision import (
    CONTROLS,
    IN_PLACE_LOG10,
    UNDONE_LOG10,
    UNDONE_WAYS,
    Claim,
    holm,
    passes_controls,
    passes_gate,
)
from inspector.evidence.scoring import GroupScore
from tests.inspector.evidence import trained


def rejections(log10_ps: list[float], family: int, alpha: float = -6.0) -> list[bool]:
    return holm([Claim("permutation_z", log10_p) for log10_p in log10_ps], family, alpha)


def test_holm_steps_down() -> None:
    # 0.05 / 4, / 3, / 2, / 1 for p = 0.005, 0.01, 0.03, 0.04: the third is above 0.025, so the fourth stands too.
    assert rejections([np.log10(p) for p in (0.01, 0.04, 0.03, 0.005)], 4, np.log10(0.05)) == [True, False, False, True]
    assert rejections([np.log10(p) for p in (0.01, 0.04, 0.02, 0.005)], 4, np.log10(0.05)) == [True, True, True, True]


@pytest.mark.parametrize(("log10_p", "family", "rejected"), [(-6.9, 10, False), (-7.0, 10, True), (-8.0, 101, False)])
def test_the_family_counts_the_claims_of_every_reference(log10_p: float, family: int, rejected: bool) -> None:
    assert rejections([log10_p], family) == [rejected]


def test_the_shares_of_the_error_rate_add_up_to_it() -> None:
    in_place, undone = 10**IN_PLACE_LOG10, 10**UNDONE_LOG10
    assert in_place == pytest.approx(0.9e-6)
    assert UNDONE_WAYS == 5, "other order, rotation, moved layers, both together, heads"
    assert in_place + UNDONE_WAYS * undone <= 1e-6 * (1 + 1e-12)
    assert holm([Claim("permutation_z", np.log10(0.899e-6))], 1) == [True]
    assert holm([Claim("permutation_z", np.log10(0.901e-6))], 1) == [False]


def test_no_claim_no_rejection() -> None:
    assert rejections([], 0) == []
    assert rejections([0.0, 0.0], 2) == [False, False]


def test_holm_keeps_the_error_rate() -> None:
    """Two references, claims that depend on each other, a tenth of them false nulls: at most 10 % of families err."""
    rng = np.random.default_rng(0)
    errors = 0
    for _ in range(2000):
        shared = rng.uniform()
        p = np.where(rng.uniform(size=(2, 5)) < 0.5, shared, rng.uniform(size=(2, 5)))
        p[:, 0] = 1e-9
        for reference in p:
            errors += any(rejections([float(np.log10(value)) for value in reference], 10, np.log10(0.1))[1:])
    assert errors / 2000 <= 0.1 + 3 * np.sqrt(0.09 / 2000)
    assert errors > 50  # the procedure is not simply deaf


@cache
def _real() -> GroupScore:
    ours, theirs = (
        trained.checkpoint(trained.weights(folder, prefix, "visual."))
        for folder, prefix in (("honest", "model.vision_model."), ("reference_vision", "visual."))
    )
    return trained.scored(trained.groups(ours, theirs, "vision_encoder", "mlp.units")[0], ours, theirs)


def group(layer: int, *, r: float = 0.0, z: float = 0.0, inherited: int = 0, units: int = 128) -> GroupScore:
    """Return a real score with other numbers in it."""
    score = _real()
    return replace(
        score,
        group=replace(score.group, layers=(layer, layer)),
        correlation=r,
        z=z,
        inherited=np.arange(inherited),
        units=units,
    )


def test_the_gate_asks_for_two_layers() -> None:
    assert not passes_gate([group(0, r=0.02, z=3.0), group(0, r=0.5, z=30.0)])
    assert passes_gate([group(0, r=0.02, z=3.0), group(1, r=0.02, z=3.0)])


def test_the_gate_asks_for_a_correlation_that_stands_out() -> None:
    assert not passes_gate([group(0, r=0.019, z=9.0), group(1, r=0.5, z=2.9)])


@pytest.mark.parametrize(("inherited", "units", "passed"), [(2, 128, False), (3, 128, True), (9, 1000, False)])
def test_the_gate_counts_units(inherited: int, units: int, passed: bool) -> None:
    scores = [group(layer, inherited=inherited, units=units) for layer in (0, 1)]
    assert passes_gate(scores) is passed


def test_a_tenth_of_one_group_is_enough() -> None:
    assert not passes_gate([group(0, inherited=12)])
    assert passes_gate([group(0, inherited=13)])
    assert not passes_gate([group(0, inherited=2, units=12)])


def test_the_residual_group_never_passes_the_gate() -> None:
    shown = group(-1, r=0.9, z=30.0, inherited=128)
    residual = replace(shown, group=replace(shown.group, name="residual"))
    assert not passes_gate([residual, residual])
    assert passes_gate([shown])


def test_calibrated_groups_need_ten_times_their_controls_and_a_quarter_of_their_units() -> None:
    largest = float(_real().shuffled[1 : 1 + CONTROLS].max())
    assert 2 < largest < 5
    assert passes_controls([group(0, z=10.01 * largest, inherited=32)])
    assert not passes_controls([group(0, z=9.99 * largest, inherited=32)])
    assert not passes_controls([group(0, z=10.01 * largest, inherited=31)])
    assert not passes_controls([])


def test_calibrated_groups_of_one_size_are_shuffled_as_if_tied() -> None:
    """The same shuffles in both groups: the largest control of their sum is twice that of one, not its root."""
    largest = float(_real().shuffled[1 : 1 + CONTROLS].max())
    strong, weak = group(0, z=10.01 * largest, inherited=32), group(1, z=9.9 * largest, inherited=32)
    assert not passes_controls([strong, weak])
    assert passes_controls([strong, replace(weak, z=10.0 * largest)])


def test_calibrated_groups_need_their_units_in_a_quarter_of_the_groups() -> None:
    def found(*inherited: int) -> bool:
        return passes_controls([group(layer, z=1000.0, inherited=count) for layer, count in enumerate(inherited)])

    assert found(32, 0, 0, 0)
    assert not found(32, 0, 0, 0, 0)


def test_without_controls_nothing_calibrated_rejects() -> None:
    bare = replace(group(0, z=1e6, inherited=128), shuffled=np.zeros(0, np.float32))
    assert not passes_controls([bare])
