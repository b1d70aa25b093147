"""Which HDF5 element types are compared: plain numbers of a fixed size whose bits mean what numpy's do."""

from __future__ import annotations

from typing import Any

from h5py import h5a, h5d, h5t

# Position and length of sign, exponent and mantissa, and the exponent's bias -> the type.
_FLOATS = {
    (15, 10, 5, 0, 10, 15): "F16",
    (15, 7, 8, 0, 7, 127): "BF16",
    (31, 23, 8, 0, 23, 127): "F32",
    (63, 52, 11, 0, 52, 1023): "F64",
}
_FLOAT_BYTES = {"F16": 2, "BF16": 2, "F32": 4, "F64": 8}
_KINDS = {
    h5t.TIME: "time",
    h5t.STRING: "text",
    h5t.BITFIELD: "bit field",
    h5t.OPAQUE: "opaque",
    h5t.COMPOUND: "compound",
    h5t.REFERENCE: "references",
    h5t.ENUM: "enumeration",
    h5t.VLEN: "variable length",
    h5t.ARRAY: "array elements",
}
_BOOLEAN_NAMES = {b"FALSE": 0, b"TRUE": 1}


def element_type(dataset: h5d.DatasetID) -> tuple[str, bool, str]:
    """Return (dtype, big-endian, ""), or ("", False, what the elements are) where they are not compared."""
    kind = dataset.get_type()
    what = kind.get_class()
    dtype = ""
    if what == h5t.INTEGER:
        dtype = _integer(kind)
    elif what == h5t.FLOAT:
        dtype = _float(kind)
    elif what == h5t.ENUM and _is_boolean(kind):
        dtype = "BOOL"
    elif what == h5t.OPAQUE and kind.get_size() == 2 and h5a.exists(dataset, b"dtype"):
        # Keras 3 saves bfloat16 as two opaque bytes and says so in this attribute, which it writes for nothing
        # else: keras/src/saving/saving_lib.py (H5Entry.__setitem__). numpy's bytes are little-endian there.
        return "BF16", False, ""
    if not dtype:
        return "", False, _KINDS.get(what, "other number format")
    big = what in (h5t.INTEGER, h5t.FLOAT) and kind.get_order() == h5t.ORDER_BE
    return dtype, big, ""


def _integer(kind: Any) -> str:
    size = kind.get_size()
    if size not in (1, 2, 4, 8) or not _plain(kind, size):
        return ""
    return f"{'I' if kind.get_sign() == h5t.SGN_2 else 'U'}{size * 8}"


def _float(kind: Any) -> str:
    size = kind.get_size()
    if not _plain(kind, size) or kind.get_norm() != h5t.NORM_IMPLIED:
        return ""
    dtype = _FLOATS.get((*kind.get_fields(), kind.get_ebias()), "")
    return dtype if _FLOAT_BYTES.get(dtype) == size else ""


def _plain(kind: Any, size: int) -> bool:
    """Say whether all bits of an element count and their order is one that numpy knows."""
    whole = kind.get_precision() == size * 8 and kind.get_offset() == 0
    return whole and kind.get_order() in (h5t.ORDER_LE, h5t.ORDER_BE)


def _is_boolean(kind: Any) -> bool:
    """Say whether an enumeration is the one that h5py writes for bool."""
    if kind.get_size() != 1 or kind.get_nmembers() != len(_BOOLEAN_NAMES):
        return False
    return {kind.get_member_name(i): kind.get_member_value(i) for i in range(2)} == _BOOLEAN_NAMES
