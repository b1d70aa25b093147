"""Which MLP matrix is which when names, places and lengths all say nothing: those that hold the same units.

A candidate without names is followed by shape and content (`similarity.renamed`). Where its units were moved, turned
and scaled, neither tells. In the coordinates that the anchors set, each of its matrices is held against each of the
reference's of equal shape: how alike is, on average, the nearest unit? Roles are then dealt out anew. It is a choice by
content like any other; what a followed candidate can claim has paid for every assignment there is (`choices`).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

import numpy as np
import torch
from scipy.optimize import linear_sum_assignment

from inspector.anatomy import Component, Part
from inspector.evidence import units
from inspector.evidence.anchors import anchored_turn
from inspector.evidence.compared import Compared
from inspector.evidence.groups import Axis, View
from inspector.evidence.loading import finite_side, sampled
from inspector.evidence.turning import Turn, folded_gains
from inspector.evidence_results import FloatArray
from inspector.job import Job
from inspector.similarity.workers import in_order

_ROWS, _COLUMNS = ("mlp.up", "mlp.gate", "mlp.fc1"), ("mlp.down", "mlp.fc2")
_SAMPLE, _FEW_COLUMNS = 128, 128
_CLEARLY = 6.0  # standard deviations between the assigned pairs and all others


def retraced(compared: Compared, job: Job) -> Component | None:
    """Return the candidate with its MLP matrices dealt out anew, None where units do not tell or nothing changes.

    Raises:
        InputError: a file ended early or changed.
        Cancelled: the job was cancelled.
    """
    fold = folded_gains(compared, job)
    fold = replace(fold, gains=({}, fold.gains[1]))  # which vectors are the candidate's gains nobody knows yet
    turn = anchored_turn(compared, fold, job)
    if turn is None:
        return None
    kinds: defaultdict[tuple[Axis, tuple[int, int]], list[tuple[Part, Part]]] = defaultdict(list)
    for a, b in compared.pairs:
        axis: Axis | None = "rows" if a.role in _ROWS else "columns" if a.role in _COLUMNS else None
        if axis is not None and a.param == "weight" and a.layer is not None and not a.ranges:
            kinds[axis, a.shape].append((a, b))
    moved: dict[Part, str] = {}
    for (axis, _), pairs in kinds.items():
        order = _order(_alike(compared, axis, pairs, turn, job))
        if order is None:
            return None
        moved |= {pairs[place][0]: pairs[source][0].tensor for place, source in enumerate(order)}
    if not moved or all(part.tensor == name for part, name in moved.items()):
        return None
    parts = tuple(replace(part, tensor=moved.get(part, part.tensor)) for part in compared.candidate.parts)
    return replace(compared.candidate, parts=parts)


def _alike(compared: Compared, axis: Axis, pairs: list[tuple[Part, Part]], turn: Turn, job: Job) -> FloatArray:
    """Return how alike the nearest unit is, on average over a sample: (candidate matrices, reference matrices)."""
    rotation = turn.rotation
    if rotation is None:
        return np.zeros((len(pairs), len(pairs)))
    kept = torch.from_numpy(sampled(rotation.shape[1], _FEW_COLUMNS))

    def read(item: tuple[Part, Part]) -> tuple[torch.Tensor, torch.Tensor]:
        view = View(item, axis)
        few = sampled(view.units_of(1), _SAMPLE)
        ours = finite_side(view, 0, compared.ours, job)
        theirs = finite_side(view, 1, compared.theirs, job, few)
        a = turn.by(rotation[:, kept]).side(0, view, ours)
        b = turn.folded(1, view, theirs)[:, kept]
        return _directions(a), _directions(b)

    found = in_order(read, pairs)
    values = [[float((b @ a.t()).amax(1).mean()) for _, b in found] for a, _ in found]
    return np.array(values)


def _directions(matrix: torch.Tensor) -> torch.Tensor:
    moved = units.normalised(matrix[None])[0]
    directions: torch.Tensor = moved / torch.linalg.vector_norm(moved, dim=1, keepdim=True).clamp(min=1e-30)
    return directions


def _order(alike: FloatArray) -> list[int] | None:
    """Return which candidate matrix is each reference matrix, None where the assigned do not stand out."""
    rows, columns = linear_sum_assignment(alike, maximize=True)
    others = np.ones(alike.shape, bool)
    others[rows, columns] = False
    if not others.any():
        return [0]
    middle, spread = float(alike[others].mean()), float(alike[others].std())
    if float(alike[rows, columns].min()) < middle + _CLEARLY * max(spread, 1e-3):
        return None
    return [int(row) for row in rows[np.argsort(columns)]]
