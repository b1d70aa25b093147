"""Traps 1 to 5 of METHODS section 5: values that are alike in every honest model never make a finding."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from inspector.evidence.groups import find_groups
from inspector.results import Against
from tests.data.memory_checkpoint import MemoryCheckpoint
from tests.inspector.anatomy.instances import components
from tests.inspector.anatomy.test_fixed import mel
from tests.inspector.evidence import solar
from tests.inspector.evidence.small_models import (
    Floats,
    Tensors,
    against,
    changed,
    evidence,
    finding,
    largest_z,
    left_out,
    llama,
    sinusoid,
    tuned,
    vision,
    whisper,
)


def gain_figures(compared: Against, column: str) -> Floats:
    rows = [place for place, role in enumerate(compared.pairs.roles) if role in ("norm.1.weight", "norm.2.weight")]
    return compared.pairs.columns[column][rows]


def test_gains_with_a_cosine_of_one_half_percent_below_one_are_cleared(tmp_path: Path) -> None:
    """Trap 1: two models whose gains have a cosine of 0.989 share nothing, and a derivative of the gains does."""
    gains = solar.gains(1)
    rng = np.random.default_rng(3)
    copied = changed(gains, lambda _, array: (array + 1e-3 * rng.standard_normal(array.shape)).astype(array.dtype))
    other, family = solar.matrices(2) | solar.gains(2), solar.matrices(3) | copied
    found = finding(tmp_path, solar.matrices(1) | gains, other, family)
    clear, derived = sorted(found.against, key=lambda compared: compared.reference)
    assert gain_figures(clear, "cosine").min() > 0.98
    assert np.abs(gain_figures(clear, "cosine") - gain_figures(clear, "cosine.null_mean")).max() < 0.01
    assert clear.evidence is not None
    assert derived.evidence is not None
    assert clear.verdict == "no_dependence_found"
    assert abs(largest_z(clear.evidence, "residual")) < 4
    assert not clear.evidence.groups.rejects.any()
    assert clear.evidence.groups.groups.count("residual") == 1, "all gains share one order"
    assert largest_z(derived.evidence, "residual") > 50
    rejecting = {n for n, no in zip(derived.evidence.groups.groups, derived.evidence.groups.rejects, strict=True) if no}
    assert rejecting == {"residual"}
    assert derived.evidence.reason.code == "evidence.reason.trace_dependence", "gains alone are a trace"


def with_fixed_tables(tensors: Tensors) -> Tensors:
    """Return Whisper's encoder with tables that every implementation computes by formula."""
    tables: Tensors = {
        "audio_tower.mel_filters": mel(80, 201),
        "audio_tower.rotary.inv_freq": (1 / 10000 ** (np.arange(24) / 24)).astype(np.float32),
    }
    return tensors | tables


def test_fixed_tables_are_no_evidence_and_are_listed(tmp_path: Path) -> None:
    """Trap 2."""
    compared = against(tmp_path, with_fixed_tables(whisper(1)), with_fixed_tables(whisper(2)))
    assert compared.verdict == "no_dependence_found"
    assert {item.tensor: item.reason.code for item in compared.excluded} == {
        "audio_tower.embed_positions.weight": "anatomy.fixed_sinusoid",
        "audio_tower.mel_filters": "anatomy.mel_filters",
        "audio_tower.rotary.inv_freq": "anatomy.fixed_rotary",
    }
    assert compared.evidence is not None
    identity = next(test for test in compared.evidence.tests if test.test == "identity")
    assert (identity.statistic, identity.rejects) == (0.0, False)


def test_a_component_of_which_only_fixed_tables_are_shared_is_not_identical(tmp_path: Path) -> None:
    """Trap 2: here the tables hold more parameters than the weights."""
    table = {"audio_tower.embed_positions.weight": sinusoid(20_000, 48)}
    compared = against(tmp_path, whisper(1) | table, whisper(2) | table)
    assert compared.verdict == "no_dependence_found"
    assert compared.coverage < 0.5


