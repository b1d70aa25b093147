"""Fingerprints that are broken: moved out of the way, kept, and shown with what is wrong."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from inspector.errors import InputError, Note
from inspector.output import OutputError, sync_folder
from inspector.reference_results import LibraryEntry
from inspector.references.entry_facts import broken, described
from inspector.references.entry_names import SUFFIX
from inspector.references.record import open_record

# Problems of this program or this disk: the fingerprint may be good, so its file stays where it is.
_NOT_BROKEN = frozenset(
    {"references.newer", "checkpoint.permission", "checkpoint.io", "checkpoint.too_many_files", "checkpoint.changed"}
)


def is_broken(problem: Note | None) -> bool:
    """Say whether a problem is the file's own."""
    return problem is not None and problem.code not in _NOT_BROKEN


def move_aside(path: Path, quarantine: Path) -> None:
    """Move a file into quarantine beside what lies there; OutputError where that cannot be."""
    target, number = quarantine / path.name, 0
    while os.path.lexists(target):
        number += 1
        target = quarantine / f"{path.name.removesuffix(SUFFIX)}~{number}{SUFFIX}"
    try:
        moved(path, target)
        sync_folder(quarantine)
        sync_folder(path.parent)
    except FileNotFoundError:
        return
    except OSError as error:
        raise OutputError(str(path), error) from None


def examined(path: Path) -> LibraryEntry:
    """Return a broken entry: by its header where that is whole, with what is wrong."""
    try:
        with open_record(path) as record:
            entry = described(record, path.name)
            try:
                record.verify()
                problem = InputError("references.misplaced", file=path.name, name=record.name).note
            except InputError as error:
                problem = error.note
            return replace(entry, state="quarantined", problem=problem)
    except InputError as error:
        return broken(path.name, error.note)


def moved(source: Path, target: Path) -> None:
    """Rename; where a sandbox refuses that between folders (Landlock without REFER says EXDEV), copy and remove.

    Raises:
        OSError: neither can be done; the source is where it was.
    """
    try:
        os.replace(source, target)  # noqa: PTH105 - the tests make each system call fail by this name
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        temporary = target.with_name(f".assayer-{secrets.token_hex(8)}.tmp")
        try:
            shutil.copyfile(source, temporary, follow_symlinks=False)
            os.replace(temporary, target)  # noqa: PTH105 - as above
        finally:
            with suppress(OSError):
                temporary.unlink()
        source.unlink()
