"""The index of a checkpoint in several files (`model.safetensors.index.json`, `pytorch_model.bin.index.json`).

An index and its shards must agree: every listed tensor lies in the listed shard. Format:
https://huggingface.co/docs/transformers/big_models (Shard metadata).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from inspector.checkpoint.dtypes import bits
from inspector.checkpoint.naming import natural_key
from inspector.checkpoint.source import SourceFile, relative_chain
from inspector.checkpoint.storage import Part, element_count
from inspector.checkpoint.strict_json import load_object
from inspector.errors import InputError, Note

MAX_INDEX = 100_000_000
MAX_SHARDS = 900  # each is an open file, and systems allow 1,024


@dataclass(frozen=True, slots=True)
class Index:
    """A parsed index.

    Attributes:
        name: its file. weight_map: tensor -> shard. shards: in natural order. total_size: bytes it states, or None.
    """

    name: str
    weight_map: Mapping[str, str]
    shards: tuple[str, ...]
    total_size: int | None


def read_index(file: SourceFile) -> Index:
    """Parse an index; InputError when it is not one or names a shard outside its folder."""
    if file.size > MAX_INDEX:
        raise InputError("checkpoint.header_too_long", file=file.name, length=file.size, limit=MAX_INDEX)
    if not file.size:
        raise InputError("checkpoint.empty", file=file.name)
    content = load_object(file.read(0, file.size), file.name, flat=True)
    weights = content.get("weight_map")
    if not isinstance(weights, dict) or not all(isinstance(shard, str) for shard in weights.values()):
        raise InputError("checkpoint.no_weight_map", file=file.name)
    if not weights:
        raise InputError("checkpoint.no_tensors", file=file.name)
    different = set(weights.values())
    if len(different) > MAX_SHARDS:
        raise InputError("checkpoint.too_many_files", file=file.name)
    shards = sorted(different, key=natural_key)
    for shard in shards:
        _check_shard_name(shard, file.name)
    metadata = content.get("metadata")
    total = metadata.get("total_size") if isinstance(metadata, dict) else None
    return Index(file.name, weights, tuple(shards), total if type(total) is int else None)


def _check_shard_name(shard: str, file: str) -> None:
    if shard.startswith("/") or shard[1:3] in (":\\", ":/"):
        raise InputError("checkpoint.shard_absolute", file=file, shard=shard)
    if ".." in shard.split("/"):
        raise InputError("checkpoint.shard_outside", file=file, shard=shard)
    if not relative_chain(shard):
        raise InputError("checkpoint.shard_name", file=file, shard=shard)


def check_index(index: Index, parts: Sequence[Part], beside: Sequence[str]) -> list[Note]:
    """Compare an index with its shards, which lie in `parts` in the order of `index.shards`.

    `beside` are the other checkpoint files in the folder. Returns warnings.

    Raises:
        InputError: a listed tensor is not in its shard, or a shard has another format than the index says.
    """
    named = ("safetensors",) if "safetensors" in index.name else ("pytorch", "safetensors")
    formats = {part.format for part in parts}
    for shard, part in zip(index.shards, parts, strict=True):
        if part.format not in named or len(formats) > 1:
            raise InputError("checkpoint.shard_format", file=shard, index=index.name)
    held = dict(zip(index.shards, (part.tensors.keys() | part.not_comparable.keys() for part in parts), strict=True))
    for tensor, shard in index.weight_map.items():
        if tensor not in held[shard]:
            raise InputError("checkpoint.not_in_shard", file=shard, tensor=tensor, index=index.name)
    notes = []
    extra = [(shard, name) for shard, names in held.items() for name in names if name not in index.weight_map]
    if extra:
        shard, name = min(extra)
        notes.append(Note("checkpoint.unlisted_tensor", {"count": len(extra), "index": index.name}, shard, name))
    if beside:
        notes.append(Note("checkpoint.unlisted_shard", {"count": len(beside), "index": index.name}, beside[0]))
    if index.total_size is not None and index.total_size not in _sizes(parts):
        found = max(_sizes(parts))
        notes.append(Note("checkpoint.total_size", {"declared": index.total_size, "found": found}, index.name))
    return notes


def _sizes(parts: Sequence[Part]) -> set[int]:
    """Return the bytes of all tensors, with shared storages counted each time and once: writers do either."""
    placed = [tensor for part in parts for tensor in part.tensors.values()]
    sizes = [element_count(tensor.shape) * bits(tensor.dtype) // 8 for tensor in placed]
    runs = {(id(tensor.storage), tensor.start): size for tensor, size in zip(placed, sizes, strict=True)}
    return {sum(sizes), sum(runs.values())}
