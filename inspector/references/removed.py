"""Entries that were taken out of the library, kept so that they can be put back.

    LIBRARY/removed/NUMBER~FILE                the fingerprint as it was; what was removed later has a higher number
    LIBRARY/removed/NUMBER~STEM.DIGEST.json    what was kept beside it

All of it is renaming, so that a full disk hinders neither way. What is kept beside a fingerprint leaves first and comes
back last: where a kill parts the two, the fingerprint is still, or again, an entry, and the next change brings the rest
back to it. Callers hold the library's lock.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from inspector.errors import InputError
from inspector.output import OutputError, sync_folder
from inspector.references.entry_names import SUFFIX, file_name
from inspector.references.quarantine import moved
from inspector.references.record import open_record

FOLDER = "removed"
KEPT = 20  # removals, of any number of entries each: the oldest makes room for the next
_NAME = re.compile(r"(\d{8})~(.+)")


@dataclass(frozen=True, slots=True)
class Removed:
    """One entry that can be put back: its number, the name of its file as an entry, and where it lies."""

    number: int
    file: str
    path: Path

    @property
    def name(self) -> str:
        """Its name, or that of its file where it cannot be read."""
        try:
            with open_record(self.path) as record:
                return record.name
        except InputError:
            return self.file


def removed_in(folder: Path) -> list[Removed]:
    """Return what can be put back, the last removed first."""
    found = [(match, path) for path in folder.glob(f"*{SUFFIX}") if (match := _NAME.fullmatch(path.name))]
    return sorted((Removed(int(match[1]), match[2], path) for match, path in found), key=lambda item: -item.number)


def put_away(leaving: Sequence[tuple[Path, Path | None]], folder: Path) -> None:
    """Take entries out together, and drop what was removed for longest.

    Args:
        leaving: where each entry lies, and what is kept beside it. folder: of what was removed.

    Raises:
        OutputError: one cannot be moved; those before it are.
    """
    number = max((item.number for item in removed_in(folder)), default=0) + 1
    for path, beside in leaving:
        try:
            for place in (beside, path):
                if place is not None:
                    moved(place, folder / f"{number:08}~{place.name}")
            sync_folder(folder)
            sync_folder(path.parent)
        except OSError as error:
            raise OutputError(str(path), error) from None
    for item in removed_in(folder):
        if item.number <= number - KEPT:
            dropped(item, folder)


def put_back(names: Sequence[str], folder: Path, entries: Path) -> list[str]:
    """Make the last removed entries of some names entries again, and return their names.

    Raises:
        InputError: there is none of a name, it is broken, or there is an entry of that name; nothing was moved.
        OutputError: one cannot be moved; those before it are.
    """
    items = {name: _named(name, folder) for name in dict.fromkeys(names)}
    own = []
    for name, item in items.items():
        if (entries / item.file).exists():
            raise InputError("references.exists_again", file=item.file, name=name)
        with open_record(item.path, item.file) as record:
            own.append(record.name)
    for item in items.values():
        try:
            moved(item.path, entries / item.file)
            for path in _beside(item, folder):
                moved(path, entries / path.name.partition("~")[2])
            sync_folder(entries)
            sync_folder(folder)
        except OSError as error:
            raise OutputError(str(entries / item.file), error) from None
    return own


def dropped(item: Removed, folder: Path) -> None:
    """Delete what was removed; it cannot be put back any more. What cannot be deleted stays for the next time."""
    with suppress(OSError):
        item.path.unlink(missing_ok=True)
        for path in _beside(item, folder):
            path.unlink()


def tidied(folder: Path, entries: Path) -> None:
    """Bring what is kept beside an entry back to it, where a kill parted the two."""
    here = {path for item in removed_in(folder) for path in _beside(item, folder)}
    for path in set(folder.glob("*.json")) - here:
        file = path.name.partition("~")[2]
        with suppress(OSError):
            if (entries / f"{file.rsplit('.', 2)[0]}{SUFFIX}").exists():
                moved(path, entries / file)
            else:
                path.unlink()


def _named(name: str, folder: Path) -> Removed:
    files = {name}
    with suppress(InputError):
        files.add(file_name(name))
    found = next((item for item in removed_in(folder) if item.file in files), None)
    if found is None:
        raise InputError("references.not_removed", file=str(folder.parent), name=name)
    return found


def _beside(item: Removed, folder: Path) -> list[Path]:
    return list(folder.glob(f"{item.path.name.removesuffix(SUFFIX)}.*.json"))
