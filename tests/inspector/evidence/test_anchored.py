"""A turned stream and units in another order, together: both undone, the units and the rotation are the true ones."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from benchmarks.attacks.net import Net
from benchmarks.attacks.registry import made
from benchmarks.attacks.residual import folded, moved_residual, rotation
from benchmarks.attacks.units import ordered_units
from benchmarks.zoo.shelf import Zoo
from inspector.evidence.anchored import anchored, sum_of
from inspector.evidence.turning import folded_gains
from inspector.evidence_results import DEPENDENT
from inspector.job import QUIET
from tests.inspector.evidence import attacked

ATTACK = "rotation_and_units"


def disguised(net: Net) -> tuple[Net, torch.Tensor, list[np.ndarray]]:
    """Return the model turned and shuffled as the attack does it, the rotation, the order of every MLP's units."""
    random = attacked.random_of(ATTACK, net.layout.family.name)
    turn = rotation(net, random)
    orders: list[np.ndarray] = []

    def order(size: int) -> torch.Tensor:
        found = torch.randperm(size, generator=random)
        orders.append(found.numpy())
        return found

    return ordered_units(moved_residual(folded(net), turn), order), turn.float(), orders


def without_mean(rotation: torch.Tensor, net: Net) -> torch.Tensor:
    """Return a rotation without the direction that no LayerNorm lets through: nothing can tell what became of it."""
    width = len(rotation)
    seen = torch.eye(width) - 1 / width if net.layout.norm == "layer" else torch.eye(width)
    return seen @ rotation @ seen


@pytest.mark.parametrize("family", attacked.TURNABLE)
def test_the_rotation_and_the_units_are_the_true_ones(zoo: Zoo, family: str) -> None:
    net = attacked.net(zoo.folder, family)
    candidate, turn, orders = disguised(net)
    same = attacked.attacked(zoo.folder, ATTACK, family).net
    assert same is not None
    assert all(torch.equal(value, same.parts[name]) for name, value in candidate.parts.items())
    found = attacked.evidence(attacked.judged(zoo.folder, ATTACK, family))
    assert found.verdict == "derived"
    assert {"residual_rotation", "neuron_permutation"} <= set(found.disguises)
    assert found.undone is not None
    undone = without_mean(torch.from_numpy(found.undone.rotation), net)
    wanted = without_mean(turn, net)
    error = torch.linalg.matrix_norm(undone - wanted) / torch.linalg.matrix_norm(wanted)
    assert error < 2e-3
    experts = max(net.shape.experts, 1)
    for layer in range(net.shape.layers):
        stands_for = found.undone.orders[f"mlp.units:{layer}"]
        own = orders[layer * experts : (layer + 1) * experts]
        hidden = len(own[0])
        true = np.concatenate([expert * hidden + np.argsort(order) for expert, order in enumerate(own)])
        assert np.mean(stands_for == true) > 0.95
        assert set(stands_for[stands_for != true]) <= {-1}, "a unit that is not found stays open, it is not mistaken"


@pytest.mark.parametrize("family", attacked.TURNABLE)
def test_an_honest_model_under_the_same_disguise_is_not_derived(zoo: Zoo, family: str) -> None:
    found = attacked.evidence(attacked.judged(zoo.folder, ATTACK, family, stranger=True))
    assert found.verdict not in DEPENDENT
    line = next(test for test in found.tests if test.test == "anchored")
    assert not line.rejects
    assert line.statistic is not None
    assert line.statistic < 0.05 * line.n


def test_a_fine_tune_under_the_same_disguise_is_derived(zoo: Zoo) -> None:
    candidate, _, _ = disguised(attacked.net(zoo.folder, "gqa_decoder", kind="light"))
    reference = attacked.reference(zoo.folder, "gqa_decoder")
    found = attacked.evidence(attacked.found(made(candidate, "changed"), reference))
    assert found.verdict == "derived"
    assert set(found.disguises) == {"residual_rotation", "neuron_permutation"}


def test_what_judges_set_nothing(zoo: Zoo) -> None:
    candidate, _, _ = disguised(attacked.net(zoo.folder, "gqa_decoder"))
    compared = attacked.sides(candidate, attacked.reference(zoo.folder, "gqa_decoder"))
    found = anchored(compared, folded_gains(compared, QUIET), QUIET)
    assert found is not None
    assert [item.group.layers for item in found.setting] == [(0, 0), (2, 2)]
    assert [item.group.layers for item in found.judged] == [(1, 1), (3, 3)]
    assert all(item.clear for item in (*found.setting, *found.judged))


def test_one_layer_cannot_both_set_and_judge(zoo: Zoo) -> None:
    candidate, _, _ = disguised(attacked.net(zoo.folder, "gqa_decoder"))
    compared = attacked.sides(candidate, attacked.reference(zoo.folder, "gqa_decoder"), layers=((2, 2),))
    assert anchored(compared, folded_gains(compared, QUIET), QUIET) is None


def test_sums_leave_their_parts_as_they_are() -> None:
    parts = [torch.ones(2), torch.full((2,), 2.0), torch.full((2,), 3.0)]
    assert sum_of(parts).tolist() == [6.0, 6.0]
    assert parts[0].tolist() == [1.0, 1.0]
