"""Screening a candidate against a library, from paths to findings; a second run of the same is read from the cache.

A key names every byte that matters: the candidate's files by device, inode, size and times, the fingerprints by their
digests, the settings and the version. Where results lie, and how many, is up to `screen_cache`.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import inspector
from inspector.checkpoint import Checkpoint
from inspector.errors import InputError, Note
from inspector.findings import Opened
from inspector.job import Job
from inspector.protocol import Event, ProtocolError, decode, encode
from inspector.reference_results import LibraryEntry
from inspector.references.library import Library
from inspector.references.own import Sort, own_fingerprint
from inspector.references.projection import Precision
from inspector.references.screen_cache import read, write
from inspector.references.screening import combined, screen_components
from inspector.references.shelf import facts_of, references_of
from inspector.results import Comparison, ComponentFinding, Kind


@dataclass(frozen=True, slots=True)
class Shelf:
    """The usable entries of a library by how they were projected, and what is said of the others."""

    library: Library
    sorts: dict[Sort, list[LibraryEntry]]
    notes: tuple[Note, ...]


def shelf_of(library: Library, kind: Kind | None, own: Sequence[str]) -> Shelf:
    """Return the entries that hold a component of the kind, or of one of the candidate's kinds.

    Raises:
        InputError: the library cannot be listed, or holds nothing that could be compared.
    """
    wanted = {kind} if kind is not None else {*own, "other"}
    alike: defaultdict[tuple[str, str], list[LibraryEntry]] = defaultdict(list)  # as the index says: none is opened
    notes: list[Note] = []
    for entry in library.entries():
        if entry.state != "ok":
            notes.append(entry.problem or Note("references.facts", file=entry.file))
        elif wanted & set(entry.kinds):
            alike[entry.seed_id, entry.precision].append(entry)
    sorts: dict[Sort, list[LibraryEntry]] = {}
    for entries in alike.values():
        sort = _sort(library, entries, notes)
        if sort is not None:
            sorts.setdefault(sort, []).extend(entries)
    if not sorts:
        raise InputError("references.empty", file=str(library.folder))
    return Shelf(library, sorts, tuple(notes))


def _sort(library: Library, entries: Sequence[LibraryEntry], notes: list[Note]) -> Sort | None:
    """Return how entries that were projected alike were, as the first readable one says; note all where none is."""
    broken = []
    for entry in entries:
        try:
            with library.open(entry.name) as record:
                facts = facts_of(record.facts, entry.name)
        except InputError as error:
            broken.append(error.note)  # where another can be read, screening says it of this one
        else:
            return facts.seed, facts.precision
    notes += broken
    return None


def screen_shelf(
    ours: Opened, shelf: Shelf, kind: Kind | None, job: Job, seed: int
) -> tuple[list[ComponentFinding], list[Note]]:
    """Screen a candidate against all entries, projected once for every seed; say which of them could not be read.

    Raises:
        InputError: an input cannot be read.
        Cancelled: the job was cancelled.
    """
    total = sum(len(entries) for entries in shelf.sorts.values())
    found: list[list[ComponentFinding]] = []
    failed: list[Note] = []
    for sort, entries in shelf.sorts.items():
        own, references = own_fingerprint(ours, sort, job), references_of(shelf.library, entries)
        found.append(screen_components(own, references, kind, job, seed, total - len(entries), ours, failed))
    return combined(found), failed


def cache_key(checkpoint: Checkpoint, shelf: Shelf, kind: Kind | None, seed: int) -> str | None:
    """Return the key of a screening, None where the candidate's files have no identity on this system."""
    identity = checkpoint.identity()
    if identity is None:
        return None
    digests = [
        (sort[0].hex(), _precision(sort[1]), sorted((entry.digest, _source(shelf.library, entry)) for entry in entries))
        for sort, entries in sorted(shelf.sorts.items(), key=lambda item: (item[0][0], _precision(item[0][1])))
    ]
    hints = json.dumps(checkpoint.config, sort_keys=True, default=str)
    value = [inspector.__version__, kind, seed, str(checkpoint.path), identity, hints, digests]
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def _source(library: Library, entry: LibraryEntry) -> str:
    """Return what tells an entry's full weights from their later selves, "" where they are not at hand."""
    place = library.source(entry)
    if place is None:
        return ""
    folder = place if place.is_dir() else place.parent
    states = [(fact.name, (folder / fact.name).stat()) for fact in library.source_files(entry)]
    return json.dumps([str(place), [[name, state.st_ino, state.st_mtime_ns] for name, state in states]])


def _precision(precision: Precision) -> list[str | float]:
    return [precision.columns, precision.stored, precision.whole_rows, precision.layout]


def cached(library: Library, key: str | None) -> Comparison | None:
    """Return the result of an earlier screening, None where there is none that can be read."""
    if key is None:
        return None
    content = read(library.cache, key)
    try:
        message = decode(content) if content is not None else None
    except ProtocolError:
        return None
    payload = message.payload if isinstance(message, Event) else None
    return payload if isinstance(payload, Comparison) else None


def keep(library: Library, key: str | None, comparison: Comparison) -> None:
    """Keep a result for the next time; a library that cannot be written keeps none."""
    if key is None:
        return
    if library.prepare_cache():
        write(library.cache, key, encode(Event(0, "result", payload=comparison)))
