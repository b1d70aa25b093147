"""A rotated residual stream: proposed by Gram, undone by Procrustes on half of the layers, re-judged on the other half.

A copy whose residual dimensions were rotated (with the norm gains folded into the matrices that read them) computes
the same and has no row in common with the original, but its units are still in order, and how alike they are among
themselves is unchanged. The rotation R that maps the candidate's units onto the reference's, in order, is the
orthogonal Procrustes solution (Schönemann 1966) over the even layers. Permutation z of the odd layers, turned by R, is
exact: R is a function of tensors that no permutation of the odd layers' units touches.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch

from inspector.checkpoint import Checkpoint
from inspector.evidence import units
from inspector.evidence.anchors import procrustes
from inspector.evidence.groups import UnitGroup
from inspector.evidence.loading import MAX_COLUMNS, load_view, unit_places
from inspector.evidence.turning import Turn
from inspector.job import Job


def rotatable(groups: Sequence[UnitGroup], width: int) -> tuple[list[UnitGroup], list[UnitGroup]]:
    """Return the groups that set the rotation (even layers) and those that are judged (odd layers).

    Args:
        groups: of one component pair. width: of the residual stream; 0 where it is not known.
    """
    fit = [group for group in groups if group.layers[0] >= 0 and touches_residual(group, width)]
    even, odd = ([group for group in fit if group.layers[0] % 2 == rest] for rest in (0, 1))
    return (even, odd) if even and odd and 0 < width <= MAX_COLUMNS else ([], [])


def touches_residual(group: UnitGroup, width: int) -> bool:
    """Tell whether the columns of all views of a group are the residual dimensions."""
    return all(view.columns - (view.bias is not None) == width for block in group.blocks for view in block)


def rotation(groups: Sequence[UnitGroup], fold: Turn, ours: Checkpoint, theirs: Checkpoint, job: Job) -> torch.Tensor:
    """Return the orthogonal R that maps the candidate's units onto the reference's, in order: min |A R - B|.

    (candidate width, reference width); of unequal widths a partial isometry.

    Raises:
        InputError: a file ended early or changed.
        Cancelled: the job was cancelled.
    """
    product = torch.zeros(0)
    for group in groups:
        for number, block in enumerate(group.blocks):
            places = unit_places(group, number)
            for view in block:
                bare = view.bare
                loaded = load_view(bare, places, ours, theirs, job)
                a, b = (units.normalised(side[None])[0] for side in fold.of(bare, loaded.candidate, loaded.reference))
                part = a.t() @ b
                product = part if not product.numel() else product + part
    return procrustes(product)
