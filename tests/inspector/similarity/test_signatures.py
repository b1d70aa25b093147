"""Sorted lengths of rows and columns tell tensors apart whatever the order of their rows and columns."""

from __future__ import annotations

import numpy as np
import pytest

from inspector.job import QUIET
from inspector.similarity.signatures import alike, is_gain, signature
from tests.data.memory_checkpoint import MemoryCheckpoint


def tensors(seed: int, count: int = 5) -> dict[str, np.ndarray]:
    """Matrices whose rows and columns have lengths of their own, as trained ones have."""
    rng = np.random.default_rng(seed)
    return {
        f"m{number}": (
            rng.standard_normal((40, 24)) * np.exp(0.3 * rng.standard_normal((40, 1)) + 0.3 * rng.standard_normal(24))
        ).astype(np.float32)
        for number in range(count)
    }


def signs(arrays: dict[str, np.ndarray]) -> list[tuple[np.ndarray, np.ndarray]]:
    return [signature(name, MemoryCheckpoint(arrays), QUIET) for name in arrays]


def moved(matrix: np.ndarray, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return np.ascontiguousarray(matrix[rng.permutation(len(matrix))][:, rng.permutation(matrix.shape[1])])


def test_lengths_do_not_change_when_rows_and_columns_are_permuted() -> None:
    before = tensors(1)
    after = {name: moved(matrix, 7) for name, matrix in before.items()}
    for a, b in zip(signs(before), signs(after), strict=True):
        assert np.allclose(a[0], b[0])
        assert np.allclose(a[1], b[1])


def test_permuted_matrices_are_found_again_among_others() -> None:
    before = tensors(2)
    names = ["m3", "m0", "m4", "m2", "m1"]
    after = {f"t{place}": moved(before[name], place) for place, name in enumerate(names)}
    assert sorted(alike(signs(after), signs(before))) == [(place, int(name[1])) for place, name in enumerate(names)]


def test_a_rotation_of_the_columns_leaves_the_rows() -> None:
    before = tensors(3)
    turn = np.linalg.qr(np.random.default_rng(0).standard_normal((24, 24)))[0]
    after = {name: (matrix @ turn).astype(np.float32) for name, matrix in before.items()}
    assert alike(signs(after), signs(before)) == [(place, place) for place in range(5)]


def test_strangers_are_not_paired() -> None:
    assert alike(signs(tensors(4)), signs(tensors(5))) == []


def test_values_that_are_not_numbers_do_no_harm() -> None:
    arrays = tensors(6, 2)
    arrays["m0"][3, 3] = np.nan
    arrays["m1"][2, 2] = np.inf
    assert all(np.isfinite(side).all() for pair in signs(arrays) for side in pair)


@pytest.mark.parametrize(("values", "gain"), [(1 + 0.1 * np.arange(-5, 5), True), (0.1 * np.arange(-5, 5), False)])
def test_gains_lie_above_zero(values: np.ndarray, gain: bool) -> None:
    checkpoint = MemoryCheckpoint({"v": values.astype(np.float32)})
    assert is_gain("v", checkpoint, QUIET) is gain
