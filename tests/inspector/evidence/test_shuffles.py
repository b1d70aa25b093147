"""Shuffled units: the drawn null agrees with counting all orders, and blocks are shuffled independently."""

from __future__ import annotations

import math

import numpy as np
import pytest

from inspector.evidence import shuffles, tails
from inspector.evidence_results import FloatArray
from tests.inspector.evidence import trained


def centred(stack: FloatArray) -> FloatArray:
    return stack - stack.mean(1, keepdims=True) - stack.mean(2, keepdims=True) + stack.mean((1, 2), keepdims=True)


def random_stack(seed: int, blocks: int, size: int, heavy: bool = False) -> FloatArray:
    rng = np.random.default_rng(seed)
    return centred(rng.standard_cauchy((blocks, size, size)) if heavy else rng.standard_normal((blocks, size, size)))


def test_the_p_value_counts_the_observed_order_too() -> None:
    assert shuffles.monte_carlo_log10_p(np.array([5.0, 1.0, 2.0, 3.0])) == pytest.approx(math.log10(1 / 4))
    assert shuffles.monte_carlo_log10_p(np.array([2.0, 1.0, 2.0, 3.0])) == pytest.approx(math.log10(3 / 4))


@pytest.mark.parametrize("heavy", [False, True])
def test_shuffles_agree_with_all_orders(heavy: bool) -> None:
    stack = random_stack(0, 1, 7, heavy)
    sd = math.sqrt(float((stack**2).sum()) / 6)
    every = stack[0][np.arange(7), tails.orders(7)].sum(1) / sd
    drawn = shuffles.shuffled_z(stack)
    assert len(drawn) == 1 + shuffles.SHUFFLES
    assert drawn[0] == pytest.approx(np.trace(stack[0]) / sd, rel=1e-5)
    for level in np.quantile(every, [0.05, 0.3, 0.7, 0.95, 0.999]):
        share = np.mean(every >= level - 1e-6)
        off = abs(np.mean(drawn[1:] >= level - 1e-6) - share)
        assert off <= 5 * math.sqrt(share * (1 - share) / shuffles.SHUFFLES)


@pytest.mark.parametrize(("blocks", "size"), [(1, 128), (3, 40), (100, 12), (30, 4), (2, 600)])
def test_the_drawn_null_has_mean_0_and_sd_1(blocks: int, size: int) -> None:
    drawn = shuffles.shuffled_z(random_stack(1, blocks, size))[1:]
    assert abs(float(drawn.mean())) < 0.05
    assert float(drawn.std()) == pytest.approx(1.0, abs=0.04)


@pytest.mark.parametrize("size", [4, 20])
def test_equal_blocks_are_shuffled_each_for_itself(size: int) -> None:
    """One order for all blocks would give the sum of b equal blocks a sd of sqrt(b)."""
    drawn = shuffles.shuffled_z(np.repeat(random_stack(2, 1, size), 9, axis=0))[1:]
    assert float(drawn.std()) == pytest.approx(1.0, abs=0.05)


def test_what_a_shuffle_takes_from_one_block_says_nothing_about_another_shuffle() -> None:
    drawn = shuffles.shuffled_z(np.repeat(random_stack(3, 1, 20), 9, axis=0))[1:].astype(np.float64)
    for lag in (1, 997, 1994):
        assert abs(float(np.mean(drawn[lag:] * drawn[:-lag]))) < 0.05


def test_an_order_that_is_not_random_stands_out() -> None:
    ours, theirs = (
        trained.checkpoint(trained.weights(folder, prefix, "visual."))
        for folder, prefix in (("candidate", "model.vision_model."), ("reference_vision", "visual."))
    )
    group = trained.groups(ours, theirs, "vision_encoder", "mlp.units")[0]
    score = trained.scored(group, ours, theirs)
    assert shuffles.monte_carlo_log10_p(score.shuffled) == pytest.approx(-math.log10(1 + shuffles.SHUFFLES))
    assert float(score.shuffled[1:].max()) < 0.2 * score.z


def test_a_group_that_does_not_vary_has_no_z() -> None:
    assert not shuffles.shuffled_z(np.zeros((1, 8, 8))).any()
