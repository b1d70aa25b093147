"""What the tensor tab shows: pictures keep single hot weights, figures equal numpy's."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import inspector
import resources
from inspector.errors import InputError
from inspector.results import TensorView
from inspector.similarity.tensor_view import BINS, max_abs_pool
from tests.data.arrays import Array, save


def view(folder: Path, a: Array, b: Array) -> TensorView:
    paths = [save(folder / f"{name}.safetensors", {"w": array}) for name, array in (("a", a), ("b", b))]
    return inspector.view_tensor(paths[0], paths[1], ("w", "w"), "other.weight")


def normal(seed: int, *shape: int) -> Array:
    return np.random.default_rng(seed).standard_normal(shape).astype(np.float32)


def test_one_hot_weight_survives_pooling(tmp_path: Path) -> None:
    a = 0.01 * normal(1, 3000, 1100)
    a[1234, 567] = -9.0
    region = view(tmp_path, a, a).region
    assert max(region.candidate.shape) <= 512
    assert region.candidate[1234 // region.step[0], 567 // region.step[1]] == -9.0
    assert np.nanmin(region.candidate) == -9.0
    assert not region.difference.any()


@pytest.mark.parametrize("shape", [(7, 5), (512, 512), (513, 3), (2000, 700)])
def test_pooling_equals_the_naive_one(tmp_path: Path, shape: tuple[int, int]) -> None:
    a, b = normal(1, *shape), normal(2, *shape)
    region = view(tmp_path, a, b).region
    rows, columns = region.step
    difference, naive = a - b, np.empty_like(region.difference)
    for i in range(naive.shape[0]):
        for j in range(naive.shape[1]):
            cell = difference[i * rows : (i + 1) * rows, j * columns : (j + 1) * columns].reshape(-1)
            naive[i, j] = cell[np.abs(cell).argmax()]
    np.testing.assert_array_equal(region.difference, naive)


def test_a_region_is_shown_element_by_element(tmp_path: Path) -> None:
    a, b = normal(1, 900, 800), normal(2, 900, 800)
    paths = [save(tmp_path / f"{name}.safetensors", {"w": array}) for name, array in (("a", a), ("b", b))]
    region = inspector.view_region(paths[0], paths[1], ("w", "w"), "other.weight", (100, 150), (700, 9999))
    assert region.step == (1, 1)
    assert region.columns == (700, 800)
    np.testing.assert_array_equal(region.candidate, a[100:150, 700:])


def test_figures_equal_numpy(tmp_path: Path) -> None:
    a, b = normal(1, 300, 40), normal(2, 300, 40)
    found = view(tmp_path, a, b)
    np.testing.assert_allclose(found.candidate.singular_values, np.linalg.svd(a, compute_uv=False), rtol=1e-4)
    assert found.candidate.sd == pytest.approx(a.std(), rel=1e-5)
    assert found.reference.histogram.sum() == b.size
    assert len(found.edges) == BINS + 1
    expected = (a * b).sum(1) / np.linalg.norm(a, axis=1) / np.linalg.norm(b, axis=1)
    np.testing.assert_allclose(found.row_similarity, expected, atol=1e-6)


def test_values_that_are_not_finite_are_counted(tmp_path: Path) -> None:
    a = normal(1, 30, 20)
    a[0, 0], a[1, 1] = np.nan, np.inf
    found = view(tmp_path, a, normal(2, 30, 20))
    assert found.candidate.left_out == 2
    assert found.candidate.singular_values.size == 0
    assert np.isfinite(found.edges).all()


def test_constant_and_single_values_do_not_fail(tmp_path: Path) -> None:
    found = view(tmp_path, np.zeros((4, 4), np.float32), np.zeros((4, 4), np.float32))
    assert np.isnan(found.row_similarity).all()
    assert view(tmp_path, np.ones((), np.float32), np.ones((), np.float32)).shape == (1, 1)


def test_the_role_chooses_the_rows_of_a_fused_tensor() -> None:
    folder = resources.path("demo/reference_vision")
    name = "visual.blocks.2.attn.qkv.weight"
    with inspector.open_checkpoint(folder) as checkpoint:
        stored = checkpoint.read_rows(name, 0, 144)
    found = inspector.view_tensor(folder, folder, (name, name), "attn.k.weight")
    assert found.shape == (48, 48)
    np.testing.assert_array_equal(found.region.candidate, stored[48:96])


def test_a_renamed_tensor_shows_the_rows_of_the_references_part(tmp_path: Path) -> None:
    folder = resources.path("demo/reference_vision")
    name = "visual.blocks.2.attn.qkv.weight"
    with inspector.open_checkpoint(folder) as checkpoint:
        stored = checkpoint.read_rows(name, 0, 144)
    nameless = save(tmp_path / "nameless.safetensors", {"t1": stored})
    found = inspector.view_tensor(nameless, folder, ("t1", name), "attn.k.weight")
    assert found.shape == (48, 48)
    np.testing.assert_array_equal(found.region.candidate, stored[48:96])
    assert not found.region.difference.any()


def test_other_columns_and_missing_tensors_are_one_sentence(tmp_path: Path) -> None:
    paths = [save(tmp_path / f"{size}.safetensors", {"w": normal(1, 4, size)}) for size in (5, 6)]
    with pytest.raises(InputError, match="shapes differ"):
        inspector.view_tensor(paths[0], paths[1], ("w", "w"), "other.weight")
    with pytest.raises(InputError, match="no such tensor"):
        inspector.view_tensor(paths[0], paths[0], ("w", "x"), "other.weight")


def test_pooling_prefers_magnitude_over_sign() -> None:
    values = np.array([[1, -3, 2, np.nan], [2, 0, 1, np.nan]], np.float32)
    np.testing.assert_array_equal(max_abs_pool(values, (2, 2)), np.array([[-3, 2]], np.float32))
