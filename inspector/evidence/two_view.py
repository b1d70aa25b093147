"""Two-view (calibrated): are the units that match on one side of an MLP also matched on the other?

A copy whose neurons were reordered has no unit in place, so every test of the order is blind to it. But what a unit
reads and what it writes move together: matched on the reading side (up, gate, fc1 with the bias), its partner is also
the nearest on the writing side (down, fc2). Between independent models such agreements are chance, or a few features
that all models learn. The null that breaks the link between the two sides knows nothing of those, so this test is
calibrated: 200 controls, z at least ten times the largest, and a quarter of the units in a quarter of the layers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from inspector.checkpoint import Checkpoint
from inspector.evidence import units
from inspector.evidence.coincidence import mutual_nearest
from inspector.evidence.decision import CALIBRATED_SHARE, CONTROL_FACTOR, CONTROLS
from inspector.evidence.groups import UnitGroup
from inspector.evidence.loading import load_view, unit_places
from inspector.evidence_results import Controls, EvidenceTest, FloatArray, IntArray, Null
from inspector.job import Job

COLUMNS = 256  # of each view: enough to match units, and a tenth of the time
FEWEST = 16


@dataclass(frozen=True, slots=True)
class Matched:
    """Units of one group matched on both sides.

    Attributes:
        group: whose units. size: units examined. candidate, reference: unit numbers of the agreements (n,).
        held_out: z of the writing side over the units matched on the reading side.
        controls: agreements after the link between the two sides was shuffled, (CONTROLS,).
    """

    group: UnitGroup
    size: int
    candidate: IntArray
    reference: IntArray
    held_out: float
    controls: IntArray

    @property
    def agreed(self) -> int:
        """Units matched alike on both sides."""
        return len(self.candidate)


def has_two_views(group: UnitGroup) -> bool:
    """Tell whether a group has one block of units with a reading and a writing side."""
    if len(group.blocks) != 1 or group.run or not group.exact or group.units < FEWEST:
        return False
    axes = {view.axis for view in group.blocks[0]}
    return {"rows", "columns"} <= axes


def match(group: UnitGroup, ours: Checkpoint, theirs: Checkpoint, job: Job) -> Matched | None:
    """Match the units of a group on each side and count where both agree; None where nothing varies.

    Raises:
        InputError: a file ended early or changed.
        Cancelled: the job was cancelled.
    """
    places = unit_places(group, 0)
    sides = {axis: _similarity(group, axis, places, ours, theirs, job) for axis in ("rows", "columns")}
    reading, writing = _mutual(sides["rows"]), _mutual(sides["columns"])
    agree = np.flatnonzero((reading >= 0) & (reading == writing))
    matched = np.flatnonzero(reading >= 0)
    if not len(matched):
        return None
    random = np.random.default_rng([units.SEED + 8, len(places)])
    controls = [
        int(np.count_nonzero((reading >= 0) & (writing >= 0) & (reading == random.permutation(len(places))[writing])))
        for _ in range(CONTROLS)
    ]
    held_out = sides["columns"].numpy()[matched, reading[matched]]
    everything = sides["columns"].double()
    sd = float(everything.std()) / math.sqrt(len(matched))
    return Matched(
        group=group,
        size=len(places),
        candidate=places[agree],
        reference=places[reading[agree]],
        held_out=(float(held_out.mean()) - float(everything.mean())) / sd if sd > 0 else 0.0,
        controls=np.array(controls, np.int64),
    )


def _similarity(
    group: UnitGroup, axis: str, places: IntArray, ours: Checkpoint, theirs: Checkpoint, job: Job
) -> torch.Tensor:
    """Return the similarity of every candidate unit with every reference unit on one side, (units, units)."""
    total = torch.zeros(len(places), len(places))
    for view in group.blocks[0]:
        if view.axis != axis:
            continue
        loaded = load_view(view, places, ours, theirs, job, COLUMNS)
        a, b = (units.normalised(side[None])[0] for side in (loaded.candidate, loaded.reference))
        total.addmm_(a, b.t())
    return total


def _mutual(similarity: torch.Tensor) -> IntArray:
    """Return each candidate unit's mutual nearest neighbour in the reference, -1 where it has none: (units,)."""
    nearest, mutual = mutual_nearest(similarity[None])
    return torch.where(mutual, nearest, -1)[0].numpy()


def two_view_test(found: Sequence[Matched]) -> EvidenceTest | None:
    """Return the line of Two-view over all groups; None where no group has two sides."""
    if not found:
        return None
    agreed = sum(item.agreed for item in found)
    controls: FloatArray = np.sum([item.controls for item in found], axis=0).astype(np.float64)
    mean, sd = float(controls.mean()), max(float(controls.std()), 1.0)
    z, largest = (agreed - mean) / sd, float((controls.max() - mean) / sd)
    clear = [item for item in found if item.agreed >= CALIBRATED_SHARE * item.size]
    return EvidenceTest(
        test="two_view",
        statistic=float(agreed),
        z=z,
        log10_p=None,
        log10_p_gauss=None,
        log10_p_mc=math.log10((1 + int((controls >= agreed).sum())) / (1 + len(controls))),
        n=sum(item.size for item in found),
        groups=len(found),
        exact=False,
        rejects=len(clear) >= CALIBRATED_SHARE * len(found) and z >= CONTROL_FACTOR * max(largest, 1.0),
        null=Null(mean, sd),
        controls=Controls("internal", largest, len(controls)),
        variants={"held_out": sum(item.held_out for item in found) / math.sqrt(len(found))},
    )
