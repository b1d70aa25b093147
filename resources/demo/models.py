"""The networks of the sample: small instances of the layouts that real checkpoints use.

- Parameter names, shapes and orders are those on the hub: Qwen2.5-VL's vision tower (fused [q; k; v], Conv3d patch
  kernel), Whisper's encoder as Hugging Face and Qwen2-Audio write it.
- Every module's `state_dict` is therefore what is saved, apart from a prefix.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn


@dataclass(frozen=True, slots=True)
class VisionConfig:
    """Shape of the vision encoder; keys as in Qwen2.5-VL's `vision_config`."""

    depth: int = 8
    hidden_size: int = 48
    intermediate_size: int = 128
    num_heads: int = 4
    in_channels: int = 3
    image_size: int = 16
    patch_size: int = 4
    temporal_patch_size: int = 2
    spatial_merge_size: int = 2
    out_hidden_size: int = 64


@dataclass(frozen=True, slots=True)
class AudioConfig:
    """Shape of the audio encoder; keys as in Qwen2-Audio's `audio_config`."""

    encoder_layers: int = 6
    d_model: int = 48
    encoder_ffn_dim: int = 160
    encoder_attention_heads: int = 4
    num_mel_bins: int = 80
    max_source_positions: int = 32


@dataclass(frozen=True, slots=True)
class TextConfig:
    """Shape of the language model; keys as in Llama's config."""

    vocab_size: int
    num_hidden_layers: int = 6
    hidden_size: int = 64
    intermediate_size: int = 136
    num_attention_heads: int = 4
    num_key_value_heads: int = 2


