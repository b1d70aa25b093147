"""What may be concluded from fingerprints, whose values are projections of the weights.

Tests whose null is a permutation stand (references/projection.py says why). What only the weights can tell does not:
what was done to them, where they came from, and that nothing was inherited. That two tensors are equal, their digests
tell.
"""

from __future__ import annotations

from inspector.anatomy import Component
from inspector.checkpoint.base import FLIPPED, Checkpoint, Projected
from inspector.errors import InputError
from inspector.evidence.compared import Compared
from inspector.evidence_results import Verdict

LEAST_COMPARED = 0.95  # of the parameters, for `identical`
# Reasons that say that nothing was found: of fingerprints, that is no more than a screening.
_NEGATIVE = ("nothing_rejects", "low_power")


def must_be_projected_alike(ours: Checkpoint, theirs: Checkpoint, names: tuple[str, str]) -> None:
    """Raise InputError where one is no fingerprint or one of another seed: everything would look unrelated."""
    if ours.projection != theirs.projection:
        raise InputError("references.projected_otherwise", file=names[1], other=names[0])


def equal_digests(compared: Compared) -> str | None:
    """Return "identical" or "cast" where every compared tensor is the reference's, or it rounded; else None.

    What a fingerprint keeps no values of is compared by its digest alone.
    """
    covered, cast = 0, False
    for ours, theirs in compared.pairs:
        own, other = compared.ours.projected.get(ours.tensor), compared.theirs.projected.get(theirs.tensor)
        if own is None or other is None or not _equal(own, other, FLIPPED if theirs.flipped else ""):
            return None
        covered, cast = covered + own.elements, cast or _rounded(own, other)
    without = _without_values(compared.theirs, compared.reference)
    for own in _without_values(compared.ours, compared.candidate):
        equal = next((other for other in without if _equal(own, other)), None)
        if equal is not None:
            covered, cast = covered + own.elements, cast or _rounded(own, equal)
        elif any(own.shape == other.shape for other in without):
            return None
    if covered < LEAST_COMPARED * compared.candidate.parameters:
        return None
    return "cast" if cast else "identical"


def _without_values(checkpoint: Checkpoint, component: Component) -> list[Projected]:
    return [
        own
        for name, own in checkpoint.projected.items()
        if name not in checkpoint.tensors and own.component == component.name
    ]


def _dtype(own: Projected) -> str:
    return next(iter(own.digests), "")  # the first is as stored


def _equal(own: Projected, other: Projected, turn: str = "") -> bool:
    """Tell whether a tensor is the other, or it rounded to what the first is stored in. `turn`: or that flipped."""
    digest = own.digests.get(_dtype(own))
    return own.shape == other.shape and digest is not None and digest == other.digests.get(f"{_dtype(own)}{turn}")


def _rounded(own: Projected, other: Projected) -> bool:
    return _dtype(own) != _dtype(other)


def screened(compared: Compared, verdict: Verdict, reason: str) -> bool:
    """Tell whether a ruling is a negative that rests on fingerprints alone."""
    return compared.projected and (verdict == "no_dependence_found" or reason in _NEGATIVE)
