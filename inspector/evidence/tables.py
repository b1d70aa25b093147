"""Scored groups as the tables that the window and the report show."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from inspector.evidence.decision import Claim
from inspector.evidence.matching import Matched
from inspector.evidence.scoring import GroupScore
from inspector.evidence_results import GroupTable, InheritedUnits
from inspector.results import LayerScore


def group_table(scores: Sequence[GroupScore], claims: Sequence[Claim], rejected: Sequence[bool]) -> GroupTable:
    """Return one row a group."""
    hit = {claim.group for claim, no in zip(claims, rejected, strict=True) if no}

    def integers(values: list[int]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        return np.array(values, np.int64)

    def numbers(values: list[float]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        return np.array(values, np.float64)

    return GroupTable(
        groups=tuple(score.group.name for score in scores),
        candidate_layers=integers([score.group.layers[0] for score in scores]),
        reference_layers=integers([score.group.layers[1] for score in scores]),
        units=integers([score.units for score in scores]),
        columns=integers([score.columns for score in scores]),
        correlation=numbers([score.correlation for score in scores]),
        z=numbers([score.z for score in scores]),
        log10_p=numbers([score.log10_p for score in scores]),
        rank_z=numbers([score.rank_z for score in scores]),
        sign_z=numbers([score.sign_z for score in scores]),
        mutual=integers([score.pairs.mutual if score.pairs else -1 for score in scores]),
        in_place=integers([score.pairs.in_place if score.pairs else -1 for score in scores]),
        coincidence_log10_p=numbers([score.pairs.log10_p if score.pairs else 0.0 for score in scores]),
        inherited=integers([len(score.inherited) for score in scores]),
        rejects=np.array([index in hit for index in range(len(scores))], bool),
    )


def inherited_lists(scores: Sequence[GroupScore], matched: Sequence[Matched] = ()) -> tuple[InheritedUnits, ...]:
    """Return the unit numbers of every group that has inherited units, in place or (matched) in other places."""
    elsewhere = tuple(
        InheritedUnits(item.group.name, item.group.layers[0], item.candidate) for item in matched if item.agreed
    )
    return elsewhere + tuple(
        InheritedUnits(score.group.name, score.group.layers[0], np.asarray(score.inherited, np.int64))
        for score in scores
        if len(score.inherited)
    )


def layer_scores(layers: tuple[LayerScore, ...], scores: Sequence[GroupScore]) -> tuple[LayerScore, ...]:
    """Return the aligned layers with Stouffer's z over the summed groups of each."""
    by_layer: defaultdict[int, list[float]] = defaultdict(list)
    for score in scores:
        if score.group.summed or not score.group.exact:
            by_layer[score.group.layers[0]].append(score.z)
    return tuple(
        replace(layer, z=sum(values) / math.sqrt(len(values)) if (values := by_layer.get(layer.candidate)) else None)
        for layer in layers
    )
