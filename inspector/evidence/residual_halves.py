"""Reordered units re-judged exactly: matched on half of the residual dimensions, tested on the other half.

Where residual dimensions are exchangeable (section 3 of METHODS: language models, image models without a fixed position
table), their order is uniformly random under independence. The units of the MLPs are matched by content, looking at the
even residual dimensions only. What the matched units have on the odd dimensions is then compared in place: each odd
dimension is a unit, the matched hidden units are its columns. Permuting the odd dimensions of one model changes
neither the matching nor anything else that was chosen, so Permutation z over them is exact, whatever order the hidden
units are in.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from inspector.checkpoint import Checkpoint
from inspector.evidence.cross import Cross, add_view, finish
from inspector.evidence.groups import UnitGroup
from inspector.evidence.loading import finite_side
from inspector.evidence.matching import Matched
from inspector.evidence.probes import Probes
from inspector.evidence.scoring import GroupScore, score
from inspector.evidence_results import IntArray
from inspector.job import Job

NAME = "residual.held_out"
FEWEST = 16  # dimensions of a half
MOST_UNITS = 1024  # hidden units of one layer that are looked at


def judged_dimensions(width: int) -> IntArray:
    """Return the residual dimensions that judge; the others set the matching."""
    return np.arange(1, width, 2)


def setting_dimensions(width: int) -> IntArray:
    """Return the residual dimensions that set the matching."""
    return np.arange(0, width, 2)


def halves_score(
    found: Sequence[Matched], width: int, ours: Checkpoint, theirs: Checkpoint, job: Job
) -> GroupScore | None:
    """Score the held-out residual dimensions over all matched units; None where there are too few of either.

    Args:
        found: units matched on `setting_dimensions` alone. width: of the residual stream of both models.

    Raises:
        InputError: a file ended early or changed.
        Cancelled: the job was cancelled.
    """
    places = judged_dimensions(width)
    matched = [item for item in found if item.agreed >= 2]
    if len(places) < FEWEST or not matched:
        return None
    cross, probes = Cross(torch.zeros(0)), Probes()
    views = []
    for item in matched:
        for number in range(len(item.group.blocks[0])):
            view = item.group.blocks[0][number]
            a, b = (
                _dimensions(item, number, side, places, (ours, theirs)[side], job).t().contiguous() for side in (0, 1)
            )
            add_view(cross, probes, view, a[None], b[None], quick=False)
            views.append(view)
    cross.places, cross.numbers = places, np.arange(1)
    cross.sketches.clear()
    cross.grams = None
    finish(cross, probes)
    return score(UnitGroup(NAME, (-1, -1), (tuple(views),)), cross)


def _dimensions(
    item: Matched, number: int, side: int, places: IntArray, checkpoint: Checkpoint, job: Job
) -> torch.Tensor:
    """Return what the matched units have on the judged dimensions, (units, dimensions)."""
    chosen = (item.candidate, item.reference)[side][:MOST_UNITS]
    pieces = []
    for block in item.group.blocks:
        view = block[number].bare
        whole = finite_side(view, side, checkpoint, job)
        pieces.append(whole[:, torch.from_numpy(places)])
    return torch.cat(pieces)[torch.from_numpy(chosen)]
