"""A checkpoint that has names and shapes only: published sizes at no cost. Every value is the same number."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt

from inspector.checkpoint.base import Checkpoint, FileEntry, StoredTensor
from inspector.checkpoint.naming import natural_key


class ShapeCheckpoint(Checkpoint):
    """Float32 tensors of these shapes."""

    def __init__(self, shapes: Mapping[str, tuple[int, ...]]) -> None:
        self.path, self.format = "shapes", "safetensors"
        self.tensors = {
            name: StoredTensor(name, "F32", shapes[name], 0, -1, 4 * prod(shapes[name]))
            for name in sorted(shapes, key=natural_key)
        }
        self.files = (FileEntry("shapes", 0),)
        self.metadata: Mapping[str, str] = {}
        self.config: Mapping[str, Any] = {}
        self.warnings = ()

    def read_flat(self, name: str, start: int, stop: int, out: npt.NDArray[Any] | None = None) -> npt.NDArray[Any]:
        values = np.full(stop - start, 0.37, np.float32)
        if out is None:
            return values
        target = out[: values.nbytes].view(values.dtype)
        target[...] = values
        return target

    def read_file(self, index: int, start: int, stop: int, out: npt.NDArray[Any] | None = None) -> npt.NDArray[Any]:
        raise NotImplementedError

    def check_unchanged(self) -> None:
        """Shapes do not change."""

    def close(self) -> None:
        """Nothing is open."""
