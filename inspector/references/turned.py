"""A candidate's weights in the residual coordinates of a reference of which only the fingerprint is at hand.

A rotation cannot be estimated from projections, but a fingerprint keeps its anchors whole (patch kernels, mel kernels,
positions): with the candidate's own they set the rotation (evidence/anchors.py), the candidate's weights are turned
back by it, and their fingerprint is then compared like any other. Anchors are never evidence and are not compared, and
no order of hidden units moves them: given the rotation they set, the order of the units is as random as before, and the
tests keep their null.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from inspector.anatomy import Component, Part
from inspector.checkpoint.base import Checkpoint, FileEntry, StoredTensor
from inspector.errors import Note
from inspector.evidence.anchors import anchor_tables, anchored_rotation, tables_of
from inspector.evidence.compared import Compared
from inspector.evidence.loading import sampled
from inspector.evidence.turning import Turn, folded_gains, has_layer_norms
from inspector.evidence.undoing import Side, undone_part
from inspector.evidence_results import DEPENDENT, Undone
from inspector.findings import Opened, Partners, find
from inspector.job import Job
from inspector.references.held import HeldCheckpoint
from inspector.references.own import Sort, own_fingerprint, sort_of
from inspector.results import Against
from inspector.similarity.workers import Meter

LIKE = 0.9  # anchors as alike as this are worth a look
INPUTS, FEWEST_INPUTS = 128, 8


class TurnedCheckpoint(HeldCheckpoint):
    """One component of a checkpoint, its residual stream turned: float32, computed when it is read."""

    def __init__(self, pairs: list[tuple[Part, Part]], ours: Side, theirs: Side, undone: Undone, job: Job) -> None:
        """Take the parts that both sides have, of equal shape."""
        self.path, self.format, self.files = ours.checkpoint.path, "turned", (FileEntry(ours.checkpoint.path, 0),)
        self.metadata: Mapping[str, str] = {}
        self.config: Mapping[str, Any] = ours.checkpoint.config
        self.warnings = ()
        self._sides, self._undone, self._job = (ours, theirs), undone, job
        self._pairs = {f"{place}": pair for place, pair in enumerate(pairs)}
        self.tensors = {
            name: StoredTensor(name, "F32", ours.shape, 0, -1, 4 * ours.parameters)
            for name, (ours, _) in self._pairs.items()
        }
        self._local = threading.local()

    def parts(self) -> tuple[Part, ...]:
        """Return the parts by the names that they have here."""
        return tuple(
            replace(part, tensor=name, ranges=(), transposed=False, flipped=False)
            for name, (part, _) in self._pairs.items()
        )

    def whole(self, name: str) -> npt.NDArray[np.float32]:
        """Return a tensor's values, flat; a worker keeps the part that it read last."""
        if getattr(self._local, "name", None) != name:
            matrix = undone_part(self._pairs[name], *self._sides, self._undone, self._job)
            self._local.values, self._local.name = np.ascontiguousarray(matrix, np.float32).reshape(-1), name
        values: npt.NDArray[np.float32] = self._local.values
        return values


def turned_fingerprint(
    ours: tuple[Opened, Component], theirs: tuple[Opened, Component], sort: Sort, job: Job
) -> tuple[Opened, Component] | None:
    """Return the fingerprint of a component of full weights, turned into a reference's coordinates as anchors tell.

    Args:
        ours: the candidate's weights. theirs: the reference's fingerprint. sort: how that was projected. job: asked
            between blocks whether to stop.

    Returns:
        None where the two have no anchors in common, or other widths.

    Raises:
        InputError: a file ended early or changed.
        Cancelled: the job was cancelled.
    """
    (opened, target), (reference, partner) = ours, theirs
    if not 0 < target.hidden_size == partner.hidden_size:
        return None
    compared = Compared(target, partner, opened.checkpoint, reference.checkpoint, reference.name, (), (), (), 0.0)
    tables = anchor_tables(compared, folded_gains(compared, job), job)
    if not tables:
        return None
    undone = Undone(rotation=anchored_rotation(tables).numpy())
    sides = Side(target, opened.checkpoint), Side(partner, reference.checkpoint)
    checkpoint = TurnedCheckpoint(_pairs(target, partner), *sides, undone, job)
    component = replace(target, parts=checkpoint.parts())
    made = own_fingerprint(Opened(opened.name, checkpoint, (component,), opened.inspection, None), sort, job)
    return made, made.components[0]


