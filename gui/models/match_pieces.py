"""Runs of rows of the match table: the pairs of one comparison, or tensors that found no partner, and why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from inspector.errors import Note
from inspector.results import Against, ComponentFinding, Inspection, IntArray, ReferenceFact, TensorTable

from gui.buckets import UNMATCHED_HERE, UNMATCHED_THERE

_NO_LAYERS = np.empty(0, np.int64)


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of rows with one component and one comparison (None where a tensor was compared with nothing).

    `reasons`: of rows without a partner, why there is none; `bucket`: theirs, -1 for pairs. `dtypes`: of reference
    tensors.
    """

    finding: ComponentFinding | None
    against: Against | None
    roles: tuple[str, ...]
    candidates: tuple[str, ...]
    references: tuple[str, ...]
    candidate_layers: IntArray
    reference_layers: IntArray
    parameters: IntArray
    bucket: int = -1
    reasons: tuple[Note, ...] = ()
    dtypes: tuple[str, ...] = ()


def paired_piece(finding: ComponentFinding, against: Against) -> Piece:
    """Return the compared pairs of one comparison."""
    pairs = against.pairs
    texts = (pairs.roles, pairs.candidates, pairs.references)
    return Piece(finding, against, *texts, pairs.candidate_layers, pairs.reference_layers, pairs.parameters)


def unmatched_pieces(
    findings: Sequence[ComponentFinding], inspection: Inspection | None, facts: Sequence[ReferenceFact]
) -> list[Piece]:
    """Return the tensors that no pair has: of the candidate (also outside its components), then of the references."""
    out: list[Piece] = []
    if inspection is not None:
        numbers = {fact.name: number for number, fact in enumerate(inspection.components)}
        for finding in findings:
            number = numbers.get(finding.name)
            if number is not None:
                out += [_only_here(finding, against, inspection, number) for against in finding.against or (None,)]
        if findings:
            out.append(_lonely(None, None, inspection.tensors, _rows_of(inspection.tensors, -1, ()), _outside))
    there = {fact.name: fact.inspection for fact in facts}
    for finding in findings:
        for against in finding.against:
            if against.reference in there:
                out += _only_there(finding, against, there[against.reference])
    return [piece for piece in out if piece.roles]


def _only_here(finding: ComponentFinding, against: Against | None, inspection: Inspection, number: int) -> Piece:
    """Return the component's tensors that this comparison has no partner for."""
    reasons = {item.tensor: item.reason for item in inspection.components[number].excluded}
    reasons |= {item.tensor: item.reason for item in against.excluded} if against is not None else {}
    code = "gui.match_no_component" if against is None else "gui.match_no_partner"
    rows = _rows_of(inspection.tensors, number, against.pairs.candidates if against is not None else ())
    return _lonely(finding, against, inspection.tensors, rows, lambda name: reasons.get(name) or Note(code))


def _only_there(finding: ComponentFinding, against: Against, inspection: Inspection) -> list[Piece]:
    """Return the tensors of the reference's component that nothing of the candidate was compared with."""
    names = [fact.name for fact in inspection.components]
    if against.reference_component not in names:
        return []
    number = names.index(against.reference_component)
    reasons = {item.tensor: item.reason for item in inspection.components[number].excluded}
    rows = _rows_of(inspection.tensors, number, against.pairs.references)
    here = _lonely(
        finding, against, inspection.tensors, rows, lambda name: reasons.get(name) or Note("gui.match_not_here")
    )
    nothing = ("",) * len(rows)
    return [
        Piece(finding, against, here.roles, nothing, here.candidates, here.reference_layers, here.candidate_layers,
               here.parameters, UNMATCHED_THERE, here.reasons, tuple(inspection.tensors.dtypes[row] for row in rows))
    ]  # fmt: skip


def _rows_of(table: TensorTable, component: int, compared: Sequence[str]) -> list[int]:
    """Return the rows of a component's tensors that are not among those compared."""
    inside = np.flatnonzero(table.components == component).tolist()
    known = frozenset(compared)
    return [row for row in inside if table.names[row] not in known]


def _lonely(
    finding: ComponentFinding | None,
    against: Against | None,
    table: TensorTable,
    rows: list[int],
    reason: Callable[[str], Note],
) -> Piece:
    names = tuple(table.names[row] for row in rows)
    roles = tuple(table.roles[row] for row in rows)
    nothing = ("",) * len(rows)
    layers = (table.layers[rows], np.full(len(rows), -1, np.int64)) if rows else (_NO_LAYERS, _NO_LAYERS)
    sizes = table.parameters[rows] if rows else _NO_LAYERS
    told = tuple(reason(name) for name in names)
    return Piece(finding, against, roles, names, nothing, *layers, sizes, UNMATCHED_HERE, told)


def _outside(_: str) -> Note:
    return Note("gui.match_outside")
