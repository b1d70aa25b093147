"""Attacks on the residual stream: permuted, signs flipped, turned, and all of that with everything else together.

x' = Mx with M orthogonal: what writes is multiplied by M, what reads by Mᵀ. The norms between must allow it.

- RMSNorm divides by a length, which M keeps; its gain is diagonal, so it commutes with flips, moves with permutations,
  and is first folded into what reads it for rotations.
- LayerNorm also takes off the mean. M must therefore map the ones vector to itself or to its negative: permutations,
  rotations that fix the ones vector (after gain and bias were folded), and all signs at once. Flipping some signs is
  not exact: the mean of flipped values is not the flipped mean, and centring what writes does not help, since the
  flipped stream is no longer centred. LayerNorm's bias gives keys a constant; where keys have no bias (Whisper) it is
  dropped, for it adds the same to all scores of a query.
"""

from __future__ import annotations

import torch
from torch import Generator, Tensor

from benchmarks.attacks.heads import orthogonal, scaled_heads, shuffled_heads, turned_heads
from benchmarks.attacks.layout import LAYOUTS, READERS, TABLES, WRITERS
from benchmarks.attacks.net import Net, kind_of
from benchmarks.attacks.registry import Attacked, Case, attack, made
from benchmarks.attacks.units import scaled_units, scales, shuffled_units, signs

_SIGNS = "LayerNorm takes off the mean, and the mean of flipped values is not the flipped mean: only all signs at once"
PINNED = {name: layout.pinned for name, layout in LAYOUTS.items() if layout.pinned}
NOT_RMS = {name: _SIGNS for name, layout in LAYOUTS.items() if layout.norm == "layer"}
NOT_LAYER = "RMSNorm: the flips of some signs hold this one"


def folded(net: Net) -> Net:
    """Return the model with gain and bias of every norm moved into what reads it."""
    changed: dict[str, Tensor] = {}
    for norm in net.of_kind(*READERS):
        if norm.endswith(".bias"):
            continue
        stem = norm.removesuffix("weight")
        gain, bias = net.parts[norm].double(), net.parts.get(f"{stem}bias")
        at = stem.removesuffix(f"{kind_of(norm)}.")
        for reader in list(net.of_kind(*READERS[kind_of(norm)], within=at)):
            if reader.endswith(".bias"):
                continue
            weight = net.parts[reader].double()
            repeat = weight.shape[1] // len(gain)
            changed[reader] = (weight * gain.repeat(repeat)).float()
            own = reader.removesuffix("weight") + "bias"
            if bias is not None and own in net.parts:
                changed[own] = (net.parts[own].double() + weight @ bias.double().repeat(repeat)).float()
        changed[norm] = torch.ones_like(net.parts[norm])
        if bias is not None:
            changed[f"{stem}bias"] = torch.zeros_like(bias)
    return net.with_parts(changed)


def moved_residual(net: Net, move: Tensor) -> Net:
    """Return the model with its residual stream multiplied by a matrix.

    Args:
        net: the model; unless each row of `move` has one element that is not zero, its norms must be folded.
        move: (new width, width) with orthonormal rows; a selection of dimensions where it is not square.
    """
    move = move.double()
    changed = {}
    for name, value in net.parts.items():
        kind, wide = kind_of(name), value.double()
        if kind in WRITERS:
            changed[name] = (move @ wide.flatten(1) if wide.ndim > 1 else move @ wide).float()
            changed[name] = changed[name].reshape(-1, *value.shape[1:])
        elif kind in TABLES:
            changed[name] = (wide @ move.T).float()
        elif name.endswith(".weight") and any(kind in readers for readers in READERS.values()):
            by_token = wide.reshape(len(wide), -1, move.shape[1])
            changed[name] = (by_token @ move.T).reshape(len(wide), -1).float()
        elif kind in READERS and (move != 0).sum(dim=1).max() == 1:
            changed[name] = ((move.abs() if name.endswith(".weight") else move) @ wide).float()
    return net.with_parts(changed)


