"""Fingerprints on their way into the library: written aside and verified, before the first is put in place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from inspector.errors import InputError
from inspector.references.index import Row
from inspector.references.local_facts import Local
from inspector.references.record import open_record


@dataclass(frozen=True, slots=True)
class Incoming:
    """A fingerprint on its way into the library.

    Attributes:
        name: its normal name. stage: writes what is to become the given file aside and returns where.
        local: what is to be known of it here.
    """

    name: str
    stage: Callable[[Path], Path]
    local: Local


@dataclass(frozen=True, slots=True)
class Staged:
    """One that is written aside and verified: where, as what, and what its header's SHA-256 is."""

    incoming: Incoming
    temporary: Path
    target: Path
    digest: str


@dataclass(frozen=True, slots=True)
class Added:
    """What a change did: names of new entries, of those put in place of another, and of those that were there."""

    new: tuple[str, ...]
    replaced: tuple[str, ...]
    unchanged: tuple[str, ...]


def staged(item: Incoming, target: Path) -> Staged:
    """Write one aside and verify all of it.

    Raises:
        InputError: it is damaged, or not of the name that it comes under. OutputError: it cannot be written.
    """
    temporary = item.stage(target)
    try:
        with open_record(temporary, target.name) as record:
            record.verify()
            if record.name != item.name:
                raise InputError("references.misplaced", file=target.name, name=record.name)
            return Staged(item, temporary, target, record.digest)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise


def sorted_out(staged: Sequence[Staged], rows: Mapping[str, Row], replace: bool) -> Added:
    """Say what becomes of each; InputError where one would be put in place of another unasked."""
    new, replaced, unchanged = [], [], []
    for item in staged:
        row = rows.get(item.target.name)
        if row is None:
            new.append(item.incoming.name)
        elif row.entry.digest == item.digest and not item.incoming.local.source:
            unchanged.append(item.incoming.name)
        elif replace:
            replaced.append(item.incoming.name)
        else:
            raise InputError("references.exists", file=row.entry.file, name=item.incoming.name)
    return Added(tuple(new), tuple(replaced), tuple(unchanged))
