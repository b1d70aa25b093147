"""Makes the fingerprint of an opened checkpoint: one pass over its matrices.

Every tensor is read by one worker, block by block, hashed and projected from the same read; a very large one by two.
Which worker did what changes no digit. Values that are not finite count as 0.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from inspector.anatomy import Component
from inspector.checkpoint import Checkpoint
from inspector.evidence.groups import is_pinned
from inspector.evidence.heads import declared_heads
from inspector.job import QUIET, Job
from inspector.references.digests import DigestedReader, TensorDigests, flipped_digests
from inspector.references.facts import ComponentFacts, FingerprintFacts, PartFacts
from inspector.references.layout import Plan, plan
from inspector.references.projecting import Scratch, blocks, of_columns, of_rows
from inspector.references.projection import Precision
from inspector.similarity.workers import Meter, in_order

_LARGE = 64 << 20  # bytes of a tensor that is hashed by one worker and projected by another

Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """A fingerprint: its facts, and its arrays by the names of `facts`."""

    facts: FingerprintFacts
    arrays: Mapping[str, Array]


@dataclass(slots=True)
class _Kept:
    """What one part keeps: see `facts` for the arrays; empty where it keeps none."""

    values: Array
    scales: Array
    keys: Array
    rows: Array
    row_scales: Array
    vector: Array


def make_fingerprint(
    checkpoint: Checkpoint, components: Sequence[Component], seed: bytes, precision: Precision, job: Job = QUIET
) -> Fingerprint:
    """Make the fingerprint of all components of an opened checkpoint.

    Args:
        checkpoint, components: what `open_checkpoint` and `find_components` gave. seed: 16 secret bytes, the same for
            everything that is to be compared. precision: how much is kept. job: receives progress.

    Raises:
        InputError: a file ended early or changed.
        Cancelled: the job was cancelled.
    """
    plans = [plan(component, checkpoint, precision) for component in components]
    names = list(dict.fromkeys(item.part.tensor for items in plans for item in items))
    by_tensor: dict[str, list[tuple[int, int, Plan]]] = {name: [] for name in names}
    for number, items in enumerate(plans):
        for place, item in enumerate(items):
            by_tensor[item.part.tensor].append((number, place, item))
    meter = Meter(job, sum(checkpoint.tensors[name].nbytes for name in names))
    scratch = Scratch()

    def one(task: tuple[str, bool, bool]) -> tuple[dict[str, str], list[_Kept]]:
        job.raise_if_cancelled()
        name, hashed, projected = task
        digests = TensorDigests(checkpoint, name) if hashed else None
        kept = [
            _keep(DigestedReader(checkpoint, item.part, digests=digests), item, seed, precision, (scratch, job))
            for _, _, item in (by_tensor[name] if projected else ())
        ]
        found = {} if digests is None else digests.finish(scratch.buffers, job)
        for _, _, item in by_tensor[name] if hashed else ():
            found |= flipped_digests(checkpoint, item.part, scratch.buffers, job) if item.side == "kernels" else {}
        meter.add(checkpoint.tensors[name].nbytes if hashed else 0)
        return found, kept

    tasks = [task for name in names for task in _tasks(name, checkpoint.tensors[name].nbytes)]
    done: dict[str, tuple[dict[str, str], list[_Kept]]] = {}
    for (name, hashed, projected), (digests, kept) in zip(tasks, in_order(one, tasks), strict=True):
        before = done.get(name, ({}, []))
        done[name] = (digests if hashed else before[0], kept if projected else before[1])
    checkpoint.check_unchanged()
    parts: list[dict[int, tuple[PartFacts, _Kept]]] = [{} for _ in plans]
    for name, (digests, kept) in done.items():
        for (number, place, item), found in zip(by_tensor[name], kept, strict=True):
            parts[number][place] = (_part_facts(item, checkpoint, digests), found)
    facts: list[ComponentFacts] = []
    arrays: dict[str, Array] = {}
    for number, component in enumerate(components):
        own = [parts[number][place] for place in range(len(plans[number]))]
        facts.append(_component_facts(component, checkpoint, [fact for fact, _ in own]))
        arrays |= _joined(number, [kept for _, kept in own], precision)
    return Fingerprint(_facts(checkpoint, seed, precision, facts, done), arrays)


def _tasks(name: str, size: int) -> list[tuple[str, bool, bool]]:
    """Return what is done about a tensor by one worker: (name, hashed, projected). A large one keeps two workers."""
    return [(name, True, True)] if size <= _LARGE else [(name, True, False), (name, False, True)]


def _facts(
    checkpoint: Checkpoint,
    seed: bytes,
    precision: Precision,
    components: Sequence[ComponentFacts],
    done: Mapping[str, tuple[dict[str, str], list[_Kept]]],
) -> FingerprintFacts:
    content = hashlib.sha256()
    for name in sorted(done):
        tensor = checkpoint.tensors[name]
        content.update(f"{name}\0{tensor.dtype}\0{tensor.shape}\0{done[name][0][tensor.dtype]}\n".encode())
    return FingerprintFacts(
        seed=seed,
        precision=precision,
        format=checkpoint.format,
        files=tuple((entry.name, entry.bytes) for entry in checkpoint.files),
        parameters=sum(tensor.elements for tensor in checkpoint.tensors.values()),
        content=content.hexdigest(),
        components=tuple(components),
    )


def _component_facts(component: Component, checkpoint: Checkpoint, parts: Sequence[PartFacts]) -> ComponentFacts:
    return ComponentFacts(
        name=component.name,
        kind=component.kind,
        prefix=component.prefix,
        family=component.family,
        blocks=component.blocks,
        hidden_size=component.hidden_size,
        heads=declared_heads(component, checkpoint) or 0,
        parameters=component.parameters,
        excluded=sum(checkpoint.tensors[name].elements for name in component.excluded),
        pinned=is_pinned(component),
        parts=tuple(parts),
    )


def _part_facts(item: Plan, checkpoint: Checkpoint, digests: Mapping[str, str]) -> PartFacts:
    part = item.part
    stored = checkpoint.tensors[part.tensor].shape
    return PartFacts(
        part.role, part.param, part.layer, part.expert, part.tensor, part.shape, stored, item.side, digests
    )


def _keep(reader: DigestedReader, item: Plan, seed: bytes, precision: Precision, at: tuple[Scratch, Job]) -> _Kept:
    kept = _nothing(precision)
    if not item.side:
        return kept
    if item.side == "vector":
        kept.vector = _read(reader, *at).reshape(-1).numpy().copy()
        return kept
    if item.side == "whole":
        kept.values, kept.scales = _coded(_read(reader, *at), precision)
        return kept
    of_side = of_columns if item.side == "columns" else of_rows
    values, keys, rows = of_side(reader, item, seed, precision, *at)
    kept.values, kept.scales = _coded(values, precision)
    kept.rows, kept.row_scales = _coded(rows, Precision(precision.columns, "int8"))
    kept.keys = keys
    return kept


def _nothing(precision: Precision) -> _Kept:
    none = np.zeros(0, np.float32)
    stored = np.dtype(precision.stored)
    return _Kept(np.zeros(0, stored), none, np.zeros(0, np.int64), np.zeros(0, np.int8), none, none)


def _read(reader: DigestedReader, scratch: Scratch, job: Job) -> torch.Tensor:
    """Return all of a part, float32, what is not finite as 0."""
    rows = torch.empty(reader.part.shape)
    for start, stop, block in blocks(reader, scratch, job, clean=True):
        rows[start:stop] = block
    return rows


def _coded(units: torch.Tensor, precision: Precision) -> tuple[Array, Array]:
    """Return rows in their code, flat, and one float32 scale a row: its largest magnitude is 127, or 1."""
    units = units.nan_to_num()  # sums of the largest float32 values are not finite
    largest = units.abs().amax(1) if units.numel() else torch.zeros(len(units))
    top = 127.0 if precision.stored == "int8" else 1.0
    scales = torch.where(largest > 0, largest / top, torch.ones(()))
    scaled = units / scales[:, None]
    coded = scaled.round().to(torch.int8) if precision.stored == "int8" else scaled.to(torch.float16)
    return coded.contiguous().numpy().reshape(-1), scales.numpy()


def _joined(number: int, kept: Sequence[_Kept], precision: Precision) -> dict[str, Array]:
    """Return the arrays of one component, its parts one after the other."""
    empty = _nothing(precision)
    return {
        f"{number}.{name}": np.concatenate([getattr(empty, field), *(getattr(part, field) for part in kept)])
        for name, field in (
            ("values", "values"), ("scales", "scales"), ("keys", "keys"), ("rows", "rows"),
            ("row_scales", "row_scales"), ("vectors", "vector"),
        )
    }  # fmt: skip
