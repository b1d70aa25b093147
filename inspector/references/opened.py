"""Opens a fingerprint as the small checkpoint that it is, so that everything that compares weights compares it."""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from inspector.anatomy import Component, Part
from inspector.anatomy.describe import inspect_checkpoint
from inspector.checkpoint.base import Checkpoint, FileEntry, Projected, StoredTensor
from inspector.errors import InputError, Note
from inspector.evidence.groups import PINNING
from inspector.findings import Opened
from inspector.references.facts import ComponentFacts, FingerprintFacts, PartFacts
from inspector.references.held import HeldCheckpoint
from inspector.references.layout import UNITS
from inspector.references.projection import Precision, seed_id, whole_rows
from inspector.results import FileFact

FORMAT = "fingerprint"
_HELD = 256 << 20  # bytes of decoded tensors kept

Arrays = Callable[[str], npt.NDArray[Any]]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the arrays of one component have a part: first element of each."""

    component: int
    fact: PartFacts
    values: int
    units: int
    keys: int
    rows: int
    row_units: int
    vector: int


class FingerprintCheckpoint(HeldCheckpoint):
    """A fingerprint read as a checkpoint of float32 tensors, one a part that is kept. Several threads may read."""

    def __init__(self, name: str, facts: FingerprintFacts, array: Arrays, digest: str = "") -> None:
        """Open it.

        Args:
            name: shown as its path. facts: what it holds. array: returns an array by the names of `facts`.
                digest: hexadecimal, of all of it; "" where it is in no file.

        Raises:
            InputError: its arrays do not have the sizes that its facts ask for (later too, when they are read).
        """
        self.path, self.format, self.facts, self._digest = name, FORMAT, facts, digest
        self.projection = f"{seed_id(facts.seed)} {facts.precision}"
        self.files = tuple(FileEntry(*file) for file in facts.files)
        self.metadata: Mapping[str, str] = {}
        self.config: Mapping[str, Any] = _heads(facts)
        self.warnings = ()
        self._read, self._arrays, self._sizes = array, dict[str, npt.NDArray[Any]](), dict[str, int]()
        self._held: OrderedDict[str, npt.NDArray[np.float32]] = OrderedDict()
        self._size = 0  # bytes of them
        self._lock = threading.Lock()
        self._places: dict[str, _Place] = {}
        self._left: dict[str, Projected] = {}  # what is known by its digest alone
        self.names: list[dict[int, str]] = []
        for number in range(len(facts.components)):
            self._lay_out(number)
        self.tensors = {tensor: _stored(tensor, place, facts) for tensor, place in self._places.items()}
        kept = {tensor: self._projected(place) for tensor, place in self._places.items()}
        self.projected = MappingProxyType(kept | self._left)

    def identity(self) -> tuple[tuple[int, ...], ...] | None:
        """Return what its digest says; None of one that is in no file."""
        return ((int(self._digest, 16),),) if self._digest else None

    def _lay_out(self, number: int) -> None:
        """Give every part of a component its name and its place in the arrays, whose sizes must be right."""
        precision, component = self.facts.precision, self.facts.components[number]
        values = units = keys = rows = row_units = vector = 0
        names: dict[int, str] = {}
        shared = _shared(component)
        for index, fact in enumerate(component.parts):
            name = f"{fact.tensor} ({fact.role}{'' if fact.expert is None else f'[{fact.expert}]'})"
            name = name if fact.tensor in shared else fact.tensor
            if name in self._places or name in self._left:
                raise InputError("references.facts", file=self.path)
            if not fact.side:
                self._left[name] = self._stands_for(number, fact, None)
                continue
            names[index] = name
            self._places[name] = _Place(number, fact, values, units, keys, rows, row_units, vector)
            if fact.side == "vector":
                vector += fact.units * fact.width
                continue
            values += fact.units * fact.kept(precision)
            units += fact.units
            if fact.side in UNITS:
                whole = len(whole_rows(self.facts.seed, fact.units, precision.whole_rows))
                keys, rows, row_units = keys + fact.units, rows + whole * fact.width, row_units + whole
        self.names.append(names)
        sizes = {"values": values, "scales": units, "keys": keys, "rows": rows, "row_scales": row_units}
        self._sizes |= {f"{number}.{kind}": size for kind, size in (sizes | {"vectors": vector}).items()}

    def _array(self, name: str) -> npt.NDArray[Any]:
        """Return an array, read when it is first asked for."""
        with self._lock:
            if name not in self._arrays:
                found = self._read(name)
                kind = name.partition(".")[2]
                wanted = {"values": self.facts.precision.stored, "keys": "int64", "rows": "int8"}.get(kind, "float32")
                if found.shape != (self._sizes[name],) or found.dtype != wanted:
                    raise InputError("references.facts", file=self.path)
                self._arrays[name] = found
            return self._arrays[name]

    def _projected(self, place: _Place) -> Projected:
        fact = place.fact
        keys = None
        if fact.side in UNITS:
            keys = self._slice(place, "keys", place.keys, fact.units)
        return self._stands_for(place.component, fact, keys)

    def _stands_for(self, component: int, fact: PartFacts, keys: npt.NDArray[Any] | None) -> Projected:
        own = self.facts.components[component].name
        odd = fact.odd(self.facts.precision)
        return Projected(fact.stored, math.prod(fact.shape), fact.digests, keys, own, odd)

    def _slice(self, place: _Place, kind: str, start: int, size: int) -> npt.NDArray[Any]:
        return self._array(f"{place.component}.{kind}")[start : start + size]

    def whole(self, name: str) -> npt.NDArray[np.float32]:
        """Return a tensor's values, flat, as its part has them."""
        with self._lock:
            if name in self._held:
                self._held.move_to_end(name)
                return self._held[name]
        values = np.ascontiguousarray(self._decoded(self._places[name])).reshape(-1)
        with self._lock:
            self._size += values.nbytes - (self._held[name].nbytes if name in self._held else 0)
            self._held[name] = values
            while self._size > _HELD and len(self._held) > 1:
                self._size -= self._held.popitem(last=False)[1].nbytes
        return values

    def _decoded(self, place: _Place) -> npt.NDArray[np.float32]:
        fact = place.fact
        if fact.side == "vector":
            return np.asarray(self._slice(place, "vectors", place.vector, fact.units * fact.width), np.float32)
        width = fact.kept(self.facts.precision)
        values = self._slice(place, "values", place.values, fact.units * width).reshape(fact.units, width)
        scales = self._slice(place, "scales", place.units, fact.units)
        units: npt.NDArray[np.float32] = values.astype(np.float32) * scales[:, None]
        return units.T if fact.side == "columns" else units

    def whole_units(self, name: str) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]:
        """Return the numbers of the units that are kept at full width, and their rows: (n,), (n, width) float32."""
        place = self._places[name]
        fact = place.fact
        if fact.side not in UNITS:
            return np.zeros(0, np.int64), np.zeros((0, fact.width), np.float32)
        numbers = whole_rows(self.facts.seed, fact.units, self.facts.precision.whole_rows)
        rows = self._slice(place, "rows", place.rows, len(numbers) * fact.width).reshape(len(numbers), fact.width)
        return numbers, rows.astype(np.float32) * self._slice(place, "row_scales", place.row_units, len(numbers))[
            :, None
        ]


