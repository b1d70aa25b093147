"""Lengths of units: what one side gained and the other lost."""

from __future__ import annotations

import numpy as np
import torch

from inspector.evidence.lengths import gained, opposed


def test_what_was_gained_is_a_logarithm_of_lengths() -> None:
    a = torch.tensor([[3.0, 4.0], [0.0, 2.0], [0.0, 0.0], [1.0, 0.0]])
    b = torch.tensor([[5.0, 0.0], [1.0, 0.0], [1.0, 0.0], [0.0, 0.0]])
    assert np.allclose(gained(a, b), [0.0, np.log(2), 0.0, 0.0]), "of nothing, nothing is said"
    assert np.isfinite(gained(a, b)).all()


def test_opposed_is_a_loss_for_every_gain() -> None:
    rng = np.random.default_rng(0)
    gains = rng.standard_normal(200)
    assert opposed(gains, -gains)
    assert opposed(gains, 3.0 - 0.5 * gains), "as a whole it may be longer, and by less"
    assert not opposed(gains, gains)
    assert not opposed(gains, rng.standard_normal(200))
    assert not opposed(gains, -gains + 2 * rng.standard_normal(200))


def test_small_changes_are_training() -> None:
    rng = np.random.default_rng(1)
    gains = 0.01 * rng.standard_normal(200)
    assert not opposed(gains, -gains)
    assert not opposed(np.zeros(200), np.zeros(200))
    assert not opposed(rng.standard_normal(200), np.zeros(200))
