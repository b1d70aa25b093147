"""The verdict of one component pair, its reason and its sentence (METHODS section 1)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from inspector.errors import Note, Parameter
from inspector.evidence.compared import Compared
from inspector.evidence.decision import (
    ALPHA_LOG10,
    IN_PLACE_LOG10,
    ONE_GROUP_SHARE,
    UNDONE_LOG10,
    calibrated_ratio,
    passes_controls,
    passes_gate,
)
from inspector.evidence.found import Found
from inspector.evidence.naming import disguises, in_disguise
from inspector.evidence.nature import ReadPair, nature
from inspector.evidence.power import detection_limit
from inspector.evidence.projected import LEAST_COMPARED, equal_digests, screened
from inspector.evidence.recovered import recovered, undone_pair
from inspector.evidence.rescaling import is_rescaled, norms_folded
from inspector.evidence.scoring import GroupScore
from inspector.evidence.shares import absent_share, coverage, sampled_groups, whole_share
from inspector.evidence.sliced import is_sliced
from inspector.evidence.surgery import layer_disguises
from inspector.evidence_results import (
    DEPENDENT,
    LEAST_SHARE,
    LEAST_UNITS,
    DetectionLimit,
    Evidence,
    GroupTable,
    InheritedUnits,
    LeftOut,
    Nature,
    NatureKind,
    Origin,
    Verdict,
)
from inspector.job import Job

LIMIT_R, LIMIT_UNITS = 0.05, 0.05  # what a negative must have been able to find
_EQUAL_SHARE = 0.01
_AGREE_Z = 3.09  # Gaussian p of 1e-3: what the rank and sign variants must reach beside a rejection
_PARTIAL, _ABSENT = 0.5, 0.02  # of what was examined: less was found, or so much shows nothing at all
_TRACE_RATIO = 3.0  # of a calibrated statistic over its largest control: too much for chance, too little to decide


@dataclass(frozen=True, slots=True)
class _Ruling:
    verdict: Verdict
    reason: str
    sentence: str
    limit: DetectionLimit | None = None
    nature: Nature | None = None


def conclude(
    compared: Compared,
    found: Found,
    left_out: tuple[LeftOut, ...],
    groups: GroupTable,
    units: tuple[InheritedUnits, ...],
    job: Job,
) -> Evidence:
    """Put the findings together.

    Raises:
        InputError: a file ended early or changed (the nature of a dependence is read from the weights).
        Cancelled: the job was cancelled.
    """
    share = None if found.quick else whole_share(found)  # a first look counts no units
    undone = recovered(found.undoing)
    altered = _dependent(found) and _identical(compared) is None
    folded = altered and not compared.projected and norms_folded(compared, found, job)
    rescaled = altered and not compared.projected and is_rescaled(compared, found, job)
    plain = undone is None and not folded and not rescaled
    read = None if plain else partial(undone_pair, compared, undone, folded, rescaled, job)
    ruling = _screened(compared, _rule(compared, found, share, read, job))
    named = _disguises(compared, found, ruling, folded or rescaled)
    permutation = found.test("permutation_z")
    return Evidence(
        verdict=ruling.verdict,
        reason=Note(f"evidence.reason.{ruling.reason}"),
        sentence=Note(f"evidence.sentence.{in_disguise(ruling.sentence, named)}", _parameters(compared, ruling, share)),
        log10_p=_smallest(found),
        log10_p_gauss=permutation.log10_p_gauss if permutation else None,
        z=permutation.z if permutation else None,
        exact=(any(found.rejected) and passes_gate(found.exact))
        or found.rejects_undone(found.undoing.claims)
        or ruling.verdict == "no_dependence_found",
        inherited_fraction=share,
        detection_limit=ruling.limit,
        coverage=coverage(compared, found.scores),
        tests=found.tests,
        groups=groups,
        units=units,
        nature=ruling.nature,
        disguises=named,
        undone=undone if ruling.verdict in DEPENDENT else None,
        left_out=(*left_out, *sampled_groups(found.scores)),
        notes=_notes(found, ruling),
    )


def _smallest(found: Found) -> float | None:
    """Return the smallest bound after Holm's factor and its share of the error rate, in place and undone."""
    sides = (found.claims, found.undoing.claims)
    shares = (ALPHA_LOG10 - IN_PLACE_LOG10, ALPHA_LOG10 - UNDONE_LOG10)  # so that both are held against one level
    factors = [
        math.log10(max(len(claims), 1) * found.references) + share for claims, share in zip(sides, shares, strict=True)
    ]
    bounds = [claim.log10_p + factor for claims, factor in zip(sides, factors, strict=True) for claim in claims]
    return min(0.0, min(bounds)) if bounds else None


