"""A candidate's weights in the residual coordinates of a reference of which only the fingerprint is at hand.

A rotation cannot be estimated from projections, but a fingerprint keeps its anchors whole (patch kernels, mel kernels,
positions): with the candidate's own they set the rotation (evidence/anchors.py), the candidate's weights are turned
back by it, and their fingerprint is then compared like any other. Anchors are never evidence and are not compared, and
no order of hidden units moves them: given the rotation they set, the order of the units is as random as before, and the
tests keep their null.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from inspector.anatomy import Component, Part
from inspector.checkpoint.base import Checkpoint, FileEntry, Raw, StoredTensor
from inspector.evidence.anchors import anchor_tables, anchored_rotation
from inspector.evidence.compared import Compared
from inspector.evidence.turning import folded_gains
from inspector.evidence.undoing import Side, undone_part
from inspector.evidence_results import Undone
from inspector.findings import Opened
from inspector.job import Job
from inspector.references.against import Sort, own_fingerprint


class TurnedCheckpoint(Checkpoint):
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

    def read_flat(self, name: str, start: int, stop: int, out: Raw | None = None) -> Raw:
        """Return elements start..stop as float32; a worker keeps the part that it read last."""
        if getattr(self._local, "name", None) != name:
            matrix = undone_part(self._pairs[name], *self._sides, self._undone, self._job)
            self._local.values, self._local.name = np.ascontiguousarray(matrix, np.float32).reshape(-1), name
        values: Raw = self._local.values[start:stop]
        if out is None:
            return values.copy()
        target = out[: values.nbytes].view(np.float32)
        target[...] = values
        return target

    def read_file(self, index: int, start: int, stop: int, out: Raw | None = None) -> Raw:
        """Refuse: there is no file behind it."""
        raise NotImplementedError("turned weights have no file bytes")

    def check_unchanged(self) -> None:
        """The candidate's own checkpoint is asked."""

    def close(self) -> None:
        """The candidate's own checkpoint is closed by who opened it."""


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
    return [
        (part, theirs[part.key, part.layer]) for part in target.parts if (part.key, part.layer) in theirs
    ]
