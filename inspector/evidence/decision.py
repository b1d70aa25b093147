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
from inspector.evidence_results import LEAST_UNITS, shows_effect

ALPHA_LOG10 = -6.0
# Nine tenths of the error rate for what stands in place. The last tenth is shared alike by the five ways of undoing a
# disguise that are tried one after the other: other order, rotation, moved layers, both together, heads.
IN_PLACE_LOG10 = ALPHA_LOG10 + math.log10(0.9)
UNDONE_WAYS = 5
UNDONE_LOG10 = ALPHA_LOG10 - 1.0 - math.log10(UNDONE_WAYS)
ONE_GROUP_SHARE = 0.10
CONTROLS = 200
CONTROL_FACTOR = 10.0
CALIBRATED_SHARE = 0.25


@dataclass(frozen=True, slots=True)
class Claim:
    """One exact p-value.

    Attributes:
        test: id of the test. log10_p: its proven bound. group: index of the group it is about, -1 for all together.
    """

    test: str
    log10_p: float
    group: int = -1


def holm(claims: Sequence[Claim], family: int, alpha: float = IN_PLACE_LOG10) -> list[bool]:
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
    """Tell whether the effect is more than a trace: in one group of each of two layers, or in a tenth of one group.

    The residual group (norm gains and biases) never counts: it is tested, but shows too little of a model.
    """
    inside = [score for score in scores if score.group.name != "residual"]
    layers = {score.group.layers[0] for score in inside if _is_effect(score)}
    return len(layers) >= 2 or any(
        len(score.inherited) >= max(LEAST_UNITS, ONE_GROUP_SHARE * score.units) for score in inside
    )


def _is_effect(score: GroupScore) -> bool:
    columns = (len(score.inherited), score.units, score.correlation, score.z)
    return bool(shows_effect(*map(np.asarray, columns)))


def passes_controls(scores: Sequence[GroupScore]) -> bool:
    """Tell whether calibrated groups reject: their z together at least 10 × the largest of 200 controls.

    And at least a quarter of the units inherited in a quarter of the groups. The controls shuffle groups of equal size
    with the same orders, because their permutations may be tied (channels joined by a residual sum).
    """
    if not scores:
        return False
    clear = [score for score in scores if len(score.inherited) >= CALIBRATED_SHARE * score.units]
    enough = len(clear) >= CALIBRATED_SHARE * len(scores)
    return enough and calibrated_ratio(scores) >= CONTROL_FACTOR


def calibrated_ratio(scores: Sequence[GroupScore]) -> float:
    """Return the sum of z over the largest of the same sum in 200 shuffled controls; 0 where no control was made."""
    if not scores or any(len(score.shuffled) <= CONTROLS for score in scores):
        return 0.0
    controls = np.sum([score.shuffled[1 : 1 + CONTROLS] for score in scores], axis=0, dtype=np.float64)
    largest = float(controls.max())
    return sum(score.z for score in scores) / largest if largest > 0 else 0.0
