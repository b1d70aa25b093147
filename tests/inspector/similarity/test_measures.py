"""Every measure against a naive computation, and its null against shuffling for real."""

from __future__ import annotations

from pathlib import Path

import ml_dtypes
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inspector.anatomy import Part
from inspector.checkpoint import matrix_shape, open_checkpoint
from inspector.job import QUIET
from inspector.results import Measured
from inspector.similarity import measures, stream  # noqa: F401  (measures registers itself)
from inspector.similarity.blocks import Scratch
from inspector.similarity.reading import PartReader
from inspector.similarity.sums import MEASURES, PairSums
from tests.data.arrays import save

Array = npt.NDArray[np.generic]


def pair(folder: Path, a: Array, b: Array) -> PairSums:
    readers = []
    for name, array in (("a", a), ("b", b)):
        checkpoint = open_checkpoint(save(folder / f"{name}.safetensors", {"w": array}))
        readers.append(PartReader(checkpoint, Part("mlp.up", "weight", 0, "w", matrix_shape(array.shape))))
    sums = stream.pair_sums(readers[0], readers[1], Scratch(), QUIET)
    for reader in readers:
        reader.checkpoint.close()
    return sums


def measured(folder: Path, a: Array, b: Array) -> dict[str, Measured]:
    sums = pair(folder, a, b)
    return {name: function(sums) for name, function in MEASURES.items()}


def values(folder: Path, a: Array, b: Array) -> dict[str, float | None]:
    return {name: item.value for name, item in measured(folder, a, b).items()}


def correlated(seed: int, rows: int, columns: int, mean: float) -> tuple[Array, Array]:
    rng = np.random.default_rng(seed)
    a = rng.standard_normal((rows, columns)) + mean * rng.standard_normal(columns)
    b = 0.5 * a + rng.standard_normal((rows, columns))
    return a.astype(np.float32), b.astype(np.float32)


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 999), rows=st.integers(2, 60), columns=st.integers(1, 70), mean=st.sampled_from([0.0, 2.0]))
def test_values_equal_the_naive_computation(tmp_path: Path, seed: int, rows: int, columns: int, mean: float) -> None:
    a, b = correlated(seed, rows, columns, mean)
    got = values(tmp_path, a, b)
    wide_a, wide_b = a.astype(float), b.astype(float)
    centred_a, centred_b = wide_a - wide_a.mean(0), wide_b - wide_b.mean(0)
    norm = np.linalg.norm
    assert got["cosine"] == pytest.approx((wide_a * wide_b).sum() / norm(wide_a) / norm(wide_b), abs=1e-6)
    expected = (centred_a * centred_b).sum() / norm(centred_a) / norm(centred_b)
    assert got["centred_correlation"] == pytest.approx(expected, abs=1e-5)
    assert got["relative_l2"] == pytest.approx(norm(wide_a - wide_b) / norm(wide_b), rel=1e-5)
    assert got["norm_ratio"] == pytest.approx(norm(wide_a) / norm(wide_b), rel=1e-5)


@pytest.mark.parametrize(("rows", "columns"), [(400, 1), (400, 8), (400, 300), (3000, 300)])
def test_nulls_equal_real_shuffling(tmp_path: Path, rows: int, columns: int) -> None:
    a, b = correlated(3, rows, columns, 0.7)
    got = measured(tmp_path, a, b)
    rng = np.random.default_rng(0)
    for name, centred in (("cosine", False), ("centred_correlation", True)):
        null = got[name].null
        left, right = (side - side.mean(0) if centred else side for side in (a, b))
        scale = np.linalg.norm(left) * np.linalg.norm(right)
        draws = np.array([(left * right[rng.permutation(rows)]).sum() / scale for _ in range(200)], float)
        assert null is not None
        assert null.sd is not None
        assert abs(null.mean - draws.mean()) < 4 * null.sd / np.sqrt(len(draws))
        assert null.sd == pytest.approx(draws.std(), rel=0.3)


def test_the_spread_of_a_large_matrix_is_estimated_closely(tmp_path: Path) -> None:
    """Wide rows, few of them in a block: random probes of them were off by half, and gave 0 at times."""
    a, b = (correlated(seed, 600, 3420, 0.0)[0].astype(ml_dtypes.bfloat16) for seed in (1, 2))
    null = measured(tmp_path, a, b)["centred_correlation"].null
    assert null is not None
    assert null.sd == pytest.approx(1 / np.sqrt(599 * 3420), rel=0.05)


def test_an_identical_pair_is_exactly_one(tmp_path: Path) -> None:
    a = correlated(1, 3000, 700, 0.0)[0].astype(ml_dtypes.bfloat16)
    got = values(tmp_path, a, a)
    assert got == {
        "cosine": 1.0,
        "centred_correlation": 1.0,
        "relative_l2": 0.0,
        "bit_identity": 1.0,
        "norm_ratio": 1.0,
    }


