"""The element types of checkpoints: safetensors spelling, numpy type, conversion to float.

Conversion reuses the caller's buffer: allocating a new float32 block costs five times the conversion.
"""

from __future__ import annotations

import re
from typing import Any

import ml_dtypes
import numpy as np
import numpy.typing as npt

# Spelling as in the safetensors format, https://github.com/huggingface/safetensors (Format).
DTYPES: dict[str, np.dtype[Any]] = {
    "F64": np.dtype("<f8"),
    "F32": np.dtype("<f4"),
    "F16": np.dtype("<f2"),
    "BF16": np.dtype(ml_dtypes.bfloat16),
    "F8_E4M3": np.dtype(ml_dtypes.float8_e4m3fn),
    "F8_E5M2": np.dtype(ml_dtypes.float8_e5m2),
    "I64": np.dtype("<i8"),
    "I32": np.dtype("<i4"),
    "I16": np.dtype("<i2"),
    "I8": np.dtype("i1"),
    "U64": np.dtype("<u8"),
    "U32": np.dtype("<u4"),
    "U16": np.dtype("<u2"),
    "U8": np.dtype("u1"),
    "BOOL": np.dtype("u1"),
}
# Known to the format, with this many bits an element, but not compared: no agreed value without other tensors.
OPAQUE_BITS: dict[str, int] = {
    "F8_E8M0": 8,
    "F8_E4M3FNUZ": 8,
    "F8_E5M2FNUZ": 8,
    "C64": 64,
    "F4": 4,
    "F6_E2M3": 6,
    "F6_E3M2": 6,
}
# Stored in a code of fewer bits with scales; values come as float32. Each format adds the names of its codes.
_QUANTISED = ("AWQ_INT4", "GPTQ_INT2", "GPTQ_INT4", "GPTQ_INT8", "PACKED_INT4", "PACKED_INT8")
_SCALED = ("BNB_INT8", "BNB_NF4", "BNB_FP4", "FP8_SCALED", "INT8_SCALED")
ENCODED: frozenset[str] = frozenset({*_QUANTISED, *_SCALED, "LORA_UPDATE"})
_WIDTH = re.compile(r"\d+")  # the first number in the name of a code is its bits
FLOATS = frozenset({"F64", "F32", "F16", "BF16", "F8_E4M3", "F8_E5M2"}) | ENCODED


def value_type(dtype: str) -> np.dtype[Any]:
    """Return the numpy type in which values of a stored `dtype` are read: float32 for what is encoded."""
    return DTYPES["F32"] if dtype in ENCODED else DTYPES[dtype]


def code_levels(dtype: str) -> int | None:
    """Return how many values each run of weights in a code can take, None where `dtype` is no code.

    >>> code_levels("BNB_NF4"), code_levels("F16")
    (16, None)
    """
    width = _WIDTH.search(dtype)
    return 1 << int(width[0]) if dtype in ENCODED and width else None


def bits(dtype: str) -> int:
    """Return the bits one element of `dtype` takes on disk."""
    return DTYPES[dtype].itemsize * 8 if dtype in DTYPES else OPAQUE_BITS[dtype]


def to_float32(raw: npt.NDArray[Any], out: npt.NDArray[Any] | None = None) -> npt.NDArray[np.float32]:
    """Convert stored elements (n,) to float32 (n,), into `out` (float32, at least n elements) where given."""
    target = np.empty(raw.size, np.float32) if out is None else out.reshape(-1)[: raw.size]
    if raw.dtype == DTYPES["BF16"]:
        np.left_shift(raw.view(np.uint16), 16, out=target.view(np.uint32), dtype=np.uint32, casting="unsafe")
    else:
        # float64 may overflow to infinity; a signalling NaN becomes a quiet one. Both are judged, not warned of.
        with np.errstate(over="ignore", invalid="ignore"):
            target[...] = raw
    return target


def to_float64(raw: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """Convert stored elements (n,) to float64 (n,)."""
    wide = to_float32(raw) if raw.dtype.kind == "V" or raw.dtype.itemsize <= 2 else raw
    with np.errstate(invalid="ignore"):
        return wide.astype(np.float64)
