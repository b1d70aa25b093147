"""Reader of safetensors files: a strict header, then values by offset.

Format: https://github.com/huggingface/safetensors (Format): 8 bytes of little-endian header length, a JSON
object name -> {dtype, shape, data_offsets}, then the values, which the ranges cover exactly once.
"""

from __future__ import annotations

from typing import Any

from inspector.checkpoint.dtypes import DTYPES, OPAQUE_BITS, bits
from inspector.checkpoint.source import SourceFile
from inspector.checkpoint.storage import Extent, Part, Placed
from inspector.checkpoint.strict_json import load_object
from inspector.errors import InputError, Note

MAX_HEADER = 100_000_000  # the limit of the format's own library
MAX_TENSORS = 300_000
MAX_RANK = 64  # numpy's limit
_MAX_SIZE = (1 << 63) - 1
_FIELDS = {"dtype", "shape", "data_offsets"}
_BITS = {dtype: bits(dtype) for dtype in (*DTYPES, *OPAQUE_BITS)}

Entry = tuple[int, int, str, str, tuple[int, ...]]


def read_safetensors(file: SourceFile) -> Part:
    """Read the header of an opened safetensors file.

    Raises:
        InputError: anything in it is not as the format says; names the file and, where there is one, the tensor.
    """
    header_end, header = _header(file)
    metadata = _metadata(header.pop("__metadata__", {}), file.name)
    entries = sorted(_entry(name, fields, file.name) for name, fields in header.items())
    _check_cover(entries, file, header_end)
    tensors: dict[str, Placed] = {}
    opaque: dict[str, str] = {}
    whole = Extent(file, header_end, file.size - header_end)
    for start, _, name, dtype, shape in entries:
        if dtype in DTYPES:
            tensors[name] = Placed(dtype, shape, whole, start)
        else:
            opaque[name] = dtype
    return Part("safetensors", tensors, metadata, opaque, _also_zip(file))


def _header(file: SourceFile) -> tuple[int, dict[str, Any]]:
    """Return where the header ends and the parsed header."""
    if file.size < 8:
        raise InputError("checkpoint.truncated", file=file.name, size=file.size, needed=8)
    length = int.from_bytes(file.read(0, 8), "little")
    if length > MAX_HEADER:
        raise InputError("checkpoint.header_too_long", file=file.name, length=length, limit=MAX_HEADER)
    if 8 + length > file.size:
        raise InputError("checkpoint.header_past_end", file=file.name, length=length, size=file.size)
    raw = file.read(8, length)
    if raw.count(b'"data_offsets"') > MAX_TENSORS:
        raise InputError("checkpoint.too_many_tensors", file=file.name, limit=MAX_TENSORS)
    return 8 + length, load_object(raw, file.name, flat=True)


def _metadata(value: Any, file: str) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
        raise InputError("checkpoint.bad_metadata", file=file)
    return value


def _entry(name: str, fields: Any, file: str) -> Entry:
    """Check one tensor's declaration and return (start, end, name, dtype, shape)."""
    if not isinstance(fields, dict) or fields.keys() != _FIELDS:
        raise InputError("checkpoint.bad_fields", file=file, tensor=name)
    dtype, shape, offsets = fields["dtype"], fields["shape"], fields["data_offsets"]
    width = _BITS.get(dtype) if isinstance(dtype, str) else None
    if width is None:
        raise InputError("checkpoint.bad_dtype", file=file, tensor=name, dtype=str(dtype)[:40])
    count = _elements(name, shape, file)
    if not isinstance(offsets, list) or len(offsets) != 2:
        raise InputError("checkpoint.bad_offsets", file=file, tensor=name)
    start, end = offsets
    if type(start) is not int or type(end) is not int or not 0 <= start <= end <= _MAX_SIZE:
        raise InputError("checkpoint.bad_offsets", file=file, tensor=name)
    if count * width != (end - start) * 8:
        needed = -(-count * width // 8)
        raise InputError("checkpoint.size_mismatch", file=file, tensor=name, declared=end - start, needed=needed)
    return start, end, name, dtype, tuple(shape)


def _elements(name: str, shape: Any, file: str) -> int:
    """Return the number of elements of a declared shape."""
    if not isinstance(shape, list):
        raise InputError("checkpoint.bad_shape", file=file, tensor=name)
    if len(shape) > MAX_RANK:
        raise InputError("checkpoint.bad_rank", file=file, tensor=name, rank=len(shape), limit=MAX_RANK)
    count = 1
    for size in shape:
        if type(size) is not int or not 0 <= size <= _MAX_SIZE:
            raise InputError("checkpoint.bad_shape", file=file, tensor=name)
        count *= size
    if count > _MAX_SIZE:
        raise InputError("checkpoint.shape_overflow", file=file, tensor=name)
    return count


def _check_cover(entries: list[Entry], file: SourceFile, header_end: int) -> None:
    """Refuse gaps, overlaps and a file that is longer or shorter than its ranges."""
    at = 0
    data = file.size - header_end
    for start, end, name, _, _ in entries:
        if end > data:
            raise InputError("checkpoint.past_end", file=file.name, tensor=name, end=header_end + end, size=file.size)
        if start != at:
            code = "checkpoint.overlap" if start < at else "checkpoint.gap"
            raise InputError(code, file=file.name, tensor=name)
        at = end
    if entries and at != data:
        code = "checkpoint.zip_behind" if _ends_as_zip(file) else "checkpoint.undeclared_bytes"
        raise InputError(code, file=file.name, count=data - at)


def _ends_as_zip(file: SourceFile) -> bool:
    return file.size >= 22 and file.read(file.size - 22, 4) == b"PK\x05\x06"


def _also_zip(file: SourceFile) -> tuple[Note, ...]:
    return (Note("checkpoint.also_zip", {}, file.name),) if _ends_as_zip(file) else ()
