"""Attacks on the list of blocks: some dropped, some twice, in another order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from benchmarks.attacks.net import Net, layer_of
from benchmarks.attacks.registry import Attacked, Case, attack, made


def relayered(net: Net, order: Sequence[int]) -> Net:
    """Return the model whose block number i is block `order[i]`."""
    parts = {name: value for name, value in net.parts.items() if layer_of(name) is None}
    for place, layer in enumerate(order):
        old = f"blocks.{layer}."
        parts |= {
            f"blocks.{place}.{name.removeprefix(old)}": value.clone()
            for name, value in net.parts.items()
            if name.startswith(old)
        }
    return Net(net.layout, replace(net.shape, layers=len(order)), parts)


def _made(case: Case, order: Sequence[int], disguise: str) -> Attacked:
    return made(relayered(case.victim, order), "changed", disguise, layers=tuple(order))


@attack("layers_dropped", "depth", "the second block left out")
def layers_dropped(case: Case) -> Attacked:
    """Leave one block out."""
    return _made(case, [n for n in range(case.victim.shape.layers) if n != 1], "layers_dropped")


@attack("layers_halved", "depth", "every other block left out")
def layers_halved(case: Case) -> Attacked:
    """Leave half the blocks out."""
    return _made(case, range(0, case.victim.shape.layers, 2), "layers_dropped")


@attack("layers_repeated", "depth", "the middle blocks twice in a row (depth up-scaling)")
def layers_repeated(case: Case) -> Attacked:
    """Repeat the middle: blocks up to the last but one, then again from the second."""
    depth = case.victim.shape.layers
    return _made(case, [*range(depth - 1), *range(1, depth)], "layers_repeated")


@attack("layers_reordered", "depth", "blocks in another order, none in its place")
def layers_reordered(case: Case) -> Attacked:
    """Put the odd blocks first: none stays in its place where the depth is even."""
    depth = case.victim.shape.layers
    return _made(case, [*range(1, depth, 2), *range(0, depth, 2)], "layers_reordered")
