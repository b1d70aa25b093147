"""From an ONNX tensor's declaration to where its values lie: one source of values, of exactly the shape's size.

Format: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto (TensorProto): which field holds which element type.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import ml_dtypes
import numpy as np
import numpy.typing as npt

from inspector.checkpoint.dtypes import DTYPES
from inspector.checkpoint.onnx_model import Declared
from inspector.checkpoint.protobuf import EIGHT, FOUR, RUN, VARINT, VarintRun
from inspector.checkpoint.source import SourceFile
from inspector.checkpoint.storage import Extent, Held, Placed, Storage, element_count
from inspector.errors import InputError

MAX_RANK = 64
_MAX_ELEMENTS = (1 << 63) - 1
_MAX_LOOSE = 1 << 20  # values that are each a field of their own: no library writes them so
_FLOAT_DATA, _INT32_DATA, _INT64_DATA, _RAW, _DOUBLE_DATA, _UINT64_DATA = 4, 5, 7, 9, 10, 11

# Element type -> name, and the field that holds its values where they are not raw.
PLAIN: dict[int, tuple[str, int]] = {
    1: ("F32", _FLOAT_DATA),
    2: ("U8", _INT32_DATA),
    3: ("I8", _INT32_DATA),
    4: ("U16", _INT32_DATA),
    5: ("I16", _INT32_DATA),
    6: ("I32", _INT32_DATA),
    7: ("I64", _INT64_DATA),
    9: ("BOOL", _INT32_DATA),
    10: ("F16", _INT32_DATA),
    11: ("F64", _DOUBLE_DATA),
    12: ("U32", _UINT64_DATA),
    13: ("U64", _UINT64_DATA),
    16: ("BF16", _INT32_DATA),
    17: ("F8_E4M3", _INT32_DATA),
    19: ("F8_E5M2", _INT32_DATA),
}
# Element types whose values come from a table of the 256 bytes: name, bits an element, numpy type of one code.
CODES: dict[int, tuple[str, int, Any]] = {
    18: ("FLOAT8E4M3FNUZ", 8, ml_dtypes.float8_e4m3fnuz),
    20: ("FLOAT8E5M2FNUZ", 8, ml_dtypes.float8_e5m2fnuz),
    21: ("UINT4", 4, ml_dtypes.uint4),
    22: ("INT4", 4, ml_dtypes.int4),
    23: ("FLOAT4E2M1", 4, ml_dtypes.float4_e2m1fn),
    24: ("FLOAT8E8M0", 8, ml_dtypes.float8_e8m0fnu),
    25: ("UINT2", 2, ml_dtypes.uint2),
    26: ("INT2", 2, ml_dtypes.int2),
}
NOT_COMPARED = {8: "string tensor", 14: "C64", 15: "C128", 27: "FLOAT6E2M3", 28: "FLOAT6E3M2"}


@dataclass(frozen=True, slots=True)
class Tabled:
    """Values of which one byte holds several, the first in the lowest bits: `table` is (256, values a byte)."""

    storage: Storage
    start: int
    table: npt.NDArray[np.float32]

    def values(self, start: int, stop: int) -> npt.NDArray[np.float32]:
        """Return elements start..stop, shape (stop - start,)."""
        each = self.table.shape[1]
        first, last = start // each, -(-stop // each)
        content = np.empty(last - first, np.uint8)
        if content.size:
            self.storage.read_into(self.start + first, content.data)
        return self.table[content].reshape(-1)[start - first * each : stop - first * each]


def _table(bits: int, code_type: Any) -> npt.NDArray[np.float32]:
    """Return the values of each byte, (256, 8 // bits)."""
    each = 8 // bits
    codes = np.arange(256, dtype=np.uint8)[:, None] >> (bits * np.arange(each, dtype=np.uint8))
    if bits == 8:
        return _floats(codes, code_type)
    # The numpy types of fewer bits keep each code in a byte of its own, in its lowest bits.
    alone = (codes & ((1 << bits) - 1)).astype(np.uint8)
    if "uint" in np.dtype(code_type).name or "float" in np.dtype(code_type).name:
        return _floats(alone, code_type)
    sign = 1 << (bits - 1)
    return ((alone.astype(np.int16) ^ sign) - sign).astype(np.float32)


def _floats(codes: npt.NDArray[np.uint8], code_type: Any) -> npt.NDArray[np.float32]:
    values: npt.NDArray[np.float32] = codes.view(code_type).astype(np.float32)
    return values


TABLES = {code: _table(bits, kind) for code, (_, bits, kind) in CODES.items()}


def elements_of(tensor: Declared, name: str, file: str) -> int:
    """Return the number of elements of the declared shape. InputError when there is no such shape."""
    if len(tensor.dims) > MAX_RANK:
        raise InputError("checkpoint.bad_rank", file=file, tensor=name, rank=len(tensor.dims), limit=MAX_RANK)
    if any(size < 0 for size in tensor.dims):
        raise InputError("checkpoint.bad_shape", file=file, tensor=name)
    count = element_count(tensor.dims)
    if count > _MAX_ELEMENTS:
        raise InputError("checkpoint.shape_overflow", file=file, tensor=name)
    return count


def bytes_of(tensor: Declared, name: str, file: str) -> int:
    """Return the bytes that the tensor's values take. InputError for an unknown element type or shape."""
    count = elements_of(tensor, name, file)
    if tensor.code in PLAIN:
        return count * DTYPES[PLAIN[tensor.code][0]].itemsize
    if tensor.code in CODES:
        return -(-count * CODES[tensor.code][1] // 8)
    raise InputError("checkpoint.onnx_dtype", file=file, tensor=name, number=tensor.code)


def placed(tensor: Declared, storage: Storage, other: SourceFile | None = None) -> Placed:
    """Return the tensor over the storage that holds its values, in a further file where one is given."""
    if tensor.code in PLAIN:
        return Placed(PLAIN[tensor.code][0], tensor.dims, storage, 0, file=other)
    encoded = Tabled(storage, 0, TABLES[tensor.code])
    return Placed(CODES[tensor.code][0], tensor.dims, storage, 0, encoded=encoded, file=other)


def own_values(tensor: Declared, name: str, file: SourceFile) -> Storage:
    """Return where the values lie in the model's own file.

    Raises:
        InputError: there are none, two sets of them, or not as many as the shape has.
    """
    needed = bytes_of(tensor, name, file.name)
    data = [piece for piece in tensor.data if piece[1] != piece[2]]
    fields = {key >> 3 for key, _, _ in data}
    if len(fields) > 1:
        raise InputError("checkpoint.onnx_two_sources", file=file.name, tensor=name)
    if not data:
        if needed:
            raise InputError("checkpoint.onnx_no_data", file=file.name, tensor=name)
        return Held(b"")
    field = fields.pop()
    wanted = PLAIN[tensor.code][1] if tensor.code in PLAIN else _INT32_DATA
    if field not in (_RAW, wanted):
        raise InputError("checkpoint.onnx_wrong_field", file=file.name, tensor=name)
    storage = _whole(data, tensor, file, name)
    if storage.nbytes != needed:
        raise InputError(
            "checkpoint.size_mismatch", file=file.name, tensor=name, declared=storage.nbytes, needed=needed
        )
    return storage


def _whole(data: list[tuple[int, int, int]], tensor: Declared, file: SourceFile, name: str) -> Storage:
    """Return the fields of one kind as one run of values."""
    field = data[0][0] >> 3
    kinds = {key & 7 for key, _, _ in data}
    as_numbers = field in (_INT32_DATA, _INT64_DATA, _UINT64_DATA)
    alone = {_FLOAT_DATA: FOUR, _DOUBLE_DATA: EIGHT, _RAW: RUN}.get(field, VARINT)
    if not kinds <= {RUN, alone}:
        raise InputError("checkpoint.onnx_damaged", file=file.name)
    dtype = _stored_type(tensor.code)
    if len(data) == 1 and kinds == {RUN}:
        _, start, stop = data[0]
        return VarintRun(file, start, stop, dtype) if as_numbers else Extent(file, start, stop - start)
    if len(data) > _MAX_LOOSE or sum(max(stop - start, 8) for _, start, stop in data) > 16 * _MAX_LOOSE:
        raise InputError("checkpoint.onnx_limit", file=file.name, tensor=name)
    if as_numbers:
        return Held(b"".join(_numbers(piece, file, dtype) for piece in data))
    return Held(b"".join(file.read(start, stop - start) for _, start, stop in data))


def _numbers(piece: tuple[int, int, int], file: SourceFile, dtype: np.dtype[Any]) -> bytes:
    key, start, stop = piece
    if key & 7 == VARINT:
        return np.array([start], np.uint64).astype(dtype).tobytes()
    run = VarintRun(file, start, stop, dtype)
    content = bytearray(run.nbytes)
    run.read_into(0, memoryview(content))
    return bytes(content)


def _stored_type(code: int) -> np.dtype[Any]:
    """Return the numpy type of the bits of one number in an integer field: 16-bit floats as their bits."""
    if code not in PLAIN:
        return np.dtype("u1")
    dtype = DTYPES[PLAIN[code][0]]
    return dtype if dtype.kind in "iu" else np.dtype(f"<u{dtype.itemsize}")
