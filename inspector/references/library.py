"""The library: a folder of fingerprints, safe against two writers, a full disk and a kill at any byte.

    LIBRARY/entries/    one fingerprint a file (`record`), named after it (`entry_names`), and what is known of it here
    LIBRARY/quarantine/ fingerprints that are broken: moved there by the next change, listed, never compared
    LIBRARY/removed/    the last entries that were removed, to be put back (`removed`)
    LIBRARY/cache/      results that need not be computed again (`screen_cache`)
    LIBRARY/keys/       public keys whose owners are known by name (`signing`)
    LIBRARY/index.json  made anew from the entries whenever it does not fit them
    LIBRARY/lock        held by the one process that changes the library; readers need none

Every file is written aside, flushed and renamed, so a reader sees the old or the new one. What a killed writer left
behind is removed by the next one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import platformdirs

from inspector.errors import InputError
from inspector.output import TEMPORARY, OutputError, put, sync_folder
from inspector.reference_results import LibraryEntry, SourceFact, SourceFileFact
from inspector.references.entry_facts import broken, described
from inspector.references.entry_names import SUFFIX, file_name, normal_name
from inspector.references.incoming import Added, Incoming, Staged, sorted_out, staged
from inspector.references.index import Row, read_index, scan, write_index
from inspector.references.local_facts import (
    Local,
    drop_strays,
    local_name,
    present_source,
    read_local,
    registered,
    today,
    with_local,
    write_local,
)
from inspector.references.lock import SECONDS, locked
from inspector.references.quarantine import examined, is_broken, move_aside
from inspector.references.record import OpenRecord, Record, open_record, stage_record
from inspector.references.removed import FOLDER, Removed, dropped, put_away, put_back, removed_in, tidied
from inspector.references.signing import known_keys


def default_folder() -> Path:
    """Return where the user's library lies unless another is named."""
    return platformdirs.user_data_path("assayer", appauthor=False) / "library"


