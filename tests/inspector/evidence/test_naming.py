"""Every disguise has its name, and nothing has a name that was not done: attacks on really trained models."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch

from benchmarks.attacks.net import Net
from benchmarks.attacks.registry import made
from benchmarks.attacks.residual import moved_residual
from benchmarks.attacks.units import ordered_units
from benchmarks.zoo.shelf import Zoo
from inspector.evidence_results import DEPENDENT
from tests.inspector.evidence import attacked

NAMED = {  # attack: families
    "neuron_permutation": ("vit_gelu", "moe_decoder"),
    "unit_scaling": ("gqa_decoder",),
    "unit_signs": ("vit_swiglu",),
    "head_permutation": ("vit_gelu", "gqa_decoder"),
    "qk_rotation": ("gqa_decoder",),
    "vo_rotation": ("vit_gelu",),
    "head_scaling": ("whisper_audio",),
    "residual_permutation": ("vit_gelu", "gqa_decoder"),
    "residual_signs": ("gqa_decoder",),
    "residual_negated": ("vit_gelu",),
    "norms_folded": ("vit_gelu",),
    "residual_rotation": ("vit_gelu", "gqa_decoder"),
    "rotation_and_units": attacked.TURNABLE,
    "everything": ("whisper_audio", "gqa_decoder"),
    "layers_dropped": ("gqa_decoder",),
    "layers_repeated": ("vit_gelu",),
    "layers_reordered": ("gqa_decoder",),
    "mlp_sliced": ("vit_gelu",),
    "mlp_sliced_shuffled": ("gqa_decoder",),
    "residual_sliced": ("vit_gelu",),
    "transplant_2": ("vit_gelu",),
    "transplant_moved": ("gqa_decoder",),
    "pruned_50": ("vit_gelu",),
    "int4": ("gqa_decoder",),
    "low_rank_16": ("whisper_audio",),
    "upcycled": ("gqa_decoder",),
    "experts_reordered": ("moe_decoder",),
    "layers_reordered+residual_rotation+int8": ("gqa_decoder",),
    "transplant_2+neuron_permutation+head_permutation": ("gqa_decoder",),
}


@pytest.mark.parametrize(("attack", "family"), [(name, family) for name, own in NAMED.items() for family in own])
def test_every_name_once_and_none_that_is_wrong(zoo: Zoo, attack: str, family: str) -> None:
    candidate = attacked.attacked(zoo.folder, attack, family)
    found = attacked.evidence(attacked.judged(zoo.folder, attack, family))
    assert found.verdict in DEPENDENT
    assert set(candidate.disguises) <= set(found.disguises) <= {*candidate.disguises, *candidate.also}
    assert len(set(found.disguises)) == len(found.disguises)


@pytest.mark.parametrize(
    ("family", "kind"),
    [("vit_gelu", "extreme"), ("whisper_audio", "light"), ("moe_decoder", "light")],
)
def test_a_plain_fine_tune_has_no_name(zoo: Zoo, family: str, kind: str) -> None:
    tuned = made(attacked.net(zoo.folder, family, kind=kind), "changed")
    found = attacked.evidence(attacked.found(tuned, attacked.reference(zoo.folder, family)))
    assert found.verdict in DEPENDENT
    assert found.disguises == ()
    assert found.undone is None


def swapped_units(net: Net) -> Net:
    """Return the model with two units of every MLP in each other's place."""
    order = torch.arange(net.shape.hidden)
    order[[3, 200]] = order[[200, 3]]
    return ordered_units(net, lambda _: order)


def swapped_dimensions(net: Net) -> Net:
    """Return the model with two residual dimensions in each other's place."""
    order = torch.arange(net.shape.width)
    order[[1, 2]] = order[[2, 1]]
    return moved_residual(net, torch.eye(net.shape.width)[order])


@pytest.mark.parametrize("swap", [swapped_units, swapped_dimensions])
def test_two_that_changed_places_are_no_other_order(zoo: Zoo, swap: Callable[[Net], Net]) -> None:
    """What is left of it in a matrix is an update of rank 1, and that is what it is called."""
    family = "gqa_decoder"
    candidate = made(swap(attacked.net(zoo.folder, family)), "kept")
    found = attacked.evidence(attacked.found(candidate, attacked.reference(zoo.folder, family)))
    assert found.verdict == "derived"
    assert found.disguises == ("low_rank_update",)
    assert found.nature is not None
    assert found.nature.rank == 1
