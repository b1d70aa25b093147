"""Small instances of encoders and language models, as transformers and timm build them, with what they are."""

from __future__ import annotations

import importlib
import importlib.util
import sys
import types
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch

from tests.inspector.anatomy.instances import TEXT, transformers

V, A, L = "vision_encoder", "audio_encoder", "language_model"
D, M, HEADS, DEPTH = 32, 48, 4, 2


@dataclass(frozen=True, slots=True)
class Tower:
    """One instance: library, what builds it, and the kind and family it must be found as."""

    library: str
    build: Callable[[], Any]
    kind: str
    family: str


def _hf(module: str, model: str, config: str, kind: str, family: str, **settings: Any) -> Tower:
    """A class of transformers that takes one configuration."""

    def build() -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # deprecations inside transformers' own imports
            package = importlib.import_module(f"transformers.models.{module}.modeling_{module}")
            configs = importlib.import_module(f"transformers.models.{module}.configuration_{module}")
            return getattr(package, model)(getattr(configs, config)(**settings))

    return Tower("transformers", build, kind, family)


VIT: dict[str, Any] = {"hidden_size": D, "intermediate_size": M, "num_hidden_layers": DEPTH,
                       "num_attention_heads": HEADS, "image_size": 32, "patch_size": 8}  # fmt: skip
QWEN: dict[str, Any] = {"depth": DEPTH, "hidden_size": D, "intermediate_size": M, "num_heads": HEADS,
                        "patch_size": 4, "out_hidden_size": D}  # fmt: skip
SPEECH: dict[str, Any] = {"d_model": D, "encoder_layers": DEPTH, "encoder_attention_heads": HEADS,
                          "encoder_ffn_dim": M, "output_dim": 24, "num_mel_bins": 80}  # fmt: skip
WAVE: dict[str, Any] = {"hidden_size": D, "intermediate_size": M, "num_hidden_layers": DEPTH,
                        "num_attention_heads": HEADS, "conv_dim": [16, 16, 16], "conv_stride": [2, 2, 2],
                        "conv_kernel": [3, 3, 3], "num_conv_pos_embeddings": 8,
                        "num_conv_pos_embedding_groups": 4}  # fmt: skip
BERT: dict[str, Any] = {"hidden_size": D, "intermediate_size": M, "num_hidden_layers": DEPTH,
                        "num_attention_heads": HEADS, "vocab_size": 120, "max_position_embeddings": 40}  # fmt: skip
RESNET: dict[str, Any] = {"embedding_size": 16, "hidden_sizes": [32, 64], "depths": [2, 1], "out_features": None}
EXPERTS: dict[str, Any] = {"num_experts": 3, "num_experts_per_tok": 2, "moe_intermediate_size": 24}

