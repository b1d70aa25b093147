"""Models under llama.cpp's names: the components, roles and rows of the same model as transformers saves it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import gguf
import numpy as np
import pytest
import torch
import transformers
from safetensors.torch import save_file

import inspector
from inspector.anatomy import Component, find_components
from inspector.checkpoint import open_checkpoint
from tests.data.gguf_files import KINDS, permuted, write_gguf

TEXT = {
    "vocab_size": 96,
    "hidden_size": 64,
    "intermediate_size": 128,
    "num_hidden_layers": 3,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "head_dim": 16,
}
VISION = {
    "hidden_size": 64,
    "intermediate_size": 128,
    "num_hidden_layers": 3,
    "num_attention_heads": 4,
    "image_size": 28,
    "patch_size": 14,
}
Weights = dict[str, torch.Tensor]


def weights(model: torch.nn.Module, prefix: str = "") -> Weights:
    """The tensors of a model with random norms and biases, so that no two are alike."""
    generator = torch.Generator().manual_seed(5)
    found = {}
    for name, value in model.state_dict().items():
        if value.is_floating_point():
            found[prefix + name] = value + 0.02 * torch.randn(value.shape, generator=generator)
    return found


def renamed(tensors: Weights, architecture: gguf.MODEL_ARCH) -> Weights:
    """The same tensors under the names that llama.cpp's converter gives them."""
    table = gguf.get_tensor_name_map(architecture, 3)
    found = {}
    for name, value in tensors.items():
        new = table.get_name(name, try_suffixes=(".weight", ".bias"))
        assert new is not None, name
        found[new] = value
    return found


def with_rotary_pairs(tensors: Weights, heads: Mapping[str, int], prefix: str = "") -> Weights:
    pattern = re.compile(rf"{re.escape(prefix)}blk\.\d+\.attn_([qk])\.(weight|bias)")
    return {
        name: torch.from_numpy(permuted(value.numpy(), heads[match[1]])) if (match := pattern.match(name)) else value
        for name, value in tensors.items()
    }


def saved(path: Path, tensors: Weights) -> Path:
    path.parent.mkdir()
    save_file({name: value.contiguous() for name, value in tensors.items()}, path)
    return path


def found(path: Path) -> dict[str, Component]:
    with open_checkpoint(path) as checkpoint:
        return {component.kind: component for component in find_components(checkpoint)}


def same_parts(one: Component, other: Component) -> None:
    keys = [{(part.layer, part.key, part.shape) for part in side.parts} for side in (one, other)]
    assert keys[0] == keys[1]
    assert one.blocks == other.blocks == 3
    assert one.hidden_size == other.hidden_size == 64


def compared(ours: Path, theirs: Path, kind: str) -> Any:
    comparison = inspector.compare(ours, [theirs])
    return next(finding for finding in comparison.components if finding.kind == kind).against[0]


def llama(kind: type, config: Any, **more: Any) -> Weights:
    torch.manual_seed(1)
    return weights(kind(config(**TEXT, **more)))


@pytest.mark.parametrize("kind", [None, KINDS.Q8_0])
def test_llama(tmp_path: Path, kind: KINDS | None) -> None:
    tensors = llama(transformers.LlamaForCausalLM, transformers.LlamaConfig)
    named = with_rotary_pairs(renamed(tensors, gguf.MODEL_ARCH.LLAMA), {"q": 4, "k": 2})
    heads = {"llama.attention.head_count": 4, "llama.attention.head_count_kv": 2}
    ours = write_gguf(tmp_path / "m.gguf", named, heads, architecture="llama", kind=kind)
    theirs = saved(tmp_path / "hf" / "model.safetensors", tensors)
    one, other = found(ours)["language_model"], found(theirs)["language_model"]
    assert one.family == other.family == "llama"
    same_parts(one, other)
    with open_checkpoint(ours) as a, open_checkpoint(theirs) as b:
        queries = [
            a.read_rows("blk.1.attn_q.weight", 0, 64),
            b.read_rows("model.layers.1.self_attn.q_proj.weight", 0, 64),
        ]
        assert np.allclose(*queries, atol=0 if kind is None else 2e-3)
    against = compared(ours, theirs, "language_model")
    assert against.similarity["cosine"].value > 0.9999
    assert against.evidence.verdict == ("identical" if kind is None else "derived")


@pytest.mark.parametrize(
    ("architecture", "kind", "config", "more"),
    [
        (gguf.MODEL_ARCH.QWEN2, transformers.Qwen2ForCausalLM, transformers.Qwen2Config, {}),
        (gguf.MODEL_ARCH.QWEN3, transformers.Qwen3ForCausalLM, transformers.Qwen3Config, {}),
        (gguf.MODEL_ARCH.GEMMA3, transformers.Gemma3ForCausalLM, transformers.Gemma3TextConfig, {}),
        (gguf.MODEL_ARCH.PHI3, transformers.Phi3ForCausalLM, transformers.Phi3Config, {"pad_token_id": 0}),
    ],
)
def test_text_models_that_keep_their_rows(
    tmp_path: Path, architecture: gguf.MODEL_ARCH, kind: type, config: Any, more: dict[str, Any]
) -> None:
    tensors = llama(kind, config, **more)
    named = renamed(tensors, architecture)
    ours = write_gguf(tmp_path / "m.gguf", named, architecture=gguf.MODEL_ARCH_NAMES[architecture])
    theirs = saved(tmp_path / "hf" / "model.safetensors", tensors)
    same_parts(found(ours)["language_model"], found(theirs)["language_model"])
    against = compared(ours, theirs, "language_model")
    assert against.evidence.verdict == "identical"
    assert against.similarity["cosine"].value > 0.9999


