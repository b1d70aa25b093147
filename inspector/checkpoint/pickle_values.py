"""What the inert pickle reader builds: descriptions, never the objects that a pickle asks for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Name:
    """An allowed class or function, by name only ("collections.OrderedDict")."""

    name: str


@dataclass(slots=True, eq=False)
class Dictionary:
    """A dict or OrderedDict: its pairs in order. Keys are compared by whoever flattens it, never hashed here."""

    items: list[tuple[object, object]] = field(default_factory=list)


@dataclass(frozen=True, slots=True, eq=False)
class StorageRef:
    """A storage that the pickle points to.

    Attributes:
        dtype: of its elements, safetensors spelling or a name of torch's; "" for untyped bytes.
        key: name of its record. numel: elements in the whole storage (bytes where untyped).
        base: first element of the part that is meant (legacy files can point into a storage).
        length: elements of that part.
    """

    dtype: str
    key: str
    numel: int
    base: int
    length: int


@dataclass(frozen=True, slots=True, eq=False)
class TensorRef:
    """A strided tensor over a storage; offset and strides in elements."""

    dtype: str
    storage: StorageRef
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]
    hooks: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class OtherTensor:
    """A tensor that has no strided values: "sparse", "quantised", "meta"."""

    kind: str


@dataclass(frozen=True, slots=True, eq=False)
class Skipped:
    """An object of a known harmless class that holds no weights; its content is dropped."""

    name: str


_TENSORS = (TensorRef, OtherTensor)  # made once: a union of types is built anew at every check


def children(value: object) -> Iterator[tuple[object, object]]:
    """Yield (key, value) of a dictionary, list or tuple; nothing for anything else."""
    if isinstance(value, Dictionary):
        yield from value.items
    elif isinstance(value, list | tuple):
        yield from enumerate(value)


def is_tensor(value: object) -> bool:
    """Say whether a value describes a tensor, comparable or not."""
    return isinstance(value, _TENSORS)
