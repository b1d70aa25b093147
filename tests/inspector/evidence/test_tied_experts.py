"""Experts copied from one MLP in both models share an order: only orders that move all of them alike are random."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from inspector.anatomy import Part
from inspector.evidence.cross import Cross, add_view, finish
from inspector.evidence.groups import UnitGroup, View
from inspector.evidence.probes import Probes
from inspector.evidence.scoring import GroupScore, score

EXPERTS, UNITS, WIDTH = 16, 64, 48


def experts(seed: int, own: float) -> torch.Tensor:
    """(experts, units, width): one MLP, and in every expert a share of its own."""
    random = torch.Generator().manual_seed(seed)
    shared = torch.randn(1, UNITS, WIDTH, generator=random)
    return shared * (1 - own**2) ** 0.5 + own * torch.randn(EXPERTS, UNITS, WIDTH, generator=random)


def scored(a: torch.Tensor, b: torch.Tensor) -> GroupScore:
    part = Part("mlp.up", "weight", 0, "up", (UNITS, WIDTH))
    view = View((part, part), "rows")
    cross, probes = Cross(torch.zeros(0)), Probes()
    add_view(cross, probes, view, a, b, quick=False)
    cross.places, cross.numbers = np.arange(UNITS), np.arange(EXPERTS)
    finish(cross, probes)
    found = score(UnitGroup("mlp.units", (0, 0), ((view,),) * EXPERTS), cross)
    assert found is not None
    return found


@pytest.mark.parametrize("own", [0.3, 1.0])
def test_z_of_independent_models_is_standard_whether_or_not_experts_were_copied(own: float) -> None:
    values = [scored(experts(seed, own), experts(1000 + seed, own)) for seed in range(60)]
    assert 0.7 < np.std([item.z for item in values]) < 1.35
    assert min(item.log10_p for item in values) > -3
    assert all(item.pairs is not None and item.pairs.tied == (own < 1) for item in values)
    assert all(item.pairs is not None and item.pairs.log10_p > -3 for item in values)


def test_a_copy_of_upcycled_experts_is_found() -> None:
    model = experts(3, 0.3)
    noisy = model + 0.2 * torch.randn(model.shape, generator=torch.Generator().manual_seed(1))
    found = scored(noisy, model)
    assert found.pairs is not None
    assert found.pairs.tied
    assert min(found.log10_p, found.pairs.log10_p) < -60


def test_one_model_made_so_costs_nothing() -> None:
    assert scored(experts(1, 0.3), experts(2, 1.0)).floor < -1000
