"""The two networks that the demo lacks: a ViT with GELU under timm's names, a mixture of experts under Qwen's."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from resources.demo.models import GatedMlp, TextConfig, VisionAttention, VisionConfig
from resources.demo.omni import LanguageModel

BALANCE = 0.02  # weight of the experts' load balance in the loss
PLACES = 0.3  # deviation of the positions at the start: at the usual 0.02 the first 200 steps go into finding them


class Mlp(nn.Module):
    """Two layers with GELU between."""

    def __init__(self, width: int, hidden: int) -> None:
        super().__init__()
        self.fc1 = nn.Linear(width, hidden)
        self.fc2 = nn.Linear(hidden, width)

    def forward(self, x: Tensor) -> Tensor:
        """Map (..., width) to (..., width)."""
        out: Tensor = self.fc2(F.gelu(self.fc1(x)))
        return out


class GeluBlock(nn.Module):
    """One pre-norm block of timm's ViT."""

    def __init__(self, config: VisionConfig) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(config.hidden_size, eps=1e-6)
        self.attn = VisionAttention(config)
        self.norm2 = nn.LayerNorm(config.hidden_size, eps=1e-6)
        self.mlp = Mlp(config.hidden_size, config.intermediate_size)

    def forward(self, x: Tensor, unturned: Tensor) -> Tensor:
        """Map (batch, tokens, width) to the same shape; `unturned` are rotary angles of zero."""
        x = x + self.attn(self.norm1(x), unturned)
        out: Tensor = x + self.mlp(self.norm2(x))
        return out


class FlatPatches(nn.Module):
    """timm's patch embedding: one convolution whose stride is its kernel."""

    def __init__(self, config: VisionConfig) -> None:
        super().__init__()
        self.proj = nn.Conv2d(config.in_channels, config.hidden_size, config.patch_size, config.patch_size)

    def forward(self, images: Tensor) -> Tensor:
        """Map (batch, channels, size, size) to (batch, patches, width)."""
        out: Tensor = self.proj(images).flatten(2).transpose(1, 2)
        return out


class GeluViT(nn.Module):
    """timm's ViT with a class token and learned positions."""

    unturned: Tensor

    def __init__(self, config: VisionConfig) -> None:
        super().__init__()
        tokens = (config.image_size // config.patch_size) ** 2 + 1
        self.cls_token = nn.Parameter(0.02 * torch.randn(1, 1, config.hidden_size))
        self.pos_embed = nn.Parameter(PLACES * torch.randn(1, tokens, config.hidden_size))
        self.patch_embed = FlatPatches(config)
        self.blocks = nn.ModuleList(GeluBlock(config) for _ in range(config.depth))
        self.norm = nn.LayerNorm(config.hidden_size, eps=1e-6)
        angles = torch.zeros(tokens, config.hidden_size // config.num_heads // 2)
        self.register_buffer("unturned", angles, persistent=False)

    def forward(self, images: Tensor) -> Tensor:
        """Map (batch, 3, size, size) to the class token, (batch, 1, width)."""
        patches = self.patch_embed(images)
        x = torch.cat([self.cls_token.expand(len(patches), -1, -1), patches], dim=1) + self.pos_embed
        for block in self.blocks:
            x = block(x, self.unturned)
        out: Tensor = self.norm(x[:, :1])
        return out


class ExpertsMlp(nn.Module):
    """A feed-forward layer of several gated experts, of which the router lets two speak at each token.

    All experts are computed and the unchosen weighted with zero: at this size faster than gathering.

    Attributes:
        imbalance: how unevenly the last batch used the experts, 1 when evenly (Switch Transformer's auxiliary loss).
    """

    CHOSEN = 2

    def __init__(self, width: int, hidden: int, experts: int) -> None:
        super().__init__()
        self.gate = nn.Linear(width, experts, bias=False)
        self.experts = nn.ModuleList(GatedMlp(width, hidden, bias=False) for _ in range(experts))
        self.imbalance = torch.ones(())

    def forward(self, x: Tensor) -> Tensor:
        """Map (batch, tokens, width) to the same shape."""
        chance = self.gate(x).softmax(dim=-1)
        best, chosen = chance.topk(self.CHOSEN, dim=-1)
        share = torch.zeros_like(chance).scatter(-1, chosen, best / best.sum(dim=-1, keepdim=True))
        used = (share > 0).float().mean(dim=(0, 1)) / self.CHOSEN
        self.imbalance = len(self.experts) * (used * chance.mean(dim=(0, 1))).sum()
        gate, up = self._joined("gate_proj", 0), self._joined("up_proj", 0)
        down = self._joined("down_proj", 1)
        hidden = F.silu(x @ gate.T) * (x @ up.T)
        return (hidden * share.repeat_interleave(hidden.shape[-1] // len(self.experts), dim=-1)) @ down.T

    def _joined(self, layer: str, dim: int) -> Tensor:
        """The matrices of one layer of all experts, side by side along a dimension."""
        layers = [expert.get_submodule(layer) for expert in self.experts]
        return torch.cat([linear.weight for linear in layers if isinstance(linear, nn.Linear)], dim=dim)


class MoeModel(LanguageModel):
    """The demo's language model with a mixture of experts in place of every feed-forward layer."""

    def __init__(self, config: TextConfig, experts: int) -> None:
        super().__init__(config)
        for layer in self.model.layers:
            layer.mlp = ExpertsMlp(config.hidden_size, config.intermediate_size, experts)

    def penalty(self) -> Tensor:
        """What uneven use of the experts adds to the loss."""
        mixtures = [layer.mlp for layer in self.model.layers if isinstance(layer.mlp, ExpertsMlp)]
        return BALANCE * torch.stack([mixture.imbalance for mixture in mixtures]).mean()
