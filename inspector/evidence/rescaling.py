"""Units that were scaled where they are read and scaled back where they write: the same function in other numbers.

The tests do not see it, because rows are compared by direction. It shows in the lengths: what the reading side gained,
the writing side lost. Training moves both sides of a unit the same way, if at all. A negative scale shows in the
directions: units that point the opposite way on both sides.
"""

from __future__ import annotations

import numpy as np
import torch

from inspector.checkpoint import Checkpoint
from inspector.evidence.compared import Compared
from inspector.evidence.decision import CALIBRATED_SHARE
from inspector.evidence.found import Found
from inspector.evidence.groups import Pair, UnitGroup
from inspector.evidence.lengths import gained, opposed
from inspector.evidence.loading import finite_side, read_part, sampled
from inspector.evidence.turning import FED_BY, Turn, folded_gains
from inspector.evidence_results import FloatArray, IntArray
from inspector.job import Job

_LAYERS = 4  # groups that are looked at
_UNITS, _COLUMNS = 1024, 4096
_FEWEST = 16
_TRAINED = 1e-3  # spread of norm gains over their size
_GROWN = 0.8  # correlation of what the columns gained with the gains
_READS = ("mlp.up", "mlp.gate", "mlp.fc1")
_OPPOSITE, _FLIPPED = -0.5, 0.05  # cosine of a unit that points the other way, and how many must on both sides

Places = tuple[UnitGroup, IntArray, IntArray]  # group, candidate units, the reference units that they are


def is_rescaled(compared: Compared, found: Found, job: Job) -> bool:
    """Tell whether most layers hold units that were scaled and scaled back, of one kind of group or of the heads.

    Raises:
        InputError: a file ended early or changed.
        Cancelled: the job was cancelled.
    """
    groups = _same_units(found)
    # A turned stream may point the other way as a whole, and directions of unequal widths cannot be compared.
    signs = found.undoing.turn is None and compared.candidate.hidden_size == compared.reference.hidden_size
    for kind in sorted({group.name for group, _, _ in groups}):
        own = [place for place in groups if place[0].name == kind]
        few = [own[place] for place in sampled(len(own), _LAYERS)]
        if sum(_opposed(place, compared, signs, job) for place in few) > len(few) / 2:
            return True
    heads = found.undoing.heads
    return bool(heads) and sum(item.scaled for item in heads) > len(heads) / 2


def norms_folded(compared: Compared, found: Found, job: Job) -> bool:
    """Tell whether the reference's norm gains went into the matrices that they feed: most columns grew by them.

    The candidate's own gains are then much more alike than the reference's.

    Raises:
        InputError: a file ended early or changed.
        Cancelled: the job was cancelled.
    """
    if found.undoing.turn is not None:
        return False
    fold = folded_gains(compared, job)
    read = [pair for pair in compared.pairs if pair[0].role in _READS and pair[0].param == "weight"]
    few = [read[place] for place in sampled(len(read), _LAYERS)]
    return bool(few) and sum(_is_folded(pair, compared, fold, job) for pair in few) > len(few) / 2


def _is_folded(pair: Pair, compared: Compared, fold: Turn, job: Job) -> bool:
    ours, theirs = (
        fold.gains[side].get((FED_BY[part.role], -1 if part.layer is None else part.layer))
        for side, part in enumerate(pair)
    )
    if ours is None or theirs is None or len(ours) != len(theirs) or pair[0].shape != pair[1].shape:
        return False
    spread = [float(gain.std() / gain.abs().mean().clamp(min=1e-30)) for gain in (ours, theirs)]
    if spread[1] < _TRAINED or spread[0] > spread[1] / 2 or len(ours) > _COLUMNS or float(theirs.min()) <= 0:
        return False
    keep = sampled(pair[0].shape[0], _UNITS)
    a, b = (
        read_part(part, keep, checkpoint, job, np.arange(part.shape[1])).nan_to_num_(nan=0.0, posinf=0.0, neginf=0.0)
        for part, checkpoint in zip(pair, (compared.ours, compared.theirs), strict=True)
    )
    grown = gained(a.t(), b.t())
    return bool(np.ptp(grown) > 0 and np.corrcoef(grown, theirs.log().numpy())[0, 1] > _GROWN)


def _same_units(found: Found) -> list[Places]:
    """Return the groups with the units of both models that are the same: in place, or matched."""
    matched = [(item.group, item.candidate, item.reference) for item in found.undoing.matched]
    scores = [score for score in (*found.scores, *found.undoing.turned) if not score.group.of_wholes]
    mostly = [score.group for score in scores if len(score.inherited) >= CALIBRATED_SHARE * score.units]
    return matched + [(group, np.arange(group.units), np.arange(group.units)) for group in mostly]


def _opposed(place: Places, compared: Compared, signs: bool, job: Job) -> bool:
    group, candidate, reference = place
    first = group.blocks[0][0]
    inside = (candidate < first.units_of(0)) & (reference < first.units_of(1))
    candidate, reference = candidate[inside], reference[inside]
    keep = sampled(len(candidate), _UNITS)
    if len(keep) < _FEWEST:
        return False
    seen: dict[str, list[tuple[FloatArray, FloatArray]]] = {"rows": [], "columns": []}
    for number, view in enumerate(group.blocks[0]):
        if view.axis in seen:
            a = _rows(group, number, 0, candidate[keep], compared.ours, job)
            b = _rows(group, number, 1, reference[keep], compared.theirs, job)
            cosines = torch.cosine_similarity(a, b).double().numpy() if signs else np.zeros(len(keep))
            seen[view.axis].append((gained(a, b), cosines))
    return any(
        opposed(reads, writes) or ((way < _OPPOSITE) & (back < _OPPOSITE)).mean() >= _FLIPPED
        for reads, way in seen["rows"]
        for writes, back in seen["columns"]
    )


def _rows(group: UnitGroup, number: int, side: int, chosen: IntArray, checkpoint: Checkpoint, job: Job) -> torch.Tensor:
    view = group.blocks[0][number]
    whole = finite_side(view, side, checkpoint, job, max_columns=_COLUMNS)
    bare = whole[:, : whole.shape[1] - (view.bias is not None)]
    bare = bare / bare.abs().amax().clamp(min=1e-30)  # only how lengths differ counts, and no square may overflow
    return bare[torch.from_numpy(chosen)]
