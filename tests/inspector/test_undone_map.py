"""What a recovered map moves, and how it is said."""

from __future__ import annotations

import numpy as np
import pytest

import resources
from inspector.errors import Note, worded
from inspector.evidence_results import Undone
from inspector.undone_map import of_layer, touches, undone_notes, undone_text

MOVED = np.array([2, 0, 1], "<i8")
KEPT = np.arange(3)
TURNED = np.array([[0.6, -0.8], [0.8, 0.6]], "<f4")


@pytest.mark.parametrize(
    ("key", "role", "layer", "expected"),
    [
        ("mlp.units:3", "mlp.up.weight", 3, True),
        ("mlp.units:3", "mlp.down.weight", 3, True),
        ("mlp.units:3", "mlp.up.weight", 2, False),
        ("mlp.units:3", "attn.q.weight", 3, False),
        ("mlp.units[1]:3", "mlp.up.weight[1]", 3, True),
        ("mlp.units[1]:3", "mlp.up.weight[2]", 3, False),
        ("attn.heads:0", "attn.out.weight", 0, True),
        ("attn.heads:0", "attn.q_norm.weight", 0, False),
        ("experts:0", "mlp.router.weight", 0, True),
        ("chain.units:0", "neck.weight", 0, True),
        ("residual:-1", "mlp.up.weight", 5, True),
        ("mlp.units:3", "mlp.up.bias", 3, True),
        ("mlp.units:3", "mlp.down.bias", 3, False),
        ("attn.heads:0", "attn.out.bias", 0, False),
    ],
)
def test_a_map_touches_the_tensors_of_its_groups(key: str, role: str, layer: int, expected: bool) -> None:
    assert touches(Undone({key: MOVED}), role, layer) is expected
    assert not touches(Undone({key: KEPT}), role, layer), "an order that moves nothing touches nothing"


def test_a_rotation_touches_every_matrix_and_a_turn_its_heads() -> None:
    rotated = Undone(rotation=np.eye(2, dtype="<f4"))
    assert touches(rotated, "patch_embed.weight", -1)
    assert not touches(rotated, "norm.1.weight", 0)
    turned = Undone(turns={"attn.vo:1": np.zeros((2, 3, 3), "<f4")})
    assert touches(turned, "attn.v.weight", 1)
    assert not touches(turned, "attn.q.weight", 1)


def test_the_map_of_one_layer_holds_no_other() -> None:
    whole = Undone({f"mlp.units:{layer}": MOVED for layer in range(4)} | {"residual:-1": MOVED}, np.eye(2, dtype="<f4"))
    part = of_layer(whole, 2)
    assert set(part.orders) == {"mlp.units:2", "residual:-1"}
    assert part.rotation is whole.rotation


def test_what_was_undone_is_one_line() -> None:
    orders = {f"mlp.units:{layer}": MOVED for layer in range(4)} | {"attn.heads:0": MOVED, "attn.heads:1": KEPT}
    undone = Undone(orders, TURNED, {"attn.qk:2": np.zeros((1, 2, 2), "<f4")})
    assert undone_text(undone, worded) == (
        "Undone: neuron order in 4 layers, head order in 1 layer, a rotation of the residual stream, "
        "rotations inside heads in 1 layer"
    )
    assert undone_text(Undone({"mlp.units:0": KEPT}), worded) == ""


SHUFFLED = np.random.default_rng(0).permutation(64)
CUT = np.where(np.arange(64) % 5 < 3, np.cumsum(np.arange(64) % 5 < 3) - 1, -1)


@pytest.mark.parametrize(
    ("order", "told"),
    [
        (SHUFFLED, ["neurons_one"]),
        (np.roll(np.arange(64), 16), ["experts_one"]),
        (CUT, ["kept_one"]),
        (np.where(CUT >= 0, np.argsort(SHUFFLED[CUT.max() >= SHUFFLED])[CUT], -1), ["neurons_one", "kept_one"]),
        (np.where(np.arange(64) == 9, 50, -1), ["neurons_one"]),  # one found of all: nothing tells that others were cut
    ],
)
def test_what_an_order_of_units_does_is_said(order: np.ndarray, told: list[str]) -> None:
    assert [note.code.rpartition(".")[2] for note in undone_notes(Undone({"mlp.units:2": order}))] == told


@pytest.mark.parametrize(
    ("rotation", "told"),
    [
        (TURNED, ["rotation"]),
        (-np.eye(4, dtype="<f4"), ["rotation"]),
        (np.eye(4, dtype="<f4")[[2, 0, 3, 1]], ["residual"]),
        (np.eye(4, dtype="<f4")[[0, 2, 3]], ["residual_kept"]),
        (np.eye(4, dtype="<f4"), []),
    ],
)
def test_a_rotation_that_only_moves_dimensions_is_said_to_be_that(rotation: np.ndarray, told: list[str]) -> None:
    assert [note.code.rpartition(".")[2] for note in undone_notes(Undone(rotation=rotation))] == told


@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_part_of_a_map_is_worded(language: str) -> None:
    groups = ("mlp.units", "conv.inner", "attn.heads", "attn.vo", "experts", "residual")
    for layers in (1, 2):
        orders = {f"{group}:{layer}": MOVED for group in groups for layer in range(layers)}
        turns = {f"attn.vo:{layer}": np.zeros((1, 2, 2), "<f4") for layer in range(layers)}
        notes = undone_notes(Undone(orders, TURNED, turns))
        assert len(notes) == 7, "two groups of neurons are one part"
        assert all(worded(note, language) for note in notes)
    assert worded(Note("evidence.undone", {"what": "x"}), language).endswith("x")


def test_every_disguise_of_the_contract_is_worded_in_both_languages() -> None:
    names = (
        "neuron_permutation", "head_permutation", "head_rotation", "residual_rotation", "residual_permutation",
        "layers_dropped", "layers_repeated", "layers_reordered", "width_sliced", "partial_transplant", "merged",
        "quantised", "pruned", "low_rank_update", "rescaled", "moe_upcycling", "experts_reordered",
    )  # fmt: skip
    for language in ("en", "ko"):
        catalogue = resources.load_json(f"translations/{language}/evidence.json")
        codes = [f"evidence.undone.{kind}" for kind in ("kept", "kept_one", "residual_kept")]
        assert all(worded(Note(code, {"layers": 3}), language) for code in codes)
        told = [catalogue[f"evidence.disguise.{name}"] for name in names]
        assert len(set(told)) == len(names)
