"""Instances built by transformers: every tensor mapped, right roles, under module names and under saved names."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.data.memory_checkpoint import MemoryCheckpoint
from tests.inspector.anatomy.instances import (
    DEPTH,
    MODELS,
    UNITS,
    WIDTH,
    both,
    build,
    components,
    keys,
    named,
    part,
    saved,
    values,
)

ATTENTION = "attn.q attn.k attn.v attn.out"
FC = "mlp.fc1 mlp.fc2"
GLU = "mlp.gate mlp.up mlp.down"
NORMS = "norm.1 norm.2"
CLIP_BLOCK = both(f"{ATTENTION} {FC} {NORMS}", "all")
WHISPER_BLOCK = both(f"{ATTENTION} {FC} {NORMS}", f"attn.q attn.v attn.out {FC} {NORMS}")
CROSS = both("cross.q cross.k cross.v cross.out norm.cross", "cross.q cross.v cross.out norm.cross")
LLAMA_BLOCK = both(f"{ATTENTION} {GLU} {NORMS}")
LLAMA_ENDS = both("embed norm.post head")
QWEN2_BLOCK = LLAMA_BLOCK | {"attn.q.bias", "attn.k.bias", "attn.v.bias"}


@dataclass(frozen=True, slots=True)
class Expected:
    """A component that must be there: family, keys of each block, keys outside blocks that must be among its own."""

    name: str
    family: str
    block: set[str]
    outside: set[str]


VISION, AUDIO, TEXT = "vision_encoder", "audio_encoder", "language_model"
LLAMA = Expected(TEXT, "llama", LLAMA_BLOCK, LLAMA_ENDS)
QWEN2 = Expected(TEXT, "llama", QWEN2_BLOCK, LLAMA_ENDS)
CLIP = Expected(
    VISION,
    "clip",
    CLIP_BLOCK,
    {"cls_token.value", "patch_embed.weight", "pos_embed.weight", "norm.pre.weight", "norm.post.bias"},
)
SIGLIP = Expected(VISION, "siglip", CLIP_BLOCK, both("patch_embed pos_embed norm.post", "patch_embed norm.post"))
WHISPER = Expected(AUDIO, "whisper", WHISPER_BLOCK, both("conv1 conv2 norm.post", "all"))
MERGER = both("mlp.fc1 mlp.fc2 norm.1", "mlp.fc1 mlp.fc2")
EXPECTED: dict[str, list[Expected]] = {
    "qwen2_vl": [
        Expected(VISION, "qwen2_vl", both(f"{ATTENTION} {FC} {NORMS}", "all"), {"patch_embed.weight"}),
        Expected("projector", "qwen_merger", set(), MERGER | {"norm.1.bias"}),
        QWEN2,
    ],
    "qwen2_5_vl": [
        Expected(
            VISION,
            "qwen2_5_vl",
            both(f"{ATTENTION} {GLU} {NORMS}", f"{ATTENTION} {GLU}"),
            {"patch_embed.weight"},
        ),
        Expected("projector", "qwen_merger", set(), MERGER),
        QWEN2,
    ],
    "qwen2_audio": [WHISPER, Expected("projector", "linear_projector", set(), both("mlp.fc1", "all")), QWEN2],
    "llava": [CLIP, Expected("projector", "linear_projector", set(), both(FC, "all")), LLAMA],
    "clip": [
        CLIP,
        Expected("projector:visual_projection", "linear_projector", set(), {"mlp.fc1.weight"}),
        Expected("other:text_model", "clip_text", CLIP_BLOCK, both("embed pos_embed norm.post", "norm.post")),
    ],
    "clip_vision": [CLIP],
    "siglip": [SIGLIP, Expected("other:text_model", "clip_text", CLIP_BLOCK, both("embed head", "head"))],
    "siglip_vision": [SIGLIP],
    "whisper": [
        WHISPER,
        Expected(TEXT, "whisper_decoder", WHISPER_BLOCK | CROSS, both("embed pos_embed norm.post", "norm.post")),
    ],
    "bart": [
        Expected(TEXT, "bart_decoder", CLIP_BLOCK | CROSS | {"cross.k.bias"}, {"pos_embed.weight"}),
        Expected("other:encoder", "bart_encoder", CLIP_BLOCK, {"pos_embed.weight", "norm.pre.bias"}),
    ],
    "llama": [LLAMA],
    "mistral": [LLAMA],
    "qwen2": [QWEN2],
    "qwen3": [Expected(TEXT, "llama", LLAMA_BLOCK | both("attn.q_norm attn.k_norm"), LLAMA_ENDS)],
    "phi3": [LLAMA],
}


@pytest.fixture(scope="module")
def models() -> dict[str, Any]:
    return {}


@pytest.fixture(params=["module names", "saved names"])
def checkpoint(request: pytest.FixtureRequest, family: str, models: dict[str, Any], tmp_path: Path) -> MemoryCheckpoint:
    if family not in models:
        models[family] = build(family)
    model = models[family]
    return named(model) if request.param == "module names" else saved(model, tmp_path)


@pytest.mark.parametrize("family", MODELS)
def test_every_tensor_has_its_role(family: str, checkpoint: MemoryCheckpoint) -> None:
    found = components(checkpoint)
    for expected in EXPECTED[family]:
        component = found[expected.name]
        assert component.family == expected.family
        assert component.blocks == (DEPTH if expected.block else 0)
        assert component.hidden_size == (WIDTH if expected.block else 0)
        for layer in range(component.blocks):
            assert keys(component, layer) == expected.block
        assert expected.outside <= keys(component, None)
    wanted = {expected.name for expected in EXPECTED[family]}
    rest = [component for name, component in found.items() if name not in wanted]
    assert all(component.kind in ("other", "projector") and not component.blocks for component in rest)


def rows(checkpoint: MemoryCheckpoint, component: str, key: str, layer: int = 1) -> np.ndarray[Any, Any]:
    return values(checkpoint, part(components(checkpoint)[component], key, layer))


@pytest.mark.parametrize("family", ["qwen2_vl", "qwen2_5_vl"])
def test_qwen_vision_qkv_is_split_as_its_attention_splits_it(family: str) -> None:
    model = build(family)
    attention = model.model.visual.blocks[1].attn
    for param in ("weight", "bias"):
        fused = getattr(attention.qkv, param).detach().numpy()
        own = fused.reshape(3, attention.num_heads, -1, *fused.shape[1:]).reshape(3, WIDTH, -1)
        for role, expected in zip(("attn.q", "attn.k", "attn.v"), own, strict=True):
            assert np.array_equal(rows(named(model), VISION, f"{role}.{param}"), expected)


def test_phi3_fused_tensors_are_split_as_the_modules_split_them() -> None:
    model = build("phi3")
    layer, config = model.model.layers[1], model.config
    head = WIDTH // config.num_attention_heads
    q, kv = config.num_attention_heads * head, config.num_key_value_heads * head
    fused = layer.self_attn.qkv_proj.weight.detach().numpy()
    checkpoint = named(model)
    for role, start, stop in (("q", 0, q), ("k", q, q + kv), ("v", q + kv, q + 2 * kv)):
        assert np.array_equal(rows(checkpoint, TEXT, f"attn.{role}.weight"), fused[start:stop])
    gate, up = np.split(layer.mlp.gate_up_proj.weight.detach().numpy(), 2)  # the module: gate, up = chunk(2)
    assert np.array_equal(rows(checkpoint, TEXT, "mlp.gate.weight"), gate)
    assert np.array_equal(rows(checkpoint, TEXT, "mlp.up.weight"), up)
    assert gate.shape == (UNITS, WIDTH)


def test_whisper_sinusoid_is_set_apart_and_the_decoders_learned_table_is_not() -> None:
    found = components(named(build("whisper")))
    assert {name: note.code for name, note in found[AUDIO].excluded.items()} == {
        "encoder.embed_positions.weight": "anatomy.fixed_sinusoid"
    }
    assert part(found[TEXT], "pos_embed.weight").tensor == "decoder.embed_positions.weight"


def test_learned_positions_under_whispers_name_stay() -> None:
    found = components(named(build("bart")))
    assert part(found["other:encoder"], "pos_embed.weight").tensor == "encoder.embed_positions.weight"
    assert not any(component.excluded for component in found.values())
    assert all(component.kind != "audio_encoder" for component in found.values())


@pytest.mark.parametrize(
    ("old", "new"),
    [("visual.", "model.vision_model."), ("visual.", "somebody.else.tower."), ("visual.", "")],
    ids=["HyperCLOVA X SEED", "unknown vendor", "bare encoder"],
)
def test_the_prefix_does_not_decide(old: str, new: str, tmp_path: Path) -> None:
    arrays = saved(build("qwen2_5_vl"), tmp_path).arrays
    renamed = {
        new + name.removeprefix(old): array
        for name, array in arrays.items()
        if name.startswith(old) and not name.startswith("visual.merger.")
    }
    renamed |= {
        f"model.language_model.{name}": array for name, array in arrays.items() if new and not name.startswith(old)
    }
    if new:
        renamed["model.mm_projector.weight"] = arrays["visual.merger.mlp.0.weight"]
        renamed["model.mm_projector.bias"] = arrays["visual.merger.mlp.0.bias"]
    found = components(MemoryCheckpoint(renamed))
    assert found[VISION].prefix == new
    assert found[VISION].family == "qwen2_5_vl"
    assert set(found) == ({VISION, "projector", TEXT} if new else {VISION})
    if new:
        assert found[TEXT].prefix == "model.language_model.model."
        assert part(found[TEXT], "head.weight").tensor == "model.language_model.lm_head.weight"
        assert found["projector"].prefix == "model.mm_projector."