def open_fingerprint(name: str, facts: FingerprintFacts, array: Arrays, digest: str = "") -> Opened:
    """Return a fingerprint as an opened input, with its components and inspection; arguments as its checkpoint takes.

    Raises:
        InputError: its arrays do not fit its facts.
    """
    checkpoint = FingerprintCheckpoint(name, facts, array, digest)
    components = tuple(
        _component(fact, checkpoint, number, facts.precision) for number, fact in enumerate(facts.components)
    )
    inspection = inspect_checkpoint(checkpoint, components)
    files = tuple(FileFact(*file) for file in facts.files)
    shown = replace(inspection.tensors, shapes=tuple(_shape(checkpoint, tensor) for tensor in checkpoint.tensors))
    inspection = replace(inspection, files=files, parameters=facts.parameters, tensors=shown)
    return Opened(name, checkpoint, components, inspection, None)


def _shape(checkpoint: Checkpoint, name: str) -> str:
    return " × ".join(map(str, checkpoint.projected[name].shape))


def _component(
    facts: ComponentFacts, checkpoint: FingerprintCheckpoint, number: int, precision: Precision
) -> Component:
    parts = tuple(
        Part(
            fact.role,
            fact.param,
            fact.layer,
            checkpoint.names[number][index],
            _kept_shape(fact, precision),
            (),
            fact.expert,
        )
        for index, fact in enumerate(facts.parts)
        if index in checkpoint.names[number]
    )
    return Component(
        facts.name,
        facts.kind,
        facts.prefix,
        facts.family,
        facts.blocks,
        facts.hidden_size,
        parts,
        {f"{facts.prefix}*": Note(PINNING)} if facts.pinned else {},
        facts.parameters - facts.excluded,
    )


def _kept_shape(fact: PartFacts, precision: Precision) -> tuple[int, int]:
    if fact.side in ("vector", "whole"):
        return fact.shape
    width = fact.kept(precision)
    return (width, fact.units) if fact.side == "columns" else (fact.units, width)


def _stored(name: str, place: _Place, facts: FingerprintFacts) -> StoredTensor:
    shape = _kept_shape(place.fact, facts.precision)
    return StoredTensor(name, "F32", shape, 0, -1, 4 * math.prod(shape))


def _shared(component: ComponentFacts) -> set[str]:
    """Return the names of tensors that several parts were cut from."""
    once: set[str] = set()
    shared: set[str] = set()
    for fact in component.parts:
        (shared if fact.tensor in once else once).add(fact.tensor)
    return shared


def _heads(facts: FingerprintFacts) -> dict[str, Any]:
    """Return a config that declares the heads of each component, as `evidence.heads` reads it."""
    sections = {"vision_encoder": "vision_config", "audio_encoder": "audio_config", "language_model": "text_config"}
    return {
        sections.get(component.kind, f"{component.name}_config"): {"num_attention_heads": component.heads}
        for component in facts.components
        if component.heads
    }