TRANSFORMERS: dict[str, Tower] = {
    "Qwen2-VL": _hf("qwen2_vl", "Qwen2VisionTransformerPretrainedModel", "Qwen2VLVisionConfig", V, "qwen2_vl",
                    depth=DEPTH, embed_dim=D, hidden_size=D, num_heads=HEADS, mlp_ratio=2, patch_size=4),
    "Qwen2.5-VL": _hf("qwen2_5_vl", "Qwen2_5_VisionTransformerPretrainedModel", "Qwen2_5_VLVisionConfig", V,
                      "qwen2_5_vl", **QWEN),
    "Qwen3-VL": _hf("qwen3_vl", "Qwen3VLVisionModel", "Qwen3VLVisionConfig", V, "qwen3_vl",
                    deepstack_visual_indexes=[0], num_position_embeddings=16, **QWEN),
    "Qwen3.5": _hf("qwen3_5", "Qwen3_5VisionModel", "Qwen3_5VisionConfig", V, "qwen3_vl",
                   num_position_embeddings=16, **QWEN),
    "Qwen3-Omni vision": _hf("qwen3_omni_moe", "Qwen3OmniMoeVisionEncoder", "Qwen3OmniMoeVisionEncoderConfig", V,
                             "qwen3_vl", deepstack_visual_indexes=[0], num_position_embeddings=16, **QWEN),
    "Qwen2.5-Omni vision": _hf("qwen2_5_omni", "Qwen2_5OmniVisionEncoder", "Qwen2_5OmniVisionEncoderConfig", V,
                               "qwen2_5_vl", **QWEN),
    "EXAONE 4.5": _hf("exaone4_5", "Exaone4_5_VisionModel", "Exaone4_5_VisionConfig", V, "qwen2_5_vl",
                      num_key_value_heads=2, **QWEN),
    "GLM-4.1V": _hf("glm4v", "Glm4vVisionModel", "Glm4vVisionConfig", V, "glm4v", image_size=16, **QWEN),
    "GLM-OCR": _hf("glm_ocr", "GlmOcrVisionModel", "GlmOcrVisionConfig", V, "glm4v", **QWEN),
    "CLIP": _hf("clip", "CLIPVisionModel", "CLIPVisionConfig", V, "clip", **VIT),
    "SigLIP": _hf("siglip", "SiglipVisionModel", "SiglipVisionConfig", V, "siglip", **VIT),
    "SigLIP 2": _hf("siglip2", "Siglip2VisionModel", "Siglip2VisionConfig", V, "siglip", hidden_size=D,
                    intermediate_size=M, num_hidden_layers=DEPTH, num_attention_heads=HEADS, patch_size=4,
                    num_patches=16),
    "DINOv2": _hf("dinov2", "Dinov2Model", "Dinov2Config", V, "dinov2", mlp_ratio=2,
                  **{k: v for k, v in VIT.items() if k != "intermediate_size"}),
    "DINOv2 giant (SwiGLU)": _hf("dinov2", "Dinov2Model", "Dinov2Config", V, "dinov2", mlp_ratio=2, use_swiglu_ffn=True,
                                 **{k: v for k, v in VIT.items() if k != "intermediate_size"}),
    "DINOv2 with registers": _hf("dinov2_with_registers", "Dinov2WithRegistersModel", "Dinov2WithRegistersConfig", V,
                                 "dinov2", mlp_ratio=2, num_register_tokens=4,
                                 **{k: v for k, v in VIT.items() if k != "intermediate_size"}),
    "DINOv3": _hf("dinov3_vit", "DINOv3ViTModel", "DINOv3ViTConfig", V, "dinov3", num_register_tokens=4, **VIT),
    "DINOv3 (gated)": _hf("dinov3_vit", "DINOv3ViTModel", "DINOv3ViTConfig", V, "dinov3", use_gated_mlp=True,
                          num_register_tokens=4, **VIT),
    "InternViT": _hf("internvl", "InternVLVisionModel", "InternVLVisionConfig", V, "internvit", use_qk_norm=True,
                     **VIT),
    "AIMv2": _hf("aimv2", "Aimv2VisionModel", "Aimv2VisionConfig", V, "aimv2", **VIT),
    "SAM": _hf("sam", "SamVisionModel", "SamVisionConfig", V, "sam", output_channels=16, window_size=2,
               global_attn_indexes=[1], mlp_dim=M, **{k: v for k, v in VIT.items() if k != "intermediate_size"}),
    "ViT": _hf("vit", "ViTModel", "ViTConfig", V, "vit", **VIT),
    "Pixtral": _hf("pixtral", "PixtralVisionModel", "PixtralVisionConfig", V, "pixtral", **VIT),
    "Llama 3.2 Vision": _hf("mllama", "MllamaVisionModel", "MllamaVisionConfig", V, "mllama", hidden_size=D,
                            intermediate_size=M, num_hidden_layers=DEPTH, num_global_layers=2, attention_heads=HEADS,
                            image_size=32, patch_size=8, intermediate_layers_indices=[0]),
    "Llama 4 vision": _hf("llama4", "Llama4VisionModel", "Llama4VisionConfig", V, "llama4_vision",
                          projector_input_dim=24, projector_output_dim=24, **VIT | {"intermediate_size": 128}),
    "Gemma 4 vision": _hf("gemma4", "Gemma4VisionModel", "Gemma4VisionConfig", V, "gemma4_vision", head_dim=8,
                          num_key_value_heads=HEADS, position_embedding_size=16,
                          **{k: v for k, v in VIT.items() if k != "image_size"}),
    "ResNet": _hf("resnet", "ResNetModel", "ResNetConfig", V, "resnet", **RESNET),
    "Whisper": _hf("whisper", "WhisperEncoder", "WhisperConfig", A, "whisper",
                   **{k: v for k, v in SPEECH.items() if k != "output_dim"}),
    "Qwen2.5-Omni audio": _hf("qwen2_5_omni", "Qwen2_5OmniAudioEncoder", "Qwen2_5OmniAudioEncoderConfig", A, "whisper",
                              **SPEECH),
    "Qwen3-Omni audio": _hf("qwen3_omni_moe", "Qwen3OmniMoeAudioEncoder", "Qwen3OmniMoeAudioEncoderConfig", A,
                            "qwen3_omni_audio", downsample_hidden_size=8, **SPEECH),
    "wav2vec 2.0": _hf("wav2vec2", "Wav2Vec2Model", "Wav2Vec2Config", A, "wav2vec2", **WAVE),
    "HuBERT": _hf("hubert", "HubertModel", "HubertConfig", A, "wav2vec2", **WAVE),
    "WavLM": _hf("wavlm", "WavLMModel", "WavLMConfig", A, "wav2vec2", **WAVE),
    "w2v-BERT 2.0": _hf("wav2vec2_bert", "Wav2Vec2BertModel", "Wav2Vec2BertConfig", A, "w2v_bert", hidden_size=D,
                        intermediate_size=M, num_hidden_layers=DEPTH, num_attention_heads=HEADS,
                        feature_projection_input_dim=20, conv_depthwise_kernel_size=5),
    "AST": _hf("audio_spectrogram_transformer", "ASTModel", "ASTConfig", A, "ast", hidden_size=D, intermediate_size=M,
               num_hidden_layers=DEPTH, num_attention_heads=HEADS, max_length=64, num_mel_bins=32),
    "Parakeet": _hf("parakeet", "ParakeetEncoder", "ParakeetEncoderConfig", A, "conformer", hidden_size=D,
                    intermediate_size=M, num_hidden_layers=DEPTH, num_attention_heads=HEADS, conv_kernel_size=5,
                    subsampling_conv_channels=8, num_mel_bins=32),
    "CLAP": _hf("clap", "ClapAudioModel", "ClapAudioConfig", A, "clap", depths=[1, 2], num_attention_heads=[2, 4],
                patch_embeds_hidden_size=16, hidden_size=32, spec_size=32, num_mel_bins=8, window_size=4,
                projection_dim=16),
    "Llama": _hf("llama", "LlamaForCausalLM", "LlamaConfig", L, "llama", **TEXT),
    "Phi-3": _hf("phi3", "Phi3ForCausalLM", "Phi3Config", L, "llama", **TEXT),
    "Gemma 2": _hf("gemma2", "Gemma2ForCausalLM", "Gemma2Config", L, "gemma", head_dim=8, **TEXT),
    "GPT-2": _hf("gpt2", "GPT2LMHeadModel", "GPT2Config", L, "gpt2", n_embd=D, n_layer=DEPTH, n_head=HEADS,
                 vocab_size=120, n_positions=40),
    "BERT": _hf("bert", "BertModel", "BertConfig", L, "bert", **BERT),
    "RoBERTa": _hf("roberta", "RobertaModel", "RobertaConfig", L, "bert", **BERT),
    "DistilBERT": _hf("distilbert", "DistilBertModel", "DistilBertConfig", L, "bert", dim=D, hidden_dim=M,
                      n_layers=DEPTH, n_heads=HEADS, vocab_size=120, max_position_embeddings=40),
    "Mixtral": _hf("mixtral", "MixtralForCausalLM", "MixtralConfig", L, "llama", num_local_experts=3, **TEXT),
    "Qwen2-MoE": _hf("qwen2_moe", "Qwen2MoeForCausalLM", "Qwen2MoeConfig", L, "llama",
                     shared_expert_intermediate_size=40, **EXPERTS, **TEXT),
    "Qwen3-MoE": _hf("qwen3_moe", "Qwen3MoeForCausalLM", "Qwen3MoeConfig", L, "llama", head_dim=8, **EXPERTS, **TEXT),
    "Llama 4 text": _hf("llama4", "Llama4ForCausalLM", "Llama4TextConfig", L, "llama4", intermediate_size_mlp=M,
                        head_dim=8, num_local_experts=3, **TEXT),
}  # fmt: skip


