"""What the library says of itself: its entries and where their sources lie. Imports no engine library."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from inspector.errors import Note

EntryState = Literal["ok", "quarantined"]


@dataclass(frozen=True, slots=True)
class SourceFileFact:
    """One file of a registered source.

    Attributes:
        name: relative to the source's folder, POSIX separators. bytes: its size. sha256: hexadecimal.
    """

    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class SourceFact:
    """Full weights on this disk that a fingerprint was made from.

    Attributes:
        path: absolute, of the file or folder that was opened. folder: whether it is a folder, in which `files` lie;
            otherwise they lie beside it.
        files: those that were read.
    """

    path: str
    folder: bool
    files: tuple[SourceFileFact, ...]


@dataclass(frozen=True, slots=True)
class LibraryEntry:
    """One reference of the library.

    Attributes:
        name: as displayed. kinds, components: of its components, in their order. parameters: of the checkpoint.
        bytes: of the fingerprint. added: date (ISO 8601). seed_id: tells pack seeds apart, and not what they are.
        precision: how much is kept, as JSON.
        signer, signer_name: fingerprint of the key that signed the pack it came from, "" for none, and its owner where
            the library knows the key.
        licence, publisher: as the maker said. source: path of the full weights, "" where none is registered.
        content: of the checkpoint (SHA-256), as the maker found it. digest: of the fingerprint (SHA-256 of its header).
        file: name of the file that holds it. state, problem: "quarantined" where it is broken, and why.
    """

    name: str
    kinds: tuple[str, ...]
    components: tuple[str, ...]
    parameters: int
    bytes: int
    added: str
    seed_id: str
    precision: str
    signer: str
    signer_name: str
    licence: str
    publisher: str
    source: str
    content: str
    digest: str
    file: str
    state: EntryState = "ok"
    problem: Note | None = None


@dataclass(frozen=True, slots=True)
class PackReport:
    """What a pack held and what became of it.

    Attributes:
        path: of the pack. label, made, tool: as its maker said: free text, a date, the version that wrote it.
        signed_by, signer_name: fingerprint of the key, "" for none, and its owner where the library knows the key.
        names: of entries that are new. replaced: put in place of another. unchanged: there before, the same to the bit.
        bytes: of the pack.
    """

    path: str
    label: str
    made: str
    tool: str
    signed_by: str
    signer_name: str
    names: tuple[str, ...]
    replaced: tuple[str, ...]
    unchanged: tuple[str, ...]
    bytes: int
