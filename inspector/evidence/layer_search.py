"""Which layers belong together where no weight stands in its place: those whose units agree, in whatever order.

Similarity aligns layers by weights in place; of a copy that was rotated, or reordered inside, it sees nothing. Here the
units of every two layers are matched on both of their sides, in the coordinates that the anchors set. Whatever order is
found, its share of the error rate was set apart beforehand (`choices`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from inspector.evidence.anchors import anchored_turn
from inspector.evidence.compared import Compared
from inspector.evidence.decision import CALIBRATED_SHARE
from inspector.evidence.loading import sampled
from inspector.evidence.matching import MOST_UNITS, Look, features
from inspector.evidence.pairing import unit_groups
from inspector.evidence.turning import Turn, folded_gains
from inspector.evidence_results import FloatArray
from inspector.job import Job
from inspector.similarity.align import align_layers, standing_out
from inspector.similarity.workers import in_order

_SAMPLE, _FEW_COLUMNS = 64, 128  # units of a reference layer, and columns: enough to tell layers apart

Layers = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Search:
    """Layers that belong together.

    Attributes:
        layers: aligned (candidate, reference). repeats: further candidate layers, with the one that each repeats.
    """

    layers: Layers
    repeats: Layers


def search_layers(compared: Compared, job: Job) -> Search | None:
    """Align the layers by their units in any order; None where weights in place tell, or where no units agree.

    Raises:
        InputError: a file ended early or changed.
        Cancelled: the job was cancelled.
    """
    if _aligned_already(compared):
        return None
    turn = anchored_turn(compared, folded_gains(compared, job), job)
    if turn is None and compared.candidate.hidden_size != compared.reference.hidden_size:
        return None
    shares = layer_agreement(compared, turn, job)
    if not np.isfinite(shares).any():
        return None
    layers = align_layers(shares)
    clear = [pair for pair in layers if shares[pair] >= CALIBRATED_SHARE]
    if len(clear) < max(1.0, CALIBRATED_SHARE * len(layers)):
        return None
    rest = set(range(len(shares))) - {candidate for candidate, _ in layers}
    best = [(layer, int(np.nanargmax(shares[layer]))) for layer in sorted(rest) if np.isfinite(shares[layer]).any()]
    return Search(layers, tuple(pair for pair in best if shares[pair] >= CALIBRATED_SHARE))


def _aligned_already(compared: Compared) -> bool:
    """Tell whether half of the aligned layers stand out of all others as they are."""
    if not compared.layers:
        return True
    if compared.similarity is None:
        return False
    marked = standing_out(compared.similarity, compared.layers)
    return sum(bool(marked[pair]) for pair in compared.layers) >= len(compared.layers) / 2


def layer_agreement(compared: Compared, turn: Turn | None, job: Job) -> FloatArray:
    """Return the share of units of each reference layer that a candidate layer has on both sides, in whatever order.

    (candidate layers, reference layers), NaN where a layer has no such units. Of each reference layer a sample is
    looked at: it tells the layers apart, and nothing else is claimed of it.

    Raises:
        InputError: a file ended early or changed.
        Cancelled: the job was cancelled.
    """
    depth = compared.candidate.blocks, compared.reference.blocks
    ours, theirs = (_read(compared, side, turn, job) for side in (0, 1))
    found = np.full(depth, np.nan)

    def row(layer: int) -> None:
        for other, units in theirs.items():
            job.raise_if_cancelled()
            nearest = [(b @ a.t()).argmax(1) for a, b in zip(ours[layer], units, strict=True)]
            found[layer, other] = float((nearest[0] == nearest[1]).float().mean())

    in_order(row, list(ours))
    return found


def _read(compared: Compared, side: int, turn: Turn | None, job: Job) -> dict[int, list[torch.Tensor]]:
    """Return layer -> what its hidden units read and what they write, of one side."""
    places = [(i, 0) if side == 0 else (0, i) for i in range((compared.candidate, compared.reference)[side].blocks)]
    groups = {
        group.layers[side]: group for group in reversed(unit_groups(compared.candidate, compared.reference, places))
    }
    checkpoint = (compared.ours, compared.theirs)[side]
    look = Look(turn, _FEW_COLUMNS)

    def one(layer: int) -> list[torch.Tensor]:
        group = groups[layer]
        few = sampled(group.blocks[0][0].units_of(side), _SAMPLE if side else MOST_UNITS)
        return [features(group, axis, side, few, checkpoint, job, look) for axis in ("rows", "columns")]

    return dict(zip(groups, in_order(one, list(groups)), strict=True))
