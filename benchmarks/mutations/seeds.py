"""Small valid files of every format, whose every byte is changed in turn."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import gguf
import h5py
import numpy as np
import onnx
import torch
from onnx import helper, numpy_helper
from safetensors.numpy import save

A = np.arange(6, dtype=np.float32).reshape(2, 3) + 1
B = np.arange(4, dtype=np.int64) - 2


def safetensors(folder: Path) -> Path:
    """Two tensors and metadata."""
    return _written(folder / "model.safetensors", save({"a": A, "b": B}, {"format": "pt"}))


def index(folder: Path) -> Path:
    """An index of two shards; the index is what is changed."""
    for number, tensors in enumerate(({"a": A}, {"b": B}), 1):
        _written(folder / f"model-0000{number}-of-00002.safetensors", save(tensors))
    listed = {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}
    text = json.dumps({"metadata": {"total_size": A.nbytes + B.nbytes}, "weight_map": listed})
    return _written(folder / "model.safetensors.index.json", text.encode())


def pytorch(folder: Path) -> Path:
    """A state dict as torch.save writes it: a ZIP archive."""
    return _saved(folder / "model.pt", zipped=True)


def pytorch_legacy(folder: Path) -> Path:
    """A state dict as torch.save wrote it before version 1.6."""
    return _saved(folder / "model.pth", zipped=False)


def hdf5(folder: Path) -> Path:
    """Datasets that lie in one run and in a deflated chunk with a checksum."""
    path = folder / "model.h5"
    with h5py.File(path, "w") as file:
        file["a"] = A
        file.create_dataset("b", data=A, chunks=(2, 3), compression="gzip", shuffle=True, fletcher32=True)
        file.attrs["backend"] = "x"
    return path


def keras(folder: Path) -> Path:
    """A Keras 3 archive of one layer."""
    with h5py.File(folder / "w.h5", "w") as file:
        file["layers/dense/vars/0"] = A
    weights = (folder / "w.h5").read_bytes()
    (folder / "w.h5").unlink()
    config = {"module": "keras", "class_name": "Sequential", "config": {"name": "s", "layers": []}}
    members = {"metadata.json": b'{"keras_version": "3.9.0"}', "config.json": json.dumps(config).encode()}
    return _written(folder / "model.keras", _zipped({**members, "model.weights.h5": weights}, zipfile.ZIP_DEFLATED))


def npy(folder: Path) -> Path:
    """One array."""
    return _written(folder / "w.npy", _npy(A))


def npz(folder: Path) -> Path:
    """Two arrays, deflated."""
    return _written(folder / "w.npz", _zipped({"a.npy": _npy(A), "b.npy": _npy(B)}, zipfile.ZIP_DEFLATED))


def gguf_file(folder: Path) -> Path:
    """A plain and a quantised tensor."""
    path = folder / "model.gguf"
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_block_count(1)
    writer.add_array("tokens", ["a", "b"])
    writer.add_tensor("a", A)
    kind = gguf.GGMLQuantizationType.Q8_0
    writer.add_tensor("q", gguf.quants.quantize(np.arange(32, dtype=np.float32).reshape(1, 32), kind), raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def onnx_file(folder: Path) -> Path:
    """A product with raw bytes, and typed numbers."""
    weight, bias = (
        numpy_helper.from_array(A, "a"),
        helper.make_tensor("c", onnx.TensorProto.FLOAT, [3], [1.0, 2.0, 3.0]),
    )
    node = helper.make_node("Gemm", ["x", "a", "c"], ["y"])
    ends = [helper.make_tensor_value_info(*end) for end in (("x", 1, [1, 2]), ("y", 1, [1, 3]))]
    graph = helper.make_graph([node], "g", ends[:1], ends[1:], [weight, bias])
    return _written(folder / "model.onnx", helper.make_model(graph).SerializeToString())


def archive(folder: Path) -> Path:
    """An archive of a safetensors file."""
    return _written(folder / "model.zip", _zipped({"model.safetensors": save({"a": A, "b": B})}, zipfile.ZIP_STORED))


SEEDS: dict[str, Callable[[Path], Path]] = {
    "safetensors": safetensors,
    "index.json": index,
    "PyTorch": pytorch,
    "PyTorch, legacy": pytorch_legacy,
    "HDF5": hdf5,
    "Keras": keras,
    "npy": npy,
    "npz": npz,
    "GGUF": gguf_file,
    "ONNX": onnx_file,
    "ZIP of safetensors": archive,
}


def _written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def _saved(path: Path, *, zipped: bool) -> Path:
    state = {"a": torch.from_numpy(A.copy()), "b": torch.from_numpy(B.copy())}
    torch.save(state, path, _use_new_zipfile_serialization=zipped)
    return path


def _npy(array: np.ndarray) -> bytes:
    out = io.BytesIO()
    np.save(out, array)
    return out.getvalue()


def _zipped(members: dict[str, bytes], method: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as file:
        for name, content in members.items():
            file.writestr(zipfile.ZipInfo(name), content, method)
    return out.getvalue()