def _timm(model: str, family: str, **settings: Any) -> Tower:
    def build() -> Any:
        return timm().create_model(model, pretrained=False, **settings)

    return Tower("timm", build, V, family)


SMALL: dict[str, Any] = {"embed_dim": D, "depth": DEPTH, "num_heads": HEADS, "img_size": 32, "patch_size": 8}
TIMM: dict[str, Tower] = {
    "ViT": _timm("vit_base_patch16_224", "vit", num_classes=10, **SMALL),
    "SigLIP": _timm("vit_base_patch16_siglip_224", "vit", **SMALL),
    "CLIP": _timm("vit_base_patch16_clip_224", "vit", num_classes=10, **SMALL),
    "DINOv2": _timm("vit_base_patch14_dinov2", "dinov2", **SMALL),
    "DINOv2 giant (SwiGLU)": _timm("vit_giant_patch14_dinov2", "dinov2", **SMALL),
    "DINOv3": _timm("vit_base_patch16_dinov3", "dinov3", **SMALL),
    "InternViT": _timm("vit_intern300m_patch14_448", "internvit", **SMALL),
    "AIMv2": _timm("aimv2_large_patch14_224", "aimv2", **SMALL),
    "EVA-02 CLIP": _timm("eva02_large_patch14_clip_224", "eva", **SMALL),
    "EVA CLIP g": _timm("eva_giant_patch14_clip_224", "eva", **SMALL),
    "SAM": _timm("samvit_base_patch16", "sam", global_attn_indexes=(1,), window_size=2, **SMALL),
    "SAM 2": _timm("sam2_hiera_tiny", "sam2", embed_dim=16, stages=(1, 2), q_pool=1,
                   global_att_blocks=(1,), window_spec=(4, 4)),
    "ResNet-18": _timm("resnet18", "resnet", num_classes=10, channels=(8, 16, 16, 16)),
    "ResNet-50": _timm("resnet50", "resnet", num_classes=10, layers=(1, 2, 1, 1), channels=(8, 8, 8, 8)),
    "Swin": _timm("swin_tiny_patch4_window7_224", "swin", embed_dim=16, depths=(1, 2), num_heads=(2, 4), img_size=32,
                  window_size=4),
}  # fmt: skip


