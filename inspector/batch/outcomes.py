"""What became of a row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from inspector.batch.listing import Row
from inspector.batch_results import RowSummary
from inspector.errors import Note
from inspector.results import FileFact

State = Literal["waiting", "done", "failed"]
REVIEW_SUFFIX, REPORT_SUFFIX = ".assay", ".html"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A row and what became of it.

    Attributes:
        state: "waiting" until it has run. summary, review: of one that is done; the file with its SHA-256.
        kept: its review was there already. again: why an earlier one was not kept. aside: name of the file that this
            was moved to, because it was not as a batch had made it; "" for none.
        failure: why there is no review. details: of an unexpected failure, for whoever maintains the program.
    """

    row: Row
    state: State = "waiting"
    summary: RowSummary | None = None
    review: FileFact | None = None
    kept: bool = False
    again: Note | None = None
    aside: str = ""
    failure: Note | None = None
    details: str = ""

    @property
    def report(self) -> str:
        """Name of the report's file."""
        return f"{self.row.stem}{REPORT_SUFFIX}"
