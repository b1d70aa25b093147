"""Writing a file whole or not at all: a temporary file in the same folder, flushed to the disk, then renamed.

Several files are first all written aside (`aside`), then put in place (`put`): a full disk changes none of them.
On any failure the old file stays as it was, no temporary file is left, and one sentence names the file and the cause.
"""

from __future__ import annotations

import errno
import os
import secrets
import stat
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from inspector.errors import AssayerError, Note

_CODES = {
    errno.ENOSPC: "output.disk_full",
    errno.EDQUOT: "output.disk_full",
    errno.EFBIG: "output.disk_full",
    errno.EACCES: "output.read_only",
    errno.EPERM: "output.read_only",
    errno.EROFS: "output.read_only",
    errno.ENOENT: "output.no_folder",
    errno.ENOTDIR: "output.no_folder",
}
TEMPORARY = ".assayer-*.tmp"  # names of what a killed write leaves behind
_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


class OutputError(AssayerError):
    """An output cannot be written (exit code 4)."""

    def __init__(self, file: str, error: OSError) -> None:
        code = _CODES.get(error.errno or 0, "output.failed")
        super().__init__(Note(code, {"reason": error.strerror or type(error).__name__}, file))


def write_whole(path: str | Path, content: bytes) -> None:
    """Write a file that only its owner may read; a link is followed, a device or a pipe is written as it is.

    Raises:
        OutputError: it could not be written; what was there before is intact.
    """
    try:
        target = Path(path).resolve()
        if is_special(target):
            target.write_bytes(content)
        else:
            _replace(target, content)
    except OSError as error:
        raise OutputError(str(path), error) from None


def is_special(target: Path) -> bool:
    """Say whether something other than a file is there, which a rename would put a file in the place of."""
    try:
        mode = target.lstat().st_mode
    except FileNotFoundError:
        return False
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    return not stat.S_ISREG(mode)


def write_pieces(path: str | Path, pieces: Iterable[bytes | memoryview]) -> None:
    """Write a file like `write_whole`, of pieces in their order; a link is replaced.

    Raises:
        OutputError: it could not be written; what was there before is intact.
    """
    put(aside(path, pieces), path)


def aside(path: str | Path, pieces: Iterable[bytes | memoryview], temporary: Path | None = None) -> Path:
    """Write what is to become `path` into a temporary file beside it, flushed to the disk, and return its path.

    Args:
        path: what it is to become. pieces: its content in order. temporary: the temporary file, which must not be
            there yet; one of a random name where None.

    Raises:
        OutputError: it could not be written; no temporary file is left.
    """
    try:
        return _aside(Path(path), pieces, temporary)
    except OSError as error:
        raise OutputError(str(path), error) from None


def put(temporary: Path, path: str | Path) -> None:
    """Rename what `aside` wrote to `path`, in place of what is there.

    Raises:
        OutputError: it could not be renamed; the temporary file is gone.
    """
    try:
        _put(temporary, Path(path))
    except OSError as error:
        raise OutputError(str(path), error) from None


def _replace(target: Path, content: bytes) -> None:
    _put(_aside(target, [content]), target)


def _aside(target: Path, pieces: Iterable[bytes | memoryview], temporary: Path | None = None) -> Path:
    temporary = temporary or target.with_name(f".assayer-{secrets.token_hex(8)}.tmp")
    descriptor = os.open(temporary, _FLAGS, 0o600)
    try:
        try:
            for piece in pieces:
                rest = memoryview(piece)
                while rest:
                    rest = rest[os.write(descriptor, rest) :]
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
    return temporary


def _put(temporary: Path, target: Path) -> None:
    try:
        os.replace(temporary, target)  # noqa: PTH105 - the tests make each system call fail by this name
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
    sync_folder(target.parent)


def sync_folder(folder: Path) -> None:
    """Make renames and removals last through a power cut, where the system can; the file itself is whole already."""
    if hasattr(os, "O_DIRECTORY"):
        with suppress(OSError):
            handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
