"""The table of formats: which reader serves which content."""

from __future__ import annotations

from collections.abc import Callable

from inspector.checkpoint.gguf import read_gguf
from inspector.checkpoint.hdf5 import read_hdf5
from inspector.checkpoint.numpy_file import read_npy
from inspector.checkpoint.onnx import read_onnx
from inspector.checkpoint.pytorch_legacy import read_plain_pickle, read_pytorch_legacy
from inspector.checkpoint.safetensors import read_safetensors
from inspector.checkpoint.sniff import sniff
from inspector.checkpoint.source import Beside, SourceFile
from inspector.checkpoint.storage import Part
from inspector.checkpoint.zip_reader import read_zip

# What `sniff` returns -> reader. Those of the second table name further files.
READERS: dict[str, Callable[[SourceFile], Part]] = {
    "safetensors": read_safetensors,
    "zip": read_zip,
    "torch_legacy": read_pytorch_legacy,
    "pickle": read_plain_pickle,
    "hdf5": read_hdf5,
    "gguf": read_gguf,
    "npy": read_npy,
}
READERS_BESIDE: dict[str, Callable[[SourceFile, Beside], Part]] = {
    "onnx": read_onnx,
}


def read_part(file: SourceFile, beside: Beside) -> Part:
    """Read the headers of one opened file, whatever its format. Raises InputError naming the file."""
    kind = sniff(file)
    file.verify_small()
    part = READERS_BESIDE[kind](file, beside) if kind in READERS_BESIDE else READERS[kind](file)
    file.settle()
    return part
