"""Writes random encoders of a published size, for timing only: random weights prove nothing about evidence."""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

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


def write_disguised(path: Path, original: Path, seed: int, noise: float = 0.05) -> Path:
    """Write an encoder of `write_encoder` with its residual stream rotated and its neurons in random order.

    Norm gains are folded into what reads them; normal noise of a share of each matrix's root mean square is added, and
    everything is rounded to bf16. Returns the path; nothing is done if the file is there.
    """
    if path.exists():
        return path
    generator = torch.Generator().manual_seed(seed)
    weights = {name: value.float() for name, value in load_file(original).items()}
    width = weights["visual.patch_embed.proj.weight"].shape[0]
    turn = torch.linalg.qr(torch.randn(width, width, generator=generator))[0]
    patches = weights["visual.patch_embed.proj.weight"]
    weights["visual.patch_embed.proj.weight"] = (turn.t() @ patches.flatten(1)).reshape(patches.shape)
    for at in sorted({name.rpartition(".norm1")[0] for name in weights if name.endswith("norm1.weight")}):
        units = torch.randperm(weights[f"{at}.mlp.up_proj.weight"].shape[0], generator=generator)
        weights[f"{at}.attn.qkv.weight"] = (weights[f"{at}.attn.qkv.weight"] * weights[f"{at}.norm1.weight"]) @ turn
        for role in ("gate", "up"):
            matrix = weights[f"{at}.mlp.{role}_proj.weight"] * weights[f"{at}.norm2.weight"]
            weights[f"{at}.mlp.{role}_proj.weight"] = (matrix @ turn)[units]
            weights[f"{at}.mlp.{role}_proj.bias"] = weights[f"{at}.mlp.{role}_proj.bias"][units]
        weights[f"{at}.mlp.down_proj.weight"] = (turn.t() @ weights[f"{at}.mlp.down_proj.weight"])[:, units]
        weights[f"{at}.attn.proj.weight"] = turn.t() @ weights[f"{at}.attn.proj.weight"]
        for role in ("attn.proj", "mlp.down_proj"):
            weights[f"{at}.{role}.bias"] = turn.t() @ weights[f"{at}.{role}.bias"]
        for number in (1, 2):
            weights[f"{at}.norm{number}.weight"] = torch.ones(width)
    for name, value in weights.items():
        if value.ndim > 1:
            size = noise * value.square().mean().sqrt()
            weights[name] = value + size * torch.randn(value.shape, generator=generator)
    save_file({name: value.to(torch.bfloat16).contiguous() for name, value in weights.items()}, path)
    return path