def sinusoids(length: int, width: int) -> Tensor:
    """Whisper's fixed position table, (length, width): sines in the first half of each row, cosines in the second."""
    step = math.log(10000) / (width // 2 - 1)
    scales = torch.exp(-step * torch.arange(width // 2))
    angles = torch.arange(length)[:, None] * scales[None, :]
    return torch.cat([angles.sin(), angles.cos()], dim=1)


def rotate(x: Tensor, angles: Tensor) -> Tensor:
    """Rotary position embedding in the half-split order: x is (batch, heads, tokens, d), angles (tokens, d / 2)."""
    cos, sin = angles.cos(), angles.sin()
    first, second = x.chunk(2, dim=-1)
    return torch.cat([first * cos - second * sin, second * cos + first * sin], dim=-1)


def split_heads(x: Tensor, heads: int) -> Tensor:
    """(batch, tokens, heads * d) -> (batch, heads, tokens, d)."""
    return x.reshape(*x.shape[:2], heads, -1).transpose(1, 2)


def join_heads(x: Tensor) -> Tensor:
    """(batch, heads, tokens, d) -> (batch, tokens, heads * d)."""
    return x.transpose(1, 2).flatten(2)


class GatedMlp(nn.Module):
    """SwiGLU feed-forward layer."""

    def __init__(self, width: int, hidden: int, bias: bool) -> None:
        super().__init__()
        self.gate_proj = nn.Linear(width, hidden, bias=bias)
        self.up_proj = nn.Linear(width, hidden, bias=bias)
        self.down_proj = nn.Linear(hidden, width, bias=bias)

    def forward(self, x: Tensor) -> Tensor:
        """Map (..., width) to (..., width)."""
        out: Tensor = self.down_proj(F.silu(self.gate_proj(x)) * self.up_proj(x))
        return out


class PatchEmbed(nn.Module):
    """Qwen's patch embedding: a Conv3d whose stride is its kernel, so one matrix product per patch."""

    def __init__(self, config: VisionConfig) -> None:
        super().__init__()
        kernel = (config.temporal_patch_size, config.patch_size, config.patch_size)
        self.config = config
        self.proj = nn.Conv3d(config.in_channels, config.hidden_size, kernel, stride=kernel, bias=False)

    def forward(self, images: Tensor) -> Tensor:
        """Map (batch, channels, size, size) to (batch, patches, width), the patches of one 2 x 2 merge together."""
        size, merge = self.config.patch_size, self.config.spatial_merge_size
        grid = images.shape[-1] // size // merge
        cells = images.reshape(*images.shape[:2], grid, merge, size, grid, merge, size)
        patches = cells.permute(0, 2, 5, 3, 6, 1, 4, 7).flatten(1, 4)
        frames = patches.unsqueeze(3).expand(-1, -1, -1, self.config.temporal_patch_size, -1, -1)
        return F.linear(frames.flatten(2), self.proj.weight.flatten(1))


class VisionAttention(nn.Module):
    """Self-attention over all patches with a fused qkv and rotary positions."""

    def __init__(self, config: VisionConfig) -> None:
        super().__init__()
        self.heads = config.num_heads
        self.qkv = nn.Linear(config.hidden_size, 3 * config.hidden_size)
        self.proj = nn.Linear(config.hidden_size, config.hidden_size)

    def forward(self, x: Tensor, angles: Tensor) -> Tensor:
        """Map (batch, patches, width) to the same shape."""
        q, k, v = (split_heads(part, self.heads) for part in self.qkv(x).chunk(3, dim=-1))
        mixed = F.scaled_dot_product_attention(rotate(q, angles), rotate(k, angles), v)
        out: Tensor = self.proj(join_heads(mixed))
        return out


class VisionBlock(nn.Module):
    """One pre-norm block of the vision encoder."""

    def __init__(self, config: VisionConfig) -> None:
        super().__init__()
        self.norm1 = nn.RMSNorm(config.hidden_size, eps=1e-6)
        self.norm2 = nn.RMSNorm(config.hidden_size, eps=1e-6)
        self.attn = VisionAttention(config)
        self.mlp = GatedMlp(config.hidden_size, config.intermediate_size, bias=True)

    def forward(self, x: Tensor, angles: Tensor) -> Tensor:
        """Map (batch, patches, width) to the same shape."""
        x = x + self.attn(self.norm1(x), angles)
        out: Tensor = x + self.mlp(self.norm2(x))
        return out


class PatchMerger(nn.Module):
    """Qwen's projector: the patches of one 2 x 2 group become one token of the output width."""

    def __init__(self, config: VisionConfig) -> None:
        super().__init__()
        wide = config.hidden_size * config.spatial_merge_size**2
        self.wide = wide
        self.ln_q = nn.RMSNorm(config.hidden_size, eps=1e-6)
        self.mlp = nn.Sequential(nn.Linear(wide, wide), nn.GELU(), nn.Linear(wide, config.out_hidden_size))

    def forward(self, x: Tensor) -> Tensor:
        """Map (batch, patches, width) to (batch, patches / 4, output width)."""
        out: Tensor = self.mlp(self.ln_q(x).reshape(x.shape[0], -1, self.wide))
        return out


class VisionEncoder(nn.Module):
    """Qwen2.5-VL's vision tower with full attention in every block."""

    angles: Tensor

    def __init__(self, config: VisionConfig) -> None:
        super().__init__()
        self.patch_embed = PatchEmbed(config)
        self.blocks = nn.ModuleList(VisionBlock(config) for _ in range(config.depth))
        self.merger = PatchMerger(config)
        self.register_buffer("angles", self._angles(config), persistent=False)

    @staticmethod
    def _angles(config: VisionConfig) -> Tensor:
        """Rotary angles, (patches, head width / 2): the first half turns with the row, the second with the column."""
        merge = config.spatial_merge_size
        side = config.image_size // config.patch_size
        groups = torch.arange(side).reshape(side // merge, merge)
        rows = groups[:, None, :, None].expand(-1, side // merge, -1, merge).flatten()
        columns = groups[None, :, None, :].expand(side // merge, -1, merge, -1).flatten()
        rotary = config.hidden_size // config.num_heads // 2
        frequencies = 10000.0 ** (-torch.arange(0, rotary, 2) / rotary)
        return torch.cat([rows[:, None] * frequencies, columns[:, None] * frequencies], dim=1)

    def forward(self, images: Tensor) -> Tensor:
        """Map (batch, 3, size, size) to (batch, tokens, output width)."""
        x = self.patch_embed(images)
        for block in self.blocks:
            x = block(x, self.angles)
        out: Tensor = self.merger(x)
        return out


class AudioAttention(nn.Module):
    """Whisper's self-attention: no bias on the keys."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.k_proj = nn.Linear(width, width, bias=False)
        self.v_proj = nn.Linear(width, width)
        self.q_proj = nn.Linear(width, width)
        self.out_proj = nn.Linear(width, width)

    def forward(self, x: Tensor) -> Tensor:
        """Map (batch, frames, width) to the same shape."""
        q, k, v = (split_heads(layer(x), self.heads) for layer in (self.q_proj, self.k_proj, self.v_proj))
        out: Tensor = self.out_proj(join_heads(F.scaled_dot_product_attention(q, k, v)))
        return out


class AudioBlock(nn.Module):
    """One pre-norm block of the audio encoder."""

    def __init__(self, config: AudioConfig) -> None:
        super().__init__()
        self.self_attn = AudioAttention(config.d_model, config.encoder_attention_heads)
        self.self_attn_layer_norm = nn.LayerNorm(config.d_model)
        self.fc1 = nn.Linear(config.d_model, config.encoder_ffn_dim)
        self.fc2 = nn.Linear(config.encoder_ffn_dim, config.d_model)
        self.final_layer_norm = nn.LayerNorm(config.d_model)

    def forward(self, x: Tensor) -> Tensor:
        """Map (batch, frames, width) to the same shape."""
        x = x + self.self_attn(self.self_attn_layer_norm(x))
        out: Tensor = x + self.fc2(F.gelu(self.fc1(self.final_layer_norm(x))))
        return out


class AudioEncoder(nn.Module):
    """Whisper's encoder over log-mel spectrograms."""

    def __init__(self, config: AudioConfig) -> None:
        super().__init__()
        self.conv1 = nn.Conv1d(config.num_mel_bins, config.d_model, 3, padding=1)
        self.conv2 = nn.Conv1d(config.d_model, config.d_model, 3, stride=2, padding=1)
        self.embed_positions = nn.Embedding(config.max_source_positions, config.d_model)
        self.embed_positions.weight = nn.Parameter(
            sinusoids(config.max_source_positions, config.d_model), requires_grad=False
        )
        self.layers = nn.ModuleList(AudioBlock(config) for _ in range(config.encoder_layers))
        self.layer_norm = nn.LayerNorm(config.d_model)

    def forward(self, mels: Tensor) -> Tensor:
        """Map (batch, mel bins, 2 * frames) to (batch, frames, width)."""
        x = F.gelu(self.conv2(F.gelu(self.conv1(mels)))).transpose(1, 2) + self.embed_positions.weight
        for layer in self.layers:
            x = layer(x)
        out: Tensor = self.layer_norm(x)
        return out
