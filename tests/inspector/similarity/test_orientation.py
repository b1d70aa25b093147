"""Transposed matrices and flipped kernels are found and said; honest models are never turned."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import inspector
import resources
from inspector.results import Against
from tests.data.arrays import Array, save, vision_tower


def against(folder: Path, candidate: dict[str, Array], reference: dict[str, Array]) -> Against:
    paths = [save(folder / f"{name}.safetensors", tower) for name, tower in (("a", candidate), ("b", reference))]
    return inspector.compare(paths[0], [paths[1]]).components[0].against[0]


def transposed(tower: dict[str, Array]) -> dict[str, Array]:
    return {name: np.ascontiguousarray(array.T) if array.ndim == 2 else array for name, array in tower.items()}


def net(seed: int) -> dict[str, Array]:
    rng = np.random.default_rng(seed)
    shapes = {"conv1": (8, 1, 5, 5), "conv2": (16, 8, 3, 3), "fc": (10, 64)}
    return {f"{name}.weight": rng.standard_normal(shape).astype(np.float32) for name, shape in shapes.items()}


def codes(found: Against) -> set[str]:
    return {note.code for note in found.warnings}


def test_a_transposed_copy_reads_one(tmp_path: Path) -> None:
    tower = {name: array for name, array in vision_tower(1).items() if "qkv" not in name}
    found = against(tmp_path, tower, transposed(tower))
    assert "similarity.transposed" in codes(found)
    assert found.similarity["cosine"].value == pytest.approx(1.0)
    assert found.coverage == 1.0


def test_flipped_kernels_read_one(tmp_path: Path) -> None:
    flipped = {name: np.flip(array, tuple(range(2, array.ndim))).copy() for name, array in net(1).items()}
    found = against(tmp_path, net(1), flipped)
    assert codes(found) == {"similarity.flipped"}
    assert found.similarity["bit_identity"].value == 1.0


def test_a_copy_as_stored_is_left_alone(tmp_path: Path) -> None:
    assert codes(against(tmp_path, net(1), net(1))) == set()


def test_independent_models_are_not_turned(tmp_path: Path) -> None:
    for seed in range(2, 12):
        assert codes(against(tmp_path, net(1), net(seed))) == set()


def test_the_honest_sample_is_not_turned() -> None:
    folders = [resources.path(f"demo/{name}") for name in ("reference_vision", "reference_audio")]
    found = inspector.compare(resources.path("demo/honest"), folders)
    turned = {code for item in found.components for against in item.against for code in codes(against)}
    assert not turned & {"similarity.flipped", "similarity.transposed"}
