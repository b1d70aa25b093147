"""Which tests reject: Holm over every exact claim, the effect gate, and the control rule of calibrated tests.

Numbers from METHODS section 4, "Verdict". A p-value says that independence is impossible; the gate asks whether what is
shared is more than a trace.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from inspector.evidence.scoring import GroupScore

ALPHA_LOG10 = -6.0
LEAST_CORRELATION = 0.02
LEAST_UNITS, LEAST_SHARE = 3, 0.01
ONE_GROUP_SHARE = 0.10
CONTROLS = 200
CONTROL_FACTOR = 10.0
CALIBRATED_SHARE = 0.25
_SEEN_Z = 3.0  # a correlation counts for the gate only where it stands out of its own null


@dataclass(frozen=True, slots=True)
class Claim:
    """One exact p-value.

    Attributes:
        test: id of the test. log10_p: its proven bound. group: index of the group it is about, -1 for all together.
    """

    test: str
    log10_p: float
    group: int = -1


def holm(claims: Sequence[Claim], family: int, alpha: float = ALPHA_LOG10) -> list[bool]:
    """Return which claims Holm's step-down procedure rejects at 10 ** alpha.

    Args:
        claims: all claims of one reference. family: number of claims over all references (at least len(claims)).
    """
    order = sorted(range(len(claims)), key=lambda index: claims[index].log10_p)
    rejected = [False] * len(claims)
    for rank, index in enumerate(order):
        if claims[index].log10_p + math.log10(max(family - rank, 1)) > alpha:
            break
        rejected[index] = True
    return rejected


def passes_gate(scores: Sequence[GroupScore]) -> bool:
    """Tell whether the effect is more than a trace: in one group of each of two layers, or in a tenth of one group."""
    layers = {score.group.layers[0] for score in scores if score.group.layers[0] >= 0 and _is_effect(score)}
    return len(layers) >= 2 or any(
        score.group.layers[0] >= 0 and len(score.inherited) >= max(LEAST_UNITS, ONE_GROUP_SHARE * score.units)
        for score in scores
    )


def _is_effect(score: GroupScore) -> bool:
    units = len(score.inherited) >= max(LEAST_UNITS, LEAST_SHARE * score.units)
    return units or (score.correlation >= LEAST_CORRELATION and score.z >= _SEEN_Z)


def passes_controls(scores: Sequence[GroupScore]) -> bool:
    """Tell whether calibrated groups reject: z at least 10 × the largest of 200 controls, in a quarter of the groups.

    In each of those, at least a quarter of the units must be inherited.
    """
    if not scores:
        return False
    clear = [
        score.z >= CONTROL_FACTOR * largest_control(score) and len(score.inherited) >= CALIBRATED_SHARE * score.units
        for score in scores
    ]
    return sum(clear) >= CALIBRATED_SHARE * len(scores)


def largest_control(score: GroupScore) -> float:
    """Return the largest z of the shuffled controls of a group, inf where none was made."""
    return float(np.max(score.shuffled[1 : 1 + CONTROLS])) if len(score.shuffled) > CONTROLS else math.inf
