"""The five families: what is built, under which names it is saved, how fast it learns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from torch import Tensor, nn

from benchmarks.zoo.networks import GeluViT, MoeModel
from benchmarks.zoo.subjects import PICTURES, SENTENCES, SOUNDS, Subject
from resources.demo import text
from resources.demo.models import AudioConfig, AudioEncoder, TextConfig, VisionConfig, VisionEncoder
from resources.demo.omni import LanguageModel

VISION = VisionConfig(depth=4, hidden_size=96, intermediate_size=256, num_heads=4, out_hidden_size=96)
AUDIO = AudioConfig(encoder_layers=4, d_model=96, encoder_ffn_dim=256, encoder_attention_heads=8)
VOCABULARY = len(text.ALPHABET)
TEXT = TextConfig(VOCABULARY, 4, hidden_size=96, intermediate_size=256, num_attention_heads=8, num_key_value_heads=4)
MOE = TextConfig(VOCABULARY, 4, hidden_size=96, intermediate_size=64, num_attention_heads=4, num_key_value_heads=2)
EXPERTS = 8


@dataclass(frozen=True, slots=True)
class Family:
    """One family.

    Attributes:
        prefix: stands before every name in the file.
        config: the config.json beside the file.
        blocks: prefix, below `prefix`, of the list of blocks; `mlp`: names in a block that belong to its MLP.
        batch, steps, rate: examples a step, steps and peak learning rate of a training from scratch.
        few: steps of a training from scratch in the small zoo of the tests.
    """

    name: str
    subject: Subject
    build: Callable[[], nn.Module]
    prefix: str
    config: dict[str, Any]
    blocks: str
    mlp: tuple[str, ...]
    batch: int
    steps: int
    few: int
    rate: float


class Pupil(nn.Module):
    """A body, and on top of it a linear classifier where the body gives no answers itself."""

    def __init__(self, body: nn.Module, width: int, classes: int) -> None:
        super().__init__()
        self.body = body
        self.head = nn.Linear(width, classes) if classes else None

    def forward(self, inputs: Tensor) -> Tensor:
        """Logits, (batch, classes) or (batch, characters, vocabulary)."""
        out: Tensor = self.body(inputs)
        return out if self.head is None else self.head(out.mean(dim=1))


def pupil(family: Family, data_set: str) -> Pupil:
    """A new model of a family with the classifier of a set, from the global random state."""
    return Pupil(family.build(), VISION.hidden_size, family.subject.classes.get(data_set, 0))


def _text_config(model_type: str, config: TextConfig, **more: int) -> dict[str, Any]:
    return {"model_type": model_type, "hidden_act": "silu", "rope_theta": 10000.0, **asdict(config), **more}


_TIMM = {
    "architecture": "vit_tiny_patch4_16", "num_classes": 0, "num_features": VISION.hidden_size,
    "model_args": {"img_size": 16, "patch_size": 4, "embed_dim": 96, "depth": 4, "num_heads": 4},
}  # fmt: skip
_QWEN_PART = {"model_type": "qwen2_5_vl", "hidden_act": "silu", **asdict(VISION)}
_QWEN = {"model_type": "qwen2_5_vl", "vision_config": _QWEN_PART}
_WHISPER = {"model_type": "whisper", "activation_function": "gelu", **asdict(AUDIO)}
_LLAMA = _text_config("llama", TEXT)
_EXPERTS = {"num_experts": EXPERTS, "num_experts_per_tok": 2, "moe_intermediate_size": MOE.intermediate_size}
_QWEN_MOE = _text_config("qwen3_moe", MOE, **_EXPERTS)

_MLP, _WHISPER_MLP = ("mlp.",), ("fc1.", "fc2.")
_ALL = (
    Family("vit_gelu", PICTURES, partial(GeluViT, VISION), "", _TIMM, "blocks.", _MLP,
           batch=32, steps=450, few=110, rate=2e-3),
    Family("vit_swiglu", PICTURES, partial(VisionEncoder, VISION), "visual.", _QWEN, "blocks.", _MLP,
           batch=32, steps=400, few=110, rate=2e-3),
    Family("whisper_audio", SOUNDS, partial(AudioEncoder, AUDIO), "encoder.", _WHISPER, "layers.", _WHISPER_MLP,
           batch=16, steps=550, few=150, rate=2e-3),
    Family("gqa_decoder", SENTENCES, partial(LanguageModel, TEXT), "", _LLAMA, "model.layers.", _MLP,
           batch=8, steps=400, few=80, rate=3e-3),
    Family("moe_decoder", SENTENCES, partial(MoeModel, MOE, EXPERTS), "", _QWEN_MOE, "model.layers.", _MLP,
           batch=8, steps=400, few=80, rate=3e-3),
)  # fmt: skip
FAMILIES = {family.name: family for family in _ALL}
