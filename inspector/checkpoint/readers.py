"""The table of formats: which reader serves which content."""

from __future__ import annotations

from collections.abc import Callable

from inspector.checkpoint.hdf5 import read_hdf5
from inspector.checkpoint.onnx import read_onnx
from inspector.checkpoint.pytorch_legacy import read_plain_pickle, read_pytorch_legacy
from inspector.checkpoint.pytorch_zip import read_pytorch_zip
from inspector.checkpoint.safetensors import read_safetensors
from inspector.checkpoint.sniff import sniff
from inspector.checkpoint.source import Beside, SourceFile
from inspector.checkpoint.storage import Part

# What `sniff` returns -> reader. Those of the second table name further files.
READERS: dict[str, Callable[[SourceFile], Part]] = {
    "safetensors": read_safetensors,
    "zip": read_pytorch_zip,
    "torch_legacy": read_pytorch_legacy,
    "pickle": read_plain_pickle,
    "hdf5": read_hdf5,
}
READERS_BESIDE: dict[str, Callable[[SourceFile, Beside], Part]] = {
    "onnx": read_onnx,
}


def read_part(file: SourceFile, beside: Beside) -> Part:
    """Read the headers of one opened file, whatever its format. Raises InputError naming the file."""
    kind = sniff(file)
    return READERS_BESIDE[kind](file, beside) if kind in READERS_BESIDE else READERS[kind](file)
