"""Reader of the ZIP files that torch.save writes: `<root>/data.pkl` and one stored record a storage.

The checksums of records are verified when the file is opened, up to 64 MiB of records in all; those of the
other records when their values are first read, before any value is handed out.
Format: torch/serialization.py (_save), caffe2/serialize/inline_container.cc.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from inspector.checkpoint.chunk_cache import ChunkCache
from inspector.checkpoint.deflated import Deflated
from inspector.checkpoint.pickle_reader import names_note, read_pickle
from inspector.checkpoint.pickle_stream import Stream
from inspector.checkpoint.pickle_values import StorageRef
from inspector.checkpoint.pytorch_tensors import Records, item_bytes, place
from inspector.checkpoint.source import SourceFile
from inspector.checkpoint.storage import CheckedExtent, Part
from inspector.checkpoint.zip_directory import VERIFIED_AT_OPENING, Member, verify_smallest
from inspector.errors import InputError, Note

MAX_PICKLE = 128 << 20
MAX_VERSION = 10  # kMaxSupportedFileFormatVersion
_KEY = re.compile(r"[A-Za-z0-9_\-]{1,64}")
_SMALL_RECORD = 64
_LOOKED_THROUGH, _MOST_LOOKED_AT, _MOST_TOLD = 1 << 20, 2000, 3  # bytes, members beside the model's, warnings
_OWN = ("version", "byteorder", ".format_version", ".storage_alignment", ".data/serialization_id", "data.pkl")


def read_pytorch_zip(file: SourceFile, members: dict[str, Member]) -> Part:
    """Read the pickle of an opened ZIP checkpoint with these members.

    Raises:
        InputError: the archive, its pickle or a record is not as torch.save writes it; names the file.
    """
    root = _root(members, file.name)
    notes: list[Note] = []
    if members[f"{root}/data.pkl"].crc is None:
        notes.append(Note("checkpoint.no_checksums", {}, file.name))
    big_endian = _byte_order(members.get(f"{root}/byteorder"), file, notes)
    _check_version(members.get(f"{root}/version"), file, notes)
    pickle = _content(members[f"{root}/data.pkl"], file, MAX_PICKLE)
    names: dict[str, None] = {}
    value = read_pickle(Stream(file, content=pickle), file.name, names=names)
    notes += names_note(names, file.name)
    records = _Records(file, root, members)
    part = place(value, Records(file.name, records.find, big_endian), notes)
    records.verify_small()
    return Part(part.format, part.tensors, {}, part.not_comparable, (*part.warnings, *records.unused()))


def _root(members: dict[str, Member], file: str) -> str:
    """Return the folder of data.pkl inside the archive."""
    roots = [name.removesuffix("/data.pkl") for name in members if name.endswith("/data.pkl") and name.count("/") == 1]
    if len(roots) != 1:
        raise InputError("checkpoint.no_data_pkl", file=file)
    root = roots[0]
    if f"{root}/constants.pkl" in members or any(name.startswith(f"{root}/code/") for name in members):
        raise InputError("checkpoint.torchscript", file=file)
    return root


def _content(member: Member, file: SourceFile, limit: int) -> bytes:
    """Return a whole small member, its checksum verified."""
    if member.nbytes > limit:
        raise InputError("checkpoint.pickle_limit", file=file.name)
    storage = member.storage(file, ChunkCache())
    content = bytearray(storage.nbytes)
    storage.read_into(0, memoryview(content))
    return bytes(content)


def _byte_order(member: Member | None, file: SourceFile, notes: list[Note]) -> bool:
    order = _content(member, file, _SMALL_RECORD) if member else b"little"
    if order not in (b"little", b"big"):
        raise InputError("checkpoint.bad_byteorder", file=file.name)
    if order == b"big":
        notes.append(Note("checkpoint.big_endian", {}, file.name))
    return order == b"big"


def _check_version(member: Member | None, file: SourceFile, notes: list[Note]) -> None:
    text = _content(member, file, _SMALL_RECORD).strip() if member else b"1"
    if not (text.isdigit() and len(text) < 6 and 1 <= int(text) <= MAX_VERSION):
        notes.append(Note("checkpoint.unknown_version", {"version": text.decode("latin-1")}, file.name))


class _Records:
    """The storages of one archive, each opened once."""

    def __init__(self, file: SourceFile, root: str, members: dict[str, Member]) -> None:
        self._file = file
        self._root = root
        self._members = members
        self._cache = ChunkCache()
        self._opened: dict[str, CheckedExtent | Deflated] = {}

    def find(self, ref: StorageRef) -> CheckedExtent | Deflated:
        """Return the bytes of a storage; InputError when its record is missing or has another size."""
        if not _KEY.fullmatch(ref.key):
            raise InputError("checkpoint.bad_storage_key", file=self._file.name, key=ref.key)
        record = f"{self._root}/data/{ref.key}"
        if record not in self._members:
            raise InputError("checkpoint.missing_record", file=self._file.name, record=record)
        if record not in self._opened:
            self._opened[record] = self._members[record].storage(self._file, self._cache)
        storage = self._opened[record]
        needed = ref.numel * item_bytes(ref.dtype)
        if storage.nbytes != needed:
            raise InputError(
                "checkpoint.record_size", file=self._file.name, record=record, size=storage.nbytes, needed=needed
            )
        return storage

    def verify_small(self) -> None:
        """Verify checksums of the model's records, smallest first, up to `VERIFIED_AT_OPENING` bytes in all."""
        verify_smallest(self._opened.values(), VERIFIED_AT_OPENING)

    def unused(self) -> list[Note]:
        """Warn of members that belong to no tensor of the model and to no record that torch writes."""
        own = {f"{self._root}/{name}" for name in _OWN}
        records = f"{self._root}/data/"
        extra = [name for name in self._members if name not in own and not name.startswith(records)]
        if not extra:
            return []
        told = [Note("checkpoint.extra_member", {"record": extra[0], "count": len(extra)}, self._file.name)]
        asking = (self._asks(record) for record in self._small(extra))
        return [*told, *islice((note for note in asking if note is not None), _MOST_TOLD)]

    def _small(self, records: list[str]) -> Iterator[str]:
        """Yield the smallest records up to `_LOOKED_THROUGH` bytes in all: pickles that do harm are short."""
        left = _LOOKED_THROUGH
        for record in sorted(records, key=lambda record: self._members[record].nbytes)[:_MOST_LOOKED_AT]:
            left -= self._members[record].nbytes
            if left < 0:
                return
            yield record

    def _asks(self, record: str) -> Note | None:
        """Say what a pickle that is no part of the model asks to call, None where it asks for nothing or is none."""
        try:
            content = _content(self._members[record], self._file, _LOOKED_THROUGH)
            read_pickle(Stream(self._file, content=content), self._file.name)
        except InputError as error:
            if error.note.code == "checkpoint.pickle_refused":
                return Note("checkpoint.unread_pickle", {"record": record, **error.note.params}, self._file.name)
        return None
