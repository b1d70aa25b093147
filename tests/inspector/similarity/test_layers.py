"""Layer × layer matrices against the loop over pairs that they replace."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from inspector.anatomy import Component, find_components
from inspector.checkpoint import Checkpoint, open_checkpoint
from inspector.job import QUIET
from inspector.results import ALL_ROLES
from inspector.similarity.layers import StackProducts, combined, layer_matrices, role_stacks, stack_products
from tests.data.arrays import Array, save, vision_tower


def opened(path: Path, tensors: dict[str, Array]) -> tuple[Checkpoint, Component]:
    checkpoint = open_checkpoint(save(path, tensors))
    return checkpoint, next(c for c in find_components(checkpoint) if c.kind == "vision_encoder")


def products(tmp_path: Path, a: dict[str, Array], b: dict[str, Array]) -> tuple[StackProducts, ...]:
    (file_a, ours), (file_b, theirs) = opened(tmp_path / "a.safetensors", a), opened(tmp_path / "b.safetensors", b)
    stacks = role_stacks(ours, theirs)
    return tuple(
        stack_products(stack, (file_a, ours.blocks), (file_b, theirs.blocks), QUIET, cka=True) for stack in stacks
    )


def naive(a: Array, b: Array, centred: bool) -> float:
    wide_a, wide_b = a.astype(float), b.astype(float)
    if centred:
        wide_a, wide_b = wide_a - wide_a.mean(0), wide_b - wide_b.mean(0)
    return float((wide_a * wide_b).sum() / np.linalg.norm(wide_a) / np.linalg.norm(wide_b))


@pytest.mark.parametrize("centred", [False, True])
def test_every_cell_equals_the_naive_pair(tmp_path: Path, centred: bool) -> None:
    a, b = vision_tower(1, blocks=3), vision_tower(2, blocks=5)
    found = {product.stack.role: product for product in products(tmp_path, a, b)}
    product = found["mlp.up.weight"]
    values = product.values["centred_correlation" if centred else "cosine"]
    assert values.shape == (3, 5)
    for i in range(3):
        for j in range(5):
            name = "visual.blocks.{}.mlp.up_proj.weight".format
            assert values[i, j] == pytest.approx(naive(a[name(i)], b[name(j)], centred), abs=1e-6)


def test_fused_tensors_are_split_before_they_are_compared(tmp_path: Path) -> None:
    a, b = vision_tower(1), vision_tower(2)
    found = {product.stack.role: product for product in products(tmp_path, a, b)}
    assert {"attn.q.weight", "attn.k.weight", "attn.v.weight"} <= set(found)
    k_a, k_b = (tower["visual.blocks.1.attn.qkv.weight"][16:32] for tower in (a, b))
    assert found["attn.k.weight"].values["cosine"][1, 1] == pytest.approx(naive(k_a, k_b, centred=False), abs=1e-6)


def test_a_layer_without_the_role_is_not_computed(tmp_path: Path) -> None:
    b = vision_tower(2)
    b["visual.blocks.1.attn.proj.weight"] = np.zeros((16, 99), np.float32)
    found = {product.stack.role: product for product in products(tmp_path, vision_tower(1), b)}
    assert np.isnan(found["attn.out.weight"].values["cosine"][:, 1]).all()
    assert np.isfinite(found["attn.out.weight"].values["cosine"][:, [0, 2]]).all()


def test_a_copy_has_a_bright_diagonal_beside_its_mismatched_layers(tmp_path: Path) -> None:
    tower = vision_tower(1)
    matrices = layer_matrices(products(tmp_path, tower, tower), ((0, 0), (1, 1), (2, 2)))
    matrix = next(m for m in matrices if (m.role, m.measure) == (ALL_ROLES, "centred_correlation"))
    assert np.diag(matrix.values) == pytest.approx(np.ones(3), abs=1e-6)
    assert matrix.null is not None
    assert abs(matrix.null.mean) < 0.1


def test_the_mean_over_roles_is_weighted_by_parameters(tmp_path: Path) -> None:
    found = products(tmp_path, vision_tower(1), vision_tower(2))
    weights = np.array([product.stack.shape[0] * product.stack.shape[1] for product in found], float)
    expected = np.average([product.values["cosine"] for product in found], axis=0, weights=weights)
    assert combined(found, "cosine") == pytest.approx(expected)


def test_values_that_overflow_do_not_spoil_the_matrix(tmp_path: Path) -> None:
    a = vision_tower(1)
    a["visual.blocks.0.mlp.up_proj.weight"] = np.float32(1e30) * a["visual.blocks.0.mlp.up_proj.weight"]
    a["visual.blocks.1.mlp.up_proj.weight"][0, 0] = np.nan
    found = {product.stack.role: product for product in products(tmp_path, a, vision_tower(1))}
    diagonal = np.diag(found["mlp.up.weight"].values["cosine"])
    assert diagonal == pytest.approx(np.ones(3), abs=0.01)


def test_cka_is_near_one_for_a_rotated_copy_and_near_zero_for_another_model(tmp_path: Path) -> None:
    tower = vision_tower(1, width=64, hidden=120)
    rotation = np.linalg.qr(np.random.default_rng(3).standard_normal((64, 64)))[0]
    rotated = {
        name: (array @ rotation).astype(np.float32) if "up_proj.weight" in name else array
        for name, array in tower.items()
    }
    found = {p.stack.role: p for p in products(tmp_path, tower, rotated)}["mlp.up.weight"]
    assert np.diag(found.values["debiased_cka"]).min() > 0.999
    assert abs(np.diag(found.values["cosine"])).max() < 0.2
    other = {p.stack.role: p for p in products(tmp_path, tower, vision_tower(2, width=64, hidden=120))}["mlp.up.weight"]
    assert abs(other.values["debiased_cka"]).max() < 0.1


def test_experts_share_one_matrix_a_role(tmp_path: Path) -> None:
    found = products(tmp_path, vision_tower(1), vision_tower(2))
    up = next(product for product in found if product.stack.role == "mlp.up.weight")
    experts = tuple(replace(up, stack=replace(up.stack, role=f"mlp.up.weight[{number}]")) for number in range(3))
    matrices = layer_matrices(experts, ())
    assert {matrix.role for matrix in matrices} == {ALL_ROLES, "mlp.up.weight"}
    shared = next(m for m in matrices if (m.role, m.measure) == ("mlp.up.weight", "cosine"))
    np.testing.assert_allclose(shared.values, up.values["cosine"])