def constants(tensors: Tensors) -> Tensors:
    """Return the tensors with zero biases, unit gains, small LayerScale-like projections with a few other values."""
    rng = np.random.default_rng(4)

    def set_to(name: str, array: Floats) -> Floats:
        if name.endswith("bias"):
            return np.zeros_like(array)
        if "norm" in name:
            return np.ones_like(array)
        if "attn.proj" in name:
            few = np.full_like(array, 1e-5)
            few.reshape(-1)[rng.integers(0, array.size, array.size // 200)] = 1
            return few
        return array

    return changed(tensors, set_to)


def test_equal_starting_values_are_no_evidence(tmp_path: Path) -> None:
    """Trap 3."""
    found = evidence(tmp_path, constants(vision(1)), constants(vision(2)))
    assert found.verdict == "no_dependence_found"
    assert ("visual.blocks.0.attn.proj.weight", "constant") in left_out(found)
    assert ("residual", "constant") in left_out(found)


def test_equal_layer_scales_are_no_evidence(tmp_path: Path) -> None:
    """Trap 3: LayerScale of DINOv2 and its kin starts at one small value in every channel."""

    def dino(seed: int) -> Tensors:
        named = {name.removeprefix("visual."): array for name, array in vision(seed, hidden=256).items()}
        tensors: Tensors = {"patch_embed.proj.weight": named["patch_embed.proj.weight"][:, :, 0]}
        for block in range(4):
            at = f"blocks.{block}."
            for name in ("norm1", "norm2", "attn.qkv", "attn.proj"):
                tensors[f"{at}{name}.weight"] = named[f"{at}{name}.weight"]
            tensors[f"{at}mlp.fc1.weight"] = named[f"{at}mlp.up_proj.weight"]
            tensors[f"{at}mlp.fc2.weight"] = named[f"{at}mlp.down_proj.weight"]
            tensors |= {f"{at}ls{number}.gamma": np.full(48, 1e-5, np.float32) for number in (1, 2)}
        return tensors

    found = evidence(tmp_path, dino(1), dino(2))
    assert not found.groups.rejects.any()
    assert ("blocks.0.ls1.gamma", "constant") in left_out(found)
    assert abs(largest_z(found, "residual")) < 4


def int4(tensors: Tensors) -> Tensors:
    """Return matrices of 16 values a row: each row divided by its own step."""

    def rounded(_: str, array: Floats) -> Floats:
        if array.ndim != 2:
            return array
        step = np.abs(array).max(1, keepdims=True) / 7.5
        return ((np.clip(np.round(array / step - 0.5), -8, 7) + 0.5) * step).astype(np.float32)

    return changed(tensors, rounded)


def test_few_distinct_values_are_weights_all_the_same(tmp_path: Path) -> None:
    """Trap 3: an int4 copy has 16 values a row and is derived; int4 copies of independent models are not."""
    assert evidence(tmp_path / "copy", int4(vision(2)), vision(2)).verdict == "derived"
    assert evidence(tmp_path / "apart", int4(vision(1)), int4(vision(2))).verdict == "no_dependence_found"


def gabor(width: int) -> Floats:
    """Return patch kernels as images give them: (width, 3, 2, 4, 4)."""
    rng = np.random.default_rng(8)
    y, x = np.mgrid[0:4, 0:4]
    waves = [np.cos((x * np.cos(t) + y * np.sin(t)) * f + p) for t, f, p in rng.uniform(0, 3, (width, 3))]
    return np.tile(np.array(waves, np.float32)[:, None, None], (1, 3, 2, 1, 1))


def test_kernels_that_the_data_gives_are_no_evidence(tmp_path: Path) -> None:
    """Trap 4: the same patch kernels, the same mel convolution, in two independent models."""
    patches = {"visual.patch_embed.proj.weight": gabor(48)}
    found = evidence(tmp_path / "patch", vision(1) | patches, vision(2) | patches)
    assert found.verdict == "no_dependence_found"
    assert ("visual.patch_embed.proj.weight", "input_features") in left_out(found)
    mels = {name: array for name, array in whisper(3).items() if ".conv1." in name}
    found = evidence(tmp_path / "mel", whisper(1) | mels, whisper(2) | mels)
    assert found.verdict == "no_dependence_found"
    assert ("audio_tower.conv1.weight", "input_features") in left_out(found)


def test_shared_token_and_class_rows_are_no_evidence(tmp_path: Path) -> None:
    """Trap 4: token rows stand in the order of a vocabulary that models share."""
    rows = {name: array for name, array in llama(3).items() if name in ("model.embed_tokens.weight", "lm_head.weight")}
    found = evidence(tmp_path, llama(1) | rows, llama(2) | rows)
    assert found.verdict == "no_dependence_found"
    assert {("model.embed_tokens.weight", "token_rows"), ("lm_head.weight", "class_rows")} <= left_out(found)


def test_residual_dimensions_that_a_sinusoid_pins_have_no_order_of_their_own() -> None:
    """Trap 5: Whisper's residual dimensions are no group, a language model's are."""
    for tensors, pinned in ((whisper(1), True), (llama(1), False)):
        checkpoint = MemoryCheckpoint(tensors)
        (component,) = components(checkpoint).values()
        groups, _ = find_groups([(part, part) for part in component.parts], component, component, checkpoint)
        assert ("residual" not in {group.name for group in groups}) is pinned


def test_a_sinusoid_in_the_mean_of_all_units_is_no_evidence(tmp_path: Path) -> None:
    """Trap 5: whatever reads or writes the residual stream of a Whisper leans on the same fixed dimensions."""
    wave = sinusoid(64, 48).mean(0)

    def lean(name: str, array: Floats) -> Floats:
        if name.endswith(("q_proj.weight", "k_proj.weight", "v_proj.weight", "fc1.weight")):
            return array + 0.3 * wave
        if name.endswith(("out_proj.weight", "fc2.weight")):
            return array + 0.3 * wave[:, None]
        if "norm" in name or name.endswith(("out_proj.bias", "fc2.bias")):
            return array + wave
        return array

    compared = against(tmp_path, changed(whisper(1), lean), changed(whisper(2), lean))
    cosine = compared.similarity["cosine"].value
    assert cosine is not None
    assert cosine > 0.4, "the mean is what a cosine sees"
    assert compared.verdict == "no_dependence_found"


def test_the_same_models_fine_tuned_are_found(tmp_path: Path) -> None:
    """What these traps must not cost: a fine-tuned copy with the same fixed tables, constants and leanings."""
    copy = tuned(with_fixed_tables(whisper(2)), 7) | {"audio_tower.embed_positions.weight": sinusoid(64, 48)}
    assert evidence(tmp_path / "audio", copy, with_fixed_tables(whisper(2))).verdict == "derived"
    assert evidence(tmp_path / "vision", tuned(constants(vision(2)), 7), constants(vision(2))).verdict == "derived"
