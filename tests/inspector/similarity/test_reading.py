"""Rows of parts that do not lie as rows in the file: fused, interleaved, transposed, stacked."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from inspector.anatomy import Part
from inspector.checkpoint import open_checkpoint
from inspector.similarity.reading import Buffers, HeldReader, PartReader, row_blocks
from tests.data.arrays import Array, save


def rows(folder: Path, stored: Array, part: Part, start: int, stop: int) -> Array:
    with open_checkpoint(save(folder / "m.safetensors", {"w": stored})) as checkpoint:
        return (
            PartReader(checkpoint, part).values(start, stop, Buffers())[1].reshape(stop - start, part.shape[1]).copy()
        )


def numbers(*shape: int) -> Array:
    return np.arange(np.prod(shape), dtype=np.float32).reshape(shape)


def test_interleaved_heads_come_in_canonical_order(tmp_path: Path) -> None:
    stored = numbers(12, 3)  # 2 heads × (q, k, v) × 2 rows
    key = Part("attn.k", "weight", 0, "w", (4, 3), ((2, 4), (8, 10)))
    np.testing.assert_array_equal(rows(tmp_path, stored, key, 1, 4), stored[[3, 8, 9]])


@pytest.mark.parametrize(("start", "stop"), [(0, 7), (2, 5), (6, 7)])
def test_a_transposed_matrix_is_turned(tmp_path: Path, start: int, stop: int) -> None:
    stored = numbers(4, 7)  # (in, out)
    part = Part("mlp.fc1", "weight", 0, "w", (7, 4), transposed=True)
    np.testing.assert_array_equal(rows(tmp_path, stored, part, start, stop), stored.T[start:stop])


def test_a_fused_transposed_matrix_is_split_by_units(tmp_path: Path) -> None:
    stored = numbers(4, 9)
    value = Part("attn.v", "weight", 0, "w", (3, 4), ((6, 9),), transposed=True)
    np.testing.assert_array_equal(rows(tmp_path, stored, value, 0, 3), stored.T[6:9])


@pytest.mark.parametrize("transposed", [False, True])
def test_an_expert_of_a_stack_is_read_by_itself(tmp_path: Path, transposed: bool) -> None:
    stored = numbers(3, 5, 4)
    matrices = stored.transpose(0, 2, 1) if transposed else stored
    size = matrices.shape[1]
    part = Part("mlp.up", "weight", 0, "w", matrices.shape[1:], ((size, 2 * size),), 1, transposed)
    np.testing.assert_array_equal(rows(tmp_path, stored, part, 1, size), matrices[1][1:])


def test_blocks_of_turned_parts_are_not_thin() -> None:
    assert row_blocks(2000, 10**6)[0] == (0, 1)
    assert row_blocks(2000, 10**6, turned=True)[0] == (0, 512)


def test_a_matrix_in_memory_is_read_in_the_place_of_a_part(tmp_path: Path) -> None:
    fused = Part("attn.k", "weight", 0, "w", (4, 3), ((2, 4), (8, 10)), transposed=True)
    with open_checkpoint(save(tmp_path / "m.safetensors", {"w": numbers(12, 3)})) as checkpoint:
        held = HeldReader.of(PartReader(checkpoint, fused), numbers(5, 2))
        assert (held.part.shape, held.columns, held.part.key) == ((5, 2), 2, "attn.k.weight")
        stored, values = held.values(1, 4, Buffers())
        np.testing.assert_array_equal(values.reshape(3, 2), numbers(5, 2)[1:4])
        assert stored.dtype == np.float32
        held.wide(0, 5, Buffers())[1][:] = 0.0
        np.testing.assert_array_equal(held.matrix, numbers(5, 2), "what a reader is asked for is a copy")
