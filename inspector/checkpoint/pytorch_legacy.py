"""Reader of the files that torch.save wrote before version 1.6 (and writes when asked): pickles, then storages.

In order: the magic number, the protocol version, the writer's type sizes, the value, the list of storage keys,
and for each key its number of elements (8 bytes) and its elements, always little-endian.
Format: torch/serialization.py (_legacy_save).
"""

from __future__ import annotations

from inspector.checkpoint.pickle_reader import names_note, read_pickle
from inspector.checkpoint.pickle_stream import Stream
from inspector.checkpoint.pickle_values import Dictionary, StorageRef
from inspector.checkpoint.pytorch_tensors import Records, item_bytes, place
from inspector.checkpoint.source import SourceFile
from inspector.checkpoint.storage import Extent, Part
from inspector.errors import InputError, Note

MAGIC = 0x1950A86A20F9469CFC6C
PROTOCOL = 1001


def read_pytorch_legacy(file: SourceFile) -> Part:
    """Read the pickles of an opened legacy checkpoint and find its storages.

    Raises:
        InputError: the file is cut short, declares more than it holds, or its pickle is refused; names the file.
    """
    stream = Stream(file)
    magic, protocol = (read_pickle(stream, file.name) for _ in range(2))
    if magic != MAGIC or protocol != PROTOCOL:
        raise InputError("checkpoint.unknown_format", file=file.name)
    system = read_pickle(stream, file.name)
    refs: list[StorageRef] = []
    names: dict[str, None] = {}
    value = read_pickle(stream, file.name, refs, names)
    keys = read_pickle(stream, file.name)
    if not isinstance(keys, list) or not all(isinstance(key, str) for key in keys) or len(set(keys)) != len(keys):
        raise InputError("checkpoint.pickle_damaged", file=file.name)
    notes: list[Note] = names_note(names, file.name)
    if isinstance(system, Dictionary) and ("little_endian", False) in _plain_items(system):
        notes.append(Note("checkpoint.big_endian", {}, file.name))
    storages, end = _storages(file, keys, _declared(refs, file.name), stream.position)
    if end != file.size:
        notes.append(Note("checkpoint.trailing_bytes", {"count": file.size - end}, file.name))
    return place(value, Records(file.name, lambda ref: _find(ref, storages, file.name)), notes)


def read_plain_pickle(file: SourceFile) -> Part:
    """Refuse a pickle that torch.save did not write, saying what it asks for where that is more than data."""
    read_pickle(Stream(file), file.name)
    raise InputError("checkpoint.plain_pickle", file=file.name)


def _plain_items(system: Dictionary) -> list[tuple[str, bool]]:
    return [(key, value) for key, value in system.items if isinstance(key, str) and isinstance(value, bool)]


def _declared(refs: list[StorageRef], file: str) -> dict[str, StorageRef]:
    """Return the storages by key; their types say how long each run of elements is."""
    found: dict[str, StorageRef] = {}
    for ref in refs:
        other = found.setdefault(ref.key, ref)
        if (other.dtype, other.numel) != (ref.dtype, ref.numel):
            raise InputError("checkpoint.record_disagrees", file=file, record=ref.key)
    return found


def _storages(
    file: SourceFile, keys: list[str], declared: dict[str, StorageRef], at: int
) -> tuple[dict[str, Extent], int]:
    """Walk over the runs of elements and return them by key, and where the last one ends."""
    storages: dict[str, Extent] = {}
    for key in keys:
        ref = declared.get(key)
        if ref is None:
            raise InputError("checkpoint.unknown_storage", file=file.name, record=key)
        numel = int.from_bytes(file.read(at, 8), "little", signed=True)
        if numel != ref.numel:
            raise InputError("checkpoint.record_size", file=file.name, record=key, size=numel, needed=ref.numel)
        nbytes = numel * item_bytes(ref.dtype)
        at += 8
        if at + nbytes > file.size:
            raise InputError("checkpoint.truncated", file=file.name, size=file.size, needed=at + nbytes)
        storages[key] = Extent(file, at, nbytes)
        at += nbytes
    return storages, at


def _find(ref: StorageRef, storages: dict[str, Extent], file: str) -> Extent:
    if ref.key not in storages:
        raise InputError("checkpoint.missing_record", file=file, record=ref.key)
    return storages[ref.key]