def test_gpt2_and_bert_names(tmp_path: Path) -> None:
    torch.manual_seed(1)
    gpt2 = weights(transformers.GPT2Model(transformers.GPT2Config(vocab_size=96, n_embd=64, n_layer=3, n_head=4)))
    turned = {
        name: value.t().contiguous() if value.ndim == 2 and ".h." in f".{name}" else value
        for name, value in gpt2.items()
        if not name.endswith(".attn.bias")
    }
    path = write_gguf(tmp_path / "gpt2.gguf", renamed(turned, gguf.MODEL_ARCH.GPT2), architecture="gpt2")
    same_parts(found(path)["language_model"], found(saved(tmp_path / "gpt2" / "m.safetensors", gpt2))["language_model"])
    small = {key: TEXT[key] for key in ("vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers")}
    bert = weights(transformers.BertModel(transformers.BertConfig(**small, num_attention_heads=4), False))
    path = write_gguf(tmp_path / "bert.gguf", renamed(bert, gguf.MODEL_ARCH.BERT), architecture="bert")
    same_parts(found(path)["language_model"], found(saved(tmp_path / "bert" / "m.safetensors", bert))["language_model"])


@pytest.mark.parametrize("exchanged", [False, True])
def test_clip_projector_file(tmp_path: Path, exchanged: bool) -> None:
    torch.manual_seed(1)
    model = transformers.CLIPVisionModel(transformers.CLIPVisionConfig(**VISION))
    tower = {
        f"vision_tower.vision_model.{name.removeprefix('vision_model.')}": value
        for name, value in weights(model).items()
    }
    projector = {f"multi_modal_projector.linear_{n}.weight": torch.randn(96, 64 if n == 1 else 96) for n in (1, 2)}
    named = renamed({**tower, **projector}, gguf.MODEL_ARCH.MMPROJ)
    if exchanged:
        swap = {"ffn_up": "ffn_down", "ffn_down": "ffn_up"}
        named = {re.sub("ffn_up|ffn_down", lambda match: swap[match[0]], name): value for name, value in named.items()}
    heads = {"clip.vision.attention.head_count": 4}
    ours = write_gguf(tmp_path / "mmproj.gguf", named, heads, architecture="clip", kind=KINDS.F16)
    theirs = saved(tmp_path / "hf" / "model.safetensors", {**tower, **projector})
    one, other = found(ours), found(theirs)
    assert set(one) == set(other) == {"vision_encoder", "projector"}
    assert one["vision_encoder"].family == "clip"
    same_parts(one["vision_encoder"], other["vision_encoder"])
    assert {part.key for part in one["projector"].parts} == {part.key for part in other["projector"].parts}
    against = compared(ours, theirs, "vision_encoder")
    assert against.similarity["cosine"].value > 0.9999
    assert against.evidence.verdict in ("identical", "derived")


def test_siglip(tmp_path: Path) -> None:
    torch.manual_seed(1)
    model = transformers.SiglipVisionModel(transformers.SiglipVisionConfig(**VISION, vision_use_head=False))
    tower = {
        f"vision_tower.vision_model.{name.removeprefix('vision_model.')}": value
        for name, value in weights(model).items()
    }
    ours = write_gguf(tmp_path / "mmproj.gguf", renamed(tower, gguf.MODEL_ARCH.MMPROJ), architecture="clip")
    one = found(ours)["vision_encoder"]
    assert one.family == "siglip"
    same_parts(one, found(saved(tmp_path / "hf" / "model.safetensors", tower))["vision_encoder"])


def test_pixtral_rows_come_back(tmp_path: Path) -> None:
    torch.manual_seed(1)
    model = transformers.PixtralVisionModel(transformers.PixtralVisionConfig(**VISION, head_dim=16))
    tower = weights(model, "vision_tower.")
    named = with_rotary_pairs(renamed(tower, gguf.MODEL_ARCH.MMPROJ), {"q": 4, "k": 4}, "v.")
    keys = {"clip.projector_type": "pixtral", "clip.vision.attention.head_count": 4}
    ours = write_gguf(tmp_path / "mmproj.gguf", named, keys, architecture="clip")
    theirs = saved(tmp_path / "hf" / "model.safetensors", tower)
    same_parts(found(ours)["vision_encoder"], found(theirs)["vision_encoder"])
    assert compared(ours, theirs, "vision_encoder").evidence.verdict == "identical"


def test_whisper_encoder(tmp_path: Path) -> None:
    torch.manual_seed(1)
    config = transformers.WhisperConfig(
        d_model=64,
        encoder_layers=3,
        encoder_attention_heads=4,
        encoder_ffn_dim=128,
        max_source_positions=48,
        decoder_layers=0,
    )
    encoder = weights(transformers.WhisperModel(config).encoder, "audio_tower.")
    encoder["multi_modal_projector.linear.weight"] = torch.randn(96, 64)
    named = renamed(
        {
            name.replace("multi_modal_projector.linear", "audio.multi_modal_projector.linear_1"): value
            for name, value in encoder.items()
        },
        gguf.MODEL_ARCH.MMPROJ,
    )
    ours = write_gguf(tmp_path / "mmproj.gguf", named, architecture="clip")
    theirs = saved(tmp_path / "hf" / "model.safetensors", encoder)
    one, other = found(ours), found(theirs)
    assert one["audio_encoder"].family == "whisper"
    same_parts(one["audio_encoder"], other["audio_encoder"])
    assert compared(ours, theirs, "audio_encoder").evidence.verdict == "identical"
    assert "projector" in one
