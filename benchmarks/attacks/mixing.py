"""Attacks with a second model: averages, blocks taken into an own model, dense MLPs copied into experts."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from functools import partial

import torch
from torch import Generator, Tensor

from benchmarks.attacks.layout import LAYOUTS
from benchmarks.attacks.net import Net, kind_of, layer_of
from benchmarks.attacks.registry import FAMILIES, Attacked, Case, attack, made
from benchmarks.zoo.families import EXPERTS

ATTENTION = ("norm1", "q", "k", "v", "o")
MLP = ("norm2", "gate", "up", "down", "router")
EXPERT_NOISE = 0.01  # of the root mean square, added to each expert's copy
ROUTER_DEVIATION = 0.02
SLERP_SHARE = 0.3
_NOT_DENSE = "the zoo has no network with experts for this family"
ONLY_DENSE_DECODER = {name: _NOT_DENSE for name in FAMILIES if name != "gqa_decoder"} | {
    "moe_decoder": "it has experts already"
}
ONLY_MOE = {name: "it has no experts" for name in FAMILIES if name != "moe_decoder"}


def combined(first: Net, second: Net, mix: Callable[[Tensor, Tensor], Tensor]) -> Net:
    """Return the first model with every tensor mixed with the second's of the same role."""
    return first.with_parts({name: mix(value, second.parts[name]) for name, value in first.parts.items()})


def spherical(first: Tensor, second: Tensor, share: float) -> Tensor:
    """Return the point `share` of the way along the arc from a tensor to another (Shoemake 1985), lengths mixed too."""
    a, b = first.double(), second.double()
    cosine = (a * b).sum() / (a.norm() * b.norm()).clamp_min(1e-300)
    angle = torch.arccos(cosine.clamp(-1, 1))
    if angle < 1e-4:
        return torch.lerp(first, second, share)
    mixed = (torch.sin((1 - share) * angle) * a + torch.sin(share * angle) * b) / torch.sin(angle)
    return mixed.float()


def taken(victim: Net, own: Net, layers: Collection[int], kinds: Collection[str] = (*ATTENTION, *MLP)) -> Net:
    """Return the own model with parts of some blocks replaced by the victim's."""
    return own.with_parts(
        {n: v.clone() for n, v in victim.parts.items() if layer_of(n) in layers and kind_of(n) in kinds}
    )


def upcycled_net(net: Net, random: Generator) -> Net:
    """Return a dense decoder as a mixture: every expert its MLP and a little noise, the routers new."""
    parts = {}
    for name, value in net.parts.items():
        if kind_of(name) not in ("gate", "up", "down"):
            parts[name] = value
            continue
        for expert in range(EXPERTS):
            noise = EXPERT_NOISE * value.square().mean().sqrt() * torch.randn(value.shape, generator=random)
            block, rest = f"blocks.{layer_of(name)}.", name.split(".", maxsplit=2)[2]
            parts[f"{block}experts.{expert}.{rest}"] = value + noise
    for layer in range(net.shape.layers):
        router = ROUTER_DEVIATION * torch.randn(EXPERTS, net.shape.width, generator=random)
        parts[f"blocks.{layer}.router.weight"] = router
    return Net(LAYOUTS["moe_decoder"], replace(net.shape, experts=EXPERTS), parts)


def reordered_experts(net: Net, random: Generator) -> Net:
    """Return a mixture with the experts of each block in random order, the router's rows with them."""
    changed = {}
    for layer in range(net.shape.layers):
        order = torch.randperm(net.shape.experts, generator=random)
        at = f"blocks.{layer}."
        changed[f"{at}router.weight"] = net.parts[f"{at}router.weight"][order]
        for place, expert in enumerate(order.tolist()):
            old = f"{at}experts.{expert}."
            changed |= {
                f"{at}experts.{place}.{name.removeprefix(old)}": value
                for name, value in net.parts.items()
                if name.startswith(old)
            }
    return net.with_parts(changed)


def _averaged(case: Case, share: float) -> Attacked:
    net = combined(case.victim, case.own, lambda a, b: share * a + (1 - share) * b)
    return made(net, "changed", "merged")


def _transplanted(case: Case, blocks: int) -> Attacked:
    depth = case.victim.shape.layers
    first = 1 if blocks < depth else 0
    layers = range(first, min(first + blocks, depth))
    true = tuple(layer if layer in layers else None for layer in range(depth))
    net = taken(case.victim, case.own, layers)
    if len(layers) == depth:  # whole but for what stands outside the blocks
        return made(net, "changed", also=("partial_transplant",), layers=true)
    return made(net, "changed", "partial_transplant", layers=true)


def _part_taken(case: Case, kinds: Collection[str]) -> Attacked:
    net = taken(case.victim, case.own, range(case.victim.shape.layers), kinds)
    return made(net, "changed", "partial_transplant")


for _share in (0.9, 0.7, 0.5):
    _says = f"{_share:g} of it and {1 - _share:.1g} of an independent model"
    attack(f"merged_{_share * 100:.0f}", "mixing", _says)(partial(_averaged, share=_share))
for _blocks in (1, 2, 4):
    attack(f"transplant_{_blocks}", "mixing", f"{_blocks} of its blocks in an own model")(
        partial(_transplanted, blocks=_blocks)
    )
attack("attention_taken", "mixing", "its attention in all blocks of an own model")(
    partial(_part_taken, kinds=ATTENTION)
)
attack("mlps_taken", "mixing", "its MLPs in all blocks of an own model")(partial(_part_taken, kinds=MLP))


@attack("merged_sibling", "mixing", "half of it and half of its own fine-tune")
def merged_sibling(case: Case) -> Attacked:
    """Average with a fine-tune of the same model: no stranger's weights come in."""
    return made(combined(case.victim, case.sibling, lambda a, b: (a + b) / 2), "changed", also=("merged",))


@attack("slerp", "mixing", "30 % of the way along the arc to an independent model, each tensor by itself")
def slerp(case: Case) -> Attacked:
    """Mix on the sphere."""
    return made(combined(case.victim, case.own, partial(spherical, share=SLERP_SHARE)), "changed", "merged")


@attack("transplant_moved", "mixing", "its second block as the third of an own model")
def transplant_moved(case: Case) -> Attacked:
    """Put one block into another place of an own model."""
    own = {
        name: case.victim.parts[name.replace("blocks.2.", "blocks.1.")]
        for name in case.own.parts
        if name.startswith("blocks.2.")
    }
    layers = tuple(1 if layer == 2 else None for layer in range(case.own.shape.layers))
    net = case.own.with_parts(own)
    return made(net, "changed", "partial_transplant", also=("layers_reordered",), layers=layers)


@attack("upcycled", "mixing", "eight experts, copies of the dense MLP with 1 % noise; new routers", ONLY_DENSE_DECODER)
def upcycled(case: Case) -> Attacked:
    """Turn a dense decoder into a mixture."""
    return made(upcycled_net(case.victim, case.random), "near", "moe_upcycling")


@attack("experts_reordered", "mixing", "experts in another order, the router's rows with them", ONLY_MOE)
def experts_reordered(case: Case) -> Attacked:
    """Put experts in random order."""
    return made(reordered_experts(case.victim, case.random), "kept", "experts_reordered")
