"""A component's units as screening compares them: every permutation group as normalised rows, one stack a kind."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from functools import cached_property

import torch

from inspector.anatomy import Component
from inspector.checkpoint import Checkpoint
from inspector.evidence import units
from inspector.evidence.groups import UnitGroup, find_groups
from inspector.evidence.loading import finite_side, unit_places
from inspector.job import Job

Kind = tuple[str, int, int, int]  # group, run, units, columns
_LEFT = ("residual",)  # its vectors are few numbers: judged, not screened


@dataclass(frozen=True)
class Stack:
    """All groups of one kind.

    Attributes:
        layers: number of each. rows: (groups, units, columns) float32: of every view, rows of length 1 with the mean
            row removed, side by side. reading, writing: how many of the columns are of views that read and that write.
        run: units move only within runs of this many, 0 for all. odd: of kernels, which columns change sign when those
            are flipped; None where nothing can be.
    """

    layers: tuple[int, ...]
    rows: torch.Tensor
    reading: int
    writing: int
    run: int
    odd: torch.Tensor | None = None

    def flipped(self) -> Stack:
        """Return the stack with its kernels flipped."""
        if self.odd is None:
            return self
        return replace(self, rows=torch.where(self.odd, -self.rows, self.rows))

    @cached_property
    def products(self) -> torch.Tensor:
        """Gram matrices of the columns, (groups, columns · columns)."""
        return torch.bmm(self.rows.transpose(1, 2), self.rows).flatten(1)

    @cached_property
    def flat(self) -> torch.Tensor:
        """The rows, (groups, units · columns)."""
        return self.rows.flatten(1)


def features(component: Component, checkpoint: Checkpoint, job: Job) -> dict[Kind, Stack]:
    """Return the stacks of a component.

    Raises:
        InputError: a file ended early or changed.
        Cancelled: the job was cancelled.
    """
    itself = [(part, part) for part in component.parts]
    groups, _ = find_groups(itself, component, component, checkpoint)
    found: defaultdict[Kind, list[tuple[int, torch.Tensor]]] = defaultdict(list)
    sides: dict[Kind, tuple[int, int, int, torch.Tensor | None]] = {}
    seen: Counter[tuple[str, int, int]] = Counter()
    for group in groups:
        if group.name in _LEFT:
            continue
        for block in range(len(group.blocks)):
            job.raise_if_cancelled()
            rows, reading, writing, odd = _rows(group, block, checkpoint, job)
            if rows.shape[0] < 2 or rows.shape[1] == 0:
                continue
            name = group.name if len(group.blocks) == 1 else f"{group.name}[{block}]"
            if odd is not None:  # kernels of another size turn in other columns
                name += f", {int(odd.sum())} odd"
            kind = (name, group.run, rows.shape[0], rows.shape[1])
            layer = group.layers[0]
            if layer < 0:  # outside blocks the order among like matrices stands for the number
                layer = -1 - seen[name, rows.shape[0], rows.shape[1]]
                seen[name, rows.shape[0], rows.shape[1]] += 1
            found[kind].append((layer, rows))
            sides[kind] = (reading, writing, group.run, odd)
    return {
        kind: Stack(tuple(layer for layer, _ in items), torch.stack([rows for _, rows in items]), *sides[kind])
        for kind, items in found.items()
    }


def _rows(
    group: UnitGroup, block: int, checkpoint: Checkpoint, job: Job
) -> tuple[torch.Tensor, int, int, torch.Tensor | None]:
    """Return the units of one block, (units, columns of all views), how many columns read and write, which are odd."""
    places = unit_places(group, block)
    views: list[torch.Tensor] = []
    odd: list[torch.Tensor] = []
    counts = {"rows": 0, "columns": 0}
    for axis in ("rows", "columns"):
        for view in (view for view in group.blocks[block] if view.axis == axis):
            matrix = finite_side(view, 0, checkpoint, job, places)
            if units.is_constant(matrix):
                continue
            run = group.run or len(matrix)
            views.append(units.normalised(matrix.reshape(-1, run, matrix.shape[1])).reshape(matrix.shape))
            counts[axis] += matrix.shape[1]
            own = checkpoint.projected.get(view.pair[0].tensor)
            first = matrix.shape[1] - (0 if own is None else own.odd)
            odd.append(torch.arange(matrix.shape[1]) >= first)
    joined = torch.cat(views, dim=1) if views else torch.zeros(len(places), 0)
    turning = torch.cat(odd) if any(bool(columns.any()) for columns in odd) else None
    return joined, counts["rows"], counts["columns"], turning
