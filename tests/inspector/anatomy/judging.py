"""Whether a checkpoint is found to be what it is: every expected piece under its role, with its own values."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from inspector.anatomy import Component, Part
from tests.data.memory_checkpoint import MemoryCheckpoint
from tests.inspector.anatomy.instances import components, values
from tests.inspector.anatomy.vocabulary import Array, Key


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is wrong, in words; and of the pieces of each way of storing them, (right, all)."""

    wrong: tuple[str, ...]
    fused: tuple[int, int]
    split: tuple[int, int]
    transposed: tuple[int, int]


def judge(
    checkpoint: MemoryCheckpoint, pieces: dict[Key, Array], turned: set[Key], kind: str, family: str
) -> Judgement:
    """Compare what anatomy finds with the pieces that must be there: kind, family, blocks, roles, layers, values."""
    found = [item for item in components(checkpoint).values() if item.kind == kind]
    if [item.family for item in found] != [family]:
        return Judgement((f"found {[item.family for item in found]} as {kind}",), (0, 1), (0, 1), (0, 1))
    (component,) = found
    parts = {(p.role, p.param, p.layer, p.expert): p for p in component.parts if p.role != "other"}
    right = {key for key, array in pieces.items() if key in parts and _same(checkpoint, parts[key], array)}
    wrong = [f"{key} is not there or has other values" for key in pieces if key not in right]
    depth = len({key[2] for key in pieces} - {None})
    if component.blocks != depth:
        wrong.append(f"{component.blocks} blocks, not {depth}")
    wrong += [f"{p.tensor} is {p.key}, layer {p.layer}" for p in _unexpected(component, pieces)]
    return Judgement(tuple(wrong), *_counts(pieces, turned, parts, right))


def _same(checkpoint: MemoryCheckpoint, part: Part, array: Array) -> bool:
    own = array.reshape(part.shape) if array.size == part.parameters else None
    return own is not None and np.array_equal(values(checkpoint, part), own)


def _unexpected(component: Component, pieces: dict[Key, Array]) -> list[Part]:
    """Parts of blocks that no piece stands for; masks and tables hold no weights and need no role."""
    blocks = (part for part in component.parts if part.layer is not None)
    return [
        part
        for part in blocks
        if (part.role, part.param, part.layer, part.expert) not in pieces
        and not part.tensor.endswith(("attn.bias", "attn_mask", "bias_mask", "freqs_cos", "freqs_sin"))
    ]


def _counts(
    pieces: dict[Key, Array], turned: set[Key], parts: dict[Key, Part], right: set[Key]
) -> tuple[tuple[int, int], tuple[int, int], tuple[int, int]]:
    """Count (right, all) of pieces that share a tensor, that could share one and do not, and that are turned."""
    users = Counter(part.tensor for part in parts.values())
    fused = {key for key in pieces if key in parts and users[parts[key].tensor] > 1}
    split = {key for key in pieces if key[0] in ("attn.q", "attn.k", "attn.v", "mlp.gate", "mlp.up")} - fused
    return tuple((len(group & right), len(group)) for group in (fused, split, turned))  # type: ignore[return-value]
