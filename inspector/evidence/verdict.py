"""The verdict of one component pair, its reason and its sentence (METHODS section 1)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from inspector.errors import Note, Parameter
from inspector.evidence.compared import Compared
from inspector.evidence.decision import IN_PLACE_LOG10, Claim, calibrated_ratio, passes_controls, passes_gate
from inspector.evidence.nature import nature
from inspector.evidence.power import detection_limit
from inspector.evidence.scoring import GroupScore
from inspector.evidence.shares import coverage, sampled_groups, whole_share
from inspector.evidence.surgery import layer_disguises
from inspector.evidence.two_view import Matched
from inspector.evidence_results import (
    DetectionLimit,
    Evidence,
    EvidenceTest,
    GroupTable,
    InheritedUnits,
    LeftOut,
    Nature,
    NatureKind,
    Origin,
    Verdict,
)
from inspector.job import Job

LEAST_COMPARED = 0.95  # of the parameters, for `identical`
LIMIT_R, LIMIT_UNITS = 0.05, 0.05  # what a negative must have been able to find
_EQUAL_SHARE = 0.01
_AGREE_Z = 3.09  # Gaussian p of 1e-3: what the rank and sign variants must reach beside a rejection
_PARTIAL = 0.5
_TRACE_RATIO = 3.0  # of a calibrated statistic over its largest control: too much for chance, too little to decide
_DISGUISE_OF = {
    "partial": "partial_transplant",
    "quantised": "quantised",
    "pruned": "pruned",
    "low_rank": "low_rank_update",
}


@dataclass(frozen=True, slots=True)
class Found:
    """What the tests of one component pair found.

    Attributes:
        scores: every scored group. claims, rejected: exact claims and what Holm rejects. tests: one line a test.
        references: over how many references Holm corrects. quick: whether some tests were left out.
        matched: units found in other places, () unless Two-view rejects. turned: groups judged after a rotation was
            undone, () unless they reject.
    """

    scores: Sequence[GroupScore]
    claims: Sequence[Claim]
    rejected: Sequence[bool]
    tests: tuple[EvidenceTest, ...]
    references: int
    quick: bool
    matched: tuple[Matched, ...] = ()
    turned: tuple[GroupScore, ...] = ()

    @property
    def exact(self) -> list[GroupScore]:
        """Groups whose null is exact."""
        return [score for score in self.scores if score.exact]

    @property
    def family(self) -> int:
        """How many claims Holm corrects for."""
        return max(len(self.claims), 1) * self.references

    def test(self, name: str) -> EvidenceTest | None:
        """Return the line of one test."""
        return next((test for test in self.tests if test.test == name), None)


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
    share = whole_share(found.turned or found.scores, found.matched)
    ruling = _rule(compared, found, share, job)
    permutation = found.test("permutation_z")
    smallest = min((claim.log10_p for claim in found.claims), default=None)
    return Evidence(
        verdict=ruling.verdict,
        reason=Note(f"evidence.reason.{ruling.reason}"),
        sentence=Note(f"evidence.sentence.{ruling.sentence}", _parameters(compared, ruling, share)),
        log10_p=None if smallest is None else min(0.0, smallest + math.log10(found.family)),
        log10_p_gauss=permutation.log10_p_gauss if permutation else None,
        z=permutation.z if permutation else None,
        exact=any(found.rejected) or bool(found.turned) or ruling.verdict == "no_dependence_found",
        inherited_fraction=share,
        detection_limit=ruling.limit,
        coverage=coverage(compared, found.scores),
        tests=found.tests,
        groups=groups,
        units=units,
        nature=ruling.nature,
        disguises=_disguises(compared, found, ruling),
        left_out=(*left_out, *sampled_groups(found.scores)),
        notes=_notes(found, ruling),
    )


def _rule(compared: Compared, found: Found, share: float | None, job: Job) -> _Ruling:
    same = _identical(compared)
    if same is not None:
        copied = nature(compared.pairs, compared.sums, compared.ours, compared.theirs, job)
        kind: NatureKind = "cast" if same == "cast" else "copy"
        return _Ruling("identical", "cast" if same == "cast" else "all_equal", same, nature=replace(copied, kind=kind))
    if not found.scores:
        return _inconclusive(_untestable(compared))
    if found.matched:
        return _Ruling("derived", "rejected", "derived_reordered", nature=Nature("unknown", "ambiguous"))
    if found.turned:
        return _Ruling("derived", "rejected", "derived_rotated", nature=Nature("unknown", "ambiguous"))
    if _depends(found):
        what = _nature(compared, share, job)
        if what.origin == "shared_initialisation":
            return _Ruling("shared_initialisation", "bulk_only", "shared_initialisation", nature=what)
        return _Ruling("derived", "rejected", f"derived_{what.kind}", nature=what)
    identity, gram = found.test("identity"), found.test("gram")
    calibrated = [score for score in found.scores if not score.exact]
    if (
        any(found.rejected)
        or (identity is not None and identity.rejects)
        or (gram is not None and gram.rejects)
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


def _depends(found: Found) -> bool:
    """Tell whether independence is rejected by more than a trace."""
    identity = found.test("identity")
    equal = identity is not None and identity.rejects and (identity.variants["anywhere"] >= _EQUAL_SHARE)
    exact = any(found.rejected) and passes_gate(found.exact)
    return exact or (equal and _equal_layers(found) >= 2) or passes_controls([s for s in found.scores if not s.exact])


def _equal_layers(found: Found) -> int:
    """Count the layers in which at least 1 % of the units, and three, are equal bit for bit."""
    return len(
        {
            score.group.layers[0]
            for score in found.exact
            if score.equal_anywhere >= max(3, _EQUAL_SHARE * score.comparable_rows) and score.comparable_rows
        }
    )


def _identical(compared: Compared) -> str | None:
    """Return "identical" or "cast" when every compared element is equal, enough was compared, and a matrix is there."""
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


def _nature(compared: Compared, share: float | None, job: Job) -> Nature:
    found = nature(compared.pairs, compared.sums, compared.ours, compared.theirs, job)
    if found.kind in ("fine_tuned", "unknown") and share is not None and share < _PARTIAL:
        # What the units of one's own look like says nothing of the others: only equal matrices tell an origin here.
        origin: Origin = "reference" if found.origin == "reference" else "ambiguous"
        return Nature("partial", origin, relative_change=found.relative_change)
    return found


def _disguises(compared: Compared, found: Found, ruling: _Ruling) -> tuple[str, ...]:
    named = ["neuron_permutation"] if found.matched else []
    named += ["residual_rotation"] if found.turned else []
    if ruling.verdict == "derived":
        named += layer_disguises(compared)
    if ruling.verdict == "derived" and not (found.matched or found.turned):
        equal = sum(score.equal_rows for score in found.exact)
        if sum(score.equal_anywhere for score in found.exact) > 2 * max(equal, 1):
            named.append("neuron_permutation")
        if ruling.nature is not None and ruling.nature.kind in _DISGUISE_OF:
            named.append(_DISGUISE_OF[ruling.nature.kind])
    return tuple(named)


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
    if permutation is not None:
        notes.append(Note("evidence.note.internal_only"))
    if any(score.ordered for score in found.scores):
        notes.append(Note("evidence.note.ordered_units"))
    if any(score.left_out for score in found.scores):
        notes.append(Note("evidence.note.not_finite"))
    if ruling.verdict in ("no_dependence_found", "inconclusive"):
        notes.append(Note("evidence.note.disguises_not_tested"))
    if ruling.verdict == "no_dependence_found":
        notes.append(Note("evidence.note.function_not_weights"))
    if found.quick:
        notes.append(Note("evidence.note.quick"))
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
