"""The exact tests again, in common coordinates: what they say of a copy, and of an own model."""

from __future__ import annotations

import math

import pytest
import torch

from benchmarks.attacks.residual import folded, moved_residual, rotation
from benchmarks.zoo.shelf import Zoo
from inspector.evidence.claims import claims_of
from inspector.evidence.compared import Compared
from inspector.evidence.rejudge import groups_of, rejudged, undone_line
from inspector.evidence.turning import Turn, folded_gains
from inspector.job import QUIET
from tests.inspector.evidence import attacked

FAMILY = "gqa_decoder"


def turned(zoo: Zoo, seed: int) -> tuple[Compared, Turn]:
    """Return a turned model beside the reference, and the coordinates that turn it back."""
    net = attacked.net(zoo.folder, FAMILY, seed)
    turn = rotation(net, attacked.random_of("rejudge")).float()
    compared = attacked.compared(
        moved_residual(folded(net), turn), attacked.reference(zoo.folder, FAMILY), tuple((n, n) for n in range(4))
    )
    return compared, folded_gains(compared, QUIET).by(turn)


def test_turned_back_a_copy_stands_in_its_place(zoo: Zoo) -> None:
    compared, turn = turned(zoo, attacked.REFERENCE)
    groups = [group for group in groups_of(compared) if group.name == "mlp.units"]
    assert [group.layers for group in groups] == [(n, n) for n in range(4)]
    for score in rejudged(compared, groups, turn, QUIET):
        assert score.correlation > 0.999
        assert len(score.inherited) > 250
        assert score.log10_p < -12
    for score in rejudged(compared, groups, turn.by(None), QUIET):
        assert score.log10_p > -3
        assert len(score.inherited) <= 3


def test_a_wrong_rotation_finds_nothing(zoo: Zoo) -> None:
    compared, turn = turned(zoo, attacked.REFERENCE)
    assert turn.rotation is not None
    groups = groups_of(compared)[:4]
    for score in rejudged(compared, groups, turn.by(turn.rotation.roll(1, dims=0)), QUIET):
        assert score.log10_p > -3


def test_an_own_model_turned_back_is_a_stranger(zoo: Zoo) -> None:
    compared, turn = turned(zoo, attacked.STRANGER)
    for score in rejudged(compared, groups_of(compared), turn, QUIET):
        assert score.log10_p > -3


def test_only_groups_whose_orders_are_independent_are_judged(zoo: Zoo) -> None:
    compared, _ = turned(zoo, attacked.REFERENCE)
    found = groups_of(compared)
    assert {group.name for group in found} == {"mlp.units", "attn.vo"}
    assert all(group.exact and group.summed for group in found)
    assert not any(group.summed for group in groups_of(compared, summed=False))


def test_of_unequal_widths_the_mlps_of_equal_units_are_left(zoo: Zoo) -> None:
    narrow = attacked.attacked(zoo.folder, "residual_sliced", FAMILY)
    compared = attacked.sides(narrow, attacked.reference(zoo.folder, FAMILY))
    assert {group.name for group in groups_of(compared)} == {"mlp.units"}
    sliced = attacked.attacked(zoo.folder, "mlp_sliced", FAMILY)
    both = attacked.compared(sliced, attacked.reference(zoo.folder, FAMILY))
    assert {group.name for group in groups_of(both)} == {"attn.vo"}


def test_the_line_corrects_for_its_claims(zoo: Zoo) -> None:
    compared, turn = turned(zoo, attacked.REFERENCE)
    scores = rejudged(compared, groups_of(compared)[:2], turn, QUIET)
    claims = claims_of(scores)
    line = undone_line("gram", scores, claims, True)
    smallest = min(claim.log10_p for claim in claims)
    assert line.log10_p == pytest.approx(smallest + math.log10(len(claims)))
    assert (line.exact, line.rejects, line.groups, line.n) == (True, True, 2, sum(s.units for s in scores))
    assert line.controls.max_z is not None
    assert line.z is not None
    assert line.z > 10 * line.controls.max_z
    assert torch.isfinite(torch.tensor(line.z))
