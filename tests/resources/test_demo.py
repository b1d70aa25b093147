"""The embedded sample is what its README says: checked on the files themselves, without the engine."""

import json
import math
import re

import ml_dtypes
import numpy as np
import pytest
from safetensors.numpy import load_file, safe_open

from resources import path
from resources.demo import measure

DEMO = path("demo")
BLOCK_PARTS = {
    "vision": {"norm1.weight", "norm2.weight"}
    | {f"{layer}.{kind}" for layer in ("attn.qkv", "attn.proj") for kind in ("weight", "bias")}
    | {f"mlp.{layer}_proj.{kind}" for layer in ("gate", "up", "down") for kind in ("weight", "bias")},
    "audio": {"self_attn.k_proj.weight"}
    | {f"self_attn.{layer}_proj.{kind}" for layer in ("q", "v", "out") for kind in ("weight", "bias")}
    | {f"{layer}.{kind}" for layer in ("self_attn_layer_norm", "final_layer_norm") for kind in ("weight", "bias")}
    | {f"{layer}.{kind}" for layer in ("fc1", "fc2") for kind in ("weight", "bias")},
    "language": {"input_layernorm.weight", "post_attention_layernorm.weight"}
    | {f"self_attn.{layer}_proj.weight" for layer in "qkvo"}
    | {f"mlp.{layer}_proj.weight" for layer in ("gate", "up", "down")},
}
MERGER = {"merger.ln_q.weight", *(f"merger.mlp.{n}.{kind}" for n in (0, 2) for kind in ("weight", "bias"))}
CONVOLUTIONS = {f"conv{n}.{kind}" for n in (1, 2) for kind in ("weight", "bias")}
OUTSIDE_BLOCKS = {
    "vision": {"patch_embed.proj.weight"} | MERGER,
    "audio": {"embed_positions.weight", "layer_norm.weight", "layer_norm.bias"} | CONVOLUTIONS,
    "language": {"model.embed_tokens.weight", "model.norm.weight", "lm_head.weight"},
}
BLOCKS = {"vision": ("blocks.", 8), "audio": ("layers.", 6), "language": ("model.layers.", 6)}
PLACES = [
    ("reference_vision", "visual.", "vision"),
    ("reference_audio", "audio_tower.", "audio"),
    *((name, "model.vision_model.", "vision") for name in ("candidate", "honest")),
    *((name, "audio_tower.", "audio") for name in ("candidate", "honest")),
    *((name, "model.language_model.", "language") for name in ("candidate", "honest")),
]


@pytest.fixture(scope="module")
def vision():
    return measure.read(DEMO / "reference_vision", "visual.")


@pytest.fixture(scope="module")
def audio():
    return measure.read(DEMO / "reference_audio", "audio_tower.")


def test_the_sample_is_small():
    files = [file for file in DEMO.rglob("*") if file.is_file() and "__pycache__" not in file.parts]
    assert sum(file.stat().st_size for file in files) <= 4_000_000


@pytest.mark.parametrize(("folder", "prefix", "kind"), PLACES)
def test_names_are_those_of_the_architecture(folder, prefix, kind):
    stem, blocks = BLOCKS[kind]
    expected = OUTSIDE_BLOCKS[kind] | {f"{stem}{n}.{part}" for n in range(blocks) for part in BLOCK_PARTS[kind]}
    assert set(measure.read(DEMO / folder, prefix)) == expected


def test_a_whole_model_is_its_parts_and_two_projectors():
    candidate = measure.read(DEMO / "candidate")
    parts = ("model.vision_model.", "audio_tower.", "model.language_model.")
    assert {name for name in candidate if not name.startswith(parts)} == {
        f"model.{layer}.{kind}"
        for layer in ("mm_projector", "audio_projector.fc1", "audio_projector.fc2")
        for kind in ("weight", "bias")
    }


def test_both_candidates_have_one_architecture():
    candidate, honest = measure.read(DEMO / "candidate"), measure.read(DEMO / "honest")
    assert {n: v.shape for n, v in candidate.items()} == {n: v.shape for n, v in honest.items()}
    assert (DEMO / "candidate/config.json").read_bytes() == (DEMO / "honest/config.json").read_bytes()


def test_the_patch_kernel_is_a_conv3d_of_two_frames(vision):
    assert vision["patch_embed.proj.weight"].shape == (48, 3, 2, 4, 4)


def test_every_value_is_a_finite_bf16_number():
    for file in DEMO.rglob("*.safetensors"):
        for name, value in load_file(file).items():
            assert value.dtype == ml_dtypes.bfloat16, name
            assert np.isfinite(value.astype(np.float32)).all(), name


