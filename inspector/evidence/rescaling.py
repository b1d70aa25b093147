"""Units that were scaled where they are read and scaled back where they write: the same function in other numbers.

The tests do not see it, because rows are compared by direction. It shows in the lengths: what the reading side gained,
the writing side lost. Training moves both sides of a unit the same way, if at all.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from inspector.checkpoint import Checkpoint
from inspector.evidence.groups import UnitGroup
from inspector.evidence.loading import load_side, sampled
from inspector.evidence_results import FloatArray, IntArray
from inspector.job import Job

_LAYERS = 4  # groups that are looked at
_UNITS, _COLUMNS = 1024, 1024
_FEWEST = 16
_SPREAD = 0.05  # of the logarithms of the lengths
_AGAINST = -0.9  # correlation of what one side gained with what the other did

Places = tuple[UnitGroup, IntArray, IntArray]  # group, candidate units, the reference units that they are


def is_rescaled(groups: Sequence[Places], ours: Checkpoint, theirs: Checkpoint, job: Job) -> bool:
    """Tell whether most groups of one kind hold units that were scaled and scaled back.

    Args:
        groups: with a reading and a writing side; of several blocks the first is looked at. ours, theirs: both
            checkpoints.

    Raises:
        InputError: a file ended early or changed.
        Cancelled: the job was cancelled.
    """
    kinds = {group.name for group, _, _ in groups}
    for kind in sorted(kinds):
        own = [place for place in groups if place[0].name == kind]
        few = [own[place] for place in sampled(len(own), _LAYERS)]
        if sum(_opposed(place, ours, theirs, job) for place in few) > len(few) / 2:
            return True
    return False


def _opposed(place: Places, ours: Checkpoint, theirs: Checkpoint, job: Job) -> bool:
    group, candidate, reference = place
    first = group.blocks[0][0]
    inside = (candidate < first.units_of(0)) & (reference < first.units_of(1))
    candidate, reference = candidate[inside], reference[inside]
    keep = sampled(len(candidate), _UNITS)
    gained: dict[str, list[FloatArray]] = {"rows": [], "columns": []}
    for number, view in enumerate(group.blocks[0]):
        if view.axis in gained and len(keep) >= _FEWEST:
            a = _lengths(group, number, 0, candidate[keep], ours, job)
            b = _lengths(group, number, 1, reference[keep], theirs, job)
            alive = (a > 0) & (b > 0)
            gained[view.axis].append(np.where(alive, np.log(np.where(alive, a, 1)) - np.log(np.where(alive, b, 1)), 0))
    return any(
        min(reads.std(), writes.std()) > _SPREAD and float(np.corrcoef(reads, writes)[0, 1]) < _AGAINST
        for reads in gained["rows"]
        for writes in gained["columns"]
    )


def _lengths(
    group: UnitGroup, number: int, side: int, chosen: IntArray, checkpoint: Checkpoint, job: Job
) -> FloatArray:
    view = group.blocks[0][number]
    whole = load_side(view, side, np.arange(view.units_of(side)), checkpoint, job, _COLUMNS)
    bare = whole[:, : whole.shape[1] - (view.bias is not None)].nan_to_num_(nan=0.0, posinf=0.0, neginf=0.0)
    bare = bare / bare.abs().amax().clamp(min=1e-30)  # only how lengths differ counts, and no square may overflow
    return np.asarray(torch.linalg.vector_norm(bare, dim=1).double().numpy()[chosen])
