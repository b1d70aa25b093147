"""What the library knows of one fingerprint: what its file says, and what holds on this disk only.

The file's own facts travel in packs. When it was added, who signed the pack it came from and where the full weights
lie is kept beside it, in `STEM.DIGEST.json`: bound by the digest to the one fingerprint it speaks of, so that a kill
between the two writes of a replacement leaves each with its own.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from inspector.checkpoint.strict_json import load_object
from inspector.errors import InputError, Note
from inspector.output import write_whole
from inspector.reference_results import LibraryEntry, SourceFact, SourceFileFact
from inspector.references.alone import open_alone
from inspector.references.entry_names import SUFFIX, file_name
from inspector.references.record import OpenRecord, check_schema, open_record

_FAMILY, _VERSION = "assayer.local", 1
_DIGEST = 16  # digits of the fingerprint's digest in a file name
_MAX_LOCAL = 16 << 20


@dataclass(frozen=True, slots=True)
class Local:
    """What holds on this disk only: see `LibraryEntry`."""

    added: str
    signer: str = ""
    source: SourceFact | None = None


def today() -> str:
    """Return the date, as entries keep it."""
    return datetime.now(UTC).date().isoformat()


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


def with_local(entry: LibraryEntry, folder: Path, keys: Mapping[str, str]) -> LibraryEntry:
    """Return the entry with what is kept beside it; without that, the date is the file's own. `keys`: known names."""
    local = read_local(folder, entry)
    if local is None:
        try:
            changed = (folder / entry.file).stat().st_mtime
        except OSError:
            return entry
        return replace(entry, added=datetime.fromtimestamp(changed, UTC).date().isoformat())
    return replace(
        entry,
        added=local.added,
        signer=local.signer,
        signer_name=keys.get(local.signer, ""),
        source=local.source.path if local.source else "",
    )


def local_name(file: str, digest: str) -> str:
    """Return the name of the file beside a fingerprint's file."""
    return f"{file.removesuffix(SUFFIX)}.{digest[:_DIGEST]}.json"


def write_local(folder: Path, file: str, digest: str, local: Local) -> None:
    """Write what is kept beside a fingerprint; OutputError as in `write_whole`."""
    source = local.source and {
        "path": local.source.path,
        "folder": local.source.folder,
        "files": [[fact.name, fact.bytes, fact.sha256] for fact in local.source.files],
    }
    value = {"schema": f"{_FAMILY}/{_VERSION}", "added": local.added, "signer": local.signer, "source": source}
    text = json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True)
    write_whole(folder / local_name(file, digest), text.encode("utf-8"))


def read_local(folder: Path, entry: LibraryEntry) -> Local | None:
    """Return what is kept beside an entry, None where there is nothing or nothing that can be read."""
    try:
        value = read_json(folder / local_name(entry.file, entry.digest), _MAX_LOCAL)
        check_schema(value.get("schema"), _FAMILY, _VERSION, entry.file)
        return Local(str(value["added"]), str(value["signer"]), _source(value["source"]))
    except (InputError, KeyError, TypeError, ValueError):
        return None


def registered(folder: Path) -> tuple[Path, ...]:
    """Return the paths of all full weights that are registered in a folder of entries."""
    found = []
    for path in sorted(folder.glob("*.json")):
        try:
            source = _source(read_json(path, _MAX_LOCAL).get("source"))
        except (InputError, KeyError, TypeError, ValueError):
            continue
        if source is not None:
            found.append(Path(source.path))
    return tuple(dict.fromkeys(found))


def _source(value: Any) -> SourceFact | None:
    if value is None:
        return None
    files = tuple(SourceFileFact(str(name), int(size), str(digest)) for name, size, digest in value["files"])
    return SourceFact(str(value["path"]), bool(value["folder"]), files)


def read_json(path: Path, limit: int) -> dict[str, Any]:
    """Return the JSON object of a file of at most `limit` bytes; InputError where that cannot be."""
    file = open_alone(path)
    try:
        if file.size > limit:
            raise InputError("references.damaged", file=path.name)
        return load_object(file.read(0, file.size), path.name)
    finally:
        file.close()