def _pairs(target: Component, partner: Component) -> list[tuple[Part, Part]]:
    """Return the parts of one role and place; the projected shape of the reference's says nothing."""
    theirs = {(part.key, part.layer): part for part in partner.parts if part.role != "other"}
    return [(part, theirs[part.key, part.layer]) for part in target.parts if (part.key, part.layer) in theirs]


def anchors_of(component: Component, checkpoint: Checkpoint, job: Job) -> Mapping[str, torch.Tensor]:
    """Return role -> products of some inputs of an anchor with each other, which no rotation changes: (n · (n - 1),).

    Raises:
        InputError: a file ended early or changed.
        Cancelled: the job was cancelled.
    """
    centred = has_layer_norms(component)
    found = {}
    for role, table in tables_of(component, checkpoint, Turn(({}, {}), (centred, centred)), 0, job).items():
        if table.shape[1] >= FEWEST_INPUTS:
            few = table[:, torch.from_numpy(sampled(table.shape[1], INPUTS))]
            products = (few.t() @ few)[~torch.eye(few.shape[1], dtype=torch.bool)]
            found[role] = products - products.mean()
    return found


def likeness(ours: Mapping[str, torch.Tensor], theirs: Mapping[str, torch.Tensor]) -> float:
    """Return the largest correlation of two components' anchors, 0 where they have none in common.

    It says which reference to turn the candidate to, and nothing else: kernels of independent models may be alike.
    """
    best = 0.0
    for role in ours.keys() & theirs.keys():
        a, b = ours[role], theirs[role]
        if a.shape == b.shape and a.norm() > 0 and b.norm() > 0:
            best = max(best, float(a @ b / (a.norm() * b.norm())))
    return best


def turned_against(
    ours: tuple[Opened, Component], theirs: tuple[Opened, Component], sort: Sort, meter: Meter, references: int
) -> Against | None:
    """Judge a candidate turned into a reference's coordinates; None where that finds nothing.

    Args:
        ours: its weights. theirs: the reference's fingerprint. sort: how that was projected. meter: counts the work.
            references: over how many Holm corrects; this second look counts as as many again.
    """
    turned = turned_fingerprint(ours, theirs, sort, meter.job)
    if turned is None:
        return None
    found = find(*turned, [theirs], meter, 0, False, 2 * references).against
    evidence = found[0].evidence if found else None
    if evidence is None or evidence.verdict != "derived":
        return None
    names = ("residual_rotation", *(name for name in evidence.disguises if name != "residual_rotation"))
    told = Note("references.turned", {"reference": found[0].reference})
    return replace(found[0], evidence=replace(evidence, disguises=names, notes=(told, *evidence.notes)))


def with_turned(
    plain: Opened | None, name: str, partners: Partners, found: Sequence[Against], meter: Meter, references: int
) -> list[Against]:
    """Look again, turned, at references whose anchors are alike, where nothing at all was found.

    Args:
        plain: the candidate's weights, None where they are not at hand. name: of its component. partners: what was
            compared; full weights are left as they are. found: what was found. meter, references: as `turned_against`.
    """
    target = next((item for item in plain.components if item.name == name), None) if plain is not None else None
    projected = any(sort_of(opened) is not None for opened, _ in partners)
    if plain is None or target is None or not projected or any(item.verdict in DEPENDENT for item in found):
        return list(found)
    places = {(opened.name, component.name): (opened, component) for opened, component in partners}
    own = anchors_of(target, plain.checkpoint, meter.job)
    again = []
    for item in found:
        theirs = places[item.reference, item.reference_component]
        sort = sort_of(theirs[0])
        alike = sort is not None and likeness(own, anchors_of(theirs[1], theirs[0].checkpoint, meter.job)) >= LIKE
        seen = turned_against((plain, target), theirs, sort, meter, references) if sort is not None and alike else None
        again.append(item if seen is None else seen)
    return again
