"""The library's index: what every fingerprint says of itself, so that listing hundreds opens none.

The fingerprints are the truth. A row counts only while its file has the size, time and inode that it had when it was
read; an index that is missing, damaged or of another version is made anew from the files.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inspector.errors import InputError
from inspector.output import OutputError, write_whole
from inspector.reference_results import LibraryEntry
from inspector.references.alone import read_json
from inspector.references.entry_facts import read_entry
from inspector.references.entry_names import SUFFIX
from inspector.references.record import SCHEMA
from inspector.typecheck import well_typed

_SCHEMA = f"assayer.library/1 of {SCHEMA}"  # what another version read, it may have read otherwise
_MAX_BYTES = 64 << 20
_LISTS = ("kinds", "components")
_FIELDS = [field.name for field in dataclasses.fields(LibraryEntry) if field.name not in ("state", "problem")]

Stamp = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Row:
    """One fingerprint: its entry without what is kept beside it, and the stamp of its file."""

    entry: LibraryEntry
    stamp: Stamp


def scan(folder: Path, known: Mapping[str, Row]) -> dict[str, Row]:
    """Return a row for every fingerprint in a folder, by the name of its file; those that changed are read.

    Raises:
        InputError: the folder cannot be listed.
    """
    rows: dict[str, Row] = {}
    for name in _names(folder):
        with suppress(FileNotFoundError):  # removed since
            stamp = _stamp((folder / name).lstat())
            row = known.get(name)
            if row is None or row.stamp != stamp:
                row = Row(read_entry(folder / name), stamp)
                if row.entry.problem is not None and row.entry.problem.code == "checkpoint.missing":
                    continue
            rows[name] = row
    return rows


def _names(folder: Path) -> list[str]:
    try:
        return sorted(entry.name for entry in os.scandir(folder) if entry.name.endswith(SUFFIX))
    except FileNotFoundError:
        return []
    except OSError as error:
        raise InputError("checkpoint.io", file=folder.name, reason=error.strerror or "") from None


def _stamp(status: os.stat_result) -> Stamp:
    return status.st_size, status.st_mtime_ns, status.st_ino


def read_index(path: Path) -> dict[str, Row]:
    """Return the rows of an index, none where it cannot be used."""
    try:
        value = read_json(path, _MAX_BYTES)
        if value.get("schema") != _SCHEMA or value.get("sha256") != _digest(value["entries"]):
            return {}
        rows = [_row(item) for item in value["entries"]]
    except (InputError, KeyError, TypeError, ValueError):
        return {}
    return {row.entry.file: row for row in rows}


def write_index(path: Path, rows: Mapping[str, Row]) -> None:
    """Write the rows of what is not broken. A failure loses nothing, so no word is said."""
    entries = [
        {name: getattr(row.entry, name) for name in _FIELDS} | {"stamp": row.stamp}
        for row in rows.values()
        if row.entry.state == "ok"
    ]
    value = {"schema": _SCHEMA, "sha256": _digest(entries), "entries": entries}
    with suppress(OutputError):
        write_whole(path, json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True).encode("utf-8"))


def _digest(entries: Any) -> str:
    return hashlib.sha256(json.dumps(entries, ensure_ascii=True, sort_keys=True).encode("ascii")).hexdigest()


def _row(value: Any) -> Row:
    size, time, inode = value["stamp"]
    if not all(isinstance(value[name], list) for name in _LISTS):
        raise ValueError
    fields: dict[str, Any] = {name: tuple(value[name]) if name in _LISTS else value[name] for name in _FIELDS}
    entry = LibraryEntry(**fields)
    if not well_typed(entry):
        raise ValueError
    return Row(entry, (size, time, inode))
