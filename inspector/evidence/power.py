"""What would have been found: the reference planted into the candidate's own matrices at known strength.

A spike-in of strength a makes every candidate unit a · reference + sqrt(1 - a²) · candidate. Its statistic is
a · gain + sqrt(1 - a²) · z, with z from the candidate's own units in random order; its cumulant widens likewise. The
decision is the one the verdict uses: Holm's first step and the effect gate. The detection limit is the smallest
strength found in at least 99 % of the trials.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from inspector.evidence import tails
from inspector.evidence.decision import IN_PLACE_LOG10, ONE_GROUP_SHARE
from inspector.evidence.scoring import GroupScore
from inspector.evidence_results import LEAST_CORRELATION, LEAST_SHARE, LEAST_UNITS, DetectionLimit, FloatArray

TRIALS = 400
FOUND = 0.99
STRENGTHS = (0.005, 0.01, 0.02, 0.03, 0.04, 0.05, 0.07, 0.1, 0.15, 0.2, 0.3, 0.5, 0.7, 1.0)
SHARES = (0.005, 0.01, 0.02, 0.03, 0.04, 0.05, 0.07, 0.1, 0.15, 0.2, 0.3, 0.5, 1.0)


def detection_limit(scores: Sequence[GroupScore], family: int, choices: float = 0.0) -> DetectionLimit:
    """Return the detection limit of the exact groups together.

    Args:
        scores: groups whose null is exact. family: claims that Holm corrects for. choices: log10 of the pairings
            that every claim pays for.
    """
    threshold = IN_PLACE_LOG10 - math.log10(max(family, 1)) - choices
    inside = [score for score in scores if score.group.layers[0] >= 0 and score.exact]
    strength = next((a for a in STRENGTHS if inside and _found(inside, a, threshold) >= FOUND), None)
    share = next((part for part in SHARES if _units_found(inside, part, threshold)), None)
    return DetectionLimit(strength, share)


def _found(scores: Sequence[GroupScore], strength: float, threshold: float) -> float:
    """Return the share of trials in which a spike-in of this strength is found."""
    if strength <= LEAST_CORRELATION:
        return 0.0  # the effect gate asks for more, or finds it in half of the trials
    kept = math.sqrt(max(0.0, 1 - strength**2))
    trials = np.stack([strength * score.planted.gain + kept * _null(score) for score in scores])
    cumulants = [_planted_cumulant(score, strength, kept) for score in scores]
    summed = [index for index, score in enumerate(scores) if score.group.summed]
    rejected = np.zeros(TRIALS, bool)
    if summed:
        total = trials[summed].sum(0)
        rejected |= total >= tails.critical_value([cumulants[index] for index in summed], threshold)
    for row, score, cumulant in zip(trials, scores, cumulants, strict=True):
        if score.floor <= threshold:
            rejected |= row >= tails.critical_value([cumulant], threshold)
    return float((rejected & _gate(scores, trials)).mean())


def _gate(scores: Sequence[GroupScore], trials: FloatArray) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Tell for every trial whether z stands out in at least two layers, or the one there is."""
    layers = sorted({score.group.layers[0] for score in scores})
    seen = np.stack(
        [
            np.any([row >= 3.0 for row, score in zip(trials, scores, strict=True) if score.group.layers[0] == layer], 0)
            for layer in layers
        ]
    )
    enough: np.ndarray[tuple[int], np.dtype[np.bool_]] = seen.sum(0) >= 2
    return enough


def _null(score: GroupScore) -> FloatArray:
    """Return z of the candidate's own units in random order, (TRIALS,)."""
    if len(score.shuffled) > TRIALS:
        return score.shuffled[1 : 1 + TRIALS].astype(np.float64)
    return np.random.default_rng(score.units).standard_normal(TRIALS)


def _planted_cumulant(score: GroupScore, strength: float, kept: float) -> tails.Cumulant:
    largest = getattr(score.cumulant, "largest", None)
    own = float(largest) if largest is not None else float(np.abs(score.cumulant.values).max())  # type: ignore[attr-defined]
    planted = score.planted
    return tails.Concentration(
        strength**2 * planted.square + kept**2 * score.cumulant.variance, strength * planted.largest + kept * own
    )


def _units_found(scores: Sequence[GroupScore], share: float, threshold: float) -> bool:
    """Tell whether copying this share of the units of every group, in place, would be found by Coincidence."""
    large = [score for score in scores if score.pairs is not None]
    layers = set()
    for score in large:
        assert score.pairs is not None
        size = score.units // score.pairs.blocks
        copied = math.ceil(share * size)
        top = min(1 << max(0, copied - 1).bit_length(), size)
        scans = math.log10(size.bit_length() + 1)
        bound = tails.log10_coincidence(copied, top, size)
        if score.pairs.blocks > 1:
            together = tails.log10_many_coincidences(copied * score.pairs.blocks, top * score.pairs.blocks / size)
            bound = bound + math.log10(score.pairs.blocks) if score.pairs.tied else together
        gate = copied * score.pairs.blocks >= max(LEAST_UNITS, LEAST_SHARE * score.units)
        if bound + scans <= threshold and gate:
            layers.add(score.group.layers[0])
            if share >= ONE_GROUP_SHARE:
                return True
    return len(layers) >= 2
