"""Opening a submission's files safely: from a directory handle, no links, regular files only.

Promises: nothing inside the opened folder is followed out of it, opening never blocks on a FIFO, every file
is read by offset into the caller's buffer, and a change of a file while it is open is noticed.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import threading
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

from inspector.errors import InputError

MAX_ENTRIES = 20_000
MAX_PATH_PARTS = 16
_MAX_READ = 1 << 30  # one system call moves at most 2 GiB
# Windows has none of these flags but O_BINARY, and no directory handles: there the checks are made by path.
_READ_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_BINARY", 0)
)
_HAS_HANDLES = os.open in os.supports_dir_fd and os.stat in os.supports_dir_fd and hasattr(os, "O_DIRECTORY")
_OS_CODES = {
    errno.ENOENT: "checkpoint.missing",
    errno.ENOTDIR: "checkpoint.missing",
    errno.EACCES: "checkpoint.permission",
    errno.EPERM: "checkpoint.permission",
    errno.ELOOP: "checkpoint.link",
    errno.ENAMETOOLONG: "checkpoint.bad_name",
    errno.EINVAL: "checkpoint.bad_name",
    errno.EMFILE: "checkpoint.too_many_files",
    errno.ENFILE: "checkpoint.too_many_files",
}


def os_error(error: OSError, file: str) -> InputError:
    """Return the InputError that says what an operating system error means for `file`."""
    code = _OS_CODES.get(error.errno or 0, "checkpoint.io")
    return InputError(code, file=file, reason=error.strerror or type(error).__name__)


class SourceFile:
    """One regular file opened for reading, and what its inode said when it was opened.

    Attributes:
        name: relative to what was opened, POSIX separators. size: bytes when opened. links: hard links to it.
        base: where its first byte lies in `outermost`, -1 where that holds it deflated. identity: device, inode, size
            and times when opened, the same until something is written to it.
    """

    base = 0

    def __init__(self, descriptor: int, name: str) -> None:
        self._descriptor = descriptor
        self._lock = threading.Lock()
        self.name = name
        status = os.fstat(descriptor)
        self.size = status.st_size
        self.links = status.st_nlink
        self._seen = (status.st_size, status.st_mtime_ns, status.st_ino)
        self.identity = (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)

    def read_into(self, offset: int, out: memoryview) -> None:
        """Fill `out` (bytes) from `offset`.

        Raises:
            InputError: the descriptor is closed, the disk fails or the file ends before `out` is full.
        """
        done = 0
        while done < len(out):
            try:
                got = self._read_some(offset + done, out[done : done + _MAX_READ])
            except OSError as error:
                raise os_error(error, self.name) from None
            if not got:
                code = "checkpoint.changed" if offset + len(out) <= self.size else "checkpoint.truncated"
                raise InputError(code, file=self.name, size=self.size, needed=offset + len(out))
            done += got

    def _read_some(self, offset: int, out: memoryview) -> int:
        if hasattr(os, "preadv"):
            return os.preadv(self._descriptor, [out], offset)
        with self._lock:  # the position is shared by all threads
            os.lseek(self._descriptor, offset, os.SEEK_SET)
            piece = os.read(self._descriptor, len(out))
        out[: len(piece)] = piece
        return len(piece)

    def read(self, offset: int, size: int) -> bytes:
        """Return exactly `size` bytes from `offset`; the caller bounds `size`."""
        if offset < 0 or offset + size > self.size:
            raise InputError("checkpoint.truncated", file=self.name, size=self.size, needed=offset + size)
        buffer = bytearray(size)
        self.read_into(offset, memoryview(buffer))
        return bytes(buffer)

    def stored_bytes(self) -> int:
        """Return how many of its bytes the disk holds: fewer than `size` where the file has holes.

        Blocks alone would not tell: a file system that compresses, or has not yet written, counts few too.
        """
        status = os.fstat(self._descriptor)
        blocks = getattr(status, "st_blocks", None)
        if blocks is None or not hasattr(os, "SEEK_HOLE") or not hasattr(os, "preadv"):
            return self.size
        try:
            first_hole = os.lseek(self._descriptor, 0, os.SEEK_HOLE)
        except OSError:
            return self.size
        return min(self.size, blocks * 512) if first_hole < self.size else self.size

    @property
    def outermost(self) -> SourceFile:
        """The file on disk: this one, or the archive whose member it is."""
        return self

    def verify_small(self) -> None:
        """Verify the checksum of a member of an archive that is small; a file on disk has none."""

    def settle(self) -> None:
        """Say that its headers are read: a member's checksum is verified before anything else is."""

    def check_unchanged(self) -> None:
        """Raise InputError("checkpoint.changed") when size, time or inode differ from those at opening."""
        try:
            status = os.fstat(self._descriptor)
        except OSError as error:
            raise os_error(error, self.name) from None
        if (status.st_size, status.st_mtime_ns, status.st_ino) != self._seen:
            raise InputError("checkpoint.changed", file=self.name, size=status.st_size, needed=self.size)

    def close(self) -> None:
        """Release the descriptor. Safe to call twice."""
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)


# Opens a further file that a file names, by one relative chain in its own folder: InputError where it may not be read.
Beside = Callable[[str], SourceFile]


def _directory_handle(path: Path) -> int:
    """Open a folder; where it may be passed through and not listed, the handle is good for that alone."""
    flags = os.O_DIRECTORY | os.O_CLOEXEC
    try:
        return os.open(path, os.O_RDONLY | flags)
    except PermissionError:
        if not hasattr(os, "O_PATH"):
            raise
        return os.open(path, os.O_PATH | flags)


