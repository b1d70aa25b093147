"""Writes GGUF files for tests: models under llama.cpp's names by the `gguf` package, and odd files byte by byte."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import gguf
import numpy as np
import numpy.typing as npt
import torch

Array = npt.NDArray[Any]
KINDS = gguf.GGMLQuantizationType


def permuted(rows: Array, heads: int) -> Array:
    """Rows as llama.cpp's converter puts them for rotary embeddings that turn neighbours."""
    turned = rows.reshape(heads, 2, rows.shape[0] // heads // 2, *rows.shape[1:]).swapaxes(1, 2)
    return turned.reshape(rows.shape)


def write_gguf(
    path: Path,
    tensors: Mapping[str, torch.Tensor | Array],
    values: Mapping[str, int | str | list[int]] | None = None,
    *,
    architecture: str = "test",
    kind: KINDS | None = None,
    big_endian: bool = False,
) -> Path:
    """Write tensors, matrices in the code `kind` where their rows have whole blocks; return the path."""
    endianess = gguf.GGUFEndian.BIG if big_endian else gguf.GGUFEndian.LITTLE
    writer = gguf.GGUFWriter(path, architecture, endianess=endianess)
    for key, value in (values or {}).items():
        if isinstance(value, str):
            writer.add_string(key, value)
        elif isinstance(value, list):
            writer.add_array(key, value)
        else:
            writer.add_uint32(key, value)
    for name, tensor in tensors.items():
        array = tensor.numpy() if isinstance(tensor, torch.Tensor) else tensor
        if kind is not None and array.ndim == 2 and array.shape[1] % gguf.GGML_QUANT_SIZES[kind][0] == 0:
            writer.add_tensor(name, gguf.quants.quantize(array.astype(np.float32), kind), raw_dtype=kind)
        else:
            writer.add_tensor(name, np.array(array))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def text(value: str | bytes) -> bytes:
    """A string of the format: its length, then its bytes."""
    raw = value if isinstance(value, bytes) else value.encode()
    return struct.pack("<Q", len(raw)) + raw


def pair(key: str, kind: int, raw: bytes) -> bytes:
    """A key with a value of a type, given as its bytes."""
    return text(key) + struct.pack("<I", kind) + raw


def info(name: str, dims: list[int], kind: int, offset: int) -> bytes:
    """A tensor's declaration."""
    return text(name) + struct.pack(f"<I{len(dims)}QIQ", len(dims), *dims, kind, offset)


def raw_file(pairs: list[bytes], infos: list[bytes], data: bytes, version: int = 3) -> bytes:
    """A whole file, byte by byte."""
    head = b"GGUF" + struct.pack("<IQQ", version, len(infos), len(pairs)) + b"".join((*pairs, *infos))
    return head + bytes(-len(head) % 32) + data
