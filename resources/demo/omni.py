"""The multimodal model of the sample: a small language model that reads what the two encoders see and hear."""

from __future__ import annotations

from typing import ClassVar

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from resources.demo.models import (
    AudioConfig,
    AudioEncoder,
    GatedMlp,
    TextConfig,
    VisionConfig,
    VisionEncoder,
    join_heads,
    rotate,
    split_heads,
)

AUDIO_POOL = 4  # frames that become one token of the language model


class TextAttention(nn.Module):
    """Causal self-attention with fewer key and value heads than query heads."""

    def __init__(self, config: TextConfig) -> None:
        super().__init__()
        self.heads, self.groups = config.num_attention_heads, config.num_key_value_heads
        self.head_width = config.hidden_size // self.heads
        self.q_proj = nn.Linear(config.hidden_size, config.hidden_size, bias=False)
        self.k_proj = nn.Linear(config.hidden_size, self.groups * self.head_width, bias=False)
        self.v_proj = nn.Linear(config.hidden_size, self.groups * self.head_width, bias=False)
        self.o_proj = nn.Linear(config.hidden_size, config.hidden_size, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """Map (batch, tokens, width) to the same shape."""
        frequencies = 10000.0 ** (-torch.arange(0, self.head_width, 2) / self.head_width)
        angles = torch.arange(x.shape[1])[:, None] * frequencies
        q = rotate(split_heads(self.q_proj(x), self.heads), angles)
        k = rotate(split_heads(self.k_proj(x), self.groups), angles)
        v = split_heads(self.v_proj(x), self.groups)
        k, v = (part.repeat_interleave(self.heads // self.groups, dim=1) for part in (k, v))
        out: Tensor = self.o_proj(join_heads(F.scaled_dot_product_attention(q, k, v, is_causal=True)))
        return out


class TextBlock(nn.Module):
    """One pre-norm block of the language model."""

    def __init__(self, config: TextConfig) -> None:
        super().__init__()
        self.self_attn = TextAttention(config)
        self.mlp = GatedMlp(config.hidden_size, config.intermediate_size, bias=False)
        self.input_layernorm = nn.RMSNorm(config.hidden_size, eps=1e-6)
        self.post_attention_layernorm = nn.RMSNorm(config.hidden_size, eps=1e-6)

    def forward(self, x: Tensor) -> Tensor:
        """Map (batch, tokens, width) to the same shape."""
        x = x + self.self_attn(self.input_layernorm(x))
        out: Tensor = x + self.mlp(self.post_attention_layernorm(x))
        return out


class TextStack(nn.Module):
    """Embedding, blocks and last norm: what Llama's checkpoints keep under `model.`."""

    def __init__(self, config: TextConfig) -> None:
        super().__init__()
        self.embed_tokens = nn.Embedding(config.vocab_size, config.hidden_size)
        self.layers = nn.ModuleList(TextBlock(config) for _ in range(config.num_hidden_layers))
        self.norm = nn.RMSNorm(config.hidden_size, eps=1e-6)


class LanguageModel(nn.Module):
    """A Llama-like language model over characters."""

    def __init__(self, config: TextConfig) -> None:
        super().__init__()
        self.model = TextStack(config)
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        nn.init.normal_(self.model.embed_tokens.weight, std=0.1)

    def forward(self, tokens: Tensor, prefix: Tensor | None = None) -> Tensor:
        """Logits (batch, tokens, vocabulary) at each of `tokens`, which follow the vectors of `prefix`."""
        x = self.model.embed_tokens(tokens)
        if prefix is not None:
            x = torch.cat([prefix, x], dim=1)
        for layer in self.model.layers:
            x = layer(x)
        logits: Tensor = self.lm_head(self.model.norm(x[:, -tokens.shape[1] :]))
        return logits


class AudioProjector(nn.Module):
    """Two linear layers from pooled audio frames to the language model's width."""

    def __init__(self, audio_width: int, width: int) -> None:
        super().__init__()
        self.fc1 = nn.Linear(audio_width, 2 * audio_width)
        self.fc2 = nn.Linear(2 * audio_width, width)

    def forward(self, frames: Tensor) -> Tensor:
        """Map (batch, frames, audio width) to (batch, frames / AUDIO_POOL, width)."""
        pooled = frames.reshape(len(frames), -1, AUDIO_POOL, frames.shape[2]).mean(dim=2)
        out: Tensor = self.fc2(F.gelu(self.fc1(pooled)))
        return out


class Omni(nn.Module):
    """Vision encoder, audio encoder, their projectors and the language model.

    `PREFIXES` maps each attribute to its prefix in the saved checkpoint.
    """

    PREFIXES: ClassVar[dict[str, str]] = {
        "vision": "model.vision_model.",
        "vision_projector": "model.mm_projector.",
        "audio": "audio_tower.",
        "audio_projector": "model.audio_projector.",
        "language": "model.language_model.",
    }

    def __init__(self, vision: VisionConfig, audio: AudioConfig, text: TextConfig) -> None:
        super().__init__()
        self.vision = VisionEncoder(vision)
        self.audio = AudioEncoder(audio)
        self.vision_projector = nn.Linear(vision.out_hidden_size, text.hidden_size)
        self.audio_projector = AudioProjector(audio.d_model, text.hidden_size)
        self.language = LanguageModel(text)

    def caption_image(self, images: Tensor, tokens: Tensor) -> Tensor:
        """Logits of a caption's characters after the image."""
        logits: Tensor = self.language(tokens, self.vision_projector(self.vision(images)))
        return logits

    def caption_sound(self, mels: Tensor, tokens: Tensor) -> Tensor:
        """Logits of a caption's characters after the sound."""
        logits: Tensor = self.language(tokens, self.audio_projector(self.audio(mels)))
        return logits

    def checkpoint(self) -> dict[str, Tensor]:
        """Every parameter under the name it is saved by."""
        return {
            prefix + name: value
            for attribute, prefix in self.PREFIXES.items()
            for name, value in self.get_submodule(attribute).state_dict().items()
        }
