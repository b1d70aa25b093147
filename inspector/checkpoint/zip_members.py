"""Members of a ZIP archive as files and folders, read where they lie: nothing is unpacked to disk.

A member that is stored as it is takes no memory; a deflated one is inflated piece by piece (`deflated`). A member's
checksum is verified before anything of it is read, up to 64 MiB of an archive; of what is larger the headers are read
first, as nothing else of it is when a checkpoint is opened, and the checksum is verified before any value is.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, field
from pathlib import Path

from inspector.checkpoint.chunk_cache import ChunkCache
from inspector.checkpoint.deflated import Deflated
from inspector.checkpoint.source import MAX_ENTRIES, Folder, SourceFile, relative_chain
from inspector.checkpoint.storage import Extent
from inspector.checkpoint.zip_directory import VERIFIED_AT_OPENING, Member
from inspector.errors import InputError, Note

_HEAD = 64 << 10  # read of a deflated member before the whole of it is verified


@dataclass(slots=True)
class Archive:
    """An opened archive, and what its members share: pieces inflated last, bytes still to verify at opening."""

    file: SourceFile
    cache: ChunkCache = field(default_factory=ChunkCache)
    to_verify: int = VERIFIED_AT_OPENING


class MemberFile(SourceFile):
    """One member, with the interface of a file on disk.

    Attributes:
        name: of the archive and of the member ("model.keras/model.weights.h5").
    """

    def __init__(self, archive: Archive, member: Member) -> None:
        self._archive = archive
        self._storage = member.storage(archive.file, archive.cache)
        self._raw = Extent(archive.file, member.start, member.nbytes)
        self._settled = False
        self.name = f"{archive.file.name}/{member.name}"
        self.size = member.nbytes
        self.links = 1
        self.base = self._storage.offset

    @property
    def outermost(self) -> SourceFile:
        """The archive on disk."""
        return self._archive.file.outermost

    def read_into(self, offset: int, out: memoryview) -> None:
        """Fill `out` from `offset`; InputError when the member ends before, or its checksum is wrong."""
        if offset + len(out) > self.size:
            raise InputError("checkpoint.truncated", file=self.name, size=self.size, needed=offset + len(out))
        if self._settled:
            self._storage.read_into(offset, out)
        elif not isinstance(self._storage, Deflated):
            self._raw.read_into(offset, out)
        elif offset + len(out) <= _HEAD:
            out[:] = self._storage.head(offset + len(out))[offset:]
        else:
            self._storage.read_into(offset, out)

    def verify_small(self) -> None:
        """Verify its checksum, as long as the archive's members do not come to more than `VERIFIED_AT_OPENING`."""
        self._archive.to_verify -= self.size
        if self._archive.to_verify >= 0:
            self._storage.verify()

    def settle(self) -> None:
        """Say that its headers are read: its checksum is verified before anything else is."""
        self._settled = True

    def check_unchanged(self) -> None:
        """Raise InputError("checkpoint.changed") when the archive changed."""
        self._archive.file.check_unchanged()

    def close(self) -> None:
        """Do nothing: the archive is closed by who opened it."""


@dataclass(slots=True)
class _Branch:
    folders: dict[str, _Branch] = field(default_factory=dict)
    files: dict[str, Member] = field(default_factory=dict)


class MemberFolder(Folder):
    """The members of an archive as a folder.

    Attributes:
        archive: the file. members: all its members. prefix: of the names of those in this folder.
    """

    def __init__(self, archive: SourceFile, members: Mapping[str, Member]) -> None:
        super().__init__(Path(archive.name), None)
        self.archive = archive
        self.members = members
        self.prefix = ""
        self._opened = Archive(archive)
        self._root = self._branch = _tree(members)

    def names(self) -> list[str]:
        """Return the entries' names, sorted; InputError when there are too many."""
        names = sorted({*self._branch.folders, *self._branch.files})
        if len(names) > MAX_ENTRIES:
            raise InputError("checkpoint.too_many_entries", file=self.archive.name, limit=MAX_ENTRIES)
        return names

    def files(self) -> list[str]:
        """Return the names of the entries that are members."""
        return sorted(self._branch.files)

    def folders(self) -> list[str]:
        """Return the names of the entries that are folders."""
        return sorted(self._branch.folders)

    def root(self) -> MemberFolder:
        """Return the folder of all members."""
        return self._at_branch("", self._root)

    def enter(self, name: str) -> MemberFolder:
        """Return a sub-folder."""
        if name not in self._branch.folders:
            raise InputError("checkpoint.missing", file=f"{self.archive.name}/{self.prefix}{name}")
        return self._at_branch(f"{self.prefix}{name}/", self._branch.folders[name])

    def _at_branch(self, prefix: str, branch: _Branch) -> MemberFolder:
        folder = copy(self)
        folder.prefix, folder._branch = prefix, branch
        return folder

    def open_file(self, name: str, shown_as: str = "") -> SourceFile:
        """Return one member below this folder, named as a part of the archive whatever `shown_as` says."""
        *above, last = name.split("/")
        branch = self._branch
        label = f"{self.archive.name}/{self.prefix}{name}"
        for part in above:
            if part not in branch.folders:
                raise InputError("checkpoint.missing", file=label)
            branch = branch.folders[part]
        if last not in branch.files:
            code = "checkpoint.is_folder" if last in branch.folders else "checkpoint.missing"
            raise InputError(code, file=label)
        return MemberFile(self._opened, branch.files[last])

    def close(self) -> None:
        """Do nothing: the archive is closed by who opened it."""


def _tree(members: Mapping[str, Member]) -> _Branch:
    root = _Branch()
    for name, member in members.items():
        if name.endswith("/") or not relative_chain(name):
            continue
        *above, last = name.split("/")
        branch = root
        for part in above:
            branch = branch.folders.setdefault(part, _Branch())
        branch.files[last] = member
    return root


def odd_names(members: Mapping[str, Member], file: str) -> list[Note]:
    """Warn of members whose names would lead out of a folder, or have hidden characters."""
    odd = [name for name in members if _is_odd(name)]
    return [Note("checkpoint.zip_member_name", {"record": odd[0], "count": len(odd)}, file)] if odd else []


def _is_odd(name: str) -> bool:
    parts = name.removesuffix("/").split("/")
    return "\\" in name or not name.isprintable() or any(part in ("", ".", "..") for part in parts)
