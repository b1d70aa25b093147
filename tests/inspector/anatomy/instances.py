"""Small random instances of real families, as transformers builds and saves them."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch

from inspector.anatomy import Component, Part, find_components
from tests.data.memory_checkpoint import MemoryCheckpoint

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # deprecations inside transformers' own imports
    import transformers

WIDTH, UNITS, HEADS, DEPTH, VOCABULARY = 32, 48, 4, 2, 120
TEXT: dict[str, Any] = {
    "hidden_size": WIDTH,
    "intermediate_size": UNITS,
    "num_hidden_layers": DEPTH,
    "num_attention_heads": HEADS,
    "num_key_value_heads": 2,
    "vocab_size": VOCABULARY,
    "max_position_embeddings": 64,
    "pad_token_id": 0,
}
MROPE: dict[str, Any] = {"rope_parameters": {"rope_type": "default", "mrope_section": [2, 1, 1], "rope_theta": 1e4}}
IMAGE: dict[str, Any] = {
    "hidden_size": WIDTH,
    "intermediate_size": UNITS,
    "num_hidden_layers": DEPTH,
    "num_attention_heads": HEADS,
    "image_size": 32,
    "patch_size": 8,
}
AUDIO: dict[str, Any] = {
    "d_model": WIDTH,
    "encoder_layers": DEPTH,
    "encoder_attention_heads": HEADS,
    "encoder_ffn_dim": UNITS,
}
DECODER: dict[str, Any] = {"decoder_layers": DEPTH, "decoder_attention_heads": HEADS, "decoder_ffn_dim": UNITS}
TOWER: dict[str, Any] = {"depth": DEPTH, "num_heads": HEADS, "patch_size": 4}

MODELS: dict[str, Callable[[], Any]] = {
    "qwen2_vl": lambda: transformers.Qwen2VLForConditionalGeneration(
        transformers.Qwen2VLConfig(
            text_config=TEXT | MROPE, vision_config=TOWER | {"embed_dim": WIDTH, "hidden_size": WIDTH, "mlp_ratio": 2}
        )
    ),
    "qwen2_5_vl": lambda: transformers.Qwen2_5_VLForConditionalGeneration(
        transformers.Qwen2_5_VLConfig(
            text_config=TEXT | MROPE,
            vision_config=TOWER | {"hidden_size": WIDTH, "out_hidden_size": WIDTH, "intermediate_size": UNITS},
        )
    ),
    "qwen2_audio": lambda: transformers.Qwen2AudioForConditionalGeneration(
        transformers.Qwen2AudioConfig(audio_config=AUDIO, text_config=TEXT | {"model_type": "qwen2"})
    ),
    "llava": lambda: transformers.LlavaForConditionalGeneration(
        transformers.LlavaConfig(
            vision_config=IMAGE | {"model_type": "clip_vision_model"}, text_config=TEXT | {"model_type": "llama"}
        )
    ),
    "clip": lambda: transformers.CLIPModel(transformers.CLIPConfig(text_config=TEXT, vision_config=IMAGE)),
    "clip_vision": lambda: transformers.CLIPVisionModel(transformers.CLIPVisionConfig(**IMAGE)),
    "siglip": lambda: transformers.SiglipModel(transformers.SiglipConfig(text_config=TEXT, vision_config=IMAGE)),
    "siglip_vision": lambda: transformers.SiglipVisionModel(transformers.SiglipVisionConfig(**IMAGE)),
    "whisper": lambda: transformers.WhisperModel(
        transformers.WhisperConfig(**AUDIO, **DECODER, vocab_size=VOCABULARY, pad_token_id=0)
    ),
    "bart": lambda: transformers.BartModel(
        transformers.BartConfig(**AUDIO, **DECODER, vocab_size=VOCABULARY, pad_token_id=0)
    ),
    "llama": lambda: transformers.LlamaForCausalLM(transformers.LlamaConfig(**TEXT)),
    "mistral": lambda: transformers.MistralForCausalLM(transformers.MistralConfig(**TEXT)),
    "qwen2": lambda: transformers.Qwen2ForCausalLM(transformers.Qwen2Config(**TEXT)),
    "qwen3": lambda: transformers.Qwen3ForCausalLM(transformers.Qwen3Config(**TEXT, head_dim=16)),
    "phi3": lambda: transformers.Phi3ForCausalLM(transformers.Phi3Config(**TEXT)),
}


def build(family: str) -> Any:
    """Return a random instance; every parameter is drawn, so that no two rows are equal."""
    transformers.utils.logging.disable_progress_bar()
    torch.manual_seed(0)
    model = MODELS[family]()
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if "embed_positions" not in name:
                parameter.normal_()
    return model


def named(model: Any) -> MemoryCheckpoint:
    """Return the tensors under their names in the module."""
    return MemoryCheckpoint({name: tensor.detach().numpy() for name, tensor in model.state_dict().items()})


def saved(model: Any, folder: Path) -> MemoryCheckpoint:
    """Return the tensors under the names that `save_pretrained` writes, which are those on the hub."""
    model.save_pretrained(folder)
    raw = (folder / "model.safetensors").read_bytes()
    start = 8 + int.from_bytes(raw[:8], "little")
    header = json.loads(raw[8:start])
    header.pop("__metadata__", None)
    kinds = {"F32": np.float32, "I64": np.int64}
    return MemoryCheckpoint(
        {
            name: np.frombuffer(raw[slice(*(start + end for end in entry["data_offsets"]))], kinds[entry["dtype"]])
            .reshape(entry["shape"])
            .copy()
            for name, entry in header.items()
        }
    )


def components(checkpoint: MemoryCheckpoint) -> dict[str, Component]:
    """Return component name -> component, after checking that each tensor is in exactly one place."""
    found = find_components(checkpoint)
    placed = [name for item in found for name in {part.tensor for part in item.parts} | set(item.excluded)]
    assert sorted(placed) == sorted(checkpoint.tensors)
    assert sum(item.parameters for item in found) == sum(t.elements for t in checkpoint.tensors.values())
    for item in found:
        keys = [(part.key, part.layer) for part in item.parts if part.role != "other"]
        assert len(keys) == len(set(keys))
        assert {part.layer for part in item.parts} - {None} == set(range(item.blocks))
        rows: dict[str, int] = {}
        for part in item.parts:
            rows[part.tensor] = rows.get(part.tensor, 0) + part.parameters
        assert rows == {name: checkpoint.tensors[name].elements for name in rows}
    assert len({item.name for item in found}) == len(found)
    return {item.name: item for item in found}


def part(component: Component, key: str, layer: int | None = None) -> Part:
    """Return the one part with this key in this block."""
    (found,) = [part for part in component.parts if part.key == key and part.layer == layer]
    return found


def values(checkpoint: MemoryCheckpoint, piece: Part) -> np.ndarray[Any, Any]:
    """Return the values of a part with units as rows, as its documentation says where they lie."""
    rows, columns = piece.shape
    stored = checkpoint.arrays[piece.tensor]
    if piece.transposed:
        experts = stored.shape[0] if stored.ndim == 3 and piece.expert is not None else 1
        stored = stored.reshape(experts, columns, -1).swapaxes(1, 2)
    matrix = stored.reshape(-1, columns)
    return np.concatenate([matrix[start:stop] for start, stop in piece.ranges or ((0, rows),)])


def keys(component: Component, layer: int | None) -> set[str]:
    """Return the role keys of one block, or of what lies outside the blocks (None)."""
    return {part.key for part in component.parts if part.layer == layer}


def both(weights: str, biases: str = "") -> set[str]:
    """Return "<role>.weight" for every role listed, and "<role>.bias" for those in `biases` ("all": the same)."""
    roles = weights.split()
    with_bias = roles if biases == "all" else biases.split()
    return {f"{role}.weight" for role in roles} | {f"{role}.bias" for role in with_bias}
