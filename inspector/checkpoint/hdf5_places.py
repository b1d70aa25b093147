"""Where the values of one HDF5 dataset lie, every extent checked against the file.

Refused: external storage, virtual datasets, filters other than gzip, shuffle and fletcher32, missing chunks
(the library would give fill values), extents outside the file or over each other.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import prod

import numpy as np
from h5py import h5d, h5g, h5l, h5o, h5s

from inspector.checkpoint.chunk_cache import ChunkCache
from inspector.checkpoint.dtypes import DTYPES
from inspector.checkpoint.hdf5_chunks import (
    DEFLATE,
    FLETCHER32,
    SHUFFLE,
    Chunk,
    Chunked,
    Grid,
    packed_limit,
    unpack,
)
from inspector.checkpoint.hdf5_types import element_type
from inspector.checkpoint.source import SourceFile
from inspector.checkpoint.storage import Extent, Held, Placed, Storage, element_count
from inspector.errors import InputError

MAX_CHUNK = 128 << 20
MAX_CHUNKS = 500_000  # of all datasets of a file
MAX_COMPACT = 64 << 20  # bytes of all datasets that lie in their headers, which are kept in memory
_MAX_BYTES = (1 << 63) - 1
_FILTERS = {DEFLATE: "gzip", SHUFFLE: "shuffle", FLETCHER32: "fletcher32"}


@dataclass(slots=True)
class Places:
    """Places the datasets of one file, one after the other.

    Attributes:
        not_comparable: name -> what its elements are.
    """

    file: SourceFile
    not_comparable: dict[str, str] = field(default_factory=dict)
    _cache: ChunkCache = field(default_factory=ChunkCache)
    _extents: list[tuple[int, int, str]] = field(default_factory=list)
    _chunks: int = 0
    _compact: int = 0

    def place(self, name: str, dataset: h5d.DatasetID) -> Placed | None:
        """Return where a dataset lies, None where it is not comparable.

        Raises:
            InputError: it is refused, see the module's docstring; names the tensor.
        """
        properties = dataset.get_create_plist()
        layout = properties.get_layout()
        # Looked at first: nothing else may be asked of a dataset that names other files.
        if layout == h5d.VIRTUAL:
            raise InputError("checkpoint.hdf5_virtual", file=self.file.name, tensor=name)
        if properties.get_external_count():
            raise InputError("checkpoint.hdf5_external_storage", file=self.file.name, tensor=name)
        dtype, big_endian, kind = element_type(dataset)
        space = dataset.get_space()
        if not kind and space.get_simple_extent_type() == h5s.NULL:
            kind = "no values"
        elif not kind and 0 not in space.shape and not dataset.get_storage_size():
            kind = "no data stored"  # the library would give fill values
        if kind:
            self.not_comparable[name] = kind
            return None
        shape = tuple(int(size) for size in space.shape)
        item = DTYPES[dtype].itemsize
        if element_count(shape) * item > _MAX_BYTES:
            raise InputError("checkpoint.shape_overflow", file=self.file.name, tensor=name)
        storage: Storage
        if 0 in shape:
            storage = Held(b"")
        elif layout == h5d.CHUNKED:
            storage = self._chunked(name, dataset, shape, item)
        elif layout == h5d.COMPACT:
            storage = self._in_header(name, dataset, element_count(shape) * item)
        else:
            storage = self._contiguous(name, dataset, element_count(shape) * item)
        return Placed(dtype, shape, storage, 0, big_endian=big_endian)

    def check_overlaps(self) -> None:
        """Refuse datasets that share bytes: InputError("checkpoint.overlap")."""
        end = 0
        for start, stop, name in sorted(self._extents):
            if start < end:
                raise InputError("checkpoint.overlap", file=self.file.name, tensor=name)
            end = max(end, stop)

    def _stored(self, name: str, offset: int, nbytes: int) -> None:
        if offset + nbytes > self.file.size:
            end = offset + nbytes
            raise InputError("checkpoint.past_end", file=self.file.name, tensor=name, end=end, size=self.file.size)
        self._extents.append((offset, offset + nbytes, name))

    def _contiguous(self, name: str, dataset: h5d.DatasetID, needed: int) -> Extent:
        offset, size = dataset.get_offset(), dataset.get_storage_size()
        if offset is None or size != needed:
            raise InputError("checkpoint.size_mismatch", file=self.file.name, tensor=name, declared=size, needed=needed)
        self._stored(name, offset, needed)
        return Extent(self.file, offset, needed)

    def _in_header(self, name: str, dataset: h5d.DatasetID, needed: int) -> Held:
        size = dataset.get_storage_size()
        self._compact += needed
        if size != needed or self._compact > MAX_COMPACT:
            raise InputError("checkpoint.size_mismatch", file=self.file.name, tensor=name, declared=size, needed=needed)
        # The same type in the file and in memory: the library copies bytes and converts nothing.
        content = np.empty(needed, np.uint8)
        dataset.read(h5s.ALL, h5s.ALL, content, dataset.get_type())
        return Held(content.tobytes())

    def _chunked(self, name: str, dataset: h5d.DatasetID, shape: tuple[int, ...], item: int) -> Chunked:
        steps = tuple(int(step) for step in dataset.get_create_plist().get_chunk())
        nbytes = element_count(steps) * item
        if len(steps) != len(shape) or not nbytes:
            raise InputError("checkpoint.bad_shape", file=self.file.name, tensor=name)
        if nbytes > MAX_CHUNK:
            raise InputError(
                "checkpoint.hdf5_chunk_size", file=self.file.name, tensor=name, size=nbytes, limit=MAX_CHUNK
            )
        empty = Grid(shape, steps, item, self._filters(name, dataset, item), {})
        grid = Grid(shape, steps, item, empty.filters, self._chunk_places(name, dataset, empty))
        self._check_edges(name, dataset, grid)
        return Chunked(self.file, grid, self._cache)

    def _filters(self, name: str, dataset: h5d.DatasetID, item: int) -> tuple[int, ...]:
        """Return the codes of a dataset's filters, none of them twice."""
        properties = dataset.get_create_plist()
        codes: list[int] = []
        for index in range(properties.get_nfilters()):
            code, _, values, label = properties.get_filter(index)
            if code not in _FILTERS or code in codes or (code == SHUFFLE and tuple(values) != (item,)):
                text = _FILTERS.get(code) or label.decode("utf-8", "backslashreplace") or str(code)
                raise InputError("checkpoint.hdf5_filter", file=self.file.name, tensor=name, filter=text)
            codes.append(code)
        return tuple(codes)

    def _chunk_places(self, name: str, dataset: h5d.DatasetID, grid: Grid) -> dict[int, Chunk]:
        """Return where each chunk lies; InputError when one is missing, too long, or not of this grid.

        All that the index lists counts, once each. In an index of the old kind with damaged keys the library's own
        look-up may miss a listed chunk and give fill values for it; asking it about each chunk takes quadratic time.
        """
        counts = grid.counts
        expected = element_count(counts)
        found: list[h5d.StoreInfo] = []
        room = min(expected, MAX_CHUNKS - self._chunks)

        def look(info: h5d.StoreInfo) -> bool | None:
            found.append(info)
            return True if len(found) > room else None

        dataset.chunk_iter(look)
        self._chunks += len(found)
        if self._chunks > MAX_CHUNKS:
            raise InputError("checkpoint.hdf5_limit", file=self.file.name)
        chunks: dict[int, Chunk] = {}
        limit = packed_limit(grid.chunk_bytes) if grid.filters else grid.chunk_bytes
        for info in found:
            at = tuple(int(first) // step for first, step in zip(info.chunk_offset, grid.chunk_shape, strict=True))
            aligned = all(
                place * step == first
                for place, step, first in zip(at, grid.chunk_shape, info.chunk_offset, strict=True)
            )
            inside = all(place < count for place, count in zip(at, counts, strict=True))
            if not aligned or not inside or not 0 < info.size <= limit or info.byte_offset is None:
                raise InputError("checkpoint.hdf5_damaged", file=self.file.name, tensor=name)
            self._stored(name, info.byte_offset, info.size)
            number = int(np.ravel_multi_index(at, counts))
            chunks[number] = Chunk(info.byte_offset, info.size, info.filter_mask)
        if len(chunks) != expected or len(found) != expected:
            missing = max(expected - len(chunks), 0)
            raise InputError(
                "checkpoint.hdf5_missing_chunks", file=self.file.name, tensor=name, missing=missing, count=expected
            )
        return chunks

    def _check_edges(self, name: str, dataset: h5d.DatasetID, grid: Grid) -> None:
        """Refuse chunks at the edge that skip the filters, which the format allows and no index of chunks tells.

        Such a chunk has the unpacked length. One that has it by chance, or because only the order of its bytes
        was changed, must give the library's own values.
        """
        suspects = [n for n, chunk in grid.chunks.items() if chunk.nbytes == grid.chunk_bytes and not chunk.mask]
        cut = next((n for n in suspects if grid.is_cut(n)), None) if grid.filters else None
        if cut is None:
            return
        place = [int(at) for at in np.unravel_index(cut, grid.counts)]
        low = tuple(at * step for at, step in zip(place, grid.chunk_shape, strict=True))
        count = tuple(min(step, size - at) for step, size, at in zip(grid.chunk_shape, grid.shape, low, strict=True))
        space = dataset.get_space()
        space.select_hyperslab(low, count)
        theirs = np.empty((*count, grid.item), np.uint8)
        dataset.read(h5s.create_simple(count), space, theirs, dataset.get_type())
        chunk = grid.chunks[cut]
        packed = self.file.read(chunk.offset, chunk.nbytes)
        ours = unpack(packed, grid, 0)
        whole = np.frombuffer(ours or bytes(grid.chunk_bytes), np.uint8).reshape((*grid.chunk_shape, grid.item))
        if not np.array_equal(whole[tuple(slice(0, size) for size in count)], theirs):
            raise InputError("checkpoint.hdf5_filter", file=self.file.name, tensor=name, filter="partial")


def own_bytes(file: SourceFile, root: h5g.GroupID, name: bytes, limit: int) -> bytes | None:
    """Return the bytes of a dataset that lies in this file itself, in one run, None where there is no such dataset.

    Args:
        file, root: an opened file and its root group. limit: most bytes that it may have.

    Raises:
        InputError: it is refused, as `Places.place` does.
    """
    if not root.links.exists(name) or root.links.get_info(name).type != h5l.TYPE_HARD:
        return None
    dataset = h5o.open(root, name)
    placed = Places(file).place(name.decode(), dataset) if isinstance(dataset, h5d.DatasetID) else None
    if placed is None or placed.dtype != "U8" or not 0 < prod(placed.shape) <= limit:
        return None
    content = bytearray(prod(placed.shape))
    placed.storage.read_into(0, memoryview(content))
    return bytes(content)
