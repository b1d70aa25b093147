"""Scaled where it is read and scaled back where it writes; norm gains folded: it shows in lengths."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from benchmarks.attacks.net import Net
from benchmarks.attacks.registry import made
from benchmarks.attacks.units import scaled_units, shuffled_units
from benchmarks.zoo.shelf import Zoo
from tests.inspector.evidence import attacked


def is_rescaled(zoo: Zoo, candidate: Net, family: str) -> bool:
    found = attacked.evidence(attacked.found(made(candidate, "kept"), attacked.reference(zoo.folder, family)))
    assert found.verdict == "derived"
    return "rescaled" in found.disguises


@pytest.mark.parametrize(("largest", "seen"), [(1.3, True), (1.02, False)])
def test_scales_are_seen_where_they_are_more_than_a_trace(zoo: Zoo, largest: float, seen: bool) -> None:
    random = attacked.random_of("scales")

    def factors(size: int) -> torch.Tensor:
        return largest ** (2 * torch.rand(size, generator=random) - 1)

    net = scaled_units(attacked.net(zoo.folder, "gqa_decoder"), factors)
    assert is_rescaled(zoo, net, "gqa_decoder") is seen


def test_scales_are_seen_of_units_in_another_order(zoo: Zoo) -> None:
    random = attacked.random_of("shuffled scales")
    net = shuffled_units(attacked.net(zoo.folder, "gqa_decoder"), random)
    scaled = scaled_units(net, lambda size: 4.0 ** (2 * torch.rand(size, generator=random) - 1))
    assert is_rescaled(zoo, scaled, "gqa_decoder")
    assert "rescaled" not in attacked.evidence(attacked.judged(zoo.folder, "neuron_permutation", "vit_gelu")).disguises


def test_units_made_longer_on_both_sides_are_not_rescaled(zoo: Zoo) -> None:
    """What training does: a unit grows as a whole. The function is another then."""
    random = attacked.random_of("grown")
    net = attacked.net(zoo.folder, "gqa_decoder")
    changed = {}
    for at in net.mlps():
        by = 2.0 ** (2 * torch.rand(net.shape.hidden, generator=random) - 1)
        changed[f"{at}up.weight"] = net.parts[f"{at}up.weight"] * by[:, None]
        changed[f"{at}down.weight"] = net.parts[f"{at}down.weight"] * by
    assert not is_rescaled(zoo, net.with_parts(changed), "gqa_decoder")


def test_one_layer_of_four_is_not_most(zoo: Zoo) -> None:
    net = attacked.net(zoo.folder, "gqa_decoder")
    by = torch.from_numpy(np.geomspace(0.25, 4.0, net.shape.hidden)).float()
    scaled = scaled_units(net, lambda _: by)
    first = {name: value for name, value in scaled.parts.items() if name.startswith("blocks.0.")}
    assert not is_rescaled(zoo, net.with_parts(first), "gqa_decoder")


def test_folded_gains_are_seen_and_are_another_thing_than_flat_ones(zoo: Zoo) -> None:
    family = "vit_gelu"
    assert "rescaled" in attacked.evidence(attacked.judged(zoo.folder, "norms_folded", family)).disguises
    net = attacked.net(zoo.folder, family)
    flat = {
        name: torch.ones_like(value) for name, value in net.parts.items() if ".norm" in name and name.endswith("weight")
    }
    assert flat
    assert not is_rescaled(zoo, net.with_parts(flat), family), "set to one, but nothing else grew by them"
