"""The library as the window shows it: every request answers with the shelf as it then stands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from inspector.anatomy import Component, Part
from inspector.anatomy.describe import component_fact
from inspector.errors import InputError, Note, Parameter
from inspector.job import QUIET, Job
from inspector.plain import architecture_note
from inspector.reference_results import LibraryEntry
from inspector.references.catalogue import facts as architectures
from inspector.references.catalogue import fitting
from inspector.references.facts import ComponentFacts, FingerprintFacts
from inspector.references.library import Library
from inspector.references.packs import export_pack, import_pack
from inspector.references.seed import known_seed
from inspector.references.shelf import add_reference, facts_of
from inspector.shelf_results import Shelf, ShelfEntry, Signature


def shelf(folder: str | Path, job: Job = QUIET, notes: Sequence[Note] = ()) -> Shelf:
    """Return what stands in a library, with what is wrong with the rest.

    Raises:
        InputError: the folder cannot be listed.
        Cancelled: the job was cancelled.
    """
    library = Library(folder)
    own, told = known_seed(library.folder), list(notes)
    found = []
    for entry in library.entries():
        job.raise_if_cancelled()
        if entry.state != "ok":
            told.append(entry.problem or Note("references.facts", file=entry.file))
            continue
        try:
            with library.open(entry.name) as record:
                found.append(_entry(library, entry, facts_of(record.facts, entry.name), own))
        except InputError as error:
            told.append(error.note)
    return Shelf(str(folder), tuple(found), tuple(told), library.removed())


def add_all(folder: str | Path, references: Sequence[str], job: Job = QUIET) -> Shelf:
    """Add checkpoints one after the other; one that cannot be read is told, and the rest goes on.

    Raises:
        OutputError: the library cannot be written.
        Cancelled: the job was cancelled; what was added before stays.
    """
    notes = []
    for path in references:
        try:
            entry = add_reference(folder, path, register=True, job=job)
            notes.append(Note("references.added", {"name": entry.name, "size": _size(entry.bytes)}))
        except InputError as error:
            notes.append(error.note)
    return shelf(folder, job, notes)


def remove_all(folder: str | Path, names: Sequence[str], job: Job = QUIET) -> Shelf:
    """Remove entries; `restore_all` puts them back.

    Raises:
        InputError: there is none of a name. OutputError: one cannot be removed.
    """
    Library(folder).remove(*names)
    return shelf(folder, job, [Note("references.removed", {"name": ", ".join(names)})])


def restore_all(folder: str | Path, names: Sequence[str], job: Job = QUIET) -> Shelf:
    """Put entries back that were removed.

    Raises:
        InputError: one was not removed, or there is one of its name. OutputError: one cannot be moved.
    """
    found = [entry.name for entry in Library(folder).restore(*names)]
    return shelf(folder, job, [Note("references.restored", {"name": ", ".join(found)})])


def import_file(folder: str | Path, path: str | Path, *, unsigned: bool, job: Job = QUIET) -> Shelf:
    """Take a pack into the library; raises as `import_pack` does."""
    report = import_pack(path, Library(folder), allow_unsigned=unsigned)
    counts = {"new": len(report.names), "replaced": len(report.replaced), "unchanged": len(report.unchanged)}
    return shelf(folder, job, [Note("references.imported", counts)])


def export_file(folder: str | Path, names: Sequence[str], output: str | Path, job: Job = QUIET) -> Shelf:
    """Write entries into one pack, unsigned; raises as `export_pack` does."""
    report = export_pack(Library(folder), names, output, made=datetime.now(UTC).date().isoformat())
    told: dict[str, Parameter] = {"count": len(report.names), "size": _size(report.bytes), "key": ""}
    return shelf(folder, job, [Note("references.exported_unsigned", told)])


def _entry(library: Library, entry: LibraryEntry, facts: FingerprintFacts, own: bytes) -> ShelfEntry:
    components = [_component(fact) for fact in facts.components]
    notes = [
        architecture_note(architectures(found), named=bool(component.family))
        for component in components
        if (found := fitting(component))
    ]
    signature: Signature = "signed" if entry.signer else "own" if facts.seed == own else "unsigned"
    return ShelfEntry(
        name=entry.name,
        components=tuple(component_fact(component) for component in components),
        parameters=entry.parameters,
        bytes=entry.bytes,
        added=entry.added,
        content=entry.content,
        publisher=entry.publisher,
        licence=entry.licence,
        published=facts.published,
        signature=signature,
        signer=entry.signer,
        source=entry.source,
        present=library.source(entry) is not None,
        catalogue=tuple(dict.fromkeys(notes)),
    )


def _component(facts: ComponentFacts) -> Component:
    """Return a component as the checkpoint had it: its parts at full width."""
    parts = tuple(
        Part(part.role, part.param, part.layer, part.tensor, part.shape, expert=part.expert) for part in facts.parts
    )
    size, prefix = facts.hidden_size, facts.prefix
    return Component(facts.name, facts.kind, prefix, facts.family, facts.blocks, size, parts, {}, facts.parameters)


def _size(count: int) -> str:
    return f"{count / 1e6:,.1f} MB"