def _rule(compared: Compared, found: Found, share: float | None, read: ReadPair | None, job: Job) -> _Ruling:
    same = _identical(compared)
    if same is not None:
        copied = _nature_of_weights(compared, None, job)
        kind: NatureKind = "cast" if same == "cast" else "copy"
        return _Ruling("identical", "cast" if same == "cast" else "all_equal", same, nature=replace(copied, kind=kind))
    if _dependent(found):
        what = _nature(compared, found, share, read, job)
        if what.origin == "shared_initialisation":
            return _Ruling("shared_initialisation", "bulk_only", "shared_initialisation", nature=what)
        return _Ruling("derived", "rejected", _derived(found, what), nature=what)
    if not found.scores:
        return _inconclusive(_untestable(compared))
    identity = found.test("identity")
    hints = [test for test in found.tests if test.test in ("gram", "head_order")]
    calibrated = [score for score in found.scores if not score.exact]
    if (
        any(found.rejected)
        or (identity is not None and identity.rejects)
        or any(test.rejects for test in hints)
        or calibrated_ratio(calibrated) >= _TRACE_RATIO
    ):
        return _inconclusive("trace_dependence")
    if _other_width(compared):
        return _inconclusive("not_comparable")
    if not found.exact:
        return _inconclusive("low_power")
    if _smallest_floor(found.exact) > IN_PLACE_LOG10 - math.log10(found.family) - compared.choices:
        return _inconclusive("too_few_units")
    if found.quick:  # a first look clears nobody
        return _inconclusive("low_power")
    limit = detection_limit(found.scores, found.family, compared.choices)
    strong = limit.r is not None and limit.r <= LIMIT_R and limit.units is not None and limit.units <= LIMIT_UNITS
    if strong:
        return _Ruling("no_dependence_found", "nothing_rejects", "no_dependence_found", limit)
    return _inconclusive("low_power", limit)


def _screened(compared: Compared, ruling: _Ruling) -> _Ruling:
    """Return the ruling, a negative that rests on fingerprints as no more than a screening."""
    if screened(compared, ruling.verdict, ruling.reason):
        return replace(ruling, verdict="inconclusive", reason="screened", sentence="inconclusive_screened")
    return ruling


def _derived(found: Found, what: Nature) -> str:
    """Return the sentence: what had to be undone, or else what was done to the weights."""
    undoing = found.undoing
    if undoing.turn is not None and not (undoing.matched or undoing.heads):
        return "derived_rotated"
    if undoing.turned and undoing.turn is None and not (undoing.matched or undoing.heads):
        return "derived_partial"
    if undoing.matched and undoing.turn is None and not undoing.heads and not any(map(is_sliced, undoing.matched)):
        return "derived_reordered"
    return "derived_disguised" if undoing.matched or undoing.turned else f"derived_{what.kind}"


def _inconclusive(reason: str, limit: DetectionLimit | None = None) -> _Ruling:
    return _Ruling("inconclusive", reason, f"inconclusive_{reason}", limit)


def _untestable(compared: Compared) -> str:
    """Return why no group could be scored."""
    if _other_width(compared):
        return "not_comparable"
    if any(total.left_out for total in compared.sums):
        return "unreadable"
    return "too_few_units" if _has_trained_matrix(compared) else "no_common_part"


def _other_width(compared: Compared) -> bool:
    ours, theirs = compared.candidate.hidden_size, compared.reference.hidden_size
    return ours != theirs and min(ours, theirs) > 0


def _has_trained_matrix(compared: Compared) -> bool:
    """Tell whether a compared weight matrix holds more than one value: starting values of vectors are all alike."""
    return any(
        min(a.shape) > 1 and a.param != "bias" and not (total.constant_a or total.constant_b)
        for (a, _), total in zip(compared.pairs, compared.sums, strict=True)
    )


def _smallest_floor(scores: Sequence[GroupScore]) -> float:
    """Return log10 of the smallest p that any claim could reach: of one group, or of those whose orders are added."""
    summed = sum(score.floor for score in scores if score.group.summed)
    heads = sum(score.floor for score in scores if score.group.name == "attn.heads")
    return min(summed, heads, *(score.floor for score in scores), 0.0)


def _dependent(found: Found) -> bool:
    """Tell whether the two are dependent, as they stand or once something was undone."""
    return _depends(found) or bool(found.undoing.matched or found.undoing.turned)


def _depends(found: Found) -> bool:
    """Tell whether independence is rejected by more than a trace."""
    identity = found.test("identity")
    equal = identity is not None and identity.rejects and (identity.variants["anywhere"] >= _EQUAL_SHARE)
    exact = any(found.rejected) and passes_gate(found.exact)
    return exact or (equal and _many_equal(found)) or passes_controls([s for s in found.scores if not s.exact])


