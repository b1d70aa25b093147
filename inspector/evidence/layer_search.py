"""Which layers belong together where neither numbers nor units in place tell: those whose units agree in any order."""

from __future__ import annotations

import numpy as np
import torch

from inspector.evidence.compared import Compared
from inspector.evidence.loading import sampled
from inspector.evidence.matching import MOST_UNITS, Look, features
from inspector.evidence.pairing import unit_groups
from inspector.evidence.turning import Turn
from inspector.evidence_results import FloatArray
from inspector.job import Job
from inspector.similarity.align import align_layers

_SAMPLE, _FEW_COLUMNS = 128, 128  # units of a reference layer, and columns: enough to tell layers apart

Layers = tuple[tuple[int, int], ...]


def searched_layers(compared: Compared, turn: Turn | None, job: Job) -> Layers:
    """Align the layers by how many units of each two agree, whatever their order.

    Raises:
        InputError: a file ended early or changed.
        Cancelled: the job was cancelled.
    """
    shares = layer_agreement(compared, turn, job)
    return align_layers(shares) if np.isfinite(shares).any() else compared.layers


def layer_agreement(compared: Compared, turn: Turn | None, job: Job) -> FloatArray:
    """Return the share of units of each reference layer that a candidate layer has on both sides, in whatever order.

    (candidate layers, reference layers), NaN where a layer has no such units. Of each reference layer a sample is
    looked at: it tells the layers apart, and nothing else is claimed of it.

    Raises:
        InputError: a file ended early or changed.
        Cancelled: the job was cancelled.
    """
    ours, theirs = compared.candidate, compared.reference
    depth = ours.blocks, theirs.blocks
    found = np.full(depth, np.nan)
    look = Look(turn, _FEW_COLUMNS)
    sides: list[dict[int, list[torch.Tensor]]] = [{}, {}]
    for side, places in ((0, [(i, 0) for i in range(depth[0])]), (1, [(0, j) for j in range(depth[1])])):
        groups = {group.layers[side]: group for group in reversed(unit_groups(ours, theirs, places))}
        checkpoint = (compared.ours, compared.theirs)[side]
        for layer, group in groups.items():
            few = sampled(group.blocks[0][0].units_of(side), _SAMPLE if side else MOST_UNITS)
            sides[side][layer] = [
                features(group, axis, side, few, checkpoint, job, look) for axis in ("rows", "columns")
            ]
    for i, ours_read in sides[0].items():
        for j, theirs_read in sides[1].items():
            job.raise_if_cancelled()
            nearest = [(b @ a.t()).argmax(1) for a, b in zip(ours_read, theirs_read, strict=True)]
            found[i, j] = float((nearest[0] == nearest[1]).float().mean())
    return found
