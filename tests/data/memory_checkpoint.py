"""A checkpoint that lives in memory, for tests that need tensors and no file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from inspector.checkpoint.base import Checkpoint, FileEntry, StoredTensor
from inspector.checkpoint.dtypes import DTYPES
from inspector.checkpoint.naming import natural_key

_SPELLING = {dtype: name for name, dtype in reversed(DTYPES.items())} | {np.dtype(bool): "BOOL"}


class MemoryCheckpoint(Checkpoint):
    """Tensors from numpy arrays. `reads` lists the names whose values were asked for."""

    def __init__(self, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        self.path = "memory"
        self.format = "safetensors"
        self.arrays = {name: np.ascontiguousarray(arrays[name]) for name in sorted(arrays, key=natural_key)}
        self.tensors = {
            name: StoredTensor(name, _SPELLING[array.dtype], array.shape, 0, -1, array.nbytes)
            for name, array in ((name, np.asarray(arrays[name])) for name in self.arrays)
        }
        self.files = (FileEntry("memory", sum(array.nbytes for array in self.arrays.values())),)
        self.metadata: Mapping[str, str] = {}
        self.config: Mapping[str, Any] = {}
        self.warnings = ()
        self.reads: list[str] = []

    def read_flat(self, name: str, start: int, stop: int, out: npt.NDArray[Any] | None = None) -> npt.NDArray[Any]:
        self.reads.append(name)
        values = self.arrays[name].reshape(-1)[start:stop]
        if out is None:
            return values.copy()
        target = out[: values.nbytes].view(values.dtype)
        target[...] = values
        return target

    def read_file(self, index: int, start: int, stop: int, out: npt.NDArray[Any] | None = None) -> npt.NDArray[Any]:
        joined = b"".join(array.tobytes() for array in self.arrays.values())
        return np.frombuffer(joined[start:stop], np.uint8)

    def check_unchanged(self) -> None:
        """Memory does not change behind our back."""

    def close(self) -> None:
        """Nothing is open."""


def from_shapes(shapes: Mapping[str, tuple[int, ...]], seed: int = 0) -> MemoryCheckpoint:
    """Return a checkpoint of small random float32 values with these names and shapes."""
    rng = np.random.default_rng(seed)
    return MemoryCheckpoint({name: rng.standard_normal(shape).astype(np.float32) for name, shape in shapes.items()})