def test_the_index_names_every_tensor_and_its_shard():
    folder = DEMO / "candidate"
    index = json.loads((folder / "model.safetensors.index.json").read_text(encoding="utf-8"))
    held, total = {}, 0
    for file in sorted(folder.glob("*.safetensors")):
        assert re.fullmatch(r"model-0000[1-3]-of-00003\.safetensors", file.name)
        with safe_open(file, framework="numpy") as shard:
            assert shard.metadata() == {"format": "pt"}
        tensors = load_file(file)
        held |= dict.fromkeys(tensors, file.name)
        total += sum(value.nbytes for value in tensors.values())
    assert len(set(held.values())) == 3
    assert index == {"metadata": {"total_size": total}, "weight_map": held}


@pytest.mark.parametrize("folder", ["reference_vision", "reference_audio", "candidate", "honest"])
def test_the_config_tells_the_shapes(folder):
    config = json.loads((DEMO / folder / "config.json").read_text(encoding="utf-8"))
    weights = measure.read(DEMO / folder)
    shapes = {
        ("vision_config", "intermediate_size"): r"blocks\.0\.mlp\.gate_proj\.weight$",
        ("audio_config", "encoder_ffn_dim"): r"layers\.0\.fc1\.weight$",
        ("text_config", "intermediate_size"): r"model\.layers\.0\.mlp\.gate_proj\.weight$",
        ("text_config", "vocab_size"): r"lm_head\.weight$",
    }
    for (section, key), pattern in shapes.items():
        found = [value for name, value in weights.items() if re.search(pattern, name)]
        assert (section in config) == bool(found)
        assert all(config[section][key] == len(value) for value in found)


@pytest.mark.parametrize("folder", ["reference_audio", "candidate", "honest"])
def test_the_audio_positions_are_whispers_sinusoid(folder):
    table = measure.read(DEMO / folder, "audio_tower.")["embed_positions.weight"]
    length, width = table.shape
    scales = np.exp(-math.log(10000) / (width // 2 - 1) * np.arange(width // 2))
    angles = np.arange(length)[:, None] * scales[None, :]
    formula = np.concatenate([np.sin(angles), np.cos(angles)], axis=1)
    # bf16 keeps 8 bits, so rounding moves a value by at most 2**-9 of itself; the float32 formula adds about 1e-6.
    assert np.abs(table - formula).max() <= 2**-9 + 1e-5


def test_the_candidates_audio_encoder_is_the_reference_bit_for_bit(audio):
    copied = measure.read(DEMO / "candidate", "audio_tower.")
    assert copied.keys() == audio.keys()
    assert all(copied[name].tobytes() == audio[name].tobytes() for name in audio)


def test_the_candidates_vision_encoder_is_tuned_from_the_reference(vision):
    tuned = measure.read(DEMO / "candidate", "model.vision_model.")
    for similarity in (measure.cosine, measure.centred_cosine):
        mean, low, high = measure.weighted_mean(similarity, tuned, vision)
        assert 0.990 <= mean <= 0.998
        assert low > 0.97
        assert high < 1
    assert measure.identical_share(tuned, vision) < 0.5
    matrix = measure.layer_matrix(tuned, vision)
    off_diagonal = matrix[~np.eye(len(matrix), dtype=bool)]
    assert np.diag(matrix).min() > 0.97
    assert np.abs(off_diagonal).max() < 0.1


def test_the_candidates_merger_is_its_own(vision):
    own = measure.read(DEMO / "candidate", "model.vision_model.")
    for name in ("merger.mlp.0.weight", "merger.mlp.2.weight"):
        assert abs(measure.centred_cosine(own[name], vision[name])) < 0.05


@pytest.mark.parametrize(
    ("reference", "reference_prefix", "prefix"),
    [
        ("reference_vision", "visual.", "model.vision_model."),
        ("reference_audio", "audio_tower.", "audio_tower."),
        ("candidate", "model.language_model.", "model.language_model."),
    ],
)
def test_the_honest_model_is_unrelated(reference, reference_prefix, prefix):
    honest, other = measure.read(DEMO / "honest", prefix), measure.read(DEMO / reference, reference_prefix)
    for similarity in (measure.cosine, measure.centred_cosine):
        assert abs(measure.weighted_mean(similarity, honest, other)[0]) < 0.02
    matrix = measure.layer_matrix(honest, other)
    assert np.abs(matrix).max() < 0.1
    assert abs(np.diag(matrix).mean()) < 0.02
