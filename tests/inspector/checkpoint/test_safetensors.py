"""safetensors files: equal to the format's own library, and no mutation gives anything but an InputError."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.torch import save, save_file

from inspector.checkpoint import open_checkpoint
from inspector.errors import InputError
from tests.inspector.checkpoint.conftest import TORCH_DTYPES, assert_opens_as, refusal, tensor_of

SEED = save({"a.1.w": tensor_of("F32"), "a.2.w": tensor_of("BF16", (4,)), "s": torch.tensor(2.0)}, {"format": "pt"})


@pytest.mark.parametrize("dtype", sorted(TORCH_DTYPES))
def test_every_dtype_as_the_library_writes_it(tmp_path: Path, dtype: str) -> None:
    tensors = {"w": tensor_of(dtype), "scalar": tensor_of(dtype, ()), "none": tensor_of(dtype, (0, 4))}
    save_file(tensors, tmp_path / "m.safetensors")
    assert assert_opens_as(tmp_path / "m.safetensors", tensors) == ()


@pytest.mark.parametrize("dtype", ["F32", "BF16", "F8_E5M2", "I64", "BOOL"])
def test_rows_are_float32(tmp_path: Path, dtype: str) -> None:
    tensor = tensor_of(dtype, (4, 2, 3))
    save_file({"w": tensor}, tmp_path / "m.safetensors")
    with open_checkpoint(tmp_path / "m.safetensors") as checkpoint:
        rows = checkpoint.read_rows("w", 1, 3)
        assert rows.dtype == np.float32
        assert np.array_equal(rows, tensor.reshape(4, 6)[1:3].float().numpy())
        assert np.array_equal(checkpoint.read_rows64("w", 1, 3), rows.astype(np.float64))


def test_the_callers_buffer_is_used(tmp_path: Path) -> None:
    save_file({"w": tensor_of("F32")}, tmp_path / "m.safetensors")
    buffer = np.zeros(64, np.uint8)
    with open_checkpoint(tmp_path / "m.safetensors") as checkpoint:
        values = checkpoint.read_flat("w", 5, 10, buffer)
        assert np.shares_memory(values, buffer)
        assert values.tolist() == [5, 6, 7, 0, 1]


def test_metadata_and_natural_order(tmp_path: Path) -> None:
    tensors = {f"layers.{n}.w": tensor_of("F32") for n in (10, 9, 1, 2)}
    save_file(tensors, tmp_path / "m.safetensors", {"note": "text"})
    with open_checkpoint(tmp_path / "m.safetensors") as checkpoint:
        assert list(checkpoint.tensors) == ["layers.1.w", "layers.2.w", "layers.9.w", "layers.10.w"]
        assert checkpoint.metadata == {"note": "text"}
        assert checkpoint.format == "safetensors"


def test_types_without_plain_values_are_named_and_left_out(tmp_path: Path) -> None:
    save_file({"w": tensor_of("F32"), "c": torch.ones(2, dtype=torch.complex64)}, tmp_path / "m.safetensors")
    with open_checkpoint(tmp_path / "m.safetensors") as checkpoint:
        assert list(checkpoint.tensors) == ["w"]
        assert [(n.code, n.tensor, n.params["kind"]) for n in checkpoint.warnings] == [
            ("checkpoint.not_comparable", "c", "C64")
        ]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"dtype": "F99"}, "bad_dtype"),
        ({"dtype": ["F32"]}, "bad_dtype"),
        ({"shape": 4}, "bad_shape"),
        ({"shape": [1] * 65}, "bad_rank"),
        ({"data_offsets": [0, 16, 32]}, "bad_offsets"),
        ({"data_offsets": [4, 20]}, "past_end"),
        ({"data_offsets": [0, True]}, "bad_offsets"),
        ({"extra": 1}, "bad_fields"),
    ],
)
def test_a_header_that_lies(tmp_path: Path, change: dict[str, object], code: str) -> None:
    entry = {"dtype": "F32", "shape": [4], "data_offsets": [0, 16], **change}
    header = json.dumps({"w": entry}).encode()
    path = tmp_path / "m.safetensors"
    path.write_bytes(len(header).to_bytes(8, "little") + header + bytes(16))
    with pytest.raises(InputError) as caught:
        open_checkpoint(path)
    assert (caught.value.note.code, caught.value.note.tensor) == (f"checkpoint.{code}", "w")


@pytest.mark.parametrize(("start", "code"), [(4, "gap"), (0, "undeclared_bytes")])
def test_every_byte_belongs_to_a_tensor(tmp_path: Path, start: int, code: str) -> None:
    header = json.dumps({"w": {"dtype": "F32", "shape": [4], "data_offsets": [start, start + 16]}}).encode()
    path = tmp_path / "m.safetensors"
    path.write_bytes(len(header).to_bytes(8, "little") + header + bytes(20))
    with pytest.raises(InputError) as caught:
        open_checkpoint(path)
    assert caught.value.note.code == f"checkpoint.{code}"


def test_every_truncation_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "m.safetensors"
    for length in range(len(SEED)):
        path.write_bytes(SEED[:length])
        with pytest.raises(InputError):
            open_checkpoint(path)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(SEED) - 1), st.integers(0, 255)), min_size=1, max_size=4))
def test_mutations_give_an_input_error_or_open(
    tmp_path_factory: pytest.TempPathFactory, flips: list[tuple[int, int]]
) -> None:
    path = tmp_path_factory.getbasetemp() / "mutated.safetensors"
    content = bytearray(SEED)
    for at, value in flips:
        content[at] = value
    path.write_bytes(content)
    error = refusal(path)
    assert error is None or error.note.file == "mutated.safetensors"
