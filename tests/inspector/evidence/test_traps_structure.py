"""Traps 6 to 9, 14 and 15 of METHODS section 5: structure that independent models have in common is not inheritance."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from inspector.evidence.groups import InvalidPermutation, group_of_role
from inspector.results import ALL_ROLES
from tests.inspector.evidence.small_models import (
    Floats,
    Tensors,
    against,
    changed,
    evidence,
    largest_z,
    left_out,
    llama,
    tuned,
    vision,
)

UNITS_ARE_COLUMNS = ("down_proj.weight", "attn.proj.weight", "o_proj.weight")


def matrices_with_units_as_rows(tensors: Tensors, change: object) -> Tensors:
    """Return the tensors with every matrix of the blocks changed, its hidden units as rows."""
    assert callable(change)

    def turn(name: str, array: Floats) -> Floats:
        if array.ndim != 2 or "embed" in name or "head" in name:
            return array
        turned = name.endswith(UNITS_ARE_COLUMNS)
        made = change(name, array.T if turned else array).astype(np.float32)
        return np.ascontiguousarray(made.T if turned else made)

    return changed(tensors, turn)


def common(name: str, *shape: int) -> Floats:
    """Return random values that are the same for all models: they hang on the tensor's name alone."""
    return np.random.default_rng(list(name.encode())).standard_normal(shape)


def fused(tensors: Tensors) -> Tensors:
    """Return Llama's tensors with q, k, v and gate, up below each other, as Phi-3 stores them."""
    made = dict(tensors)
    for block in range(4):
        at = f"model.layers.{block}."
        for whole, parts in (("self_attn.qkv_proj", ("q", "k", "v")), ("mlp.gate_up_proj", ("gate", "up"))):
            names = [f"{at}{whole.partition('.')[0]}.{part}_proj.weight" for part in parts]
            made[f"{at}{whole}.weight"] = np.concatenate([made.pop(name) for name in names])
    return made


def test_parts_of_a_fused_matrix_with_means_of_their_own_are_no_evidence(tmp_path: Path) -> None:
    """Trap 6: queries lean one way, values another, gates a third: permuted as one, all models would agree."""

    def lean(name: str, array: Floats) -> Floats:
        return array + 0.3 * common(name, array.shape[1])

    ours, theirs = (fused(matrices_with_units_as_rows(llama(seed), lean)) for seed in (1, 2))
    found = evidence(tmp_path, ours, theirs)
    assert found.verdict in ("no_dependence_found", "inconclusive"), "the leanings cost power"
    assert not any(test.rejects for test in found.tests)
    units = dict(zip(found.groups.groups, found.groups.units, strict=True))
    assert units["mlp.units"] == 256, "gate and up are two views of the same units"
    assert units["attn.vo"] == 24
    assert ("model.layers.0.self_attn.qkv_proj.weight", "rope_plane") not in left_out(found)


def test_a_fused_copy_is_found_under_the_names_of_its_parts(tmp_path: Path) -> None:
    """Trap 6: the same weights, fused in the candidate and apart in the reference."""
    found = evidence(tmp_path, fused(llama(2)), llama(2))
    assert found.verdict == "identical"


def mixture(seed: int) -> Tensors:
    """Return Llama's tensors with stacks of 4 experts of 64 units, (experts, rows, columns); experts lean apart."""
    rng = np.random.default_rng(seed)
    tensors = llama(seed)
    for block in range(4):
        at = f"model.layers.{block}.mlp."
        for name in ("gate", "up", "down"):
            del tensors[f"{at}{name}_proj.weight"]
        tensors[f"{at}gate.weight"] = (0.1 * rng.standard_normal((4, 48))).astype(np.float32)
        stack = 0.1 * rng.standard_normal((4, 128, 48)) + 0.3 * common(at, 4, 1, 48)
        down = 0.1 * rng.standard_normal((4, 48, 64)) + 0.3 * common(f"{at}down", 4, 48, 1)
        tensors[f"{at}experts.gate_up_proj"] = stack.astype(np.float32)
        tensors[f"{at}experts.down_proj"] = down.astype(np.float32)
    return tensors


