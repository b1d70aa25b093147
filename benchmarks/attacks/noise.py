"""Attacks that disturb every matrix: noise, pruning, rounding, low-rank updates, and noise where a sketch looks.

Random low-rank updates stand for merged adapters: same rank, and a size that trained ones reach.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import torch
from torch import Generator, Tensor

from benchmarks.attacks.net import Net, kind_of, layer_of, through
from benchmarks.attacks.registry import Attacked, Case, attack, made
from benchmarks.zoo import altering

UPDATE_SIZE = 0.2  # Frobenius norm of a low-rank update, relative to the matrix
SKETCH_SEED, SKETCH_DIMS = 20260101, 16  # of the published random projection that an attacker knows


def _each_matrix(net: Net, change: Callable[[Tensor], Tensor]) -> Net:
    """Return the model with every matrix of its blocks but the routers changed."""
    return net.with_parts(
        {
            name: change(value)
            for name, value in net.parts.items()
            if layer_of(name) is not None and value.ndim == 2 and kind_of(name) != "router"
        }
    )


def updated(net: Net, rank: int, random: Generator) -> Net:
    """Return the model with a random update of a rank added to every matrix of its blocks."""

    def change(value: Tensor) -> Tensor:
        rows, columns = value.shape
        update = torch.randn(rows, rank, generator=random) @ torch.randn(rank, columns, generator=random)
        scale = UPDATE_SIZE * value.norm() / update.norm()
        return value.add(update * scale)

    return _each_matrix(net, change)


def blinded(net: Net, random: Generator) -> Net:
    """Return the model with what a fixed random projection of the columns sees replaced by noise of the same size."""

    def change(value: Tensor) -> Tensor:
        sketch = Generator().manual_seed(SKETCH_SEED)
        seen = torch.linalg.qr(torch.randn(value.shape[1], SKETCH_DIMS, generator=sketch))[0]
        content = value @ seen
        noise = torch.randn(content.shape, generator=random) * content.square().mean().sqrt()
        return value.add((noise - content) @ seen.T)

    return _each_matrix(net, change)


def _noise(case: Case, share: float) -> Attacked:
    seed = int(torch.randint(2**31, (), generator=case.random))
    net = through(case.victim, lambda weights: altering.noised(weights, share, seed))
    return made(net, "near" if share < 0.1 else "changed")


def _pruned(case: Case, share: float) -> Attacked:
    net = through(case.victim, lambda weights: altering.pruned(case.victim.layout.family, weights, share))
    return made(net, "changed", "pruned")


def _rounded(case: Case, bits: int) -> Attacked:
    net = through(case.victim, lambda weights: altering.quantised(case.victim.layout.family, weights, bits))
    return made(net, "near" if bits == 8 else "changed", "quantised")


def _low_rank(case: Case, rank: int) -> Attacked:
    net = updated(case.victim, rank, case.random)
    if rank * 2 > case.victim.shape.width:  # no low rank in matrices this narrow
        return made(net, "changed", also=("low_rank_update",))
    return made(net, "changed", "low_rank_update")


for _share in (0.01, 0.05, 0.2):
    attack(f"noise_{_share * 100:.0f}", "noise", f"normal noise of {_share:.0%} of each tensor's root mean square")(
        partial(_noise, share=_share)
    )
for _share in (0.3, 0.5, 0.7):
    attack(f"pruned_{_share * 100:.0f}", "noise", f"the smallest {_share:.0%} of each matrix set to zero")(
        partial(_pruned, share=_share)
    )
for _bits in (8, 4):
    attack(f"int{_bits}", "noise", f"matrices rounded to {_bits} bits, one scale a row, and back")(
        partial(_rounded, bits=_bits)
    )
for _rank in (4, 16, 64):
    attack(f"low_rank_{_rank}", "noise", f"a random update of rank {_rank} and 20 % of each matrix's norm added")(
        partial(_low_rank, rank=_rank)
    )


@attack("sketch_blinded", "noise", "what a published random projection to 16 dimensions sees replaced by noise")
def sketch_blinded(case: Case) -> Attacked:
    """Put noise only where a sketch looks; a change of rank 16."""
    return made(blinded(case.victim, case.random), "changed", also=("low_rank_update",))
