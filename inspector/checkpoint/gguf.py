"""Reader of GGUF files, versions 2 and 3: a strict header, then tensors by offset, plain or in block codes.

Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md. Dimensions are turned round, so that shapes read as
in PyTorch; rotary rows that a converter moved are put back (`gguf_rotary`). Big-endian files are read too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from inspector.checkpoint.dtypes import DTYPES
from inspector.checkpoint.gguf_blocks import CODES, Blocks
from inspector.checkpoint.gguf_header import MAX_KEYS, UINT32, Cursor, Header, read_header
from inspector.checkpoint.gguf_rotary import config_hints, rotary_heads, rows_put_back
from inspector.checkpoint.source import SourceFile
from inspector.checkpoint.storage import Extent, Part, Placed, Storage, element_count
from inspector.errors import InputError, Note

MAX_TENSORS = 300_000
MAX_DIMS = 8  # ggml has 4
MAX_NAME = 255  # bytes; ggml has 64, and programs built on it up to 128
_MAX_SIZE = (1 << 63) - 1
_ALIGNMENT = "general.alignment"
_DEFAULT_ALIGNMENT = 32
_MAX_PADDING = 4096  # of larger alignments, the bytes between tensors are told of
_FEWEST_KEY = 13  # bytes: length, type and one byte of value
_FEWEST_TENSOR = 24  # bytes: length, number of dimensions, type, offset
# Tensor type -> name, values and bytes of a block: ggml.h and gguf-py's constants. What is in `DTYPES` is read as it
# is, what is in `CODES` decoded; the rest is known by its size only.
_PLAIN = {0: "F32", 1: "F16", 24: "I8", 25: "I16", 26: "I32", 27: "I64", 28: "F64", 30: "BF16"}
_CODED = {
    2: "Q4_0",
    3: "Q4_1",
    6: "Q5_0",
    7: "Q5_1",
    8: "Q8_0",
    10: "Q2_K",
    11: "Q3_K",
    12: "Q4_K",
    13: "Q5_K",
    14: "Q6_K",
    15: "Q8_K",
    20: "IQ4_NL",
    23: "IQ4_XS",
}
_SIZED = {
    9: ("Q8_1", 32, 40),
    16: ("IQ2_XXS", 256, 66),
    17: ("IQ2_XS", 256, 74),
    18: ("IQ3_XXS", 256, 98),
    19: ("IQ1_S", 256, 50),
    21: ("IQ3_S", 256, 110),
    22: ("IQ2_S", 256, 82),
    29: ("IQ1_M", 256, 56),
    34: ("TQ1_0", 256, 54),
    35: ("TQ2_0", 256, 66),
    39: ("MXFP4", 32, 17),
    40: ("NVFP4", 64, 36),
    41: ("Q1_0", 128, 18),
}
TYPES: Mapping[int, tuple[str, int, int]] = {
    **{kind: (name, 1, DTYPES[name].itemsize) for kind, name in _PLAIN.items()},
    **{kind: (name, CODES[name].elements, CODES[name].nbytes) for kind, name in _CODED.items()},
    **_SIZED,
}


@dataclass(frozen=True, slots=True)
class _Entry:
    """One tensor as declared: where its bytes start in the file, and how many they are."""

    name: str
    kind: str
    shape: tuple[int, ...]
    start: int
    nbytes: int


def read_gguf(file: SourceFile) -> Part:
    """Read the header of an opened GGUF file.

    Raises:
        InputError: anything in it is not as the format says; names the file and, where there is one, the tensor.
    """
    cursor, tensors, keys = _start(file)
    header = read_header(cursor, keys)
    alignment = _alignment(header, file.name)
    declared = _declared(cursor, tensors)
    data = -(-cursor.at // alignment) * alignment
    entries = [_Entry(name, kind, shape, data + at, size) for name, kind, shape, at, size in declared]
    notes = [*header.notes(file.name), *_check_places(entries, file, cursor.at, data, alignment)]
    placed, opaque, unturned = _placed(entries, file, header, cursor.order == ">")
    if unturned:
        notes.append(Note("checkpoint.gguf_rows", {"count": len(unturned)}, file.name, unturned[0]))
    if cursor.order == ">":
        notes.append(Note("checkpoint.big_endian_gguf", {}, file.name))
    return Part("gguf", placed, header.metadata(), opaque, tuple(notes), config_hints(header.values))


def _start(file: SourceFile) -> tuple[Cursor, int, int]:
    """Read magic, version and counts; return a cursor behind them, the number of tensors and that of keys."""
    if file.read(0, min(4, file.size)) != b"GGUF":
        raise InputError("checkpoint.gguf_magic", file=file.name)
    raw = file.read(4, 4)
    versions = {order: int.from_bytes(raw, order) for order in ("little", "big")}
    order, version = min(versions.items(), key=lambda found: found[1])
    if version not in (2, 3):
        raise InputError("checkpoint.gguf_version", file=file.name, version=version)
    cursor = Cursor(file, 8, "<" if order == "little" else ">")
    tensors, keys = cursor.number("Q"), cursor.number("Q")
    if keys * _FEWEST_KEY > cursor.left:
        raise InputError("checkpoint.gguf_key_count", file=file.name, count=keys, size=file.size)
    if keys * _FEWEST_KEY + tensors * _FEWEST_TENSOR > cursor.left:
        raise InputError("checkpoint.gguf_tensor_count", file=file.name, count=tensors, size=file.size)
    if keys > MAX_KEYS:
        raise InputError("checkpoint.gguf_limit", file=file.name, limit=MAX_KEYS)
    if tensors > MAX_TENSORS:
        raise InputError("checkpoint.too_many_tensors", file=file.name, limit=MAX_TENSORS)
    return cursor, tensors, keys


def _alignment(header: Header, file: str) -> int:
    """Return the alignment of offsets: a power of two that the header declares as uint32, or 32."""
    if _ALIGNMENT not in header.types:
        return _DEFAULT_ALIGNMENT
    value = header.values.get(_ALIGNMENT)
    if header.types[_ALIGNMENT] != UINT32 or not isinstance(value, int) or value.bit_count() != 1:
        raise InputError("checkpoint.gguf_alignment", file=file)
    return value


def _declared(cursor: Cursor, count: int) -> list[tuple[str, str, tuple[int, ...], int, int]]:
    """Read the tensors' declarations: (name, type, shape, offset in the data, bytes)."""
    found = []
    names: set[str] = set()
    for _ in range(count):
        name = _name(cursor)
        if name in names:
            raise InputError("checkpoint.gguf_tensor_twice", file=cursor.file.name, tensor=name)
        names.add(name)
        rank = cursor.number("I")
        if rank > MAX_DIMS:
            raise InputError("checkpoint.gguf_dims", file=cursor.file.name, tensor=name, rank=rank, limit=MAX_DIMS)
        shape = tuple(int(size) for size in reversed(cursor.numbers("Q", rank)))
        kind, nbytes = _size(cursor, name, shape)
        found.append((name, kind, shape, cursor.number("Q"), nbytes))
    return found


