"""Attacks on how tensors are kept, not on their values: names, order in the file, fused or apart, transposed."""

from __future__ import annotations

import re
from dataclasses import replace

import torch
from torch import Generator

from benchmarks.attacks.registry import Attacked, Case, attack, made
from benchmarks.zoo.altering import Weights

_FUSABLE = {  # last name of a fused layer: what it holds, from the top
    "qkv_proj": ("q_proj", "k_proj", "v_proj"),
    "gate_up_proj": ("gate_proj", "up_proj"),
}


def meaningless(weights: Weights, random: Generator) -> Weights:
    """Return the tensors under numbers, in random order."""
    names = list(weights)
    order = torch.randperm(len(names), generator=random).tolist()
    return {f"t{place:04d}": weights[names[index]] for place, index in enumerate(order)}


def out_of_order(weights: Weights, random: Generator) -> Weights:
    """Return the tensors in random order."""
    names = list(weights)
    return {names[index]: weights[names[index]] for index in torch.randperm(len(names), generator=random).tolist()}


def apart(weights: Weights) -> Weights:
    """Return the tensors with every fused query, key and value as three."""
    result: Weights = {}
    for name, value in weights.items():
        stem, fused, what = name.rpartition("qkv.")
        parts = value.chunk(3) if fused else (value,)
        names = [f"{stem}{part}_proj.{what}" for part in "qkv"] if fused else [name]
        result |= {own: part.contiguous() for own, part in zip(names, parts, strict=True)}
    return result


def fused(weights: Weights) -> Weights:
    """Return the tensors with queries, keys and values as one, gate and up as one; a missing bias is zero."""
    result = dict(weights)
    for name in weights:
        for joined, parts in _FUSABLE.items():
            if not name.endswith(f".{parts[0]}.weight"):
                continue
            stem = name.removesuffix(f"{parts[0]}.weight")
            result[f"{stem}{joined}.weight"] = torch.cat([weights[f"{stem}{part}.weight"] for part in parts])
            biases = [weights.get(f"{stem}{part}.bias") for part in parts]
            if any(bias is not None for bias in biases):
                rows = [len(weights[f"{stem}{part}.weight"]) for part in parts]
                whole = [torch.zeros(n) if bias is None else bias for bias, n in zip(biases, rows, strict=True)]
                result[f"{stem}{joined}.bias"] = torch.cat(whole)
            for part in parts:
                result.pop(f"{stem}{part}.weight")
                result.pop(f"{stem}{part}.bias", None)
    return result


def transposed(weights: Weights) -> Weights:
    """Return the tensors with every matrix of a block, or of a linear layer, stored as columns × rows."""
    block = re.compile(r"\.\d+\.")
    return {n: v.T.contiguous() if v.ndim == 2 and block.search(f".{n}") else v for n, v in weights.items()}


def _kept(case: Case, change: Weights, *, config: bool = True) -> Attacked:
    plain = made(case.victim, "kept")
    return replace(plain, weights=change, config=plain.config if config else {}, net=None)


@attack("renamed", "naming", "every tensor under a number, in random order, without a config")
def renamed(case: Case) -> Attacked:
    """Take all names away."""
    return _kept(case, meaningless(made(case.victim, "kept").weights, case.random), config=False)


@attack("file_order", "naming", "tensors in random order in the file, names kept")
def file_order(case: Case) -> Attacked:
    """Shuffle the order in the file."""
    return _kept(case, out_of_order(made(case.victim, "kept").weights, case.random))


@attack("refused", "naming", "fused query, key, value stored apart, or apart ones fused (gate and up too)")
def refused(case: Case) -> Attacked:
    """Fuse what is apart, take apart what is fused."""
    weights = made(case.victim, "kept").weights
    return _kept(case, apart(weights) if case.victim.layout.fused else fused(weights))


@attack("transposed", "naming", "every matrix of the blocks stored as columns × rows")
def transposed_storage(case: Case) -> Attacked:
    """Transpose what is stored."""
    return _kept(case, transposed(made(case.victim, "kept").weights))