def test_the_order_of_experts_and_of_units_inside_them(tmp_path: Path) -> None:
    """Trap 6: a stack of experts is no matrix of experts × units rows; experts that lean apart are no evidence."""
    found = evidence(tmp_path / "apart", mixture(1), mixture(2))
    assert found.verdict in ("no_dependence_found", "inconclusive"), "the leanings cost power"
    assert not any(test.rejects for test in found.tests)
    assert abs(largest_z(found, "mlp.units")) < 4
    groups = dict(zip(found.groups.groups, found.groups.units, strict=True))
    assert groups["mlp.units"] == 4 * 64, "units move inside their expert, never among all"
    assert groups["experts"] == 4
    assert evidence(tmp_path / "copy", tuned(mixture(2), 5), mixture(2)).verdict == "derived"


def test_a_stack_of_experts_that_lies_the_other_way_is_not_permuted(tmp_path: Path) -> None:
    """Trap 6: its rows are residual dimensions then, which lean apart in every model."""

    def turned(seed: int) -> Tensors:
        return {n: np.ascontiguousarray(a.swapaxes(1, 2)) if a.ndim == 3 else a for n, a in mixture(seed).items()}

    found = evidence(tmp_path, turned(1), turned(2))
    assert "mlp.units" not in found.groups.groups
    assert ("model.layers.0.mlp.experts.down_proj", "unknown_structure") in left_out(found)
    assert not found.groups.rejects.any()


def test_rotary_dimensions_are_never_permuted(tmp_path: Path) -> None:
    """Trap 6: the planes of a rotary embedding carry frequencies, which train alike in every model."""
    with pytest.raises(InvalidPermutation, match=r"attn\.q"):
        group_of_role("attn.q", "qwen2_5_vl")
    with pytest.raises(InvalidPermutation, match=r"attn\.k"):
        group_of_role("attn.k", "llama")
    assert group_of_role("attn.q", "whisper") == "attn.qk"

    def by_frequency(name: str, array: Floats) -> Floats:
        if not name.endswith("qkv.weight"):
            return array
        planes = common(name, 96, array.shape[1])  # rows of queries and keys
        return array + 0.3 * np.concatenate([planes, np.zeros((48, array.shape[1]))])

    ours, theirs = (matrices_with_units_as_rows(vision(seed), by_frequency) for seed in (1, 2))
    found = evidence(tmp_path, ours, theirs)
    assert found.verdict == "no_dependence_found"
    assert "attn.qk" not in found.groups.groups


@pytest.mark.parametrize("strength", [0.3, 3.0])
def test_common_directions_are_no_evidence(tmp_path: Path, strength: float) -> None:
    """Trap 7: a common mean and common leading singular directions, in which every unit has a place of its own."""

    def with_directions(seed: int) -> Tensors:
        own = np.random.default_rng([seed, 7])

        def add(name: str, array: Floats) -> Floats:
            mean, directions = common(name, array.shape[1]), common(f"{name} directions", 8, array.shape[1])
            return array + 0.1 * strength * (mean + own.standard_normal((array.shape[0], 8)) @ directions)

        return matrices_with_units_as_rows(vision(seed), add)

    ours, theirs = with_directions(1), with_directions(2)
    found = evidence(tmp_path / "apart", ours, theirs)
    assert not found.groups.rejects.any()
    assert not any(test.rejects for test in found.tests)
    assert found.verdict in ("no_dependence_found", "inconclusive")
    assert abs(found.z or 0.0) < 4
    assert evidence(tmp_path / "copy", tuned(theirs, 5), theirs).verdict == "derived"


def test_cka_of_unrelated_layers_is_near_zero(tmp_path: Path) -> None:
    """Trap 8: few units and many columns, where the biased estimate is far from 0."""
    ours, theirs = vision(1, width=192, hidden=64), vision(2, width=192, hidden=64)
    one, two = (tensors["visual.blocks.0.mlp.up_proj.weight"] for tensors in (ours, theirs))
    grams = [side @ side.T for side in (one, two)]
    biased = np.sum(grams[0] * grams[1]) / np.linalg.norm(grams[0]) / np.linalg.norm(grams[1])
    assert biased > 0.7
    matrix = against(tmp_path, ours, theirs).matrix(ALL_ROLES, "debiased_cka")
    assert matrix is not None
    assert np.abs(matrix.values).max() < 0.05