def permutation(size: int, random: Generator) -> Tensor:
    """Return a random permutation matrix, (size, size)."""
    return torch.eye(size)[torch.randperm(size, generator=random)]


def rotation(net: Net, random: Generator) -> Tensor:
    """Return a random rotation that the model's norms allow, (width, width) float64."""
    width = net.shape.width
    if net.layout.norm == "rms":
        return orthogonal(1, width, random)[0]
    ones = torch.ones(width, 1, dtype=torch.float64) / width**0.5
    rest = torch.randn(width, width - 1, generator=random, dtype=torch.float64)
    basis: Tensor = torch.linalg.qr(torch.cat([ones, rest], dim=1))[0]
    inner = torch.eye(width, dtype=torch.float64)
    inner[1:, 1:] = orthogonal(1, width - 1, random)[0]
    return basis @ inner @ basis.T


def turned_residual(net: Net, random: Generator) -> Net:
    """Return the model with its norms folded and its residual stream turned."""
    return moved_residual(folded(net), rotation(net, random))


def permuted_residual(net: Net, random: Generator) -> Net:
    """Return the model with its residual dimensions in random order, the norms' gains with them."""
    return moved_residual(net, permutation(net.shape.width, random))


@attack("residual_permutation", "residual", "residual dimensions in random order (Whisper's stored sinusoid with them)")
def residual_permutation(case: Case) -> Attacked:
    """Permute the residual stream."""
    return made(
        permuted_residual(case.victim, case.random), "kept", "residual_permutation", also=("residual_rotation",)
    )


@attack("residual_signs", "residual", "the signs of half the residual dimensions flipped", NOT_RMS)
def residual_signs(case: Case) -> Attacked:
    """Flip the signs of random residual dimensions."""
    flips = torch.diag(signs(case.victim.shape.width, case.random))
    return made(moved_residual(case.victim, flips), "kept", "residual_rotation")


@attack(
    "residual_negated",
    "residual",
    "the signs of all residual dimensions flipped",
    PINNED | {name: NOT_LAYER for name, layout in LAYOUTS.items() if layout.norm == "rms"},
)
def residual_negated(case: Case) -> Attacked:
    """Flip all signs."""
    return made(moved_residual(case.victim, -torch.eye(case.victim.shape.width)), "kept", "residual_rotation")


@attack("norms_folded", "residual", "gain and bias of every norm moved into what reads it")
def norms_folded(case: Case) -> Attacked:
    """Fold the norms."""
    return made(folded(case.victim), "kept", "rescaled")


@attack(
    "residual_rotation", "residual", "norms folded, residual stream turned (LayerNorm: the ones vector fixed)", PINNED
)
def residual_rotation(case: Case) -> Attacked:
    """Turn the residual stream."""
    return made(turned_residual(case.victim, case.random), "kept", "residual_rotation")


@attack("rotation_and_units", "residual", "residual stream turned and hidden units in random order", PINNED)
def rotation_and_units(case: Case) -> Attacked:
    """Turn the residual stream and shuffle the units."""
    net = shuffled_units(turned_residual(case.victim, case.random), case.random)
    return made(net, "kept", "residual_rotation", "neuron_permutation")


@attack(
    "everything",
    "residual",
    "residual stream turned (Whisper: permuted), units and heads shuffled, heads turned, all scaled",
)
def everything(case: Case) -> Attacked:
    """All that keeps the function, together."""
    random, net = case.random, case.victim
    pinned = bool(net.layout.pinned)
    net = permuted_residual(net, random) if pinned else turned_residual(net, random)
    net = scaled_heads(turned_heads(shuffled_heads(shuffled_units(net, random), random), random), random)
    if net.layout.gated:
        net = scaled_units(net, lambda n: scales(n, random))
    stream = "residual_permutation" if pinned else "residual_rotation"
    also = ("rescaled", *(("residual_rotation",) if pinned else ()))
    return made(net, "kept", stream, "neuron_permutation", "head_permutation", "head_rotation", also=also)
