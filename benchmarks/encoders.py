"""Writes random encoders of a published size, for timing only: random weights prove nothing about evidence."""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors.torch import save_file

# Qwen2.5-VL's vision encoder without its merger, transformers models/qwen2_5_vl: 32 blocks, width 1280, MLP 3420.
BLOCKS, WIDTH, HIDDEN = 32, 1280, 3420


def write_encoder(path: Path, seed: int, blocks: int = BLOCKS, width: int = WIDTH, hidden: int = HIDDEN) -> Path:
    """Write a bf16 safetensors file under Qwen2.5-VL's names, unless it is there; return its path."""
    if path.exists():
        return path
    generator = torch.Generator().manual_seed(seed)

    def normal(*shape: int) -> torch.Tensor:
        return (0.02 * torch.randn(shape, generator=generator)).to(torch.bfloat16)

    tensors = {"visual.patch_embed.proj.weight": normal(width, 3, 2, 14, 14)}
    for block in range(blocks):
        at = f"visual.blocks.{block}."
        tensors |= {f"{at}norm{number}.weight": 1 + normal(width) for number in (1, 2)}
        tensors |= {f"{at}attn.qkv.weight": normal(3 * width, width), f"{at}attn.qkv.bias": normal(3 * width)}
        tensors |= {f"{at}attn.proj.weight": normal(width, width), f"{at}attn.proj.bias": normal(width)}
        for role in ("gate", "up"):
            tensors |= {
                f"{at}mlp.{role}_proj.weight": normal(hidden, width),
                f"{at}mlp.{role}_proj.bias": normal(hidden),
            }
        tensors |= {f"{at}mlp.down_proj.weight": normal(width, hidden), f"{at}mlp.down_proj.bias": normal(width)}
    # The merger makes up the rest of the published 676 M parameters.
    tensors |= {"visual.merger.ln_q.weight": 1 + normal(width)}
    tensors |= {
        "visual.merger.mlp.0.weight": normal(4 * width, 4 * width),
        "visual.merger.mlp.0.bias": normal(4 * width),
    }
    tensors |= {"visual.merger.mlp.2.weight": normal(3584, 4 * width), "visual.merger.mlp.2.bias": normal(3584)}
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(tensors, path)
    return path
