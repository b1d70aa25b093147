"""Layers found by their units where no weight stands in its place, and none among strangers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from benchmarks.attacks.depth import relayered
from benchmarks.attacks.net import Net
from benchmarks.attacks.residual import turned_residual
from benchmarks.attacks.units import shuffled_units
from benchmarks.zoo.shelf import Zoo
from inspector.evidence.layer_search import layer_agreement, search_layers
from inspector.job import QUIET
from tests.inspector.evidence import attacked

ORDERS = {
    "reordered": (2, 0, 3, 1),
    "dropped": (0, 1, 3),
    "repeated": (0, 1, 2, 1, 2, 3),
    "in order": (0, 1, 2, 3),
}
FAMILIES = ("vit_gelu", "gqa_decoder", "moe_decoder")


def hidden(net: Net, order: Sequence[int]) -> Net:
    """Return the model with its blocks in another order, turned, every MLP shuffled."""
    random = attacked.random_of("hidden", net.layout.family.name)
    return shuffled_units(turned_residual(relayered(net, order), random), random)


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("case", ORDERS)
def test_every_layer_finds_the_one_that_it_was(zoo: Zoo, family: str, case: str) -> None:
    order = ORDERS[case]
    compared = attacked.compared(
        hidden(attacked.net(zoo.folder, family), order), attacked.reference(zoo.folder, family)
    )
    found = search_layers(compared, QUIET)
    assert found is not None
    every = (*found.layers, *found.repeats)
    assert all(order[candidate] == reference for candidate, reference in every)
    assert sorted(candidate for candidate, _ in every) == list(range(len(order)))
    assert len({reference for _, reference in found.layers}) == len(found.layers) == min(len(order), 4)


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("case", ["reordered", "dropped", "repeated"])
def test_among_strangers_nothing_is_found(zoo: Zoo, family: str, case: str) -> None:
    stranger = hidden(attacked.net(zoo.folder, family, attacked.STRANGER), ORDERS[case])
    compared = attacked.compared(stranger, attacked.reference(zoo.folder, family))
    assert search_layers(compared, QUIET) is None


def test_layers_that_stand_out_as_they_are_need_no_search(zoo: Zoo) -> None:
    family = "gqa_decoder"
    tuned = attacked.net(zoo.folder, family, kind="light")
    compared = attacked.compared(tuned, attacked.reference(zoo.folder, family))
    assert search_layers(compared, QUIET) is None
    moved = attacked.compared(relayered(tuned, ORDERS["reordered"]), attacked.reference(zoo.folder, family))
    assert search_layers(moved, QUIET) is None
    assert dict(moved.layers) == dict(enumerate(ORDERS["reordered"])), "weights in place told"


def test_without_layers_there_is_nothing_to_search(zoo: Zoo) -> None:
    compared = attacked.sides(attacked.net(zoo.folder, "gqa_decoder"), attacked.reference(zoo.folder, "gqa_decoder"))
    assert search_layers(replace(compared, layers=()), QUIET) is None


def test_the_agreement_of_layers_is_a_share_of_the_references_units(zoo: Zoo) -> None:
    family = "vit_gelu"
    net = shuffled_units(attacked.net(zoo.folder, family), attacked.random_of("share"))
    compared = attacked.sides(relayered(net, (3, 1)), attacked.reference(zoo.folder, family))
    shares = layer_agreement(compared, None, QUIET)
    assert shares.shape == (2, 4)
    assert min(shares[0, 3], shares[1, 1]) > 0.95
    shares[0, 3] = shares[1, 1] = np.nan
    assert np.nanmax(shares) < 0.1
