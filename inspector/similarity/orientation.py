"""Finds matrices that one side stores transposed, and convolution kernels that it stores with reversed taps.

Frameworks differ in both: Keras keeps (in, out), Theano flips kernels. Other shapes tell a transposed matrix by
themselves; square matrices and kernels are looked at: a corner of a few of them, as stored and turned. A role is turned
as a whole, only when most of its tensors agree clearly that way, so that noise is never shopped for.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import Literal

import numpy as np

from inspector.anatomy import Component, Part
from inspector.checkpoint import Checkpoint
from inspector.errors import Note
from inspector.results import FloatArray
from inspector.similarity.align import align_parts
from inspector.similarity.reading import Buffers, PartReader

Turn = Literal["transposed", "flipped"]
Pair = tuple[Part, Part]

CORNER = 128  # rows and columns looked at
LOOKED_AT = 4  # tensors of a role
# A turn is believed when the turned corner correlates at least this much, and this many times more than as stored.
_LEAST = 0.25
_TIMES = 3.0


def orient(
    candidate: Component, ours: Checkpoint, reference: Component, theirs: Checkpoint
) -> tuple[Component, tuple[Note, ...]]:
    """Return the reference with turned parts where it stores them the other way, and what was turned.

    Args:
        candidate, reference: the components. ours, theirs: the checkpoints that hold them.

    Raises:
        InputError: a file ended early or changed.
    """
    alignment = align_parts(candidate, reference, {layer: layer for layer in range(candidate.blocks)})
    turned: dict[Part, Turn] = {b: "transposed" for a, b in alignment.mismatched if _other_way(a, b, ours, theirs)}
    for turn in ("transposed", "flipped"):
        roles: defaultdict[str, list[Pair]] = defaultdict(list)
        for a, b in alignment.pairs:
            if _may_turn(turn, a, b, ours, theirs):
                roles[f"{a.key} {theirs.tensors[b.tensor].shape[2:]}"].append((a, b))
        for pairs in roles.values():
            if _agrees(turn, pairs, ours, theirs):
                turned |= dict.fromkeys((b for _, b in pairs), turn)
    parts = tuple(_turned(part, turned.get(part)) for part in reference.parts)
    notes = tuple(
        Note(f"similarity.{turn}", {"tensors": sum(found == turn for found in turned.values())})
        for turn in dict.fromkeys(turned.values())
    )
    return (replace(reference, parts=parts) if turned else reference), notes


def _turned(part: Part, turn: Turn | None) -> Part:
    if turn == "transposed":
        return replace(part, shape=(part.shape[1], part.shape[0]), transposed=not part.transposed)
    return replace(part, flipped=True) if turn == "flipped" else part


def _whole_matrix(part: Part, checkpoint: Checkpoint) -> bool:
    return not part.ranges and len(checkpoint.tensors[part.tensor].shape) == 2 and min(part.shape) > 1


def _other_way(a: Part, b: Part, ours: Checkpoint, theirs: Checkpoint) -> bool:
    return a.shape == b.shape[::-1] and _whole_matrix(a, ours) and _whole_matrix(b, theirs)


def _may_turn(turn: str, a: Part, b: Part, ours: Checkpoint, theirs: Checkpoint) -> bool:
    if turn == "transposed":
        return a.shape[0] == a.shape[1] and _whole_matrix(a, ours) and _whole_matrix(b, theirs)
    shape = theirs.tensors[b.tensor].shape
    return len(shape) > 2 and ours.tensors[a.tensor].shape == shape and max(shape[2:]) > 1 and not b.ranges


def _agrees(turn: str, pairs: list[Pair], ours: Checkpoint, theirs: Checkpoint) -> bool:
    looked = pairs[:: max(1, len(pairs) // LOOKED_AT)][:LOOKED_AT]
    votes = [_better_turned(turn, a, b, ours, theirs) for a, b in looked]
    return sum(votes) > len(votes) / 2


def _better_turned(turn: str, a: Part, b: Part, ours: Checkpoint, theirs: Checkpoint) -> bool:
    left, stored = _corner(ours, a), _corner(theirs, b)
    other = stored.T if turn == "transposed" else _corner(theirs, replace(b, flipped=True))
    found = _correlation(left, other)
    return found >= _LEAST and found >= _TIMES * abs(_correlation(left, stored))


def _corner(checkpoint: Checkpoint, part: Part) -> FloatArray:
    rows = min(CORNER, part.shape[0])
    values = PartReader(checkpoint, part).values(0, rows, Buffers())[1].reshape(rows, -1)
    # A square corner for matrices that may be turned; of kernels, whole rows.
    return values[:, :CORNER].astype(float) if part.shape[0] == part.shape[1] else values.astype(float)


def _correlation(a: FloatArray, b: FloatArray) -> float:
    a, b = a - a.mean(0), b - b.mean(0)
    with np.errstate(all="ignore"):
        value = float((a * b).sum() / np.sqrt((a * a).sum() * (b * b).sum()))
    return value if np.isfinite(value) else 0.0
