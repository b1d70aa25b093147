"""The exact tests again, on groups that did not set what was undone."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from inspector.evidence import claims as claiming
from inspector.evidence.compared import Compared
from inspector.evidence.cross import cross_products
from inspector.evidence.decision import Claim
from inspector.evidence.groups import UnitGroup, find_groups
from inspector.evidence.pairing import unit_groups
from inspector.evidence.scoring import GroupScore, score
from inspector.evidence.turning import Turn
from inspector.evidence_results import Controls, EvidenceTest
from inspector.job import Job
from inspector.similarity.workers import in_order


def groups_of(compared: Compared, *, summed: bool = True) -> list[UnitGroup]:
    """Return the exact groups of the aligned layers whose orders are independent; of unequal widths, their MLPs'.

    Args:
        compared: the pair. summed: whether their statistics may be added.
    """
    ours, theirs = compared.candidate, compared.reference
    if ours.hidden_size != theirs.hidden_size:
        found = unit_groups(ours, theirs, compared.layers)
        return [replace(group, summed=summed) for group in found if group.blocks[0][0].is_even]
    groups, _ = find_groups(compared.pairs, ours, theirs, compared.ours)
    kept = [group for group in groups if group.summed and group.exact and group.layers[0] >= 0]
    return [replace(group, summed=summed) for group in kept]


def rejudged(compared: Compared, groups: Sequence[UnitGroup], turn: Turn | None, job: Job) -> list[GroupScore]:
    """Score groups in common coordinates, those of the files where `turn` is None, on the workers, in order.

    Raises:
        InputError: a file ended early or changed.
        Cancelled: the job was cancelled.
    """
    scored = in_order(
        lambda item: score(item[1], cross_products(item[1], compared.ours, compared.theirs, job, turn=turn), item[0]),
        list(enumerate(groups, 1)),
    )
    return [item for item in scored if item is not None]


def undone_line(test: str, scores: Sequence[GroupScore], claims: Sequence[Claim], rejects: bool) -> EvidenceTest:
    """Return the line of a test whose statistic is Permutation z of what was undone, exact."""
    z, shuffled, _ = claiming.together(scores)
    log10_p = min((claim.log10_p for claim in claims), default=0.0) + math.log10(max(len(claims), 1))
    weights = [float(item.group.parameters) for item in scores]
    found = claiming.line(test, scores, weights, z, shuffled, np.zeros(0))
    if len(shuffled) > 1:  # every shuffle is a control here: there are no mismatched layers
        found = replace(found, controls=Controls("internal", float(shuffled[1:].max()), len(shuffled) - 1))
    return replace(found, log10_p=min(0.0, log10_p), rejects=rejects)
