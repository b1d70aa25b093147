"""The frozen results of the evidence tests (METHODS is their specification). Imports neither torch nor h5py.

Three p-values that are never mixed: `log10_p` is a proven bound and the only one that decides, `log10_p_gauss`
describes z, `log10_p_mc` counts shuffles. None is ever -inf: no p is printed as 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

from inspector.errors import Note

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

Verdict = Literal["identical", "derived", "shared_initialisation", "no_dependence_found", "inconclusive"]
# Strongest first: a component's own verdict is the first of these that any reference gives.
VERDICTS: tuple[Verdict, ...] = (
    "identical",
    "derived",
    "shared_initialisation",
    "inconclusive",
    "no_dependence_found",
)
# Those that say that the weights are not independent.
DEPENDENT: tuple[Verdict, ...] = ("identical", "derived", "shared_initialisation")
NatureKind = Literal[
    "copy", "cast", "fine_tuned", "low_rank", "quantised", "pruned", "noise", "merged", "partial", "unknown"
]
Origin = Literal["reference", "shared_initialisation", "ambiguous"]
# The effect gate of METHODS section 4: less than this in a group is a trace.
LEAST_CORRELATION = 0.02
LEAST_UNITS, LEAST_SHARE = 3, 0.01
_SEEN_Z = 3.0  # a correlation counts for the gate only where it stands out of its own null


def shows_effect(inherited: IntArray, units: IntArray, correlation: FloatArray, z: FloatArray) -> BoolArray:
    """Tell of every group whether what it shares is more than a trace: in its units, or in their correlation."""
    enough = inherited >= np.maximum(LEAST_UNITS, LEAST_SHARE * units)
    return np.asarray(enough | ((correlation >= LEAST_CORRELATION) & (z >= _SEEN_Z)))


@dataclass(frozen=True, slots=True)
class Null:
    """What a measure gives when the units are in random order: mean, and standard deviation where it is known."""

    mean: float
    sd: float | None


@dataclass(frozen=True, slots=True)
class NullCurve:
    """The null of one test, drawn: how often shuffled units gave each value.

    Attributes:
        edges: bin edges, (bins + 1,), in units of the statistic `z`. counts: (bins,).
    """

    edges: FloatArray
    counts: IntArray


@dataclass(frozen=True, slots=True)
class Controls:
    """The same procedure where nothing can be inherited.

    Attributes:
        kind: "internal" for mismatched layers and shuffled units, "external" for unrelated references.
        max_z: the largest z among them, None where there is none. n: how many.
    """

    kind: Literal["internal", "external", "none"]
    max_z: float | None
    n: int


@dataclass(frozen=True, slots=True)
class EvidenceTest:
    """One test of one component pair.

    Attributes:
        test: "identity", "permutation_z", "coincidence", "gram" or "heads".
        statistic: the test's own number (identity: share of equal rows in place; permutation_z: mean centred
            correlation; coincidence: units that are each other's nearest in place; gram: correlation; heads: heads in
            place). z: in standard deviations of its null.
        log10_p: proven bound, None where the test is calibrated only. log10_p_gauss, log10_p_mc: descriptions.
        n: units examined. groups: permutation groups examined. exact: whether log10_p is a proven bound.
        rejects: independence is rejected (exact tests: after Holm; calibrated ones: by the rule for controls).
        curve: the null as drawn. variants: z of the rank and sign variants, by name.
        notes: what was left out of this test, and why.
    """

    test: str
    statistic: float | None
    z: float | None
    log10_p: float | None
    log10_p_gauss: float | None
    log10_p_mc: float | None
    n: int
    groups: int
    exact: bool
    rejects: bool
    null: Null | None
    controls: Controls
    curve: NullCurve | None = None
    variants: Mapping[str, float] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class GroupTable:
    """Every permutation group, one row each.

    Attributes:
        groups: id of the group, "mlp.units", "attn.vo", with "[e]" of an expert.
        candidate_layers, reference_layers: block numbers, -1 outside blocks.
        units, columns: size examined. correlation: mean centred correlation r of units in place.
        z: Permutation z. log10_p: its bound. rank_z, sign_z: the variants.
        mutual, in_place: units that are each other's nearest, and how many of those stand in the same place
            (-1 where Coincidence does not apply). coincidence_log10_p: its bound, 0 where it does not apply.
        inherited: units in place beyond chance at a false discovery rate of 1 %. rejects: after Holm, either test.
    """

    groups: tuple[str, ...]
    candidate_layers: IntArray
    reference_layers: IntArray
    units: IntArray
    columns: IntArray
    correlation: FloatArray
    z: FloatArray
    log10_p: FloatArray
    rank_z: FloatArray
    sign_z: FloatArray
    mutual: IntArray
    in_place: IntArray
    coincidence_log10_p: FloatArray
    inherited: IntArray
    rejects: BoolArray


@dataclass(frozen=True, slots=True)
class InheritedUnits:
    """The units of one group that stand where the reference has them: group id, candidate layer, unit numbers (n,)."""

    group: str
    layer: int
    units: IntArray


@dataclass(frozen=True, slots=True)
class DetectionLimit:
    """What would have been found in 99 % of the trials, from spike-ins into the candidate's own weights.

    Attributes:
        r: correlation planted in every matrix, None where even the strongest trial was missed.
        units: share of the units of every group copied in place, 0..1, None likewise.
    """

    r: float | None
    units: float | None


@dataclass(frozen=True, slots=True)
class MergeWeight:
    """How much of a reference's weights is in the candidate's, with the standard error from the spread of matrices."""

    reference: str
    weight: float
    standard_error: float


@dataclass(frozen=True, slots=True)
class Nature:
    """What was done to the weights, after independence was rejected.

    Attributes:
        kind, origin: as in the JSON. rank: of the update, for "low_rank". levels: distinct values of a row, for
            "quantised". zeros: share of zeros, for "pruned". relative_change: |candidate - reference| / |reference|.
        spike_bulk_reference, spike_bulk_candidate: transfer along the leading singular directions over the transfer
            along the rest, on the reference's and on the candidate's directions; None where not computed.
        weights: of every reference of the mixture, for "merged"; else of this reference alone, where its units are in
            place (a description: further training shrinks it too). merged_share: of the matrices looked at that are
            such a mixture, 0..1, for "merged".
    """

    kind: NatureKind
    origin: Origin
    rank: int | None = None
    levels: int | None = None
    zeros: float | None = None
    relative_change: float | None = None
    spike_bulk_reference: float | None = None
    spike_bulk_candidate: float | None = None
    weights: tuple[MergeWeight, ...] = ()
    merged_share: float | None = None


@dataclass(frozen=True, slots=True)
class Undone:
    """How a disguised candidate is brought into the reference's coordinates: the map that was recovered.

    Attributes:
        orders: "<group>:<candidate layer>" ("mlp.units:3", "attn.heads:3") -> which unit of the candidate stands for
            each unit of the reference, -1 where none does, (reference units,) int64.
        rotation: (candidate width, reference width) float32: residual vectors of the candidate times it are in the
            reference's coordinates; (0, 0) where the residual stream was not moved.
        turns: "attn.vo:<candidate layer>", "attn.qk:<candidate layer>" -> orthogonal matrices inside each head of the
            reference, (heads, head width, head width) float32.
    """

    orders: Mapping[str, IntArray] = field(default_factory=dict)
    rotation: npt.NDArray[np.float32] = field(default_factory=lambda: np.zeros((0, 0), np.float32))
    turns: Mapping[str, npt.NDArray[np.float32]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something that no test examined: a tensor or a group, and why (`reason.code` is the JSON's reason)."""

    what: str
    reason: Note


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the tests found for one component pair, and the verdict.

    Attributes:
        verdict: see METHODS section 1. reason: why, as a message; its code ends in the reason of METHODS
            ("evidence.reason.too_few_units"). sentence: the finding in plain words.
        log10_p: the smallest bound after Holm's factor, None where no exact test ran. exact: whether it decided.
        log10_p_gauss: of the combined Permutation z. z: the combined Permutation z.
        inherited_fraction: parameters of the inherited units over the parameters examined, 0..1; None where no unit
            was looked for (a quick look).
        coverage: share of the candidate component's parameters that a test examined, 0..1.
        tests, groups, units: the details. nature: None unless independence was rejected.
        disguises: names as in DESIGN. undone: the map behind them, None where nothing had to be undone.
        left_out: what no test examined. notes: what must be said beside the verdict.
    """

    verdict: Verdict
    reason: Note
    sentence: Note
    log10_p: float | None
    log10_p_gauss: float | None
    z: float | None
    exact: bool
    inherited_fraction: float | None
    detection_limit: DetectionLimit | None
    coverage: float
    tests: tuple[EvidenceTest, ...]
    groups: GroupTable
    units: tuple[InheritedUnits, ...] = ()
    nature: Nature | None = None
    disguises: tuple[str, ...] = ()
    undone: Undone | None = None
    left_out: tuple[LeftOut, ...] = ()
    notes: tuple[Note, ...] = ()
