"""Gram: sees through any rotation of the residual stream, and sees nothing where nothing is shared."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy.stats import ortho_group

from inspector.evidence.claims import gram_test
from inspector.evidence.decision import CONTROL_FACTOR
from inspector.evidence.gram import SHUFFLES, gram_score
from tests.inspector.evidence import trained

KIND = "vision_encoder"


def rotated(weights: trained.Weights, matrix: np.ndarray) -> trained.Weights:
    """Rotate the residual stream of every MLP: what it reads from and writes to."""
    turned = dict(weights)
    for layer in range(8):
        for part in ("gate_proj", "up_proj"):
            name = f"visual.blocks.{layer}.mlp.{part}.weight"
            turned[name] = (weights[name] @ matrix.T).astype(np.float32)
        name = f"visual.blocks.{layer}.mlp.down_proj.weight"
        turned[name] = (matrix @ weights[name]).astype(np.float32)
    return turned


def scores(folder: str, turn: np.ndarray | None) -> list[trained.GroupScore]:
    weights = trained.weights(folder, "model.vision_model.", "visual.")
    ours = trained.checkpoint(weights if turn is None else rotated(weights, turn))
    theirs = trained.checkpoint(trained.weights("reference_vision"))
    return [trained.scored(group, ours, theirs) for group in trained.groups(ours, theirs, KIND, "mlp.units")]


def test_a_rotation_hides_the_derivative_from_permutation_z_and_not_from_gram() -> None:
    turn = ortho_group.rvs(48, random_state=np.random.default_rng(0))
    for plain, hidden in zip(scores("candidate", None), scores("candidate", turn), strict=True):
        assert plain.z > 50
        assert abs(hidden.z) < 6
        assert plain.gram is not None
        assert hidden.gram is not None
        assert hidden.gram.correlation == pytest.approx(plain.gram.correlation, abs=1e-4)
        assert hidden.gram.correlation > 0.9


def test_gram_proposes_the_derivative_and_not_the_independent_model() -> None:
    turn = ortho_group.rvs(48, random_state=np.random.default_rng(1))
    derived, honest = (gram_test(scores(folder, turn), CONTROL_FACTOR) for folder in ("candidate", "honest"))
    assert derived is not None
    assert derived.rejects
    assert not derived.exact
    assert derived.log10_p is None
    assert honest is not None
    assert not honest.rejects
    assert honest.z is not None
    assert abs(honest.z) < 4


def test_the_shuffles_are_standardised() -> None:
    rng = np.random.default_rng(2)
    a, b = (torch.from_numpy(rng.standard_normal((40, 10))) for _ in range(2))
    found = gram_score(a @ a.T, b @ b.T)
    assert found is not None
    assert found.shuffled.shape == (SHUFFLES,)
    assert float(found.shuffled.mean()) == pytest.approx(0.0, abs=1e-9)
    assert float(found.shuffled.std()) == pytest.approx(1.0)
    assert abs(found.z) < 4


def test_the_diagonal_and_the_mean_do_not_count() -> None:
    rng = np.random.default_rng(3)
    a, b = (torch.from_numpy(rng.standard_normal((40, 10))) for _ in range(2))
    plain = gram_score(a @ a.T, b @ b.T)
    moved = gram_score(
        a @ a.T + 100 + torch.diag(torch.arange(40.0) ** 2), b @ b.T + torch.diag(torch.arange(40.0) ** 2)
    )
    assert plain is not None
    assert moved is not None
    assert moved.correlation == pytest.approx(plain.correlation, abs=1e-9)


@pytest.mark.parametrize("gram", [torch.zeros(20, 20), torch.eye(20), torch.ones(5, 5)])
def test_nothing_is_scored_where_nothing_varies_or_units_are_few(gram: torch.Tensor) -> None:
    assert gram_score(gram, gram) is None