class _Anything(type):
    """The type of a stand-in class: every attribute is a text, as an enumeration's members could be."""

    def __getattr__(cls, name: str) -> str:
        if name.startswith("_"):
            raise AttributeError(name)
        return f"{cls.__name__}.{name}"


class _Inert(types.ModuleType):
    """A module that has every class and does nothing: enough for timm's imports of torchvision."""

    __path__: list[str] = []  # noqa: RUF012

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Anything(name, (), {})


def timm() -> Any:
    """Import timm; where torchvision has no build for this torch, behind inert stand-ins that are taken away again."""
    if "timm" in sys.modules:
        return sys.modules["timm"]
    names = ["", ".transforms", ".transforms.functional", ".models", ".models.feature_extraction", ".ops", ".ops.misc",
             ".datasets", ".utils"]  # fmt: skip
    missing = importlib.util.find_spec("torchvision") is None
    if missing:
        for name in names:
            stand_in = _Inert("torchvision" + name)
            sys.modules[stand_in.__name__] = stand_in
            parent, _, last = stand_in.__name__.rpartition(".")
            if parent:
                setattr(sys.modules[parent], last, stand_in)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return importlib.import_module("timm")
    finally:
        if missing:
            for name in names:
                sys.modules.pop("torchvision" + name, None)


def draw(tower: Tower) -> Any:
    """Build an instance with every parameter and every float buffer drawn anew, so that no two rows are equal."""
    transformers.utils.logging.disable_progress_bar()
    torch.manual_seed(0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = tower.build()
    with torch.no_grad():
        for tensor in model.state_dict().values():
            if tensor.is_floating_point():
                tensor.copy_(torch.randn(tensor.shape))
    return model
