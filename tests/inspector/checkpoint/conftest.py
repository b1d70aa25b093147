"""Shared pieces of the checkpoint tests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from inspector.checkpoint import Checkpoint, open_checkpoint
from inspector.checkpoint.dtypes import DTYPES
from inspector.errors import InputError
from tests.data import bad_inputs

FORMATS = (
    "safetensors",
    "index",
    "filesystem",
    "pytorch",
    "hdf5",
    "gguf",
    "numpy",
    "keras",
    "onnx",
)
TORCH_DTYPES = {
    "F64": torch.float64,
    "F32": torch.float32,
    "F16": torch.float16,
    "BF16": torch.bfloat16,
    "F8_E4M3": torch.float8_e4m3fn,
    "F8_E5M2": torch.float8_e5m2,
    "I64": torch.int64,
    "I32": torch.int32,
    "I16": torch.int16,
    "I8": torch.int8,
    "U64": torch.uint64,
    "U32": torch.uint32,
    "U16": torch.uint16,
    "U8": torch.uint8,
    "BOOL": torch.bool,
}


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The hostile inputs that concern this package, written once."""
    root = tmp_path_factory.mktemp("corpus")
    bad_inputs.build(root, fmts=set(FORMATS))
    return root


def expected(root: Path, case: str) -> dict[str, Any]:
    rows = json.loads((root / "expected.json").read_text(encoding="utf-8"))
    return next((row for row in rows["cases"] if row["id"] == case), {})


def tensor_of(dtype: str, shape: tuple[int, ...] = (3, 5)) -> torch.Tensor:
    """Values that every element type can hold, no two rows alike where the type allows."""
    count = int(np.prod(shape))
    values = torch.arange(count) % 2 if dtype == "BOOL" else torch.arange(count) % 8
    return values.reshape(shape).to(torch.float32).to(TORCH_DTYPES[dtype])


def raw_bytes(tensor: torch.Tensor) -> bytes:
    """The tensor's elements in C order as bytes, by torch itself."""
    return tensor.detach().contiguous().reshape(-1).view(torch.uint8).numpy().tobytes()


def assert_same(checkpoint: Checkpoint, tensors: dict[str, torch.Tensor]) -> None:
    """Every tensor has the name, type, shape and bytes that torch gives; blocks agree with the whole."""
    assert set(checkpoint.tensors) == set(tensors)
    for name, tensor in tensors.items():
        stored = checkpoint.tensors[name]
        assert TORCH_DTYPES[stored.dtype] == tensor.dtype
        assert stored.shape == tuple(tensor.shape)
        assert stored.nbytes == tensor.numel() * tensor.element_size()
        whole = checkpoint.read_flat(name, 0, stored.elements)
        assert whole.dtype == DTYPES[stored.dtype]
        assert whole.tobytes() == raw_bytes(tensor)
        middle = stored.elements // 2
        halves = [checkpoint.read_flat(name, *part).tobytes() for part in ((0, middle), (middle, stored.elements))]
        assert b"".join(halves) == whole.tobytes()
        if stored.offset >= 0:
            there = checkpoint.read_file(stored.file, stored.offset, stored.offset + stored.nbytes)
            assert there.tobytes() == whole.tobytes()


def assert_opens_as(path: Path, tensors: dict[str, torch.Tensor]) -> tuple[str, ...]:
    """Open, compare with torch's tensors, and return the codes of the warnings."""
    with open_checkpoint(path) as checkpoint:
        assert_same(checkpoint, tensors)
        checkpoint.check_unchanged()
        return tuple(note.code for note in checkpoint.warnings)


def refusal(path: Path) -> InputError | None:
    """The error that reading everything gives, None where all of it can be read."""
    try:
        read_all(path)
    except InputError as error:
        return error
    return None


def read_all(path: Path) -> None:
    """Open a checkpoint and read every value, as a comparison would."""
    with open_checkpoint(path) as checkpoint:
        for name, stored in checkpoint.tensors.items():
            for start in range(0, stored.elements, 1 << 20):
                checkpoint.read_flat(name, start, min(start + (1 << 20), stored.elements))
        checkpoint.check_unchanged()
