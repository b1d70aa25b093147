"""The element types of checkpoints: safetensors spelling, numpy type, conversion to float.

Conversion reuses the caller's buffer: allocating a new float32 block costs five times the conversion.
"""

from __future__ import annotations

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
_GGUF = ("Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K", "Q8_K", "IQ4_NL", "IQ4_XS")
# ONNX: small types by their own names, and what a DequantizeLinear node makes of the integers DQ_ stands before.
_ONNX_SMALL = {"UINT2", "INT2", "UINT4", "INT4", "FLOAT4E2M1", "FLOAT8E4M3FNUZ", "FLOAT8E5M2FNUZ", "FLOAT8E8M0"}
_ONNX_STORED = _ONNX_SMALL | {"I8", "U8", "I16", "U16", "I32", "F8_E4M3", "F8_E5M2"}
_ONNX = _ONNX_SMALL | {f"DQ_{dtype}" for dtype in _ONNX_STORED}
ENCODED: frozenset[str] = frozenset({*_QUANTISED, *_SCALED, *_GGUF, *_ONNX, "LORA_UPDATE"})
FLOATS = frozenset({"F64", "F32", "F16", "BF16", "F8_E4M3", "F8_E5M2"}) | ENCODED


def value_type(dtype: str) -> np.dtype[Any]:
    """Return the numpy type in which values of a stored `dtype` are read: float32 for what is encoded."""
    return DTYPES["F32"] if dtype in ENCODED else DTYPES[dtype]


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