class Library:
    """A folder of fingerprints. Several threads and processes may use it at a time.

    Attributes:
        folder: where it lies; it may be missing, and is then empty.
    """

    def __init__(self, folder: str | Path, seconds: float = SECONDS) -> None:
        """Name a library; nothing is read. `seconds`: how long a change waits for another one."""
        self.folder = Path(folder)
        self._entries = self.folder / "entries"
        self._quarantine = self.folder / "quarantine"
        self._removed = self.folder / FOLDER
        self._index = self.folder / "index.json"
        self._seconds = seconds

    @property
    def keys(self) -> Path:
        """The folder of the public keys whose owners are known."""
        return self.folder / "keys"

    @property
    def cache(self) -> Path:
        """The folder of results that need not be computed again."""
        return self.folder / "cache"

    def prepare_cache(self) -> bool:
        """Make the folder of the cache where the library is there and can be written; say whether it is there."""
        with suppress(OSError):
            if self.folder.is_dir():
                self.cache.mkdir(mode=0o700, exist_ok=True)
        return self.cache.is_dir()

    def sources(self) -> tuple[Path, ...]:
        """Return where full weights are registered, whether they are still there or not; no fingerprint is read."""
        return registered(self._entries)

    def create(self) -> None:
        """Make the folders that are missing, for the user alone; OutputError where that cannot be."""
        try:
            for folder in (self.folder, self._entries, self._quarantine, self._removed, self.keys):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(str(self.folder), error) from None

    def entries(self) -> tuple[LibraryEntry, ...]:
        """Return all entries by name, broken ones last; InputError where the folder cannot be listed.

        A broken one is "quarantined" and says why; the others are not affected.
        """
        rows = scan(self._entries, read_index(self._index)).values()
        keys = known_keys(self.keys)
        good = [with_local(row.entry, self._entries, keys) for row in rows if row.entry.state == "ok"]
        bad = [row.entry for row in rows if row.entry.state != "ok"] + self._set_aside()
        return tuple(sorted(good, key=lambda entry: entry.name) + sorted(bad, key=lambda entry: entry.file))

    def entry(self, name: str) -> LibraryEntry:
        """Return one entry; InputError where there is none, or why it is broken."""
        with self.open(name) as record:
            return with_local(described(record, file_name(name)), self._entries, known_keys(self.keys))

    def holds(self, name: str) -> bool:
        """Say whether there is an entry of this name; InputError where no entry can have it."""
        return (self._entries / file_name(name)).exists()

    def has(self, text: str) -> bool:
        """Say whether a text, a path perhaps, is the name of an entry."""
        try:
            return self.holds(text)
        except (InputError, OSError, ValueError):
            return False

    def open(self, name: str) -> OpenRecord:
        """Open the fingerprint of this name.

        Raises:
            InputError: there is none, or it cannot be read.
        """
        return open_record(self._path(name))

    def path(self, name: str) -> Path:
        """Return the file of this name's fingerprint; InputError where there is none."""
        return self._path(name)

    def source(self, entry: LibraryEntry) -> Path | None:
        """Return where the full weights lie, where they are registered and all files still have their sizes."""
        return present_source(self._entries, entry)

    def source_files(self, entry: LibraryEntry) -> tuple[SourceFileFact, ...]:
        """Return the files of the full weights as they were when they were registered, () where none are."""
        local = read_local(self._entries, entry)
        return local.source.files if local is not None and local.source is not None else ()

    def add(self, record: Record, source: SourceFact | None = None, *, replace: bool = False) -> LibraryEntry:
        """Add a fingerprint, with the full weights it was made from where they are to be used while they are there.

        Raises:
            InputError: there is one of this name and `replace` is not set; the name cannot be one; or another process
                kept the library locked.
            OutputError: it cannot be written; the library is as it was.
        """
        name = normal_name(record.name)
        kept = Record(name, record.facts, record.arrays)
        local = Local(today(), source=source)
        self.add_all([Incoming(name, lambda target: stage_record(target, kept), local)], replace=replace)
        return self.entry(name)

    def add_all(self, incoming: Sequence[Incoming], *, replace: bool) -> Added:
        """Add several fingerprints, after all are written aside and verified: a failure until then changes nothing.

        One that is there already, the same to the bit, is left as it is. Raises as `add` does.
        """
        with self._changing() as rows:
            ready: list[Staged] = []
            try:
                for item in incoming:
                    ready.append(staged(item, self._entries / file_name(item.name)))
                added = sorted_out(ready, rows, replace)
                for made in ready:
                    if made.incoming.name not in added.unchanged:
                        write_local(self._entries, made.target.name, made.digest, made.incoming.local)
                        put(made.temporary, made.target)
            finally:
                for made in ready:
                    with suppress(OSError):
                        made.temporary.unlink()
        return added

    def remove(self, *names: str, for_good: bool = False) -> None:
        """Remove entries, or what was set aside, by their names or, where those cannot be read, by their files'.

        Entries can be put back (`restore`) unless `for_good`, which also deletes earlier ones of their names; of what
        was set aside nothing is kept.

        Raises:
            InputError: there is none of a name, or the library is locked; nothing was removed.
            OutputError: one cannot be removed; those before it are.
        """
        with self._changing() as rows:
            aside, old = self._set_aside(), removed_in(self._removed) if for_good else []
            leaving: list[LibraryEntry] = []
            earlier: list[Removed] = []
            places: list[Path] = []
            for name in dict.fromkeys(names):
                entries = [row.entry for row in rows.values() if name in (row.entry.name, row.entry.file)]
                lost = [entry for entry in aside if name in (entry.name, entry.file) and not entries]
                before = [item for item in old if name in (item.file, item.name)]
                if not (entries or lost or before):
                    raise InputError("references.no_entry", file=str(self.folder), name=name)
                leaving, earlier = leaving + entries, earlier + before
                places += [self._quarantine / entry.file for entry in lost]
            if for_good:
                places += [*(self._entries / entry.file for entry in leaving), *(item.path for item in earlier)]
            elif leaving:
                put_away([(self._entries / entry.file, self._beside(entry)) for entry in leaving], self._removed)
            self._delete(places, earlier)

    def removed(self) -> tuple[str, ...]:
        """Return the names of the entries that can be put back, the last removed first."""
        return tuple(dict.fromkeys(item.name for item in removed_in(self._removed)))

    def restore(self, *names: str) -> tuple[LibraryEntry, ...]:
        """Put the last removed entry of each name back.

        Raises:
            InputError: there is none, it is broken, there is an entry of that name, or the library is locked; nothing
                was put back. OutputError: one cannot be moved; those before it are back.
        """
        with self._changing():
            own = put_back(names, self._removed, self._entries)
        return tuple(self.entry(name) for name in own)

    def purge(self) -> int:
        """Delete what could be put back, and return how many entries that were; raises as `remove` does."""
        with self._changing():
            found = removed_in(self._removed)
            self._delete([item.path for item in found], found)
        return len(found)

    def verify(self) -> tuple[LibraryEntry, ...]:
        """Compare every byte of every fingerprint with its SHA-256, set aside what is broken, and return those."""
        if any(is_broken(row.entry.problem) for row in scan(self._entries, {}).values()):
            with self._changing():
                pass
        found = []
        for entry in self.entries():
            if entry.state == "ok":
                try:
                    with self.open(entry.name) as record:
                        record.verify()
                except InputError as error:
                    found.append(broken(entry.file, error.note))
        for entry in found:
            if is_broken(entry.problem):
                self.set_aside(entry.file)
        return tuple(found)

    def set_aside(self, file: str) -> None:
        """Move a fingerprint whose values turned out to be damaged into quarantine; raises as `remove` does."""
        with self._changing():
            move_aside(self._entries / file, self._quarantine)

    def _beside(self, entry: LibraryEntry) -> Path | None:
        path = self._entries / local_name(entry.file, entry.digest)
        return path if path.exists() else None

    def _delete(self, places: Sequence[Path], removed: Sequence[Removed]) -> None:
        try:
            for place in places:
                place.unlink()
                sync_folder(place.parent)
        except OSError as error:
            raise OutputError(str(self.folder), error) from None
        for item in removed:
            dropped(item, self._removed)

    def _path(self, name: str) -> Path:
        path = self._entries / file_name(name)
        if not path.exists():
            raise InputError("references.no_entry", file=str(self.folder), name=name)
        return path

    @contextmanager
    def _changing(self) -> Iterator[dict[str, Row]]:
        """Hold the lock, tidy up, give the rows of what is whole, and write the index at the end."""
        self.create()
        with locked(self.folder / "lock", self._seconds):
            rows = scan(self._entries, read_index(self._index))
            self._tidy(rows)
            try:
                yield {file: row for file, row in rows.items() if (self._entries / file).exists()}
            finally:
                left = scan(self._entries, rows)
                drop_strays(self._entries, {file.removesuffix(SUFFIX): row.entry.digest for file, row in left.items()})
                write_index(self._index, left)

    def _tidy(self, rows: dict[str, Row]) -> None:
        """Remove what a killed writer left, and move what is broken aside."""
        for folder in (self.folder, self._entries, self._quarantine, self._removed, self.cache):
            for left in folder.glob(TEMPORARY):
                with suppress(OSError):
                    left.unlink()
        tidied(self._removed, self._entries)
        for file, row in rows.items():
            if is_broken(row.entry.problem):
                move_aside(self._entries / file, self._quarantine)

    def _set_aside(self) -> list[LibraryEntry]:
        """Return what lies in quarantine, each with what is wrong with it."""
        return [examined(self._quarantine / file) for file in scan(self._quarantine, {})]
