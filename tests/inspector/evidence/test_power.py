"""The detection limit against real spike-ins: the reference planted into the candidate's matrices, and scored anew."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from inspector.evidence.claims import claims_of
from inspector.evidence.decision import holm, passes_gate
from inspector.evidence.groups import UnitGroup
from inspector.evidence.power import SHARES, STRENGTHS, detection_limit
from inspector.evidence.scoring import GroupScore
from inspector.evidence_results import FloatArray
from tests.data.memory_checkpoint import MemoryCheckpoint
from tests.inspector.evidence import trained

KIND = "vision_encoder"
PARTS = (("gate_proj", 1), ("up_proj", 1), ("down_proj", 0))
LAYERS = 4  # of the eight: faster
FAMILY = 40  # claims that Holm corrects for
Units = list[FloatArray]  # one array a view: rows are units, the bias is the last column where there is one


def views(weights: trained.Weights, layer: int) -> Units:
    found = []
    for part, rows in PARTS:
        matrix = weights[f"visual.blocks.{layer}.mlp.{part}.weight"]
        bias = weights[f"visual.blocks.{layer}.mlp.{part}.bias"][:, None]
        found.append(np.concatenate([matrix, bias], axis=1) if rows else matrix.T)
    return found


def with_views(weights: trained.Weights, layer: int, units: Units) -> None:
    for (part, rows), matrix in zip(PARTS, units, strict=True):
        name = f"visual.blocks.{layer}.mlp.{part}"
        weights[f"{name}.weight"] = (matrix[:, :-1] if rows else matrix.T).astype(np.float32)
        if rows:
            weights[f"{name}.bias"] = matrix[:, -1].astype(np.float32)


def direction(units: FloatArray) -> FloatArray:
    """Return rows of length 1 without their mean row: what Permutation z compares."""
    rows = units / np.linalg.norm(units, axis=1, keepdims=True)
    moved: FloatArray = rows - rows.mean(0)
    return moved / np.sqrt((moved**2).sum(1).mean())


@pytest.fixture(scope="module")
def honest() -> trained.Weights:
    return trained.weights("honest", "model.vision_model.", "visual.")


@pytest.fixture(scope="module")
def reference() -> MemoryCheckpoint:
    return trained.checkpoint(trained.weights("reference_vision"))


@pytest.fixture(scope="module")
def groups(honest: trained.Weights, reference: MemoryCheckpoint) -> list[UnitGroup]:
    return trained.groups(trained.checkpoint(honest), reference, KIND, "mlp.units")


@pytest.fixture(scope="module")
def scores(honest: trained.Weights, reference: MemoryCheckpoint, groups: list[UnitGroup]) -> list[GroupScore]:
    return [trained.scored(group, trained.checkpoint(honest), reference) for group in groups]


def planted(
    honest: trained.Weights, reference: MemoryCheckpoint, strength: float, rng: np.random.Generator
) -> trained.Weights:
    """Put the candidate's units in random order, which is a fresh draw of an independent model, and plant."""
    made = dict(honest)
    for layer in range(8):
        order = rng.permutation(128)
        mixed = [
            strength * direction(b) + math.sqrt(1 - strength**2) * direction(a[order])
            for a, b in zip(views(honest, layer), views(reference.arrays, layer), strict=True)
        ]
        with_views(made, layer, mixed)
    return made


def is_found(scores: Sequence[GroupScore], family: int) -> bool:
    return any(holm(claims_of(scores), family)) and passes_gate(scores)


def share_found(
    honest: trained.Weights, reference: MemoryCheckpoint, groups: list[UnitGroup], strength: float, trials: int
) -> float:
    rng = np.random.default_rng(trials)
    found = 0
    for _ in range(trials):
        candidate = trained.checkpoint(planted(honest, reference, strength, rng))
        own = [trained.scored(group, candidate, reference, quick=True) for group in groups]
        found += is_found(own, FAMILY)
    return found / trials


def test_a_spike_at_the_stated_limit_is_found_and_a_weaker_one_less(
    honest: trained.Weights, reference: MemoryCheckpoint, groups: list[UnitGroup], scores: list[GroupScore]
) -> None:
    limit = detection_limit(scores[:LAYERS], FAMILY).r
    assert limit is not None
    place = STRENGTHS.index(limit)
    assert 0.02 < limit < 0.1
    # At 99 % each, fewer than 56 of 60 has a probability of 3e-4.
    assert share_found(honest, reference, groups[:LAYERS], limit, 60) >= 56 / 60
    # One step below, about two in five are found.
    assert 0.1 < share_found(honest, reference, groups[:LAYERS], STRENGTHS[place - 1], 30) < 0.75
    assert share_found(honest, reference, groups[:LAYERS], STRENGTHS[place - 2], 20) < 0.1


def test_copied_units_at_the_stated_limit_are_found(
    honest: trained.Weights, reference: MemoryCheckpoint, groups: list[UnitGroup], scores: list[GroupScore]
) -> None:
    share = detection_limit(scores, FAMILY).units
    assert share in SHARES
    rng = np.random.default_rng(2)
    for _ in range(3):
        made = dict(honest)
        for layer in range(8):
            order, chosen = rng.permutation(128), rng.choice(128, math.ceil(share * 128), replace=False)
            mixed = [a[order] for a in views(honest, layer)]
            for units, theirs in zip(mixed, views(reference.arrays, layer), strict=True):
                units[chosen] = theirs[chosen]
            with_views(made, layer, mixed)
        candidate = trained.checkpoint(made)
        assert is_found([trained.scored(group, candidate, reference) for group in groups], FAMILY)


def test_more_claims_and_fewer_layers_need_a_stronger_spike(scores: list[GroupScore]) -> None:
    def limit(own: list[GroupScore], family: int) -> float:
        found = detection_limit(own, family).r
        assert found is not None
        return found

    assert limit(scores, FAMILY) <= limit(scores[:2], FAMILY)
    assert limit(scores, FAMILY) <= limit(scores, 10**30)
    assert limit(scores, FAMILY) < limit(scores[:2], 10**30)


def test_groups_that_can_claim_nothing_have_no_limit(scores: list[GroupScore]) -> None:
    calibrated = [replace(score, group=replace(score.group, exact=False)) for score in scores]
    assert detection_limit(calibrated, FAMILY).r is None
    assert detection_limit(calibrated, FAMILY).units is None
    assert detection_limit(scores[:1], FAMILY).r is None  # the gate asks for two layers
