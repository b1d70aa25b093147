"""Random valid files of every format give the values that the format's own library gives."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import gguf
import h5py
import numpy as np
import onnx
import pytest
import safetensors
import safetensors.numpy
import torch

from inspector.checkpoint import open_checkpoint

Values = dict[str, np.ndarray[Any, Any]]
NUMBERS = ("<f4", "<f8", "<f2", "<i8", "<i4", "<i2", "i1", "u1", "?")
SEEDS = range(6)


def some(random: np.random.Generator, kinds: tuple[str, ...] = NUMBERS, empty: bool = True) -> Values:
    """A few arrays of random types and shapes, from scalars to four dimensions, some of them empty."""
    found = {}
    for number in range(int(random.integers(1, 9))):
        shape = tuple(int(random.integers(0 if empty and random.random() < 0.1 else 1, 9)) for _ in range(number % 5))
        kind = np.dtype(kinds[int(random.integers(len(kinds)))])
        raw = random.integers(0, 256, (*shape, kind.itemsize), dtype=np.uint8)
        array = np.ascontiguousarray(raw).view(kind).reshape(shape) if kind.kind in "iu" else raw[..., 0].astype(kind)
        found[f"layer.{number}.values"] = array  # a column of bytes called "weight" would be packed codes
    return found


def with_safetensors(folder: Path, random: np.random.Generator) -> tuple[Path, Values]:
    path = folder / "m.safetensors"
    safetensors.numpy.save_file(some(random), path)
    with safetensors.safe_open(path, "np") as file:
        return path, {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118


def with_torch(folder: Path, random: np.random.Generator) -> tuple[Path, Values]:
    """Zip or legacy, with views: transposed, sliced, expanded, sharing a storage."""
    tensors = {name: torch.from_numpy(array.copy()) for name, array in some(random, empty=False).items()}
    base = torch.from_numpy(random.normal(size=(6, 8)).astype(np.float32))
    tensors |= {"turned": base.t(), "sliced": base[1:5, ::2], "shared": base, "column": base[:, 3]}
    path = folder / "m.pt"
    torch.save(tensors, path, _use_new_zipfile_serialization=bool(random.integers(2)))
    return path, {name: tensor.numpy() for name, tensor in tensors.items()}


def with_hdf5(folder: Path, random: np.random.Generator) -> tuple[Path, Values]:
    """Contiguous or in chunks, with any of the usual filters."""
    path = folder / "m.h5"
    with h5py.File(path, "w") as file:
        for name, array in some(random, NUMBERS[:-1], empty=False).items():
            chosen = {}
            if array.ndim and random.random() < 0.7:
                chosen = {"chunks": tuple(max(1, size // 2) for size in array.shape), "shuffle": random.random() < 0.5}
                chosen |= {"compression": "gzip"} if random.random() < 0.5 else {"fletcher32": True}
            file.create_dataset(name.replace(".", "/"), data=array, **chosen)
    with h5py.File(path) as file:
        found: Values = {}
        file.visititems(
            lambda name, item: (
                found.update({name.replace("/", "."): item[()]}) if isinstance(item, h5py.Dataset) else None
            )
        )
    return path, {name: np.asarray(value) for name, value in found.items()}


def with_numpy(folder: Path, random: np.random.Generator) -> tuple[Path, Values]:
    """Stored or deflated, in C and in Fortran order, in either byte order."""
    path = folder / "m.npz"
    arrays = some(random)
    if random.random() < 0.5:
        arrays = {name: np.asfortranarray(array) for name, array in arrays.items()}
    if random.random() < 0.5:
        arrays = {name: array.astype(array.dtype.newbyteorder(">")) for name, array in arrays.items()}
    (np.savez_compressed if random.random() < 0.5 else np.savez)(path, **arrays)
    with np.load(path, allow_pickle=False) as file:
        return path, {name: file[name] for name in file.files}


def with_gguf(folder: Path, random: np.random.Generator) -> tuple[Path, Values]:
    """Plain types and block codes of random bytes."""
    path, codes = folder / "m.gguf", ("F32", "F16", "Q8_0", "Q4_0", "Q5_1", "Q4_K", "Q6_K")
    writer, found = gguf.GGUFWriter(path, "llama"), {}
    for number in range(int(random.integers(1, 6))):
        code = gguf.GGMLQuantizationType[codes[int(random.integers(len(codes)))]]
        values = random.normal(size=(int(random.integers(1, 5)), 256)).astype(np.float32)
        if code.name in ("F32", "F16"):
            values = stored = values.astype(np.float16) if code.name == "F16" else values
        else:
            size = gguf.quants.quant_shape_to_byte_shape(values.shape, code)
            stored = random.integers(0, 60, size, dtype=np.uint8)  # small exponents: no scale is infinite
            values = gguf.quants.dequantize(stored, code)
        writer.add_tensor(f"layer.{number}.weight", stored, raw_dtype=code)
        found[f"layer.{number}.weight"] = values
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path, found


def with_onnx(folder: Path, random: np.random.Generator) -> tuple[Path, Values]:
    """Initialisers in the file or beside it."""
    path = folder / "m.onnx"
    arrays = some(random, NUMBERS[:-1], empty=False)
    graph = onnx.helper.make_graph([], "g", [], [], [onnx.numpy_helper.from_array(a, n) for n, a in arrays.items()])
    model = onnx.helper.make_model(graph)
    beside = bool(random.integers(2))
    onnx.save(model, path, save_as_external_data=beside, location="m.bin" if beside else None, size_threshold=0)
    return path, {item.name: onnx.numpy_helper.to_array(item) for item in onnx.load(path).graph.initializer}


WRITERS = (with_safetensors, with_torch, with_hdf5, with_numpy, with_gguf, with_onnx)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("write", WRITERS, ids=lambda write: write.__name__.removeprefix("with_"))
def test_values_are_those_of_the_library(
    tmp_path: Path, write: Callable[[Path, np.random.Generator], tuple[Path, Values]], seed: int
) -> None:
    path, expected = write(tmp_path, np.random.default_rng(seed))
    with open_checkpoint(path) as checkpoint:
        left_out = {note.tensor for note in checkpoint.warnings if note.code.endswith("onnx_steering")}
        assert set(checkpoint.tensors) | left_out >= set(expected) - left_out
        for name, stored in checkpoint.tensors.items():
            values = checkpoint.read_flat(name, 0, stored.elements).reshape(stored.shape)
            wanted = expected[name]
            assert stored.shape == wanted.shape
            wanted = wanted.astype(wanted.dtype.newbyteorder("<"))
            assert values.tobytes() == np.ascontiguousarray(wanted).tobytes()
