"""The recovered map as a result, and the layers compared again once it is applied."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.zoo.shelf import Zoo
from inspector.evidence.found import Undoing
from inspector.evidence.recovered import MEASURE, recovered
from inspector.results import ALL_ROLES
from tests.inspector.evidence import attacked

# Attack, family, smallest entry where layers belong together: scales of units and heads are not part of the map.
CASES = [
    ("neuron_permutation", "vit_gelu", 0.97),
    ("neuron_permutation", "moe_decoder", 0.9),
    ("head_permutation", "gqa_decoder", 0.99),
    ("residual_permutation", "gqa_decoder", 0.99),
    ("residual_rotation", "vit_gelu", 0.97),
    ("rotation_and_units", "vit_swiglu", 0.97),
    ("rotation_and_units", "gqa_decoder", 0.97),
    ("everything", "whisper_audio", 0.5),
    ("mlp_sliced_shuffled", "gqa_decoder", 0.7),
    ("layers_reordered+residual_rotation+int8", "gqa_decoder", 0.97),
]


@pytest.mark.parametrize(("attack", "family", "least"), CASES)
def test_the_undone_diagonal_is_bright_and_the_rest_dark(zoo: Zoo, attack: str, family: str, least: float) -> None:
    candidate = attacked.attacked(zoo.folder, attack, family)
    against = attacked.judged(zoo.folder, attack, family)
    undone = against.matrix(ALL_ROLES, MEASURE)
    assert undone is not None
    together = np.zeros_like(undone.values, dtype=bool)
    for place, layer in enumerate(candidate.layers):
        assert layer is not None
        together[place, layer] = True
    assert undone.values[together].min() > least
    assert np.abs(undone.values[~together]).max() < 0.2
    assert undone.null is not None
    assert undone.null.mean == pytest.approx(undone.values[~together].mean())
    assert undone.null.sd == pytest.approx(undone.values[~together].std())


def test_repeated_layers_are_bright_in_both_of_their_rows(zoo: Zoo) -> None:
    attack = "layers_repeated+noise_5+neuron_permutation"
    candidate = attacked.attacked(zoo.folder, attack, "vit_gelu")
    undone = attacked.judged(zoo.folder, attack, "vit_gelu").matrix(ALL_ROLES, MEASURE)
    assert undone is not None
    assert undone.values.shape == (6, 4)
    assert np.nanargmax(undone.values, axis=1).tolist() == list(candidate.layers)
    assert np.nanmax(undone.values, axis=1).min() > 0.9


@pytest.mark.parametrize(("attack", "family"), [("int4", "gqa_decoder"), ("pruned_50", "vit_gelu")])
def test_where_nothing_was_undone_there_is_no_second_matrix(zoo: Zoo, attack: str, family: str) -> None:
    against = attacked.judged(zoo.folder, attack, family)
    assert attacked.evidence(against).undone is None
    assert against.matrix(ALL_ROLES, MEASURE) is None


def test_nothing_undone_is_no_map() -> None:
    assert recovered(Undoing()) is None


@pytest.mark.parametrize(
    ("attack", "family", "orders", "turns", "rotated"),
    [
        ("neuron_permutation", "vit_gelu", {"mlp.units"}, set(), False),
        ("head_permutation", "gqa_decoder", {"attn.heads"}, {"attn.qk", "attn.vo"}, False),
        ("residual_rotation", "vit_gelu", set(), set(), True),
        ("rotation_and_units", "gqa_decoder", {"mlp.units"}, set(), True),
        ("everything", "gqa_decoder", {"mlp.units", "attn.heads"}, {"attn.qk", "attn.vo"}, True),
    ],
)
def test_the_map_holds_what_was_moved_and_nothing_else(
    zoo: Zoo, attack: str, family: str, orders: set[str], turns: set[str], rotated: bool
) -> None:
    undone = attacked.evidence(attacked.judged(zoo.folder, attack, family)).undone
    assert undone is not None
    assert {key.partition(":")[0] for key in undone.orders} == orders
    assert {key.partition(":")[0] for key in undone.turns} == turns
    assert undone.rotation.shape == ((96, 96) if rotated else (0, 0))
    for name in orders:
        assert {key for key in undone.orders if key.startswith(name)} == {f"{name}:{layer}" for layer in range(4)}
    for order in undone.orders.values():
        placed = order[order >= 0]
        assert len(set(placed.tolist())) == len(placed)
    for turn in undone.turns.values():
        identity = np.broadcast_to(np.eye(turn.shape[1]), turn.shape)
        assert np.allclose(turn @ turn.transpose(0, 2, 1), identity, atol=1e-3)
