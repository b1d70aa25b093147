"""z of every candidate layer against every reference layer, and the mismatched layers as internal controls.

Computed from 64 random sign projections of up to 1,024 units: a permutation null does not care about a projection that
was fixed beforehand, so every cell is a valid z, only smaller than that of all columns.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import torch

from inspector.evidence.scoring import GroupScore
from inspector.results import ALL_ROLES, FloatArray, LayerMatrix, Null

MEASURE = "permutation_z"
_SAME_Z = 6.0


def layer_z(scores: Sequence[GroupScore], shape: tuple[int, int]) -> LayerMatrix | None:
    """Return the z matrix of the largest kind of group, (candidate layers, reference layers); None without sketches.

    Layers that were not aligned with any are NaN.
    """
    kinds: defaultdict[tuple[str, int, int], list[GroupScore]] = defaultdict(list)
    for score in scores:
        if score.sketch is not None and score.group.layers[0] >= 0:
            kinds[score.group.name, score.sketch[0].shape[0], score.sketch[0].shape[1]].append(score)
    if not kinds:
        return None
    chosen = max(kinds.values(), key=lambda found: sum(score.group.parameters for score in found))
    ours, theirs = ([score.group.layers[side] for score in chosen] for side in (0, 1))
    values = np.full(shape, np.nan)
    values[np.ix_(ours, theirs)] = _all_pairs(chosen)
    aligned = set(zip(ours, theirs, strict=True))
    others = [values[i, j] for i in ours for j in theirs if (i, j) not in aligned and np.isfinite(values[i, j])]
    null = Null(float(np.mean(others)), float(np.std(others))) if len(others) > 2 else None
    return LayerMatrix(ALL_ROLES, MEASURE, values, null)


def _all_pairs(scores: Sequence[GroupScore]) -> FloatArray:
    ours, theirs = (
        torch.stack([score.sketch[side] for score in scores if score.sketch is not None]) for side in (0, 1)
    )
    return _pairwise(ours, theirs)


def _pairwise(ours: torch.Tensor, theirs: torch.Tensor) -> FloatArray:
    """Return z of all pairs of (layers, units, features)."""
    trace = torch.mm(ours.flatten(1), theirs.flatten(1).t()).double()
    squares = [torch.bmm(side.transpose(1, 2), side).flatten(1) for side in (ours, theirs)]
    variance = torch.mm(squares[0], squares[1].t()).double() / (ours.shape[1] - 1)
    z: FloatArray = torch.where(variance > 0, trace / variance.clamp(min=0).sqrt(), torch.nan).numpy()
    return z


def repeats_itself(scores: Sequence[GroupScore], side: int) -> bool:
    """Tell whether two layers of one model hold the same units in place: a model stacked from copies of its layers."""
    kinds: defaultdict[tuple[str, int, int], list[torch.Tensor]] = defaultdict(list)
    for score in scores:
        if score.sketch is not None and score.group.layers[0] >= 0:
            own = score.sketch[side]
            kinds[score.group.name, own.shape[0], own.shape[1]].append(own)
    for layers in kinds.values():
        stack = torch.stack(layers)
        values = _pairwise(stack, stack)
        np.fill_diagonal(values, 0.0)
        if float(np.nan_to_num(values).max(initial=0.0)) >= _SAME_Z:
            return True
    return False


def mismatched(matrix: LayerMatrix | None, aligned: set[tuple[int, int]]) -> FloatArray:
    """Return z of the pairs of layers that were not aligned with each other."""
    if matrix is None:
        return np.zeros(0)
    keep = np.isfinite(matrix.values)
    for place in aligned:
        keep[place] = False
    return np.asarray(matrix.values[keep])