def test_bit_identity_stands_beside_its_chance_level(tmp_path: Path) -> None:
    a, b = (correlated(seed, 2000, 600, 0.0)[0].astype(ml_dtypes.bfloat16) for seed in (1, 2))
    got = measured(tmp_path, a, b)["bit_identity"]
    assert got.null is not None
    assert got.value == pytest.approx(got.null.mean, rel=0.2)
    assert 0.0003 < got.null.mean < 0.003  # in bf16 chance is about 0.001, not 0


def test_a_cast_of_the_reference_has_equal_bits(tmp_path: Path) -> None:
    reference = correlated(4, 100, 50, 0.0)[0]
    assert values(tmp_path, reference.astype(ml_dtypes.bfloat16), reference)["bit_identity"] == 1.0
    assert values(tmp_path, reference.astype(np.float16), reference)["bit_identity"] == 1.0


def test_norm_gains_have_a_high_cosine_and_no_correlation(tmp_path: Path) -> None:
    """The public accusation on LayerNorm cosines: its baseline is as high as the cosine."""
    rng = np.random.default_rng(5)
    a, b = ((1 + 0.05 * rng.standard_normal(4096)).astype(np.float32) for _ in range(2))
    got = measured(tmp_path, a, b)
    cosine, centred = got["cosine"], got["centred_correlation"]
    assert cosine.value is not None
    assert cosine.null is not None
    assert cosine.value > 0.99
    assert cosine.value == pytest.approx(cosine.null.mean, abs=1e-4)
    assert centred.value is not None
    assert centred.null is not None
    assert centred.null.sd == pytest.approx(1 / 64, rel=0.01)
    assert abs(centred.value) < 4 / 64


@pytest.mark.parametrize(
    "array",
    [
        np.array([[3e38, -3e38], [1e38, 2e38]], np.float32),
        np.array([[1e308, -1e308], [1e307, 5e307]], np.float64),
        np.array([[1, 2], [3, 70000]], "<u4").view(np.float32),
        np.full((2, 2), 65504, np.float16) * np.array([[1, -1], [1, 1]], np.float16),
    ],
    ids=["float32 overflows when squared", "float64 overflows when squared", "denormal", "float16 maximum"],
)
def test_extreme_values_keep_a_finite_cosine(tmp_path: Path, array: Array) -> None:
    got = values(tmp_path, array, array)
    assert got["cosine"] == pytest.approx(1.0)
    assert got["relative_l2"] == 0.0


def test_values_that_are_not_finite_are_left_out_and_counted(tmp_path: Path) -> None:
    clean = correlated(6, 50, 20, 0.0)[0]
    dirty = clean.copy()
    dirty[0, 0], dirty[3, 4], dirty[7, 7] = np.nan, np.inf, -np.inf
    sums = pair(tmp_path, dirty, clean)
    assert sums.left_out == 3
    assert MEASURES["cosine"](sums).value == pytest.approx(1.0)
    assert MEASURES["bit_identity"](sums).value == 997 / 1000


@pytest.mark.parametrize(
    "array", [np.full((2, 2), np.nan, np.float32), np.zeros((4, 3), np.float32)], ids=["nan", "zero"]
)
def test_nothing_to_measure_is_undefined_not_a_match(tmp_path: Path, array: Array) -> None:
    got = values(tmp_path, array, array)
    assert got["cosine"] is None
    assert got["centred_correlation"] is None


def test_a_constant_matrix_has_no_correlation(tmp_path: Path) -> None:
    sums = pair(tmp_path, np.full((4, 4), 5, np.float32), correlated(1, 4, 4, 0.0)[0])
    assert sums.constant_a
    assert not sums.constant_b
    assert MEASURES["centred_correlation"](sums).value is None


@pytest.mark.parametrize("shape", [(0, 5), (), (1,), (1, 7)])
def test_odd_shapes_do_not_fail(tmp_path: Path, shape: tuple[int, ...]) -> None:
    array = np.ones(shape, np.float32)
    assert values(tmp_path, array, array)["centred_correlation"] is None


def test_integers_are_compared_as_integers(tmp_path: Path) -> None:
    a, b = np.array([[2**53, 1]], np.int64), np.array([[2**53 + 1, 1]], np.int64)
    assert values(tmp_path, a, b)["bit_identity"] == 0.5


def test_the_longer_table_is_compared_on_common_rows(tmp_path: Path) -> None:
    a = correlated(8, 64, 16, 0.0)[0]
    assert pair(tmp_path, a, np.vstack([a, a])).rows == 64
