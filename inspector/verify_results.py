"""What `verify` found, as data. Imports neither torch nor h5py."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from inspector.errors import Note

Outcome = Literal["holds", "differs", "remark"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that is another when it is computed again.

    Attributes:
        pointer: its place in the report, a JSON pointer (RFC 6901).
        stored, found: both as JSON text; "" where there is nothing at this place.
    """

    pointer: str
    stored: str
    found: str


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was checked.

    Attributes:
        outcome: it "holds", it "differs", or there was nothing to check ("remark").
        note: what was checked and what came of it, one sentence.
        differences: every value that differs, up to a limit. count: how many there are.
    """

    outcome: Outcome
    note: Note
    differences: tuple[Difference, ...] = ()
    count: int = 0
