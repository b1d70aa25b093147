"""From opened inputs to findings: layers are searched before they are judged, and the result follows the search."""

from __future__ import annotations

import pytest

from benchmarks.attacks.depth import relayered
from benchmarks.attacks.net import Net
from benchmarks.attacks.registry import made
from benchmarks.attacks.residual import turned_residual
from benchmarks.attacks.units import shuffled_units
from benchmarks.zoo.shelf import Zoo
from inspector.evidence_results import DEPENDENT
from inspector.findings import find, plan
from inspector.job import QUIET
from inspector.similarity.workers import Meter
from tests.inspector.evidence import attacked

FAMILY = "gqa_decoder"
ORDERS = {
    "layers_reordered": (2, 0, 3, 1),
    "layers_dropped": (0, 2, 3),
    "layers_repeated": (0, 1, 2, 1, 2, 3),
}


def hidden(net: Net, order: tuple[int, ...]) -> attacked.Attacked:
    """Return the model with other layers, turned, every MLP shuffled."""
    random = attacked.random_of("findings")
    return made(shuffled_units(turned_residual(relayered(net, order), random), random), "changed")


@pytest.mark.parametrize("disguise", ORDERS)
def test_layers_of_a_turned_copy_are_found_before_they_are_judged(zoo: Zoo, disguise: str) -> None:
    order = ORDERS[disguise]
    candidate = hidden(attacked.net(zoo.folder, FAMILY), order)
    against = attacked.found(candidate, attacked.reference(zoo.folder, FAMILY))
    evidence = attacked.evidence(against)
    assert evidence.verdict == "derived"
    assert set(evidence.disguises) == {"residual_rotation", "neuron_permutation", disguise}
    assert all(order[score.candidate] == score.reference for score in against.layers)
    assert len(against.layers) == min(len(order), 4)
    assert evidence.undone is not None
    placed = {key for key in evidence.undone.orders if key.startswith("mlp.units")}
    assert placed == {f"mlp.units:{layer}" for layer in range(len(order))}


def test_a_turned_stranger_with_other_layers_is_not_accused(zoo: Zoo) -> None:
    candidate = hidden(attacked.net(zoo.folder, FAMILY, attacked.STRANGER), ORDERS["layers_repeated"])
    evidence = attacked.evidence(attacked.found(candidate, attacked.reference(zoo.folder, FAMILY)))
    assert evidence.verdict not in DEPENDENT
    assert evidence.disguises == ()


def test_a_first_look_searches_nothing(zoo: Zoo) -> None:
    ours = attacked.opened("candidate", hidden(attacked.net(zoo.folder, FAMILY), ORDERS["layers_reordered"]))
    ((target, partners),) = plan(ours, [attacked.reference(zoo.folder, FAMILY)], None)
    best = find(ours, target, partners, Meter(QUIET, 1), attacked.SEED, True).best
    assert best is not None
    assert [(score.candidate, score.reference) for score in best.layers] == [(n, n) for n in range(4)]
    assert attacked.evidence(best).verdict == "inconclusive"
