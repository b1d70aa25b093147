"""What is done to trained weights without training: casts, quantisation, pruning, noise, transplants.

Each takes all tensors of a model and gives new ones. Only the transplants need a second model.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Generator, Tensor

from benchmarks.zoo.families import Family

Weights = dict[str, Tensor]
FIXED = "embed_positions"  # Whisper's table: nobody trains it, nobody alters it
MOVED_BLOCKS = (1, 2)  # blocks whose MLP a transplant brings along
EVERY = 16  # of the units of an MLP, one in so many is brought along by `transplant_units`
_BY_COLUMN = ("fc2", "down_proj")
_BY_ROW = ("fc1", "gate_proj", "up_proj")


def to_bf16(weights: Weights) -> Weights:
    """Every tensor rounded to bfloat16, and stored so."""
    return {name: value.to(torch.bfloat16) for name, value in weights.items()}


def is_block_matrix(family: Family, name: str, value: Tensor) -> bool:
    """Whether a tensor is a weight matrix of a block."""
    return name.startswith(family.blocks) and value.ndim == 2


def _each_matrix(family: Family, weights: Weights, change: Callable[[Tensor], Tensor]) -> Weights:
    return {n: change(value) if is_block_matrix(family, n, value) else value for n, value in weights.items()}


def quantised(family: Family, weights: Weights, bits: int) -> Weights:
    """The matrices of the blocks rounded to 2^bits - 1 levels, symmetric, one scale a row, and back to float32."""
    top = 2 ** (bits - 1) - 1

    def change(value: Tensor) -> Tensor:
        scale: Tensor = value.abs().amax(dim=1, keepdim=True) / top
        rounded: Tensor = torch.round(value / scale).clamp(-top, top)
        return rounded * scale

    return _each_matrix(family, weights, change)


def pruned(family: Family, weights: Weights, share: float) -> Weights:
    """The smallest values of every matrix of the blocks set to zero."""

    def change(value: Tensor) -> Tensor:
        limit = torch.kthvalue(value.abs().flatten(), int(share * value.numel())).values
        return torch.where(value.abs() > limit, value, torch.zeros(()))

    return _each_matrix(family, weights, change)


def noised(weights: Weights, share: float, seed: int) -> Weights:
    """Every trained tensor with normal noise added, its deviation a share of the tensor's root mean square."""
    random = Generator().manual_seed(seed)

    def change(value: Tensor) -> Tensor:
        return value + share * value.square().mean().sqrt() * torch.randn(value.shape, generator=random)

    return {name: value if FIXED in name else change(value) for name, value in weights.items()}


def transplanted(family: Family, donor: Weights, host: Weights, units_only: bool) -> Weights:
    """The host with the MLPs of two blocks, or some units of them, replaced by the donor's."""
    result = {name: value.clone() for name, value in host.items()}
    places = tuple(f"{family.blocks}{block}.{part}" for block in MOVED_BLOCKS for part in family.mlp)
    for name in (name for name in host if name.startswith(places)):
        *_, layer, what = name.split(".")
        if not units_only:
            result[name] = donor[name].clone()
        elif layer in _BY_ROW:
            result[name][::EVERY] = donor[name][::EVERY]
        elif layer in _BY_COLUMN and what == "weight":
            result[name][:, ::EVERY] = donor[name][:, ::EVERY]
    return result
