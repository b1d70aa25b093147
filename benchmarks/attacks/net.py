"""A model of the zoo as attacks see it: tensors under roles, its shape, and the way back to a file and to a network."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor, nn

from benchmarks.attacks.layout import OUTSIDE_FILE, Layout
from benchmarks.zoo.altering import Weights
from benchmarks.zoo.families import AUDIO, EXPERTS, MOE, TEXT, VISION, Pupil
from benchmarks.zoo.networks import GeluViT, MoeModel
from resources.demo.models import AudioEncoder, VisionEncoder
from resources.demo.omni import LanguageModel


@dataclass(frozen=True, slots=True)
class Shape:
    """Counts: blocks, residual width, query heads, groups (heads of keys and values), units of an MLP, experts."""

    layers: int
    width: int
    heads: int
    groups: int
    hidden: int
    experts: int = 0

    @property
    def head_width(self) -> int:
        """Dimensions of a head."""
        return self.width // self.heads


SHAPES = {
    "vit_gelu": Shape(VISION.depth, VISION.hidden_size, VISION.num_heads, VISION.num_heads, VISION.intermediate_size),
    "vit_swiglu": Shape(VISION.depth, VISION.hidden_size, VISION.num_heads, VISION.num_heads, VISION.intermediate_size),
    "whisper_audio": Shape(
        AUDIO.encoder_layers, AUDIO.d_model, AUDIO.encoder_attention_heads, AUDIO.encoder_attention_heads,
        AUDIO.encoder_ffn_dim,
    ),
    "gqa_decoder": Shape(
        TEXT.num_hidden_layers, TEXT.hidden_size, TEXT.num_attention_heads, TEXT.num_key_value_heads,
        TEXT.intermediate_size,
    ),
    "moe_decoder": Shape(
        MOE.num_hidden_layers, MOE.hidden_size, MOE.num_attention_heads, MOE.num_key_value_heads,
        MOE.intermediate_size, EXPERTS,
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Net:
    """A model under roles (`layout`); `parts` are float32 and never changed in place."""

    layout: Layout
    shape: Shape
    parts: Mapping[str, Tensor]

    def with_parts(self, changed: Mapping[str, Tensor]) -> Net:
        """Return the model with some parts replaced."""
        return replace(self, parts={**self.parts, **changed})

    def mlps(self) -> Iterator[str]:
        """Yield the prefix of every MLP: "blocks.0." or "blocks.0.experts.0."."""
        for layer in range(self.shape.layers):
            if self.shape.experts:
                yield from (f"blocks.{layer}.experts.{expert}." for expert in range(self.shape.experts))
            else:
                yield f"blocks.{layer}."

    def of_kind(self, *kinds: str, within: str = "") -> Iterator[str]:
        """Yield the names of the parts of some kinds, below a prefix."""
        yield from (name for name in self.parts if kind_of(name) in kinds and name.startswith(within))


def kind_of(name: str) -> str:
    """The kind of a part: "q" of "blocks.0.q.weight"."""
    return name.split(".")[-2]


def layer_of(name: str) -> int | None:
    """The block of a part, None outside blocks."""
    return int(name.split(".")[1]) if name.startswith("blocks.") else None


def _stored_roles(layout: Layout, shape: Shape) -> Iterator[tuple[str, str]]:
    """Yield (role, name in the file without the family's prefix), both without ".weight" in blocks."""
    for layer in range(shape.layers):
        for role, stored in layout.block.items():
            at = f"{layout.family.blocks}{layer}."
            if not role.startswith("experts."):
                yield f"blocks.{layer}.{role}", at + stored
                continue
            for expert in range(shape.experts):
                inner = role.replace("experts.", f"experts.{expert}.")
                yield f"blocks.{layer}.{inner}", at + stored.format(expert)


def from_stored(layout: Layout, shape: Shape, body: Weights, head: Weights) -> Net:
    """Return a model from the tensors of its network, and the classifier's ({} where it has none)."""
    parts = {role: body[name] for role, name in layout.outside.items()}
    for role, name in _stored_roles(layout, shape):
        for what in ("weight", "bias"):
            if f"{name}.{what}" not in body:
                continue
            value = body[f"{name}.{what}"]
            if role.endswith(".qkv"):
                stem = role.removesuffix("qkv")
                parts |= {f"{stem}{part}.{what}": v for part, v in zip("qkv", value.chunk(3), strict=True)}
            else:
                parts[f"{role}.{what}"] = value
    reader = OUTSIDE_FILE[0] if layout.reads_residual else OUTSIDE_FILE[1]
    parts |= {f"{reader}.{name}": value for name, value in head.items()}
    return Net(layout, shape, parts)


def to_stored(net: Net) -> Weights:
    """Return the tensors of the network, under its own names (without the prefix they are saved with)."""
    stored = {name: net.parts[role] for role, name in net.layout.outside.items()}
    for role, name in _stored_roles(net.layout, net.shape):
        for what in ("weight", "bias"):
            if role.endswith(".qkv"):
                stem = role.removesuffix("qkv")
                own = [net.parts[f"{stem}{part}.{what}"] for part in "qkv"]
                stored[f"{name}.{what}"] = torch.cat(own)
            elif f"{role}.{what}" in net.parts:
                stored[f"{name}.{what}"] = net.parts[f"{role}.{what}"]
    return {name: value.float().contiguous() for name, value in stored.items()}


def to_file(net: Net) -> Weights:
    """Return the tensors as they are saved."""
    return {net.layout.family.prefix + name: value for name, value in to_stored(net).items()}


def through(net: Net, change: Callable[[Weights], Weights]) -> Net:
    """Return the model after a change of its stored tensors that keeps names and shapes."""
    own = {name.removeprefix("classifier."): v for name, v in net.parts.items() if kind_of(name) in OUTSIDE_FILE}
    own = {name.removeprefix("answers."): v for name, v in own.items()}
    return from_stored(net.layout, net.shape, change(to_stored(net)), own)


def network(net: Net) -> nn.Module:
    """Return an untrained network of the model's shape."""
    shape = net.shape
    if net.layout.family.name.startswith("vit"):
        vision = replace(
            VISION, depth=shape.layers, hidden_size=shape.width, num_heads=shape.heads,
            intermediate_size=shape.hidden,
        )  # fmt: skip
        return GeluViT(vision) if net.layout.family.name == "vit_gelu" else VisionEncoder(vision)
    if net.layout.family.name == "whisper_audio":
        audio = replace(AUDIO, encoder_layers=shape.layers, d_model=shape.width, encoder_ffn_dim=shape.hidden)
        return AudioEncoder(audio)
    text = replace(
        TEXT, num_hidden_layers=shape.layers, hidden_size=shape.width, intermediate_size=shape.hidden,
        num_attention_heads=shape.heads, num_key_value_heads=shape.groups,
    )  # fmt: skip
    return MoeModel(text, shape.experts) if shape.experts else LanguageModel(text)


def pupil_of(net: Net, classes: int) -> Pupil:
    """Return the model ready to run, with a new classifier of so many classes (0: none, as for sentences)."""
    body = network(net)
    body.load_state_dict(to_stored(net))
    width = net.shape.width if net.layout.reads_residual else VISION.out_hidden_size
    return Pupil(body, width, classes)


def config_of(net: Net) -> dict[str, Any]:
    """Return the config.json that says the model's shape."""
    shape = net.shape
    sizes = {
        "depth": shape.layers, "encoder_layers": shape.layers, "num_hidden_layers": shape.layers,
        "hidden_size": shape.width, "d_model": shape.width, "embed_dim": shape.width, "num_features": shape.width,
        "num_heads": shape.heads, "encoder_attention_heads": shape.heads, "num_attention_heads": shape.heads,
        "num_key_value_heads": shape.groups, "intermediate_size": shape.hidden, "encoder_ffn_dim": shape.hidden,
        "moe_intermediate_size": shape.hidden, "num_experts": shape.experts,
    }  # fmt: skip

    def sized(level: dict[str, Any]) -> dict[str, Any]:
        return {key: sized(value) if isinstance(value, dict) else sizes.get(key, value) for key, value in level.items()}

    config = sized(copy.deepcopy(net.layout.family.config))
    if net.layout.family.name == "vit_gelu" and shape.hidden * 3 != shape.width * 8:
        config["model_args"]["mlp_ratio"] = shape.hidden / shape.width
    return config
