"""Sliced widths: the bound is never below the truth, sorted units claim nothing, a slice in order does."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from benchmarks.attacks.net import Net
from benchmarks.attacks.units import ordered_units
from benchmarks.attacks.width import sliced_units
from benchmarks.zoo.shelf import Zoo
from inspector.evidence.matching import Matched, match
from inspector.evidence.pairing import unit_groups
from inspector.evidence.sliced import is_sliced, log10_ascending, longest_ascending, slice_claims, surgery_test
from inspector.evidence_results import DEPENDENT
from inspector.job import QUIET
from tests.inspector.evidence import attacked

FAMILY = "gqa_decoder"


def brute(values: tuple[int, ...]) -> int:
    """Return the length of the longest strictly ascending subsequence, by trying all."""
    for length in range(len(values), 0, -1):
        for chosen in itertools.combinations(values, length):
            if all(a < b for a, b in itertools.pairwise(chosen)):
                return length
    return 0


def matched(candidate: attacked.Attacked | Net, zoo: Zoo, against: Net | None = None) -> list[Matched]:
    """Return the matched units of every layer."""
    model = attacked.net(zoo.folder, FAMILY) if against is None else against
    compared = attacked.sides(candidate, attacked.opened("reference", attacked.made(model, "kept")))
    groups = unit_groups(compared.candidate, compared.reference, compared.layers)
    found = [match(group, compared.ours, compared.theirs, QUIET) for group in groups]
    return [item for item in found if item is not None]


def sorted_by_length(net: Net) -> Net:
    """Return the model with the units of every MLP in descending order of the length of their gate."""
    lengths = iter([net.parts[f"{at}gate.weight"].norm(dim=1) for at in net.mlps()])
    return ordered_units(net, lambda _: next(lengths).argsort(descending=True))


def test_the_longest_ascending_sequence_is_that_of_all_sequences() -> None:
    rng = np.random.default_rng(0)
    for size in range(9):
        for _ in range(25):
            values = rng.integers(0, 6, size)
            assert longest_ascending(values) == brute(tuple(values.tolist()))


@pytest.mark.parametrize("size", range(1, 8))
def test_the_bound_is_never_below_the_chance_itself(size: int) -> None:
    lengths = Counter(longest_ascending(np.array(order)) for order in itertools.permutations(range(size)))
    for longest in range(1, size + 1):
        chance = sum(count for length, count in lengths.items() if length >= longest) / math.factorial(size)
        assert log10_ascending(longest, size) >= math.log10(chance) - 1e-12
    assert log10_ascending(size, size) == pytest.approx(-math.log10(math.factorial(size))), (
        "of all in order it is exact"
    )


def test_a_slice_in_order_is_claimed_and_a_shuffled_one_is_only_matched(zoo: Zoo) -> None:
    in_order, shuffled = (
        matched(attacked.attacked(zoo.folder, name, FAMILY), zoo) for name in ("mlp_sliced", "mlp_sliced_shuffled")
    )
    assert len(in_order) == len(shuffled) == 4
    for kept, moved in zip(in_order, shuffled, strict=True):
        assert is_sliced(kept)
        assert kept.size == moved.size == 154
        assert min(kept.agreed, moved.agreed) >= 0.95 * 154
        assert kept.in_order
        assert not moved.in_order
    assert all(claim.log10_p < -100 for claim in slice_claims(in_order, 0.0))
    assert all(claim.log10_p > -3 for claim in slice_claims(shuffled, 0.0))


def test_choices_are_paid_for(zoo: Zoo) -> None:
    found = matched(attacked.attacked(zoo.folder, "mlp_sliced", FAMILY), zoo)[:1]
    (free,), (paid,), (all_of_it,) = (slice_claims(found, choices) for choices in (0.0, 7.0, 1e4))
    assert paid.log10_p == pytest.approx(free.log10_p + 7.0)
    assert all_of_it.log10_p == 0.0


def test_units_that_both_models_keep_sorted_make_no_claim(zoo: Zoo) -> None:
    """Even an honest model has its units in the reference's order then, as far as any are matched."""
    victim, stranger = (sorted_by_length(attacked.net(zoo.folder, FAMILY, seed)) for seed in (0, 1))
    copies = matched(sliced_units(victim, 0.6), zoo, victim)
    assert all(item.sorted_units and item.in_order and item.clear for item in copies)
    assert {claim.log10_p for claim in slice_claims(copies, 0.0)} == {0.0}
    assert surgery_test(copies, [], False) is None
    reference = attacked.opened("reference", attacked.made(victim, "kept"))
    honest = attacked.evidence(attacked.found(attacked.made(sliced_units(stranger, 0.6), "changed"), reference))
    assert honest.verdict not in DEPENDENT


def test_one_sorted_side_is_enough_of_a_random_order(zoo: Zoo) -> None:
    victim = attacked.net(zoo.folder, FAMILY)
    found = matched(sorted_by_length(sliced_units(victim, 0.6)), zoo, victim)
    assert not any(item.sorted_units for item in found)
    assert all(claim.log10_p > -3 for claim in slice_claims(found, 0.0))


def test_equal_widths_are_no_slice(zoo: Zoo) -> None:
    found = matched(attacked.net(zoo.folder, FAMILY), zoo)
    assert all(item.clear and not is_sliced(item) for item in found)
    assert slice_claims(found, 0.0) == []


def test_the_line_says_how_many_kept_their_order_and_what_chance_keeps(zoo: Zoo) -> None:
    (item, *_) = matched(attacked.attacked(zoo.folder, "mlp_sliced", FAMILY), zoo)
    torn = replace(item, candidate=np.arange(6), reference=np.array([0, 1, 5, 2, 3, 4]))
    claims = slice_claims([torn], 0.0)
    line = surgery_test([torn], claims, True)
    assert line is not None
    assert line.statistic == pytest.approx(5 / 6)
    assert line.null.mean == pytest.approx(2 * math.sqrt(6) / 6)
    assert line.log10_p == pytest.approx(math.log10(6 / math.factorial(5)))
    assert (line.n, line.exact, line.rejects) == (6, True, True)


def test_the_sequence_is_read_in_the_candidates_order(zoo: Zoo) -> None:
    (item, *_) = matched(attacked.attacked(zoo.folder, "mlp_sliced", FAMILY), zoo)
    given = replace(item, candidate=np.array([3, 0, 2, 1]), reference=np.array([9, 2, 7, 4]))
    (claim,) = slice_claims([given], 0.0)
    assert claim.log10_p == pytest.approx(-math.log10(math.factorial(4)))
