"""The frozen results of looking at a reference library: what stands on the shelf. Imports neither torch nor h5py."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from inspector.errors import Note
from inspector.results import ComponentFact

# "own": made on this machine. "signed": came in a pack whose signature holds. "unsigned": taken on the user's word.
Signature = Literal["own", "signed", "unsigned"]


@dataclass(frozen=True, slots=True)
class ShelfEntry:
    """One reference of the library.

    Attributes:
        name: unique in the library. components: what it holds. publisher, licence, published: as the maker said, ""
            where not. parameters: elements of the checkpoint. bytes: size of the fingerprint. added: date and time
            (ISO 8601, UTC). content: SHA-256 of the weights. signature, signer: who answers for it. source: where the
            full weights lie, "" where only the fingerprint is there. present: they are there now. catalogue: what the
            catalogue says of it, one message a sentence.
    """

    name: str
    components: tuple[ComponentFact, ...]
    parameters: int
    bytes: int
    added: str
    content: str = ""
    publisher: str = ""
    licence: str = ""
    published: str = ""
    signature: Signature = "own"
    signer: str = ""
    source: str = ""
    present: bool = False
    catalogue: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Shelf:
    """A library as it stands after a request.

    Attributes:
        folder: where it lies. entries: in the order of their names. notes: what the request did, and what was wrong
            with files of the library (set aside, of a newer version). removed: names of entries that can be put back,
            the last removed first.
    """

    folder: str
    entries: tuple[ShelfEntry, ...]
    notes: tuple[Note, ...] = ()
    removed: tuple[str, ...] = ()
