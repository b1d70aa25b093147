"""The one implementation of `Checkpoint`: opened files, and tensors placed in them by the format readers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from inspector.checkpoint.base import Checkpoint, FileEntry, Raw, StoredTensor
from inspector.checkpoint.dtypes import value_type
from inspector.checkpoint.naming import name_warnings, natural_key
from inspector.checkpoint.source import SourceFile
from inspector.checkpoint.storage import MAX_SPAN, Part, Placed, element_count, read_run, read_span, read_turned
from inspector.errors import InputError, Note

MAX_NAMED = 20  # tensors named one by one in warnings; the rest is counted


class PartsCheckpoint(Checkpoint):
    """A checkpoint made of one `Part` a file."""

    def __init__(
        self,
        path: str,
        files: Sequence[SourceFile],
        parts: Sequence[tuple[SourceFile, Part]],
        config: Mapping[str, Any],
        notes: list[Note],
    ) -> None:
        """Join the parts, each with the file that declares it; `files` has further ones that these name.

        InputError when two files hold the same name or nothing is left to compare.
        """
        self.path = path
        self.format = parts[0][1].format
        sources = tuple(dict.fromkeys(file.outermost for file in files))
        self.files = tuple(FileEntry(source.name, source.size) for source in sources)
        self.config = config
        self.metadata = {key: value for _, part in parts for key, value in part.metadata.items()}
        self._sources = sources
        self._placed: dict[str, Placed] = {}
        self._span: tuple[str, Raw] | None = None
        numbers = {id(source): number for number, source in enumerate(sources)}
        where: dict[str, int] = {}
        declared: dict[str, str] = {}
        for file, part in parts:
            for name, placed in part.tensors.items():
                if (other := declared.setdefault(name, file.name)) != file.name or name in where:
                    raise InputError("checkpoint.in_two_files", file=file.name, tensor=name, other=other)
                where[name] = numbers[id((placed.file or file).outermost)]
                self._placed[name] = placed
        _refuse_nothing(self._placed, parts)
        self.tensors = {name: _stored(name, self._placed[name], where[name]) for name in sorted(where, key=natural_key)}
        self.warnings = (
            *notes,
            *(note for _, part in parts for note in part.warnings),
            *_left_out(parts),
            *name_warnings(self.tensors, sources[0].name if len(sources) == 1 else ""),
        )

    def read_flat(self, name: str, start: int, stop: int, out: Raw | None = None) -> Raw:
        """Return elements start..stop (C order) in the stored dtype, shape (stop - start,); see `Checkpoint`."""
        placed = self._placed[name]
        if not 0 <= start <= stop <= self.tensors[name].elements:
            raise IndexError(f"elements {start}..{stop} of {self.tensors[name].elements}")
        try:
            if placed.encoded is not None:
                return placed.encoded.values(start, stop)
            if placed.strides is None:
                return read_run(placed, start, stop, out)
            return self._strided(name, placed, start, stop)
        except InputError as error:
            note = error.note
            raise InputError(note.code, file=note.file, tensor=name, **note.params) from None

    def _strided(self, name: str, placed: Placed, start: int, stop: int) -> Raw:
        """Pick logical elements from the view's span, which is kept until another tensor is read."""
        if start == stop:
            return read_run(placed, 0, 0, None)
        width = element_count(placed.shape[1:])
        first, last = start // width, -(-stop // width)
        if self.tensors[name].nbytes > MAX_SPAN:
            view = read_turned(placed, first, last)
        else:
            kept = self._span  # looked at once: several threads read one checkpoint
            if kept is None or kept[0] != name:
                kept = self._span = (name, read_span(placed))
            view = kept[1][first:last]
        block = np.ascontiguousarray(view).reshape(-1)
        return block[start - first * width : stop - first * width]

    def read_file(self, index: int, start: int, stop: int, out: Raw | None = None) -> Raw:
        """Return bytes start..stop of file `index` as uint8, for hashing."""
        buffer = np.empty(stop - start, np.uint8) if out is None else out.reshape(-1).view(np.uint8)[: stop - start]
        if stop > start:
            self._sources[index].read_into(start, buffer.data)
        return buffer

    def check_unchanged(self) -> None:
        """Raise InputError("checkpoint.changed") when a file was modified since it was opened."""
        for source in self._sources:
            source.check_unchanged()

    def identity(self) -> tuple[tuple[int, ...], ...]:
        """Return device, inode, size and times of every file on disk, in reading order."""
        return tuple(dict.fromkeys(source.outermost.identity for source in self._sources))

    def close(self) -> None:
        """Release the files. Safe to call twice."""
        self._span = None
        for source in self._sources:
            source.close()


def _stored(name: str, placed: Placed, file: int) -> StoredTensor:
    nbytes = element_count(placed.shape) * value_type(placed.dtype).itemsize
    return StoredTensor(name, placed.dtype, placed.shape, file, placed.offset, nbytes)


def _refuse_nothing(placed: Mapping[str, Placed], parts: Sequence[tuple[SourceFile, Part]]) -> None:
    if placed:
        return
    for file, part in parts:
        if part.format == "onnx" and part.not_comparable:
            return  # a graph of texts is a valid model: it opens, and the warnings say that nothing is compared
        for name, kind in part.not_comparable.items():
            raise InputError("checkpoint.nothing_comparable", file=file.name, tensor=name, kind=kind)
    raise InputError("checkpoint.no_tensors", file=parts[0][0].name)


def _left_out(parts: Sequence[tuple[SourceFile, Part]]) -> list[Note]:
    """Name the tensors that cannot be compared, one by one up to `MAX_NAMED`."""
    notes = [
        Note("checkpoint.not_comparable", {"kind": kind}, file.name, name)
        for file, part in parts
        for name, kind in part.not_comparable.items()
    ]
    if len(notes) > MAX_NAMED:
        rest = len(notes) - MAX_NAMED
        notes[MAX_NAMED:] = [Note("checkpoint.not_comparable_more", {"count": rest})]
    return notes
