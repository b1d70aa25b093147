"""Attacks inside attention: heads in another order, head dimensions turned or scaled.

With T any invertible matrix of a head's width, q' = Tq and k' = T⁻ᵀk give the same scores, v' = Tv and o' = oT⁻¹ the
same sum. Rotary positions turn each plane (i, i + d/2) by an angle of its own, so there T must commute with that: a
rotation and a scale in each plane. Query heads that share keys share T.
"""

from __future__ import annotations

import torch
from torch import Generator, Tensor

from benchmarks.attacks.net import Net
from benchmarks.attacks.registry import Attacked, Case, attack, made
from benchmarks.attacks.units import scales


def _per_head(value: Tensor, heads: int) -> Tensor:
    """(heads * d, ...) -> (heads, d, columns), a bias as one column."""
    return value.reshape(heads, value.shape[0] // heads, -1).double()


def _rows_turned(value: Tensor, turns: Tensor) -> Tensor:
    """The rows of each head multiplied by its own matrix; turns (heads, d, d)."""
    return (turns @ _per_head(value, len(turns))).reshape(value.shape).float()


def changed_heads(net: Net, layer: int, qk: Tensor, vo: Tensor) -> Net:
    """Return the model with the inside of the heads of one layer in other coordinates.

    Args:
        net: the model. layer: number of the block.
        qk, vo: one invertible matrix a group of keys and values, (groups, d, d) float64.
    """
    at, repeat = f"blocks.{layer}.", net.shape.heads // net.shape.groups
    inverse = torch.linalg.inv(qk).mT
    changed: dict[str, Tensor] = {}
    for kind, turns in (("q", qk.repeat_interleave(repeat, 0)), ("k", inverse), ("v", vo)):
        changed |= {name: _rows_turned(net.parts[name], turns) for name in net.of_kind(kind, within=at)}
    back = torch.linalg.inv(vo).mT.repeat_interleave(repeat, 0)
    name = f"{at}o.weight"
    changed[name] = _rows_turned(net.parts[name].T, back).T.contiguous()
    return net.with_parts(changed)


def orthogonal(n: int, size: int, random: Generator) -> Tensor:
    """Return n random orthogonal matrices, (n, size, size) float64."""
    q, r = torch.linalg.qr(torch.randn(n, size, size, generator=random, dtype=torch.float64))
    turns: Tensor = q * torch.diagonal(r, dim1=-2, dim2=-1).sign()[:, None, :]
    return turns


def in_planes(cosines: Tensor, sines: Tensor) -> Tensor:
    """Return matrices that act in each rotary plane as [[c, -s], [s, c]]; (n, d / 2) each -> (n, d, d)."""
    c, s = torch.diag_embed(cosines), torch.diag_embed(sines)
    return torch.cat([torch.cat([c, -s], dim=2), torch.cat([s, c], dim=2)], dim=1)


def qk_turns(net: Net, random: Generator) -> Tensor:
    """Return random rotations of queries and keys that rotary positions allow, one a group, (groups, d, d)."""
    groups, width = net.shape.groups, net.shape.head_width
    if not net.layout.rope:
        return orthogonal(groups, width, random)
    angles = 2 * torch.pi * torch.rand(groups, width // 2, generator=random, dtype=torch.float64)
    return in_planes(angles.cos(), angles.sin())


def qk_scales(net: Net, random: Generator) -> Tensor:
    """Return random scales of queries (keys get the inverse), the same for both dimensions of a rotary plane."""
    groups, width = net.shape.groups, net.shape.head_width
    planes = width // 2 if net.layout.rope else width
    by = scales(groups * planes, random).double().reshape(groups, planes)
    return torch.diag_embed(torch.cat([by, by], dim=1) if net.layout.rope else by)


def _unturned(net: Net) -> Tensor:
    return torch.eye(net.shape.head_width, dtype=torch.float64).repeat(net.shape.groups, 1, 1)


def turned_heads(net: Net, random: Generator, qk: bool = True, vo: bool = True) -> Net:
    """Return the model with queries and keys, values and outputs, or both, turned inside every head."""
    for layer in range(net.shape.layers):
        first = qk_turns(net, random) if qk else _unturned(net)
        second = orthogonal(net.shape.groups, net.shape.head_width, random) if vo else _unturned(net)
        net = changed_heads(net, layer, first, second)
    return net


def scaled_heads(net: Net, random: Generator) -> Net:
    """Return the model with every dimension of every head scaled."""
    for layer in range(net.shape.layers):
        groups, width = net.shape.groups, net.shape.head_width
        by = scales(groups * width, random).double().reshape(groups, width)
        net = changed_heads(net, layer, qk_scales(net, random), torch.diag_embed(by))
    return net


def shuffled_heads(net: Net, random: Generator) -> Net:
    """Return the model with groups of keys and values in random order, and the query heads inside each group."""
    shape = net.shape
    repeat = shape.heads // shape.groups
    changed = {}
    for layer in range(shape.layers):
        groups = torch.randperm(shape.groups, generator=random)
        inside = torch.stack([torch.randperm(repeat, generator=random) for _ in range(shape.groups)])
        heads = (groups[:, None] * repeat + inside).flatten()
        at = f"blocks.{layer}."
        for kind, order in (("q", heads), ("k", groups), ("v", groups)):
            for name in net.of_kind(kind, within=at):
                value = net.parts[name]
                changed[name] = value.reshape(len(order), shape.head_width, -1)[order].reshape(value.shape)
        value = net.parts[f"{at}o.weight"]
        by_head = value.reshape(len(value), shape.heads, shape.head_width)
        changed[f"{at}o.weight"] = by_head[:, heads].reshape(value.shape)
    return net.with_parts(changed)


@attack("head_permutation", "heads", "heads in random order (groups of keys and values as wholes, and inside them)")
def head_permutation(case: Case) -> Attacked:
    """Put heads in random order."""
    return made(shuffled_heads(case.victim, case.random), "kept", "head_permutation")


@attack("qk_rotation", "heads", "queries and keys turned inside heads (in rotary planes where positions are rotary)")
def qk_rotation(case: Case) -> Attacked:
    """Turn queries and keys together."""
    return made(turned_heads(case.victim, case.random, vo=False), "kept", "head_rotation")


@attack("vo_rotation", "heads", "values and outputs turned inside heads by any rotation")
def vo_rotation(case: Case) -> Attacked:
    """Turn values and outputs together."""
    return made(turned_heads(case.victim, case.random, qk=False), "kept", "head_rotation")


@attack("head_rotation", "heads", "both turned inside heads")
def head_rotation(case: Case) -> Attacked:
    """Turn queries and keys together, values and outputs together."""
    return made(turned_heads(case.victim, case.random), "kept", "head_rotation")


@attack("head_scaling", "heads", "each dimension of values times s and of outputs by s; of queries and keys likewise")
def head_scaling(case: Case) -> Attacked:
    """Scale the dimensions of every head."""
    return made(scaled_heads(case.victim, case.random), "kept", "rescaled", also=("head_rotation",))