def _many_equal(found: Found) -> bool:
    """Tell whether units equal bit for bit are more than a trace: 1 % in each of two layers, or 10 % of one group."""
    own = [score for score in found.exact if score.comparable_rows]
    layers = {
        score.group.layers[0]
        for score in own
        if score.equal_anywhere >= max(LEAST_UNITS, LEAST_SHARE * score.comparable_rows)
    }
    return len(layers) >= 2 or any(
        score.equal_anywhere >= max(LEAST_UNITS, ONE_GROUP_SHARE * score.comparable_rows) for score in own
    )


def _identical(compared: Compared) -> str | None:
    """Return "identical" or "cast" when every compared element is equal, enough was compared, and a matrix is there."""
    if compared.projected:
        return equal_digests(compared) if _has_trained_matrix(compared) else None
    kept = compared.candidate.parameters - _set_apart(compared)
    covered = sum(a.parameters for a, _ in compared.pairs)
    if covered < LEAST_COMPARED * kept or not _has_trained_matrix(compared):
        return None
    if any(total.equal != total.elements or total.left_out for total in compared.sums):
        return None
    casts = any(
        compared.ours.tensors[a.tensor].dtype != compared.theirs.tensors[b.tensor].dtype for a, b in compared.pairs
    )
    return "cast" if casts else "identical"


def _set_apart(compared: Compared) -> int:
    return sum(compared.ours.tensors[name].elements for name in compared.candidate.excluded)


def _nature(compared: Compared, found: Found, share: float | None, read: ReadPair | None, job: Job) -> Nature:
    what = _nature_of_weights(compared, read, job)
    if found.quick and what.kind == "fine_tuned":  # a few units put into other weights look the same to a first look
        return replace(what, kind="unknown")
    in_part = share is not None and (share < _PARTIAL or absent_share(found) >= _ABSENT)
    if what.kind in ("fine_tuned", "unknown") and in_part:
        # What the units of one's own look like says nothing of the others: only equal matrices tell an origin here.
        origin: Origin = "reference" if what.origin == "reference" else "ambiguous"
        return Nature("partial", origin, relative_change=what.relative_change)
    return what


def _nature_of_weights(compared: Compared, read: ReadPair | None, job: Job) -> Nature:
    if compared.projected:  # only the weights themselves can tell
        return Nature("unknown", "ambiguous")
    return nature(compared.pairs, compared.sums, compared.ours, compared.theirs, job, read)


def _disguises(compared: Compared, found: Found, ruling: _Ruling, rescaled: bool) -> tuple[str, ...]:
    if ruling.verdict == "identical":
        return layer_disguises(compared)
    if ruling.verdict not in DEPENDENT:
        return ()
    return disguises(compared, found, ruling.nature, rescaled=rescaled)


def _notes(found: Found, ruling: _Ruling) -> tuple[Note, ...]:
    notes = []
    permutation = found.test("permutation_z")
    if permutation is not None and permutation.rejects:
        variants = list(permutation.variants.values())
        if any(value < _AGREE_Z for value in variants):
            worst = max(found.scores, key=lambda score: score.z)
            tensor, unit, column = worst.heaviest
            where: dict[str, Parameter] = {"group": worst.group.name, "unit": unit, "column": column}
            notes.append(Note("evidence.note.variants_disagree", where, tensor=tensor))
    said = {
        "internal_only": permutation is not None,
        "ordered_units": any(score.ordered for score in found.scores),
        "not_finite": any(score.left_out for score in found.scores),
        "disguises_not_tested": ruling.verdict in ("no_dependence_found", "inconclusive"),
        "function_not_weights": ruling.verdict == "no_dependence_found",
        "quick": found.quick,
    }
    notes += [Note(f"evidence.note.{name}") for name, there in said.items() if there]
    return tuple(notes)


def _parameters(compared: Compared, ruling: _Ruling, share: float | None) -> dict[str, Parameter]:
    parameters: dict[str, Parameter] = {"reference": compared.reference_name, "share": share or 0.0}
    if ruling.limit is not None and ruling.limit.r is not None and ruling.limit.units is not None:
        parameters |= {"r": ruling.limit.r, "units": ruling.limit.units}
    if ruling.nature is not None:
        values = {"rank": ruling.nature.rank, "levels": ruling.nature.levels, "zeros": ruling.nature.zeros}
        parameters |= {name: value for name, value in values.items() if value is not None}
    if ruling.sentence == "cast":
        dtypes = [compared.ours.tensors[a.tensor].dtype for a, _ in compared.pairs]
        parameters["dtype"] = max(set(dtypes), key=dtypes.count)
    return parameters
