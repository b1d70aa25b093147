"""The units that a fingerprint keeps at full width, as a checkpoint of their own.

They were chosen by the secret seed before anything was compared, so a permutation null holds among them. They say what
a projection could hide: whoever knew the projection could put noise where it looks, and would find nothing there of the
units that are whole.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from typing import Any

import numpy as np
import numpy.typing as npt

from inspector.anatomy import Component, Part
from inspector.checkpoint.base import FileEntry, Projected, StoredTensor
from inspector.errors import Note
from inspector.evidence.claims import claims_of
from inspector.evidence.cross import cross_products
from inspector.evidence.decision import holm, passes_gate
from inspector.evidence.groups import find_groups, free_roles
from inspector.evidence.scoring import score
from inspector.evidence_results import DEPENDENT
from inspector.findings import Opened, Partners
from inspector.job import Job
from inspector.references.held import HeldCheckpoint
from inspector.references.opened import FORMAT, FingerprintCheckpoint
from inspector.results import Against
from inspector.similarity.align import align_parts
from inspector.similarity.workers import Meter

FEWEST = 8  # units of a part that say anything


class WholeRows(HeldCheckpoint):
    """Some units of every part of a component at full width, float32."""

    def __init__(self, source: FingerprintCheckpoint, component: Component) -> None:
        """Take a component's units out of its fingerprint; parts with few of them are left out."""
        self.path, self.format, self.files = source.path, FORMAT, (FileEntry(source.path, 0),)
        self.metadata: Mapping[str, str] = {}
        self.config: Mapping[str, Any] = {}
        self.warnings = ()
        self._values: dict[str, npt.NDArray[np.float32]] = {}
        self.tensors: dict[str, StoredTensor] = {}
        projected: dict[str, Projected] = {}
        parts: list[Part] = []
        for part in component.parts:
            if part.role not in free_roles() or part.param not in ("weight", "value"):
                continue
            numbers, rows = source.whole_units(part.tensor)
            if len(numbers) < FEWEST:
                continue
            own = source.projected[part.tensor]
            turned = part.shape[1] == len(own.keys if own.keys is not None else ()) != part.shape[0]
            values = np.ascontiguousarray(rows.T if turned else rows)
            shape = (values.shape[0], values.shape[1])
            self._values[part.tensor] = values.reshape(-1)
            self.tensors[part.tensor] = StoredTensor(part.tensor, "F32", shape, 0, -1, values.nbytes)
            keys = None if own.keys is None else own.keys[numbers]
            projected[part.tensor] = Projected(own.shape, values.size, {}, keys, component.name)
            parts.append(replace(part, shape=shape))
        self.projected = projected
        self.component = replace(component, parts=tuple(parts), parameters=sum(part.parameters for part in parts))

    def whole(self, name: str) -> npt.NDArray[np.float32]:
        """Return a tensor's values, flat."""
        return self._values[name]


def whole_rows(opened: Opened, component: Component) -> tuple[Opened, Component] | None:
    """Return a component's units at full width as an opened input, None where too few were kept."""
    if not isinstance(opened.checkpoint, FingerprintCheckpoint):
        return None
    found = WholeRows(opened.checkpoint, component)
    if not found.component.parts:
        return None
    return Opened(opened.name, found, (found.component,), opened.inspection, None), found.component


def held_against_whole(
    ours: tuple[Opened, Component], partners: Partners, found: Sequence[Against], meter: Meter, references: int
) -> list[Against]:
    """Hold findings that found nothing in the projections against the units at full width.

    Where those agree, the projections were made not to: the finding then says so, and accuses nobody.

    Args:
        ours, partners: fingerprints and components that were compared; of full weights nothing changes. found: what
            was found. meter: counts the work. references: over how many Holm corrects.
    """
    places = {(opened.name, component.name): (opened, component) for opened, component in partners}
    own = cache(partial(whole_rows, *ours))  # taken out once, and only where something was not found
    return [_held(own, places[item.reference, item.reference_component], item, meter, references) for item in found]


def _held(
    own: Callable[[], tuple[Opened, Component] | None],
    theirs: tuple[Opened, Component],
    against: Against,
    meter: Meter,
    references: int,
) -> Against:
    evidence = against.evidence
    if evidence is None or evidence.verdict in DEPENDENT:
        return against
    mine, other = own(), whole_rows(*theirs)
    if mine is None or other is None:
        return against
    layers = {pair.candidate: pair.reference for pair in against.layers}
    z = _rejecting_z(mine, other, layers, meter.job, references)
    if z is None:
        return against
    told = Note("references.whole_rows", {"reference": against.reference, "z": f"{z:.1f}"})
    sentence = Note("evidence.sentence.inconclusive_trace_dependence", dict(evidence.sentence.params))
    reason = Note("evidence.reason.trace_dependence")
    changed = replace(evidence, reason=reason, sentence=sentence, notes=(told, *evidence.notes))
    return replace(against, evidence=changed)


def _rejecting_z(
    ours: tuple[Opened, Component], theirs: tuple[Opened, Component], layers: Mapping[int, int], job: Job, family: int
) -> float | None:
    """Return the pooled z of the units in place, None where no exact test rejects or too little stands out."""
    sides = ours[0].checkpoint, theirs[0].checkpoint
    pairs = align_parts(ours[1], theirs[1], layers).pairs
    groups, _ = find_groups(pairs, ours[1], theirs[1], sides[0])
    found = [score(group, cross_products(group, *sides, job), number) for number, group in enumerate(groups, 1)]
    scores = [item for item in found if item is not None and item.exact]
    claims = claims_of(scores, 0.0)
    if not any(holm(claims, max(len(claims), 1) * family)) or not passes_gate(scores):
        return None
    return sum(item.z for item in scores) / math.sqrt(len(scores))
