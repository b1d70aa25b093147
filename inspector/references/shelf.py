"""What is done with the library, one function each: the window, the command line and the API call these."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from inspector.anatomy import find_components
from inspector.checkpoint import Checkpoint, open_checkpoint
from inspector.errors import InputError
from inspector.findings import Opened, shown_name, taken_apart
from inspector.job import QUIET, Job
from inspector.reference_results import LibraryEntry, SourceFact, SourceFileFact
from inspector.references.catalogue import entry as encoder
from inspector.references.facts import FingerprintFacts, from_json, to_json
from inspector.references.library import Library
from inspector.references.lock import locked
from inspector.references.making import make_fingerprint
from inspector.references.opened import open_fingerprint
from inspector.references.projection import PRECISIONS
from inspector.references.reading_encoders import Encoder
from inspector.references.record import Record
from inspector.references.screening import Reference
from inspector.references.seed import library_seed

_HASHED = 4 << 20


def add_reference(
    folder: str | Path,
    path: str | Path,
    *,
    name: str | None = None,
    precision: str = "standard",
    register: bool = False,
    replace: bool = False,
    catalogue: str = "",
    job: Job = QUIET,
) -> LibraryEntry:
    """Make the fingerprint of a checkpoint and add it to a library.

    Args:
        folder: the library. path: a file, a sharded folder, or an *.index.json. name: the path's last part where None.
        precision: a key of `PRECISIONS`. register: the full weights are used while they are there. replace: an entry of
            this name. catalogue: id of the encoder of the catalogue that these weights are, as the caller knows: its
            publisher, licence, date and documented ancestry go with the entry. job: receives progress.

    Raises:
        InputError: the checkpoint cannot be read, holds nothing that can be projected, the name is taken, or the
            catalogue has no such encoder.
        OutputError: the library cannot be written; it is as it was.
        Cancelled: the job was cancelled.
    """
    library = Library(folder)
    place = Path(path)
    called = name or shown_name(path)
    if not replace and library.holds(called):
        raise InputError("references.exists", file=str(folder), name=called)
    known = _encoder(catalogue)
    library.create()
    with locked(library.folder / "lock"):
        seed = library_seed(library.folder)
    with open_checkpoint(path) as checkpoint:
        components = find_components(checkpoint)
        if not components:
            raise InputError("checkpoint.no_tensors", file=called)
        job.message("references.projecting", name=called)
        made = make_fingerprint(checkpoint, components, seed, PRECISIONS[precision], job)
        source = _source(place, checkpoint, job) if register else None
    return library.add(Record(called, to_json(_as(known, made.facts)), made.arrays), source, replace=replace)


def _encoder(catalogue: str) -> Encoder | None:
    """Return the encoder of an id, None for no id; InputError where there is none."""
    if not catalogue:
        return None
    try:
        return encoder(catalogue)
    except KeyError:
        raise InputError("references.no_encoder", file="encoders.json", name=catalogue) from None


def _as(known: Encoder | None, facts: FingerprintFacts) -> FingerprintFacts:
    """Return facts with what the catalogue knows of the encoder that the weights are."""
    if known is None:
        return facts
    return dataclasses.replace(
        facts,
        publisher=known.publisher,
        licence=known.licence or "",
        published=known.published or "",
        catalogue=known.id,
    )


def _source(path: Path, checkpoint: Checkpoint, job: Job) -> SourceFact:
    """Return where full weights lie, with the SHA-256 of their files."""
    files = []
    for index, entry in enumerate(checkpoint.files):
        digest = hashlib.sha256()
        for start in range(0, entry.bytes, _HASHED):
            job.raise_if_cancelled()
            digest.update(checkpoint.read_file(index, start, min(start + _HASHED, entry.bytes)).data)
        files.append(SourceFileFact(entry.name, entry.bytes, digest.hexdigest()))
    place = path.resolve()
    return SourceFact(str(place), place.is_dir(), tuple(files))


@contextmanager
def opened_reference(library: Library, name: str) -> Iterator[Opened]:
    """Open an entry's fingerprint for comparing.

    Raises:
        InputError: there is none of this name, or it is broken.
    """
    with library.open(name) as record:
        yield open_fingerprint(name, facts_of(record.facts, record.name), record.array, record.digest)


def facts_of(value: object, name: str) -> FingerprintFacts:
    """Return a record's facts; InputError where they are not those of a fingerprint."""
    return from_json(value if isinstance(value, dict) else {}, name)


@contextmanager
def opened_in_full(library: Library, entry: LibraryEntry, job: Job) -> Iterator[Opened | None]:
    """Open the full weights of an entry where they are registered and still the same, None where not.

    Raises:
        InputError: they are there with their sizes, but other bytes.
    """
    source = library.source(entry)
    if source is None:
        yield None
        return
    with open_checkpoint(source) as checkpoint:
        now = _source(source, checkpoint, job)
        if now.files != library.source_files(entry):
            raise InputError("references.source_changed", file=str(source), name=entry.name)
        yield taken_apart(entry.name, checkpoint)


def references_of(library: Library, entries: Sequence[LibraryEntry]) -> list[Reference]:
    """Return the entries as what screening opens."""
    return [
        Reference(entry.name, partial(opened_reference, library, entry.name), partial(opened_in_full, library, entry))
        for entry in entries
    ]