class Folder:
    """A directory handle from which files are opened one path component at a time."""

    def __init__(self, path: Path, descriptor: int | None) -> None:
        self._path = path
        self._descriptor = descriptor

    @classmethod
    def at(cls, path: Path) -> Folder:
        """Open the folder `path`, which the user chose: links on the way to it are followed."""
        try:
            if not _HAS_HANDLES:
                if not path.is_dir():
                    raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
                return cls(path, None)
            return cls(path, _directory_handle(path))
        except OSError as error:
            raise os_error(error, path.name) from None

    def _at(self, name: str) -> tuple[str | Path, dict[str, Any]]:
        return (self._path / name, {}) if self._descriptor is None else (name, {"dir_fd": self._descriptor})

    def status(self, name: str) -> os.stat_result:
        """Return the inode's data of one entry; a link is not followed. Raises OSError."""
        target, where = self._at(name)
        return os.stat(target, follow_symlinks=False, **where)  # noqa: PTH116 - Path.stat knows no directory handle

    def link_target(self, name: str) -> str:
        """Return where the link `name` points. Raises OSError."""
        target, where = self._at(name)
        return os.readlink(target, **where)

    def names(self) -> list[str]:
        """Return the entries' names, sorted; InputError when there are too many."""
        try:
            with os.scandir(self._path if self._descriptor is None else self._descriptor) as entries:
                names = []
                for entry in entries:
                    names.append(entry.name)
                    if len(names) > MAX_ENTRIES:
                        raise InputError("checkpoint.too_many_entries", file=self._path.name, limit=MAX_ENTRIES)
        except OSError as error:
            raise os_error(error, self._path.name) from None
        return sorted(names)

    def files(self) -> list[str]:
        """Return the names of the entries that are regular files."""
        return [name for name in self.names() if self._is(name, stat.S_ISREG)]

    def folders(self) -> list[str]:
        """Return the names of the entries that are folders (not links to folders)."""
        return [name for name in self.names() if self._is(name, stat.S_ISDIR)]

    def _is(self, name: str, kind: Any) -> bool:
        try:
            return bool(kind(self.status(name).st_mode))
        except OSError:
            return False

    def enter(self, name: str) -> Folder:
        """Open a sub-folder; a link is refused."""
        try:
            if not stat.S_ISDIR(mode := self.status(name).st_mode):
                raise InputError("checkpoint.link" if stat.S_ISLNK(mode) else "checkpoint.missing", file=name)
            if self._descriptor is None:
                return Folder(self._path / name, None)
            flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
            return Folder(self._path / name, os.open(name, flags, dir_fd=self._descriptor))
        except OSError as error:
            raise os_error(error, name) from None

    def open_file(self, name: str, shown_as: str = "") -> SourceFile:
        """Open one regular file below this folder.

        `name` is one relative chain ("sub/model.safetensors") without "..". `shown_as` is the name messages use.

        Raises:
            InputError: it is missing, a link, a folder, not a regular file, or may not be read.
        """
        label = shown_as or name
        *parents, last = name.split("/")
        folder, opened = self, []
        try:
            for part in parents:
                folder = folder.enter(part)
                opened.append(folder)
            return folder._open_here(last, label)
        finally:
            for parent in opened:
                parent.close()

    def _open_here(self, name: str, label: str) -> SourceFile:
        try:
            _refuse_irregular(self.status(name).st_mode, label)
            target, where = self._at(name)
            descriptor = os.open(target, _READ_FLAGS, **where)
        except OSError as error:
            raise os_error(error, label) from None
        except ValueError:  # a NUL in the name
            raise InputError("checkpoint.bad_name", file=label) from None
        try:
            # Looked at again: the entry may have been exchanged between the look and the open.
            _refuse_irregular(os.fstat(descriptor).st_mode, label)
            return SourceFile(descriptor, label)
        except BaseException:
            os.close(descriptor)
            raise

    def close(self) -> None:
        """Release the handle. Safe to call twice."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)


def _refuse_irregular(mode: int, label: str) -> None:
    if stat.S_ISLNK(mode):
        raise InputError("checkpoint.link", file=label)
    if stat.S_ISDIR(mode):
        raise InputError("checkpoint.is_folder", file=label)
    if not stat.S_ISREG(mode):
        raise InputError("checkpoint.not_regular", file=label)


def existing(path: Path) -> Path:
    """Return `path` as it lies on disk: each missing component is also tried in NFC and NFD form.

    Korean names typed on one system and stored by another differ only in this form.
    """
    found = Path(path.anchor)
    for part in path.parts[1:] if path.anchor else path.parts:
        forms = (part, unicodedata.normalize("NFC", part), unicodedata.normalize("NFD", part))
        found /= next((form for form in forms if _lies_at(found / form)), part)
    return found


def _lies_at(path: Path) -> bool:
    with contextlib.suppress(OSError, ValueError):
        path.lstat()
        return True
    return False


def relative_chain(name: str) -> bool:
    """Say whether a name found inside a file is one relative POSIX chain that stays in its folder."""
    parts = name.split("/")
    bad = any(part in ("", ".", "..") for part in parts) or len(parts) > MAX_PATH_PARTS
    return not bad and not any(char in name for char in "\\:\0") and name.isprintable()
