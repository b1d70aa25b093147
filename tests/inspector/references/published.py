"""Encoders of published sizes, as transformers builds them, without weights; the sizes are not the catalogue's."""

from __future__ import annotations

import importlib
import warnings
from typing import Any

import torch

from tests.data.shape_checkpoint import ShapeCheckpoint

_VIT_S = {"hidden_size": 384, "num_hidden_layers": 12, "num_attention_heads": 6, "intermediate_size": 1536}
_VIT_B = {"hidden_size": 768, "num_hidden_layers": 12, "num_attention_heads": 12, "intermediate_size": 3072}
_VIT_L = {"hidden_size": 1024, "num_hidden_layers": 24, "num_attention_heads": 16, "intermediate_size": 4096}
_SO = {"hidden_size": 1152, "num_hidden_layers": 27, "num_attention_heads": 16, "intermediate_size": 4304}
_LARGE = {"d_model": 1280, "encoder_layers": 32, "encoder_attention_heads": 20, "encoder_ffn_dim": 5120}
_QWEN = {"depth": 32, "hidden_size": 1280, "num_heads": 16, "patch_size": 14, "temporal_patch_size": 2}
_QWEN3 = {"depth": 27, "hidden_size": 1152, "intermediate_size": 4304, "num_heads": 16, "patch_size": 16}
_STABLE = {"do_stable_layer_norm": True, "feat_extract_norm": "layer", "conv_bias": True}
_REGISTERS = ("dinov2_with_registers", "Dinov2WithRegistersModel", "Dinov2WithRegistersConfig")
_CLIP, _SIGLIP = ("clip", "CLIPVisionModel", "CLIPVisionConfig"), ("siglip", "SiglipVisionModel", "SiglipVisionConfig")
_DINO, _DINO3 = ("dinov2", "Dinov2Model", "Dinov2Config"), ("dinov3_vit", "DINOv3ViTModel", "DINOv3ViTConfig")
_INTERN, _SAM = (
    ("internvl", "InternVLVisionModel", "InternVLVisionConfig"),
    ("sam", "SamVisionModel", "SamVisionConfig"),
)
_WHISPER, _WAVE = ("whisper", "WhisperEncoder", "WhisperConfig"), ("wav2vec2", "Wav2Vec2Model", "Wav2Vec2Config")
_QWEN25 = ("qwen2_5_vl", "Qwen2_5_VisionTransformerPretrainedModel", "Qwen2_5_VLVisionConfig")

