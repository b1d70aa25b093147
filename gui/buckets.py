"""Which kind of change a row of the match table shows: one rule over numpy columns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

BoolArray = npt.NDArray[np.bool_]

BUCKETS = ("identical", "derived", "weak", "untested", "unmatched_here", "unmatched_there")
IDENTICAL, DERIVED, WEAK, UNTESTED, UNMATCHED_HERE, UNMATCHED_THERE = range(len(BUCKETS))


@dataclass(frozen=True, slots=True)
class PairEvidence:
    """What is known of compared pairs, one value a pair.

    Attributes:
        bits: share of equal stored values, 0..1, NaN where unknown.
        tested: a permutation group holds the tensor's units. rejects: that group rejects independence (after Holm).
        effect: what the group shares is more than a trace (`evidence_results.shows_effect`).
        supported: the comparison's own verdict is identical or derived.
    """

    bits: npt.NDArray[np.float64]
    tested: BoolArray
    rejects: BoolArray
    effect: BoolArray
    supported: BoolArray


def pair_buckets(pairs: PairEvidence) -> npt.NDArray[np.int8]:
    """Return the bucket of every compared pair.

    The rule, first match wins:
        identical: every stored value is equal, bit for bit. That describes the values; whether it proves anything is
            the evidence's to say (two gains of nothing but ones are equal too).
        untested: no permutation group holds the tensor's units (a gain, a bias, an input matrix): nothing is claimed.
        derived: the tensor's group rejects independence, shares more than a trace, and the verdict on the component
            says inherited. A row never claims more than the verdict: under "shared initialisation" or "cannot tell"
            it is weak.
        weak: everything else that was tested.
    """
    out = np.full(len(pairs.bits), WEAK, np.int8)
    out[pairs.tested & pairs.rejects & pairs.effect & pairs.supported] = DERIVED
    out[~pairs.tested] = UNTESTED
    out[pairs.bits == 1.0] = IDENTICAL
    return out
