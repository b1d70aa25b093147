"""What a fingerprint's file says of itself; what holds on this disk only is in `local_facts`."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from inspector.errors import InputError, Note
from inspector.reference_results import LibraryEntry
from inspector.references.entry_names import file_name
from inspector.references.record import OpenRecord, open_record


def read_entry(path: Path) -> LibraryEntry:
    """Return what the fingerprint at `path` says of itself; one that is broken is "quarantined", with the problem."""
    try:
        with open_record(path) as record:
            if file_name(record.name) != path.name:
                raise InputError("references.misplaced", file=path.name, name=record.name)
            return described(record, path.name)
    except InputError as error:
        return broken(path.name, error.note)


def broken(file: str, problem: Note) -> LibraryEntry:
    """Return an entry that is left out, under the name of its file."""
    return LibraryEntry(file, (), (), 0, 0, "", "", "", "", "", "", "", "", "", "", file, "quarantined", problem)


def described(record: OpenRecord, file: str) -> LibraryEntry:
    """Return what an opened record says of itself; facts of another form than `references.facts` count as missing."""
    facts = record.facts
    components = facts.get("components")
    rows = [row for row in components if isinstance(row, dict)] if isinstance(components, list) else []
    parameters = facts.get("parameters")
    return LibraryEntry(
        name=record.name,
        kinds=tuple(_text(row.get("kind")) for row in rows),
        components=tuple(_text(row.get("name")) for row in rows),
        parameters=parameters if type(parameters) is int else 0,
        bytes=record.bytes,
        added="",
        seed_id=seed_id(_text(facts.get("seed"))),
        precision=json.dumps(facts.get("precision")),
        signer="",
        signer_name="",
        licence=_text(facts.get("licence")),
        publisher=_text(facts.get("publisher")),
        source="",
        content=_text(facts.get("content")),
        digest=record.digest,
        file=file,
    )


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def seed_id(seed: str) -> str:
    """Return what tells a seed (hexadecimal) from others and does not give it away, "" for none."""
    return hashlib.sha256(f"assayer seed {seed}".encode()).hexdigest()[:12] if seed else ""
