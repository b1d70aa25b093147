"""A zoo of untrained models that is made in a moment, and four simple disguises to put on them."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Generator, Tensor

from benchmarks.rivals.disguises import Disguise
from benchmarks.zoo import shelf
from benchmarks.zoo.families import FAMILIES
from benchmarks.zoo.recipes import Entry, name_of
from benchmarks.zoo.shelf import Weights, Zoo

FAMILY = "gqa_decoder"
SEEDS = 3


def body(family: str, seed: int) -> Weights:
    """The tensors of an untrained model, its gains and biases moved off their start."""
    torch.manual_seed(seed)
    random = Generator().manual_seed(seed)
    weights = FAMILIES[family].build().state_dict()
    return {
        name: value + 0.05 * torch.randn(value.shape, generator=random) if value.ndim == 1 else value
        for name, value in weights.items()
    }


def tuned(weights: Weights) -> Weights:
    """The tensors moved by 5 % of their size."""
    random = Generator().manual_seed(50)
    return {
        name: value + 0.05 * value.std() * torch.randn(value.shape, generator=random) if value.ndim > 1 else value
        for name, value in weights.items()
    }


def make_zoo(folder: Path, family: str = FAMILY) -> Zoo:
    """Models of some seeds, a fine-tune and a student of the first."""
    for seed in range(SEEDS):
        shelf.put(folder, Entry(family, seed, "scratch", steps=1), body(family, seed), {})
    first = name_of(family, 0, "scratch")
    shelf.put(folder, Entry(family, 0, "light", first, steps=1), tuned(body(family, 0)), {})
    shelf.write_manifest(folder)
    return Zoo.open(folder)


def _put(change: Callable[[Weights], Weights], folder: Path, family: str, stranger: bool, target: Path) -> Path:
    name = name_of(family, int(stranger), "scratch")
    weights = {
        name: value.contiguous() for name, value in change(load_file(folder / name / "model.safetensors")).items()
    }
    save_file(weights, target / "model.safetensors")
    (target / "config.json").write_bytes((folder / name / "config.json").read_bytes())
    return target


def _by_unit(weights: Weights, change: Callable[[Tensor], Tensor]) -> Weights:
    """Change the units of every MLP: rows of gate and up, columns of down."""
    changed = dict(weights)
    for name, value in weights.items():
        if "gate_proj" in name or "up_proj" in name:
            changed[name] = change(value)
        elif "down_proj" in name:
            changed[name] = change(value.T).T
    return changed


def reordered_units(weights: Weights) -> Weights:
    """Put the units of the MLPs in another order."""
    order = torch.randperm(256, generator=Generator().manual_seed(8))
    return _by_unit(weights, lambda value: value[order])


def sliced_units(weights: Weights) -> Weights:
    """Leave out every fourth unit of the MLPs."""
    return _by_unit(weights, lambda value: value[torch.arange(256) % 4 > 0])


def dropped_layer(weights: Weights) -> Weights:
    """Leave out the second block."""
    kept = {0: 0, 2: 1, 3: 2}
    found = {}
    for name, value in weights.items():
        layer = re.search(r"layers\.(\d+)\.", name)
        if layer is None:
            found[name] = value
        elif int(layer[1]) in kept:
            found[name.replace(layer[0], f"layers.{kept[int(layer[1])]}.")] = value
    return found


def flipped_residual(weights: Weights) -> Weights:
    """Flip the sign of every other dimension of the residual stream."""
    signs = 1 - 2 * (torch.arange(96) % 2)
    writers = ("o_proj", "down_proj")
    return {
        name: value if value.ndim == 1 else signs[:, None] * value if any(w in name for w in writers) else value * signs
        for name, value in weights.items()
    }


DISGUISES = [
    Disguise(change.__name__, (FAMILY,), partial(_put, change))
    for change in (reordered_units, sliced_units, dropped_layer, flipped_residual)
]
