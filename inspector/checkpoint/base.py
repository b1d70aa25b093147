"""The interface every checkpoint format serves: named, lazy, read-only tensors.

Promises: opening reads headers only; values are read by offset into the caller's buffers; nothing is
memory-mapped, executed, imported or followed out of what was opened.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from inspector.checkpoint.dtypes import to_float32, to_float64
from inspector.errors import Note

# A matrix row longer than this is cut: the tensor is then treated as one long column (see `matrix_shape`).
MAX_ROW = 1 << 22
FLIPPED = " flipped"

Raw = npt.NDArray[Any]
OnBytes = Callable[[int, int, memoryview], None]


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One opened file: its name relative to what was opened (POSIX separators) and its size in bytes."""

    name: str
    bytes: int


@dataclass(frozen=True, slots=True)
class StoredTensor:
    """A tensor as the file declares it.

    Attributes:
        name: as in the file, after unwrapping state-dict containers.
        dtype: safetensors spelling: F64 F32 F16 BF16 F8_E4M3 F8_E5M2 I64 I32 I16 I8 U8 BOOL, ...; or the name of a
            code (`dtypes.ENCODED`, as GGUF's Q4_K), whose values come as float32.
        shape: dimensions, () for a scalar.
        file: index into `Checkpoint.files`. offset: absolute position of the first element in that file,
            or -1 where the values do not lie there in one run (strided, deflated or encoded).
        nbytes: bytes of the values as they are read (elements × item size).
    """

    name: str
    dtype: str
    shape: tuple[int, ...]
    file: int
    offset: int
    nbytes: int

    @property
    def elements(self) -> int:
        """Number of elements, 1 for a scalar and 0 for an empty tensor."""
        count = 1
        for size in self.shape:
            count *= size
        return count


@dataclass(frozen=True, slots=True, eq=False)
class Projected:
    """What a tensor of a fingerprint stands for (inspector.references).

    Attributes:
        shape: of the tensor it was made from. elements: how many of them it stands for. digests: dtype -> SHA-256 of
            that tensor's bytes, stored and rounded; of kernels also dtype + `FLIPPED` -> with the taps reversed. keys:
            (units,) 64-bit keys of its units at full width, None where its units are not known. component: name of the
            component it belongs to. odd: of kernels that can be flipped, how many of the last columns then change sign.
    """

    shape: tuple[int, ...]
    elements: int
    digests: Mapping[str, str]
    keys: npt.NDArray[np.int64] | None
    component: str = ""
    odd: int = 0


def matrix_shape(shape: tuple[int, ...]) -> tuple[int, int]:
    """Return (rows, columns): rows are the first dimension (units), columns all others.

    Vectors are (n, 1), scalars (1, 1). A tensor whose rows exceed `MAX_ROW` elements is (n, 1).

    >>> matrix_shape((1280, 3, 2, 14, 14))
    (1280, 1176)
    """
    rows = shape[0] if shape else 1
    columns = 1
    for size in shape[1:]:
        columns *= size
    return (rows * columns, 1) if columns > MAX_ROW else (rows, columns)


class Checkpoint(ABC):
    """An opened checkpoint. Close it (or use it as a context manager). Several threads may read at a time.

    Attributes:
        path: as given. format: "safetensors", "pytorch", "hdf5", "keras", "numpy", "gguf" or "onnx".
        files: in reading order.
        tensors: name -> StoredTensor, in natural number order.
        metadata: text pairs of the file (hints only). config: parsed config.json, {} if there is none (hints only).
        warnings: what an evaluator must know about these files.
        projected: of a fingerprint, tensor name -> what it stands for, also of what has no values here; empty where
            values are the weights themselves.
        projection: of a fingerprint, how it was projected; only what was projected alike can be compared.
    """

    path: str
    format: str
    files: tuple[FileEntry, ...]
    tensors: Mapping[str, StoredTensor]
    metadata: Mapping[str, str]
    config: Mapping[str, Any]
    warnings: tuple[Note, ...]
    projected: Mapping[str, Projected] = MappingProxyType({})
    projection: str = ""

    @abstractmethod
    def read_flat(self, name: str, start: int, stop: int, out: Raw | None = None) -> Raw:
        """Return elements start..stop (C order) in the stored dtype, float32 of what is encoded: (stop - start,).

        BF16 and FP8 come as `ml_dtypes` arrays. `out` (uint8, at least the needed bytes) is reused as the
        buffer where given; the result then is a view of it, valid until the next call.

        Raises:
            InputError: the file ends early or changed while open (names file and tensor).
        """

    @abstractmethod
    def read_file(self, index: int, start: int, stop: int, out: Raw | None = None) -> Raw:
        """Return bytes start..stop of file `index` as uint8, for hashing."""

    @abstractmethod
    def check_unchanged(self) -> None:
        """Raise InputError("checkpoint.changed") when a file was modified since it was opened."""

    def identity(self) -> tuple[tuple[int, ...], ...] | None:
        """Return what tells the opened files from any others and from their later selves, None where nothing does."""
        return None

    @abstractmethod
    def close(self) -> None:
        """Release the files. Safe to call twice."""

    def read_rows(self, name: str, start: int, stop: int, out: Raw | None = None) -> npt.NDArray[np.float32]:
        """Return rows start..stop of the tensor's matrix form as float32, shape (stop - start, columns).

        `out`: float32 buffer with at least that many elements, reused where given.
        """
        columns = matrix_shape(self.tensors[name].shape)[1]
        raw = self.read_flat(name, start * columns, stop * columns)
        return to_float32(raw, out).reshape(stop - start, columns)

    def read_rows64(self, name: str, start: int, stop: int) -> npt.NDArray[np.float64]:
        """Return the same rows as float64, for values that overflow float32."""
        columns = matrix_shape(self.tensors[name].shape)[1]
        return to_float64(self.read_flat(name, start * columns, stop * columns)).reshape(stop - start, columns)

    def __enter__(self) -> Checkpoint:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
