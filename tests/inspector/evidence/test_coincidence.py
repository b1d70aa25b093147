"""Coincidence: valid over every order, blind to repeated and pruned units, and right about which units were planted."""

from __future__ import annotations

from itertools import product

import numpy as np
import numpy.typing as npt
import pytest
import torch

from inspector.evidence import tails, units
from inspector.evidence.coincidence import Coincidence, coincidence, inherited_units
from tests.inspector.evidence import trained

Rows = npt.NDArray[np.float32]
KIND = "vision_encoder"


def found(candidate: Rows, reference: Rows) -> Coincidence:
    """Return the coincidences of two (units, columns) or (blocks, units, columns) sets of rows."""
    a, b = (torch.from_numpy(np.atleast_3d(rows) if rows.ndim == 3 else rows[None]) for rows in (candidate, reference))
    matrix = torch.bmm(units.normalised(a), units.normalised(b).transpose(1, 2))
    return coincidence(matrix)


def rows(rng: np.random.Generator, *shape: int) -> Rows:
    return rng.standard_normal(shape).astype(np.float32)


def assert_valid(log10_ps: list[float]) -> None:
    """P(p <= x) <= x over every order there is."""
    values = np.array(log10_ps)
    for value in np.unique(values):
        assert np.log10(np.mean(values <= value + 1e-9)) <= value + 1e-9


@pytest.mark.parametrize("likeness", [0.0, 1.0, 5.0])
def test_the_scan_is_valid_over_every_order(likeness: float) -> None:
    rng = np.random.default_rng(0)
    reference = rows(rng, 6, 12)
    candidate = likeness * reference + rows(rng, 6, 12)
    assert_valid([found(candidate, reference[order]).log10_p for order in tails.orders(6)])


@pytest.mark.parametrize("likeness", [0.0, 5.0])
def test_the_scan_over_blocks_is_valid_over_every_order(likeness: float) -> None:
    rng = np.random.default_rng(1)
    reference = rows(rng, 2, 4, 12)
    candidate = likeness * reference + rows(rng, 2, 4, 12)
    orders = tails.orders(4)
    found_ps = [
        found(candidate, np.stack([reference[0][first], reference[1][second]])).log10_p
        for first, second in product(orders, orders)
    ]
    assert_valid(found_ps)


def test_the_same_rows_in_another_order_match_out_of_place() -> None:
    reference = rows(np.random.default_rng(2), 40, 20)
    moved = found(np.roll(reference, 1, axis=0), reference)
    assert (moved.mutual, moved.in_place, moved.log10_p) == (40, 0, 0.0)
    same = found(reference, reference)
    assert (same.mutual, same.in_place) == (40, 40)
    assert same.log10_p == pytest.approx(-tails.log10_factorial(40) + np.log10(7))  # of 1, 2, 4, ..., 32, 40


def test_repeated_units_are_left_out() -> None:
    rng = np.random.default_rng(3)
    reference = rows(rng, 30, 20)
    reference[:10] = reference[0]
    assert found(reference, reference).mutual == 20
    other = rows(rng, 30, 20)
    other[3:9] = other[3]
    assert found(other, reference).mutual == found(other[::-1].copy(), reference).mutual


def test_pruned_units_of_which_only_a_bias_is_left_are_left_out() -> None:
    """Two independent models whose first half was pruned: the first of equals would match the first of equals."""
    rng = np.random.default_rng(4)

    def model() -> Rows:
        weights = rows(rng, 64, 33)
        weights[:32, :-1] = 0
        weights[:32, -1] = -np.abs(weights[:32, -1]) - 0.1
        return weights

    layers = [found(model(), model()) for _ in range(48)]
    in_place, expected = sum(layer.in_place for layer in layers), sum(layer.expected for layer in layers)
    assert tails.log10_many_coincidences(in_place, expected) > -2
    assert all(layer.mutual <= 32 for layer in layers)


def spliced(share: float, rng: np.random.Generator) -> tuple[list[set[int]], list[trained.GroupScore]]:
    """Put fine-tuned units of the reference into the honest encoder, in place; return which, and the scores."""
    ours, tuned = (trained.weights(folder, "model.vision_model.", "visual.") for folder in ("honest", "candidate"))
    taken = []
    for layer in range(8):
        chosen = rng.choice(128, round(share * 128), replace=False)
        taken.append({int(unit) for unit in chosen})
        for part in ("gate_proj.weight", "gate_proj.bias", "up_proj.weight", "up_proj.bias"):
            name = f"visual.blocks.{layer}.mlp.{part}"
            ours[name][chosen] = tuned[name][chosen]
        name = f"visual.blocks.{layer}.mlp.down_proj.weight"
        ours[name][:, chosen] = tuned[name][:, chosen]
    candidate, reference = trained.checkpoint(ours), trained.checkpoint(trained.weights("reference_vision"))
    groups = trained.groups(candidate, reference, KIND, "mlp.units")
    assert len(groups) == 8
    return taken, [trained.scored(group, candidate, reference) for group in groups]


def test_planted_units_are_found_and_listed() -> None:
    taken, scores = spliced(0.1, np.random.default_rng(5))
    hits = wrong = 0
    for planted, score in zip(taken, scores, strict=True):
        assert score.pairs is not None
        assert score.pairs.in_place >= len(planted)
        assert score.pairs.log10_p < -8
        listed = set(score.inherited.tolist())
        hits, wrong = hits + len(listed & planted), wrong + len(listed - planted)
    planted_units = sum(len(planted) for planted in taken)
    assert hits >= 0.99 * planted_units
    assert wrong <= 0.03 * planted_units  # a false discovery rate of 1 %, over 104 units


def test_three_units_are_found_by_the_scan() -> None:
    _, scores = spliced(3 / 128, np.random.default_rng(6))
    for score in scores:
        assert score.pairs is not None
        everything = tails.log10_coincidence(score.pairs.in_place, score.pairs.mutual, 128)
        assert score.pairs.log10_p < everything - 1
        assert len(score.inherited) >= 3


def test_nothing_is_found_or_listed_between_independent_models() -> None:
    _, scores = spliced(0.0, np.random.default_rng(7))
    assert sum(len(score.inherited) for score in scores) == 0
    for score in scores:
        assert score.pairs is not None
        assert score.pairs.log10_p > -2


def test_the_list_is_that_of_benjamini_and_hochberg() -> None:
    rng = np.random.default_rng(8)
    stack = rng.standard_normal((2, 30, 30)).astype(np.float32)
    stack[0, range(12), range(12)] += 5.0
    off = np.concatenate([block[~np.eye(30, dtype=bool)] for block in stack])
    own = np.concatenate([block.diagonal() for block in stack])
    p = np.array([(1 + np.count_nonzero(off >= value)) / (1 + len(off)) for value in own])
    passed = np.sort(p) <= 0.01 * np.arange(1, 61) / 60
    expected = np.sort(np.argsort(p, kind="stable")[: np.flatnonzero(passed)[-1] + 1])
    assert inherited_units(stack).tolist() == expected.tolist()
    assert 8 <= len(expected) <= 13
