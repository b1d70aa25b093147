"""The projection: one matrix a seed on every machine and for ever, unbiased, and no bucket heavier than another."""

from __future__ import annotations

import hashlib
import math

import numpy as np
import pytest
import torch

from inspector.references.projection import (
    PRECISIONS,
    Precision,
    Projection,
    key_places,
    projection,
    seed_id,
    whole_rows,
)

SEED = bytes(range(16))


def project(sketch: Projection, rows: torch.Tensor) -> torch.Tensor:
    room = torch.empty(len(rows), sketch.width + 1)
    return sketch.of_rows(rows, room, torch.empty(len(rows), len(sketch.order)))


def matrix(sketch: Projection) -> torch.Tensor:
    """The projection as a matrix, (width, k), from its definition."""
    found = torch.zeros(sketch.width + 1, sketch.columns)
    for place, dimension in enumerate(sketch.order.tolist()):
        found[dimension, place % sketch.columns] = sketch.signs[dimension]
    return found[:-1]


def test_one_seed_gives_one_matrix_and_another_seed_another() -> None:
    first = projection(SEED, 150, 64)
    projection.cache_clear()
    again, other = projection(SEED, 150, 64), projection(bytes(16), 150, 64)
    assert first is not again
    assert torch.equal(first.order, again.order)
    assert torch.equal(first.signs, again.signs)
    assert not torch.equal(first.order, other.order)
    assert not torch.equal(first.signs, other.signs)


def test_what_libraries_were_made_with_stays_as_it_is() -> None:
    """A changed digest makes every fingerprint that somebody has made worthless."""
    digest = hashlib.sha256()
    for width, columns in ((100, 64), (1280, 64), (1281, 96), (5000, 128)):
        sketch = projection(SEED, width, columns)
        whole = torch.arange(3 * width, dtype=torch.float32).view(3, width) % 17  # sums of whole numbers are exact
        for values in (sketch.order, sketch.signs, project(sketch, whole)):
            digest.update(values.numpy().astype("<f8").tobytes())
    digest.update(whole_rows(SEED, 855, 0.02).astype("<i8").tobytes())
    for values in key_places(SEED, 1280, 128):
        digest.update(values.astype("<i8").tobytes())
    digest.update(seed_id(SEED).encode())
    assert digest.hexdigest() == "024bbf36cfc31e826b0eb9861ef7266934e08dad44d1c0ebc0f0af5af8e884a7"


@pytest.mark.parametrize("width", [65, 128, 200, 1280])
def test_every_dimension_is_in_one_bucket_and_buckets_hold_equally_many(width: int) -> None:
    sketch = projection(SEED, width, 64)
    counts = torch.bincount(sketch.buckets, minlength=64)
    assert sorted(sketch.order[sketch.order < width].tolist()) == list(range(width))
    assert counts.sum() == width
    assert counts.max() - counts.min() <= 1
    assert set(sketch.signs[:-1].tolist()) == {1.0, -1.0}


def test_which_buckets_hold_one_dimension_less_is_random() -> None:
    light = {tuple(torch.bincount(projection(bytes([n]) * 16, 100, 64).buckets).tolist()) for n in range(4)}
    assert len(light) == 4


@pytest.mark.parametrize("width", [65, 128, 200])
def test_rows_and_columns_are_projected_by_the_same_matrix(width: int) -> None:
    sketch = projection(SEED, width, 64)
    rows = torch.randn(7, width, generator=torch.Generator().manual_seed(1))
    expected = rows @ matrix(sketch)
    total = torch.zeros(64, 7)
    for start in range(0, width, 30):
        sketch.add_columns(rows.t()[start : start + 30].clone(), start, total)
    assert torch.allclose(project(sketch, rows), expected, atol=1e-5)
    assert torch.allclose(total.t(), expected, atol=1e-5)


def test_inner_products_are_unbiased_with_the_deviation_that_is_said() -> None:
    generator = torch.Generator().manual_seed(2)
    a = torch.nn.functional.normalize(torch.randn(200, generator=generator), dim=0)
    b = torch.nn.functional.normalize(0.5 * a + 0.06 * torch.randn(200, generator=generator), dim=0)
    pair = torch.stack([a, b])
    seeds = 600
    products = np.empty(seeds)
    for number in range(seeds):
        ours = project(projection(number.to_bytes(16, "little"), 200, 64), pair)
        products[number] = float(ours[0] @ ours[1])
    bound = math.sqrt(2 / 64)
    assert abs(products.mean() - float(a @ b)) < 4 * bound / math.sqrt(seeds)
    assert products.std() < bound * 1.1


def test_few_dominating_dimensions_spoil_few_buckets() -> None:
    rows = torch.randn(40, 1280, generator=torch.Generator().manual_seed(3))
    loud = rows.clone()
    loud[:, :3] *= 1000
    sketch = projection(SEED, 1280, 64)
    same = (project(sketch, rows) - project(sketch, loud)).abs().amax(0) < 1e-3
    assert same.sum() >= 61


def test_units_kept_whole_are_a_share_in_order_and_narrow_widths_stay() -> None:
    kept = whole_rows(SEED, 855, 0.02)
    assert len(kept) == math.ceil(0.02 * 855)
    assert (np.diff(kept) > 0).all()
    assert kept.max() < 855
    standard, first = PRECISIONS["standard"], Precision(64, "int8", layout=1)
    assert [standard.kept("mlp.up", 50, width) for width in (48, 480)] == [48, 64]
    assert [standard.kept("other", units, 480) for units in (50, 63, 64, 500)] == [328, 261, 64, 64]
    assert [first.kept("other", units, 480) for units in (50, 500)] == [64, 64]
    assert all(precision.columns >= 64 for precision in PRECISIONS.values())


def test_a_seed_cannot_be_told_from_its_name() -> None:
    assert len(seed_id(SEED)) == 16
    assert seed_id(SEED) not in hashlib.sha256(SEED).hexdigest()
    assert seed_id(SEED) != seed_id(bytes(16))
