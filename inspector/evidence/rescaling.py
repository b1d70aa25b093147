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
from inspector.evidence.groups import UnitGroup
from inspector.evidence.lengths import gained, opposed
from inspector.evidence.loading import load_side, sampled
from inspector.evidence.turning import FED_BY, vector
from inspector.evidence_results import FloatArray, IntArray
from inspector.job import Job

_LAYERS = 4  # groups that are looked at
_UNITS, _COLUMNS = 1024, 1024
_FEWEST = 16
_FLAT, _TRAINED = 1e-5, 1e-3  # spread of norm gains over their size
_OPPOSITE, _FLIPPED = -0.5, 0.05  # cosine of a unit that points the other way, and how many must on both sides

FED_NORMS = frozenset(FED_BY.values())
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
    """Tell whether the candidate's norm gains are all alike where the reference's were trained: folded into the rest.

    Raises:
        InputError: a file ended early or changed.
        Cancelled: the job was cancelled.
    """
    if found.undoing.turn is not None:
        return False
    ours, theirs = (
        [
            vector(part, checkpoint, job)
            for part in component.parts
            if part.role in FED_NORMS and part.param == "weight" and part.layer is not None
        ]
        for component, checkpoint in ((compared.candidate, compared.ours), (compared.reference, compared.theirs))
    )
    flat = [gain for gain in ours if float(gain.std()) <= _FLAT * float(gain.abs().mean())]
    trained = [gain for gain in theirs if float(gain.std()) > _TRAINED * float(gain.abs().mean())]
    return bool(ours) and len(flat) > len(ours) / 2 and len(trained) > len(theirs) / 2


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
    whole = load_side(view, side, np.arange(view.units_of(side)), checkpoint, job, _COLUMNS)
    bare = whole[:, : whole.shape[1] - (view.bias is not None)].nan_to_num_(nan=0.0, posinf=0.0, neginf=0.0)
    bare = bare / bare.abs().amax().clamp(min=1e-30)  # only how lengths differ counts, and no square may overflow
    return bare[torch.from_numpy(chosen)]
