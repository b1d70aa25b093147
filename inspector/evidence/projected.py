"""What may be concluded from fingerprints, whose values are projections of the weights.

Tests whose null is a permutation stand (references/projection.py says why). What only the weights can tell does not:
what was done to them, where they came from, and that nothing was inherited. That two tensors are equal, their digests
tell.
"""

from __future__ import annotations

from inspector.evidence.compared import Compared
from inspector.evidence_results import Verdict

LEAST_COMPARED = 0.95  # of the parameters, for `identical`
# Reasons that say that nothing was found: of fingerprints, that is no more than a screening.
_NEGATIVE = ("nothing_rejects", "low_power")


def equal_digests(compared: Compared) -> str | None:
    """Return "identical" or "cast" where every compared tensor is the reference's, or it rounded; else None."""
    covered, cast = 0, False
    for ours, theirs in compared.pairs:
        own, other = (
            checkpoint.projected.get(part.tensor)
            for part, checkpoint in ((ours, compared.ours), (theirs, compared.theirs))
        )
        if own is None or other is None or own.shape != other.shape:
            return None
        dtype = next(iter(own.digests), "")  # the first is as stored
        if own.digests.get(dtype) != other.digests.get(dtype):
            return None
        covered, cast = covered + own.elements, cast or next(iter(other.digests)) != dtype
    if covered < LEAST_COMPARED * compared.candidate.parameters:
        return None
    return "cast" if cast else "identical"


def screened(compared: Compared, verdict: Verdict, reason: str) -> bool:
    """Tell whether a ruling is a negative that rests on fingerprints alone."""
    return compared.projected and (verdict == "no_dependence_found" or reason in _NEGATIVE)
