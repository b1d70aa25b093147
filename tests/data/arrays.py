"""Builders of small checkpoints on disk, written by the library that users use."""

from __future__ import annotations

from pathlib import Path

import ml_dtypes
import numpy as np
import numpy.typing as npt
import torch
from safetensors.torch import save_file

Array = npt.NDArray[np.generic]


def save(path: Path, tensors: dict[str, Array]) -> Path:
    """Write arrays (bfloat16 of ml_dtypes too) as one safetensors file and return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file({name: _tensor(array) for name, array in tensors.items()}, path)
    return path


def _tensor(array: Array) -> torch.Tensor:
    if array.dtype == ml_dtypes.bfloat16:
        return torch.from_numpy(array.view(np.int16).copy()).view(torch.bfloat16)
    return torch.from_numpy(np.array(array, copy=True))


def vision_tower(seed: int, blocks: int = 3, width: int = 16, hidden: int = 40) -> dict[str, Array]:
    """Return random float32 weights under Qwen2.5-VL's vision names; for plumbing, not for evidence."""
    rng = np.random.default_rng(seed)

    def normal(*shape: int) -> Array:
        return (0.1 * rng.standard_normal(shape)).astype(np.float32)

    tensors: dict[str, Array] = {"visual.patch_embed.proj.weight": normal(width, 3, 2, 4, 4)}
    for block in range(blocks):
        at = f"visual.blocks.{block}."
        tensors |= {
            f"{at}norm1.weight": 1 + normal(width),
            f"{at}norm2.weight": 1 + normal(width),
            f"{at}attn.qkv.weight": normal(3 * width, width),
            f"{at}attn.qkv.bias": normal(3 * width),
            f"{at}attn.proj.weight": normal(width, width),
            f"{at}attn.proj.bias": normal(width),
            f"{at}mlp.gate_proj.weight": normal(hidden, width),
            f"{at}mlp.gate_proj.bias": normal(hidden),
            f"{at}mlp.up_proj.weight": normal(hidden, width),
            f"{at}mlp.up_proj.bias": normal(hidden),
            f"{at}mlp.down_proj.weight": normal(width, hidden),
            f"{at}mlp.down_proj.bias": normal(width),
        }
    return tensors