def _name(cursor: Cursor) -> str:
    raw = cursor.text(MAX_NAME)
    if raw is None:
        raise InputError("checkpoint.gguf_name_long", file=cursor.file.name, limit=MAX_NAME)
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise InputError("checkpoint.gguf_name", file=cursor.file.name) from None


def _size(cursor: Cursor, name: str, shape: tuple[int, ...]) -> tuple[str, int]:
    """Read a tensor's type; return its name and the bytes that a tensor of this shape takes."""
    number = cursor.number("I")
    if number not in TYPES:
        raise InputError("checkpoint.gguf_type", file=cursor.file.name, tensor=name, kind=number)
    kind, elements, nbytes = TYPES[number]
    count = element_count(shape)
    if count > _MAX_SIZE:
        raise InputError("checkpoint.shape_overflow", file=cursor.file.name, tensor=name)
    width = shape[-1] if shape else 1
    if width % elements:
        raise InputError(
            "checkpoint.gguf_blocks", file=cursor.file.name, tensor=name, width=width, kind=kind, block=elements
        )
    return kind, count // elements * nbytes


def _check_places(
    entries: Sequence[_Entry], file: SourceFile, header_end: int, data: int, alignment: int
) -> list[Note]:
    """Refuse tensors that are not aligned, leave the file or overlap; tell of bytes that belong to none."""
    # Padding up to the next multiple of a usual alignment is no news.
    step = alignment if alignment <= _MAX_PADDING else 1
    end, unclaimed = header_end, 0
    for entry in sorted(entries, key=lambda entry: (entry.start, entry.nbytes)):
        if entry.start + entry.nbytes > file.size:
            past = entry.start + entry.nbytes
            raise InputError("checkpoint.past_end", file=file.name, tensor=entry.name, end=past, size=file.size)
        if (entry.start - data) % alignment:
            raise InputError("checkpoint.gguf_offset", file=file.name, tensor=entry.name, alignment=alignment)
        if entry.nbytes:
            if entry.start < end:
                raise InputError("checkpoint.overlap", file=file.name, tensor=entry.name)
            unclaimed += entry.start - -(-end // step) * step
            end = entry.start + entry.nbytes
    notes = [Note("checkpoint.gguf_gaps", {"count": unclaimed}, file.name)] if unclaimed else []
    trailing = file.size - -(-end // step) * step
    if trailing > 0:
        notes.append(Note("checkpoint.trailing_bytes", {"count": trailing}, file.name))
    return notes


def _placed(
    entries: Sequence[_Entry], file: SourceFile, header: Header, big_endian: bool
) -> tuple[dict[str, Placed], dict[str, str], list[str]]:
    """Return the tensors that can be read, those that cannot, and the names of those whose rows stay as stored."""
    placed: dict[str, Placed] = {}
    opaque: dict[str, str] = {}
    unturned: list[str] = []
    for entry in entries:
        storage: Storage = Extent(file, entry.start, entry.nbytes)
        heads = rotary_heads(entry.name, header.values)
        if heads is not None:
            turned = rows_put_back(storage, entry.shape, heads)
            if turned is None:
                unturned.append(entry.name)
            else:
                storage = turned
        if entry.kind in CODES:
            values = Blocks(CODES[entry.kind], storage, 0, big_endian)
            placed[entry.name] = Placed(entry.kind, entry.shape, storage, 0, encoded=values)
        elif entry.kind in DTYPES:
            placed[entry.name] = Placed(entry.kind, entry.shape, storage, 0, big_endian=big_endian)
        else:
            opaque[entry.name] = entry.kind
    return placed, opaque, unturned
