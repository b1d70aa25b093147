"""Units that are dead (all zero) or repeated: set apart before anything is computed from the order (METHODS, trap 15).

Two models that share nothing may have them in the same places: padding to a multiple, a structured mask, units that
were never told apart. Whether a unit is dead or repeated does not depend on its place, so under independence the
others still stand in random order among the places that both models keep, and the null of those stays exact.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch


@dataclass(frozen=True, slots=True)
class Kept:
    """What is examined: blocks (blocks,) and units of each of them (units,), as masks."""

    blocks: torch.Tensor
    units: torch.Tensor

    def of(self, side: torch.Tensor) -> torch.Tensor:
        """Return the kept units of (blocks, units, columns)."""
        return side[self.blocks][:, self.units]


def kept_units(keys: tuple[torch.Tensor, torch.Tensor] | None, dead: torch.Tensor, run: int) -> Kept | None:
    """Return what is left without dead and repeated units, None where there are none.

    A run of units is kept whole or not at all. Other blocks keep the same places: those that are clean in all of them,
    once blocks are out that are mostly dead or repeated.

    Args:
        keys: of whole units, (blocks, units), both sides; None where units are so short that chance repeats them.
        dead: units that are zero on either side. run: as in groups.
    """
    apart = dead
    for side in keys or ():
        apart = apart | ~_single(side)
    if not apart.any():
        return None
    if run:
        return Kept(~apart.any(1), torch.ones(apart.shape[1], dtype=torch.bool))
    blocks = apart.double().mean(1) <= (0.5 if len(apart) > 1 else 1.0)
    return Kept(blocks, ~apart[blocks].any(0))


def _single(keys: torch.Tensor) -> torch.Tensor:
    """Mark the units that occur once in their block: (blocks, units) -> bool."""
    marked = []
    for row in keys:
        _, inverse, counts = torch.unique(row, return_inverse=True, return_counts=True)
        marked.append(counts[inverse] == 1)
    return torch.stack(marked)
