"""Units matched on both of their sides: the same units whatever their order, few among strangers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from benchmarks.attacks.net import Net
from benchmarks.attacks.registry import made
from benchmarks.attacks.units import ordered_units
from benchmarks.zoo.shelf import Zoo
from inspector.evidence.decision import CALIBRATED_SHARE, CONTROLS
from inspector.evidence.groups import UnitGroup
from inspector.evidence.matching import FEWEST, Matched, has_two_views, match, places_of
from inspector.evidence.pairing import unit_groups
from inspector.job import QUIET
from tests.data.memory_checkpoint import MemoryCheckpoint
from tests.inspector.evidence import attacked

FAMILY = "vit_gelu"


def first_layer(zoo: Zoo, candidate: Net, family: str = FAMILY) -> tuple[UnitGroup, Matched | None]:
    compared = attacked.sides(candidate, attacked.reference(zoo.folder, family))
    (group,) = unit_groups(compared.candidate, compared.reference, [(0, 0)])
    return group, match(group, compared.ours, compared.theirs, QUIET)


def shuffled(size: int) -> torch.Tensor:
    """Return an order, always the same."""
    return torch.randperm(size, generator=attacked.random_of("order"))


def found(zoo: Zoo, candidate: Net, family: str = FAMILY) -> Matched:
    result = first_layer(zoo, candidate, family)[1]
    assert result is not None
    return result


@pytest.mark.parametrize("family", ["vit_gelu", "whisper_audio", "gqa_decoder"])
def test_units_are_found_wherever_they_stand(zoo: Zoo, family: str) -> None:
    order = shuffled(256)
    item = found(zoo, ordered_units(attacked.net(zoo.folder, family), shuffled), family)
    assert item.agreed >= 0.97 * item.size == 0.97 * 256
    assert np.array_equal(item.reference, order.numpy()[item.candidate])
    assert item.clear
    assert not item.in_order
    assert item.held_out > 30


def test_units_of_experts_are_numbered_through(zoo: Zoo) -> None:
    item = found(zoo, attacked.net(zoo.folder, "moe_decoder"), "moe_decoder")
    assert len(item.group.blocks) == 8
    assert item.size == item.group.units == item.agreed
    assert np.array_equal(item.candidate, np.arange(item.size))
    assert np.array_equal(item.reference, item.candidate)
    assert item.in_order


def test_a_fine_tune_keeps_its_units(zoo: Zoo) -> None:
    tuned = attacked.net(zoo.folder, FAMILY, kind="extreme")
    item = found(zoo, ordered_units(tuned, shuffled))
    assert item.clear
    assert np.mean(item.reference == shuffled(256).numpy()[item.candidate]) > 0.95


@pytest.mark.parametrize("family", ["vit_gelu", "whisper_audio", "gqa_decoder"])
def test_strangers_agree_no_more_than_shuffled_links_do(zoo: Zoo, family: str) -> None:
    item = found(zoo, attacked.net(zoo.folder, family, attacked.STRANGER), family)
    assert item.agreed <= max(int(item.controls.max()), 0.03 * item.size)
    assert not item.clear
    assert abs(item.held_out) < 8


def test_no_unit_is_matched_twice(zoo: Zoo) -> None:
    for item in (
        found(zoo, attacked.net(zoo.folder, FAMILY, attacked.STRANGER)),
        found(zoo, attacked.net(zoo.folder, FAMILY, kind="extreme")),
    ):
        assert len(set(item.candidate)) == len(set(item.reference)) == item.agreed


def test_controls_break_the_link_between_the_sides(zoo: Zoo) -> None:
    item = found(zoo, attacked.net(zoo.folder, FAMILY))
    assert item.controls.shape == (CONTROLS,)
    assert item.controls.mean() == pytest.approx(1.0, abs=0.4), "of a permutation one point stays on average"
    assert item.controls.max() < 10


def test_a_quarter_of_the_units_is_clear(zoo: Zoo) -> None:
    item = found(zoo, attacked.net(zoo.folder, FAMILY))
    enough = round(CALIBRATED_SHARE * item.size)
    assert replace(item, candidate=item.candidate[:enough], reference=item.reference[:enough]).clear
    assert not replace(item, candidate=item.candidate[: enough - 1], reference=item.reference[: enough - 1]).clear


def test_where_nothing_varies_nothing_is_matched(zoo: Zoo) -> None:
    net = attacked.net(zoo.folder, FAMILY)
    flat = net.with_parts({name: torch.ones_like(value) for name, value in net.parts.items() if ".up." in name})
    item = first_layer(zoo, flat)[1]
    assert item is None or item.agreed <= 1, "all units are alike, and the first of them is nobody's"


def test_values_that_are_not_finite_match_nothing_and_spoil_nothing(zoo: Zoo) -> None:
    net = attacked.net(zoo.folder, FAMILY)
    broken = net.parts["blocks.0.up.weight"].clone()
    broken[:10], broken[20, 3] = torch.nan, torch.inf
    item = found(zoo, net.with_parts({"blocks.0.up.weight": broken}))
    assert not set(range(10)) & set(item.candidate.tolist())
    assert item.agreed >= 230
    assert np.array_equal(item.candidate, item.reference)


def test_only_hidden_units_have_two_views(zoo: Zoo) -> None:
    group, _ = first_layer(zoo, attacked.net(zoo.folder, FAMILY))
    assert has_two_views(group)
    assert not has_two_views(replace(group, exact=False))
    assert not has_two_views(replace(group, run=4))
    reads = tuple(view for view in group.blocks[0] if view.axis == "rows")
    assert not has_two_views(replace(group, blocks=(reads,)))


def test_few_units_are_left_alone(zoo: Zoo) -> None:
    few = attacked.opened(
        "few", made(ordered_units(attacked.net(zoo.folder, FAMILY), lambda _: torch.arange(8)), "kept")
    )
    compared = attacked.sides(attacked.net(zoo.folder, FAMILY), few)
    (group,) = unit_groups(compared.candidate, compared.reference, [(0, 0)])
    assert group.units <= 8 < FEWEST
    assert not has_two_views(group)
    assert isinstance(few.checkpoint, MemoryCheckpoint)
    assert places_of(group, 0).tolist() == list(range(256))
    assert places_of(group, 1).tolist() == list(range(8))
