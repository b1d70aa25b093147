"""What is known of a fingerprint on this disk only, kept beside it and in no pack.

When it was added, who signed the pack it came from and where the full weights lie is in `STEM.DIGEST.json`: bound by
the digest to the one fingerprint it speaks of, so that a kill between the two writes of a replacement leaves each with
its own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from inspector.errors import InputError
from inspector.output import write_whole
from inspector.reference_results import LibraryEntry, SourceFact, SourceFileFact
from inspector.references.alone import read_json
from inspector.references.entry_names import SUFFIX
from inspector.references.record import check_schema

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


def present_source(folder: Path, entry: LibraryEntry) -> Path | None:
    """Return where an entry's full weights lie, where they are registered and all files still have their sizes."""
    local = read_local(folder, entry)
    if local is None or local.source is None:
        return None
    place = Path(local.source.path)
    beside = place if local.source.folder else place.parent
    try:
        same = all((beside / fact.name).stat().st_size == fact.bytes for fact in local.source.files)
    except (OSError, ValueError):
        return None
    return place if same and place.exists() else None


def drop_strays(folder: Path, digests: Mapping[str, str]) -> None:
    """Remove what is kept beside fingerprints that are no longer there, or were replaced.

    Args:
        folder: of the entries. digests: of those that are there, by the stems of their files; "" where it is not known.
    """
    for path in folder.glob("*.json"):
        stem = path.name.rsplit(".", 2)[0]
        digest = digests.get(stem)
        if digest is None or (digest and path.name != local_name(stem, digest)):
            with suppress(OSError):
                path.unlink()


def _source(value: Any) -> SourceFact | None:
    if value is None:
        return None
    files = tuple(SourceFileFact(str(name), int(size), str(digest)) for name, size, digest in value["files"])
    return SourceFact(str(value["path"]), bool(value["folder"]), files)
