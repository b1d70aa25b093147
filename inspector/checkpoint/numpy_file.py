"""Reader of NumPy files: `.npy`, one array, and `.npz`, a ZIP archive of them, stored or deflated.

Arrays of objects are refused (they are pickles); text, dates, complex, structured and untyped elements are left out
with a warning. Names of members are only names: nothing is written anywhere. The checksums of members are verified
when the file is opened, up to 64 MiB of members in all; those of others before their first values are handed out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from inspector.checkpoint.chunk_cache import ChunkCache
from inspector.checkpoint.deflated import Deflated
from inspector.checkpoint.npy_header import MAGIC, NpyHeader, header_length, parse_header
from inspector.checkpoint.source import SourceFile
from inspector.checkpoint.storage import CheckedExtent, Extent, Part, Placed, element_count
from inspector.checkpoint.zip_directory import VERIFIED_AT_OPENING, Member, verify_smallest
from inspector.errors import InputError, Note

_SUFFIX = ".npy"
_FIRST = 512  # most headers are shorter
_MAX_BYTES = (1 << 63) - 1


def read_npy(file: SourceFile) -> Part:
    """Read the header of one opened array, which is named as its file without `.npy`.

    Raises:
        InputError: the header is invalid, declares more than there is, or objects; names the file.
    """
    name = file.name.rpartition("/")[2].removesuffix(_SUFFIX)
    length = header_length(file.read(0, min(12, file.size)), file.name)
    header = parse_header(file.read(0, length), file.name)
    found = _Arrays(file.name)
    found.add(name, "", header, Extent(file, 0, file.size))
    return found.part()


def read_npz(file: SourceFile, members: Mapping[str, Member]) -> Part:
    """Read the headers of the arrays in an opened archive with these members.

    Raises:
        InputError: two members read as one name, or an array is as `read_npy` refuses it; names file and tensor.
    """
    cache = ChunkCache()
    found = _Arrays(file.name)
    storages: list[CheckedExtent | Deflated] = []
    others: list[str] = []
    for record, member in members.items():
        if record.endswith("/"):
            continue
        storage = member.storage(file, cache)
        if not storage.head(len(MAGIC)).startswith(MAGIC):
            if record.endswith(_SUFFIX):
                raise InputError("checkpoint.npy_magic", file=file.name, tensor=record)
            others.append(record)
            continue
        name = record.removesuffix(_SUFFIX)
        if name in found.seen:
            raise InputError("checkpoint.npz_collision", file=file.name, record=name)
        found.add(name, name, _header(storage, file.name, name), storage)
        storages.append(storage)
    verify_smallest(storages, VERIFIED_AT_OPENING)
    if others:
        found.warnings.append(Note("checkpoint.npz_not_array", {"record": others[0], "count": len(others)}, file.name))
    return found.part()


def _header(storage: CheckedExtent | Deflated, file: str, tensor: str) -> NpyHeader:
    head = storage.head(_FIRST)
    length = header_length(head, file)
    if length > storage.nbytes:
        raise InputError("checkpoint.truncated", file=file, tensor=tensor, size=storage.nbytes, needed=length)
    return parse_header(head[:length] if length <= len(head) else storage.head(length), file, tensor)


@dataclass(slots=True)
class _Arrays:
    """The arrays of one file, as they are found."""

    file: str
    tensors: dict[str, Placed] = field(default_factory=dict)
    not_comparable: dict[str, str] = field(default_factory=dict)
    warnings: list[Note] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    def add(self, name: str, tensor: str, header: NpyHeader, storage: Extent | Deflated) -> None:
        """Check an array against the bytes it lies in; `tensor` is its name in messages, "" for a whole file."""
        self.seen.add(name)
        count = element_count(header.shape)
        if count * max(header.item, 1) > _MAX_BYTES:
            raise InputError("checkpoint.shape_overflow", file=self.file, tensor=tensor)
        if header.item or header.dtype:
            rest = storage.nbytes - header.start - count * header.item
            if rest < 0:
                needed = storage.nbytes - rest
                raise InputError(
                    "checkpoint.truncated", file=self.file, tensor=tensor, size=storage.nbytes, needed=needed
                )
            if rest:
                self.warnings.append(Note("checkpoint.trailing_bytes", {"count": rest}, self.file, tensor))
        if not header.dtype:
            self.not_comparable[name] = header.kind
            return
        strides = _column_major(header.shape) if header.fortran_order else None
        self.tensors[name] = Placed(
            header.dtype, header.shape, storage, header.start, strides, big_endian=header.big_endian
        )

    def part(self) -> Part:
        return Part("numpy", self.tensors, {}, self.not_comparable, tuple(self.warnings))


def _column_major(shape: tuple[int, ...]) -> tuple[int, ...] | None:
    """Return the strides of Fortran order, None where they are those of C order."""
    if 0 in shape or sum(size > 1 for size in shape) < 2:
        return None
    strides = [1]
    for size in shape[:-1]:
        strides.append(strides[-1] * size)
    return tuple(strides)
