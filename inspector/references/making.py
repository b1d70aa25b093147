"""Makes the fingerprint of an opened checkpoint: one pass over its matrices.

Every tensor is read by one worker, block by block: hashed, and projected. Values that are not finite count as 0.
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
from inspector.checkpoint.dtypes import DTYPES
from inspector.evidence.heads import declared_heads
from inspector.job import QUIET, Job
from inspector.references.facts import ComponentFacts, FingerprintFacts, PartFacts
from inspector.references.layout import Plan, plan
from inspector.references.projection import Precision, key_places, projected_width, projection, whole_rows
from inspector.similarity.reading import Buffers, PartReader, row_blocks
from inspector.similarity.workers import Meter, in_order

KEY_COLUMNS = 128  # dimensions that a unit's key reads
_CAST = ("BF16", "F16")  # what a copy of float32 weights may have been rounded to
_HASHED = 1 << 22  # bytes hashed at once

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
    plans = [plan(component) for component in components]
    names = list(dict.fromkeys(item.part.tensor for items in plans for item in items))
    by_tensor: dict[str, list[tuple[int, int, Plan]]] = {name: [] for name in names}
    for number, items in enumerate(plans):
        for place, item in enumerate(items):
            by_tensor[item.part.tensor].append((number, place, item))
    meter = Meter(job, sum(checkpoint.tensors[name].nbytes for name in names))

    def one(name: str) -> tuple[dict[str, str], list[_Kept]]:
        job.raise_if_cancelled()
        digests = _digests(checkpoint, name, job)
        kept = [_keep(checkpoint, item, seed, precision, job) for _, _, item in by_tensor[name]]
        meter.add(checkpoint.tensors[name].nbytes)
        return digests, kept

    done = dict(zip(names, in_order(one, names), strict=True))
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
        parts=tuple(parts),
    )


def _part_facts(item: Plan, checkpoint: Checkpoint, digests: Mapping[str, str]) -> PartFacts:
    part = item.part
    stored = checkpoint.tensors[part.tensor].shape
    return PartFacts(
        part.role, part.param, part.layer, part.expert, part.tensor, part.shape, stored, item.side, digests
    )


def _digests(checkpoint: Checkpoint, name: str, job: Job) -> dict[str, str]:
    """Return SHA-256 of a tensor's values as stored and, of float32, rounded to 16 bits."""
    tensor = checkpoint.tensors[name]
    hashes = {tensor.dtype: hashlib.sha256()}
    if tensor.dtype == "F32":
        hashes |= {dtype: hashlib.sha256() for dtype in _CAST}
    step = max(1, _HASHED // max(1, tensor.nbytes // max(tensor.elements, 1)))
    buffer = Buffers()
    for start in range(0, tensor.elements, step):
        job.raise_if_cancelled()
        stop = min(start + step, tensor.elements)
        raw = checkpoint.read_flat(name, start, stop, buffer.raw((stop - start) * 8))
        for dtype, digest in hashes.items():
            values = raw if dtype == tensor.dtype else raw.astype(DTYPES[dtype])
            digest.update(np.ascontiguousarray(values).view(np.uint8).data)
    return {dtype: digest.hexdigest() for dtype, digest in hashes.items()}


def _keep(checkpoint: Checkpoint, item: Plan, seed: bytes, precision: Precision, job: Job) -> _Kept:
    kept = _nothing(precision)
    if not item.side:
        return kept
    reader = PartReader(checkpoint, item.part)
    if item.side == "vector":
        kept.vector = _read(reader, job).reshape(-1).numpy().copy()
        return kept
    if item.side == "whole":
        kept.values, kept.scales = _coded(_read(reader, job), precision)
        return kept
    values, keys, rows = (_of_rows if item.side == "rows" else _of_columns)(reader, item, seed, precision, job)
    kept.values, kept.scales = _coded(values, precision)
    kept.rows, kept.row_scales = _coded(rows, Precision(precision.columns, "int8"))
    kept.keys = keys
    return kept


def _nothing(precision: Precision) -> _Kept:
    none = np.zeros(0, np.float32)
    stored = np.dtype(precision.stored)
    return _Kept(np.zeros(0, stored), none, np.zeros(0, np.int64), np.zeros(0, np.int8), none, none)


def _read(reader: PartReader, job: Job) -> torch.Tensor:
    """Return all of a part, float32, what is not finite as 0."""
    rows = torch.empty(reader.part.shape)
    for start, stop, block in _blocks(reader, job):
        rows[start:stop] = block
    return rows


def _blocks(reader: PartReader, job: Job) -> Any:
    """Yield (start, stop, float32 rows) of a part; the rows are valid until the next ones."""
    buffers, part = Buffers(), reader.part
    for start, stop in row_blocks(*part.shape, turned=part.transposed):
        job.raise_if_cancelled()
        values = torch.from_numpy(reader.values(start, stop, buffers)[1]).view(stop - start, part.shape[1])
        if not torch.isfinite(values.sum()):
            values.nan_to_num_(nan=0.0, posinf=0.0, neginf=0.0)
        yield start, stop, values


def _of_rows(
    reader: PartReader, item: Plan, seed: bytes, precision: Precision, job: Job
) -> tuple[torch.Tensor, Array, torch.Tensor]:
    """Return (units, k) projected rows, their keys, and some rows at full width."""
    found = torch.empty(item.units, projected_width(item.width, precision.columns))
    keys = np.empty(item.units, np.int64)
    chosen = whole_rows(seed, item.units, precision.whole_rows)
    whole = torch.empty(len(chosen), item.width)
    places, factors = key_places(seed, item.width, KEY_COLUMNS)
    for start, stop, block in _blocks(reader, job):
        projected = item.width > precision.columns
        found[start:stop] = projection(seed, item.width, precision.columns).of_rows(block) if projected else block
        keys[start:stop] = (_bits(block[:, torch.from_numpy(places)]) * factors).sum(1)
        low, high = np.searchsorted(chosen, (start, stop))
        whole[low:high] = block[torch.from_numpy(chosen[low:high] - start)]
    return found, keys, whole


def _of_columns(
    reader: PartReader, item: Plan, seed: bytes, precision: Precision, job: Job
) -> tuple[torch.Tensor, Array, torch.Tensor]:
    """Return the same of a part whose columns are the units."""
    found = torch.zeros(projected_width(item.width, precision.columns), item.units)
    keys = np.zeros(item.units, np.int64)
    chosen = whole_rows(seed, item.units, precision.whole_rows)
    whole = torch.empty(item.width, len(chosen))
    places, factors = key_places(seed, item.width, KEY_COLUMNS)
    for start, stop, block in _blocks(reader, job):
        if item.width > precision.columns:
            projection(seed, item.width, precision.columns).add_columns(block, start, found)
        else:
            found[start:stop] = block
        low, high = np.searchsorted(places, (start, stop))
        keys += (_bits(block[torch.from_numpy(places[low:high] - start)]) * factors[low:high, None]).sum(0)
        whole[start:stop] = block[:, torch.from_numpy(chosen)]
    return found.t(), keys, whole.t()


def _bits(values: torch.Tensor) -> npt.NDArray[np.int64]:
    return np.asarray((values + 0.0).contiguous().view(torch.int32).to(torch.int64).numpy())  # + 0.0: -0 equals 0


def _coded(units: torch.Tensor, precision: Precision) -> tuple[Array, Array]:
    """Return rows in their code, flat, and one float32 scale a row: its largest magnitude is 127, or 1."""
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
