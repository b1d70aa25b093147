"""Attacks on widths: hidden units and residual dimensions left out, those of the largest norm kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import torch
from torch import Tensor

from benchmarks.attacks.layout import TABLES, WRITERS
from benchmarks.attacks.net import Net, kind_of
from benchmarks.attacks.registry import Attacked, Case, attack, made
from benchmarks.attacks.residual import moved_residual
from benchmarks.attacks.units import shuffled_units

MLP_SHARE = 0.6
RESIDUAL_SHARE = 2 / 3


def _largest(importance: Tensor, kept: int) -> Tensor:
    """The places of the largest values, in their order."""
    return importance.topk(kept).indices.sort().values


def sliced_units(net: Net, share: float) -> Net:
    """Return the model with a share of the units of every MLP, those with the largest norm, in their order."""
    kept = round(share * net.shape.hidden)
    changed: dict[str, Tensor] = {}
    for prefix in net.mlps():
        rows = [
            net.parts[name].norm(dim=1) for name in net.of_kind("gate", "up", within=prefix) if name.endswith("weight")
        ]
        down = net.parts[f"{prefix}down.weight"]
        units = _largest(torch.stack([*rows, down.norm(dim=0)]).prod(dim=0), kept)
        changed |= {name: net.parts[name][units] for name in net.of_kind("gate", "up", within=prefix)}
        changed[f"{prefix}down.weight"] = down[:, units]
    return replace(net.with_parts(changed), shape=replace(net.shape, hidden=kept))


def _written(net: Net) -> Tensor:
    """How much is written into each residual dimension, (width,)."""
    total = torch.zeros(net.shape.width)
    for name, value in net.parts.items():
        if kind_of(name) in WRITERS and value.ndim > 1:
            total += value.flatten(1).square().mean(dim=1)
        elif kind_of(name) in TABLES:
            total += value.flatten(0, -2).square().mean(dim=0)
    return total


def _narrower_heads(net: Net, width: int) -> Mapping[str, Tensor]:
    """The parts of attention with `width` dimensions a head, of the largest norm; rotary planes stay whole."""
    shape = net.shape
    changed: dict[str, Tensor] = {}
    repeat = shape.heads // shape.groups
    for layer in range(shape.layers):
        at = f"blocks.{layer}."
        q, k, v = (net.parts[f"{at}{kind}.weight"] for kind in "qkv")
        energy = k.reshape(shape.groups, shape.head_width, -1).square().sum(dim=2)
        energy = energy * q.reshape(shape.groups, repeat, shape.head_width, -1).square().sum(dim=(1, 3))
        planes = 2 if net.layout.rope else 1
        energy = energy.reshape(shape.groups, planes, -1).sum(dim=1)
        inner = [_largest(row, width // planes) for row in energy]
        half = energy.shape[1]
        qk = torch.stack([torch.cat([row + plane * half for plane in range(planes)]) for row in inner])
        value = v.reshape(shape.groups, shape.head_width, -1).square().sum(dim=2)
        vo = torch.stack([_largest(row, width) for row in value])
        for kind, places in (("q", qk.repeat_interleave(repeat, 0)), ("k", qk), ("v", vo)):
            rows = (places + shape.head_width * torch.arange(len(places))[:, None]).flatten()
            changed |= {name: net.parts[name][rows] for name in net.of_kind(kind, within=at)}
        columns = vo.repeat_interleave(repeat, 0) + shape.head_width * torch.arange(shape.heads)[:, None]
        changed[f"{at}o.weight"] = net.parts[f"{at}o.weight"][:, columns.flatten()]
    return changed


def sliced_residual(net: Net, share: float) -> Net:
    """Return the model with a share of its residual dimensions and of the dimensions of each head.

    A projector whose width follows the residual stream's keeps as many of its hidden units.
    """
    width = round(share * net.shape.width)
    kept = torch.eye(net.shape.width)[_largest(_written(net), width)]
    narrow = moved_residual(net.with_parts(_narrower_heads(net, width // net.shape.heads)), kept)
    if "merger_in.weight" in narrow.parts:
        rows, columns = narrow.parts["merger_in.weight"], narrow.parts["merger_out.weight"]
        units = _largest(rows.norm(dim=1) * columns.norm(dim=0), rows.shape[1])
        changed = {name: narrow.parts[name][units] for name in narrow.of_kind("merger_in")}
        narrow = narrow.with_parts({**changed, "merger_out.weight": columns[:, units]})
    if "stem.weight" in narrow.parts:
        # conv2 reads as many channels as the model is wide; conv1 keeps those of the largest norm.
        reader = narrow.parts["patch.weight"]
        writer = narrow.parts["stem.weight"]
        units = _largest(writer.flatten(1).norm(dim=1) * reader.transpose(0, 1).flatten(1).norm(dim=1), width)
        changed = {name: narrow.parts[name][units] for name in narrow.of_kind("stem")}
        narrow = narrow.with_parts({**changed, "patch.weight": reader[:, units]})
    return replace(narrow, shape=replace(net.shape, width=width))


def _units(case: Case, change: Callable[[Net], Net], *more: str) -> Attacked:
    return made(change(sliced_units(case.victim, MLP_SHARE)), "changed", "width_sliced", *more)


@attack("mlp_sliced", "width", "60 % of the units of every MLP kept, by norm, in their order")
def mlp_sliced(case: Case) -> Attacked:
    """Slice the MLPs."""
    return _units(case, lambda net: net)


@attack("mlp_sliced_shuffled", "width", "60 % of the units of every MLP kept, in random order")
def mlp_sliced_shuffled(case: Case) -> Attacked:
    """Slice the MLPs and shuffle what is left."""
    return _units(case, lambda net: shuffled_units(net, case.random), "neuron_permutation")


@attack("residual_sliced", "width", "two thirds of the residual dimensions kept, heads narrowed alike")
def residual_sliced(case: Case) -> Attacked:
    """Slice the residual stream."""
    return made(sliced_residual(case.victim, RESIDUAL_SHARE), "changed", "width_sliced")
