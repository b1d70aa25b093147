"""The bytes of a record's HDF5 file, laid out by the HDF5 library and written by us.

The library makes the structure in memory and leaves room for every array, whose place it tells; the arrays themselves
never pass through it. So a full disk is met by our own write, nothing is held twice, and the reader can take every
array from its place in the file. The same record gives the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from typing import Any

import h5py
import numpy as np
import numpy.typing as npt
from h5py import h5d, h5f, h5g, h5p, h5s, h5t

HEADER, DIGEST, ARRAYS = b"header", b"header_sha256", b"arrays"
TYPES = {
    "int8": h5t.STD_I8LE,
    "uint8": h5t.STD_U8LE,
    "int32": h5t.STD_I32LE,
    "int64": h5t.STD_I64LE,
    "uint64": h5t.STD_U64LE,
    "float16": h5t.IEEE_F16LE,
    "float32": h5t.IEEE_F32LE,
}
IMAGE_TYPES = {**TYPES, "float64": h5t.IEEE_F64LE}  # what a file may hold that is no record
_PAGE = 4096


class _Sparse(io.RawIOBase):
    """A file in memory that holds only the pages that were written; what was not written reads as zeros."""

    def __init__(self) -> None:
        super().__init__()
        self._pages: dict[int, bytearray] = {}
        self._at = 0
        self.size = 0

    def seek(self, offset: int, whence: int = 0) -> int:
        """Move to a position, from the start (0), from here (1) or from the end (2)."""
        self._at = offset + (0, self._at, self.size)[whence]
        return self._at

    def tell(self) -> int:
        """Return the position."""
        return self._at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override] # the library passes a memoryview
        """Fill the whole buffer."""
        out = memoryview(buffer).cast("B")
        out[:] = self.content(self._at, self._at + len(out))
        self._at += len(out)
        return len(out)

    def write(self, piece: memoryview) -> int:  # type: ignore[override]
        """Take a piece at the position."""
        data = memoryview(piece).cast("B")
        done = 0
        while done < len(data):
            number, start = divmod(self._at + done, _PAGE)
            some = data[done : done + _PAGE - start]
            self._pages.setdefault(number, bytearray(_PAGE))[start : start + len(some)] = some
            done += len(some)
        self._at += len(data)
        self.size = max(self.size, self._at)
        return len(data)

    def truncate(self, size: int | None = None) -> int:
        """Set the size."""
        self.size = self._at if size is None else size
        return self.size

    def content(self, start: int, stop: int) -> bytes:
        """Return bytes start..stop."""
        first, last = start // _PAGE, -(-stop // _PAGE)
        whole = b"".join(self._pages.get(number, bytes(_PAGE)) for number in range(first, last))
        return whole[start - first * _PAGE : stop - first * _PAGE]


class RecordImage:
    """The file of a record while it is made.

    Attributes:
        places: name of an array -> its offset in the file, 0 where it holds no element.
    """

    def __init__(self, arrays: Mapping[str, npt.NDArray[np.generic]]) -> None:
        """Lay out the arrays, which are contiguous, little-endian and of `IMAGE_TYPES`."""
        self._file = _Sparse()
        self._arrays = arrays
        self._library = h5py.File(self._file, "w", libver=("v110", "v110"), track_times=False)
        group = h5p.create(h5p.GROUP_CREATE)
        group.set_obj_track_times(False)
        inside = h5g.create(self._library.id, ARRAYS, gcpl=group)
        self.places = {
            name: _room(inside, link_name(name), array.dtype.name, array.shape) for name, array in arrays.items()
        }

    def pieces(self, header: bytes, digest: bytes) -> Iterator[bytes | memoryview]:
        """Give the header and its SHA-256 their places, and yield the whole file in order."""
        whole = {HEADER: np.frombuffer(header, np.uint8), DIGEST: np.frombuffer(digest, np.uint8)}
        placed: list[tuple[int, npt.NDArray[Any]]] = [
            (_room(self._library.id, name, "uint8", array.shape), array) for name, array in whole.items()
        ]
        self._library.close()
        placed += [(self.places[name], array) for name, array in self._arrays.items() if array.size]
        at = 0
        for offset, array in sorted(placed, key=lambda item: item[0]):
            yield self._file.content(at, offset)
            yield array.reshape(-1).view(np.uint8).data
            at = offset + array.nbytes
        yield self._file.content(at, self._file.size)


def link_name(name: str) -> bytes:
    """Return the name of an array's dataset: HDF5 takes a stroke for a level, and a lone dot for the group itself."""
    text = name.replace("%", "%25").replace("/", "%2F")
    return (text.replace(".", "%2E") if text == "." else text).encode("utf-8")


def _room(place: h5g.GroupID | h5f.FileID, name: bytes, dtype: str, shape: tuple[int, ...]) -> int:
    """Make a dataset whose values are written later, and return where they go."""
    made = h5p.create(h5p.DATASET_CREATE)
    made.set_layout(h5d.CONTIGUOUS)
    made.set_alloc_time(h5d.ALLOC_TIME_EARLY)
    made.set_fill_time(h5d.FILL_TIME_NEVER)
    made.set_obj_track_times(False)
    space = h5s.create_simple(shape) if shape else h5s.create(h5s.SCALAR)
    return h5d.create(place, name, IMAGE_TYPES[dtype], space, made).get_offset() or 0
