"""Layers that were moved to another place of an own model: every candidate layer against every reference layer.

The matrix of z tells which pairs of layers to look at; the bound pays for all pairs there are (Bonferroni), so it is
exact. A pair that is aligned anyway was judged in its place.
"""

from __future__ import annotations

import math

import numpy as np

from inspector.evidence import claims as claiming
from inspector.evidence.compared import Compared
from inspector.evidence.decision import Claim
from inspector.evidence.pairing import unit_groups
from inspector.evidence.rejudge import rejudged
from inspector.evidence.scoring import GroupScore
from inspector.job import Job
from inspector.results import LayerMatrix

_SEEN_Z = 6.0
_MOST = 16  # cells that are judged


def moved_layers(
    compared: Compared, matrix: LayerMatrix | None, job: Job
) -> tuple[tuple[GroupScore, ...], tuple[Claim, ...]]:
    """Score the hidden units of layers that agree without being aligned, and claim what Bonferroni leaves.

    Raises:
        InputError: a file ended early or changed.
        Cancelled: the job was cancelled.
    """
    if matrix is None:
        return (), ()
    values = np.nan_to_num(matrix.values, nan=-np.inf)
    for place in compared.layers:
        values[place] = -np.inf
    largest = np.argsort(-values, axis=None)[:_MOST]
    cells = [(int(cell // values.shape[1]), int(cell % values.shape[1])) for cell in largest]
    seen = [cell for cell in cells if values[cell] >= _SEEN_Z]
    groups = [
        group for group in unit_groups(compared.candidate, compared.reference, seen) if group.blocks[0][0].is_even
    ]
    scores = tuple(rejudged(compared, groups, None, job))
    return scores, tuple(claiming.claims_of(scores, compared.choices + math.log10(values.size)))
