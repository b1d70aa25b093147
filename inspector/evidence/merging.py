"""Merge weights: how much of each reference is in a candidate that depends on several (METHODS section 4, "Nature").

Up to `LOOKED_AT` matrices, evenly spread, are read in blocks of rows; each gives one estimate, and the spread between
matrices the standard errors. A merge is said only of two references or more. With one there is its share in the
candidate, a description: a fine-tune shrinks a reference just as a mixture with something unknown does.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from inspector.anatomy import Part
from inspector.checkpoint import Checkpoint
from inspector.errors import Note, Parameter
from inspector.evidence.loading import read_part, sampled
from inspector.evidence.merge_fit import LEAST_WEIGHT, Products, fit, members, pooled, products, standard_errors
from inspector.evidence_results import DEPENDENT, Evidence, IntArray, MergeWeight, Nature, Origin
from inspector.job import Job
from inspector.plain import mixture_text
from inspector.results import FloatArray
from inspector.similarity.reading import row_blocks
from inspector.similarity.sums import PairSums
from inspector.similarity.workers import in_order

LOOKED_AT = 16  # matrices
MOST = 8  # references
MAX_SIDE = 4096
FEWEST = 16  # rows and columns of a matrix worth looking at
_FEWEST_MATRICES = 4  # for a standard error
_STRIPS = 8  # that fewer matrices are cut into, together
_LEAST_SHARE = 0.25  # of the matrices
_CLEAR = 5.0  # standard errors
_BLOCK = 1 << 17  # elements of one side

Pair = tuple[Part, Part]
_Place = tuple[str, tuple[tuple[int, int], ...], bool, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Source:
    """One reference that a candidate component was compared with.

    Attributes:
        name: of the reference. checkpoint: its weights. pairs: aligned parts (candidate, reference).
        evidence: what the tests found, None where they did not run. share: as `share_of` says.
    """

    name: str
    checkpoint: Checkpoint
    pairs: Sequence[Pair]
    evidence: Evidence | None
    share: tuple[MergeWeight, ...] = ()


@dataclass(frozen=True, slots=True)
class Merge:
    """A mixture: the weights of its references, largest first, and the share of the matrices it was found in."""

    weights: tuple[MergeWeight, ...]
    share: float


def with_weights(ours: Checkpoint, sources: Sequence[Source], job: Job, *, quick: bool) -> list[Evidence | None]:
    """Return the evidence of every source with its merge weights, and `merged` where the candidate is a mixture.

    Args:
        ours: the candidate. sources: every reference, judged. job: asked whether to stop. quick: no regression.

    Raises:
        InputError: a file ended early or changed.
        Cancelled: the job was cancelled.
    """
    found = None if quick else merge(ours, sources, job)
    return [_with(source, found) for source in sources]


def _with(source: Source, found: Merge | None) -> Evidence | None:
    evidence = source.evidence
    if evidence is None or evidence.nature is None or evidence.verdict == "identical":
        return evidence
    if found is not None and source.name in [item.reference for item in found.weights]:
        return _merged(evidence, evidence.nature, source.name, found)
    if not _has_share(evidence):
        return evidence
    return replace(evidence, nature=replace(evidence.nature, weights=source.share))


def _has_share(evidence: Evidence | None) -> bool:
    """Say whether a reference can be weighed: where its units are elsewhere, in place there is nothing to weigh."""
    nature = evidence.nature if evidence is not None and evidence.verdict != "identical" else None
    return nature is not None and nature.kind != "unknown"


def _merged(evidence: Evidence, nature: Nature, reference: str, found: Merge) -> Evidence:
    """Return the evidence of a mixture: what was learned by its references is in it, not only a start they share."""
    origin: Origin = "ambiguous" if nature.origin == "shared_initialisation" else nature.origin
    parameters: dict[str, Parameter] = {
        "reference": reference,
        "mixture": mixture_text(found.weights),
        "matrices": found.share,
    }
    return replace(
        evidence,
        verdict="derived",
        reason=Note("evidence.reason.rejected"),
        sentence=Note("evidence.sentence.derived_merged", parameters),
        nature=replace(nature, kind="merged", origin=origin, weights=found.weights, merged_share=found.share),
        disguises=tuple(
            dict.fromkeys((*(name for name in evidence.disguises if name != "partial_transplant"), "merged"))
        ),
    )


def merge(ours: Checkpoint, sources: Sequence[Source], job: Job) -> Merge | None:
    """Return which dependent references the candidate is a mixture of, None where it is of fewer than two.

    Nothing is said where one of them is the candidate itself.

    Raises:
        InputError: a file ended early or changed.
        Cancelled: the job was cancelled.
    """
    if any(source.evidence is not None and source.evidence.verdict == "identical" for source in sources):
        return None
    chosen, places = _common(_dependent(sources))
    if len(chosen) < 2 or not places:
        return None
    pieces = [
        ([_by_place(source)[place] for source in chosen], rows)
        for place in (places[number] for number in sampled(len(places), LOOKED_AT))
        for rows in _strips(place, len(places))
    ]
    read = in_order(lambda piece: _products(*piece, ours, chosen, job), pieces)
    return _concluded([source.name for source in chosen], [item for item in read if item is not None and item.distinct])


def _dependent(sources: Sequence[Source]) -> list[Source]:
    """Return the dependent references, the strongest evidence first, each file once."""
    found = [(source, source.evidence) for source in sources if source.evidence is not None]
    dependent = [(source, evidence.z or 0.0) for source, evidence in found if evidence.verdict in DEPENDENT]
    dependent.sort(key=lambda item: item[1])
    return list({source.name: source for source, _ in dependent}.values())[: -MOST - 1 : -1]


def _by_place(source: Source) -> dict[_Place, Pair]:
    """Return the pairs of matrices by where the candidate stores its part: names and roles may differ."""
    pairs = [(a, b) for a, b in source.pairs if min(a.shape) >= FEWEST and a.shape == b.shape]
    pairs = [pair for pair in pairs if pair[0].layer is not None] or pairs
    return {(a.tensor, a.ranges, a.transposed, a.shape): (a, b) for a, b in pairs}


def _common(sources: Sequence[Source]) -> tuple[list[Source], list[_Place]]:
    """Return the references that share at least half of what the one with most has, and the places common to them."""
    places = [_by_place(source) for source in sources]
    most = max(places, key=len, default={})
    kept = [number for number, own in enumerate(places) if 2 * len(own.keys() & most.keys()) >= len(most) > 0]
    return [sources[number] for number in kept], [p for p in most if all(p in places[number] for number in kept)]


def _strips(place: _Place, matrices: int) -> list[IntArray]:
    """Return the rows of a matrix to read, at most `MAX_SIDE`; with few matrices (a projector) in several strips.

    Then the strips stand in for matrices in the standard errors.
    """
    rows = sampled(place[3][0], MAX_SIDE)
    wanted = 1 if matrices >= _FEWEST_MATRICES else math.ceil(_STRIPS / matrices)
    return np.array_split(rows, max(1, min(wanted, len(rows) // FEWEST)))


def _products(
    pairs: Sequence[Pair], rows: IntArray, ours: Checkpoint, sources: Sequence[Source], job: Job
) -> Products | None:
    """Read rows of one matrix of the candidate with those of its references, in blocks.

    At most `MAX_SIDE` columns are read; elements that are not finite on any side count as 0 on all.
    """
    columns = sampled(pairs[0][0].shape[1], MAX_SIDE)
    sides = [(pairs[0][0], ours), *((pair[1], source.checkpoint) for pair, source in zip(pairs, sources, strict=True))]
    count = len(sides)
    means = np.zeros((count, len(columns)))
    by_column = np.zeros((len(columns), count, count))
    by_row = np.zeros((len(rows), count, count))
    turned = any(part.transposed for part, _ in sides)
    for start, stop in row_blocks(len(rows), len(columns), _BLOCK, turned=turned):
        block = np.stack([read_part(part, rows[start:stop], at, job, columns).numpy() for part, at in sides])
        block[:, ~np.isfinite(block).all(axis=0)] = 0.0
        wide = block.astype(np.float64)
        means += wide.sum(axis=1)
        for i, j in zip(*np.tril_indices(count), strict=True):
            both = wide[i] * wide[j]
            by_row[start:stop, i, j] = both.sum(axis=1)
            by_column[:, i, j] += both.sum(axis=0)
    by_row, by_column = _symmetric(by_row), _symmetric(by_column)
    by_column -= means.T[:, :, None] * means.T[:, None, :] / len(rows)
    return products(by_column.sum(axis=0), by_row, by_column)


def _symmetric(lower: FloatArray) -> FloatArray:
    both: FloatArray = lower + np.tril(lower, -1).swapaxes(1, 2)
    return both


def _concluded(names: Sequence[str], looks: Sequence[Products]) -> Merge | None:
    """Return the mixture that enough matrices show: of the references that most of them need."""
    mixed = [(item, own) for item in looks if len(own := members(item)) >= 2]
    if len(mixed) < max(_FEWEST_MATRICES, _LEAST_SHARE * len(looks)):
        return None
    counts = Counter(member for _, own in mixed for member in own)
    chosen = sorted(member for member, count in counts.items() if 2 * count >= len(mixed))
    kept = [item for item, own in mixed if set(own) <= set(chosen)]
    if len(chosen) < 2 or len(kept) < _FEWEST_MATRICES:
        return None
    weights, _ = fit(pooled(kept), chosen)
    errors = standard_errors(kept, chosen)
    clear = [
        MergeWeight(names[member], float(weight), float(error))
        for member, weight, error in zip(chosen, weights, errors, strict=True)
        if weight >= LEAST_WEIGHT and weight > _CLEAR * error
    ]
    if len(clear) < 2:
        return None
    return Merge(tuple(sorted(clear, key=lambda item: -item.weight)), len(kept) / len(looks))


def share_of(
    name: str, pairs: Sequence[Pair], sums: Sequence[PairSums], evidence: Evidence | None
) -> tuple[MergeWeight, ...]:
    """Return how much of one reference is in the candidate, <candidate, reference> / <reference, reference>.

    Over all its matrices, mean row removed; () with fewer than four, and where the evidence leaves nothing to weigh.
    No claim: further training changes it too.

    Args:
        name: of the reference. pairs, sums: aligned parts (candidate, reference), their sums. evidence: what the tests
            found, None where they did not run.
    """
    found = []
    for pair, total in zip(pairs, sums, strict=True) if _has_share(evidence) else ():
        if min(pair[0].shape) < FEWEST or pair[0].shape != pair[1].shape:
            continue
        own = total.aa - float(total.column_a @ total.column_a) / total.rows
        cross = total.ab - float(total.column_a @ total.column_b) / total.rows
        other = total.bb - float(total.column_b @ total.column_b) / total.rows
        if own > 0 and other > 0 and math.isfinite(cross / own + other / own):
            found.append(Products(np.array([cross / own]), np.array([[other / own]]), np.ones((1, 1))))
    if len(found) < _FEWEST_MATRICES:
        return ()
    whole = pooled(found)
    weight = float(whole.cross[0] / whole.gram[0, 0])
    return (MergeWeight(name, weight, float(standard_errors(found, (0,))[0])),)
