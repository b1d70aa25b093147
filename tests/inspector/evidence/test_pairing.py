"""Which MLP lies beside which, whatever the sizes: experts, one MLP made many, a projector, unequal widths."""

from __future__ import annotations

from dataclasses import replace

import pytest

from benchmarks.attacks.registry import made
from benchmarks.zoo.shelf import Zoo
from inspector.evidence.compared import Compared
from inspector.evidence.pairing import OUTSIDE, unit_groups, upcycled_groups
from tests.inspector.evidence import attacked


def sides(zoo: Zoo, attack: str, family: str) -> Compared:
    return attacked.sides(attacked.attacked(zoo.folder, attack, family), attacked.reference(zoo.folder, family))


def same(zoo: Zoo, family: str) -> Compared:
    return attacked.sides(made(attacked.net(zoo.folder, family), "kept"), attacked.reference(zoo.folder, family))


@pytest.mark.parametrize(
    ("family", "roles"),
    [
        ("vit_gelu", ["mlp.fc1", "mlp.fc2"]),
        ("whisper_audio", ["mlp.fc1", "mlp.fc2"]),
        ("gqa_decoder", ["mlp.down", "mlp.gate", "mlp.up"]),
    ],
)
def test_any_layer_lies_beside_any_other(zoo: Zoo, family: str, roles: list[str]) -> None:
    compared = same(zoo, family)
    (group,) = unit_groups(compared.candidate, compared.reference, [(2, 1)])
    (views,) = group.blocks
    assert (group.name, group.layers, group.units) == ("mlp.units", (2, 1), 256)
    assert sorted(view.pair[0].role for view in views) == roles
    for view in views:
        assert view.pair[0].role == view.pair[1].role
        assert (view.pair[0].layer, view.pair[1].layer) == (2, 1)
        assert view.axis == ("columns" if view.pair[0].role in ("mlp.down", "mlp.fc2") else "rows")
        assert (view.bias is not None) is (view.pair[0].role == "mlp.fc1")


def test_experts_of_a_layer_are_blocks_of_one_group(zoo: Zoo) -> None:
    compared = same(zoo, "moe_decoder")
    groups = unit_groups(compared.candidate, compared.reference, compared.layers)
    assert [group.name for group in groups] == ["mlp.units"] * 4
    for group in groups:
        assert [{view.pair[0].expert for view in block} for block in group.blocks] == [{n} for n in range(8)]
        assert all(view.pair[0].expert == view.pair[1].expert for block in group.blocks for view in block)
    assert upcycled_groups(compared.candidate, compared.reference, compared.layers) == []


def test_every_expert_lies_beside_the_one_mlp_it_may_come_from(zoo: Zoo) -> None:
    compared = sides(zoo, "upcycled", "gqa_decoder")
    groups = unit_groups(compared.candidate, compared.reference, [(0, 3)])
    assert [group.name for group in groups] == [f"mlp.units[{expert}]" for expert in range(8)]
    for expert, group in enumerate(groups):
        assert {view.pair[0].expert for view in group.blocks[0]} == {expert}
        assert {view.pair[1].expert for view in group.blocks[0]} == {None}
        assert {view.pair[1].layer for view in group.blocks[0]} == {3}
    assert len(upcycled_groups(compared.candidate, compared.reference, compared.layers)) == 4 * 8


def test_one_mlp_has_no_place_beside_experts(zoo: Zoo) -> None:
    """The other way around: nobody says which expert a dense candidate's MLP would be."""
    compared = sides(zoo, "upcycled", "gqa_decoder")
    assert unit_groups(compared.reference, compared.candidate, compared.layers) == []


def test_what_is_no_equal_slice_is_not_upcycled(zoo: Zoo) -> None:
    compared = sides(zoo, "upcycled", "gqa_decoder")
    sliced = sides(zoo, "mlp_sliced", "gqa_decoder")
    layers = compared.layers
    found = unit_groups(compared.candidate, sliced.candidate, layers)
    assert len(found) == 32
    assert not any(group.blocks[0][0].is_even for group in found)
    assert upcycled_groups(compared.candidate, sliced.candidate, layers) == []


def test_a_projector_has_no_blocks_and_is_paired_all_the_same(zoo: Zoo) -> None:
    opened = attacked.reference(zoo.folder, "vit_swiglu")
    (projector,) = (component for component in opened.components if component.kind == "projector")
    (group,) = unit_groups(projector, projector, [(OUTSIDE, OUTSIDE)])
    views = {view.pair[0].tensor: view.axis for view in group.blocks[0]}
    assert views == {"visual.merger.mlp.0.weight": "rows", "visual.merger.mlp.2.weight": "columns"}
    assert (group.layers, group.units, group.two_sided) == ((-1, -1), 384, True)
    assert unit_groups(projector, projector, [(0, 0)]) == []


def test_unequal_widths_are_paired_by_role(zoo: Zoo) -> None:
    compared = sides(zoo, "mlp_sliced", "vit_gelu")
    (group,) = unit_groups(compared.candidate, compared.reference, [(1, 1)])
    assert {(view.units_of(0), view.units_of(1)) for view in group.blocks[0]} == {(154, 256)}
    assert not any(view.is_even for view in group.blocks[0])
    narrow = sides(zoo, "residual_sliced", "vit_gelu")
    (group,) = unit_groups(narrow.candidate, narrow.reference, [(1, 1)])
    assert group.blocks[0][0].is_even
    assert (narrow.candidate.hidden_size, narrow.reference.hidden_size) == (64, 96)


def test_views_that_do_not_agree_on_their_number_are_dropped(zoo: Zoo) -> None:
    """A fused or unknown storage: a group of which one matrix has other units would be matched by the wrong rows."""
    compared = same(zoo, "gqa_decoder")
    odd = tuple(
        replace(part, shape=(128, part.shape[1])) if part.role == "mlp.gate" and part.layer == 0 else part
        for part in compared.candidate.parts
    )
    candidate = replace(compared.candidate, parts=odd)
    found = unit_groups(candidate, compared.reference, [(0, 0), (1, 1)])
    assert [group.layers for group in found] == [(1, 1)]


def test_a_side_that_is_missing_makes_no_group(zoo: Zoo) -> None:
    compared = same(zoo, "gqa_decoder")
    without = replace(compared.candidate, parts=tuple(p for p in compared.candidate.parts if p.role != "mlp.down"))
    assert unit_groups(without, compared.reference, compared.layers) == []
    assert unit_groups(compared.candidate, compared.reference, [(0, 9)]) == []
