"""Anchored (calibrated): rotation and neuron order undone together, and judged on layers that set neither.

The anchors give a rotation on the directions that they span. In it the units of the even layers are matched on both of
their sides, and the units that agree give the rotation again, now of the whole residual stream. The odd layers,
turned by it, are then judged by the rule of Two-view: neither an anchor nor an odd layer set the rotation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch

from inspector.evidence import units
from inspector.evidence.anchors import anchored_turn, procrustes
from inspector.evidence.compared import Compared
from inspector.evidence.decision import CALIBRATED_SHARE
from inspector.evidence.groups import UnitGroup
from inspector.evidence.loading import finite_side, sampled
from inspector.evidence.matching import Matched, has_two_views, match
from inspector.evidence.pairing import unit_groups
from inspector.evidence.turning import Turn
from inspector.evidence_results import IntArray
from inspector.job import Job
from inspector.similarity.workers import in_order

PROBED = 4  # odd layers that are looked at when no even ones match
ROUNDS = 3  # of matching the even layers and fitting the rotation to them


@dataclass(frozen=True, slots=True)
class Anchored:
    """What matching in the anchors' coordinates gave.

    Attributes:
        turn: the common coordinates. setting, judged: units matched in the even layers, which set the rotation, and in
            the odd ones, which did not.
    """

    turn: Turn
    setting: tuple[Matched, ...]
    judged: tuple[Matched, ...]


def anchored(compared: Compared, fold: Turn, job: Job) -> Anchored | None:
    """Match the units of two components in coordinates that their anchors set; None without anchors or layers.

    Raises:
        InputError: a file ended early or changed.
        Cancelled: the job was cancelled.
    """
    start = anchored_turn(compared, fold, job)
    even, odd = _halves(compared)
    if start is None or not even or not odd:
        return None
    turn, setting = _fitted(compared, even, start, job)
    if not _enough(setting):  # strangers, as all even layers say: a few others do for the record
        odd = [odd[place] for place in sampled(len(odd), PROBED)]
    return Anchored(turn, setting, matched_groups(compared, odd, job, turn))


def matched_groups(
    compared: Compared,
    groups: Sequence[UnitGroup],
    job: Job,
    turn: Turn | None = None,
    dimensions: IntArray | None = None,
) -> tuple[Matched, ...]:
    """Match the units of several groups on the workers, in order; groups in which nothing varies are left out."""
    found = in_order(lambda group: match(group, compared.ours, compared.theirs, job, turn, dimensions), groups)
    return tuple(item for item in found if item is not None)


def _halves(compared: Compared) -> tuple[list[UnitGroup], list[UnitGroup]]:
    """Return the groups of every other aligned layer, and the rest."""
    every = unit_groups(compared.candidate, compared.reference, compared.layers)
    groups = [group for group in every if has_two_views(group)]
    numbers = {layer: place for place, (layer, _) in enumerate(sorted(compared.layers))}
    even, odd = ([group for group in groups if numbers[group.layers[0]] % 2 == rest] for rest in (0, 1))
    return even, odd


def _enough(found: Sequence[Matched]) -> bool:
    return bool(found) and sum(item.clear for item in found) >= CALIBRATED_SHARE * len(found)


def _fitted(compared: Compared, even: Sequence[UnitGroup], turn: Turn, job: Job) -> tuple[Turn, tuple[Matched, ...]]:
    """Match the even layers and fit the rotation to what agrees, a few times; it starts at the anchors' rotation."""
    found: tuple[Matched, ...] = ()
    for _ in range(ROUNDS):
        before = sum(item.agreed for item in found)
        found = matched_groups(compared, even, job, turn)
        if not _enough(found):
            break
        turn = turn.by(_refitted(compared, found, turn, job))
        if sum(item.agreed for item in found) == before:
            break
    return turn, found


def _refitted(compared: Compared, found: Sequence[Matched], turn: Turn, job: Job) -> torch.Tensor:
    return procrustes(sum_of(in_order(lambda item: _product(compared, item, turn, job), found)))


def sum_of(parts: Sequence[torch.Tensor]) -> torch.Tensor:
    """Return the sum of matrices, in order."""
    total = parts[0].clone()
    for part in parts[1:]:
        total += part
    return total


def _product(compared: Compared, item: Matched, turn: Turn, job: Job) -> torch.Tensor:
    """Return Aᵀ B over the units that agree, (candidate width, reference width), every view of rows of length 1."""
    total = torch.zeros(0)
    sides = ((compared.ours, item.candidate), (compared.theirs, item.reference))
    for number in range(len(item.group.blocks[0])):
        views = [block[number].bare for block in item.group.blocks]
        a, b = (
            torch.cat([turn.folded(side, view, finite_side(view, side, checkpoint, job)) for view in views])[chosen]
            for side, (checkpoint, chosen) in enumerate(sides)
        )
        part = units.normalised(a[None])[0].t() @ units.normalised(b[None])[0]
        total = part if not total.numel() else total + part
    return total
