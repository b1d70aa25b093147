"""The HDF5 library on an opened file: it reads through the file's own descriptor and can open nothing else.

Its plugin folders are emptied before the first file is opened. What it reads while the structure is parsed is
counted, which ends every loop in it that reads; a loop that reads nothing (one changed byte in a heap is
enough for HDF5 2.0.0) is ended only by ending the engine process. No attribute and no text is read for that reason.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager

import h5py
from h5py import h5pl

from inspector.checkpoint.source import SourceFile
from inspector.errors import InputError

MAX_READS = 2_000_000
MAX_BYTES = 1 << 30

while h5pl.size():
    h5pl.remove(0)


class _Reader(io.RawIOBase):
    """A file object over a SourceFile, with a budget of reads.

    Attributes:
        error: what a read raised; the library turns it into an error of its own.
    """

    def __init__(self, file: SourceFile) -> None:
        super().__init__()
        self._file = file
        self._at = 0
        self._reads = 0
        self._bytes = 0
        self.error: InputError | None = None

    def seek(self, offset: int, whence: int = 0) -> int:
        """Move to a position, from the start (0), from here (1) or from the end (2)."""
        self._at = offset + (0, self._at, self._file.size)[whence]
        return self._at

    def tell(self) -> int:
        """Return the position."""
        return self._at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override] # the library passes a memoryview
        """Fill the whole buffer: the library does not look at how much was read."""
        try:
            self._reads += 1
            self._bytes += len(buffer)
            if self._reads > MAX_READS or self._bytes > MAX_BYTES:
                raise InputError("checkpoint.hdf5_limit", file=self._file.name)
            if self._at + len(buffer) > self._file.size:
                needed = self._at + len(buffer)
                raise InputError("checkpoint.truncated", file=self._file.name, size=self._file.size, needed=needed)
            self._file.read_into(self._at, memoryview(buffer).cast("B"))
        except InputError as error:
            self.error = error
            raise
        self._at += len(buffer)
        return len(buffer)


@contextmanager
def opened(file: SourceFile) -> Iterator[h5py.h5g.GroupID]:
    """Give the root group of a file; whatever the library raises while it is used becomes an InputError."""
    reader = _Reader(file)
    try:
        with h5py.File(reader, "r") as library:
            yield h5py.h5g.open(library.id, b"/")
    except (InputError, MemoryError):
        raise
    # A damaged file makes the library raise any of KeyError, OSError, RuntimeError, TypeError, ValueError and more.
    except Exception:
        raise reader.error or InputError("checkpoint.hdf5_damaged", file=file.name) from None
