"""Units matched on half of the residual dimensions, judged on the other half: exact whatever the units are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.zoo.shelf import Zoo
from inspector.evidence.anchored import matched_groups
from inspector.evidence.compared import Compared
from inspector.evidence.groups import residual_exchangeable
from inspector.evidence.matching import Matched, has_two_views
from inspector.evidence.pairing import unit_groups
from inspector.evidence.residual_halves import halves_score, judged_dimensions, setting_dimensions
from inspector.evidence.scoring import GroupScore
from inspector.job import QUIET
from tests.data.memory_checkpoint import MemoryCheckpoint
from tests.inspector.evidence import attacked

FAMILY = "gqa_decoder"
TIMES = 300


def matched(compared: Compared) -> tuple[Matched, ...]:
    """Match all hidden units on the dimensions that set the matching."""
    width = compared.candidate.hidden_size
    groups = unit_groups(compared.candidate, compared.reference, compared.layers)
    wanted = [group for group in groups if has_two_views(group)]
    return matched_groups(compared, wanted, QUIET, dimensions=setting_dimensions(width))


def judged(compared: Compared, found: tuple[Matched, ...]) -> GroupScore:
    score = halves_score(found, compared.candidate.hidden_size, compared.ours, compared.theirs, QUIET)
    assert score is not None
    return score


def with_dimensions(compared: Compared, order: np.ndarray) -> Compared:
    """Return the comparison with the residual dimensions of the candidate's MLPs in another order."""
    assert isinstance(compared.ours, MemoryCheckpoint)
    arrays = dict(compared.ours.arrays)
    for part in compared.candidate.parts:
        if part.role in ("mlp.up", "mlp.gate"):
            arrays[part.tensor] = arrays[part.tensor][:, order]
        elif part.role == "mlp.down":
            arrays[part.tensor] = arrays[part.tensor][order]
    return replace(compared, ours=MemoryCheckpoint(arrays))


def test_the_halves_are_apart_and_cover_everything() -> None:
    for width in (64, 97):
        setting, judging = setting_dimensions(width), judged_dimensions(width)
        assert not set(setting) & set(judging)
        assert sorted({*setting, *judging}) == list(range(width))


def test_the_order_of_the_judging_half_is_uniform_for_the_bound(zoo: Zoo) -> None:
    """A real pair whose judging dimensions stand in random order: the null, with every other likeness left as it is."""
    compared = attacked.sides(
        attacked.attacked(zoo.folder, "neuron_permutation", FAMILY), attacked.reference(zoo.folder, FAMILY)
    )
    few = [replace(item, candidate=item.candidate[:48], reference=item.reference[:48]) for item in matched(compared)]
    found = tuple(few[:1])
    width = compared.candidate.hidden_size
    rng = np.random.default_rng(7)
    scores = []
    for _ in range(TIMES):
        order = np.arange(width)
        order[judged_dimensions(width)] = rng.permutation(judged_dimensions(width))
        scores.append(judged(with_dimensions(compared, order), found))
    z = np.array([score.z for score in scores])
    assert abs(z.mean()) < 4 / np.sqrt(TIMES)
    assert z.std() == pytest.approx(1.0, abs=0.15), "the null's sd is the one that is divided by"
    for bounds in (
        np.array([score.log10_p for score in scores]),
        np.array([score.pairs.log10_p for score in scores if score.pairs is not None]),
    ):
        assert len(bounds) == TIMES
        for p in (0.1, 0.01, 1e-3):
            allowed = p * TIMES + 4 * np.sqrt(p * TIMES)
            assert (bounds <= np.log10(p)).sum() <= allowed


def test_moving_the_judging_half_changes_no_match(zoo: Zoo) -> None:
    compared = attacked.sides(
        attacked.attacked(zoo.folder, "neuron_permutation", FAMILY), attacked.reference(zoo.folder, FAMILY)
    )
    width = compared.candidate.hidden_size
    order = np.arange(width)
    order[1::2] = np.roll(order[1::2], 5)
    before, after = matched(compared), matched(with_dimensions(compared, order))
    assert all(item.agreed >= 0.9 * item.size for item in before)
    for first, second in zip(before, after, strict=True):
        assert np.array_equal(first.candidate, second.candidate)
        assert np.array_equal(first.reference, second.reference)


@pytest.mark.parametrize("family", ["vit_gelu", "vit_swiglu", "gqa_decoder", "moe_decoder"])
def test_a_reordered_copy_is_found_exactly(zoo: Zoo, family: str) -> None:
    compared = attacked.sides(
        attacked.attacked(zoo.folder, "neuron_permutation", family), attacked.reference(zoo.folder, family)
    )
    score = judged(compared, matched(compared))
    assert score.log10_p < -12
    assert score.units == len(judged_dimensions(compared.candidate.hidden_size))
    assert score.correlation > 0.99


@pytest.mark.parametrize("family", ["vit_gelu", "gqa_decoder"])
def test_a_reordered_stranger_is_not(zoo: Zoo, family: str) -> None:
    compared = attacked.sides(
        attacked.attacked(zoo.folder, "neuron_permutation", family, stranger=True),
        attacked.reference(zoo.folder, family),
    )
    found = matched(compared)
    score = halves_score(found, compared.candidate.hidden_size, compared.ours, compared.theirs, QUIET)
    assert score is None or score.log10_p > -3


def test_a_fixed_sinusoid_pins_the_dimensions(zoo: Zoo) -> None:
    """The same likeness is there, but nothing may be concluded from it: no bound, and the test is calibrated."""
    family = "whisper_audio"
    compared = attacked.sides(
        attacked.attacked(zoo.folder, "neuron_permutation", family), attacked.reference(zoo.folder, family)
    )
    assert not residual_exchangeable(compared.candidate, compared.reference)
    found = attacked.evidence(attacked.judged(zoo.folder, "neuron_permutation", family))
    line = next(test for test in found.tests if test.test == "two_view")
    assert (line.rejects, line.exact, line.log10_p) == (True, False, None)


def test_too_few_dimensions_or_units_judge_nothing(zoo: Zoo) -> None:
    reference = attacked.reference(zoo.folder, FAMILY)
    compared = attacked.sides(attacked.net(zoo.folder, FAMILY), reference)
    found = matched(compared)
    lonely = tuple(replace(item, candidate=item.candidate[:1], reference=item.reference[:1]) for item in found)
    assert halves_score(lonely, 96, compared.ours, compared.theirs, QUIET) is None
    assert halves_score(found, 31, compared.ours, compared.theirs, QUIET) is None