def test_equal_depth_profiles_are_no_evidence(tmp_path: Path) -> None:
    """Trap 9: the same standard deviation and the same mean per tensor, rising with depth."""

    def profile(name: str, array: Floats) -> Floats:
        block = int(name.split(".")[2]) if ".blocks." in name else 0
        spread = (1 + 3 * block) * (0.05 + 0.1 * abs(float(common(name, 1)[0])))
        return (array - array.mean()) / array.std() * spread + 0.2 * spread

    compared = against(tmp_path, *(matrices_with_units_as_rows(vision(seed), profile) for seed in (1, 2)))
    ratio = compared.similarity["norm_ratio"].value
    assert ratio == pytest.approx(1.0, abs=0.02)
    assert compared.verdict == "no_dependence_found"


def test_outlier_units_and_heavy_tails_are_no_evidence(tmp_path: Path) -> None:
    """Trap 14: Student's t with two degrees of freedom; one unit a thousand times the others, in the same place."""

    def heavy(seed: int) -> Tensors:
        own = np.random.default_rng([seed, 14])

        def draw(_: str, array: Floats) -> Floats:
            made = 0.1 * own.standard_t(2, array.shape)
            made[7] *= 1000
            made[:, 5] *= 20
            return made

        return matrices_with_units_as_rows(vision(seed), draw)

    found = evidence(tmp_path / "apart", heavy(1), heavy(2))
    assert not found.groups.rejects.any()
    assert not any(test.rejects for test in found.tests)
    assert found.verdict in ("no_dependence_found", "inconclusive")
    assert evidence(tmp_path / "copy", tuned(heavy(2), 5, noise=0.01), heavy(2)).verdict == "derived"


def test_a_finding_that_one_column_carries_says_so(tmp_path: Path) -> None:
    """Trap 14: the rank and sign variants do not agree where a single outlying column is all that is shared."""

    def one_column(name: str, array: Floats) -> Floats:
        made = array.copy()
        if "gate_proj" in name:
            made[:, 5] = 10 * common(name, array.shape[0])
        return made

    ours, theirs = (matrices_with_units_as_rows(vision(seed, 2, 160), one_column) for seed in (1, 2))
    found = evidence(tmp_path, ours, theirs)
    assert largest_z(found, "mlp.units") > 5
    permutation = next(test for test in found.tests if test.test == "permutation_z")
    assert permutation.rejects
    assert min(permutation.variants.values()) < 3
    note = next(note for note in found.notes if note.code == "evidence.note.variants_disagree")
    assert note.tensor
    assert note.params["column"] == 5
    copy = evidence(tmp_path / "copy", tuned(theirs, 5), theirs)
    assert "evidence.note.variants_disagree" not in {note.code for note in copy.notes}


@pytest.mark.parametrize("kind", ["dead", "repeated"])
def test_dead_and_repeated_units_in_the_same_places_are_no_evidence(tmp_path: Path, kind: str) -> None:
    """Trap 15: the last units of both models are zero (padding, a mask), or never parted; all lean the same way."""

    def alike(name: str, array: Floats) -> Floats:
        made = array + 0.2 * common(name, array.shape[1])
        if len(made) == 256:
            made[-77:] = 0 if kind == "dead" else made[0]
        return made

    def whole(seed: int) -> Tensors:
        tensors = matrices_with_units_as_rows(vision(seed), alike)
        for name in [name for name in tensors if name.endswith(("gate_proj.bias", "up_proj.bias"))]:
            tensors[name][-77:] = 0 if kind == "dead" else tensors[name][0]
        return tensors

    found = evidence(tmp_path / "apart", whole(1), whole(2))
    assert found.verdict == "no_dependence_found"
    assert not any(test.rejects for test in found.tests)
    assert ("mlp.units", "repeated_units") in left_out(found)
    assert found.coverage < 0.7, "they were not examined"
    mlps = [u for name, u in zip(found.groups.groups, found.groups.units, strict=True) if name == "mlp.units"]
    assert set(mlps) == {256 - 77 - (kind == "repeated")}
    copy = evidence(tmp_path / "copy", tuned(whole(2), 5), whole(2))
    assert copy.verdict == "derived"
