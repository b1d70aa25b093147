"""The frozen results of a batch: what a row's process tells of its review. Imports neither torch nor h5py."""

from __future__ import annotations

from dataclasses import dataclass

from inspector.errors import Note
from inspector.results import ComponentFinding


@dataclass(frozen=True, slots=True)
class RowSummary:
    """What an index says of one review.

    Attributes:
        candidate: what it is called. references: likewise, in their order.
        findings: one a component; of each only the comparison with the best reference, and no arrays.
        comparisons: of a component with one of a reference, over the whole review. decisions: of the analyst's that
            stand.
    """

    candidate: str
    references: tuple[str, ...]
    findings: tuple[ComponentFinding, ...]
    comparisons: int
    decisions: int = 0


@dataclass(frozen=True, slots=True)
class RowAnswer:
    """What a row's process answers.

    Attributes:
        summary: of the review that was made or may be kept, None where an earlier one may not be.
        reason: why it may not. results, layouts: of one that was made, as in `batch.record`.
    """

    summary: RowSummary | None
    reason: Note | None = None
    results: str = ""
    layouts: tuple[str, ...] = ()
