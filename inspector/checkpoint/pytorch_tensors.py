"""From descriptions of PyTorch tensors to placed ones: every offset, shape and stride checked against its storage."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from inspector.checkpoint.dtypes import DTYPES, bits
from inspector.checkpoint.pickle_calls import DTYPE_NAMES, STORAGES
from inspector.checkpoint.pickle_values import StorageRef, TensorRef
from inspector.checkpoint.state_dict import StateDict, state_dict
from inspector.checkpoint.storage import MAX_SPAN, Part, Placed, Storage, element_count, span
from inspector.errors import InputError, Note

MAX_RANK = 64
MAX_EXPANDED = 64 << 20  # bytes of a view that repeats its storage: more is no plausible weight
MAX_REPEATED = 256 << 20  # bytes of all such views of a file
_MAX_ELEMENTS = (1 << 63) - 1
# Bytes an element, for types that are not compared but whose storages must still have the right size.
_OTHER_BYTES = {"C32": 4, "C64": 8, "C128": 16, "qint32": 4}


@dataclass(frozen=True, slots=True)
class Records:
    """Where the storages of one file lie: `find(ref)` returns the bytes of a storage. Raises InputError."""

    file: str
    find: Callable[[StorageRef], Storage]
    big_endian: bool = False


@dataclass(slots=True)
class _Room:
    """Counts the bytes of views that repeat their storage, of which a few bytes of pickle can declare any number."""

    file: str
    stored: dict[str, int] = field(default_factory=dict)
    repeated: int = 0

    def take(self, name: str, tensor: TensorRef, stored: int) -> None:
        """Count one view. InputError when views that repeat stored elements are too large together."""
        size = element_count(tensor.shape) * item_bytes(tensor.dtype)
        self.stored[tensor.storage.key] = stored
        if size <= stored:
            return
        self.repeated += size
        if self.repeated > MAX_REPEATED:
            whole = sum(self.stored.values())
            size = self.repeated
            raise InputError("checkpoint.views_too_large", file=self.file, tensor=name, size=size, stored=whole)


def place(root: object, records: Records, notes: list[Note]) -> Part:
    """Turn the value of a PyTorch file into named, placed tensors.

    Raises:
        InputError: a tensor reaches past its storage, has an impossible shape, or two get the same name.
    """
    found = state_dict(root, records.file)
    tensors: dict[str, Placed] = {}
    left_out = dict(found.not_comparable)
    room = _Room(records.file)
    for name, tensor in found.tensors.items():
        storage = records.find(tensor.storage)
        _check_view(name, tensor, storage.nbytes, records.file)
        room.take(name, tensor, storage.nbytes)
        if tensor.dtype not in DTYPES:
            left_out[name] = tensor.dtype or "untyped"
            continue
        tensors[name] = _placed(tensor, storage, records.big_endian)
    warnings = (*notes, *found.warnings, *_view_warnings(found, tensors, records.file))
    return Part("pytorch", tensors, {}, left_out, warnings)


def item_bytes(dtype: str) -> int:
    """Return the bytes of one element of a storage, 1 for untyped storages."""
    if dtype in DTYPES:
        return bits(dtype) // 8
    known = dtype in STORAGES.values() or dtype in DTYPE_NAMES.values()
    return _OTHER_BYTES.get(dtype, 1) if known else 1


def _check_view(name: str, tensor: TensorRef, storage_bytes: int, file: str) -> None:
    shape, strides = tensor.shape, tensor.strides
    if len(shape) != len(strides) or any(size < 0 for size in shape) or tensor.offset < 0:
        raise InputError("checkpoint.bad_shape", file=file, tensor=name)
    if any(stride < 0 for stride in strides):
        raise InputError("checkpoint.negative_stride", file=file, tensor=name)
    if len(shape) > MAX_RANK:
        raise InputError("checkpoint.bad_rank", file=file, tensor=name, rank=len(shape), limit=MAX_RANK)
    if max(element_count(shape), *shape, *strides, 0, 0) > _MAX_ELEMENTS:
        raise InputError("checkpoint.shape_overflow", file=file, tensor=name)
    size = item_bytes(tensor.dtype)
    reach = span(shape, strides)
    within = tensor.storage.length if tensor.storage.dtype else tensor.storage.length // size
    held = storage_bytes // size - tensor.storage.base
    if reach and tensor.offset + reach > min(within, held):
        raise InputError("checkpoint.past_storage", file=file, tensor=name, needed=tensor.offset + reach, size=within)
    elements = element_count(shape)
    if elements > reach and elements * size > MAX_EXPANDED:
        raise InputError("checkpoint.expanded_too_large", file=file, tensor=name, elements=elements, stored=reach)
    if not _in_one_run(shape, strides) and reach * size > MAX_SPAN:
        raise InputError("checkpoint.strided_too_large", file=file, tensor=name, size=reach * size, limit=MAX_SPAN)


def _placed(tensor: TensorRef, storage: Storage, big_endian: bool) -> Placed:
    start = (tensor.storage.base + tensor.offset) * item_bytes(tensor.dtype)
    strides = None if _in_one_run(tensor.shape, tensor.strides) else tensor.strides
    return Placed(tensor.dtype, tensor.shape, storage, start, strides, big_endian)


def _in_one_run(shape: tuple[int, ...], strides: tuple[int, ...]) -> bool:
    """Say whether the elements lie in one run in C order; strides of dimensions of size 1 mean nothing."""
    if 0 in shape:
        return True
    expected = 1
    for size, stride in zip(reversed(shape), reversed(strides), strict=True):
        if size != 1 and stride != expected:
            return False
        expected *= size
    return True


def _view_warnings(found: StateDict, tensors: Mapping[str, Placed], file: str) -> list[Note]:
    """Warn of storages with several names and of views in which elements coincide."""
    notes = []
    users = Counter(tensor.storage.key for name, tensor in found.tensors.items() if element_count(tensor.shape))
    shared = [name for name, tensor in found.tensors.items() if users[tensor.storage.key] > 1]
    if shared:
        notes.append(Note("checkpoint.shared_storage", {"count": len(shared)}, file, shared[0]))
    repeated = [
        name for name, placed in tensors.items() if placed.strides and not _distinct(placed.shape, placed.strides)
    ]
    if repeated:
        notes.append(Note("checkpoint.repeated_elements", {"count": len(repeated)}, file, repeated[0]))
    return notes


def _distinct(shape: tuple[int, ...], strides: tuple[int, ...]) -> bool:
    """Say whether no two indices can meet: each stride steps over all that the smaller ones reach."""
    reach = 0
    for stride, size in sorted(zip(strides, shape, strict=True)):
        if size > 1:
            if stride <= reach:
                return False
            reach += stride * (size - 1)
    return True
