"""Which units may be permuted, in which tensors: the groups that each family gets, and what nobody may permute."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
import torch

import resources
from inspector.anatomy import Component, find_components
from inspector.anatomy.families import load_families
from inspector.checkpoint import Checkpoint, open_checkpoint
from inspector.evidence.experts import expert_groups
from inspector.evidence.groups import InvalidPermutation, Pair, UnitGroup, find_groups, group_of_role
from inspector.evidence.heads import declared_heads, head_groups
from tests.data.memory_checkpoint import MemoryCheckpoint, from_shapes
from tests.inspector.anatomy import instances, towers

DATA = resources.load_json("evidence/groups.json")


def pairs_of(component: Component) -> list[Pair]:
    return [(part, part) for part in component.parts]


def found(component: Component, checkpoint: Checkpoint) -> tuple[UnitGroup, ...]:
    return find_groups(pairs_of(component), component, component, checkpoint)[0]


def counted(component: Component, checkpoint: Checkpoint) -> dict[tuple[str, int, int], int]:
    """Return (group, units, views) -> how many layers have it."""
    return dict(Counter((group.name, group.units, len(group.blocks[0])) for group in found(component, checkpoint)))


VO_QK = {("attn.vo", 32, 2): 2, ("attn.qk", 32, 2): 2}
INSTANCES = {
    "qwen2_5_vl": {("mlp.units", 48, 3): 2, ("attn.vo", 32, 2): 2, ("residual", 32, 4): 1},
    "clip_vision": {("mlp.units", 48, 2): 2, ("residual", 32, 12): 1} | VO_QK,
    "siglip_vision": {("mlp.units", 48, 2): 2, ("residual", 32, 10): 1} | VO_QK,
    "whisper": {("mlp.units", 48, 2): 2} | VO_QK,
    "llama": {("mlp.units", 48, 3): 2, ("attn.vo", 16, 1): 2, ("residual", 32, 5): 1},
    "phi3": {("mlp.units", 48, 3): 2, ("attn.vo", 16, 1): 2, ("residual", 32, 5): 1},
}
TOWERS = {
    "DINOv2": {("mlp.units", 64, 2): 2, ("residual", 32, 14): 1} | VO_QK,
    "DINOv3": {("mlp.units", 48, 2): 2, ("attn.vo", 32, 2): 2, ("residual", 32, 14): 1},
    "Parakeet": {("ffn1.units", 48, 2): 2, ("ffn2.units", 48, 2): 2, ("conv.units", 32, 2): 2, ("attn.vo", 32, 2): 2},
    "Qwen2-MoE": {
        ("mlp.units", 72, 3): 2,
        ("shared.units", 40, 3): 2,
        ("attn.vo", 16, 1): 2,
        ("residual", 32, 5): 1,
    },
    "ResNet": {
        ("conv.inner", 8, 1): 2,
        ("conv.inner", 16, 1): 1,
        ("conv.middle", 8, 1): 2,
        ("conv.middle", 16, 1): 1,
    },
}


@pytest.mark.parametrize("name", INSTANCES)
def test_the_groups_of_a_family(name: str) -> None:
    checkpoint = instances.named(instances.build(name))
    component = next(item for item in find_components(checkpoint) if item.kind != "projector")
    assert counted(component, checkpoint) == INSTANCES[name]


@pytest.mark.parametrize("name", TOWERS)
def test_the_groups_of_a_tower(name: str) -> None:
    checkpoint = instances.named(towers.draw(towers.TRANSFORMERS[name]))
    (component,) = find_components(checkpoint)
    assert counted(component, checkpoint) == TOWERS[name]


@pytest.mark.parametrize(("kind", "gates"), [("LSTM", 4), ("GRU", 3), ("RNN", 1)])
def test_the_gates_of_a_recurrent_unit_move_together(kind: str, gates: int) -> None:
    torch.manual_seed(0)
    state = getattr(torch.nn, kind)(12, 16, 2, bidirectional=True).state_dict()
    checkpoint = MemoryCheckpoint({f"rnn.{name}": value.numpy() for name, value in state.items()})
    (component,) = find_components(checkpoint)
    groups = found(component, checkpoint)
    names = ("rnn.units", "rnn.units_reverse")
    assert counted(component, checkpoint) == {(name, 16, gates): 2 for name in names}
    assert [view.gate for view in groups[0].blocks[0]] == [(gate, gates) for gate in range(gates)]


def test_every_family_named_in_the_data_is_a_family() -> None:
    families = {family.family for family in load_families()}
    listed = {*DATA["without_rotary"], *DATA["pinned_residual"]}
    listed |= {name for spec in DATA["groups"] if isinstance(spec.get("families"), list) for name in spec["families"]}
    assert listed - families == set()


ROTARY = ("qwen2_vl", "qwen2_5_vl", "qwen3_vl", "llama", "llama4", "dinov3", "eva", "pixtral", "gemma", "moonvit")


@pytest.mark.parametrize("family", ROTARY)
def test_rotary_families_have_no_group_of_query_dimensions(family: str) -> None:
    for role in ("attn.q", "attn.k"):
        with pytest.raises(InvalidPermutation, match=role.replace(".", r"\.")):
            group_of_role(role, family)
    assert group_of_role("attn.v", family) == "attn.vo"


@pytest.mark.parametrize(
    "role",
    [
        "embed",
        "head",
        "pos_embed",
        "patch_embed",
        "cls_token",
        "attn.qkv",
        "mlp.gate_up",
        "mlp.router",
        "norm.1",
        "other",
    ],
)
def test_rows_that_have_an_order_of_their_own_are_refused(role: str) -> None:
    for family in ("clip", "llama", "whisper", ""):
        with pytest.raises(InvalidPermutation):
            group_of_role(role, family)


def test_one_rotary_side_is_enough_to_leave_query_dimensions_alone() -> None:
    """A candidate under the names of a plain ViT against a rotary reference."""
    checkpoint = instances.named(instances.build("clip_vision"))
    (plain,) = find_components(checkpoint)
    for ours, theirs in ((plain, replace(plain, family="eva")), (replace(plain, family="eva"), plain)):
        groups, left_out = find_groups(pairs_of(plain), ours, theirs, checkpoint)
        assert "attn.qk" not in {group.name for group in groups}
        assert "evidence.left_out.rope_plane" in {item.reason.code for item in left_out}


def test_heads_move_with_their_keys_and_values() -> None:
    """Four query heads on two of keys and values are two units; a number that does not divide gives no group."""
    checkpoint = instances.named(instances.build("llama"))
    (component,) = find_components(checkpoint)
    groups = head_groups(pairs_of(component), 4)
    assert [(group.name, group.run, group.layers) for group in groups] == [
        ("attn.heads", 2, (0, 0)),
        ("attn.heads", 2, (1, 1)),
    ]
    assert {view.pair[0].role for view in groups[0].blocks[0]} == {"attn.q", "attn.k", "attn.v", "attn.out"}
    assert head_groups(pairs_of(component), 5) == []
    assert head_groups(pairs_of(component), 1) == [], "one head has no order"


def test_the_number_of_heads_is_that_of_the_own_section() -> None:
    config = {
        "vision_config": {"num_heads": 4},
        "audio_config": {"encoder_attention_heads": 6},
        "num_attention_heads": 8,
    }
    checkpoint = from_shapes({"w": (4, 4)})
    checkpoint.config = config
    (component,) = find_components(checkpoint)
    kinds = {"vision_encoder": 4, "audio_encoder": 6, "language_model": None, "projector": None}
    assert {kind: declared_heads(replace(component, kind=kind), checkpoint) for kind in kinds} == kinds  # type: ignore[arg-type]


def test_experts_are_units_and_the_router_moves_along() -> None:
    checkpoint = instances.named(towers.draw(towers.TRANSFORMERS["Qwen2-MoE"]))
    (component,) = find_components(checkpoint)
    groups = expert_groups(pairs_of(component))
    assert [group.layers for group in groups] == [(0, 0), (1, 1)]
    for group in groups:
        roles = [block[0].pair[0].role for block in group.blocks]
        assert roles[:-1] == [roles[0]] * 3
        assert roles[-1] == "mlp.router"


def test_chains_are_calibrated_and_leave_classes_and_pixels_alone() -> None:
    """A network that no template tells: rows that a later tensor reads, never the classes or the first kernels."""
    shapes = {
        "a.weight": (32, 3, 5, 5), "a.bias": (32,), "b.weight": (48, 32, 3, 3), "b.bias": (48,),
        "c.weight": (64, 48), "c.bias": (64,), "d.weight": (10, 64), "d.bias": (10,),
    }  # fmt: skip
    checkpoint = from_shapes(shapes)
    (component,) = find_components(checkpoint)
    groups = found(component, checkpoint)
    assert {group.blocks[0][0].pair[0].tensor for group in groups} == {"b.weight", "c.weight"}
    assert all(group.name == "chain.units" and not group.exact for group in groups)


def test_the_demo_groups_cover_what_they_permute() -> None:
    """Every view of a group has the group's number of units on its axis."""
    for name in ("reference_vision", "reference_audio", "candidate"):
        with open_checkpoint(resources.path(f"demo/{name}")) as checkpoint:
            for component in find_components(checkpoint):
                for group in found(component, checkpoint):
                    sizes = {view.units for block in group.blocks for view in block}
                    assert len(sizes) == 1, (name, group.name)
                    assert all(view.columns >= 1 for block in group.blocks for view in block)
                    assert not group.run or group.units % group.run == 0
