"""A review as data: the machine's results, and the analyst's decisions beside them. Imports neither torch nor h5py."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from inspector.decisions import DecisionLog
from inspector.errors import Note
from inspector.results import Comparison, FileFact
from inspector.verify_results import Check

SEED = 20260101  # of a comparison, where none is given

InputRole = Literal["candidate", "reference", "library"]
State = Literal["held", "missing", "changed", "present", "verified"]


@dataclass(frozen=True, slots=True)
class ReviewInput:
    """Something that was read for the results.

    Attributes:
        role: what it was read as. name: the one that findings use.
        path: where it lies, absolute; "" where its values came from the library. files: its files, with SHA-256.
    """

    role: InputRole
    name: str
    path: str
    files: tuple[FileFact, ...] = ()


@dataclass(frozen=True, slots=True)
class InputState:
    """How an input is now.

    Attributes:
        role, name, path: of the input.
        state: "held" by the library, "missing", "changed", "present" (its sizes agree) or "verified" (SHA-256 too).
        file: the first file that is missing or changed, "" for none.
    """

    role: InputRole
    name: str
    path: str
    state: State
    file: str = ""

    @property
    def note(self) -> Note | None:
        """What is wrong with it, None where nothing is."""
        if self.state not in ("missing", "changed"):
            return None
        whole = "_all" if self.state == "missing" and not self.file else ""
        params = {"name": self.name, "path": self.path, "what": self.file}
        return Note(f"review_file.input_{self.state}{whole}", params)


@dataclass(frozen=True, slots=True)
class Unfinished:
    """How far the work is that a review was still waiting for: comparisons of two components."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Review:
    """Everything that a review file holds.

    Attributes:
        comparison: the machine's results; None where the file's are damaged.
        inputs: what they were computed from. decisions: what the analyst made of them.
        isolation: how far the process was confined that computed them, as in the JSON.
        versions: program or library -> version at that time. catalogue: SHA-256 of the catalogue of encoders then.
        notes: what is wrong with the file that it was read from. partial: results are left out for it, or are not
            there yet. unfinished: how far the work was, None where it was done.
    """

    comparison: Comparison | None
    inputs: tuple[ReviewInput, ...] = ()
    decisions: DecisionLog = field(default_factory=DecisionLog)
    isolation: str = "none"
    versions: Mapping[str, str] = field(default_factory=dict)
    catalogue: str = ""
    notes: tuple[Note, ...] = ()
    partial: bool = False
    unfinished: Unfinished | None = None


@dataclass(frozen=True, slots=True)
class OpenedReview:
    """A review that was read from a file.

    Attributes:
        states: how its inputs are now. proofs: what its signature and its checksum say, () where it has none.
        sha256: of the file, in hexadecimal.
    """

    review: Review
    states: tuple[InputState, ...]
    proofs: tuple[Check, ...] = ()
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class InputStates:
    """How the inputs of a review are now."""

    states: tuple[InputState, ...]
