"""What `verify` found, as data. Imports neither torch nor h5py."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from inspector.errors import Note

Outcome = Literal["holds", "differs", "remark"]
_SIGNATURE = "verify.signature"


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


@dataclass(frozen=True, slots=True)
class Verification:
    """Everything that was checked about one file."""

    path: str
    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature that was written: where, and the fingerprint of its key."""

    path: str
    key: str


@dataclass(frozen=True, slots=True)
class MadeKey:
    """A key that was made: where its private part lies, and its fingerprint."""

    path: str
    key: str


@dataclass(frozen=True, slots=True)
class Signing:
    """Whether a file is signed.

    Attributes:
        state: "unsigned", "signed" (the signature is of this file), "differs" (it is not, or is damaged) or "earlier"
            (it is of what the file was before the window that asks saved it).
        key: its fingerprint, "" where there is none. owner: whose key it is, "" where nobody here knows.
    """

    state: Literal["unsigned", "signed", "differs", "earlier"] = "unsigned"
    key: str = ""
    owner: str = ""


def signing(checks: Sequence[Check]) -> Signing:
    """Return what the checks of a file's proofs say about its signature."""
    for check in checks:
        if check.note.code.startswith(_SIGNATURE):
            state: Literal["signed", "differs"] = "signed" if check.outcome == "holds" else "differs"
            return Signing(state, str(check.note.params.get("key", "")), str(check.note.params.get("owner", "")))
    return Signing()
