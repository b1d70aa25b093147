"""Where each family keeps what an attack touches: roles -> tensor names, as data.

Attacks see a `Net`: tensors under roles that are the same in every family, query, key and value apart.

- "blocks.2.q.weight", "blocks.0.experts.3.up.bias", "patch.weight": the last word but one is the kind of the part.
- A two-layer MLP has `up` and `down`, a gated one also `gate`; a mixture has `router` and `experts.<n>.`.
- `classifier` is the linear layer that reads the zoo's encoders; it is in no file. It stands here because a change of
  the residual stream must be undone where the last norm is read. Where a projector comes between, it is `answers`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from benchmarks.zoo.families import FAMILIES, Family

Norm = Literal["rms", "layer"]

WRITERS = ("o", "down", "patch")  # along their first dimension
TABLES = ("cls", "pos", "embed")  # along their last
READERS = {  # along their last dimension, each through the norm named
    "norm1": ("q", "k", "v"),
    "norm2": ("gate", "up", "router"),
    "final": ("head", "merger_in", "classifier"),
}
HIDDEN_OUTSIDE = {
    "patch": "stem",
    "merger_out": "merger_in",
}  # what reads hidden units outside the blocks: their writer
OUTSIDE_FILE = ("classifier", "answers")


@dataclass(frozen=True, slots=True)
class Layout:
    """One family.

    Attributes:
        family: of the zoo. norm: of all its norms. rope: rotary positions in every head.
        block: role in a block -> name in a block, both without ".weight". outside: role -> name of a tensor outside.
        fused: query, key and value are one tensor under the name of `qkv`.
        pinned: why the residual stream can only be permuted, "" where it can be turned.
    """

    family: Family
    norm: Norm
    rope: bool
    block: Mapping[str, str]
    outside: Mapping[str, str]
    fused: bool = False
    pinned: str = ""

    @property
    def gated(self) -> bool:
        """Whether an MLP multiplies two layers."""
        return "gate" in self.block or "experts.gate" in self.block

    @property
    def reads_residual(self) -> bool:
        """Whether what comes out of the model is the residual stream after the last norm."""
        return not any(role.startswith(("head", "merger_in")) for role in self.outside)


_TIMM_BLOCK = {
    "norm1": "norm1", "norm2": "norm2", "qkv": "attn.qkv", "o": "attn.proj", "up": "mlp.fc1", "down": "mlp.fc2",
}  # fmt: skip
_QWEN_BLOCK = {
    "norm1": "norm1", "norm2": "norm2", "qkv": "attn.qkv", "o": "attn.proj",
    "gate": "mlp.gate_proj", "up": "mlp.up_proj", "down": "mlp.down_proj",
}  # fmt: skip
_WHISPER_BLOCK = {
    "norm1": "self_attn_layer_norm", "norm2": "final_layer_norm", "q": "self_attn.q_proj", "k": "self_attn.k_proj",
    "v": "self_attn.v_proj", "o": "self_attn.out_proj", "up": "fc1", "down": "fc2",
}  # fmt: skip
_LLAMA_ATTENTION = {
    "norm1": "input_layernorm", "norm2": "post_attention_layernorm", "q": "self_attn.q_proj", "k": "self_attn.k_proj",
    "v": "self_attn.v_proj", "o": "self_attn.o_proj",
}  # fmt: skip
_LLAMA_MLP = {"gate": "mlp.gate_proj", "up": "mlp.up_proj", "down": "mlp.down_proj"}
_MIXTURE = {
    "router": "mlp.gate", "experts.gate": "mlp.experts.{}.gate_proj", "experts.up": "mlp.experts.{}.up_proj",
    "experts.down": "mlp.experts.{}.down_proj",
}  # fmt: skip
_LLAMA_OUTSIDE = {
    "embed.weight": "model.embed_tokens.weight", "final.weight": "model.norm.weight", "head.weight": "lm_head.weight",
}  # fmt: skip
_GELU_WRITES = "GELU(conv2) writes the residual stream and the sinusoid is fixed: neither is free to be turned"

_ALL = (
    Layout(FAMILIES["vit_gelu"], "layer", False, _TIMM_BLOCK, {
        "patch.weight": "patch_embed.proj.weight", "patch.bias": "patch_embed.proj.bias", "cls.weight": "cls_token",
        "pos.weight": "pos_embed", "final.weight": "norm.weight", "final.bias": "norm.bias",
    }, fused=True),
    Layout(FAMILIES["vit_swiglu"], "rms", True, _QWEN_BLOCK, {
        "patch.weight": "patch_embed.proj.weight", "final.weight": "merger.ln_q.weight",
        "merger_in.weight": "merger.mlp.0.weight", "merger_in.bias": "merger.mlp.0.bias",
        "merger_out.weight": "merger.mlp.2.weight", "merger_out.bias": "merger.mlp.2.bias",
    }, fused=True),
    Layout(FAMILIES["whisper_audio"], "layer", False, _WHISPER_BLOCK, {
        "stem.weight": "conv1.weight", "stem.bias": "conv1.bias", "patch.weight": "conv2.weight",
        "patch.bias": "conv2.bias", "pos.weight": "embed_positions.weight", "final.weight": "layer_norm.weight",
        "final.bias": "layer_norm.bias",
    }, pinned=_GELU_WRITES),
    Layout(FAMILIES["gqa_decoder"], "rms", True, _LLAMA_ATTENTION | _LLAMA_MLP, _LLAMA_OUTSIDE),
    Layout(FAMILIES["moe_decoder"], "rms", True, _LLAMA_ATTENTION | _MIXTURE, _LLAMA_OUTSIDE),
)  # fmt: skip
LAYOUTS = {layout.family.name: layout for layout in _ALL}
