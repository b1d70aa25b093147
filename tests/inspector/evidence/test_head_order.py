"""Heads in any order and turned inside: found by what they attend to and what they write, never among strangers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
import torch

from benchmarks.attacks.heads import scaled_heads
from benchmarks.attacks.net import Net
from benchmarks.attacks.registry import made
from benchmarks.zoo.shelf import Zoo, body_of
from inspector.evidence.compared import Compared
from inspector.evidence.head_order import HeadOrder, head_order
from inspector.evidence_results import DEPENDENT
from inspector.job import QUIET
from tests.inspector.evidence import attacked

GROUPED = ("gqa_decoder", "moe_decoder")


def orders(zoo: Zoo, candidate: attacked.Attacked | Net, family: str) -> Iterator[tuple[int, HeadOrder]]:
    """Yield every layer with what was matched in it."""
    compared = attacked.sides(candidate, attacked.reference(zoo.folder, family))
    heads = attacked.net(zoo.folder, family).shape.heads
    for layer in range(4):
        found = head_order(compared, (layer, layer), (heads, heads), None, QUIET)
        assert found is not None
        yield layer, found


def by_head(net: Net, layer: int, kind: str) -> torch.Tensor:
    """Return the weights of one kind as (heads, head width, columns)."""
    value = net.parts[f"blocks.{layer}.{kind}.weight"]
    value = value.T if kind == "o" else value
    return value.reshape(-1, net.shape.head_width, value.shape[1])


@pytest.mark.parametrize("family", ["vit_gelu", "vit_swiglu", "whisper_audio", *GROUPED])
def test_heads_are_found_wherever_they_stand(zoo: Zoo, family: str) -> None:
    candidate = attacked.attacked(zoo.folder, "head_permutation", family)
    reference = attacked.net(zoo.folder, family)
    assert candidate.net is not None
    moved = 0
    for layer, found in orders(zoo, candidate, family):
        assert found.same
        assert found.matched.agreed == found.matched.size == reference.shape.heads
        assert not found.turned
        moved += found.moved
        for kind in "qo":
            assert torch.equal(by_head(candidate.net, layer, kind)[found.order], by_head(reference, layer, kind))
        width = reference.shape.head_width
        for kind in "kv":
            rows = found.rows(f"attn.{kind}", width)
            own = candidate.net.parts[f"blocks.{layer}.{kind}.weight"]
            assert torch.equal(own[rows], reference.parts[f"blocks.{layer}.{kind}.weight"])
        assert found.queries == (reference.shape.heads // reference.shape.groups,) * 2
    assert moved >= 3


@pytest.mark.parametrize("family", ["whisper_audio", "vit_swiglu", "gqa_decoder"])
def test_the_rotation_inside_every_head_is_recovered(zoo: Zoo, family: str) -> None:
    """Any rotation of values, of queries and keys too where nothing is rotary, else one that keeps the planes."""
    candidate = attacked.attacked(zoo.folder, "head_rotation", family)
    reference = attacked.net(zoo.folder, family)
    assert candidate.net is not None
    for layer, found in orders(zoo, candidate, family):
        assert (found.same, found.moved, found.turned) == (True, False, True)
        for turns, kinds in (("attn.qk", "qk"), ("attn.vo", "vo")):
            for kind in kinds:
                own, theirs = (by_head(net, layer, kind) for net in (candidate.net, reference))
                turn = found.turns[turns][:: reference.shape.heads // len(own)]
                error = torch.linalg.vector_norm(turn @ own - theirs) / torch.linalg.vector_norm(theirs)
                assert error < 1e-3, (kind, layer)
        assert max(found.in_place.values()) < 0.7


@pytest.mark.parametrize(("attack", "turned"), [("qk_rotation", "attn.qk"), ("vo_rotation", "attn.vo")])
def test_what_was_not_turned_stands_in_place(zoo: Zoo, attack: str, turned: str) -> None:
    for _, found in orders(zoo, attacked.attacked(zoo.folder, attack, "whisper_audio"), "whisper_audio"):
        for name, share in found.in_place.items():
            assert share < 0.7 if name == turned else share > 0.99


@pytest.mark.parametrize("family", ["vit_gelu", "gqa_decoder"])
def test_scales_that_cancel_are_noticed(zoo: Zoo, family: str) -> None:
    net = attacked.net(zoo.folder, family)
    scaled = scaled_heads(net, attacked.random_of("scales"))
    assert all(found.scaled and found.same for _, found in orders(zoo, scaled, family))
    assert not any(found.scaled for _, found in orders(zoo, net, family))


def test_a_fine_tune_has_its_heads_in_place(zoo: Zoo) -> None:
    for family in ("vit_gelu", "gqa_decoder"):
        for _, found in orders(zoo, attacked.net(zoo.folder, family, kind="light"), family):
            assert (found.same, found.moved, found.turned, found.scaled) == (True, False, False, False)


def test_no_two_strangers_have_the_same_heads(zoo: Zoo) -> None:
    """All pairs of the small zoo of which neither has anything of the other."""
    pairs = [pair for pair in zoo.pairs() if pair.relation == "independent"]
    assert len(pairs) > 50
    for pair in pairs:
        family = pair.reference.family
        models = []
        for entry in (pair.candidate, pair.reference):
            like = attacked.net(zoo.folder, family)
            stored = body_of(zoo.folder, entry.name)
            models.append(made(attacked.from_stored(like.layout, like.shape, stored, {}), "kept"))
        compared = attacked.sides(models[0], attacked.opened("reference", models[1]))
        heads = like.shape.heads
        found = [head_order(compared, (layer, layer), (heads, heads), None, QUIET) for layer in range(4)]
        assert all(item is not None and not item.same for item in found), pair


def test_both_sides_must_match_most_heads_alike_and_what_they_match_be_alike(zoo: Zoo) -> None:
    (_, item), *_ = orders(zoo, attacked.net(zoo.folder, "gqa_decoder"), "gqa_decoder")
    assert (item.matched.size, item.same) == (8, True)
    for agreed, same in ((6, True), (5, False)):
        fewer = replace(item.matched, candidate=np.arange(agreed), reference=np.arange(agreed))
        assert replace(item, matched=fewer).same is same
    assert not replace(item, similarity=0.2).same


def test_heads_that_do_not_fit_the_widths_are_left_alone(zoo: Zoo) -> None:
    compared = attacked.sides(attacked.net(zoo.folder, "gqa_decoder"), attacked.reference(zoo.folder, "gqa_decoder"))
    heads = attacked.net(zoo.folder, "gqa_decoder").shape.heads
    for wrong in ((5, 5), (1, 1), (heads, heads // 2), (7, heads)):
        assert head_order(compared, (0, 0), wrong, None, QUIET) is None


def test_a_missing_matrix_makes_no_order(zoo: Zoo) -> None:
    compared = attacked.sides(attacked.net(zoo.folder, "vit_gelu"), attacked.reference(zoo.folder, "vit_gelu"))
    without = tuple(part for part in compared.candidate.parts if part.role != "attn.v")
    less: Compared = replace(compared, candidate=replace(compared.candidate, parts=without))
    assert head_order(less, (0, 0), (4, 4), None, QUIET) is None


@pytest.mark.parametrize(
    ("heads", "seed", "kind"),
    [
        (2, attacked.STRANGER, "scratch"),
        (1000, attacked.STRANGER, "scratch"),
        (4, attacked.REFERENCE, "light"),
    ],
)
def test_a_config_that_lies_about_the_heads_does_no_harm(zoo: Zoo, heads: int, seed: int, kind: str) -> None:
    """A stranger is not accused by it, and a fine-tune is found and has no disguise."""
    family = "gqa_decoder"
    assert heads != attacked.net(zoo.folder, family).shape.heads
    model = made(attacked.net(zoo.folder, family, seed, kind), "kept")
    lying = replace(model, config={**model.config, "num_attention_heads": heads})
    found = attacked.evidence(attacked.found(lying, attacked.reference(zoo.folder, family)))
    assert (found.verdict in DEPENDENT) is (seed == attacked.REFERENCE)
    assert found.disguises == ()
