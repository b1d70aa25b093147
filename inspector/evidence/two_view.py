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

import numpy as np

from inspector.evidence.decision import CALIBRATED_SHARE, CONTROL_FACTOR
from inspector.evidence.matching import Matched
from inspector.evidence_results import Controls, EvidenceTest, FloatArray, Null


def two_view_test(found: Sequence[Matched], test: str = "two_view") -> EvidenceTest | None:
    """Return the line of Two-view (or "anchored") over all groups; None where no group has two sides."""
    if not found:
        return None
    agreed = sum(item.agreed for item in found)
    controls: FloatArray = np.sum([item.controls for item in found], axis=0).astype(np.float64)
    mean, sd = float(controls.mean()), max(float(controls.std()), 1.0)
    z, largest = (agreed - mean) / sd, float((controls.max() - mean) / sd)
    clear = [item for item in found if item.clear]
    return EvidenceTest(
        test=test,
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
