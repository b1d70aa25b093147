"""The candidate's own fingerprint, projected as a reference's was."""

from __future__ import annotations

from inspector.findings import Opened
from inspector.job import Job
from inspector.references.making import make_fingerprint
from inspector.references.opened import FingerprintCheckpoint, open_fingerprint
from inspector.references.projection import Precision

Sort = tuple[bytes, Precision]  # how fingerprints were projected


def sort_of(opened: Opened) -> Sort | None:
    """Return how a fingerprint was projected, None of full weights."""
    checkpoint = opened.checkpoint
    return (
        (checkpoint.facts.seed, checkpoint.facts.precision) if isinstance(checkpoint, FingerprintCheckpoint) else None
    )


def own_fingerprint(ours: Opened, sort: Sort, job: Job) -> Opened:
    """Return the candidate's fingerprint in memory, projected as `sort` says.

    Raises:
        InputError: a file ended early or changed.
        Cancelled: the job was cancelled.
    """
    job.message("references.projecting", name=ours.name)
    made = make_fingerprint(ours.checkpoint, ours.components, *sort, job)
    return open_fingerprint(ours.name, made.facts, made.arrays.__getitem__)
