"""From the sums of every pair to tables, component figures, and what was left out and why.

A component's figure is the mean over its weight matrices, weighted by parameters. Norm gains, biases and other
vectors stand in the table but never in that mean: their values are near constant in every model (METHODS, trap 1).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

import numpy as np

from inspector.anatomy import Component, Part
from inspector.errors import Note
from inspector.results import Excluded, FloatArray, LayerScore, Measured, Null, PairTable
from inspector.similarity.align import Alignment
from inspector.similarity.sums import MEASURES, PairSums

Pair = tuple[Part, Part]


def pair_table(pairs: list[Pair], sums: list[PairSums], by_shape: frozenset[str] = frozenset()) -> PairTable:
    """Return one row a pair with every registered measure, its null mean and sd as columns.

    `by_shape`: candidate tensors without a role that were paired by shape alone (`Alignment.by_shape`).
    """
    columns: dict[str, FloatArray] = {}
    for name, function in MEASURES.items():
        measured = [function(pair) for pair in sums]
        columns[name] = _column(measured, lambda item: item.value)
        columns[f"{name}.null_mean"] = _column(measured, lambda item: item.null.mean if item.null else None)
        columns[f"{name}.null_sd"] = _column(measured, lambda item: item.null.sd if item.null else None)
    return PairTable(
        candidates=tuple(a.tensor for a, _ in pairs),
        references=tuple(b.tensor for _, b in pairs),
        roles=tuple(a.key for a, _ in pairs),
        candidate_layers=_layers(a for a, _ in pairs),
        reference_layers=_layers(b for _, b in pairs),
        parameters=np.array([pair.elements for pair in sums], np.int64),
        columns=columns,
        matched=tuple(_way(a, by_shape) for a, _ in pairs),
    )


def _way(part: Part, by_shape: frozenset[str]) -> str:
    """Return how a part found its partner, as in `PairTable.matched`."""
    if part.found or part.role != "other":
        return part.found or "role"
    return "shape" if part.tensor in by_shape else "name"


def _column(measured: list[Measured], pick: Callable[[Measured], float | None]) -> FloatArray:
    picked = (pick(item) for item in measured)
    return np.array([math.nan if value is None else value for value in picked], float)


def _layers(parts: Iterable[Part]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array([-1 if part.layer is None else part.layer for part in parts], np.int64)


def is_matrix(part: Part) -> bool:
    """Tell weight matrices, which a component's figures are made of, from vectors."""
    return min(part.shape) > 1 and part.param != "bias"


def similarity(pairs: list[Pair], sums: list[PairSums]) -> dict[str, Measured]:
    """Return every measure of the component: the mean over matrices where it is defined, weighted by parameters.

    A component that has no matrix at all (heads of one row) is summed up over what it has.
    """
    matrices = [total for (part, _), total in zip(pairs, sums, strict=True) if is_matrix(part)]
    counted = matrices or sums
    return {name: _mean([function(total) for total in counted], name) for name, function in MEASURES.items()}


def _mean(measured: list[Measured], name: str) -> Measured:
    defined = [item for item in measured if item.value is not None]
    n = sum(item.n for item in defined)
    if not n:
        return Measured(None, None, 0, name)
    value = sum(item.n * item.value for item in defined if item.value is not None) / n
    nulls = [(item.n / n, item.null) for item in defined if item.null is not None]
    if len(nulls) < len(defined):
        return Measured(value, None, n, name)
    deviations = [weight * null.sd for weight, null in nulls if null.sd is not None]
    sd = math.sqrt(sum(deviation**2 for deviation in deviations)) if len(deviations) == len(nulls) else None
    return Measured(value, Null(sum(weight * null.mean for weight, null in nulls), sd), n, name)


def layer_scores(table: PairTable, pairs: list[Pair], layers: tuple[tuple[int, int], ...]) -> tuple[LayerScore, ...]:
    """Return the cosine of each aligned pair of layers: the mean over its weight matrices, weighted by parameters."""
    cosine, weight = table.columns["cosine"], table.parameters.astype(float)
    defined = np.isfinite(cosine) & np.array([is_matrix(part) for part, _ in pairs], bool)
    scores = []
    for candidate, reference in layers:
        rows = defined & (table.candidate_layers == candidate)
        value = float(np.average(cosine[rows], weights=weight[rows])) if rows.any() else None
        scores.append(LayerScore(candidate, reference, value))
    return tuple(scores)


def excluded(component: Component, alignment: Alignment) -> tuple[Excluded, ...]:
    """Return everything of the component that was not compared, and why."""
    left_out = [Excluded(name, reason) for name, reason in component.excluded.items()]
    for part in alignment.unmatched:
        left_out.append(Excluded(part.tensor, Note("similarity.no_partner", {"role": part.key})))
    for ours, theirs in alignment.mismatched:
        shapes: dict[str, str | int | float] = {"candidate": _shape(ours), "reference": _shape(theirs)}
        left_out.append(Excluded(ours.tensor, Note("similarity.shape_differs", shapes)))
    return tuple(left_out)


def _shape(part: Part) -> str:
    return f"{part.shape[0]} × {part.shape[1]}"


def _is_constant(total: PairSums) -> bool:
    return total.elements > 1 and (total.constant_a or total.constant_b) and total.aa > 0 and total.bb > 0


def _none_finite(total: PairSums) -> bool:
    return total.left_out == total.elements > 0


def _vanishes(total: PairSums) -> bool:
    """Tell whether one side's squares are lost beside the other's, which are too large."""
    return (total.aa == 0 and not total.zero_a) or (total.bb == 0 and not total.zero_b)


def value_warnings(pairs: list[Pair], sums: list[PairSums]) -> tuple[Note, ...]:
    """Return one warning a kind of bad value, naming the first tensor and how many there are."""
    rules: tuple[tuple[str, Callable[[PairSums], bool]], ...] = (
        ("similarity.not_finite", lambda total: total.left_out > 0),
        ("similarity.none_finite", _none_finite),
        ("similarity.all_zero", lambda total: (total.zero_a or total.zero_b) and not _none_finite(total)),
        ("similarity.far_apart", _vanishes),
        ("similarity.constant", _is_constant),
    )
    notes = []
    for code, applies in rules:
        hits = [(part, total) for (part, _), total in zip(pairs, sums, strict=True) if applies(total)]
        if hits:
            elements = sum(total.left_out for _, total in hits)
            notes.append(Note(code, {"tensors": len(hits), "elements": elements}, tensor=hits[0][0].tensor))
    return tuple(notes)
