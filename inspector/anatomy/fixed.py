"""Tensors that are equal in every honest model: recognised by their values, set apart with a reason.

A name or an unusual shape only makes a tensor worth reading (`resources/catalogue/fixed.json`); the formula decides.
So a learned table under the name of a fixed one stays, and a renamed fixed table goes. Integers are judged by dtype:
64-bit ones and booleans are never weights, smaller ones may be packed weights and stay unless they count.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice
from math import prod

import numpy as np

import resources
from inspector.anatomy.families import CatalogueError
from inspector.anatomy.formulas import FORMULAS, Formula, Rows, Values
from inspector.checkpoint.base import Checkpoint, StoredTensor
from inspector.checkpoint.dtypes import DTYPES, ENCODED, FLOATS
from inspector.errors import Note

MAX_ELEMENTS = 1 << 20  # of one table that are read
MAX_SAMPLED_ROWS = 256  # of a table larger than that
MAX_UNNAMED = 32  # tables looked at for their shape alone
MAX_NAMED = 4096  # tables of one kind looked at for their names; a vendor may call everything "position"
MAX_TRUTH = 1 << 26  # truth values that are read, of at most MAX_NAMED tensors
ODD_TRUTH = "anatomy.odd_truth"
MAX_TABLE = 1 << 27  # bytes; no fixed table is larger


@dataclass(frozen=True, slots=True)
class Fixed:
    """One kind of fixed table: its reason, formula, what a name worth reading contains, and numbers of dimensions."""

    reason: str
    formula: Formula
    names: tuple[str, ...]
    dims: frozenset[int]


@cache
def load_fixed() -> tuple[Fixed, ...]:
    """Return the kinds of fixed tables of the catalogue.

    Raises:
        CatalogueError: an entry names an unknown test or has a wrong key.
    """
    entries = []
    for entry in resources.load_json("catalogue/fixed.json")["entries"]:
        if entry.keys() != {"reason", "test", "names", "dims"}:
            raise CatalogueError(f"fixed: an entry needs reason, test, names and dims, not {', '.join(entry)}")
        if entry["test"] not in FORMULAS:
            raise CatalogueError(f"fixed: there is no test {entry['test']!r}")
        names, dims = tuple(entry["names"]), frozenset(entry["dims"])
        entries.append(Fixed(entry["reason"], FORMULAS[entry["test"]], names, dims))
    return tuple(entries)


def find_fixed(checkpoint: Checkpoint) -> dict[str, Note]:
    """Return tensor name -> why it is set apart, for every tensor that holds no weights.

    Raises:
        InputError: values cannot be read.
    """
    found: dict[str, Note] = {}
    floats: list[StoredTensor] = []
    left = MAX_TRUTH
    for tensor in checkpoint.tensors.values():
        if 0 in tensor.shape:
            found[tensor.name] = Note("anatomy.empty")
        elif tensor.dtype not in DTYPES and tensor.dtype not in ENCODED:
            found[tensor.name] = Note("anatomy.opaque_dtype", {"dtype": tensor.dtype})
        elif tensor.dtype == "BOOL":
            size = max(0, min(tensor.elements, MAX_ELEMENTS, left))
            left -= max(size, MAX_TRUTH // MAX_NAMED)
            odd = size > 0 and checkpoint.read_flat(tensor.name, 0, size).view(np.uint8).max() > 1
            found[tensor.name] = Note(ODD_TRUTH if odd else "anatomy.fixed_mask")
        elif tensor.dtype not in FLOATS:
            reason = _integer_reason(checkpoint, tensor)
            if reason:
                found[tensor.name] = Note(reason)
        elif tensor.nbytes <= MAX_TABLE:
            floats.append(tensor)
    for tensor, entry in _plausible(floats):
        if tensor.name not in found and _follows(checkpoint, tensor, entry.formula):
            found[tensor.name] = Note(entry.reason)
    return found


def _integer_reason(checkpoint: Checkpoint, tensor: StoredTensor) -> str:
    """Return the reason for an integer tensor, "" where it may be packed weights."""
    if tensor.elements == 1:
        return "anatomy.batch_counter" if tensor.name.endswith("num_batches_tracked") else "anatomy.integer_scalar"
    line = max(tensor.shape) == tensor.elements
    if line and tensor.elements <= MAX_ELEMENTS:
        values = checkpoint.read_flat(tensor.name, 0, tensor.elements)
        if np.array_equal(values, np.arange(tensor.elements)):
            return "anatomy.fixed_position_ids"
    small = tensor.dtype in ("I8", "U8", "I16", "I32", "U16", "U32")
    return "" if small and not line else "anatomy.integer_table"


def _plausible(floats: list[StoredTensor]) -> Iterator[tuple[StoredTensor, Fixed]]:
    """Yield what is worth reading: by name, and few tensors whose shape is a table's and no other tensor's."""
    entries = load_fixed()
    names = [tensor.name.lower() for tensor in floats]
    text = "\n".join(names)
    for entry in entries:
        words = [word for word in entry.names if word in text]
        for tensor in _named(floats, names, words, entry.dims)[:MAX_NAMED]:
            yield tensor, entry
    shapes = Counter(tensor.shape for tensor in floats)
    rare = (tensor for tensor in floats if shapes[tensor.shape] == 1 and _table_like(tensor.shape))
    for tensor in islice(rare, MAX_UNNAMED):
        for entry in entries:
            if _shape_allows(entry.formula.__name__, tensor.shape):
                yield tensor, entry


def _named(floats: list[StoredTensor], names: list[str], words: list[str], dims: frozenset[int]) -> list[StoredTensor]:
    """Return the tensors whose names contain one of the words, and that have one of these numbers of dimensions."""
    found: set[int] = set()
    for word in words:
        found.update(index for index, name in enumerate(names) if word in name)
    return [floats[index] for index in sorted(found) if len(floats[index].shape) in dims]


def _table_like(shape: tuple[int, ...]) -> bool:
    """Return whether the shape is that of a table: two or three dimensions, exactly two of them real."""
    real = [size for size in shape if size > 1]
    return len(real) == 2 and len(shape) <= 3 and min(real) >= 8


def _shape_allows(formula: str, shape: tuple[int, ...]) -> bool:
    """Return whether a table of this formula can have this shape: bins of a Fourier transform are an odd number."""
    first, last = (size for size in shape if size > 1)
    if formula == "mel_filters":
        return max(first, last) % 2 == 1 and min(first, last) <= 256
    if formula == "stft_basis":
        return first in (last // 2 + 1, 2 * (last // 2 + 1))
    return formula == "sinusoid" and last % 2 == 0


def _follows(checkpoint: Checkpoint, tensor: StoredTensor, formula: Formula) -> bool:
    shape = _rows_and_columns(tensor.shape)
    if formula.__name__ == "sinusoid" and not _starts_like_sinusoid(checkpoint, tensor, shape):
        return False
    whole = tensor.elements <= MAX_ELEMENTS
    if not whole and formula.__name__ in ("mel_filters", "stft_basis", "hann_window"):
        return False
    rows = np.arange(shape[0]) if whole else np.linspace(0, shape[0] - 1, MAX_SAMPLED_ROWS).astype(np.int64)
    values = _read(checkpoint, tensor, rows, shape)
    with np.errstate(all="ignore"):
        return formula(values, rows, shape[0])


def _rows_and_columns(shape: tuple[int, ...]) -> tuple[int, int]:
    """Positions are rows: leading and middle dimensions of 1 do not count; a grid's two dimensions are one."""
    real = [size for size in shape if size > 1] or [1]
    if len(real) == 1:
        return (real[0], 1) if len(shape) == 1 else (prod(shape[:-1]), shape[-1])
    return prod(real[:-1]), real[-1]


def _starts_like_sinusoid(checkpoint: Checkpoint, tensor: StoredTensor, shape: tuple[int, int]) -> bool:
    """Return whether the first row holds only zeros and ones, as every sinusoid's does: a cheap look first."""
    first = _read(checkpoint, tensor, np.zeros(1, np.int64), shape)
    return bool(np.all((np.abs(first) < 1e-3) | (np.abs(first - 1) < 1e-3)))


def _read(checkpoint: Checkpoint, tensor: StoredTensor, rows: Rows, shape: tuple[int, int]) -> Values:
    width = shape[1]
    if len(rows) == shape[0]:
        flat = checkpoint.read_flat(tensor.name, 0, shape[0] * width)
        return flat.astype(np.float64).reshape(shape)
    runs = [
        checkpoint.read_flat(tensor.name, int(row) * width, int(row + 1) * width).astype(np.float64) for row in rows
    ]
    return np.stack(runs)
