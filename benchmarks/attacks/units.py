"""Attacks on the hidden units of MLPs: another order, other scales and signs."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Generator, Tensor

from benchmarks.attacks.layout import HIDDEN_OUTSIDE
from benchmarks.attacks.net import Net
from benchmarks.attacks.registry import Attacked, Case, attack, made

LARGEST_SCALE = 4.0
_GELU = "GELU(s·x) is not s·GELU(x): a unit of an MLP with GELU has one scale"
NOT_GATED = {"vit_gelu": _GELU, "whisper_audio": _GELU}


def ordered_units(net: Net, order: Callable[[int], Tensor]) -> Net:
    """Return the model with the hidden units of every MLP, and of layers outside blocks, in another order.

    Args:
        net: the model.
        order: gives, for a number of units, the units to take, (kept,) int64.
    """
    changed = {}
    for prefix in net.mlps():
        units = order(net.parts[f"{prefix}up.weight"].shape[0])
        for name in net.of_kind("gate", "up", within=prefix):
            changed[name] = net.parts[name][units]
        changed[f"{prefix}down.weight"] = net.parts[f"{prefix}down.weight"][:, units]
    for reader, writer in HIDDEN_OUTSIDE.items():
        if f"{writer}.weight" in net.parts:
            units = order(net.parts[f"{writer}.weight"].shape[0])
            changed |= {name: net.parts[name][units] for name in net.of_kind(writer)}
            changed[f"{reader}.weight"] = net.parts[f"{reader}.weight"][:, units]
    return net.with_parts(changed)


def shuffled_units(net: Net, random: Generator) -> Net:
    """Return the model with all hidden units in random order."""
    return ordered_units(net, lambda n: torch.randperm(n, generator=random))


def scaled_units(net: Net, factors: Callable[[int], Tensor]) -> Net:
    """Return a gated model with the rows of `up` multiplied and the columns of `down` divided by factors, (units,)."""
    changed = {}
    for prefix in net.mlps():
        by = factors(net.parts[f"{prefix}up.weight"].shape[0])
        changed[f"{prefix}up.weight"] = net.parts[f"{prefix}up.weight"] * by[:, None]
        changed[f"{prefix}down.weight"] = net.parts[f"{prefix}down.weight"] / by
        if f"{prefix}up.bias" in net.parts:
            changed[f"{prefix}up.bias"] = net.parts[f"{prefix}up.bias"] * by
    return net.with_parts(changed)


def scales(n: int, random: Generator) -> Tensor:
    """Return n factors between 1 / LARGEST_SCALE and LARGEST_SCALE, uniform in their logarithm."""
    return LARGEST_SCALE ** (2 * torch.rand(n, generator=random) - 1)


def signs(n: int, random: Generator) -> Tensor:
    """Return n random signs, 1.0 or -1.0."""
    return 2.0 * torch.randint(2, (n,), generator=random) - 1.0


@attack("neuron_permutation", "units", "hidden units of every MLP in random order")
def neuron_permutation(case: Case) -> Attacked:
    """Put hidden units in random order."""
    return made(shuffled_units(case.victim, case.random), "kept", "neuron_permutation")


@attack("unit_scaling", "units", "each row of `up` times s, the column of `down` by s, s from 1/4 to 4", NOT_GATED)
def unit_scaling(case: Case) -> Attacked:
    """Scale hidden units of gated MLPs."""
    return made(scaled_units(case.victim, lambda n: scales(n, case.random)), "kept", "rescaled")


@attack("unit_signs", "units", "half the rows of `up` and the columns of `down` negated", NOT_GATED)
def unit_signs(case: Case) -> Attacked:
    """Negate half the hidden units of gated MLPs."""
    return made(scaled_units(case.victim, lambda n: signs(n, case.random)), "kept", "rescaled")
