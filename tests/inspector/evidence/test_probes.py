"""Probes estimate the squares of products without forming them."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from inspector.evidence.probes import Probes


def test_squares_are_near_those_of_the_products() -> None:
    random = torch.Generator().manual_seed(0)
    a, b = (torch.randn(1, 400, 60, generator=random) for _ in range(2))
    probes = Probes()
    probes.add(a, b, 0.5)
    probes.add(b, a, 0.5)
    whole = 0.5 * (a @ b.transpose(1, 2) + b @ a.transpose(1, 2))
    assert probes.cross_square() == pytest.approx(float(whole.square().sum()), rel=0.25)
    own = 0.5 * (b @ b.transpose(1, 2) + a @ a.transpose(1, 2))
    assert probes.reference_square() == pytest.approx(float(own.square().sum()), rel=0.25)
    assert np.isfinite(probes.cross_square())
