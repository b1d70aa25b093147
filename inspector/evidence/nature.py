"""What was done to weights that are not independent, and whether that can be told (METHODS section 4, "Nature")."""

from __future__ import annotations

from collections.abc import Sequence

from inspector.anatomy import Part
from inspector.checkpoint import Checkpoint
from inspector.evidence_results import Nature
from inspector.job import Job
from inspector.similarity.sums import PairSums


def nature(
    pairs: Sequence[tuple[Part, Part]], sums: Sequence[PairSums], ours: Checkpoint, theirs: Checkpoint, job: Job
) -> Nature:
    """Return what was done to the candidate's weights after they left the reference's.

    Args:
        pairs, sums: aligned parts and their sums. ours, theirs: the checkpoints.

    Raises:
        InputError: a file ended early or changed.
        Cancelled: the job was cancelled.
    """
    changed = sum(total.dd for total in sums)
    whole = sum(total.bb for total in sums)
    return Nature("fine_tuned", "ambiguous", relative_change=(changed / whole) ** 0.5 if whole > 0 else None)
