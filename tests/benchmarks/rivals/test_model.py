"""The roles of all families are read, fused and grouped ones too."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks.rivals.methods import METHODS
from benchmarks.rivals.model import read_model
from benchmarks.zoo import shelf
from benchmarks.zoo.families import FAMILIES
from benchmarks.zoo.recipes import Entry
from tests.benchmarks.rivals.untrained import body


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_is_read_by_role(family: str, tmp_path: Path) -> None:
    entry = Entry(family, 0, "scratch", steps=1)
    weights = body(family, 0)
    shelf.put(tmp_path, entry, weights, {})
    model = read_model(tmp_path / entry.name)
    assert model.layers == [0, 1, 2, 3]
    assert all(
        model.matrix(layer, f"attn.{role}") is not None for layer in model.layers for role in ("q", "k", "v", "out")
    )
    assert len(model.gains) >= 8
    stored = {value.ravel().tobytes() for value in (v.numpy() for v in weights.values()) if value.ndim == 2}
    assert model.matrices
    for place, matrix in model.matrices.items():
        assert matrix.dtype == np.float32
        if place.role not in ("attn.q", "attn.k", "attn.v"):  # those may be rows of one fused matrix
            assert matrix.ravel().tobytes() in stored
    for method in METHODS:
        assert method.score(model, model) is not None


def test_experts_are_read_apart(tmp_path: Path) -> None:
    entry = Entry("moe_decoder", 0, "scratch", steps=1)
    shelf.put(tmp_path, entry, body("moe_decoder", 0), {})
    model = read_model(tmp_path / entry.name)
    assert model.experts(0) == list(range(8))
    assert model.heads == 4