# id of the catalogue -> (module, model, configuration), settings
PUBLISHED: dict[str, tuple[tuple[str, str, str], dict[str, Any]]] = {
    "clip-vit-b32": (_CLIP, {**_VIT_B, "patch_size": 32}),
    "clip-vit-b16": (_CLIP, {**_VIT_B, "patch_size": 16}),
    "clip-vit-l14": (_CLIP, {**_VIT_L, "patch_size": 14}),
    "siglip-base-p16-224": (_SIGLIP, {**_VIT_B, "patch_size": 16}),
    "siglip-so400m-p14-384": (_SIGLIP, {**_SO, "patch_size": 14, "image_size": 384}),
    "siglip2-so400m-p16-naflex": (("siglip2", "Siglip2VisionModel", "Siglip2VisionConfig"), {**_SO, "patch_size": 16}),
    "dinov2-small": (_DINO, {**_VIT_S, "patch_size": 14, "mlp_ratio": 4, "image_size": 518}),
    "dinov2-large": (_DINO, {**_VIT_L, "patch_size": 14, "mlp_ratio": 4, "image_size": 518}),
    "dinov2-giant": (
        _DINO,
        {"hidden_size": 1536, "num_hidden_layers": 40, "num_attention_heads": 24, "mlp_ratio": 4, "patch_size": 14}
        | {"use_swiglu_ffn": True},
    ),
    "dinov2-base-reg4": (_REGISTERS, {**_VIT_B, "patch_size": 14, "mlp_ratio": 4, "num_register_tokens": 4}),
    "dinov3-vitl16": (_DINO3, {**_VIT_L, "patch_size": 16, "num_register_tokens": 4}),
    "internvit-300m": (_INTERN, {**_VIT_L, "patch_size": 14, "image_size": 448, "use_qk_norm": False}),
    "internvit-6b-v2.5": (
        _INTERN,
        {"hidden_size": 3200, "num_hidden_layers": 45, "num_attention_heads": 25, "intermediate_size": 12800}
        | {"patch_size": 14, "image_size": 448, "use_qk_norm": True, "norm_type": "rms_norm"},
    ),
    "sam-vit-h": (
        _SAM,
        {"hidden_size": 1280, "num_hidden_layers": 32, "num_attention_heads": 16, "mlp_dim": 5120, "mlp_ratio": 4.0}
        | {"global_attn_indexes": [7, 15, 23, 31]},
    ),
    "qwen2.5-vl-7b-vit": (_QWEN25, {**_QWEN, "intermediate_size": 3420, "out_hidden_size": 3584}),
    "qwen2.5-vl-32b-vit": (_QWEN25, {**_QWEN, "intermediate_size": 3456, "out_hidden_size": 5120}),
    "qwen2-vl-7b-vit": (
        ("qwen2_vl", "Qwen2VisionTransformerPretrainedModel", "Qwen2VLVisionConfig"),
        {**_QWEN, "embed_dim": 1280, "hidden_size": 3584, "mlp_ratio": 4},
    ),
    "qwen3-vl-8b-vit": (("qwen3_vl", "Qwen3VLVisionModel", "Qwen3VLVisionConfig"), {**_QWEN3, "out_hidden_size": 4096}),
    "pixtral-12b-vit": (("pixtral", "PixtralVisionModel", "PixtralVisionConfig"), {**_VIT_L, "patch_size": 16}),
    "whisper-tiny": (
        _WHISPER,
        {"d_model": 384, "encoder_layers": 4, "encoder_attention_heads": 6, "encoder_ffn_dim": 1536}
        | {"num_mel_bins": 80},
    ),
    "whisper-large-v2": (_WHISPER, {**_LARGE, "num_mel_bins": 80}),
    "whisper-large-v3": (_WHISPER, {**_LARGE, "num_mel_bins": 128}),
    "qwen2.5-omni-7b-audio": (
        ("qwen2_5_omni", "Qwen2_5OmniAudioEncoder", "Qwen2_5OmniAudioEncoderConfig"),
        {**_LARGE, "num_mel_bins": 128, "output_dim": 3584},
    ),
    "wav2vec2-base": (_WAVE, _VIT_B),
    "wav2vec2-large-lv60": (_WAVE, {**_VIT_L, **_STABLE}),
    "hubert-large": (("hubert", "HubertModel", "HubertConfig"), {**_VIT_L, **_STABLE}),
    "w2v-bert-2.0": (
        ("wav2vec2_bert", "Wav2Vec2BertModel", "Wav2Vec2BertConfig"),
        {**_VIT_L, "feature_projection_input_dim": 160},
    ),
    "ast-audioset-10-10": (("audio_spectrogram_transformer", "ASTModel", "ASTConfig"), _VIT_B),
}


def built(encoder: str) -> ShapeCheckpoint:
    """Return the names and shapes of an encoder of `PUBLISHED`."""
    (module, model, config), settings = PUBLISHED[encoder]
    with warnings.catch_warnings(), torch.device("meta"):
        warnings.simplefilter("ignore")  # deprecations inside transformers' own imports
        package = importlib.import_module(f"transformers.models.{module}.modeling_{module}")
        configs = importlib.import_module(f"transformers.models.{module}.configuration_{module}")
        made = getattr(package, model)(getattr(configs, config)(**settings))
    return ShapeCheckpoint({name: tuple(tensor.shape) for name, tensor in made.state_dict().items()})
